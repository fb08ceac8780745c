"""An installation whose server is a folder: the real exporter, without a line to a server in between."""

import json
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Self
from unittest.mock import patch

from desktop_app.export import exporter
from desktop_app.export.delivery import Backoff
from desktop_app.export.job import Job
from desktop_app.export.ledger import Archive, Outcome, StartedBy, open_ledger
from desktop_app.files import file_sha256
from desktop_app.settings.model import ArchiveFormat, EvidenceSettings, ExportSettings, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.errors import NameTaken
from desktop_app.stop import Stop
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said


def ms(text: str) -> int:
    """Milliseconds since 1970 of an instant in UTC, such as 2026-03-27T08:00:00."""
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000)


class FolderDelivery:
    """What `Delivery` does, to a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def connect_ahead(self) -> None:
        pass

    def server_ms(self) -> None:
        return None

    def others(self, _: Any) -> list[str]:
        return []

    def put(self, archive: Archive, file: Path) -> None:
        there = self.folder / archive.name
        if there.exists() and file_sha256(there) != archive.sha256:
            raise NameTaken(Said("It is taken."))
        shutil.copy(file, there)

    def has(self, archive: Archive) -> bool:
        there = self.folder / archive.name
        return there.exists() and file_sha256(there) == archive.sha256

    def get(self, name: str, to: Path) -> bool:
        if (self.folder / name).exists():
            shutil.copy(self.folder / name, to)
            return True
        return False


class Installation:
    """Files in `home`, archives in `server`; the export is on since the day `since`."""

    def __init__(
        self,
        home: Path,
        server: Path,
        instance: str = "ws",
        zone: str = "UTC",
        since: str = "2026-03-01",
        timestamp_url: str = "",
    ) -> None:
        server.mkdir(parents=True, exist_ok=True)
        self.paths = Paths(home, home, home)
        self.server = server
        self.instance, self.zone, self.since = instance, zone, since
        self.timestamp_url = timestamp_url
        self.delivery = FolderDelivery(server)

    def run(
        self, now: str, events: Iterable[tuple[str, str]] = (), format_: ArchiveFormat = "json"
    ) -> list[Archive]:
        """One run at an instant of UTC, with events (created, id) recorded before; what it delivered."""
        now_ms = ms(now)
        with open_store(self.paths.store) as store, open_ledger(self.paths.ledger) as ledger:
            store.append([_event(created, event_id) for created, event_id in events])
            ledger.set_switched_on_since(date.fromisoformat(self.since), ms(f"{self.since}T00:00:00"))
            run = ledger.begin_run(StartedBy.SCHEDULE, 1, now_ms)
            job = Job(
                self.settings(format_), self.paths, ledger, store, run, lambda _: None, lambda: now_ms / 1000
            )
            with patch.object(exporter, "Delivery", lambda *_: self.delivery):
                exporter.run_export(job, lambda: "secret", False, Backoff(1), Stop())
            assert not job.errors, job.errors
            ledger.end_run(run, Outcome.DELIVERED, now_ms)
            self.warnings = job.warnings
            return job.archives

    def days(self, first: int, last: int, month: str = "2026-03") -> list[Path]:
        """A run on each day's next morning, each with two events; the archives."""
        made = []
        for day in range(first, last + 1):
            events = [(f"{month}-{day:02}T{hour:02}:00:00", f"{month}-{day:02}-{hour}") for hour in (8, 9)]
            made += self.run(f"{month}-{day + 1:02}T02:00:00", events)
        return [self.server / archive.name for archive in made]

    def settings(self, format_: ArchiveFormat = "json") -> Settings:
        return Settings(
            enabled=True,
            export=ExportSettings(instance=self.instance, timezone=self.zone, format=format_),
            evidence=EvidenceSettings(timestamp_url=self.timestamp_url),
            server=ServerSettings(host="sftp.example.com", user="audit", path="/"),
        )


class Killed(BaseException):
    """The process ended here."""


def kill_at(step: int, monkeypatch: Any, *functions: tuple[object, str]) -> Callable[[], int]:
    """Have the process end right before the `step`th call of any of the functions, or right after it for every
    other step; returns how many calls were seen."""
    seen = 0

    def killing(original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*values: Any, **options: Any) -> Any:
            nonlocal seen
            seen += 1
            if seen * 2 == step:
                raise Killed
            result = original(*values, **options)
            if seen * 2 + 1 == step:
                raise Killed
            return result

        return call

    for owner, name in functions:
        monkeypatch.setattr(owner, name, killing(getattr(owner, name)))
    return lambda: seen


def _event(created: str, event_id: str) -> Any:
    event = {
        "id": event_id,
        "createdAt": f"{created}Z",
        "entityType": "Configuration",
        "entityName": "Passcode policy",
        "actionType": "Change",
        "actor": {"name": "anna@example.com"},
        "before": {"length": 6},
        "after": {"length": 8},
    }
    return parse_event(json.dumps(event).encode())
