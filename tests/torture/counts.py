"""What came of it: the events on the server beside those that were recorded, and how the processes ended."""

import hashlib
import json
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Self

from tests.cef_reader import read_cef_line

Event = dict[str, Any]
COMPARED = ("createdAt", "entityName", "actionType", "after")


@dataclass
class Counts:
    """Sums over installations. What is in `findings` is told in full; the numbers from `lost` on must be 0."""

    troubles: int = 0
    processes: int = 0
    archives: int = 0
    events: int = 0
    lost: int = 0
    twice: int = 0
    changed: int = 0
    unreadable: int = 0
    tracebacks: int = 0
    hangs: int = 0
    unsettled: int = 0
    unverified: int = 0
    findings: list[str] = field(default_factory=list)

    def __iadd__(self, other: Self) -> Self:
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))
        return self

    def count_server(self, folder: Path, recorded: dict[str, Event]) -> None:
        """Compare what is in a folder of the server with what was recorded, both by the events' entityName."""
        found: Counter[str] = Counter()
        for path in sorted(folder.glob("*.zip")):
            self.archives += 1
            try:
                events = list(read_archive(path))
            except (zipfile.BadZipFile, ValueError, KeyError, EOFError, OSError) as error:
                self.unreadable += 1
                self.findings.append(f"unreadable: {path.name}: {repr(error)[:200]}")
                continue
            ours = [event for event in events if event["entityName"] in recorded]
            found.update(event["entityName"] for event in ours)
            other = [e for e in ours if any(e[key] != recorded[e["entityName"]][key] for key in COMPARED)]
            self._note("changed", [f"{event['entityName']} in {path.name}" for event in other])
        self.events += len(recorded)
        self._note("lost", [f"{name} of {recorded[name]['createdAt']}" for name in recorded if not found[name]])
        self._note("twice", [name for name, times in found.items() if times > 1])

    def _note(self, what: str, names: list[str]) -> None:
        setattr(self, what, getattr(self, what) + len(names))
        if names:
            self.findings.append(f"{what}: {len(names)}, such as {', '.join(names[:3])}")


def read_archive(path: Path) -> Iterator[Event]:
    """The events of an archive. Raises BadZipFile, ValueError or KeyError where it isn't what it says."""
    with zipfile.ZipFile(path) as file:
        manifest = json.loads(file.read("manifest.json"))
        data = file.read(manifest["data"]["name"])
    if hashlib.sha256(data).hexdigest() != manifest["data"]["sha256"]:
        raise ValueError("not what its manifest says")
    events = (
        json.loads(data)
        if manifest["format"] == "json"
        else [_cef(line) for line in data.decode().split("\n")[:-1]]
    )
    if len(events) != manifest["events"]:
        raise ValueError(f"{len(events)} events instead of {manifest['events']}")
    yield from events


def _cef(line: str) -> Event:
    pairs = read_cef_line(line).extension
    states = {pairs[f"cs{n}Label"]: pairs[f"cs{n}"] for n in range(1, 5) if f"cs{n}" in pairs}
    return {**json.loads(states["Audit Trails"]), "after": json.loads(states.get("After", "null"))}
