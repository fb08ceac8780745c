"""What is removed from the outbox is this installation's own."""

from hashlib import sha256
from pathlib import Path

import pytest

from desktop_app.export.ledger import Archive
from desktop_app.export.outbox import discard, has_sha256, stale_files
from tests.windows_gaps import needs


def archive(name: str, instance: str = "ws", content: bytes = b"") -> Archive:
    return Archive(
        instance=instance,
        day="2026-11-20",
        number=1,
        name=name,
        format="json",
        timezone="UTC",
        start_ms=0,
        end_ms=1,
        upto_seq=1,
        events=1,
        bytes=len(content),
        sha256=sha256(content).hexdigest(),
        built_ms=0,
    )


WAITING = archive("audit-trails-ws-2026-11-22.zip")
BEFORE = archive("audit-trails-before-2026-11-20.zip", "before", b"delivered")
OURS = [
    "audit-trails-ws-2026-11-20.zip",
    "audit-trails-ws-2026-11-20-2.zip",
    "audit-trails-ws-2026-11-21.zip.tmp",
    "audit-trails-before-2026-11-20.zip",
]
OTHERS = [
    "audit-trails-ws-2026-11-22.zip",
    "audit-trails-other-2026-11-20.zip",
    "audit-trails-ws-b-2026-11-20.zip",
    "audit-trails-ws.zip",
    "precious.txt",
    "tmp",
]


@pytest.fixture
def outbox(tmp_path: Path) -> Path:
    folder = tmp_path / "outbox"
    folder.mkdir()
    for name in [*OURS, *OTHERS]:
        (folder / name).write_bytes(b"x")
    (folder / "audit-trails-ws-2026-11-19.zip").mkdir()
    return folder


def stale(outbox: Path) -> list[str]:
    return sorted(file.name for file in stale_files(outbox, "ws", [BEFORE], WAITING))


def test_names_of_our_own_pattern_and_instances_alone(outbox: Path) -> None:
    assert stale(outbox) == sorted(OURS)


@needs("links")
def test_in_a_linked_outbox_only_what_was_delivered(outbox: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    outbox.rename(elsewhere)
    outbox.symlink_to(elsewhere, target_is_directory=True)
    assert stale(outbox) == []
    (elsewhere / BEFORE.name).write_bytes(b"delivered")
    assert stale(outbox) == [BEFORE.name]


@needs("links")
def test_an_outbox_in_a_linked_folder_is_our_own(outbox: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(outbox.parent, target_is_directory=True)
    assert stale(link / "outbox") == sorted(OURS)


def test_there_is_no_outbox_yet(tmp_path: Path) -> None:
    assert stale(tmp_path / "none") == []


def test_whether_a_file_has_a_content(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"content")
    content = sha256(b"content").hexdigest()
    assert has_sha256(tmp_path / "a", content) is True
    assert has_sha256(tmp_path / "a", content[::-1]) is False
    assert has_sha256(tmp_path / "b", content) is False
    assert has_sha256(tmp_path, content) is False


def test_what_can_not_be_taken_out_fails_no_delivery(outbox: Path, caplog: pytest.LogCaptureFixture) -> None:
    stays = outbox / "audit-trails-ws-2026-11-19.zip"
    discard(stays)
    assert stays.exists()
    assert f"{stays.name} stays in the outbox for now" in caplog.text
    discard(outbox / OURS[0])
    assert not (outbox / OURS[0]).exists()
