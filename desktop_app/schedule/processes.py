"""Ask a program of the system."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop_app.schedule.task_state import SchedulerError
from desktop_app.wording import Said

_PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What a program answered; `said` is its standard output, `complaint` its standard error on one line."""

    code: int
    said: bytes
    complaint: str


def ask(command: Sequence[str], text: bytes = b"", environment: Mapping[str, str] | None = None) -> Answer:
    """Run a program of the system with `text` as its standard input.

    Raises SchedulerError where it can't be started or does not end within a minute.
    """
    try:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            env={**system_environment(), "LC_ALL": "C.UTF-8", **(environment or {})},
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerError(
            Said("{program} could not be asked ({why}).", program=command[0], why=error),
            Said("Does it work from a terminal?"),
        ) from error
    return Answer(done.returncode, done.stdout, " ".join(done.stderr.decode(errors="replace").split()))


def system_environment() -> dict[str, str]:
    """Ours, without the libraries of a bundle (PyInstaller), which are not for the system's programs."""
    environment = dict(os.environ)
    if getattr(sys, "frozen", False):
        original = environment.pop("LD_LIBRARY_PATH_ORIG", "")
        environment["LD_LIBRARY_PATH"] = original
    return environment
