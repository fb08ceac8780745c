"""Ask a program of the system."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from desktop_app.environment import system_environment
from desktop_app.held import reason
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

    The program reads `text` from a nameless file that is whole before it starts, and so may be no secret: from a
    pipe it would take a part for all of it where this process is killed. Raises SchedulerError where it can't be
    started or does not end within a minute.
    """
    try:
        with TemporaryFile() if text else Path(os.devnull).open("w+b") as given:
            given.write(text)
            given.seek(0)
            done = subprocess.run(
                command,
                stdin=given,
                capture_output=True,
                env={**system_environment(), "LC_ALL": "C.UTF-8", **(environment or {})},
                cwd=folder,
                timeout=_PATIENCE,
                check=False,
            )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SchedulerError(
            Said("{program} could not be asked ({why}).", program=command[0], why=why_not(error)),
            Said("Does it work from a terminal?"),
        ) from error
    return Answer(done.returncode, done.stdout, " ".join(done.stderr.decode(errors="replace").split()))


def why_not(error: OSError | subprocess.TimeoutExpired) -> Said | str:
    """Why a program could not be asked, for a sentence."""
    return reason(error) if isinstance(error, OSError) else Said("it did not end within a minute")
