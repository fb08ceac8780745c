"""`audit-trails-export history`."""

from typing import Any

import click

from desktop_app.actions.history import DayHistory, PastRun, day_history, history
from desktop_app.cli.output import archive_document, iso_time, local_time, print_json, print_table, tell
from desktop_app.cli.speech import number, size, word_for
from desktop_app.export.ledger import Archive, Run
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.wording import Said


@click.command("history")
@click.option(
    "--limit",
    type=click.IntRange(min=1, max=100_000),
    default=30,
    show_default=True,
    help="How many runs, or days.",
)
@click.option("--days", "by_day", is_flag=True, help="Show days instead of runs: what is delivered, what is not.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document: a list of runs, or of days.")
def command(limit: int, by_day: bool, as_json: bool) -> None:
    """Show the latest runs, newest first."""
    paths = find_paths()
    if by_day:
        _show_days(day_history(load_settings(paths), paths, limit)[::-1], as_json)
    else:
        _show_runs(history(paths, limit), as_json)


def _show_runs(past: list[PastRun], as_json: bool) -> None:
    if as_json:
        print_json(
            [{**run_document(each.run), "archives": list(map(archive_document, each.archives))} for each in past]
        )
    elif not past:
        tell(Said("No runs yet. The first one:"), "audit-trails-export run")
    else:
        head = (Said("Started"), Said("By"), Said("Outcome"), Said("Days"), Said("Events"), Said("Size"))
        print_table(head, [_row(each.run, each.archives) for each in past], [each.run.message for each in past])


def _show_days(days: list[DayHistory], as_json: bool) -> None:
    if as_json:
        print_json([_day_document(day) for day in days])
    else:
        rows = [
            (
                day.day,
                word_for(day.state),
                number(day.delivered),
                number(day.waiting),
                local_time(day.delivered_ms),
            )
            for day in days
        ]
        head = (Said("Day"), Said("State"), Said("Delivered"), Said("Waiting"), Said("Delivered at"))
        print_table(head, rows, [day.message for day in days])


def _day_document(day: DayHistory) -> dict[str, Any]:
    return {
        "day": day.day,
        "state": day.state,
        "delivered": day.delivered,
        "waiting": day.waiting,
        "archives": day.archives,
        "delivered_at": iso_time(day.delivered_ms),
        "message": day.message,
    }


def run_document(run: Run) -> dict[str, Any]:
    """A run as scripts get it; `error` is null unless it failed."""
    error = {"code": run.code, "message": run.message, "hint": run.hint} if run.code is not None else None
    return {
        "started": iso_time(run.started_ms),
        "finished": iso_time(run.finished_ms),
        "started_by": run.started_by,
        "outcome": run.outcome,
        "events": run.events,
        "bytes": run.bytes,
        "error": error,
    }


def _row(run: Run, archives: list[Archive]) -> tuple[str, ...]:
    return (
        local_time(run.started_ms),
        word_for(run.started_by),
        word_for(run.outcome) if run.outcome else Said("running"),
        _days([archive.day for archive in archives]),
        number(run.events),
        size(run.bytes),
    )


def _days(days: list[str]) -> str:
    """The first of some days, and how many more there are."""
    more = len(set(days)) - 1
    return "–" if more < 0 else f"{min(days)} +{more}" if more else days[0]
