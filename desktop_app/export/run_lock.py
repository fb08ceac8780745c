"""One run at a time."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import ClassVar

from filelock import FileLock, Timeout

from desktop_app.errors import ExitCode, LocalDiskError, UserError
from desktop_app.export.ledger import Ledger, StartedBy
from desktop_app.files import make_private_file, make_private_folder
from desktop_app.held import reason
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
_STARTERS = {
    StartedBy.HAND: Said("hand"),
    StartedBy.SCHEDULE: Said("the daily task"),
    StartedBy.FORM: Said("the form"),
}


class AlreadyRunning(UserError):
    """Another run holds the lock."""

    exit_code: ClassVar[ExitCode] = ExitCode.TRY_LATER


@contextmanager
def run_lock(paths: Paths, ledger: Ledger) -> Iterator[None]:
    """Hold the lock of this configuration. The system frees it when the process ends, however it ends.

    Raises AlreadyRunning, which says who holds it, and LocalDiskError. One that can't be released is only logged:
    what was done is done.
    """
    lock = _lock(paths)
    try:
        make_private_folder(paths.run_lock.parent)
        make_private_file(paths.run_lock)  # whoever may read it can lock it
        # A moment of patience, for `is_running` takes the lock for an instant.
        lock.acquire(timeout=1, poll_interval=0.05)
    except Timeout as error:
        raise AlreadyRunning(_who(ledger), Said("Wait until it has ended, then try again.")) from error
    except OSError as error:
        raise LocalDiskError(
            Said("The lock file {path} can't be used ({reason}).", path=paths.run_lock, reason=reason(error)),
            Said("Is its folder writable, and on a disk where files can be locked?"),
        ) from error
    try:
        yield
    finally:
        try:
            lock.release()
        except OSError as error:
            _LOG.warning("%s could not be released (%s); the system does that in the end", paths.run_lock, error)


def is_running(paths: Paths) -> bool:
    """Whether a run holds the lock at this moment."""
    if not paths.run_lock.exists():
        return False
    try:
        with _lock(paths).acquire(timeout=0):
            return False
    except Timeout:
        return True
    except OSError:
        return False


def _lock(paths: Paths) -> FileLock:
    # Without the fallback: to that, the lock file of the last run is a lock.
    return FileLock(paths.run_lock, fallback_to_soft=False)


def _who(ledger: Ledger) -> Said:
    run = ledger.active_run()
    if run is None:
        return Said("Another export of this configuration is running.")
    return Said(
        "Another export is running: process {pid}, started {time} by {by}.",
        pid=run.pid,
        time=datetime.fromtimestamp(run.started_ms / 1000).strftime("%Y-%m-%d %H:%M:%S"),
        by=_STARTERS[run.started_by],
    )
