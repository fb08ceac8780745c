"""The contract of every kind of source: what its module offers, and what its readers give.

Readers read, and store nothing: `collect` maps and stores what they give.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Any, ClassVar, Protocol

from msgspec import Struct

from desktop_app.errors import UserError
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.source_kinds import KindModule
from desktop_app.sources.order import Order
from desktop_app.stop import Stop
from desktop_app.wording import NOTHING, Said

# What is remembered under a key that begins so, is of one thing (a file, a window of time) that was read: how many
# there are is shown.
READ = "read:"

Secret = Callable[[], str | None]
Secrets = Callable[[SourceSettings], str | None]
"""Finds the password or token of a source; None where there is none that can be read now."""


class Record(Struct, frozen=True, gc=False):
    """One record as it was found: in what (a file, a table), and at which place there.

    Where it has no id of its own, `seed` and the content make one: the seed tells equal records of a source apart,
    and is the same when the record is read again. `unfit` says why it can't be an event, where the reader knows.
    What is given up as a whole has no content; `again` is the key of what is remembered of it, which is forgotten
    to have it read again.
    """

    content: bytes
    within: str
    place: Said
    seed: str
    unfit: Said = NOTHING
    again: str = ""


class Gone(UserError):
    """What was to be read is there no more: that is told once, and no later collection can read it."""


class Gap(Struct, frozen=True):
    """Something that was to be read and was not, and why."""

    what: str
    reason: Said


class Coverage(Struct, frozen=True):
    """What was asked of a source, how many records came, and what is known to be missing.

    Of a source that answers by pages, so many `pages` came with the step; it says that it has `total` records for
    what was asked, where it says that. All that was created before `upto_ms` (milliseconds since 1970) was read by
    an earlier collection: what is new all the same came late. Each collection looks `again_ms` further back.
    """

    asked: str
    came: int
    gaps: tuple[Gap, ...] = ()
    pages: int = 0
    total: int | None = None
    upto_ms: int = 0
    again_ms: int = 0


class Step(Struct, frozen=True):
    """A piece of a part, which is stored whole, in one transaction, or not at all.

    `remember` are the reader's own notes on how far it has come, by key; None forgets one. `gave_up` is told where
    something of the part could not be read; the rest of it goes on.
    """

    records: Sequence[Record]
    remember: Mapping[str, bytes | None]
    coverage: Coverage
    gave_up: UserError | None = None


class Places(Protocol):
    """What a source remembered, of all steps that were stored."""

    def get(self, key: str) -> bytes | None:
        """What is remembered under a key."""

    def starting_with(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        """All under keys that begin so, in their order, from the first one behind `after` on."""


class Reader(Protocol):
    """Reads one source. What can't be read is a UserError, which ends the part or the source it comes from.

    `order` says what is known of the order in time in which its records come.
    """

    order: ClassVar[Order]

    def parts(self, places: Places) -> Iterator[str]:
        """What there is to read: files, windows of time, tables. In whatever order, one needs no other."""

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        """What is new in a part. When a step is asked for, the one before it is stored, and `places` has it."""

    def sample(self) -> Iterator[Record]:
        """The first records, whether they were read before or not."""


class SourceKind(KindModule, Protocol):
    """What the module of a kind has, as functions."""

    def open(self, source: Any, secret: Secret) -> AbstractContextManager[Reader]:
        """A reader of a source; `secret` finds its password or token. Raises UserError."""


class NothingRemembered:
    """The places of a source of which nothing was read."""

    def get(self, key: str) -> bytes | None:
        return None

    def starting_with(self, prefix: str, after: str = "") -> Iterator[tuple[str, bytes]]:
        return iter(())
