"""`audit-trails-export status`."""

from collections.abc import Iterator
from typing import Any

import click

from desktop_app.cli.history import run_document
from desktop_app.cli.output import counted, iso_time, local_time, print_json
from desktop_app.export.overview import Overview, overview
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.secrets import Protection, account_name, where_password_is


@click.command("status", short_help="Show what is on, ran last and waits.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
def command(as_json: bool) -> None:
    """Show whether the export is configured and on, the last and the next run, and the days that wait."""
    paths = find_paths()
    settings = load_settings(paths)
    state = overview(settings, paths)
    protection = where_password_is(paths, account_name(settings.server)) if settings.server.host else None
    if as_json:
        print_json(_document(state, protection))
        return
    for label, value in _lines(state, protection):
        click.echo(f"{label:<14}{value}")


def _document(state: Overview, protection: Protection | None) -> dict[str, Any]:
    return {
        "configured": state.not_configured is None,
        "not_configured": state.not_configured,
        "enabled": state.enabled,
        "overdue": state.overdue,
        "next_run": iso_time(state.next_run),
        "running": state.running,
        "last_run": run_document(state.last_run) if state.last_run else None,
        "last_success": run_document(state.last_success) if state.last_success else None,
        "last_archive": state.last_archive.name if state.last_archive else None,
        "waiting": state.waiting,
        "events_in_store": state.events_in_store,
        "set_aside": state.set_aside,
        "clock_set_back": state.clock_set_back,
        "password": protection,
    }


def _lines(state: Overview, protection: Protection | None) -> Iterator[tuple[str, str]]:
    yield "Configured", state.not_configured or "yes"
    yield "Export", "ON" if state.enabled else "OFF"
    if state.overdue:
        yield "Overdue", "no run went well for more than a day and a half"
    if protection:
        yield "Password", f"{protection.name}: {protection.explains}"
    if state.enabled:
        yield "Next run", local_time(state.next_run)
    if state.last_run:
        run = state.last_run
        what = run.message or f"{counted(run.events, 'event')} delivered"
        outcome = "running now" if state.running else f"{run.outcome}, {what}"
        yield "Last run", f"{local_time(run.started_ms)}, by {run.started_by}: {outcome}"
    if state.last_archive:
        yield "Last archive", state.last_archive.name
    yield "Waiting", _waiting(state)
    yield "Store", counted(state.events_in_store, "event")
    for source, count in state.set_aside.items():
        if count:
            yield "Set aside", f"{counted(count, 'record')} of source {source} can't be events"
    if state.clock_set_back:
        yield "Clock", "this computer's clock stands before the last run; was it set back?"


def _waiting(state: Overview) -> str:
    if not state.waiting:
        return "0 days"
    events = sum(day.events for day in state.waiting)
    days = [day.day for day in state.waiting]
    which = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"{counted(len(days), 'day')} ({which}), {counted(events, 'event')}"
