"""`audit-trails-export history`."""

from typing import Any

import click

from desktop_app.cli.output import iso_time, local_time, print_json, print_table, size, tell
from desktop_app.export.ledger import Run
from desktop_app.export.overview import history
from desktop_app.settings.paths import find_paths


@click.command("history")
@click.option("--limit", type=click.IntRange(min=1), default=30, show_default=True, help="How many runs.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document: a list of runs.")
def command(limit: int, as_json: bool) -> None:
    """Show the latest runs, newest first."""
    runs = history(find_paths(), limit)
    if as_json:
        print_json([run_document(run) for run in runs])
    elif not runs:
        tell("No runs yet. The first one: audit-trails-export run")
    else:
        head = ("Started", "By", "Took", "Outcome", "Events", "Size", "Message")
        print_table(head, map(_row, runs))


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


def _row(run: Run) -> tuple[str, ...]:
    took = "–" if run.finished_ms is None else f"{(run.finished_ms - run.started_ms) / 1000:.1f} s"
    return (
        local_time(run.started_ms),
        run.started_by,
        took,
        run.outcome or "running",
        f"{run.events:,}",
        size(run.bytes),
        run.message or "",
    )
