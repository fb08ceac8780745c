"""`audit-trails-export run`."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NoReturn

import click

from desktop_app.actions.run import Request, RunResult, run_once, turned_down, was_missed
from desktop_app.cli.output import (
    archive_document,
    error_document,
    print_json,
    say,
    tell,
    tell_error,
    tell_warning,
)
from desktop_app.cli.progress import shown_progress
from desktop_app.cli.speech import events, joined, size
from desktop_app.errors import ExitCode, LocalDiskError, UserError
from desktop_app.export.ledger import Outcome, StartedBy
from desktop_app.settings.effective import load_settings
from desktop_app.settings.file import upgrade_file
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths, find_paths
from desktop_app.sources.collected import CollectedSource
from desktop_app.wording import Said


@click.command("run", short_help="Collect events and deliver what is due.")
@click.option("--now", "today_too", is_flag=True, help="Export the events of today so far as well.")
@click.option(
    "--scheduled",
    is_flag=True,
    help="Do nothing while the export is switched off. The daily task passes this.",
)
@click.option(
    "--missed",
    is_flag=True,
    help="Do nothing unless there was no run since the daily time. cron passes this when the computer starts.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
def command(today_too: bool, scheduled: bool, missed: bool, as_json: bool) -> None:
    """Collect events, then deliver an archive for every day that is due, oldest first.

    Days that were missed are caught up. Nothing due is success. What may pass (a lost connection, a busy
    server) is tried again a few times, then left for the next run; what won't pass by itself (a wrong
    password, a changed host key) is not tried again.
    """
    request = Request(StartedBy.SCHEDULE if scheduled else StartedBy.HAND, today_too)
    paths, has_run = find_paths(), True  # whether there was something to tell of
    try:
        upgrade_file(paths.config_file)
        with shown_progress() as on_progress:
            settings = load_settings(paths)
            if turned_down(settings, request) or (missed and not was_missed(settings, paths, time.time())):
                result, has_run = RunResult(Outcome.NOTHING_DUE), False
            else:
                result = run_once(settings, paths, request, lambda: secret_of(paths, settings.server), on_progress)
    except UserError as error:
        result = RunResult(Outcome.FAILED, [], error)
    if scheduled and has_run and result.outcome is not Outcome.STOPPED:
        _notify(paths, result)
    end_with(result, as_json, scheduled)


def end_with(result: RunResult, as_json: bool, scheduled: bool = False) -> NoReturn:
    """Print what came of a run, and exit with its code."""
    if as_json:
        print_json(_document(result))
    else:
        with _told_only():
            _tell(result, scheduled)
    sys.exit(result.error.exit_code if result.error else ExitCode.DONE)


@contextmanager
def _told_only() -> Iterator[None]:
    """What a disk did not take of the lines about a run is told, and makes none of it a failure."""
    try:
        yield
    except LocalDiskError as lost:
        tell_error(lost)


def secret_of(paths: Paths, server: ServerSettings) -> str:
    """What logs in to the server. Raises UserError."""
    from desktop_app.secrets.login_secret import login_secret  # what has nothing to deliver needs none

    return login_secret(paths, server)


def _notify(paths: Paths, result: RunResult) -> None:
    from desktop_app.notify.after_run import mostly_set_aside, running_out, tell_of_run

    told = [*mostly_set_aside(result.sources), *running_out(result.sources)]
    tell_of_run(paths, result.error, told, result.archives)


def _document(result: RunResult) -> dict[str, Any]:
    return {
        "outcome": result.outcome,
        "events": sum(archive.events for archive in result.archives),
        "archives": [archive_document(archive) for archive in result.archives],
        "warnings": result.warnings,
        "sources": [_source_document(source) for source in result.sources],
        "error": error_document(result.error),
    }


def _source_document(source: CollectedSource) -> dict[str, Any]:
    return {
        "name": source.name,
        "read": source.read,
        "stored": source.appended.stored,
        "repeated": source.appended.repeated,
        "set_aside": source.set_aside,
        "reasons": dict(source.reasons.most_common()),
    }


def _tell(result: RunResult, scheduled: bool) -> None:
    for archive in result.archives:
        say(f"{archive.name}  {joined(events(archive.events), size(archive.bytes), ', ')}")
    for source in result.sources:
        if source.read:
            n = source.appended
            (say if scheduled else tell)(
                Said(
                    "Source {name}: read {read}, stored {stored}, repeated {repeated}, set aside {aside}.",
                    name=source.name,
                    read=source.read,
                    stored=n.stored,
                    repeated=n.repeated,
                    aside=source.set_aside,
                )
            )
    if scheduled and result.archives:
        from desktop_app.notify.witness import witness

        say(witness(result.archives[-1]))  # into the journal
    tell_warning(*result.warnings)
    if result.error:
        tell_error(result.error)
    elif result.outcome is Outcome.NOTHING_DUE:
        (say if scheduled else tell)(Said("Nothing is due."))  # what a task says on standard error, cron mails
