"""The log file of both programs: what was done and what went wrong, without secrets."""

import logging
from contextlib import suppress
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from desktop_app.settings.paths import Paths, make_private_file, make_private_folder

_MAX_BYTES = 1_000_000
_OLD_FILES = 5


def log_to_file(paths: Paths) -> None:
    """Let every logger of the process write to the log file, which is opened with its first line.

    Where it can't be written, nothing is logged: a full disk must not keep the export from telling so.
    """
    with suppress(OSError):
        make_private_folder(paths.logs)
        handler = _PrivateLog(
            paths.log_file, maxBytes=_MAX_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
        logging.basicConfig(level=logging.INFO, handlers=[handler])
        logging.getLogger("paramiko").setLevel(logging.WARNING)
        logging.raiseExceptions = False


class _PrivateLog(RotatingFileHandler):
    """A log that this user alone may read, and so the older ones, which are this one renamed."""

    def _open(self) -> TextIOWrapper:
        make_private_file(Path(self.baseFilename), *(f".{number}" for number in range(1, _OLD_FILES + 1)))
        return super()._open()
