"""The page History: the runs, the events per day, and what proves that an archive is the one delivered."""

from pathlib import Path

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QWidget,
)

from desktop_app.actions.compare_copy import is_copy
from desktop_app.actions.whole_history import WholeHistory, whole_history
from desktop_app.errors import UserError
from desktop_app.export.ledger import Archive, Outcome
from desktop_app.gui import formats
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.formats import near
from desktop_app.gui.history.archive_model import ArchiveModel
from desktop_app.gui.history.day_chart import DayChart, summary
from desktop_app.gui.history.evidence_menu import EvidenceMenu
from desktop_app.gui.history.run_model import SIGNS, RunFilter, RunModel
from desktop_app.gui.keys import FIND, with_key
from desktop_app.gui.language import spoken
from desktop_app.gui.ui_files import load_ui
from desktop_app.gui.widgets.beside import show_beside
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.nothing_found import NothingFound
from desktop_app.gui.widgets.notice import Notice
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.table_look import dress
from desktop_app.gui.widgets.theme import set_role
from desktop_app.gui.worker import Worker
from desktop_app.settings.paths import Paths

_CHART_DAYS = 90
_FAILED = (Outcome.FAILED, Outcome.INTERRUPTED)
_LINES_FOR_ALL = 36


class HistoryPage(QWidget):
    """What the exporter did, by run and by day."""

    title: QLabel
    problem: Notice
    states: QStackedWidget
    filled: QWidget
    empty: QWidget
    empty_text: QLabel
    chart_box: QWidget
    chart: DayChart
    chart_facts: QLabel
    search: QLineEdit
    outcome: QComboBox
    split: QSplitter
    runs: QTableView
    go_to_export: QPushButton
    chart_title: QLabel
    details: QWidget
    run_sign: IconLabel
    run_title: QLabel
    message: QLabel
    hint: QLabel
    archives: QTableView
    copy_name: QPushButton
    copy_sha256: QPushButton
    compare: QPushButton
    compared: QLabel
    found: Notice
    evidence: QPushButton

    asked_for = Signal(str)

    def __init__(self, paths: Paths, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paths = paths
        load_ui("history_page", self, DayChart, Notice, IconLabel, ChoiceBox)
        self._loading = Worker(self)
        self._loading.failed.connect(self._tell_problem)
        self._comparing = Worker(self)
        self._comparing.failed.connect(lambda error: self._tell_compared(spoken(error.message), "bad"))
        self._loaded: WholeHistory | None = None
        self._chosen: int | None = None
        self._model = RunModel(self)
        self._filter = RunFilter(self._model, self)
        self._archives = ArchiveModel(self)
        self._set_up_tables()
        self._fill_outcomes()
        self.chart.told.connect(self._tell_day)
        self.chart.day_chosen.connect(self.search.setText)
        self.search.setToolTip(with_key(self.tr("Find runs"), FIND))
        self.nothing = NothingFound(self.runs, self.tr("No run matches."), self.tr("Show all runs"))
        self.nothing.all_wanted.connect(self._clear_filter)
        self.go_to_export.clicked.connect(lambda: self.asked_for.emit("export"))
        show_beside(self, self.filled, self.split)
        self.search.textChanged.connect(self._choose_runs)
        self.outcome.currentIndexChanged.connect(self._choose_runs)
        self.copy_name.clicked.connect(lambda: self._copy("name"))
        self.copy_sha256.clicked.connect(lambda: self._copy("sha256"))
        self.compare.clicked.connect(self._ask_for_copy)
        self.evidence_menu = EvidenceMenu(paths, self.evidence, self.found, self._archive)

    def refresh(self) -> None:
        """Show the runs and days as they are now; what is chosen stays chosen."""
        self._loading.follow(lambda _stop, _tell: whole_history(self.paths, _CHART_DAYS), self._show)

    def begin_search(self) -> None:
        """Put the focus into the search, with its text selected."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def search_again(self) -> None:
        """Show the runs as they are now."""
        self.refresh()

    @called_by_qt
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_chart()
        self.chart_title.setText(self.chart.title())
        super().resizeEvent(event)

    def end(self) -> None:
        """End what is under way, and tell nothing more."""
        self._loading.end()
        self._comparing.end()
        self.evidence_menu.end()

    def _set_up_tables(self) -> None:
        model = RunModel
        self.runs.setModel(self._filter)
        samples = {
            model.STARTED: formats.moment(1_795_478_399_000),
            model.OUTCOME: "MMM" + self._widest(self.tr("Delivered"), self.tr("Interrupted"), self.tr("Failed")),
            model.DAYS: formats.days(["2026-11-20", "2026-11-21"]),
            model.EVENTS: formats.count(8_888_888),
            model.BYTES: formats.size(888_800_000),
            model.DURATION: formats.duration(3_599_000),
            model.BY: self._widest(self.tr("Daily task"), self.tr("This window")),
        }
        dress(self.runs, samples, [model.DAYS], left_out=[model.DURATION, model.BYTES, model.BY])
        self.runs.setSortingEnabled(True)
        self.runs.sortByColumn(model.STARTED, Qt.SortOrder.DescendingOrder)
        self.runs.selectionModel().currentRowChanged.connect(self._show_run)
        self.archives.setModel(self._archives)
        samples = {
            ArchiveModel.NAME: "audit-trails-workstation-2026-11-22.zip",
            ArchiveModel.EVENTS: formats.count(8_888_888),
            ArchiveModel.BYTES: formats.size(888_800_000),
        }
        dress(self.archives, samples, [ArchiveModel.SHA256])
        self.archives.setMinimumHeight(self.archives.verticalHeader().defaultSectionSize() * 4)
        self.archives.selectionModel().currentRowChanged.connect(lambda: self.compared.clear())
        self.split.setStretchFactor(0, 1)

    def _widest(self, *texts: str) -> str:
        return max(texts, key=self.fontMetrics().horizontalAdvance)

    def _fill_outcomes(self) -> None:
        for text, outcomes in (
            (self.tr("All"), ()),
            (self.tr("Delivered"), (Outcome.DELIVERED,)),
            (self.tr("Failed"), (Outcome.FAILED, Outcome.INTERRUPTED)),
            (self.tr("Nothing due"), (Outcome.NOTHING_DUE,)),
            (self.tr("Stopped"), (Outcome.STOPPED,)),
        ):
            self.outcome.addItem(text, frozenset(outcomes))

    def _show(self, loaded: WholeHistory) -> None:
        self.problem.hide()
        if loaded == self._loaded:
            return
        self._loaded = loaded
        chosen = self._chosen
        zone = formats.zone_of(loaded.zone)
        failed = {formats.day_of(each.run.started_ms, zone) for each in loaded.runs if each.run.outcome in _FAILED}
        self._model.zone = zone
        self._model.show(loaded.runs)
        self.chart.show_days(loaded.days, failed)
        self.chart_title.setText(self.chart.title())
        self._tell_day(self.chart.text_of_current())
        self.empty_text.setText(self._what_comes(loaded.first_run_ms))
        self.states.setCurrentWidget(self.filled if loaded.runs else self.empty)
        self._choose_runs()
        row = self._model.row_of(chosen) if chosen is not None else None
        if row is not None:
            shown = self._filter.mapFromSource(self._model.index(row, 0))
            self.runs.setCurrentIndex(shown)

    def _tell_problem(self, error: UserError) -> None:
        self.problem.tell("bad", spoken(error.message), spoken(error.hint), stays=True)

    def _what_comes(self, first_run_ms: int | None) -> str:
        if first_run_ms is None:
            return self.tr("Each run of the export will be listed here. Switch the export on, or use Export now.")
        return self.tr("The first one is due {when}. To see one at once, use Export now.").format(
            when=near(first_run_ms, self._model.zone)
        )

    def _tell_day(self, text: str) -> None:
        self.chart_facts.setText(text or summary(self.chart.days_shown()))

    def _choose_runs(self) -> None:
        self._filter.set_filter(self.search.text(), self.outcome.currentData())
        self.nothing.show_if(self._filter.rowCount() == 0)
        if not self.runs.currentIndex().isValid():
            self._show_run(QModelIndex())

    def _clear_filter(self) -> None:
        self.search.clear()
        self.outcome.setCurrentIndex(0)
        self.search.setFocus()

    def _show_run(self, current: QModelIndex, _: QModelIndex | None = None) -> None:
        self.details.setVisible(current.isValid())
        self._fit_chart()
        if not current.isValid():
            self._chosen = None
            return
        past = self._filter.at(current.row())
        run = past.run
        self._chosen = run.id
        self.run_sign.show_icon(*SIGNS[run.outcome])
        texts = [
            self._model.outcome_text(run),
            formats.full_moment(run.started_ms, self._model.zone),
            self._model.by_text(run),
        ]
        if took := self._model.took_text(run):
            texts.append(self.tr("took {duration}").format(duration=took))
        self.run_title.setText(" · ".join(texts))
        self.message.setText(spoken(run.message or "") or self._what_happened(run.outcome))
        self.message.setVisible(bool(self.message.text()))
        self.hint.setText(spoken(run.hint or ""))
        self.hint.setVisible(bool(run.hint))
        self._archives.show(past.archives)
        for widget in (self.archives, self.copy_name, self.copy_sha256, self.compare, self.compared):
            widget.setVisible(bool(past.archives))
        self.compared.clear()
        if past.archives:
            self.archives.selectRow(0)

    def _fit_chart(self) -> None:
        """In a low window, the chart gives way to the details of a run."""
        beside = self.split.orientation() == Qt.Orientation.Horizontal
        is_low = not beside and self.height() < self.fontMetrics().height() * _LINES_FOR_ALL
        self.chart_box.setHidden(is_low and not self.details.isHidden())

    def _what_happened(self, outcome: Outcome | None) -> str:
        return {
            None: self.tr("This run has not ended yet."),
            Outcome.DELIVERED: "",
            Outcome.NOTHING_DUE: self.tr("Every day that has ended was on the server already."),
            Outcome.FAILED: "",
            Outcome.STOPPED: self.tr("This run was stopped. The next one goes on where it was."),
            Outcome.INTERRUPTED: self.tr(
                "This run was ended from outside. The next goes on where it was: nothing is lost or sent twice."
            ),
        }[outcome]

    def _archive(self) -> Archive | None:
        row = self.archives.currentIndex().row()
        return self._archives.at(row) if row >= 0 else None

    def _copy(self, what: str) -> None:
        if archive := self._archive():
            QApplication.clipboard().setText(getattr(archive, what))
            self._tell_compared(self.tr("Copied."), "muted")

    def _ask_for_copy(self) -> None:
        archive = self._archive()
        if archive is None:
            return
        chosen, _ = QFileDialog.getOpenFileName(
            self, self.tr("A copy of {name}").format(name=archive.name), "", self.tr("Archives (*.zip)")
        )
        if chosen:
            self.compare_copy(Path(chosen), archive)

    def compare_copy(self, file: Path, archive: Archive) -> None:
        """Tell whether a file is the archive that was delivered, byte for byte."""
        self._tell_compared(self.tr("Reading {name} …").format(name=file.name), "muted")
        self._comparing.replace(
            lambda _stop, _tell: is_copy(file, archive), lambda same: self._tell_same(same, file.name)
        )

    def _tell_same(self, same: bool, name: str) -> None:
        if same:
            self._tell_compared(self.tr("✓ {name} is the archive that was delivered.").format(name=name), "ok")
        else:
            self._tell_compared(
                self.tr("✗ {name} is not the archive that was delivered.").format(name=name), "bad"
            )

    def _tell_compared(self, text: str, role: str) -> None:
        set_role(self.compared, role)
        self.compared.setText(text)
        announce(self.compared, text)
