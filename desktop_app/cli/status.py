"""`audit-trails-export status`."""

import sys
from collections.abc import Iterator
from typing import Any

import click
from msgspec import to_builtins

from desktop_app.actions.status import Overview, Status, status, troubles
from desktop_app.cli.history import run_document
from desktop_app.cli.last_read import last_read_document, last_read_text
from desktop_app.cli.output import iso_time, local_time, print_json, say_labelled, tell
from desktop_app.cli.schedule import runs_text, task_document, task_text
from desktop_app.cli.speech import days, events, joined, number, spoken, word_for
from desktop_app.export.ledger import Run
from desktop_app.schedule.no_scheduler import COMMAND as RUN_SCHEDULED
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keeper import Protection
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.wording import Said


@click.command("status", short_help="Show what is on, ran last and waits.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
@click.option("--check", is_flag=True, help="Exit with another code than 0 when somebody must look after it.")
def command(as_json: bool, check: bool) -> None:
    """Show whether the export is configured and on, its daily task, the last and the next run, and what waits.

    For monitoring: `status --check` exits with 0 while all is well or the export is off. Otherwise it says why,
    and exits with the code that fits: 78 for the settings or the daily task, or that of the last run.
    """
    paths = find_paths()
    found = status(load_settings(paths), paths)
    if as_json:
        print_json(_document(found))
    else:
        say_labelled(_lines(found))
    if check and (wrong := troubles(found)):
        for trouble in wrong:
            if trouble.message not in found.unsafe:  # that is told with every command
                tell(trouble.message)
        sys.exit(wrong[0].code)


def _document(found: Status) -> dict[str, Any]:
    state, task, night = found.overview, found.task, found.night
    return {
        "configured": state.not_configured is None,
        "not_configured": state.not_configured,
        "enabled": state.enabled,
        "overdue": state.overdue,
        "next_run": iso_time(task.next_run) if state.enabled else None,
        "running": state.running,
        "last_run": run_document(state.last_run) if state.last_run else None,
        "last_success": run_document(state.last_success) if state.last_success else None,
        "last_archive": state.last_archive.name if state.last_archive else None,
        "waiting": state.waiting,
        "events_in_store": state.events_in_store,
        "set_aside": {name: each.set_aside for name, each in state.sources.items()},
        "sources": [
            {
                "name": name,
                **to_builtins(each),
                **last_read_document(state.last_reads[name]),
                "running_out": state.running_out.get(name),
            }
            for name, each in state.sources.items()
        ],
        "clock_set_back": state.clock_set_back,
        "future_events": state.future,
        "password": found.password if isinstance(found.password, Protection) else None,
        "readable_at_night": night.readable if night else None,
        "task": task_document(task),
    }


def _lines(found: Status) -> Iterator[tuple[str, str]]:
    state, task = found.overview, found.task
    yield Said("Configured"), state.not_configured or Said("yes")
    yield Said("Export"), Said("ON") if state.enabled else Said("OFF")
    if state.overdue:
        yield Said("Overdue"), Said("no run went well for more than a day and a half")
    if isinstance(found.password, Protection):
        yield Said("Password"), joined(found.password.name, found.password.explains, ": ")
    elif found.password:
        yield Said("Password"), joined(found.password.message, found.password.advice)
    if state.enabled:
        yield Said("Next run"), _next_run(task)
    if task.installed or not task.is_known:
        yield Said("Daily task"), task_text(task)
    if task.installed:
        yield Said("Runs"), runs_text(task)
    if task.problem:
        yield Said("Problem"), joined(task.problem, task.advice)
    if state.last_run:
        run = state.last_run
        what = run.message or (events(run.events) if run.events else "")
        outcome = Said("running now") if state.running else joined(_outcome(run), what, ", ")
        yield (
            Said("Last run"),
            Said(
                "{time} ({who}): {outcome}",
                time=local_time(run.started_ms),
                who=word_for(run.started_by),
                outcome=outcome,
            ),
        )
    if state.last_archive:
        yield Said("Last archive"), state.last_archive.name
    yield Said("Waiting"), _waiting(state)
    yield Said("Store"), events(state.events_in_store)
    for source, n in state.sources.items():
        counts = Said(
            "read {read}, stored {stored}, repeated {repeated}, set aside {aside}",
            read=n.read,
            stored=n.stored,
            repeated=n.repeated,
            aside=n.set_aside,
        )
        what = counts if n.read or n.files else Said("nothing was read so far")
        yield Said("Source"), f"{source}: {spoken(what)}"
        if state.last_reads[source].at_ms:
            yield "", last_read_text(state.last_reads[source])
        if source in state.running_out:
            yield Said("Runs out"), state.running_out[source]
        if n.set_aside:
            yield (
                Said("Set aside"),
                Said("{count} of source {name} can't be events", count=number(n.set_aside), name=source),
            )
    if state.future:
        yield Said("Future"), state.future
    if state.clock_set_back:
        yield Said("Clock"), Said("this computer's clock stands before the last run; was it set back?")


def _next_run(task: TaskState) -> str:
    """When somebody starts the next run: never a time at which nobody will."""
    if task.next_run:
        return local_time(task.next_run)
    if not task.is_known:
        return Said("not known")
    if task.is_left_to_another:
        return Said("when a scheduler of yours starts it: {command}", command=RUN_SCHEDULED)
    return Said("none")


def _outcome(run: Run) -> Said:
    return word_for(run.outcome) if run.outcome else Said("running")


def _waiting(state: Overview) -> str:
    if not state.waiting:
        return days(0)
    waiting = sum(day.events for day in state.waiting)
    first, last = state.waiting[0].day, state.waiting[-1].day
    which = first if first == last else Said("{first} to {last}", first=first, last=last)
    return Said("{days} ({which}), {events}", days=days(len(state.waiting)), which=which, events=events(waiting))
