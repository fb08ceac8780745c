"""What archives are called on the server while they are uploaded."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_app.sftp.client import Entry


_OLD = 2 * 24 * 3600  # seconds


def part_names(name: str, token: str) -> tuple[str, str]:
    """The names under which `name` may be uploaded: the second for servers that take none with a dot in front.

    The `token` (12 hexadecimal digits) tells the uploads of one run from those of all others, also from those of a
    copy of this installation: nobody else renames or removes them while that run lasts.
    """
    part = f"{name}.{token}.part"
    return f".{part}", part


def without_token(entries: "list[Entry]", instance: str) -> list[str]:
    """The uploads of an instance as earlier versions left them: their names had no token."""
    pattern = re.compile(rf"\.audit-trails-{re.escape(instance)}-\d{{4}}-\d\d-\d\d(-\d+)?\.zip\.part")
    return [entry.name for entry in entries if pattern.fullmatch(entry.name)]


def with_token(entries: "list[Entry]", instance: str) -> "list[Entry]":
    """The uploads of an instance, of whatever run."""
    stem = rf"audit-trails-{re.escape(instance)}-\d{{4}}-\d\d-\d\d(-\d+)?\.zip"
    pattern = re.compile(rf"\.?{stem}\.[0-9a-f]{{12}}\.part")
    return [entry for entry in entries if pattern.fullmatch(entry.name)]


def is_old(entry: "Entry", server_now: int | None) -> bool:
    """Whether nobody can be at work on an upload any more. `server_now` is by the clock of the server, as the
    time of the entry is; where either is not known, somebody may be."""
    return entry.modified is not None and server_now is not None and entry.modified < server_now - _OLD
