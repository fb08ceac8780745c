"""The rows of a form that say how a source's times are written, in which zone, and what a record is split at."""

from collections.abc import Iterable
from typing import NamedTuple
from zoneinfo import available_timezones

from PySide6.QtCore import QCoreApplication, QObject, Qt, Signal
from PySide6.QtWidgets import QCompleter, QLineEdit, QWidget

from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.field_message import FieldMessage
from desktop_app.one_line import on_one_line
from desktop_app.settings.model import EPOCH_UNITS, TIME_PATTERN, SourceSettings
from desktop_app.sources.sample import TimeRead

_PATTERN = f"{TIME_PATTERN}%d/%m/%Y %H:%M:%S"


class TimeWidgets(NamedTuple):
    """The widgets of the form, and where is said what is wrong with each."""

    time: ChoiceBox
    time_problem: FieldMessage
    zone: QLineEdit
    zone_problem: FieldMessage
    split: QLineEdit
    split_problem: FieldMessage


class TimeRows(QObject):
    """Edits `time`, `zone` and `split`. `edited` follows each edit by a person, `entered` the Enter key."""

    edited = Signal()
    entered = Signal()

    def __init__(self, widgets: TimeWidgets, parent: QWidget) -> None:
        super().__init__(parent)
        self._widgets = widgets
        time, zone, split = widgets.time, widgets.zone, widgets.split
        for edit, message in self.edits().values():
            message.set_field(edit)
        time.addItems(["", "iso", *EPOCH_UNITS, _PATTERN])
        time.setInsertPolicy(ChoiceBox.InsertPolicy.NoInsert)
        time.activated.connect(lambda _: self.edited.emit())
        zones = QCompleter(sorted(available_timezones()), zone)
        zones.setFilterMode(Qt.MatchFlag.MatchContains)
        zones.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        zones.activated.connect(lambda _: self.edited.emit())
        zone.setCompleter(zones)
        for line in filter(None, (time.lineEdit(), zone, split)):
            line.textEdited.connect(self.edited)
            line.returnPressed.connect(self.entered)
        if written := time.lineEdit():
            written.setPlaceholderText(QCoreApplication.translate("TimeRows", "as they are recognised"))

    def show_values(self, source: SourceSettings) -> None:
        """Show what a source has."""
        self._widgets.time.setEditText(source.time)
        self._widgets.zone.setText(source.zone)
        self._widgets.split.setText(source.split)

    def values(self) -> dict[str, str]:
        """What is in the form, by the keys of a source."""
        widgets = self._widgets
        texts = {"time": widgets.time.currentText(), "zone": widgets.zone.text(), "split": widgets.split.text()}
        return {key: text.strip() for key, text in texts.items()}

    def show_times(self, times: Iterable[TimeRead]) -> None:
        """Show how the first times were understood."""
        sentence = QCoreApplication.translate("TimeRows", "{written} is {time}: {how}.")
        lines = (
            sentence.format(written=on_one_line(each.written), time=each.created_at, how=spoken(each.how))
            for each in times
        )
        self._widgets.time_problem.set_note("\n".join(lines))

    def edits(self) -> dict[str, tuple[QWidget, FieldMessage]]:
        """Where each value is edited, and where is said what is wrong with it."""
        widgets = self._widgets
        return {
            "time": (widgets.time, widgets.time_problem),
            "zone": (widgets.zone, widgets.zone_problem),
            "split": (widgets.split, widgets.split_problem),
        }

    def stops(self) -> list[QWidget]:
        """Where the Tab key stops, in that order."""
        return [self._widgets.time, self._widgets.zone, self._widgets.split]
