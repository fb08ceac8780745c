"""The exporter of one installation, and a look at what it delivered."""

import json
import random
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desktop_app.actions.run import Request, RunResult, RunStep, run_once
from desktop_app.export.delivery import Backoff
from desktop_app.settings.model import ExportSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.limits import DEFAULT_LIMITS
from desktop_app.sftp.negotiation import close_transport, negotiate
from desktop_app.sftp.probe import parse_address
from desktop_app.sftp.steps import ignore_steps
from desktop_app.stop import Stop
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store
from tests.servers import Server, settings_for

QUICK = Backoff(attempts=2, first_wait=0.01, longest_wait=0.02)
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Exporter:
    """The exporter of one installation, at a time that the test sets."""

    def __init__(self, folder: Path, server: Server, path: str) -> None:
        self.paths = Paths(folder, folder, folder)
        self.password = server.password
        self.settings = Settings(
            export=ExportSettings(instance="ws", timezone="UTC"), server=settings_for(server, path)
        )
        self.now = NOW
        self.told: list[RunStep] = []
        self.trust()

    def trust(self) -> None:
        address = parse_address(self.settings.server.host)
        transport = negotiate(
            self.settings.server, address, self.paths.known_hosts, ignore_steps, DEFAULT_LIMITS, Stop()
        )
        pin(self.paths.known_hosts, address, transport.get_remote_server_key())
        close_transport(transport)

    def record(self, day: str, ids: list[str], size: int = 10, name: str = "N") -> None:
        dice = random.Random(day)
        events = [
            {
                "id": event_id,
                "createdAt": f"{day}T08:00:00Z",
                "entityType": "T",
                "entityName": name.format(id=event_id),
                "actionType": "A",
                "after": dice.randbytes(size).hex(),
            }
            for event_id in ids
        ]
        with open_store(self.paths.store) as store:
            store.append(parse_event(json.dumps(event).encode()) for event in events)

    def run(self, **options: Any) -> RunResult:
        return run_once(
            self.settings,
            self.paths,
            Request(**options),
            lambda: self.password,
            self.told.append,
            backoff=QUICK,
            clock=lambda: self.now.timestamp(),
        )


def ids_in(archive: Path) -> list[str]:
    with zipfile.ZipFile(archive) as file:
        return [event["id"] for event in json.loads(file.read(archive.stem + ".json"))]


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())
