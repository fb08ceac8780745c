"""What the daily task does last: tell of a failure, or that most was set aside; each cause once, until a run goes
well."""

import logging
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import ClassVar

from desktop_app.errors import ExitCode, LocalDiskError, UserError
from desktop_app.export.ledger import StartedBy, open_ledger
from desktop_app.export.run_lock import AlreadyRunning
from desktop_app.notify import address, desktop, event_log
from desktop_app.notify.message import Installation, Message, facts, this_installation
from desktop_app.settings.paths import Paths
from desktop_app.sources.collected import CollectedSource
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
SEE_SET_ASIDE = "audit-trails-export source set-aside"
# Each way by its name, under which the ledger remembers what was told on it.
_WAYS: dict[str, Callable[[Paths, Message], bool]] = {
    "desktop": lambda _, message: desktop.show(message),
    "address": address.send,
}


class MostlySetAside(UserError):
    """Most of what was read of a source was set aside."""

    exit_code: ClassVar[ExitCode] = ExitCode.BAD_DATA

    def __init__(self, source: CollectedSource) -> None:
        hint = Said("Change the mapping of the source: what is set aside is tried again then. To see the records:")
        super().__init__(next(source.warnings()), hint, command=SEE_SET_ASIDE)
        self.name = source.name


def mostly_set_aside(sources: Iterable[CollectedSource]) -> list[MostlySetAside]:
    """What to tell of the sources of which more was set aside than came into the store."""
    return [MostlySetAside(source) for source in sources if source.mostly_set_aside]


def tell_of_run(paths: Paths, error: UserError | None, set_aside: Sequence[MostlySetAside] = ()) -> None:
    """Tell how a scheduled run ended: `error`, or what it `set_aside`, or that all went well. Never raises.

    A cause is told once on each way; where nobody could be reached (no one is signed in at night), the next
    failure tries again. The event log of Windows has each failure, as the journal has on Linux.
    """
    try:
        if isinstance(error, AlreadyRunning) and _will_be_told(paths):
            return
        if told := [each for each in (error, *set_aside) if each]:
            text = "\n".join(f"{each.message}\n{each.advice}".strip() for each in told)
            event_log.report(text)
            message = _bad_news(this_installation(paths), text, error)
            _tell(paths, message, "; ".join(map(cause_of, told)))
        else:
            with open_ledger(paths.ledger) as ledger:
                ledger.forget_told()
    except Exception:  # whatever it is, the run is done and must not fail by it
        _LOG.exception("nobody could be told how the run ended")


def cause_of(error: UserError) -> str:
    """What two failures have in common that are one to a reader: names and numbers in them do not count."""
    if isinstance(error, MostlySetAside):
        return f"set aside: {error.name}"
    message = error.message
    return f"{int(error.exit_code)} {message.template if isinstance(message, Said) else message}"


def _will_be_told(paths: Paths) -> bool:
    """Whether the run that lasts is one of the daily task; what was begun by hand tells nobody else."""
    with open_ledger(paths.ledger) as ledger:
        lasting = ledger.active_run()
    return lasting is None or lasting.started_by is StartedBy.SCHEDULE


def _bad_news(here: Installation, text: str, error: UserError | None) -> Message:
    """What is told of a failed run; without an `error`, of sources of which most was set aside."""
    if error is None:
        title = f"Most records of a source can't be exported: {here.name}"
        return Message(kind="warning", title=title, text=text, facts=facts(here))
    days = len(here.waiting or ())
    waiting = f", {days} {'day' if days == 1 else 'days'} waiting" if days else ""
    title = f"Audit trails export failed: {here.name}{waiting}"
    return Message(kind="failure", title=title, text=text, facts=facts(here, error.exit_code))


def _tell(paths: Paths, message: Message, cause: str) -> None:
    for way, tell in _WAYS.items():
        if _told_cause(paths, way) != cause and tell(paths, message):
            _LOG.info("told of it by %s", way)
            with suppress(LocalDiskError), open_ledger(paths.ledger) as ledger:
                ledger.set_told_cause(way, cause)


def _told_cause(paths: Paths, way: str) -> str | None:
    """What was told last on a way. Of a ledger that can't be used there is all the more to tell: None."""
    try:
        with open_ledger(paths.ledger) as ledger:
            return ledger.told_cause(way)
    except LocalDiskError:
        return None
