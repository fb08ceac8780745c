"""The keys of an audit event that a source can map."""

from functools import cache

import msgspec
from msgspec import Struct

from desktop_app.resources import load_toml
from desktop_app.wording import Said


class EventKey(Struct, frozen=True):
    """One key; without those that are `needed`, a record is no event."""

    name: str
    needed: bool
    help: str

    @property
    def explanation(self) -> Said:
        """The help text, to be shown in the reader's language."""
        return Said(self.help)


@cache
def event_keys() -> tuple[EventKey, ...]:
    """All of them, in the order in which people are asked for them."""
    return msgspec.convert(load_toml("event_keys")["key"], tuple[EventKey, ...])
