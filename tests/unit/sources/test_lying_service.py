"""Whatever a service on the web does wrong, nothing of it is lost and nothing stored twice, and the truth is told.

AUDIT_TRAILS_LIES=N tries N stories, other ones each time; without it, the same few.
"""

import json
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.stop import Stop
from desktop_app.trails.store.store import Store, open_store
from tests.lying_service import DAY_MS, HOUR_MS, SECRET, Address, Event, Lie, LyingService, Style, lying
from tests.stored import events_in

FEW = 60
STORIES = int(os.environ.get("AUDIT_TRAILS_LIES", FEW))
SETTLE_MS, AGAIN_MS = 120_000, DAY_MS
CLOCK_SECOND_MS = 1000  # a Date is that precise
_NIGHTS = 4


@dataclass(frozen=True)
class Happens:
    """Some events, and then time passes; each `late` behind its time in the sequence, or `slow` to be seen at its
    place there."""

    late_ms: tuple[int, ...]
    is_slow: bool
    has_twin: bool
    within_ms: int
    then_ms: int


@dataclass(frozen=True)
class Edit:
    """The service says something else of an event."""

    which: int


@dataclass(frozen=True)
class Passes:
    """Time."""

    ms: int


@dataclass(frozen=True)
class Collects:
    """The daily task, while the service tells lies."""

    lies: tuple[tuple[Lie, int], ...]


Deed = Happens | Edit | Passes | Collects
late = st.integers(0, AGAIN_MS - 2 * SETTLE_MS)


@st.composite
def styles(draw: st.DrawFn) -> Style:
    by = draw(st.sampled_from(["window", "window", "position", "keyset"]))
    links = ["link-header", "body-url", "header-url", "cursor"]
    has_token = draw(st.booleans())
    if by == "keyset":
        inclusive = draw(st.booleans())
        return Style(
            by, "keyset", 3 if inclusive else draw(st.integers(1, 4)), inclusive=inclusive, has_token=has_token
        )
    if by == "position":
        last = draw(st.sampled_from(["missing", "empty-page"]))
        pages = draw(st.sampled_from([*links, "offset"]))
        has_ids = pages in links or draw(st.booleans())
        return Style(by, pages, draw(st.integers(2, 4)), has_ids=has_ids, last=last, has_token=has_token)
    pages = draw(st.sampled_from([*links, "page", "offset"]))
    return Style(
        by,
        pages,
        draw(st.integers(2, 4)),
        newest_first=draw(st.booleans()),
        has_ids=draw(st.booleans()),
        last=draw(st.sampled_from(["", "empty-page"] + ["short-page"] * (pages in ("page", "offset")))),
        has_token=has_token,
        longest=draw(st.sampled_from(["", "30d", "2d"])),
        tells_total=draw(st.booleans()),
    )


lies = st.tuples(st.sampled_from(get_args(Lie)), st.integers(0, 10_000))
deeds = st.one_of(
    st.builds(
        Happens,
        st.lists(late, min_size=1, max_size=9).map(tuple),
        st.booleans(),
        st.booleans(),
        st.one_of(st.integers(0, 8000), st.integers(0, HOUR_MS)),  # some while pages are read
        st.sampled_from([0, 0, 2 * SETTLE_MS, HOUR_MS]),
    ),
    st.builds(Edit, st.integers(0, 50)),
    st.builds(Passes, st.one_of(st.integers(0, 2 * SETTLE_MS), st.integers(0, 3 * DAY_MS))),
    st.builds(Collects, st.lists(lies, max_size=6).map(tuple)),
)


@pytest.fixture(scope="module")
def address() -> Iterator[Address]:
    with lying() as found:
        yield found


@given(
    style=styles(),
    off_ms=st.sampled_from([0, 0, -3 * DAY_MS, -HOUR_MS, HOUR_MS, 3 * DAY_MS]),
    is_late=st.booleans(),
    story=st.lists(deeds, min_size=2, max_size=12),
)
@settings(
    max_examples=STORIES,
    derandomize=STORIES == FEW,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
)
def test_nothing_is_lost_and_nothing_stored_twice(
    address: Address, style: Style, off_ms: int, is_late: bool, story: list[Deed]
) -> None:
    service = address.service = LyingService(style, off_ms)
    with TemporaryDirectory() as folder, open_store(Path(folder) / "trails.db") as store:
        tale = Tale(service, address.url, store, is_late)
        for deed in story:
            tale.do(deed)
        tale.end()


