"""Record events given as JSON Lines: all of them, or none."""

from collections.abc import Iterable, Iterator

from desktop_app.errors import BadData
from desktop_app.trails.event import AuditEvent, NotAnEvent, parse_event
from desktop_app.trails.store import Appended, Store
from desktop_app.wording import Said

_BOM = b"\xef\xbb\xbf"


def record(store: Store, lines: Iterable[bytes]) -> Appended:
    """Store the event of every line that is not blank, in one transaction.

    Raises BadData, which names the first line that can't be an event; then nothing is stored.
    """
    return store.append(_events(lines))


def _events(lines: Iterable[bytes]) -> Iterator[AuditEvent]:
    for number, line in enumerate(lines, start=1):
        if number == 1:
            line = line.removeprefix(_BOM)
        if not line.isspace() and line:
            try:
                yield parse_event(line)
            except NotAnEvent as error:
                raise BadData(
                    Said("Line {number} can't be an audit event: {reason}.", number=number, reason=error.message),
                    Said("Nothing was stored. Mend that line and record all of them again."),
                ) from error
