"""Every form of files that the folder reads: by its content, whatever the file is called."""

import gzip
import json
import os
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import zstandard
from msgspec import structs

from desktop_app.settings.limits import limits
from desktop_app.settings.model import FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.sources.forms import packed
from desktop_app.sources.sample import preview
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.set_aside import set_aside_records
from desktop_app.trails.store.store import Store
from tests.stored import event, events_in

ONE, TWO, THREE = (event(id=str(number)) for number in (1, 2, 3))
PRETTY = [json.dumps(json.loads(each), indent=2).encode() for each in (ONE, TWO)]


def gather(store: Store, folder: Path, **options: Any) -> Collected:
    return collect([FolderSource(name="s", path=str(folder), **options)], store, lambda _: None)


def ids(store: Store) -> list[str]:
    return sorted(each["id"] for each in events_in(store))


def reasons(store: Store) -> list[str]:
    return [str(each.reason) for each in set_aside_records(store, "s", 99)]


JSON_FORMS = {
    "lines": ONE + b"\n" + TWO + b"\n",
    "lines that end in CR LF": ONE + b"\r\n" + TWO + b"\r\n",
    "lines behind an RS each": b"\x1e" + ONE + b"\n\x1e" + TWO + b"\n",
    "lines with a comma": ONE + b",\n" + TWO + b",\n",
    "an array": b"[" + ONE + b"," + TWO + b"]",
    "an array behind blanks": b" \r\n[" + ONE + b",\n" + TWO + b"]\n\n",
    "an array a line": b"[" + ONE + b"]\n[" + TWO + b"]\n",
    "arrays one after the other": b"[" + ONE + b"][" + TWO + b"]",
    "objects one after the other": ONE + TWO,
    "objects with a comma between": ONE + b"," + TWO,
    "pretty-printed objects": PRETTY[0] + b"\n" + PRETTY[1] + b"\n",
    "pretty-printed objects without a break": PRETTY[0] + PRETTY[1],
    "a pretty-printed array": b"[\n" + PRETTY[0] + b",\n" + PRETTY[1] + b"\n]\n",
}


