"""The help, also where there is no network: its pages, and a search over all of them."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QKeyEvent, QTextCursor, QTextDocument
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QTextBrowser,
    QTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.help.help_pages import PAGES, document_of, title_of
from desktop_app.gui.keys import CLOSE, FIND, QUIT, add_keys
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.theme import AROUND, BETWEEN, color, set_role

_SIZE = QSize(940, 700)


class HelpWindow(QDialog):
    """A window of its own beside the main one.

    Typing in the search marks what is found in the page that is shown, and counts it in each page; Enter goes to
    the next place, on to the next page after the last one, Shift+Enter to the one before.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Help"))
        self._language = self.tr("en", "the folder of docs/help with the pages in this language")
        self._documents: list[QTextDocument] = []
        self.topics = QListWidget(self)
        self.search_line = QLineEdit(self)
        self.found = QLabel(self)
        self.text = QTextBrowser(self)
        self._lay_out()
        self._build_pages()
        self.topics.currentRowChanged.connect(self._show)
        self.search_line.textChanged.connect(self._search)
        self.text.anchorClicked.connect(self._follow)
        add_keys(self, [(FIND, self._begin_search), (CLOSE, self.close), (QUIT, QApplication.closeAllWindows)])
        self.topics.setCurrentRow(0)
        self.topics.setFocus()
        self.resize(_SIZE.boundedTo(parent.screen().availableSize()))

    @called_by_qt
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.search_line.hasFocus():
            self._go_to_next(backward=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier))
            return
        super().keyPressEvent(event)

    @called_by_qt
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and self._documents:
            self._build_pages()
            self._show(self.topics.currentRow())
        super().changeEvent(event)

    def _lay_out(self) -> None:
        for widget, name, spoken in (
            (self.topics, "topics", self.tr("Help topics")),
            (self.search_line, "find_in_help", self.tr("Search the help")),
            (self.text, "help_text", self.tr("Help")),
        ):
            widget.setObjectName(name)
            widget.setAccessibleName(spoken)
        self.search_line.setPlaceholderText(self.tr("Search the help"))
        self.search_line.setClearButtonEnabled(True)
        self.topics.addItems([title_of(self._language, page) for page in PAGES])
        self.topics.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_role(self.found, "hint")
        self.found.hide()
        self.text.setOpenLinks(False)
        side = QVBoxLayout()
        side.setSpacing(BETWEEN)
        for each in (self.search_line, self.found, self.topics):
            side.addWidget(each)
        columns = QHBoxLayout(self)
        columns.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        columns.setSpacing(AROUND)
        columns.addLayout(side, 1)
        columns.addWidget(self.text, 3)

    def _build_pages(self) -> None:
        old = self._documents
        self._documents = [document_of(self._language, page, self) for page in PAGES]
        self.text.setDocument(self._documents[max(self.topics.currentRow(), 0)])
        for each in old:
            each.deleteLater()

    def _show(self, row: int) -> None:
        self.text.setDocument(self._documents[row])
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        self.text.verticalScrollBar().setValue(0)  # with the margin above the heading
        self._mark_found()

    def _follow(self, link: QUrl) -> None:
        page = link.fileName().removesuffix(".md")
        if link.isRelative() and page in PAGES:
            self.topics.setCurrentRow(PAGES.index(page))
        else:
            QDesktopServices.openUrl(link)

    def _begin_search(self) -> None:
        self.search_line.setFocus()
        self.search_line.selectAll()

    def _search(self, words: str) -> None:
        counts = [len(list(_places(document, words))) for document in self._documents]
        for row, (page, count) in enumerate(zip(PAGES, counts, strict=True)):
            title = title_of(self._language, page)
            self.topics.item(row).setText(f"{title} ({count})" if count else title)
        self.found.setText(self.tr("%Ln found", "", sum(counts)) if words.strip() else "")
        self.found.setVisible(bool(self.found.text()))
        announce(self.found, self.found.text())
        if not counts[self.topics.currentRow()] and any(counts):
            self.topics.setCurrentRow(next(row for row, count in enumerate(counts) if count))
        self._mark_found()
        self._go_to(next(_places(self.text.document(), words), None))

    def _mark_found(self) -> None:
        marks = []
        for place in _places(self.text.document(), self.search_line.text()):
            mark = QTextEdit.ExtraSelection()
            mark.cursor = place
            mark.format.setBackground(color("chosen"))
            mark.format.setForeground(color("text"))
            marks.append(mark)
        self.text.setExtraSelections(marks)

    def _go_to_next(self, backward: bool) -> None:
        words, row = self.search_line.text(), self.topics.currentRow()
        here = self.text.textCursor()
        places = list(_places(self.text.document(), words))
        if backward:
            beyond = [place for place in reversed(places) if place.selectionEnd() <= here.selectionStart()]
        else:
            beyond = [place for place in places if place.selectionStart() >= max(here.selectionEnd(), 1)]
        step = -1 if backward else 1
        rows = [(row + step * far) % len(PAGES) for far in range(1, len(PAGES) + 1)]
        for other in rows if not beyond else []:
            if beyond := list(_places(self._documents[other], words)):
                self.topics.setCurrentRow(other)
                beyond = beyond[::step]
                break
        self._go_to(beyond[0] if beyond else None)

    def _go_to(self, place: QTextCursor | None) -> None:
        if place:
            self.text.setTextCursor(place)
            self.text.ensureCursorVisible()


def _places(document: QTextDocument, words: str) -> Iterator[QTextCursor]:
    """Where a page has these words, each place selected; none for no words."""
    if not words.strip():
        return
    place = document.find(words)
    while not place.isNull():
        yield place
        place = document.find(words, place)
