"""Two months of a trail in files, for backfills: what is in them, who exports them, and what arrived."""

import json
import os
import random
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from msgspec import structs

from desktop_app.settings.model import FolderSource, SourceSettings
from tests.integration.exporter import NOW, Exporter, ids_in, names
from tests.servers import Server, served_folder

FIRST, DAYS = date(2025, 1, 1), 60
LAST = FIRST + timedelta(days=DAYS - 1)


def event(number: int, at: datetime, **more: Any) -> dict[str, Any]:
    return {
        "id": f"e{number}",
        "createdAt": at.isoformat(timespec="milliseconds"),
        "entityType": "User",
        "entityName": f"u{number % 7}",
        "actionType": "Update",
        "after": {"n": number},
        **more,
    }


def day_events(day: int, region: int, count: int) -> list[dict[str, Any]]:
    dice = random.Random(f"{day} {region}")
    start = datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=UTC) + timedelta(days=day)
    # Some of a day come with the file of the next one, as those of its last minutes do.
    moments = sorted(start + timedelta(seconds=dice.randint(-900, 86_399)) for _ in range(count))
    return [event(day * 1000 + region * 500 + n, at) for n, at in enumerate(moments)]


def write_trails(folder: Path) -> None:
    """Two regions of which each has a file a day, copied at one time and in no order."""
    files = []
    for day in range(DAYS):
        for region, name in enumerate(("eu", "us")):
            file = folder / name / f"{FIRST + timedelta(days=day):%Y/%m/%d}" / "events.jsonl"
            file.parent.mkdir(parents=True)
            file.write_text("".join(f"{json.dumps(each)}\n" for each in day_events(day, region, 20)), "utf-8")
            files.append(file)
    random.Random(1).shuffle(files)
    for place, file in enumerate(files):
        os.utime(file, (NOW.timestamp() - 9000 + place, NOW.timestamp() - 9000 + place))


def files_in(trails: Path) -> FolderSource:
    return FolderSource(name="trails", path=str(trails), pattern="**/*.jsonl")


def exporter(tmp_path: Path, name: str, sshd: Server, served: Path, source: SourceSettings) -> Exporter:
    folder = served_folder(sshd, f"{served.name}-{name}")
    made = Exporter(tmp_path / name, sshd, folder.name)
    made.settings = structs.replace(made.settings, sources=(source,))
    return made


def of(served: Path, name: str) -> Path:
    """The folder on the server of the exporter of this name."""
    return served.with_name(f"{served.name}-{name}")


def data_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """The data files of all archives, without the events of the export's own."""
    for name in names(folder):
        with zipfile.ZipFile(folder / name) as archive:
            yield name, archive.read(archive.namelist()[0])


def all_ids(folder: Path) -> Counter[str]:
    return Counter(each for name in names(folder) for each in ids_in(folder / name) if each.startswith("e"))
