"""What is shown of a source before it is used."""

import json
import zipfile
from pathlib import Path

from desktop_app.settings.model import FolderSource
from desktop_app.sources.sample import Preview, preview


def event(name: str) -> bytes:
    return json.dumps(
        {"createdAt": "2026-11-22T08:15:30Z", "entityType": "T", "entityName": name, "actionType": "A"}
    ).encode()


def names(found: Preview) -> list[str]:
    return [json.loads(line)["entityName"] for line in found.events]


def test_each_record_is_there_as_it_was_read(tmp_path: Path) -> None:
    raw = b'{"when": 1.10, "big": ' + b"9" * 30 + b"}"
    (tmp_path / "a.jsonl").write_bytes(event("a") + b"\n" + raw + b"\nno event\n")
    found = preview(FolderSource(name="s", path=str(tmp_path), pattern="*"), 10)
    good, unmapped, broken = found.records
    assert good.content.strip() == event("a") and len(good.events) == 1 and not good.reason
    assert unmapped.content.strip() == raw and not unmapped.events and "createdAt is missing" in unmapped.reason
    assert unmapped.readable.splitlines()[1] == '  "when": 1.10,' and "9" * 30 in unmapped.readable
    assert broken.content.strip() == b"no event" and broken.readable.strip() == "no event"


def test_of_a_very_large_record_the_beginning_is_shown(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(event("x" * 100_000) + b"\n")
    (record,) = preview(FolderSource(name="s", path=str(tmp_path), pattern="*"), 10).records
    assert len(record.content) > 100_000 and len(record.events) == 1
    assert record.readable == record.content[:65_536].decode()


def test_events_and_what_is_none_up_to_the_limit(tmp_path: Path) -> None:
    # JSON Lines by their name: by its first line, this would be a document that can't be read.
    (tmp_path / "a.jsonl").write_bytes(b"no event\n\n" + event("a1") + b"\n" + event("a2"))
    with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
        archive.writestr("b.jsonl", b"nor this\n" + event("b1"))
        archive.writestr("c.json", b"[" + event("c1") + b"," + event("c2") + b"]")
    source = FolderSource(name="s", path=str(tmp_path), pattern="*")
    whole = preview(source, 100)
    assert names(whole) == ["a1", "a2", "b1", "c1", "c2"]
    assert [place for place, _ in whole.set_aside] == [
        f"{tmp_path / 'a.jsonl'}, byte 0",
        f"{tmp_path / 'b.zip'} (b.jsonl), byte 0",
    ]
    assert whole.parts == 2
    for limit in range(8):
        part = preview(source, limit)
        assert len(part.events) + len(part.set_aside) == min(limit, 7)
        assert names(part) == names(whole)[: len(part.events)]
        assert part.parts == 2
