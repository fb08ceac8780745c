"""The main window: a sidebar, and the page that was chosen there."""

from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from typing import Protocol, cast, runtime_checkable

from PySide6.QtCore import QCoreApplication, QSettings, QSize, QTimer, QUrl, SignalInstance
from PySide6.QtGui import QAction, QCloseEvent, QDesktopServices, QFont, QFontMetrics
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QMenu,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from desktop_app.files import make_private_folder
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.file_watch import FileWatch
from desktop_app.gui.keys import CLOSE, FIND, HELP, QUIT, REFRESH, add_keys, key_of_page, with_key
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.breadcrumb import Breadcrumb
from desktop_app.gui.widgets.theme import AROUND, app_icon, apply_theme, icon
from desktop_app.gui.worker import Worker, something_was_done
from desktop_app.gui.zone_watch import ZoneWatch
from desktop_app.settings.paths import Paths
from desktop_app.wording import without_letter

_SOON_MS = 50  # what ends together is shown at once


class Page(Protocol):
    """What the window asks of a page, which is a QWidget besides.

    Before the window closes, it sends each page a close event, which a page that has something unsaved ignores.
    """

    def refresh(self) -> None:
        """Show what is so now: called whenever the page is shown, and after something was done, also elsewhere."""

    def end(self) -> None:
        """End what is under way, and tell nothing more: the window closes. May be called again."""


@runtime_checkable
class Searchable(Protocol):
    """A page that has a search."""

    def begin_search(self) -> None:
        """Put the focus into the search, with its text selected."""

    def search_again(self) -> None:
        """Show what matches now."""


@runtime_checkable
class Leads(Protocol):
    """A page that sends people to another one, by its room."""

    asked_for: SignalInstance


@dataclass(frozen=True)
class _Place:
    """An entry of the sidebar, with the icon `room`; its page, `class_name` of `gui.<room>.<room>_page`, is built
    when it is first shown."""

    room: str
    class_name: str
    label: str

    @property
    def module(self) -> str:
        return f"desktop_app.gui.{self.room}.{self.room}_page"


def _places() -> list[_Place]:
    def tr(text: str) -> str:
        return QCoreApplication.translate("MainWindow", text)

    places = [
        _Place("export", "ExportPage", tr("&Export")),
        _Place("history", "HistoryPage", tr("Histor&y")),
        _Place("trails", "TrailsPage", tr("Even&ts")),
        _Place("sources", "SourcesPage", tr("&Sources")),
    ]
    return [place for place in places if find_spec(place.module)]


