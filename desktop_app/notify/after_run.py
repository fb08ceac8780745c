"""What the daily task does last: tell of a failure, each cause once, until a run goes well."""

import logging
from collections.abc import Callable
from contextlib import suppress

from desktop_app.errors import LocalDiskError, UserError
from desktop_app.export.ledger import StartedBy, open_ledger
from desktop_app.export.run_lock import AlreadyRunning
from desktop_app.notify import address, desktop, event_log
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
TITLE = "The daily export of audit trails failed"
# Each way by its name, under which the ledger remembers what was told on it.
_WAYS: dict[str, Callable[[Paths, str, str], bool]] = {
    "desktop": lambda _, title, text: desktop.show(title, text),
    "address": address.send,
}


def tell_of_run(paths: Paths, error: UserError | None) -> None:
    """Tell how a scheduled run ended: `error`, or None where all went well. Never raises.

    A cause is told once on each way; where nobody could be reached (no one is signed in at night), the next
    failure tries again. The event log of Windows has each failure, as the journal has on Linux.
    """
    try:
        if isinstance(error, AlreadyRunning) and _will_be_told(paths):
            return
        if error:
            event_log.report(f"{error.message}\n{error.advice}".strip())
            _tell(paths, error)
        else:
            with open_ledger(paths.ledger) as ledger:
                ledger.forget_told()
    except Exception:  # whatever it is, the run is done and must not fail by it
        _LOG.exception("nobody could be told how the run ended")


def cause_of(error: UserError) -> str:
    """What two failures have in common that are one to a reader: names and numbers in them do not count."""
    message = error.message
    return f"{int(error.exit_code)} {message.template if isinstance(message, Said) else message}"


def _will_be_told(paths: Paths) -> bool:
    """Whether the run that lasts is one of the daily task; what was begun by hand tells nobody else."""
    with open_ledger(paths.ledger) as ledger:
        lasting = ledger.active_run()
    return lasting is None or lasting.started_by is StartedBy.SCHEDULE


def _tell(paths: Paths, error: UserError) -> None:
    cause, text = cause_of(error), f"{error.message}\n{error.advice}".strip()
    for way, tell in _WAYS.items():
        if _told_cause(paths, way) != cause and tell(paths, TITLE, text):
            _LOG.info("told of the failure by %s", way)
            with suppress(LocalDiskError), open_ledger(paths.ledger) as ledger:
                ledger.set_told_cause(way, cause)


def _told_cause(paths: Paths, way: str) -> str | None:
    """What was told last on a way. Of a ledger that can't be used there is all the more to tell: None."""
    try:
        with open_ledger(paths.ledger) as ledger:
            return ledger.told_cause(way)
    except LocalDiskError:
        return None
