"""The documentation, also where there is no network."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QTextBrowser, QVBoxLayout, QWidget

from desktop_app.resources import documentation_path


class Documentation(QDialog):
    """A window of its own beside the main one, which shows README.md."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Documentation"))
        text = QTextBrowser(self)
        text.setOpenExternalLinks(True)
        text.setMarkdown(documentation_path().read_text(encoding="utf-8"))
        layout = QVBoxLayout(self)
        layout.addWidget(text)
        self.resize(parent.size() * 0.85)
