"""Ask a program of the system."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_app.environment import system_environment
from desktop_app.schedule.task_state import SchedulerError
from desktop_app.wording import Said

_PATIENCE = 60.0  # seconds


@dataclass(frozen=True)
class Answer:
    """What a program answered; `said` is its standard output, `complaint` its standard error on one line."""

    code: int
    said: bytes
    complaint: str


def ask(
    command: Sequence[str],
    text: bytes = b"",
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Answer:
    """Run a program of the system with `text` as its standard input, in `folder`.

    Raises SchedulerError where it can't be started or does not end within a minute.
    """
    try:
        done = subprocess.run(
            command,
            input=text,
            capture_output=True,
            env={**system_environment(), "LC_ALL": "C.UTF-8", **(environment or {})},
            cwd=folder,
            timeout=_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerError(
            Said("{program} could not be asked ({why}).", program=command[0], why=error),
            Said("Does it work from a terminal?"),
        ) from error
    return Answer(done.returncode, done.stdout, " ".join(done.stderr.decode(errors="replace").split()))
