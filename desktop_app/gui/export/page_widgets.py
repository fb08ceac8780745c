"""What the page *Export* is made of: the widgets of `ui/export_page.ui`."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QWidget,
)

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.export import page_parts
from desktop_app.gui.export.failure_address import FailureAddress
from desktop_app.gui.export.run_progress import RunProgress
from desktop_app.gui.export.standing_line import StandingLine
from desktop_app.gui.export.steps_strip import StepsStrip
from desktop_app.gui.export.summary import Summary
from desktop_app.gui.export.task_runs import TaskRuns
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.columns import Columns
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.switch import Switch
from desktop_app.gui.widgets.tile import Tile


class PageWidgets(QWidget):
    """The widgets, without what they do together."""

    scroll_area: QScrollArea
    content: QWidget
    title: QLabel
    enabled_label: QLabel
    enabled: Switch
    enabled_note: QLabel
    problem: Notice
    result: Notice
    last_export: Tile
    next_export: Tile
    waiting: Tile
    run_progress: RunProgress
    export_now: QPushButton
    summary: Summary
    form: QWidget
    fields: QGridLayout
    more_grid: QGridLayout
    reports: QFrame
    bar_items: QHBoxLayout
    algorithms: Columns
    key_exchange_column: QWidget
    ciphers_column: QWidget
    hmac_column: QWidget
    key_exchange_message: FieldMessage
    ciphers_message: FieldMessage
    hmac_message: FieldMessage
    offered_legend: QLabel
    more: QPushButton
    tells_failures: FailureAddress
    task_runs: TaskRuns
    browse: QPushButton
    steps: StepsStrip
    bar: QWidget
    overview: QFrame
    facts: QWidget
    standing: StandingLine
    help_now: QPushButton
    cancel: QPushButton
    edit: QPushButton
    test_connection: QPushButton
    test_and_save: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        load_ui("export_page", self, *page_parts.CUSTOM)

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape cancels; Enter presses the button that has the focus, or else tests and saves."""
        if event.key() == Qt.Key.Key_Escape and self.cancel.isVisible():
            self.cancel.click()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = QApplication.focusWidget()
            if isinstance(focused, QAbstractButton):
                focused.click()
            elif self.test_and_save.isVisible():
                self.test_and_save.click()
        else:
            super().keyPressEvent(event)

    def reveal(self, widget: QWidget) -> None:
        """Scroll to a widget of the form, once it has its place."""
        if self.form.isHidden():
            self.summary.show_all.setChecked(True)
        QTimer.singleShot(0, widget, lambda: self.scroll_area.ensureWidgetVisible(widget))
