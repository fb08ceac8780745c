"""A `Rig` of each kind of source, over which `test_contract.py` runs what every kind must keep."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Protocol

import pytest

from desktop_app.settings.model import SourceSettings
from desktop_app.sources import collect as collecting
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.sources.kind import Places, Reader, Record, Secrets, Step
from desktop_app.sources.kinds import open_source
from desktop_app.stop import Stop
from desktop_app.trails.store.store import Store


class Rig(Protocol):
    """A real place that a source of a kind reads, and the tests write to."""

    source: SourceSettings

    def write(self, part: str, records: list[bytes]) -> None:
        """Have these records in a part, in place of those that were there and that they begin with."""

    def remove(self, part: str) -> None:
        """Take a part away."""

    def remove_all(self) -> None:
        """Take the place itself away."""


class Killed(BaseException):
    """The process is killed, as far as a test can have that."""


@dataclass
class Watched:
    """A reader, with what a test does to it."""

    reader: Reader
    order: Callable[[list[str]], list[str]] = list
    steps_until_kill: int = 1 << 30
    seen: list[Step] | None = None

    def parts(self, places: Places) -> Iterator[str]:
        yield from self.order(list(self.reader.parts(places)))

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        for step in self.reader.steps(part, places, stop):
            if self.steps_until_kill == 0:
                raise Killed
            self.steps_until_kill -= 1
            if self.seen is not None:
                self.seen.append(step)
            yield step

    def sample(self) -> Iterator[Record]:
        return self.reader.sample()


def collect_one(source: SourceSettings, store: Store) -> Collected:
    """Collect from one source."""
    return collect([source], store, lambda _: None)


def collect_watched(
    source: SourceSettings,
    store: Store,
    patch: pytest.MonkeyPatch,
    order: Callable[[list[str]], list[str]] = list,
    steps_until_kill: int = 1 << 30,
) -> list[Step]:
    """Collect from one source through a Watched reader; its steps, as far as they were stored."""
    seen: list[Step] = []

    @contextmanager
    def opened(source: SourceSettings, secrets: Secrets) -> Iterator[Watched]:
        with open_source(source, secrets) as reader:
            yield Watched(reader, order, steps_until_kill, seen)

    with patch.context() as patched:
        patched.setattr(collecting, "open_source", opened)
        with suppress(Killed):
            collect_one(source, store)
    return seen