class Tale:
    """One story, and what must hold all the time."""

    def __init__(self, service: LyingService, url: str, store: Store, is_late: bool) -> None:
        self.service, self.store, self.is_late = service, store, is_late
        self.source = service.style.source(url)

    def do(self, deed: Deed) -> None:
        match deed:
            case Happens():
                self._happens(deed)
            case Edit(which):
                self._edit(which)
            case Passes(ms):
                self.service.now_ms += ms
            case Collects(told):
                self.service.lies.extend(told)
                self.collect()
                self.service.lies.clear()

    def end(self) -> None:
        """The service comes to its senses."""
        last_seen_ms = max((each.seen_ms for each in self.service.events), default=0)
        self.service.now_ms = max(self.service.now_ms, last_seen_ms) + 2 * SETTLE_MS
        for _ in range(_NIGHTS):  # a computer that is busy may take an answer for one that hangs
            result = self.collect()
            if result.error is None:
                break
        assert result.error is None, result.error
        self._must_have(self.service.events)

    def collect(self) -> CollectedSource:
        service, told_before = self.service, len(self.service.told)
        due = [each for each in service.seen() if not self._is_fresh(each)]
        (result,) = collect([self.source], self.store, lambda _: None, Stop(), lambda _: SECRET).sources
        assert result.read == result.appended.stored + result.appended.repeated + result.set_aside
        self._stored_are_true()
        if result.error is None:
            assert not result.gaps or service.style.tells_total  # of pages that grow while they are read
            if service.style.by != "window" or "old-date" not in service.told[told_before:]:
                self._must_have(due)  # else it looked not as far as it could, and does so the next time
        else:
            assert result.gaps and SECRET not in f"{result.error}{result.gaps}"
        self._position_is_not_ahead()
        return result

    def _is_fresh(self, event: Event) -> bool:
        """Whether it may come with the next collection."""
        is_window = self.service.style.by == "window"
        return is_window and event.created_ms > self.service.now_ms - SETTLE_MS - CLOCK_SECOND_MS

    def _must_have(self, due: list[Event]) -> None:
        wanted = Counter(each.name for each in due)
        missing = wanted - self._stored()
        assert not missing, f"lost: {missing}, after {self.service.told}"

    def _stored_are_true(self) -> None:
        """Each is one of the service's, and there once."""
        known = Counter(each.name for each in self.service.seen())
        twice = self._stored() - known
        assert not twice, f"twice: {twice}, after {self.service.told}"

    def _known(self) -> dict[str, int]:
        row = self.store.db.execute("SELECT value FROM places WHERE key = 'read:events'").fetchone()
        return json.loads(row[0]) if row else {}

    def _position_is_not_ahead(self) -> None:
        known = self._known()
        upto_ms = known.get("upto_ms", 0)
        assert upto_ms <= self.service.now_ms and known.get("latest_ms", 0) <= self.service.now_ms
        if self.service.style.by == "window":
            on_time = [
                each
                for each in self.service.events
                if each.created_ms < upto_ms and each.seen_ms == each.created_ms
            ]
            self._must_have(on_time)

    def _stored(self) -> Counter[str]:
        return Counter(each["entityName"] for each in events_in(self.store))

    def _happens(self, deed: Happens) -> None:
        service = self.service
        each_ms = deed.within_ms // len(deed.late_ms)
        for number, late_ms in enumerate(deed.late_ms):
            arrived_ms = service.now_ms + 1 + number * (1 + each_ms)
            seen_ms, created_ms = arrived_ms, arrived_ms
            if self.is_late:
                created_ms -= late_ms
            elif deed.is_slow and not (service.style.by == "position" and service.style.is_counted):
                seen_ms += late_ms % (SETTLE_MS - 20_000)
            service.happens(created_ms, arrived_ms, seen_ms)
        if deed.has_twin and not service.style.has_ids:
            service.happens(created_ms, arrived_ms, seen_ms, is_twin=True)
        service.now_ms += deed.then_ms

    def _edit(self, which: int) -> None:
        if self.service.style.has_ids and self.service.events:
            self.service.events[which % len(self.service.events)].edition += 1
