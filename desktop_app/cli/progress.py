"""The progress of a run on a terminal; quiet anywhere else."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Never

from desktop_app.actions.run import RunStep
from desktop_app.cli.output import is_plain_terminal, tell
from desktop_app.cli.speech import spoken
from desktop_app.export.progress import Building, Connecting, Delivered, Uploading, Waiting
from desktop_app.one_line import on_one_line
from desktop_app.wording import Said

if TYPE_CHECKING:
    from tqdm import tqdm


@contextmanager
def shown_progress() -> Iterator[Callable[[RunStep], None]]:
    """A callback for a run. On a terminal it draws a bar for each step: events or bytes, rate, remaining."""
    if sys.stderr is None or not sys.stderr.isatty():  # pythonw and programs without a console have none
        yield _while_possible(_tell_waiting)
        return
    bars = _Lines() if is_plain_terminal() else _Bars()
    try:
        yield _while_possible(bars.show)
    finally:
        bars.clear()


@contextmanager
def shown_count(what: str, unit: str) -> Iterator[Callable[[int, int | None], None]]:
    """A callback for how many of how many things (None: nobody knows) are done; it draws a bar on a terminal."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield lambda *_: None
        return
    bars = _Lines() if is_plain_terminal() else _Bars()
    try:
        yield lambda done, total: bars.draw(what, done, total, unit)
    finally:
        bars.clear()


def _while_possible(show: Callable[[RunStep], None]) -> Callable[[RunStep], None]:
    """`show`, which is called no more once it can't write: the run goes on without anybody who looks on."""
    possible = True

    def show_or_not(progress: RunStep) -> None:
        nonlocal possible
        if possible:
            try:
                show(progress)
            except OSError:
                possible = False

    return show_or_not


def _tell_waiting(progress: RunStep) -> None:
    if isinstance(progress, Waiting):
        seconds = f"{progress.seconds:.0f}"
        tell(Said("{problem} Trying again in {seconds} s.", problem=progress.reason, seconds=seconds))


class _Bars:
    """One bar at a time: each step takes the place of the one before."""

    def __init__(self) -> None:
        self._step = ""
        self._bar: tqdm[Never] | None = None

    def show(self, progress: RunStep) -> None:
        match progress:
            case Building(day, events, total, _):
                self.draw(Said("Archiving {day}", day=day), events, total, Said("events"))
            case Uploading(name, sent, total):
                self.draw(Said("Uploading {name}", name=name), sent, total, "B")
            case Connecting(server):
                self.clear()
                tell(Said("Connecting to {server} …", server=server))
            case Delivered():
                self.clear()
            case Waiting():
                self.clear()
                _tell_waiting(progress)
            case _:
                self.draw(
                    Said("Collecting from {source}", source=progress.source),
                    progress.records,
                    None,
                    Said("records"),
                )

    def clear(self) -> None:
        if self._bar is not None:
            self._bar.close()
            sys.stderr.flush()  # or a result on the same terminal begins where the bar ended
        self._bar, self._step = None, ""

    def draw(self, step: str, done: int, total: int | None, unit: str) -> None:
        """Show how far a step is; `total` is None where nobody knows."""
        from tqdm import tqdm

        if step != self._step or self._bar is None:
            self.clear()
            self._step = step
            self._bar = tqdm(
                desc=on_one_line(spoken(step)),
                total=total,
                unit=unit if unit == "B" else f" {spoken(unit)}",
                unit_scale=True,
                leave=False,
                dynamic_ncols=True,
            )
        self._bar.update(done - self._bar.n)


class _Lines(_Bars):
    """A line for each step as it begins, for terminals on which nothing can take the place of another."""

    def clear(self) -> None:
        self._step = ""

    def draw(self, step: str, done: int, total: int | None, unit: str) -> None:
        if step != self._step:
            self._step = step
            tell(Said("{step} …", step=step))
