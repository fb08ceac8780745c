"""What this program does, as audit events."""

import getpass
import socket
import time
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid4, uuid5

import msgspec

from desktop_app import __version__
from desktop_app.trails.event import AuditEvent, iso_time, parse_event
from desktop_app.wording import plain

PROGRAM = "Audit Trails Export"
_DELIVERY = b'"entityType":"%b","entityName":"Archive","actionType":"Deliver"' % PROGRAM.encode()


def settings_saved(before: Mapping[str, Any], after: Mapping[str, Any]) -> AuditEvent:
    """The settings were saved; both are without the password."""
    return _action("Settings", "Save", before=before, after=after)


def switched(on: bool) -> AuditEvent:
    """The export was switched on or off."""
    return _action(
        "Export", "Switch on" if on else "Switch off", before={"enabled": not on}, after={"enabled": on}
    )


def connection_tested(server: str, ok: bool, detail: str) -> AuditEvent:
    """The connection was tested; `detail` says what failed."""
    return _action("Connection", "Test", after={"server": server, "ok": ok, "detail": detail})


def host_key_accepted(server: str, key_type: str, fingerprint: str, replaced: str | None) -> AuditEvent:
    """A host key was pinned, in place of the one with fingerprint `replaced`."""
    before = {"fingerprint": replaced} if replaced else None
    after = {"server": server, "type": key_type, "fingerprint": fingerprint}
    return _action("Host key", "Accept", before=before, after=after)


def signing_key_made(fingerprint: str, replaced: str | None) -> AuditEvent:
    """A key that signs archives was made, to take the place of the one with fingerprint `replaced`."""
    before = {"fingerprint": replaced} if replaced else None
    return _action("Signing key", "Make", before=before, after={"fingerprint": fingerprint})


def archive_delivered(name: str, day: str, events: int, sha256: str, server: str) -> AuditEvent:
    """An archive was delivered. Its id is that of the archive, so that saying it twice is saying it once."""
    after = {"name": name, "day": day, "events": events, "sha256": sha256, "server": server}
    return _action("Archive", "Deliver", after=after, event_id=delivery_id(name, sha256))


def delivery_id(name: str, sha256: str) -> str:
    """The id of the event that says that an archive was delivered."""
    return str(uuid5(NAMESPACE_URL, f"{name}#{sha256}"))


def is_delivery(line: bytes) -> bool:
    """Whether an event's line says that an archive was delivered."""
    return _DELIVERY in line[:250]


def delivered_name(line: bytes) -> str:
    """The name of the archive that such an event says was delivered."""
    return str(msgspec.json.decode(line)["after"]["name"])


def _action(
    name: str,
    action: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    event_id: str | None = None,
) -> AuditEvent:
    event: dict[str, Any] = {
        "id": event_id or str(uuid4()),
        "createdAt": iso_time(time.time_ns() // 1_000_000),
        "entityType": PROGRAM,
        "entityName": name,
        "actionType": action,
        "productVersion": __version__,
        "actor": {
            "user": _user(),
            "host": socket.gethostname(),
            "program": f"audit-trails-export {__version__}",
        },
    }
    if before is not None:
        event["before"] = before
    if after is not None:
        event["after"] = after
    return parse_event(msgspec.json.encode(event, enc_hook=plain))


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
