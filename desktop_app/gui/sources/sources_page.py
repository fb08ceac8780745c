"""The page *Sources*: the folders that events are collected from."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from msgspec import structs
from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QStackedWidget, QTableView, QWidget

from desktop_app.actions.earlier_source import before_adding
from desktop_app.actions.keep_source_secret import NewSecret
from desktop_app.actions.list_sources import ListedSource, list_sources
from desktop_app.actions.save_settings import prepare
from desktop_app.actions.set_aside import retry, set_aside_of
from desktop_app.actions.whole_history import settings_of_the_past
from desktop_app.errors import BadSetting, UserError
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.formats import zone_of
from desktop_app.gui.language import spoken
from desktop_app.gui.sources.about_source import about_source
from desktop_app.gui.sources.host_key_flow import HostKeyFlow
from desktop_app.gui.sources.set_aside_part import SHOWN_BYTES, SHOWN_RECORDS, SetAsidePart
from desktop_app.gui.sources.source_catalogue import SourceCatalogue
from desktop_app.gui.sources.source_editor import SourceEditor
from desktop_app.gui.sources.source_questions import ask_to_discard, ask_to_remove
from desktop_app.gui.sources.sources_model import SourcesModel
from desktop_app.gui.sources.sources_table import fit_height, set_up_sources
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.worker import Tell, Worker
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings import edits
from desktop_app.settings.effective import load_settings
from desktop_app.settings.keys import SOURCES
from desktop_app.settings.model import Settings, SftpSource, SourceSettings
from desktop_app.settings.paths import Paths
from desktop_app.settings.policy import policy_keys
from desktop_app.settings.sources import add_source, problems_of, remove_source, replace_source
from desktop_app.sources.catalogue import Offer
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.sftp_folder import server_of
from desktop_app.stop import Stop
from desktop_app.wording import Said

_SAVED_WITHIN_S = 30.0  # the daily task is brought up to date as well


@dataclass(frozen=True)
class _Loaded:
    """The sources as they are saved, whether the organisation has set them, and the time zone of the export."""

    rows: list[ListedSource]
    fixed: bool
    zone: str


class SourcesPage(QWidget):
    """Lists the sources; one of them, or a new one, is edited in the same place."""

    parts: QStackedWidget
    list_part: QWidget
    problem: Notice
    about: QLabel
    empty: QWidget
    sources: QTableView
    add: QPushButton
    add_first: QPushButton
    edit: QPushButton
    remove: QPushButton
    set_aside: SetAsidePart

    asked_for = Signal(str)

    def __init__(self, paths: Paths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paths = paths
        self._loaded: _Loaded | None = None
        self._may_change = True
        self._warnings: list[Said] = []  # of the last change
        self._loading = Worker(self)
        self._loading.failed.connect(self._show_unreadable)
        self._listing = Worker(self)
        self._listing.failed.connect(self._tell_problem)
        self._saving = Worker(self)
        self._saving.failed.connect(self._not_saved)
        self._saving.ended.connect(self._enable_buttons)
        load_ui("sources_page", self, Notice, SetAsidePart)
        self.model = SourcesModel(self)
        set_up_sources(self.sources, self.model)
        self.source_editor = SourceEditor(self, partial(read_source_secret, paths))
        self.source_editor.known_before = self._known_before
        self.catalogue = SourceCatalogue(self)
        for part in (self.catalogue, self.source_editor):
            self.parts.addWidget(part)
        self.catalogue.chosen.connect(self._begin_new)
        self.catalogue.left.connect(self._close_editor)
        for button in (self.add, self.add_first):
            button.clicked.connect(self._open_catalogue)
        self.edit.clicked.connect(self._open_chosen)
        self.sources.doubleClicked.connect(self._open_chosen)
        self.sources.activated.connect(self._open_chosen)
        self.remove.clicked.connect(self._ask_to_remove)
        self.set_aside.asked_to_try.connect(self._try_again)
        self.sources.selectionModel().currentRowChanged.connect(self._show_chosen)
        self.source_editor.submitted.connect(self._submit)
        self.source_editor.left.connect(self._leave_editor)
        self.source_editor.asked_back.connect(self._go_back)
        self._host_key = HostKeyFlow(paths, self)
        self._host_key.trusted.connect(self.source_editor.look_now)
        self._host_key.failed.connect(self.source_editor.tell)
        self.source_editor.host_key_met.connect(self._ask_about_host_key)
        self._show_rows([])  # until they are read

    def refresh(self) -> None:
        """Show the sources as they are saved. A source that is being edited stays as it is."""
        self._loading.follow(lambda _stop, _tell: _load(self._paths), self._show)

    def _show(self, loaded: _Loaded) -> None:
        if loaded == self._loaded and not self._warnings:
            return
        self._loaded = loaded
        self._may_change = not loaded.fixed
        self.problem.hide()
        if loaded.fixed:
            told = self.tr("Your organisation has set the sources of this computer.")
            self.problem.tell("muted", told, stays=True)
        warnings = [*self._warnings, *(row.running_out for row in loaded.rows if row.running_out)]
        if warnings:
            self.problem.tell("wait", "\n".join(map(spoken, warnings)), stays=True)
        self.model.zone = zone_of(loaded.zone)
        self._show_rows(loaded.rows)

    def _show_unreadable(self, error: UserError) -> None:
        had_focus = self.isAncestorOf(QApplication.focusWidget() or self)
        self._loaded, self._may_change = None, False
        to_export = (self.tr("Go to Export"), lambda: self.asked_for.emit("export"))
        self.problem.tell("bad", spoken(error.message), spoken(error.hint), [to_export], stays=True)
        self._show_rows([])
        button = self.problem.first_button
        if had_focus and button:  # what had it is disabled, and Qt would give it to whatever comes next
            button.setFocus()

    def _show_rows(self, rows: list[ListedSource]) -> None:
        chosen = self._chosen()
        self.model.show(rows)
        names = [row.source.name for row in rows]
        self.sources.setVisible(bool(rows))
        is_empty = self._loaded is not None and not rows
        self.empty.setVisible(is_empty)
        self.add.setHidden(is_empty)
        self.add_first.setVisible(self._may_change)
        self._enable_buttons()
        for button in (self.edit, self.remove):
            button.setVisible(bool(rows))
        fit_height(self.sources)
        self.sources.selectRow(names.index(chosen.name) if chosen and chosen.name in names else 0)
        self._show_chosen()

    @called_by_qt
    def closeEvent(self, event: QCloseEvent) -> None:
        event.setAccepted(self._may_leave_editor())

    def end(self) -> None:
        """End what is under way, and tell nothing more; what is being saved is waited for."""
        for work in (self.source_editor, self._host_key, self._loading, self._listing):
            work.end()
        self._saving.end(_SAVED_WITHIN_S)

    def _enable_buttons(self) -> None:
        """One change at a time: the next one starts from what this one saves."""
        for button in (self.add, self.add_first, self.edit, self.remove):
            button.setEnabled(self._may_change and not self._saving.running)
        self.set_aside.try_again.setEnabled(not self._saving.running)
        self.source_editor.save.setEnabled(not self._saving.running)

    def _tell_problem(self, error: UserError) -> None:
        self.problem.tell("bad", spoken(error.message), spoken(error.hint), stays=True)

    def _chosen(self) -> SourceSettings | None:
        row = self._chosen_row()
        return row.source if row else None

    def _chosen_row(self) -> ListedSource | None:
        row = self.sources.currentIndex().row()
        return self.model.at(row) if 0 <= row < self.model.rowCount() else None

    def _show_chosen(self) -> None:
        """Below the list: what came of the source that is chosen, and what of that was set aside."""
        row = self._chosen_row()
        self.about.setText(about_source(row, self.model.zone) if row else "")
        self.about.setVisible(row is not None)
        chosen = self._chosen()
        if chosen is None:
            self._listing.forget()
            self.set_aside.show_records([])
        else:
            name = chosen.name
            self._listing.replace(
                lambda _stop, _tell: set_aside_of(self._paths, name, SHOWN_RECORDS, SHOWN_BYTES),
                self.set_aside.show_records,
            )

    def _try_again(self) -> None:
        chosen = self._chosen()
        if chosen:
            self._saving.start(lambda _stop, _tell: retry(self._paths, chosen.name), self._show_tried)
            self._enable_buttons()

    def _show_tried(self, done: CollectedSource) -> None:
        told = self.tr("Tried again: {tried}. Stored: {stored}, repeated: {repeated}, set aside: {set_aside}.")
        n = done.appended
        text = told.format(tried=done.read, stored=n.stored, repeated=n.repeated, set_aside=done.set_aside)
        if done.read_again:
            again = self.tr("Files that the next export reads again: {count}.")
            text = f"{text} {again.format(count=done.read_again)}"

        def show(loaded: _Loaded) -> None:
            self._show(loaded)
            self._show_chosen()
            self.problem.tell("wait" if done.set_aside else "ok", text)

        self._loading.replace(lambda _stop, _tell: _load(self._paths), show)

    def _open_chosen(self) -> None:
        chosen = self._chosen()
        if self.edit.isEnabled() and chosen:
            self.source_editor.edit(chosen)
            self.parts.setCurrentWidget(self.source_editor)

    def _open_catalogue(self) -> None:
        self.catalogue.begin()
        self.parts.setCurrentWidget(self.catalogue)
        self.catalogue.search.setFocus()

    def _begin_new(self, offer: Offer) -> None:
        """Go on with what was chosen in the catalogue; its name is given to no other source."""
        taken = {row.source.name for row in self._loaded.rows} if self._loaded else set()
        names = [offer.name, *(f"{offer.name}-{number}" for number in range(2, len(taken) + 2))]
        free = next(name for name in names if name not in taken) if offer.name else ""
        self.source_editor.add(structs.replace(offer, name=free))
        self.parts.setCurrentWidget(self.source_editor)

    def _go_back(self) -> None:
        if self._may_leave_editor():
            self.parts.setCurrentWidget(self.catalogue)
            self.catalogue.search.setFocus()

    def _known_before(self, source: SourceSettings) -> Said | None:
        """What a new source goes on with. Raises BadSetting and LocalDiskError."""
        return before_adding(load_settings(self._paths), self._paths, source)

    def _submit(self, source: SourceSettings) -> None:
        """Save what was edited, unless a field can't be right."""
        change = add_source if self.source_editor.is_new() else replace_source
        typed = self.source_editor.secret()
        self._save(lambda now: change(now, source), source, NewSecret(source, typed) if typed else None)

    def _save(
        self,
        change: Callable[[Settings], Settings],
        edited: SourceSettings | None = None,
        secret: NewSecret | None = None,
    ) -> None:
        """Save what `change` makes of the settings as they are then; `edited` is the source in the editor."""

        self._warnings = []

        def work(_stop: Stop, _tell: Tell) -> list[BadSetting]:
            problems = problems_of(change(load_settings(self._paths)), edited) if edited else []
            if not problems:
                saved = prepare(self._paths, edits.edited(change)).commit(new_secret=secret)
                self._warnings.extend(saved.warnings)
            return problems

        def done(problems: list[BadSetting]) -> None:
            if edited:
                self.source_editor.show_problems(problems)
            if not problems:
                self._saved(edited)

        self._saving.start(work, done)
        self._enable_buttons()

    def _saved(self, edited: SourceSettings | None) -> None:
        if edited is None or self.parts.currentWidget() is self.list_part:
            self._show_list()
        elif self.source_editor.source() == edited:
            self._close_editor()
        else:
            self.source_editor.go_on(edited)
            self.refresh()

    def _not_saved(self, error: UserError) -> None:
        if self.parts.currentWidget() is self.source_editor:
            self.source_editor.tell(error)
        else:
            self._tell_problem(error)

    def _ask_about_host_key(self, source: SourceSettings) -> None:
        if isinstance(source, SftpSource):
            self._host_key.ask(server_of(source))

    def _leave_editor(self) -> None:
        if self._may_leave_editor():
            self._close_editor()

    def _close_editor(self) -> None:
        self.parts.setCurrentWidget(self.list_part)
        self._show_list()

    def _show_list(self) -> None:
        """Show the sources as they are now, and go there."""

        def show(loaded: _Loaded) -> None:
            self._show(loaded)
            (self.sources if loaded.rows else self.add_first).setFocus()

        self._loading.replace(lambda _stop, _tell: _load(self._paths), show)

    def _may_leave_editor(self) -> bool:
        if self.parts.currentWidget() is not self.source_editor or not self.source_editor.has_changes():
            return True
        return ask_to_discard(self)

    def _ask_to_remove(self) -> None:
        chosen = self._chosen_row()
        if chosen is None:
            return
        name = chosen.source.name
        if ask_to_remove(chosen, self):
            self._save(lambda now: remove_source(now, name))


def _load(paths: Paths) -> _Loaded:
    return _Loaded(list_sources(paths), SOURCES in policy_keys(paths), settings_of_the_past(paths).export.timezone)
