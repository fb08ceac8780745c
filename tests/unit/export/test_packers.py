"""Days are packed by other processes where there can be any; where not, that is told, and nothing waits."""

import io
import sys
from concurrent.futures import Future
from datetime import UTC
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop_app import other_process
from desktop_app.export.build import DayFile, PackedDay
from desktop_app.export.due import due_days
from desktop_app.export.packers import Packers, ahead, pack_for_others
from desktop_app.own_program import Command
from desktop_app.settings.model import CefSettings, ExportSettings
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.store import open_store
from tests.installation import ms
from tests.stored import event


@pytest.fixture
def files(tmp_path: Path) -> list[DayFile]:
    """Two days that are due, with one and two events."""
    with open_store(tmp_path / "trails.db") as store:
        days = ["2026-03-01", "2026-03-02", "2026-03-02"]
        store.append(parse_event(event(id=str(n), createdAt=f"{day}T08:00:00Z")) for n, day in enumerate(days))
        due = due_days(store, [], UTC, ms("2026-03-03T02:00:00"), None)
    export = ExportSettings(instance="ws", timezone="UTC")
    return [DayFile(each, export, CefSettings(), 1, ms("2026-03-03T02:00:00")) for each in due]


def opened(tmp_path: Path, count: int = 1) -> Packers:
    return Packers(count, tmp_path / "trails.db", tmp_path / "outbox")


def use(monkeypatch: pytest.MonkeyPatch, *argv: str) -> None:
    monkeypatch.setattr(other_process, "running_program", lambda: Command(argv, None))


def test_a_process_of_its_own_packs_one_day_after_the_other(tmp_path: Path, files: list[DayFile]) -> None:
    with opened(tmp_path) as others:
        found = [others.pack(file).result(60) for file in files]
    assert [each and each.events for each in found] == [1, 2]
    assert all(process.poll() is not None for process in others._started)


def test_where_no_process_can_be_had_that_is_told(
    tmp_path: Path, files: list[DayFile], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    use(monkeypatch, str(tmp_path / "nowhere"))
    with opened(tmp_path, 2) as others:
        assert [others.pack(file).result(60) for file in files] == [None, None]
    assert len(caplog.messages) == 2
    assert all(each.startswith("no other process can be had: ") for each in caplog.messages)


@pytest.mark.parametrize(
    "does", ["pass", "import sys; sys.stdin.readline(); print('no JSON')", "import sys; sys.stdin.readline()"]
)
def test_a_process_that_does_not_answer_as_it_should_packs_nothing(
    tmp_path: Path, files: list[DayFile], monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    use(monkeypatch, sys.executable, "-c", does)
    with opened(tmp_path) as others:
        assert [others.pack(file).result(60) for file in files] == [None, None]


def test_what_can_not_be_packed_there_is_answered_with_null(tmp_path: Path, files: list[DayFile]) -> None:
    wishes = [
        msgspec.json.encode({"store": str(tmp_path / name), "outbox": str(tmp_path / "outbox"), "file": file})
        for name, file in (("none.db", files[1]), ("trails.db", files[1]))
    ]
    answers = io.BytesIO()
    pack_for_others(wishes, answers)
    first, second = map(msgspec.json.decode, answers.getvalue().splitlines())
    assert first is None and second["events"] == 2


def test_days_come_in_their_order_and_a_few_are_begun_ahead(files: list[DayFile]) -> None:
    begun: list[int] = []

    class Others:
        def pack(self, file: DayFile) -> "Future[PackedDay | None]":
            begun.append(file.number)
            done: Future[Any] = Future()
            done.set_result(f"packed {file.number}")
            return done

    many = [msgspec.structs.replace(files[0], number=number) for number in range(5)]
    checked: list[int] = []
    seen: list[tuple[Any, ...]] = []
    for file, packed in ahead(many, Others(), 2, lambda: checked.append(1)):  # type: ignore[arg-type]
        seen.append((file.number, packed, len(begun)))
    assert seen == [(n, f"packed {n}", min(n + 3, 5)) for n in range(5)] and len(checked) == 5
