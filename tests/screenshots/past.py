"""An installation with five weeks behind it, made by the real exporter with its clock set to each night."""

import json
import random
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from desktop_app.actions.run import Request, run_once
from desktop_app.export.delivery import Backoff
from desktop_app.export.ledger import StartedBy
from desktop_app.secrets.keepers import account_name, save_password
from desktop_app.settings.file import write_settings
from desktop_app.settings.model import ExportSettings, FolderSource, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.host_keys import pin
from desktop_app.sftp.limits import DEFAULT_LIMITS
from desktop_app.sftp.negotiation import close_transport, negotiate
from desktop_app.sftp.probe import parse_address
from desktop_app.sftp.steps import ignore_steps
from desktop_app.stop import Stop
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store

HOST, USER, FOLDER = "sftp.example.com", "audit", "/Users/Test/Export"
NIGHTS = 35
_REFUSED_NIGHTS = (11, 4)  # nights ago on which the server did not take the password
ONCE = Backoff(attempts=1, first_wait=0.01, longest_wait=0.01)
_THINGS = (
    ("Configuration", "Wi-Fi Berlin", "Update", {"ssid": "office", "hidden": False}, {"ssid": "office-5G"}),
    ("Configuration", "Promotion distribution settings", "Create", None, {"space": "Default", "active": True}),
    ("User", "kim.meier@example.com", "Assign role", {"roles": ["Viewer"]}, {"roles": ["Viewer", "Auditor"]}),
    ("Device", "iPad 0x41F2", "Wipe", {"state": "Active"}, {"state": "Wiped"}),
    ("App", "Expenses 4.2", "Publish", {"version": "4.1"}, {"version": "4.2", "groups": ["All staff"]}),
    ("Policy", "Passcode", "Update", {"length": 6, "history": 3}, {"length": 8, "history": 3}),
    ("Device group", "Warehouse", "Delete", {"devices": 41}, None),
)
_PEOPLE = ("ines.weber", "tom.sato", "kim.meier", "api-client")


def settings() -> Settings:
    """The settings of an installation that works."""
    return Settings(
        enabled=True,
        export=ExportSettings(instance="ws-0042", timezone="local"),
        server=ServerSettings(host=HOST, user=USER, path=FOLDER),
    )


def make_home(paths: Paths, password: str, records: Path) -> None:
    """Configure, and let the nights pass; `records` is a folder that is one of the sources."""
    paths.config.mkdir(parents=True, exist_ok=True)
    configured = settings()
    write_settings(paths.config_file, configured)
    save_password(paths, account_name(configured.server), password)
    trust(paths)
    chance = random.Random(42)
    for ago in range(NIGHTS, 0, -1):
        record_day(paths, ago, chance)
        night = _local(ago - 1, time(2))
        given = "wrong" if ago in _REFUSED_NIGHTS else password
        run_once(
            configured,
            paths,
            Request(StartedBy.SCHEDULE),
            lambda given=given: given,  # type: ignore[misc]
            backoff=ONCE,
            clock=lambda night=night: night.timestamp(),  # type: ignore[misc]
        )
    record_day(paths, 0, chance)
    source = FolderSource(name="warehouse", path=str(records), records="entries")
    write_settings(paths.config_file, Settings(**{**_parts(configured), "sources": (source,)}))


def trust(paths: Paths) -> None:
    """Take the host key that the server has now for the right one."""
    address = parse_address(HOST)
    transport = negotiate(settings().server, address, paths.known_hosts, ignore_steps, DEFAULT_LIMITS, Stop())
    pin(paths.known_hosts, address, transport.get_remote_server_key())
    close_transport(transport)


def write_records(folder: Path) -> None:
    """Files of another system, of whose records one has no time."""
    folder.mkdir(parents=True)
    records = [
        {
            "when": "2026-11-22T08:15:30Z",
            "area": "Stock",
            "what": {"name": "Pallet 7"},
            "verb": "Move",
            "by": "tom",
        },
        {
            "when": "2026-11-22T09:02:11Z",
            "area": "Stock",
            "what": {"name": "Pallet 9"},
            "verb": "Scrap",
            "by": "ines",
        },
        {"area": "Stock", "what": {"name": "Pallet 9"}, "verb": "Restore", "by": "ines"},
    ]
    (folder / "2026-11-22.json").write_text(json.dumps({"entries": records}), encoding="utf-8")


def record_day(paths: Paths, ago: int, chance: random.Random) -> None:
    """Record the events of the day that is so many days ago."""
    weekend = _local(ago, time(12)).weekday() >= 5
    events = []
    for number in range(chance.randint(2, 9) if weekend else chance.randint(25, 70)):
        kind, name, action, before, after = chance.choice(_THINGS)
        at = _local(ago, time(7 + number % 3 if ago else 0, chance.randint(0, 59), chance.randint(0, 59)))
        event = {
            "createdAt": at.astimezone(UTC).isoformat(),
            "entityType": kind,
            "entityName": name,
            "actionType": action,
            "actor": {"user": chance.choice(_PEOPLE), "ip": f"10.2.0.{chance.randint(2, 250)}"},
            "severity": chance.choice(("Low", "Low", "Medium", "High")),
        }
        event |= {key: value for key, value in (("before", before), ("after", after)) if value}
        events.append(parse_event(json.dumps(event).encode()))
    with open_store(paths.store) as store:
        store.append(events)


def _local(ago: int, at: time) -> datetime:
    return datetime.combine(datetime.now().date() - timedelta(days=ago), at).astimezone()


def _parts(configured: Settings) -> dict[str, object]:
    return {key: getattr(configured, key) for key in Settings.__struct_fields__}
