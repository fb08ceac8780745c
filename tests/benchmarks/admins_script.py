"""The script that an admin would write: `json.dumps`, `zipfile`, `paramiko.put`; nothing of ours is in it.

admins_script.py STORE json|cef ARCHIVE PORT, with user and password as two lines of standard input.
"""

import json
import sqlite3
import sys
import zipfile
from typing import Any

import paramiko


def main(store: str, format_: str, archive_path: str, port: str) -> None:
    user, password = sys.stdin.read().split()
    rows = sqlite3.connect(store).execute("SELECT line FROM events ORDER BY created_ms")
    events = (json.loads(line) for (line,) in rows)
    with zipfile.ZipFile(archive_path, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("events", "w") as file:
        for event in events:
            text = json.dumps(event) if format_ == "json" else cef(event)
            file.write(text.encode() + b"\n")
    transport = paramiko.Transport(("127.0.0.1", int(port)))
    transport.connect(username=user, password=password)
    sftp = paramiko.SFTPClient.from_transport(transport)
    assert sftp is not None
    sftp.put(archive_path, "script.zip")
    transport.close()


def cef(event: dict[str, Any]) -> str:
    main_keys = {key: event[key] for key in ("createdAt", "entityType", "entityName", "actionType")}
    head = "|".join(
        text.replace("\\", "\\\\").replace("|", "\\|")
        for text in (
            "Ivanti Inc",
            "Ivanti Neurons for MDM",
            event.get("productVersion", ""),
            event.get("entityId", ""),
            f"{event['entityName']} {event['actionType']}",
            "Low",
        )
    )
    states = [
        pair(2, "Actor", event.get("actor")),
        pair(3, "Before", event.get("before")),
        pair(4, "After", event.get("after")),
    ]
    return f"CEF:25|{head}|{pair(1, 'Audit Trails', main_keys)} {' '.join(states)}"


def pair(number: int, label: str, value: Any) -> str:
    text = json.dumps(value).replace("\\", "\\\\").replace("=", "\\=")
    return f"cs{number}Label={label} cs{number}={text}"


if __name__ == "__main__":
    main(*sys.argv[1:])
