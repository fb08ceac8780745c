"""Of which sources the events of an archive are: also those that have the id of another source's."""

import json
import zipfile
from collections import Counter
from pathlib import Path

from desktop_app.evidence.manifest import decode_manifest
from desktop_app.evidence.report import report_of
from desktop_app.evidence.verify import verify
from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.trails.record import record
from desktop_app.trails.store.store import open_store
from tests.installation import Installation
from tests.stored import event


def test_sources_that_count_from_1(tmp_path: Path) -> None:
    installed = Installation(tmp_path / "home", tmp_path / "server")

    def events(name: str) -> list[bytes]:
        times = [f"2026-03-0{number}T08:00:00Z" for number in (1, 2)]
        return [event(id=str(n), createdAt=time, entityName=f"{name} {n}") + b"\n" for n, time in enumerate(times)]

    sources = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.jsonl").write_bytes(b"".join(events(name)))
        sources.append(FolderSource(name=name, path=str(tmp_path / name)))
    for _ in range(2):
        with open_store(installed.paths.store) as store:
            record(store, events("recorded"))
            collect(sources, store, lambda _: None)
        archives = installed.run("2026-03-04T02:00:00")
    assert archives == []
    found = []
    delivered = Counter[str]()
    for path in sorted(installed.server.glob("*.zip")):
        with zipfile.ZipFile(path) as archive:
            found += json.loads(archive.read(path.with_suffix(".json").name))
            manifest = decode_manifest(archive.read("manifest.json"))
        assert sum(each.events for each in manifest.delivered) == manifest.events
        delivered.update({each.source: each.events for each in manifest.delivered if each.source})
    assert delivered == {"a": 2, "b": 2}
    result = verify([installed.server])
    assert result.problems == ()
    (told,) = report_of(result, lambda: 0).installations
    assert {each.source: each.events for each in told.delivered if each.source} == {"a": 2, "b": 2}
    assert sorted((each["id"], each["entityName"]) for each in found if each["entityType"] == "T") == [
        (number, f"{name} {number}") for number in "01" for name in ("a", "b", "recorded")
    ]


def test_a_source_is_delivered_under_the_name_that_it_is_asked_by(tmp_path: Path) -> None:
    installed = Installation(tmp_path / "home", tmp_path / "server")
    folders = [tmp_path / each for each in ("one", "other")]
    for folder in folders:
        folder.mkdir()
    # The second is renamed on the way, and then another place gets the name that it had.
    nights = [[("a", 0)], [("b", 0)], [("b", 0), ("a", 1)], [("a", 1)]]
    delivered = []
    for day, names in enumerate(nights, start=1):
        sources = [FolderSource(name=name, path=str(folders[folder])) for name, folder in names]
        for source in sources:
            Path(source.path, f"{day}.jsonl").write_bytes(event(createdAt=f"2026-03-0{day}T08:00:00Z") + b"\n")
        with open_store(installed.paths.store) as store:
            collect(sources, store, lambda _: None)
        (archive,) = installed.run(f"2026-03-0{day + 1}T02:00:00")
        with zipfile.ZipFile(installed.server / archive.name) as opened:
            manifest = decode_manifest(opened.read("manifest.json"))
        delivered.append({each.source: each.events for each in manifest.delivered if each.source})
    assert delivered == [{name: 1 for name, _ in names} for names in nights]
    (told,) = report_of(verify([installed.server]), lambda: 0).installations
    assert {each.source: each.events for each in told.delivered if each.source} == {"a": 3, "b": 2}
