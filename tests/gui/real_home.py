"""An installation with a past, made by the real exporter and a real server."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import uuid4

from desktop_app.actions.run import Request, RunResult, run_once
from desktop_app.export.delivery import Backoff
from desktop_app.settings.file import write_settings
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
from tests.servers import Server, served_folder, settings_for

_ONCE = Backoff(attempts=1, first_wait=0.01, longest_wait=0.01)


def days_ago(days: int) -> date:
    """A day by UTC, by which these installations export."""
    return datetime.now(UTC).date() - timedelta(days=days)


def record(paths: Paths, *events: dict[str, Any], day: date | None = None) -> None:
    """Store events, at 8 o'clock of a day unless they say when."""
    moment = datetime.combine(day or days_ago(1), time(8), UTC)
    given = {
        "createdAt": moment.isoformat(),
        "entityType": "Wi-Fi",
        "entityName": "Office",
        "actionType": "Update",
    }
    with open_store(paths.store) as store:
        store.append(parse_event(json.dumps({**given, **event}).encode()) for event in events)


class RealHome:
    """Settings that reach a folder of its own on a server, by UTC days, and the exporter."""

    def __init__(self, paths: Paths, server: Server) -> None:
        self.paths = paths
        self.folder = served_folder(server, uuid4().hex)
        self.settings = Settings(
            export=ExportSettings(instance="ws", timezone="UTC"), server=settings_for(server, self.folder.name)
        )
        self._password: Callable[[], str] = lambda: server.password
        paths.config.mkdir(parents=True, exist_ok=True)
        write_settings(paths.config_file, self.settings)
        address = parse_address(self.settings.server.host)
        transport = negotiate(
            self.settings.server, address, paths.known_hosts, ignore_steps, DEFAULT_LIMITS, Stop()
        )
        pin(paths.known_hosts, address, transport.get_remote_server_key())
        close_transport(transport)

    def export(self, password: str | None = None) -> RunResult:
        """Run the exporter; with a wrong `password` it fails."""
        given = self._password if password is None else lambda: password
        return run_once(self.settings, self.paths, Request(), given, backoff=_ONCE)
