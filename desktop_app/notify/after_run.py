"""What the daily task does last: tell of a failure, of what was set aside, or that all is well (again)."""

import logging
import time
from collections.abc import Callable, Iterable, Sequence
from typing import ClassVar

from desktop_app.errors import ExitCode, UserError
from desktop_app.export.ledger import Archive, StartedBy, open_ledger
from desktop_app.export.run_lock import AlreadyRunning
from desktop_app.notify import news, system_log
from desktop_app.notify.message import Message, this_installation
from desktop_app.notify.ping import ping
from desktop_app.notify.ways import tell_every_week, tell_of_cause, tell_of_end
from desktop_app.notify.witness import witness
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import NotifySettings
from desktop_app.settings.paths import Paths
from desktop_app.sources.collected import CollectedSource
from desktop_app.wording import Said

_LOG = logging.getLogger(__name__)
SEE_SET_ASIDE = "audit-trails-export source set-aside"
_SET_ASIDE = "set aside: "


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


class RunningOut(UserError):
    """Events of a source will soon be gone, or are going, that were not collected."""

    exit_code: ClassVar[ExitCode] = ExitCode.TRY_LATER

    def __init__(self, name: str, told: Said) -> None:
        super().__init__(told)
        self.name = name


def running_out(sources: Iterable[CollectedSource]) -> list[RunningOut]:
    """What to tell of the sources whose events can't be fetched for long any more."""
    return [RunningOut(source.name, source.running_out) for source in sources if source.running_out]


def tell_of_run(
    paths: Paths,
    error: UserError | None,
    others: Sequence[UserError] = (),
    delivered: Sequence[Archive] = (),
    clock: Callable[[], float] = time.time,
) -> None:
    """Tell how a scheduled run ended: `error`, what `others` say, or that all went well. Never raises.

    A cause is told once on each way, again after a week, and its end; where nobody could be reached (no one is
    signed in at night), the next run tries again. The event log of Windows has each failure, and the newest of the
    archives that were `delivered`, as the journal has on Linux.
    """
    try:
        if isinstance(error, AlreadyRunning) and _will_be_told(paths):
            return
        wanted, now_ms = _wanted(paths), int(clock() * 1000)
        if delivered:
            system_log.note_delivery(witness(delivered[-1]))
        if told := [each for each in (error, *others) if each]:
            message = _tell_bad_news(paths, told, error, now_ms)
        else:
            _tell_good_news(paths, wanted.weekly, now_ms)
            message = None
        if wanted.ping_url:
            message = message or _all_well(paths)
            ping(wanted.ping_url, f"{message.title}\n\n{message.whole}", failed=error is not None)
    except Exception:  # whatever it is, the run is done and must not fail by it
        _LOG.exception("nobody could be told how the run ended")


def cause_of(error: UserError) -> str:
    """What two failures have in common that are one to a reader: names and numbers in them do not count."""
    if isinstance(error, MostlySetAside):
        return f"{_SET_ASIDE}{error.name}"
    if isinstance(error, RunningOut):
        return f"running out: {error.name}"
    message = error.message
    return f"{int(error.exit_code)} {message.template if isinstance(message, Said) else message}"


def _will_be_told(paths: Paths) -> bool:
    """Whether the run that lasts is one of the daily task; whoever starts a run sees how it ends."""
    with open_ledger(paths.ledger) as ledger:
        lasting = ledger.active_run()
    return lasting is None or lasting.started_by is StartedBy.SCHEDULE


def _tell_bad_news(paths: Paths, told: Sequence[UserError], error: UserError | None, now_ms: int) -> Message:
    """Tell of the failure `error`, if there is one, and of all else that is `told`; the message."""
    text = "\n".join(f"{each.message}\n{each.advice}".strip() for each in told)
    system_log.note_failure(text)
    here = this_installation(paths)
    message = news.failed(here, text, error) if error else news.set_aside(here, text)
    tell_of_cause(paths, message, "; ".join(map(cause_of, told)), now_ms, is_failure=error is not None)
    return message


def _tell_good_news(paths: Paths, weekly: bool, now_ms: int) -> None:
    """Tell that it works again where a failure was told, and that all is well where that is wanted each week."""
    took = tell_of_end(
        paths,
        lambda: news.works_again(this_installation(paths), _newest(paths)),
        lambda cause: not cause.startswith(_SET_ASIDE),
    )
    if weekly:
        tell_every_week(paths, lambda: _all_well(paths), now_ms, is_told="address" in took)


def _all_well(paths: Paths) -> Message:
    return news.all_well(this_installation(paths), _newest(paths))


def _wanted(paths: Paths) -> NotifySettings:
    """What the settings say of messages; nothing where they can't be read, which is told as a failure."""
    try:
        return load_settings(paths).notify
    except UserError:
        return NotifySettings()


def _newest(paths: Paths) -> Archive | None:
    with open_ledger(paths.ledger) as ledger:
        return ledger.last_delivered()
