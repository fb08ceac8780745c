"""An event of the store is known again in an archive, whatever the archive's format and the settings of then."""

import hashlib
import zipfile
from pathlib import Path
from typing import Literal

import pytest

from desktop_app.export.archived_lines import (
    UnreadableArchive,
    archived_lines,
    as_archived,
    manifest_of,
    manifest_sha256,
)
from desktop_app.export.cef_format import cef_chunks
from desktop_app.settings.model import CefSettings
from desktop_app.trails.store.store import open_store
from tests.installation import Installation
from tests.stored import batch_of, event, lines_in

DAY = [("2026-03-01T08:00:00", "a"), ("2026-03-01T09:00:00", "b"), ("2026-03-01T10:00:00", "c")]


def archive(tmp_path: Path, format_: Literal["json", "cef"] = "json") -> tuple[Path, list[bytes]]:
    """An archive of three events, and their lines in the store."""
    installation = Installation(tmp_path / "home", tmp_path / "server")
    (made,) = installation.run("2026-03-02T02:00:00", DAY, format_)
    with open_store(installation.paths.store) as store:
        lines = [line for line in lines_in(store) if b'"Passcode policy"' in line]
    return installation.server / made.name, lines


@pytest.mark.parametrize("format_", ["json", "cef"])
def test_the_events_of_an_archive_are_those_of_the_store_in_the_same_order(
    tmp_path: Path, format_: Literal["json", "cef"]
) -> None:
    file, lines = archive(tmp_path, format_)
    assert len(lines) == 3
    assert list(archived_lines(file)) == list(as_archived(lines, format_))


@pytest.mark.parametrize(
    "then",
    [
        CefSettings(version=0),
        CefSettings(device_vendor="Acme | Co", device_product="X=1"),
        CefSettings(device_vendor="back\\slash", device_product="p|q\\|"),
    ],
)
def test_what_the_settings_put_before_an_event_is_no_part_of_it(tmp_path: Path, then: CefSettings) -> None:
    lines = [event(id=name, entityName="a|b=c\\") for name in "xy"]
    text = b"".join(chunk.text for chunk in cef_chunks([batch_of(lines)], then))
    file, _ = archive(tmp_path, "cef")
    with zipfile.ZipFile(file) as old:
        name, manifest = old.namelist()[0], old.read("manifest.json")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr(name, text)
        other.writestr("manifest.json", manifest)
    assert list(archived_lines(tmp_path / "other.zip")) == list(as_archived(lines, "cef"))


def test_the_manifest_and_its_hash(tmp_path: Path) -> None:
    file, _ = archive(tmp_path)
    with zipfile.ZipFile(file) as members:
        raw = members.read("manifest.json")
    assert manifest_sha256(file) == hashlib.sha256(raw).hexdigest()
    manifest = manifest_of(file)
    assert (manifest.day, manifest.events, manifest.instance) == ("2026-03-01", 3, "ws")


def without(file: Path, name: str) -> None:
    """Leave a member out of an archive."""
    with zipfile.ZipFile(file) as members:
        kept = {each: members.read(each) for each in members.namelist() if name not in each}
    with zipfile.ZipFile(file, "w") as members:
        for each, content in kept.items():
            members.writestr(each, content)


def with_manifest(file: Path, content: bytes) -> None:
    without(file, "manifest")
    with zipfile.ZipFile(file, "a") as members:
        members.writestr("manifest.json", content)


@pytest.mark.parametrize(
    "damage",
    [
        lambda file: file.unlink(),
        lambda file: file.write_bytes(b""),
        lambda file: file.write_bytes(file.read_bytes()[:-30]),
        lambda file: without(file, "manifest"),
        lambda file: with_manifest(file, b"{"),
        lambda file: with_manifest(file, b"[]"),
    ],
)
def test_what_is_no_archive_is_told(tmp_path: Path, damage: object) -> None:
    file, _ = archive(tmp_path)
    damage(file)  # type: ignore[operator]
    for read in (manifest_of, lambda each: list(archived_lines(each))):
        with pytest.raises(UnreadableArchive):
            read(file)


def test_an_archive_whose_data_are_damaged_is_told(tmp_path: Path) -> None:
    file, _ = archive(tmp_path)
    content = bytearray(file.read_bytes())
    start = 30 + content[26] + content[28]
    content[start + 20 : start + 40] = bytes(20)
    file.write_bytes(content)
    assert manifest_of(file).events == 3
    with pytest.raises(UnreadableArchive):
        list(archived_lines(file))


def test_an_archive_without_its_data_is_told(tmp_path: Path) -> None:
    file, _ = archive(tmp_path)
    without(file, "2026-03-01.json")
    with pytest.raises(UnreadableArchive):
        list(archived_lines(file))
