"""About this program: its version, the licences, and where to report a problem."""

import platform
import sys
from pathlib import Path

import PySide6
from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop_app import __version__
from desktop_app.gui.widgets.dialog_size import grow_with_content
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import AROUND, BETWEEN, GROUPS, app_icon, set_role
from desktop_app.own_program import is_bundled
from desktop_app.settings.paths import Paths

REPORT_TO = "https://github.com/audit-trails-export/audit-trails-export/issues"
_NARROWEST = 84  # characters


class AboutDialog(QDialog):
    """What somebody who reports a problem is asked for; *Copy* puts it into the clipboard."""

    def __init__(self, paths: Paths, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("About"))
        system = f"{platform.platform()}, Python {platform.python_version()}, Qt {PySide6.__version__}"
        self._facts = [
            (self.tr("Version"), __version__),
            (self.tr("System"), system),
            (self.tr("Settings"), str(paths.config_file)),
            (self.tr("Data"), str(paths.data)),
        ]
        body = QVBoxLayout(self)
        body.setContentsMargins(GROUPS, GROUPS, GROUPS, GROUPS)
        body.setSpacing(AROUND)
        body.addLayout(self._heading())
        body.addLayout(self._rows())
        body.addWidget(self._licences())
        body.addWidget(self._report())
        body.addWidget(self._buttons())
        grow_with_content(self, body, _NARROWEST)

    def _heading(self) -> QHBoxLayout:
        mark = QLabel(self)
        mark.setPixmap(app_icon().pixmap(QSize(48, 48), self.devicePixelRatio()))
        name = PlainLabel("Audit Trails Export", self)
        set_role(name, "title")
        heading = QHBoxLayout()
        heading.setSpacing(AROUND)
        for each in (mark, name):
            heading.addWidget(each)
        heading.addStretch(1)
        return heading

    def _rows(self) -> QFormLayout:
        rows = QFormLayout()
        rows.setHorizontalSpacing(AROUND)
        rows.setVerticalSpacing(BETWEEN)
        for name, value in self._facts:
            label, shown = PlainLabel(name, self), PlainLabel(value, self)
            set_role(label, "muted")
            shown.setWordWrap(True)
            rows.addRow(label, shown)
        return rows

    def _licences(self) -> QLabel:
        text = PlainLabel(
            self.tr(
                "This program is free software under the MIT licence. It uses Qt and PySide6 under the LGPL 3,"
                " Python under the PSF licence, and other free software, whose licences come with the program."
            ),
            self,
        )
        text.setWordWrap(True)
        return text

    def _report(self) -> QPushButton:
        button = QPushButton(self.tr("Report a problem"), self)
        button.setObjectName("report_problem")
        button.setToolTip(REPORT_TO)
        button.setAutoDefault(False)
        button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl(REPORT_TO)))
        set_role(button, "link")
        return button

    def _buttons(self) -> QDialogButtonBox:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close, self)
        buttons.rejected.connect(self.reject)
        buttons.button(QDialogButtonBox.StandardButton.Close).setDefault(True)
        action = QDialogButtonBox.ButtonRole.ActionRole
        copy = buttons.addButton(self.tr("&Copy"), action)
        copy.setObjectName("copy_facts")
        copy.clicked.connect(self._copy)
        if licences_folder().is_dir():
            show = buttons.addButton(self.tr("&Licences"), action)
            show.setObjectName("open_licences")
            show.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(licences_folder()))))
        return buttons

    def _copy(self) -> None:
        lines = [f"{name}: {value}" for name, value in self._facts]
        QApplication.clipboard().setText("\n".join(["Audit Trails Export", *lines]))


def licences_folder() -> Path:
    """Where the installers put the licences of all that the program uses; from a checkout there is none."""
    return Path(sys.executable).parent / "licences" if is_bundled() else Path("no bundle")
