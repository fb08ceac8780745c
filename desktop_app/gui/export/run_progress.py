"""How far an export is: day, events, bytes, rate."""

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from desktop_app.gui.formats import count, size
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.speak import announce
from desktop_app.gui.widgets.theme import BETWEEN, INSIDE, set_role

if TYPE_CHECKING:
    from desktop_app.actions.run import RunStep

_FULL = 1000


class RunProgress(QFrame):
    """Hidden unless an export runs in this window."""

    stopAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "notice")
        self._what, self._much = PlainLabel(self), PlainLabel(self)
        set_role(self._what, "strong")
        set_role(self._much, "muted")
        self._bar = QProgressBar(self)
        self._bar.setTextVisible(False)
        self._stop = QPushButton(self.tr("Stop"), self)
        self._stop.setObjectName("stop_export")
        self._stop.clicked.connect(self._ask_to_stop)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        for widget in (self._what, self._bar, self._much):
            words.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setSpacing(BETWEEN)
        layout.addLayout(words, 1)
        layout.addWidget(self._stop)
        self._phase: tuple[str, float] = ("", 0.0)
        self.hide()

    def begin(self) -> None:
        """A run begins."""
        self._phase = ("", 0.0)
        self._tell(self.tr("Preparing the export …"), "", None)
        self._stop.setEnabled(True)
        self.show()
        announce(self, self.tr("The export begins."))

    def end(self) -> None:
        """The run has ended."""
        self.hide()

    def show_progress(self, progress: "RunStep") -> None:
        """Show what the run told."""
        from desktop_app.export.progress import Building, Connecting, Delivered, Uploading, Waiting

        match progress:
            case Building(day, events, total, written):
                rate = self._rate(f"build {day}", events)
                much = self.tr("{events} of {total} events, {size}").format(
                    events=count(events), total=count(total), size=size(written)
                )
                per_second = self.tr("{events} events/s").format(events=count(int(rate))) if rate else ""
                self._tell(
                    self.tr("Archiving {day}").format(day=day), _joined(much, per_second), events / max(total, 1)
                )
            case Uploading(name, sent, total):
                rate = self._rate(f"upload {name}", sent)
                much = self.tr("{sent} of {total}").format(sent=size(sent), total=size(total))
                per_second = self.tr("{size}/s").format(size=size(int(rate))) if rate else ""
                self._tell(
                    self.tr("Uploading {name}").format(name=name), _joined(much, per_second), sent / max(total, 1)
                )
            case Connecting(server):
                self._tell(self.tr("Connecting to {server} …").format(server=server), "", None)
            case Delivered(name, events, written):
                much = self.tr("{events} events, {size}").format(events=count(events), size=size(written))
                self._tell(self.tr("Delivered {name}").format(name=name), much, 1)
            case Waiting(reason, seconds):
                again = self.tr("Trying again in {seconds} s.").format(seconds=round(seconds))
                self._tell(spoken(reason), again, None)
            case _:
                much = self.tr("{records} records").format(records=count(progress.records))
                self._tell(self.tr("Collecting from {source}").format(source=progress.source), much, None)

    def _rate(self, phase: str, done: int) -> float:
        """Per second, once a phase has lasted long enough to say."""
        if self._phase[0] != phase:
            self._phase = (phase, time.monotonic())
        seconds = time.monotonic() - self._phase[1]
        return done / seconds if seconds > 0.5 else 0.0

    def _tell(self, what: str, much: str, part: float | None) -> None:
        self._what.setText(what)
        self._much.setText(much)
        self._bar.setMaximum(0 if part is None else _FULL)
        if part is not None:
            self._bar.setValue(round(part * _FULL))
        self._bar.setAccessibleName(what)

    def _ask_to_stop(self) -> None:
        self._stop.setEnabled(False)
        self._tell(self.tr("Stopping …"), "", None)
        self.stopAsked.emit()


def _joined(*parts: str) -> str:
    return " · ".join(filter(None, parts))
