"""Record events given as JSON Lines: all of them, or none."""

from collections.abc import Iterable, Iterator
from itertools import starmap

from desktop_app.errors import BadData
from desktop_app.trails.event import AuditEvent, NotAnEvent, parse_event
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.identity import RECORDED
from desktop_app.trails.store.known_sources import Counts, add_counts
from desktop_app.trails.store.set_aside import Kept, SetAside, other_content, set_aside
from desktop_app.trails.store.store import Store
from desktop_app.wording import Said

_BOM = b"\xef\xbb\xbf"


def record(store: Store, lines: Iterable[bytes]) -> Appended:
    """Store the event of every line that is not blank, in one transaction.

    Raises BadData, which names the first line that can't be an event; then nothing is stored.
    """
    return store_events(store, parse_lines(lines))


def store_events(store: Store, events: Iterable[AuditEvent]) -> Appended:
    """Store events in one transaction, or none of them. One that has the id of another is set aside, once."""
    there = 0

    def keep(event: AuditEvent) -> None:
        nonlocal there
        aside = SetAside("", Said("id {id}", id=event.id[:60]), other_content(event.id), event.line, event.id)
        there += set_aside(store, RECORDED, aside) is Kept.THERE

    store.enlarge_cache()
    with store.transaction():
        appended = store.append(events, RECORDED, keep)
        appended = Appended(appended.stored, appended.repeated + there, appended.differing - there)
        read = appended.stored + appended.repeated + appended.differing
        add_counts(store, RECORDED, Counts(read, appended.stored, appended.repeated))
    return appended


def parse_lines(lines: Iterable[bytes]) -> Iterator[AuditEvent]:
    """The events of lines. Raises BadData, which names the first line that can't be one."""
    return starmap(parse_line, numbered_lines(lines))


def numbered_lines(lines: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """The lines that are not blank, with their numbers from 1 on; without a byte order mark."""
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.isspace() and line:
            yield number, line


def parse_line(number: int, line: bytes) -> AuditEvent:
    """The event of a line. Raises BadData, which names the line."""
    try:
        return parse_event(line)
    except NotAnEvent as error:
        raise BadData(
            Said("Line {number} can't be an audit event: {reason}.", number=number, reason=error.message),
            Said("Nothing was stored. Fix that line and record all of them again."),
        ) from error