class MainWindow(QMainWindow):
    """The window of one installation, whose files are at `paths`."""

    product_mark: QLabel
    product_name: QLabel
    breadcrumb: Breadcrumb
    navigation: QVBoxLayout
    help: QPushButton
    pages: QStackedWidget

    def __init__(self, paths: Paths) -> None:
        super().__init__()
        apply_theme(cast(QApplication, QApplication.instance()))
        self.paths = paths
        load_ui("window", self, Breadcrumb)
        self.setWindowIcon(app_icon())
        self.product_mark.setPixmap(app_icon().pixmap(QSize(22, 22), self.devicePixelRatio()))
        self.breadcrumb.set_way([self.tr("Admin"), self.tr("Infrastructure")], self.tr("Audit Trails"))
        self.breadcrumb.home_chosen.connect(lambda: self.show_page(0))
        self._zone = ZoneWatch(paths, self)
        self._zone.told.connect(self.breadcrumb.show_zone)
        self._zone.look()
        self._fill_help_menu()
        self._places = _places()
        self._built: dict[int, QWidget] = {}
        self._buttons = [self._add_to_sidebar(index, place) for index, place in enumerate(self._places)]
        self._add_keys()
        self._restore_size()
        self._watch = FileWatch(paths, self)
        self._soon = QTimer(self, interval=_SOON_MS, singleShot=True)
        self._soon.timeout.connect(self._refresh)
        something_was_done().told.connect(self._refresh_soon)
        if self._places:
            self.show_page(0)
            self._built[0].setFocus()

    def show_page(self, index: int) -> None:
        """Show a page by its place in the sidebar, building it when it is shown for the first time."""
        if index not in self._built:
            place = self._places[index]
            page = getattr(import_module(place.module), place.class_name)(self.paths)
            if isinstance(page, Leads):
                page.asked_for.connect(self._show_room)
            self._built[index] = page
            self.pages.addWidget(page)
        self.pages.setCurrentWidget(self._built[index])
        self._buttons[index].setChecked(True)
        self.breadcrumb.show_page(without_letter(self._places[index].label))
        cast(Page, self._built[index]).refresh()

    def page(self, class_name: str) -> QWidget | None:
        """The page of a class, where it was shown already."""
        return next((page for page in self._built.values() if type(page).__name__ == class_name), None)

    def end(self) -> None:
        """End what the pages have under way, and hide, unasked: the program ends."""
        self._end_work()
        self.hide()

    @called_by_qt
    def closeEvent(self, event: QCloseEvent) -> None:
        for index, page in self._built.items():
            question = QCloseEvent()
            QApplication.sendEvent(page, question)
            if not question.isAccepted():
                self.show_page(index)
                event.ignore()
                return
        self._end_work()
        self._remember_size()
        event.accept()

    def _refresh_soon(self) -> None:
        if not self._soon.isActive():  # else what is told without a pause would put it off
            self._soon.start()

    def _refresh(self) -> None:
        if self.isVisible() and (page := self.pages.currentWidget()):
            self._zone.look()
            cast(Page, page).refresh()

    def _end_work(self) -> None:
        self._soon.stop()
        self._watch.end()
        for page in self._built.values():
            cast(Page, page).end()
        for worker in self.findChildren(Worker):  # of dialogs that are open, as when Ctrl+C ends the program
            worker.end()

    def _add_to_sidebar(self, index: int, place: _Place) -> QPushButton:
        button = QPushButton(icon(place.room), place.label)
        button.setObjectName(f"show_{place.room}")
        button.setProperty("role", "place")
        button.setCheckable(True)
        button.setAutoExclusive(True)
        button.setIconSize(QSize(20, 20))
        button.setMinimumWidth(_width_when_chosen(button))
        button.setToolTip(with_key(without_letter(place.label), key_of_page(index)))
        button.clicked.connect(lambda: self.show_page(index))
        self.navigation.addWidget(button)
        return button

    def _add_keys(self) -> None:
        pages = [(key_of_page(index), partial(self.show_page, index)) for index in range(len(self._places))]
        add_keys(self, [*pages, (REFRESH, self._look_again), (FIND, self._begin_search)])
        add_keys(self, [(CLOSE, self.close), (QUIT, QApplication.closeAllWindows)])

    def _look_again(self) -> None:
        page = self.pages.currentWidget()
        page.search_again() if isinstance(page, Searchable) else cast(Page, page).refresh()

    def _begin_search(self) -> None:
        """In the page that is shown; where nothing can be searched for, among the events."""
        if not isinstance(self.pages.currentWidget(), Searchable):
            self._show_room("trails")
        cast(Searchable, self.pages.currentWidget()).begin_search()

    def _show_room(self, room: str) -> None:
        self.show_page(next(index for index, place in enumerate(self._places) if place.room == room))

    def _fill_help_menu(self) -> None:
        self.help.setIcon(icon("help"))
        self.help.setIconSize(QSize(20, 20))
        self.help.setToolTip(with_key(self.tr("Help topics"), HELP))
        menu = QMenu(self.help)
        for name, text, icon_name, action in (
            ("open_help", self.tr("&Help topics"), "book", self._open_help),
            ("open_log", self.tr("Open the &log"), "log", self._open_log),
            ("open_archives", self.tr("Open the &archive folder"), "folder", self._open_archives),
            ("about", self.tr("A&bout"), "info", self._tell_about),
        ):
            entry = QAction(icon(icon_name), text, self)
            entry.setObjectName(name)
            entry.triggered.connect(action)
            if name == "open_help":
                entry.setShortcut(HELP)
            self.addAction(entry)
            menu.addAction(entry)
        self.help.setMenu(menu)

    def _open_log(self) -> None:
        log = self.paths.log_file
        make_private_folder(log.parent)
        log.touch(exist_ok=True)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(log)))

    def _open_archives(self) -> None:
        make_private_folder(self.paths.outbox)
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.paths.outbox)))

    def _open_help(self) -> None:
        from desktop_app.gui.help.help_window import HelpWindow

        shown = self.findChild(HelpWindow) or HelpWindow(self)
        shown.show()
        shown.activateWindow()

    def _tell_about(self) -> None:
        from desktop_app.gui.about import AboutDialog

        AboutDialog(self.paths, self).open()

    def _memory(self) -> QSettings:
        return QSettings(str(self.paths.window_file), QSettings.Format.IniFormat)

    def _restore_size(self) -> None:
        geometry = self._memory().value("geometry")
        if not (geometry and self.restoreGeometry(geometry)):
            self.resize(1000, 760)

    def _remember_size(self) -> None:
        make_private_folder(self.paths.config)
        self._memory().setValue("geometry", self.saveGeometry())


def _width_when_chosen(button: QPushButton) -> int:
    """The text of the page that is shown is bold, of which a button's own size knows nothing."""
    font = button.font()
    font.setWeight(QFont.Weight.DemiBold)
    text = QFontMetrics(font).horizontalAdvance(button.text().replace("&", ""))
    return text + button.iconSize().width() + 2 * AROUND
