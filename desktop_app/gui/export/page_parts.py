"""The parts of the page *Export* that Qt Designer can't finish: captions, icons, one column of labels."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QLabel, QSizePolicy

from desktop_app.gui.export.algorithm_list import AlgorithmList
from desktop_app.gui.export.failure_address import FailureAddress
from desktop_app.gui.export.run_progress import RunProgress
from desktop_app.gui.export.setting_texts import setting_help, setting_label
from desktop_app.gui.export.standing_line import StandingLine
from desktop_app.gui.export.steps_strip import StepsStrip
from desktop_app.gui.export.summary import Summary
from desktop_app.gui.export.task_runs import TaskRuns
from desktop_app.gui.widgets.bar_end import end_with_fields
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.columns import Columns
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.gui.widgets.switch import Switch
from desktop_app.gui.widgets.theme import icon
from desktop_app.gui.widgets.tile import Tile

if TYPE_CHECKING:
    from desktop_app.gui.export.page_widgets import PageWidgets

CUSTOM = (
    *(AlgorithmList, ChoiceBox, Columns, FailureAddress, FieldMessage, Notice, PasswordEdit),
    *(RunProgress, StandingLine, StepsStrip, Summary, Switch, TaskRuns, Tile),
)
_WIDEST = 130  # characters
_LABELLED = (
    "format",
    "version",
    "device_vendor",
    "device_product",
    "host",
    "auth",
    "key_file",
    "path",
    "instance",
    "task_runs",
)


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportPage", text)


def finish(page: "PageWidgets") -> None:
    """Finish what was loaded from the form."""
    page.algorithms.set_columns(page.key_exchange_column, page.ciphers_column, page.hmac_column)
    page.offered_legend.hide()
    page.enabled_note.hide()
    page.offered_legend.setText(_tr("A tick in a circle: this server offers it."))
    page.last_export.set_caption(_tr("Last export"))
    page.next_export.set_caption(_tr("Next export"))
    page.waiting.set_caption(_tr("Waiting"))
    page.standing.add_button(page.export_now)
    page.overview.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    page.more.setIcon(icon("chevron-right", "accent"))
    page.more.toggled.connect(
        lambda shown: page.more.setIcon(icon("chevron-down" if shown else "chevron-right", "accent"))
    )
    label = setting_label("enabled")
    page.enabled_label.setText(label)
    page.enabled.setAccessibleName(label.replace("&", ""))
    page.enabled.setAccessibleDescription(setting_help("enabled"))
    page.content.setMaximumWidth(page.fontMetrics().averageCharWidth() * _WIDEST)
    _align_labels(page)
    end_with_fields(page.bar_items, page.scroll_area)


def _align_labels(page: "PageWidgets") -> None:
    """One column of labels, also below *More*."""
    labels = [page.findChild(QLabel, f"{name}_label") for name in _LABELLED]
    widest = max(label.sizeHint().width() for label in labels if label)
    for grid in (page.fields, page.more_grid):
        grid.setColumnMinimumWidth(0, widest)
