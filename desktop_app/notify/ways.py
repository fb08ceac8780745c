"""The ways on which somebody is told, and what was told last on each: a cause once, after a week, and its end."""

import logging
from collections.abc import Callable

from desktop_app.errors import LocalDiskError
from desktop_app.export.ledger import Told, open_ledger
from desktop_app.notify import address, desktop
from desktop_app.notify.message import Message
from desktop_app.settings.paths import Paths

_LOG = logging.getLogger(__name__)
# Each by its name, under which the ledger remembers what was told on it.
WAYS: dict[str, Callable[[Paths, Message], bool]] = {
    "desktop": lambda _, message: desktop.show(message),
    "address": address.send,
}
_WEEKLY = "weekly"  # no way, but remembered as one
WEEK_MS = (7 * 24 - 12) * 3_600_000  # half a day less: no night comes at the same minute as that of a week before


def tell_of_cause(paths: Paths, message: Message, cause: str, now_ms: int, is_failure: bool = True) -> None:
    """Tell of a cause on each way where that is news; a way that does not take it is tried by the next run.

    That of a failure is news again once a run went well, whoever began that.
    """
    told, success_ms = _told_and_success(paths)
    success_ms = success_ms if is_failure else 0
    for way, tell in WAYS.items():
        last = told.get(way)
        is_known = last and last.cause == cause and success_ms < last.told_ms and now_ms - last.told_ms < WEEK_MS
        if not is_known and tell(paths, message):
            _LOG.info("told of it by %s", way)
            _remember(paths, way, Told(cause, now_ms))


def tell_of_end(paths: Paths, message: Callable[[], Message], was_failure: Callable[[str], bool]) -> list[str]:
    """Tell on each way that what was told there is over, where that `was_failure`; the ways that took it.

    A way that does not take it is tried by the next success. Raises LocalDiskError.
    """
    with open_ledger(paths.ledger) as ledger:
        told = ledger.told()
    took = []
    for way, tell in WAYS.items():
        if way not in told:
            continue
        if was_failure(told[way].cause):
            if not tell(paths, message()):
                continue
            _LOG.info("told of its end by %s", way)
            took.append(way)
        with open_ledger(paths.ledger) as ledger:
            ledger.forget_told(way)
    return took


def tell_every_week(paths: Paths, message: Callable[[], Message], now_ms: int, is_told: bool) -> None:
    """Send the address what all is well with, unless it was sent something like it (or `is_told` now) this week.

    Raises LocalDiskError.
    """
    with open_ledger(paths.ledger) as ledger:
        last = ledger.told().get(_WEEKLY)
    is_due = last is None or now_ms - last.told_ms >= WEEK_MS
    if is_told or (is_due and address.send(paths, message())):
        _remember(paths, _WEEKLY, Told("", now_ms))


def _told_and_success(paths: Paths) -> tuple[dict[str, Told], int]:
    """What was told, and when the last run that went well began; of a ledger that can't be used nothing was."""
    try:
        with open_ledger(paths.ledger) as ledger:
            success = ledger.last_success()
            return ledger.told(), success.started_ms if success else 0
    except LocalDiskError:
        return {}, 0


def _remember(paths: Paths, way: str, told: Told) -> None:
    try:
        with open_ledger(paths.ledger) as ledger:
            ledger.set_told(way, told)
    except LocalDiskError as error:
        _LOG.warning("what was told could not be noted: %s", error)
