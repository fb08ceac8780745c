"""`audit-trails-export record`."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import copyfileobj
from stat import S_ISREG
from tempfile import TemporaryFile
from typing import IO, BinaryIO

import click

from desktop_app.cli.output import say, tell
from desktop_app.cli.progress import shown_count
from desktop_app.cli.speech import events
from desktop_app.errors import LocalDiskError
from desktop_app.held import reason
from desktop_app.other_process import start_process
from desktop_app.settings.paths import find_paths
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.parse_ahead import receive_parsed
from desktop_app.trails.record import parse_lines, store_events
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said

# To start a process for it is worth while from about a second of work on.
_LONG = 1 << 24
_SHOWN_EACH = 2_000  # events


@click.command("record", short_help="Store events from a file or a pipe.")
@click.argument("file", type=click.File("rb"), default="-")
def command(file: BinaryIO) -> None:
    """Store the audit events of FILE, or of standard input: JSON Lines, one event a line.

    All or nothing: when a line can't be an event, it is named and nothing is stored. An event that was recorded
    already, by its id, is not stored again; where its content is another, it is set aside.

    \b
    An event:
      {"createdAt": "2026-11-22T08:15:30Z", "entityType": "Configuration",
       "entityName": "Wi-Fi office", "actionType": "Update", "actor": {"user": "anna"},
       "before": {"ssid": "old"}, "after": {"ssid": "new"}}
    """
    paths = find_paths()
    with (
        open_store(paths.store) as store,
        _at_hand(file, paths.data) as lines,
        _events(lines) as parsed,
        shown_count(Said("Storing"), Said("events")) as show,
    ):
        appended = store_events(store, _counted(parsed, show))
    say(Said("{events} stored.", events=events(appended.stored)))
    if appended.repeated:
        say(Said("{events} were there already.", events=events(appended.repeated)))
    if appended.differing:
        tell(
            Said(
                "{events} set aside: other events with the same ids are there already. To see them: {command}",
                events=events(appended.differing),
                command="audit-trails-export source set-aside",
            )
        )


def _counted(events: Iterator[AuditEvent], show: Callable[[int, int | None], None]) -> Iterator[AuditEvent]:
    for number, event in enumerate(events):
        if number % _SHOWN_EACH == 0:
            show(number, None)
        yield event


@contextmanager
def _at_hand(file: BinaryIO, folder: Path) -> Iterator[IO[bytes]]:
    """`file`, or where it is a pipe or a terminal, all that came from it: the store takes events in one
    transaction, and a run would wait for that as long as for the last of them."""
    if S_ISREG(os.fstat(file.fileno()).st_mode):
        yield file
        return
    try:
        with TemporaryFile(dir=folder) as whole:  # only for this user
            copyfileobj(file, whole)
            whole.seek(0)
            yield whole
    except OSError as error:
        raise LocalDiskError(
            Said("The input can't be kept in {folder} ({reason}).", folder=folder, reason=reason(error)),
            Said("Nothing was stored. Is the disk full or read-only?"),
        ) from error


@contextmanager
def _events(lines: IO[bytes]) -> Iterator[Iterator[AuditEvent]]:
    """The events of `lines`; of many, from another process of this program, which parses while they are stored."""
    parser = start_process("parse", lines) if os.fstat(lines.fileno()).st_size >= _LONG else None
    if parser is None:
        yield parse_lines(lines)
        return
    with parser:
        assert parser.stdout
        try:
            yield receive_parsed(parser.stdout)
        finally:
            parser.kill()
