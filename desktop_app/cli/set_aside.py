"""What `audit-trails-export source` has for records that were set aside."""

from collections.abc import Iterable
from typing import Any

import click

from desktop_app.actions.set_aside import SetAsideOfSource, all_set_aside, retry, set_aside_of
from desktop_app.cli import completed
from desktop_app.cli.output import print_json, say, tell, tell_warning
from desktop_app.cli.speech import files, joined
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.sources import find_source
from desktop_app.trails.store.set_aside import SetAside
from desktop_app.wording import Said

_SHOWN_BYTES = 2000


@click.command("set-aside", short_help="Show records that were set aside.")
@click.argument("name", required=False, shell_complete=completed.sources)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="How many of a source.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document, with the records whole.")
def set_aside_command(name: str | None, limit: int, as_json: bool) -> None:
    """Show the records of source NAME that can't be events, each with its place, the reason, and as it was read.

    Without NAME, those of all sources, and the events that `record` set aside. The latest come first.
    """
    paths = find_paths()
    most_bytes = 0 if as_json else _SHOWN_BYTES
    if name is None:
        found = all_set_aside(paths, limit, most_bytes)
    else:
        found = [SetAsideOfSource(name, set_aside_of(paths, name, limit, most_bytes))]
        if not found[0].records:
            find_source(load_settings(paths), name)
    if as_json:
        print_json([_document(each.source, record) for each in found for record in each.records])
        return
    for each in found:
        for line in _lines(each):
            say(line)
    if not any(each.records for each in found):
        tell(Said("Nothing is set aside."))


@click.command("retry", short_help="Try again what was set aside.")
@click.argument("name", shell_complete=completed.sources)
def retry_command(name: str) -> None:
    """Try again what was set aside of source NAME: exactly those records, and none of them twice.

    That happens by itself when the source's settings change, and after an update of this program.
    """
    done = retry(find_paths(), name)
    n = done.appended
    say(
        Said(
            "Tried again {read}: stored {stored}, repeated {repeated}, set aside {aside}.",
            read=done.read,
            stored=n.stored,
            repeated=n.repeated,
            aside=done.set_aside,
        )
    )
    if done.read_again:
        say(Said("{files} will be read again by the next run.", files=files(done.read_again)))
    tell_warning(*done.warnings())


def _lines(found: SetAsideOfSource) -> Iterable[str]:
    source = found.source or "record"
    for record in found.records:
        yield joined(joined(source, joined(record.path, record.place, ", "), ": "), record.reason, ": ")
        if record.content:
            yield f"    {_text(record.content)}"


def _document(source: str, record: SetAside) -> dict[str, Any]:
    return {
        "source": source or None,
        "path": record.path,
        "place": record.place,
        "reason": record.reason,
        "record": None if record.content is None else _text(record.content),
    }


def _text(content: bytes) -> str:
    """A record for people; bytes that are no UTF-8 as escapes."""
    return content.decode("utf-8", "backslashreplace").rstrip()
