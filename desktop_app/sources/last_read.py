"""When a source was read last, what came, how late its events come and how far back they go; and how long what has
happened since can still be fetched from a service that keeps events for a while only.

This is kept with what the source remembers, under a key that no reader uses.
"""

import msgspec
from msgspec import Struct

from desktop_app.kept_sentence import said
from desktop_app.settings.duration import DAY_MS
from desktop_app.settings.model import SourceSettings
from desktop_app.sources.catalogue import keeps_days
from desktop_app.sources.kind import Places
from desktop_app.wording import Said

LAST_READ = "last-read"
_IN_TIME_MS = 7 * DAY_MS  # before the first event is lost; of what is kept shortly, a third


class LastRead(Struct, frozen=True, omit_defaults=True):
    """The last collection of a source, which ended at `at_ms`; 0 where there was none. Instants and spans are in
    milliseconds.

    It `read` so many records, of which so many events were stored. The last one that read all there was began at
    `whole_ms`. Events were stored up to `late_ms` after the collection that could have had them first; those that
    were stored are from `oldest_ms` to `newest_ms`. `why` says what could not be read.
    """

    at_ms: int = 0
    read: int = 0
    stored: int = 0
    repeated: int = 0
    set_aside: int = 0
    whole_ms: int = 0
    late_ms: int = 0
    oldest_ms: int = 0
    newest_ms: int = 0
    why: str = ""

    @property
    def problem(self) -> str:
        """What could not be read, as a sentence; empty where all was."""
        return said(self.why)


def last_read(places: Places) -> LastRead:
    """What is known of the last collection. Raises StoreDamaged."""
    value = places.get(LAST_READ)
    return msgspec.json.decode(value, type=LastRead) if value else LastRead()


def remembered(last: LastRead) -> dict[str, bytes | None]:
    """As a source remembers it."""
    return {LAST_READ: msgspec.json.encode(last)}


def running_out(source: SourceSettings, last: LastRead, now_ms: int) -> Said | None:
    """What to tell while events can still be fetched that will soon be gone, or are going; None where there is
    time, or the service keeps them as long as it is set up there."""
    kept_days = keeps_days(source)
    if not (kept_days and last.whole_ms):
        return None
    kept_ms, ago_ms = kept_days * DAY_MS, now_ms - last.whole_ms
    left_ms = kept_ms - ago_ms
    if left_ms > min(_IN_TIME_MS, kept_ms // 3):
        return None
    if left_ms <= 0:
        return Said(
            "Source {name}: its service keeps events for {kept} days, and it was last read whole {ago} days ago."
            " Events are being lost. Export now.",
            name=source.name,
            kept=kept_days,
            ago=ago_ms // DAY_MS,
        )
    return Said(
        "Source {name}: its service keeps events for {kept} days, and it was last read whole {ago} days ago."
        " Days left before events are lost: {left}. Export now.",
        name=source.name,
        kept=kept_days,
        ago=ago_ms // DAY_MS,
        left=f"{left_ms / DAY_MS:.1f}",
    )
