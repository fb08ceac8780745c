"""Two years of daily runs by a clock of our own, through every change of the clocks, with missed runs and outages.

The exporter is the real one, store, ledger and archives included. Only the way to the server is not: 3,650
connections to a real one would take an hour, and what happens on it is tested elsewhere. The years are past, so
that what the program records of itself, by the real clock, is of no day here.
"""

import json
import random
import tempfile
import time
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, Self
from zoneinfo import ZoneInfo

import pytest

from desktop_app.actions.run import Request, run_once
from desktop_app.actions.signing_keys import rotate_key, signing_keys
from desktop_app.evidence.verify import Asked, Verification, verify
from desktop_app.export import exporter
from desktop_app.export.ledger import Archive, Outcome, StartedBy
from desktop_app.schedule.time_of_day import next_time
from desktop_app.settings.model import ExportSettings, ScheduleSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.errors import NameTaken, ServerUnreachable
from desktop_app.trails.record import record
from desktop_app.trails.store.store import open_store
from tests.windows_gaps import needs

pytestmark = needs("time zones")
HOUR = 3600


class FakeServer:
    """The archives by name. `failures` says of the next deliveries how each fails: before or after it is there."""

    def __init__(self) -> None:
        self.archives: dict[str, bytes] = {}
        self.failures: list[str] = []

    def delivery(self, *_: object) -> "FakeDelivery":
        return FakeDelivery(self)


class FakeDelivery:
    def __init__(self, server: FakeServer) -> None:
        self._server = server

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def connect_ahead(self) -> None:
        pass

    def put(self, archive: Archive, file: Path) -> None:
        failure = self._server.failures.pop(0) if self._server.failures else ""
        if failure == "before":
            raise ServerUnreachable("The server does not answer.")
        content = file.read_bytes()
        if self._server.archives.setdefault(archive.name, content) != content:
            raise NameTaken(archive.name)
        if failure == "after":
            raise ServerUnreachable("The connection was cut.")

    def get(self, name: str, to: Path) -> bool:
        content = self._server.archives.get(name)
        if content is not None:
            to.write_bytes(content)
        return content is not None

    def server_ms(self) -> None:
        """A server that does not show its time."""

    def others(self, known: Collection[str]) -> list[str]:
        return sorted(set(self._server.archives) - set(known))


class Simulation:
    """One installation in one time zone, from the first day on."""

    def __init__(self, zone: str, at: str, first: date, folder: Path) -> None:
        self.zone = ZoneInfo(zone)
        self.first = first
        self.paths = Paths(folder, folder, folder)
        self.settings = Settings(
            enabled=True,
            export=ExportSettings(instance="ws", timezone=zone),
            server=ServerSettings(host="sftp.example.com", user="audit", path="/"),
            schedule=ScheduleSettings(at=at),
        )
        self.server = FakeServer()
        self.random = random.Random(f"{zone} {at}")
        self.now = datetime(first.year, first.month, first.day, 12, tzinfo=self.zone).timestamp()
        self.recorded_until = self.now
        self.days_of: dict[str, date] = {}  # by event
        self.late_days: set[date] = set()

    def live(self, last: date) -> None:
        """Run daily until the day after `last`; the key that signs is another from some day on."""
        self.run()
        rotated = False
        while self.today() <= last:
            if not rotated and self.today() > self.first + timedelta(days=25):
                rotate_key(self.settings, self.paths, clock=lambda: self.now)
                rotated = True
            self.now = next_time(self.settings.schedule.at, self.now)
            if self.random.random() < 0.1:
                continue  # the computer is off
            if self.random.random() < 0.1:
                self.now += self.random.uniform(0, 5) * HOUR  # it was off, and was switched on now
            if self.random.random() < 0.15:
                self.server.failures = [self.random.choice(["", "before", "after"]) for _ in range(3)]
            self.run()
            if self.random.random() < 0.1:
                self.now += HOUR
                self.run()
        self.server.failures = []
        self.run()

    def run(self) -> None:
        self.record()
        failures = len(self.server.failures)
        result = run_once(
            self.settings, self.paths, Request(StartedBy.SCHEDULE), lambda: "secret", clock=lambda: self.now
        )
        assert (result.outcome is Outcome.FAILED) == (result.error is not None)
        assert failures or result.error is None
        self.server.failures = []

    def record(self) -> None:
        """What happened since the last time: at any time, around midnight and the clocks' changes, and belated."""
        instants = [self.random.uniform(self.recorded_until, self.now) for _ in range(3)]
        instants += [edge for edge in self.edges() if self.recorded_until <= edge < self.now]
        self.recorded_until = self.now
        if self.random.random() < 0.1 and self.today() > self.first + timedelta(days=20):
            instants.append(self.now - self.random.uniform(1, 15) * 24 * HOUR)
            self.late_days.add(self.day_of(instants[-1]))
        lines = [self.event(instant) for instant in instants]
        with open_store(self.paths.store) as store:
            record(store, lines)

    def edges(self) -> Iterator[float]:
        """Just before and at each midnight and each half hour of a day on which the clock changes."""
        day = self.day_of(self.recorded_until)
        while day <= self.today() + timedelta(days=1):
            midnight = datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()
            yield from (midnight - 0.001, midnight)
            offset_before, offset_after = (
                datetime.fromtimestamp(midnight + hours * HOUR, self.zone).utcoffset() for hours in (0, 26)
            )
            if offset_before != offset_after:
                for half in range(1, 12):
                    yield from (midnight + half * HOUR / 2 - 0.001, midnight + half * HOUR / 2)
            day += timedelta(days=1)

    def event(self, instant: float) -> bytes:
        ms = int(instant * 1000)
        name = f"{len(self.days_of)}"
        self.days_of[name] = self.day_of(ms / 1000)
        created = (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=ms)).isoformat()
        event = {"id": name, "createdAt": created, "entityType": "T", "entityName": "N", "actionType": "A"}
        return json.dumps(event).encode()

    def day_of(self, instant: float) -> date:
        return datetime.fromtimestamp(instant, self.zone).date()

    def today(self) -> date:
        return self.day_of(self.now)

    def archived(self) -> dict[date, list[tuple[str, list[dict[str, Any]]]]]:
        """The names of each day's archives and their events, in order of their numbers."""
        found: dict[date, list[tuple[int, str, list[dict[str, Any]]]]] = defaultdict(list)
        for name, content in self.server.archives.items():
            path = self.paths.data / "read.zip"
            path.write_bytes(content)
            with zipfile.ZipFile(path) as archive:
                manifest = json.loads(archive.read("manifest.json"))
                events = json.loads(archive.read(manifest["data"]["name"]))
            found[date.fromisoformat(manifest["day"])].append((manifest["number"], name, events))
        return {
            day: [(name, events) for number, name, events in sorted(each, key=lambda one: one[0])]
            for day, each in found.items()
        }

    def verified(self, days: list[date]) -> Verification:
        """What an auditor finds who has the archives and the lines of the keys."""
        folder = self.paths.data / "archives"
        folder.mkdir()
        for name, content in self.server.archives.items():
            (folder / name).write_bytes(content)
        signers = signing_keys(self.settings, self.paths).signers
        return verify([folder], Asked(first=days[0], last=days[-1], signers=signers))


