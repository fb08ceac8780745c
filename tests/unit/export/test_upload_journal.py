"""What this installation may have left on the server is known to its next run, whatever ended this one."""

from pathlib import Path

import pytest

from desktop_app.export.upload_journal import UploadJournal


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "uploads.json"


def test_a_name_is_on_disk_before_there_is_anything_of_it(file: Path) -> None:
    journal = UploadJournal(file)
    journal.add(["a.part", "b.part"])
    journal.add(["b.part", "c.part"])
    assert UploadJournal(file).names == journal.names == ["a.part", "b.part", "c.part"]


def test_what_is_gone_is_forgotten_with_the_next_write(file: Path) -> None:
    journal = UploadJournal(file)
    journal.add(["a.part", "b.part"])
    journal.forget(["a.part", "never.part"])
    assert journal.names == ["b.part"]
    assert UploadJournal(file).names == ["a.part", "b.part"]  # looked for once more, if the run is killed now
    journal.save()
    assert UploadJournal(file).names == ["b.part"]


def test_nothing_is_written_where_nothing_changed(file: Path) -> None:
    journal = UploadJournal(file)
    journal.save()
    assert not file.exists()
    journal.add(["a.part"])
    file.unlink()
    journal.save()
    assert not file.exists()


def test_the_newest_thousand_are_kept(file: Path) -> None:
    UploadJournal(file).add([f"{number}.part" for number in range(1001)])
    assert UploadJournal(file).names == [f"{number}.part" for number in range(1, 1001)]


@pytest.mark.parametrize("content", [b"", b"[1]", b'{"a": 1}', b'["a.part"', b"\xff"])
def test_a_file_that_can_not_be_read_has_no_names_and_is_replaced(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    journal = UploadJournal(file)
    assert journal.names == []
    journal.add(["a.part"])
    assert UploadJournal(file).names == ["a.part"]
