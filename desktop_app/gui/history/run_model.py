"""The runs of the exporter as a table that can be sorted and filtered."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import QObject, QSortFilterProxyModel, Qt

from desktop_app.actions.history import PastRun
from desktop_app.export.ledger import Outcome, Run, StartedBy
from desktop_app.gui import formats
from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.history.day_words import Searched, words_of
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.table_model import ROLE, Index, TableModel
from desktop_app.gui.widgets.theme import color, icon
from desktop_app.gui.widgets.tool_tip import tool_tip

SIGNS = {
    Outcome.DELIVERED: ("check", "ok"),
    Outcome.NOTHING_DUE: ("dash", "muted"),
    Outcome.FAILED: ("cross", "bad"),
    Outcome.INTERRUPTED: ("cross", "bad"),
    Outcome.STOPPED: ("dash", "wait"),
    None: ("clock", "accent"),
}


class RunModel(TableModel[PastRun]):
    """Columns: started, outcome, days, events, bytes, duration, by whom or what. It sorts by itself: Qt's sorting
    would ask for every value many times."""

    STARTED, OUTCOME, DAYS, EVENTS, BYTES, DURATION, BY = range(7)

    def __init__(self, parent: QObject | None = None) -> None:
        headings = (
            self.tr("Started"), self.tr("Outcome"), self.tr("Days"), self.tr("Events"), self.tr("Size"),
            self.tr("Took"), self.tr("By"),
        )  # fmt: skip
        super().__init__(parent, headings, (self.EVENTS, self.BYTES, self.DURATION))
        self._searched: dict[int, Searched] = {}
        self._column, self._order = self.STARTED, Qt.SortOrder.DescendingOrder
        self.zone = formats.zone_of("local")

    @called_by_qt
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = ROLE.DisplayRole) -> Any:
        text = super().headerData(section, orientation, role)
        is_time = section == self.STARTED and role == ROLE.DisplayRole
        return f"{text} ({formats.zone_name(self.zone)})" if is_time and text else text

    def show(self, rows: Sequence[PastRun]) -> None:
        """Show these runs instead; times are those of `zone`."""
        self._searched.clear()
        super().show(self._sorted(rows))

    def row_of(self, run: int) -> int | None:
        """The row of the run with a number, or None."""
        return next((row for row, past in enumerate(self._rows) if past.run.id == run), None)

    def searched(self, row: int) -> Searched:
        """What a filter looks at: who, outcome, message, archives, and the days of its start and its archives."""
        past = self.at(row)
        if past.run.id not in self._searched:
            texts = [self.by_text(past.run), self.outcome_text(past.run), spoken(past.run.message or "")]
            texts += [formats.moment(past.run.started_ms, self.zone), *(archive.name for archive in past.archives)]
            days = {formats.day_of(past.run.started_ms, self.zone)}
            days |= {date.fromisoformat(archive.day) for archive in past.archives}
            self._searched[past.run.id] = Searched(
                "\n".join(texts).casefold(),
                tuple(sorted(days)),
                "\n".join(archive.sha256 for archive in past.archives),
            )
        return self._searched[past.run.id]

    def by_text(self, run: Run) -> str:
        """By whom or what a run was started."""
        return {
            StartedBy.HAND: self.tr("Command line"),
            StartedBy.SCHEDULE: self.tr("Daily task"),
            StartedBy.FORM: self.tr("This window"),
        }[run.started_by]

    def outcome_text(self, run: Run) -> str:
        """How a run ended, in a word or two."""
        return {
            Outcome.DELIVERED: self.tr("Delivered"),
            Outcome.NOTHING_DUE: self.tr("Nothing due"),
            Outcome.FAILED: self.tr("Failed"),
            Outcome.INTERRUPTED: self.tr("Interrupted"),
            Outcome.STOPPED: self.tr("Stopped"),
            None: self.tr("Running"),
        }[run.outcome]

    def took_text(self, run: Run) -> str:
        """How long a run lasted; empty where that is not known."""
        ended = run.finished_ms is not None and run.outcome is not Outcome.INTERRUPTED
        return formats.duration(_took_ms(run)) if ended else ""

    def days_text(self, past: PastRun) -> str:
        """The days that a run delivered."""
        return formats.days(archive.day for archive in past.archives) or "–"

    @called_by_qt
    def data(self, index: Index, role: int = ROLE.DisplayRole) -> Any:
        if not index.isValid():
            return None
        past, column = self.at(index.row()), index.column()
        if role in (ROLE.DisplayRole, ROLE.ToolTipRole):
            if role == ROLE.ToolTipRole and column == self.OUTCOME and past.run.message:
                return tool_tip(spoken(past.run.message))
            return self._text(past, column)
        if role == ROLE.DecorationRole and column == self.OUTCOME:
            return icon(*SIGNS[past.run.outcome])
        if role == ROLE.ForegroundRole and past.run.outcome is Outcome.NOTHING_DUE and column != self.STARTED:
            return color("muted")
        return super().data(index, role)

    @called_by_qt
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        if column < 0:
            return
        self._column, self._order = column, order
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        ids = [self._rows[index.row()].run.id for index in before]
        self._rows = self._sorted(self._rows)
        rows = {past.run.id: row for row, past in enumerate(self._rows)} if ids else {}
        after = [self.index(rows[run], index.column()) for run, index in zip(ids, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sorted(self, runs: Sequence[PastRun]) -> list[PastRun]:
        reverse = self._order == Qt.SortOrder.DescendingOrder
        by_time = sorted(runs, key=lambda past: past.run.id, reverse=True)
        if self._column == self.STARTED:
            return by_time if reverse else by_time[::-1]
        return sorted(by_time, key=self._sort_key(self._column), reverse=reverse)

    def _sort_key(self, column: int) -> Callable[[PastRun], Any]:
        keys: dict[int, Callable[[PastRun], Any]] = {
            self.BY: lambda past: self.by_text(past.run),
            self.DAYS: lambda past: [archive.day for archive in past.archives],
            self.EVENTS: lambda past: past.run.events,
            self.BYTES: lambda past: past.run.bytes,
            self.DURATION: lambda past: _took_ms(past.run),
            self.OUTCOME: lambda past: self.outcome_text(past.run),
        }
        return keys[column]

    def _text(self, past: PastRun, column: int) -> str:
        run = past.run
        if column == self.STARTED:
            return formats.moment(run.started_ms, self.zone)
        if column == self.BY:
            return self.by_text(run)
        if column == self.DAYS:
            return self.days_text(past)
        if column == self.EVENTS:
            return formats.count(run.events) if past.archives else "–"
        if column == self.BYTES:
            return formats.size(run.bytes) if past.archives else "–"
        if column == self.DURATION:
            return self.took_text(run) or "–"
        return self.outcome_text(run)


class RunFilter(QSortFilterProxyModel):
    """The runs that have every word of a text, with one outcome or with any."""

    def __init__(self, runs: RunModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = runs
        self._words: list[str] = []
        self._outcomes: frozenset[Outcome] = frozenset()
        self.setSourceModel(runs)

    def set_filter(self, text: str, outcomes: frozenset[Outcome]) -> None:
        """Show runs that have all words of `text`, and one of `outcomes`; none means any."""
        self._words, self._outcomes = words_of(text), outcomes
        self.invalidate()

    def at(self, row: int) -> PastRun:
        """The run in a row of what is shown."""
        return self._model.at(self.mapToSource(self.index(row, 0)).row())

    @called_by_qt
    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._model.sort(column, order)

    @called_by_qt
    def filterAcceptsRow(self, source_row: int, source_parent: Index) -> bool:
        if self._outcomes and self._model.at(source_row).run.outcome not in self._outcomes:
            return False
        return not self._words or self._model.searched(source_row).has(self._words)


def _took_ms(run: Run) -> int:
    return 0 if run.finished_ms is None else run.finished_ms - run.started_ms
