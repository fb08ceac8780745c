"""A time stamp beside the newest archive: wanted, there already, or not to be had."""

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_app.errors import UserError
from desktop_app.evidence.manifest import SIGNATURE_NAME
from desktop_app.export import stamping
from desktop_app.wording import Said
from tests.installation import Installation

URL = "http://timestamp.example.com/"


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Any]]:
    """What the service was asked; it gives a stamp."""
    asked: list[Any] = []

    def stamp(url: str, signature: bytes) -> bytes:
        asked.append((url, signature))
        return b"a stamp"

    monkeypatch.setattr(stamping, "request_stamp", stamp)
    yield asked


def installation(tmp_path: Path, url: str = URL) -> Installation:
    return Installation(tmp_path / "home", tmp_path / "server", timestamp_url=url)


def signature_of(archive: Path) -> bytes:
    with zipfile.ZipFile(archive) as members:
        return members.read(SIGNATURE_NAME)


def test_the_newest_archive_of_a_run_gets_one(
    tmp_path: Path, asked: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    made = installation(tmp_path)
    with caplog.at_level("INFO"):
        archives = made.run("2026-03-04T02:00:00")
    newest = made.server / archives[-1].name
    assert [archive.day for archive in archives] == ["2026-03-01", "2026-03-02", "2026-03-03"]
    assert asked == [(URL, signature_of(newest))]
    assert (made.server / f"{newest.name}.tsr").read_bytes() == b"a stamp"
    assert sorted(file.suffix for file in made.server.iterdir()) == [".tsr", ".zip", ".zip", ".zip"]
    assert f"{newest.name} has a time stamp" in caplog.messages
    assert list(made.paths.outbox.iterdir()) == [] and made.warnings == []


def test_none_is_asked_for_unless_it_is_wanted(tmp_path: Path, asked: list[Any]) -> None:
    made = installation(tmp_path, "")
    made.days(1, 1)
    assert asked == []
    made.timestamp_url = URL
    made.run("2026-03-02T03:00:00")  # nothing due
    assert asked == []


def test_one_that_is_there_already_stays(
    tmp_path: Path, asked: list[Any], caplog: pytest.LogCaptureFixture
) -> None:
    made = installation(tmp_path)
    (made.server / "audit-trails-ws-2026-03-01.zip.tsr").write_bytes(b"an earlier one")
    with caplog.at_level("INFO"):
        made.days(1, 1)
    assert (made.server / "audit-trails-ws-2026-03-01.zip.tsr").read_bytes() == b"an earlier one"
    assert "audit-trails-ws-2026-03-01.zip has a time stamp already" in caplog.messages
    assert made.warnings == [] and list(made.paths.outbox.iterdir()) == []


def test_a_service_that_gives_none_is_a_warning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_: object) -> bytes:
        raise UserError(Said("It is closed."), Said("Come back."))

    monkeypatch.setattr(stamping, "request_stamp", refuse)
    made = installation(tmp_path)
    (archive,) = made.days(1, 1)
    assert made.warnings == [
        f"{archive.name} has no time stamp: It is closed. The next one goes for this archive as well."
    ]
    assert made.warnings[0] in caplog.messages
    assert [file.name for file in made.server.iterdir()] == [archive.name]
