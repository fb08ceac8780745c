"""The three facts at the head of the page: last export, next export, what waits."""

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop_app.gui.formats import count
from desktop_app.gui.language import spoken
from desktop_app.gui.widgets.tile import Tile
from desktop_app.schedule.no_scheduler import COMMAND as RUN_SCHEDULED

if TYPE_CHECKING:
    from desktop_app.actions.status import Status
    from desktop_app.export.ledger import Run, StartedBy


def _tr(text: str, number: int = -1) -> str:
    return QCoreApplication.translate("StatusTiles", text, None, number)


class Tiles(NamedTuple):
    """Where each fact is shown."""

    last: Tile
    following: Tile
    waiting: Tile


def show_facts(facts: "Status", near: Callable[[int], str], tiles: Tiles, *, failure_told: bool) -> None:
    """Fill the tiles; `near` writes an instant (epoch milliseconds) as people say it. `failure_told`: the page
    says above why the last run failed."""
    last_run = facts.overview.last_run
    if last_run and failure_told and not facts.overview.running:
        tiles.last.tell("alert", "bad", near(last_run.started_ms), _tr("Failed"))
    else:
        _show_last(last_run, near(last_run.started_ms) if last_run else "", facts.overview.running, tiles.last)
    _show_next(facts, near(facts.task.next_run) if facts.task.next_run else "", tiles.following)
    _show_waiting(facts, tiles.waiting)


def _show_last(run: "Run | None", when: str, running: bool, tile: Tile) -> None:
    if run is None:
        tile.tell("dash", "muted", _tr("None yet"), _tr("What was delivered will be here."))
        return
    if running:
        tile.tell("export", "text", _tr("Running now"), _started(run.started_by, when))
        return
    from desktop_app.export.ledger import Outcome

    match run.outcome:
        case Outcome.DELIVERED:
            tile.tell("check", "ok", when, _delivered(run.events))
        case Outcome.NOTHING_DUE:
            tile.tell("check", "ok", when, _tr("Nothing was due."))
        case Outcome.STOPPED:
            tile.tell("dash", "muted", when, _tr("Stopped. The next export continues."))
        case Outcome.INTERRUPTED:
            tile.tell("alert", "wait", when, _tr("Interrupted. The next export continues."))
        case _:
            tile.tell("alert", "bad", when, _tr("Failed: {why}").format(why=spoken(run.message or "")))


def _started(by: "StartedBy", when: str) -> str:
    from desktop_app.export.ledger import StartedBy

    sentences = {
        StartedBy.HAND: _tr("Since {when}, from the command line"),
        StartedBy.SCHEDULE: _tr("Since {when}, by the daily task"),
        StartedBy.FORM: _tr("Since {when}, from this window"),
    }
    return sentences[by].format(when=when)


def _delivered(events: int) -> str:
    return _tr("%n event(s) delivered", events).replace(str(events), count(events), 1)


def _show_next(facts: "Status", when: str, tile: Tile) -> None:
    if not facts.overview.enabled:
        tile.tell("dash", "muted", _tr("None"), _tr("The export is off."))
        return
    task = facts.task
    if not task.is_known:
        tile.tell("alert", "wait", _tr("Not known"), _tr("See above."))
    elif task.is_left_to_another:
        tile.tell("clock", "text", _tr("By your own scheduler"), RUN_SCHEDULED)
    elif not task.installed or not when:
        tile.tell("alert", "wait", _tr("Not arranged"), _tr("See above."))
    elif task.problem:
        tile.tell("alert", "wait", when, _tr("See above."))
    else:
        by = (
            _tr("Started by {scheduler}, only while you are signed in")
            if task.only_signed_in
            else _tr("Started by {scheduler}, also while you are signed out")
        )
        tile.tell("clock", "text", when, by.format(scheduler=task.scheduler))


def _show_waiting(facts: "Status", tile: Tile) -> None:
    days = facts.overview.waiting
    if not days and facts.overview.last_archive is None:
        tile.tell("dash", "muted", _tr("0 days"), _tr("Nothing waits."))
        return
    if not days:
        tile.tell("check", "ok", _tr("0 days"), _tr("All days that ended are on the server."))
        return
    events = sum(day.events for day in days)
    text = _tr("%n day(s)", len(days))
    which = days[0].day if len(days) == 1 else f"{days[0].day} … {days[-1].day}"
    told = _tr("{which}, %n event(s)", events).replace(str(events), count(events), 1)
    tile.tell("waiting", "wait", text, told.format(which=which))