@pytest.mark.parametrize("name", ["a.json", "a.log", "a"])
@pytest.mark.parametrize("content", JSON_FORMS.values(), ids=JSON_FORMS)
def test_json_in_every_form(store: Store, folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert len(preview(FolderSource(name="s", path=str(folder)), 9).events) == 2
    assert [gather(store, folder).appended for _ in range(3)] == [Appended(2, 0), Appended(0, 0), Appended(0, 0)]
    assert ids(store) == ["1", "2"] and reasons(store) == []


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
@pytest.mark.parametrize("content", JSON_FORMS.values(), ids=JSON_FORMS)
def test_json_in_every_encoding(store: Store, folder: Path, encoding: str, content: bytes) -> None:
    text = content.replace(b'"id"', '"grün": "日本 \U0001f600", "id"'.encode()).decode()
    (folder / "a.json").write_bytes(text.encode(encoding))
    assert gather(store, folder).appended == Appended(2, 0)
    assert {each["grün"] for each in events_in(store)} == {"日本 \U0001f600"} and reasons(store) == []


ENVELOPES = {
    "a line each": b'{"t":{"records":[' + ONE + b"," + TWO + b']}}\n{"t":{"records":[' + THREE + b"]}}\n",
    "one after the other": b'{"t":{"records":[' + ONE + b"," + TWO + b']}}{"t":{"records":[' + THREE + b"]}}",
    "one": b'{"t":{"records":[' + ONE + b"," + TWO + b"," + THREE + b"]}}\n",
}


@pytest.mark.parametrize("content", ENVELOPES.values(), ids=ENVELOPES)
def test_envelopes(store: Store, folder: Path, content: bytes) -> None:
    (folder / "a.json").write_bytes(content)
    assert [gather(store, folder, records="t.records").appended.stored for _ in range(2)] == [3, 0]
    assert ids(store) == ["1", "2", "3"] and reasons(store) == []


@pytest.mark.parametrize(
    ("path", "document"),
    [
        ("a[0].b", b'{"a": [{"b": [%b, %b]}]}'),
        ("a[*].b", b'{"a": [{"b": [%b]}, {"c": 1}, {"b": [%b]}]}'),
        ("a[*]", b'{"a": [%b, %b]}'),
        ("a[*].b[*].c", b'{"a": [{"b": [{"c": [%b]}, {"c": [%b]}]}, {"b": []}]}'),
        ("a.b.c", b'{"a": {"b.c": [%b, %b]}}'),
        ("a.0.b", b'{"a": [{"b": [%b, %b]}]}'),
        ("a", None),
        ("x.a", None),
    ],
)
@pytest.mark.parametrize("lines", [False, True])
def test_lists_at_any_key_path(store: Store, folder: Path, path: str, document: bytes | None, lines: bool) -> None:
    """As in `--field`: also into lists, and into JSON that is a text."""
    if document:
        content = document % (ONE, TWO)
    else:
        text = json.dumps(f"[{ONE.decode()}, {TWO.decode()}]")
        content = (f'{{"a": {text}}}' if path == "a" else f'{{"x": {{"a": {text}}}}}').encode()
    (folder / "a.json").write_bytes(content + (b"\n" + content.replace(b"1", b"3") + b"\n" if lines else b""))
    assert gather(store, folder, records=path).sources[0].read == (4 if lines else 2)
    assert {"1", "2"} <= {*ids(store)}


@pytest.mark.parametrize("path", ["b", "a[3].b", "a[*].z", "a.c", "a["])
def test_no_list_at_a_key_path(store: Store, folder: Path, path: str) -> None:
    (folder / "a.json").write_bytes(b'{"a": [{"b": [%b]}]}' % ONE)
    for _ in range(2):
        gather(store, folder, records=path)
    assert reasons(store) == [f"it has no {path}"]


def test_equal_records_of_a_line_are_several(store: Store, folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(b"[" + event() + b"," + event() + b"]\n[" + event() + b"]\n")
    assert gather(store, folder).appended == Appended(3, 0)


@pytest.mark.parametrize("form", ["objects one after the other", "an array a line", "pretty-printed objects"])
def test_what_is_appended_is_read_on(store: Store, folder: Path, form: str) -> None:
    path, content = folder / "a.json", JSON_FORMS[form].replace(b'"id"', b'"entityId"')
    at = content.rindex(b"{") - content[: content.rindex(b"{")].endswith(b"[")
    path.write_bytes(content[: at + 9])  # the second record is being written
    stored = sum(gather(store, folder).appended.stored for _ in range(2))
    path.write_bytes(content)
    stored += sum(gather(store, folder).appended.stored for _ in range(2))
    with path.open("ab") as file:
        file.write(content)
    stored += gather(store, folder).appended.stored
    assert (stored, reasons(store)) == (4, [])


def test_utf_16_that_grows_is_read_on(store: Store, folder: Path) -> None:
    path, content = folder / "a.json", b"".join(event(entityName=f"n{n}é") + b"\n" for n in range(200)).decode()
    for end in (0.3, 0.5, 0.501, 1):
        path.write_bytes(("\ufeff" + content).encode("utf-16-le")[: int(2 * len(content) * end) + 3])
        gather(store, folder)
    assert len(events_in(store)) == 200 and reasons(store) == []


HOLE = b"\0" * (3 << 20)


@pytest.mark.parametrize(
    "content",
    [
        HOLE + ONE + b"\n" + TWO + b"\n",
        ONE + b"\n" + HOLE + TWO + b"\n" + b"\0" * 50,
        ONE + HOLE + TWO + b"\n",
        HOLE + b"[" + ONE + b"," + TWO + b"]\n",
        b"\0" * 900 + ONE + b"\n\0" + TWO + b"\n",
    ],
    ids=["head", "amid", "instead of a line break", "document", "short"],
)
@pytest.mark.parametrize("name", ["a.jsonl", "a.log"])
def test_zeros_of_copytruncate_are_passed_over(store: Store, folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    assert gather(store, folder).appended == Appended(2, 0)
    assert ids(store) == ["1", "2"] and reasons(store) == []


def test_a_line_that_was_cut_by_zeros_costs_no_other(store: Store, folder: Path) -> None:
    (folder / "a.jsonl").write_bytes(ONE + b"\n" + TWO[:20] + b"\0" * 9000 + THREE + b"\n")
    assert gather(store, folder).appended == Appended(2, 0)
    assert ids(store) == ["1", "3"] and len(reasons(store)) == 1


def test_room_that_was_made_ahead_is_waited_for(store: Store, folder: Path) -> None:
    path = folder / "a.jsonl"
    for written in (ONE + b"\n" + TWO[:20], ONE + b"\n" + TWO + b"\n"):
        path.write_bytes(written.ljust(9000, b"\0"))
        now_ns = time.time_ns() + len(written)
        os.utime(path, ns=(now_ns, now_ns))
        gather(store, folder)
    assert ids(store) == ["1", "2"] and reasons(store) == []


BROKEN = {
    "lone surrogate": (rb'"a\ud800b"', "a\ufffdb", 1),
    "two that are no pair": (rb'"\uDC00\ud83d"', "\ufffd\ufffd", 2),
    "no UTF-8": (b'"a\xffb\xc3"', "a\ufffdb\ufffd", 2),
    "a pair": (rb'"\ud83d\ude00"', "\U0001f600", None),
    "an escaped backslash": (rb'"\\ud800"', "\\ud800", None),
    "what was replaced before": (rb'"\ufffd\ud800"', "\ufffd\ufffd", 1),
}


@pytest.mark.parametrize("form", [b"%b\n%b\n", b"[%b,%b]", b"%b%b", b"[%b]\n[%b]\n", b'{"r":[%b,%b]}'], ids=str)
@pytest.mark.parametrize(("value", "text", "count"), BROKEN.values(), ids=BROKEN)
def test_characters_that_are_none_are_replaced_and_counted(
    store: Store, folder: Path, form: bytes, value: bytes, text: str, count: int | None
) -> None:
    (folder / "a.json").write_bytes(form % (ONE[:-1] + b',"x":' + value + b"}", TWO))
    assert gather(store, folder, records="r" if b'"r"' in form else "").appended == Appended(2, 0)
    found = {each["id"]: each for each in events_in(store)}
    assert (found["1"]["x"], found["1"].get("charactersReplaced")) == (text, count)
    assert "charactersReplaced" not in found["2"] and reasons(store) == []


PACKS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "gzip in members": lambda content: gzip.compress(content[:50]) + gzip.compress(content[50:]),
    "zstd": lambda content: zstandard.ZstdCompressor().compress(content),
    "zstd in frames": lambda content: b"".join(
        zstandard.ZstdCompressor(write_content_size=False).compress(each) for each in (content[:50], content[50:])
    ),
}


@pytest.mark.parametrize("behind", [b"", b"\r\n", b"\0" * 700, b"\x1f", b"(\xb5/", b"garbage", os.urandom(90000)])
@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_what_is_behind_the_end_of_a_packed_file(
    store: Store, folder: Path, pack: Callable[[bytes], bytes], behind: bytes
) -> None:
    (folder / "a.json").write_bytes(pack(ONE + b"\n" + TWO) + behind)
    collected = gather(store, folder)
    assert (collected.appended, collected.errors) == (Appended(2, 0), [])
    assert gather(store, folder).appended == Appended(0, 0) and reasons(store) == []


@pytest.mark.parametrize("more", range(5))
@pytest.mark.parametrize("pack", [gzip.compress, zstandard.ZstdCompressor().compress], ids=["gzip", "zstd"])
def test_a_member_may_begin_anywhere_in_what_is_read_at_once(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes], more: int
) -> None:
    """Also where only some of what tells it from something else was read with the one before."""
    first = pack(ONE + b"\n")
    for name in ("_READ", "_ZSTD_READ"):
        monkeypatch.setattr(packed, name, len(first) + more)
    (folder / "a.jsonl").write_bytes(first + pack(TWO + b"\n") + pack(THREE + b"\n"))
    assert gather(store, folder).appended == Appended(3, 0)
    assert reasons(store) == []


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_a_packed_file_that_is_cut_short_is_told(
    store: Store, folder: Path, pack: Callable[[bytes], bytes]
) -> None:
    (folder / "a.jsonl.gz").write_bytes(pack(ONE + b"\n" + TWO)[:-9])
    (folder / "fine.json").write_bytes(THREE)
    for _ in range(2):
        (error,) = gather(store, folder).errors
        assert "a.jsonl.gz can't be read (the end is missing)" in error.message
    assert "3" in ids(store)


@pytest.mark.parametrize("pack", PACKS.values(), ids=PACKS)
def test_packed_files_in_a_zip(store: Store, folder: Path, pack: Callable[[bytes], bytes]) -> None:
    with zipfile.ZipFile(folder / "a.dat", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("1", pack(ONE + b"\n" + TWO))
        archive.writestr("2", THREE.decode().encode("utf-16"))
    assert [gather(store, folder).appended.stored for _ in range(2)] == [3, 0]
    assert reasons(store) == []


def test_what_can_not_be_meant_is_told(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = structs.replace(limits(), unpacked_bytes=3 << 20, unpacked_ratio=2)
    monkeypatch.setattr("desktop_app.sources.forms.packed.limits", lambda: fewer)
    bomb = ONE + b"\n" + b"\n" * (9 << 20)
    (folder / "a.gz").write_bytes(gzip.compress(bomb))
    (folder / "b.zst").write_bytes(zstandard.ZstdCompressor().compress(bomb))
    with zipfile.ZipFile(folder / "c.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.jsonl", bomb)
    (folder / "d.json").write_bytes(TWO)
    assert "2" in ids(store) if gather(store, folder).appended.stored else False
    assert [gather(store, folder).errors for _ in range(2)] == [[], []]
    assert reasons(store) == ["it unpacks to more than 3 MB, which is not believable"] * 3


OTHERS = {
    "this is a pcap file": bytes.fromhex("d4c3b2a1020004000000000000000000"),
    "this is an SQLite database": b"SQLite format 3\0" + bytes(90),
    "this is XML": b"<?xml version='1.0'?><Events/>",
    "this is HTML": b"<!DOCTYPE html><html><body>503</body></html>",
    "this is a .tar archive": b"a.json".ljust(257, b"\0") + b"ustar\0" + bytes(300),
    "this is packed by gzip, twice": gzip.compress(gzip.compress(ONE)),
    "this is text, but not JSON, CSV, CEF or syslog": b"Dear reader,\n\nthere is nothing here.\n",
    "it is in no form that is known": b"\x01\x02\x03\x04" * 9,
}


@pytest.mark.parametrize(("reason", "content"), OTHERS.items(), ids=OTHERS)
def test_what_is_no_trail_is_told_by_name(store: Store, folder: Path, reason: str, content: bytes) -> None:
    (folder / "a.json").write_bytes(content)
    shown = preview(FolderSource(name="s", path=str(folder)), 9)
    assert [str(why) for _, why in shown.set_aside] == [reason]
    for _ in range(3):
        assert gather(store, folder).errors == []
    assert reasons(store) == [reason]


def test_an_empty_file_is_no_problem(store: Store, folder: Path) -> None:
    (folder / "a.json").write_bytes(b"")
    (folder / "b.jsonl.gz").write_bytes(gzip.compress(b""))
    (folder / "c.log").write_bytes(b"\n\n")
    for _ in range(3):
        assert (gather(store, folder).errors, reasons(store)) == ([], [])
