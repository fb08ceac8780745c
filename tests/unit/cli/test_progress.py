"""What becomes of the progress is no matter of the run that is shown."""

import io
import sys

import pytest

from desktop_app.cli.progress import shown_progress
from desktop_app.export.progress import Building, Connecting, Waiting
from desktop_app.wording import Said


class Lost(io.StringIO):
    """A stream that takes nothing, as that of a window that was closed, or of a disk that is full."""

    def __init__(self, terminal: bool) -> None:
        super().__init__()
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def write(self, _: str) -> int:
        raise OSError("lost")


@pytest.mark.parametrize("terminal", [True, False])
def test_progress_that_can_not_be_shown_is_shown_no_longer(
    terminal: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", Lost(terminal))
    with shown_progress() as show:
        for progress in (Building("2026-11-22", 1, 2, 100), Connecting("s"), Waiting(Said("It is busy."), 1)):
            show(progress)
