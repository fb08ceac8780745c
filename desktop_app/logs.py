"""The log file of both programs: what was done and what went wrong, without secrets."""

import logging
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from desktop_app.errors import LocalDiskError
from desktop_app.files import make_private_file, make_private_folder
from desktop_app.one_line import on_one_line
from desktop_app.settings.paths import Paths

_MAX_BYTES = 1_000_000
_OLD_FILES = 5


def log_to_file(paths: Paths) -> None:
    """Let every logger of the process write to the log file, which is opened with its first line.

    Where it can't be written, nothing is logged: a full disk must not keep the export from telling so. (Without
    any handler, logging would print on standard error what is told there anyway.)
    """
    handler: logging.Handler = logging.NullHandler()
    with suppress(LocalDiskError):
        make_private_folder(paths.logs)
        handler = _PrivateLog(
            paths.log_file, maxBytes=_MAX_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True
        )
    handler.setFormatter(OneLineFormatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("paramiko").setLevel(logging.WARNING)
    logging.getLogger("sqlalchemy").setLevel(logging.CRITICAL)  # what it raises, is told as an error of ours
    logging.raiseExceptions = False


class OneLineFormatter(logging.Formatter):
    """A record is one line, whatever others wrote into it; below it, each line of a traceback is indented."""

    def formatMessage(self, record: logging.LogRecord) -> str:
        return on_one_line(super().formatMessage(record))

    def formatException(self, ei: Any) -> str:
        return _indented(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:
        return _indented(super().formatStack(stack_info))


def _indented(text: str) -> str:
    return "\n".join(f"    {on_one_line(line)}" for line in text.split("\n"))


class _PrivateLog(RotatingFileHandler):
    """A log that only this user may read, and so the older ones, which are this one renamed."""

    def doRollover(self) -> None:
        """Begin the next file; while another process of Windows has this one open, go on with it."""
        try:
            super().doRollover()
        except OSError:
            self.stream = self._open()

    def _open(self) -> TextIOWrapper:
        make_private_file(Path(self.baseFilename), *(f".{number}" for number in range(1, _OLD_FILES + 1)))
        return super()._open()