@pytest.fixture
def quick_folder() -> Iterator[Path]:
    """In memory where the system has that: each run syncs its files a dozen times."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(prefix="atx-years-", dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.mark.parametrize(
    ("zone", "at", "first", "last"),
    [
        ("Europe/Berlin", "02:30", date(2024, 1, 1), date(2025, 12, 30)),
        ("America/New_York", "02:00", date(2024, 1, 1), date(2025, 12, 30)),
        ("Australia/Lord_Howe", "02:00", date(2024, 1, 1), date(2025, 12, 30)),
        ("Pacific/Apia", "02:30", date(2020, 1, 1), date(2021, 12, 30)),  # its last changes of the clocks
        ("UTC", "02:00", date(2024, 1, 1), date(2025, 12, 30)),
        ("Pacific/Apia", "02:00", date(2011, 12, 1), date(2012, 1, 20)),  # without the 30th of December
    ],
)
def test_one_archive_a_day_none_missing_none_twice(
    zone: str, at: str, first: date, last: date, quick_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", zone)
    simulation = Simulation(zone, at, first, quick_folder)
    monkeypatch.setattr(exporter, "Delivery", simulation.server.delivery)
    try:
        simulation.live(last)
    finally:
        monkeypatch.undo()
        time.tzset()
    archived = simulation.archived()

    days = [first + timedelta(days=n) for n in range((simulation.today() - first).days)]
    if zone == "Pacific/Apia" and first.year == 2011:
        days.remove(date(2011, 12, 30))
    assert sorted(archived) == days

    for day, archives in archived.items():
        base = f"audit-trails-ws-{day}"
        names = [name for name, _ in archives]
        assert names == [f"{base}.zip", *(f"{base}-{n}.zip" for n in range(2, len(names) + 1))]
        if day not in simulation.late_days:
            assert len(names) == 1

    verified = simulation.verified(days)
    assert verified.ok, verified.problems
    assert len({archive.signer for archive in verified.archives}) == 2

    where = [
        (event["id"], day) for day, archives in archived.items() for _, events in archives for event in events
    ]
    ended = {name: day for name, day in simulation.days_of.items() if day in archived}
    assert len(ended) > 3 * len(days)
    assert sorted(where) == sorted(ended.items())
    assert any(len(archives) > 1 for archives in archived.values()) or zone == "Pacific/Apia"
