"""The log file of both programs: what was done and what went wrong, without secrets."""

import logging
from contextlib import suppress
from logging.handlers import RotatingFileHandler

from desktop_app.settings.paths import Paths, make_private_folder

_MAX_BYTES = 1_000_000
_OLD_FILES = 5


def log_to_file(paths: Paths) -> None:
    """Let every logger of the process write to the log file, which is opened with its first line.

    Where it can't be written, nothing is logged: a full disk must not keep the export from telling so.
    """
    with suppress(OSError):
        make_private_folder(paths.logs)
        handler = RotatingFileHandler(
            paths.log_file, maxBytes=_MAX_BYTES, backupCount=_OLD_FILES, encoding="utf-8", delay=True
        )
        handler.setFormatter(logging.Formatter("%(asctime)s %(process)d %(levelname)s %(message)s"))
        logging.basicConfig(level=logging.INFO, handlers=[handler])
        logging.getLogger("paramiko").setLevel(logging.WARNING)
        logging.raiseExceptions = False
