"""What `record` does where no second process can be had."""

from pathlib import Path
from unittest.mock import Mock

import pytest

from desktop_app import other_process
from desktop_app.cli import record
from desktop_app.trails.event import parse_event

LINE = b'{"id":"a","createdAt":"2026-11-22T08:15:30Z","entityType":"T","entityName":"N","actionType":"A"}\n'


def test_a_long_input_is_parsed_here_where_no_process_can_be_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "events.jsonl"
    file.write_bytes(LINE)
    monkeypatch.setattr(record, "_LONG", 1)
    monkeypatch.setattr(
        other_process.subprocess, "Popen", Mock(side_effect=BlockingIOError(11, "no more processes"))
    )
    with file.open("rb") as lines, record._events(lines) as events:
        assert list(events) == [parse_event(LINE)]
