import json
from io import BytesIO
from pathlib import Path

import pytest

from desktop_app.errors import BadData, LocalDiskError
from desktop_app.trails.event import parse_event
from desktop_app.trails.parse_ahead import receive_parsed, send_parsed

EVENT = {"createdAt": "2026-11-22T08:15:30Z", "entityType": "Policy", "entityName": "p", "actionType": "Update"}
LINES = [json.dumps({"id": f"{number}", **EVENT, "text": "é" * number}).encode() + b"\n" for number in range(900)]


def sent(lines: list[bytes]) -> bytes:
    stream = BytesIO()
    send_parsed(lines, stream)
    return stream.getvalue()


def test_events_arrive_as_they_are() -> None:
    stream = sent(LINES)
    assert len(stream) > 13 << 17  # messages, of which some are lines as they are
    assert list(receive_parsed(BytesIO(stream))) == list(map(parse_event, LINES))


def test_no_line_is_no_event() -> None:
    assert list(receive_parsed(BytesIO(sent([])))) == []


def test_what_comes_before_a_bad_line_arrives() -> None:
    events = receive_parsed(BytesIO(sent([*LINES[:7], b"\n", b"{}\n", *LINES[7:]])))
    assert [next(events).id for _ in range(7)] == list("0123456")
    with pytest.raises(BadData, match="Line 9 can't be an audit event: createdAt is missing"):
        next(events)


@pytest.mark.parametrize("place", range(30, 900, 30))
def test_a_bad_line_is_named_whoever_parses_it(place: int) -> None:
    events = receive_parsed(BytesIO(sent([*LINES[:place], b"{}\n", *LINES[place:]])))
    assert [next(events).id for _ in range(place)] == [f"{number}" for number in range(place)]
    with pytest.raises(BadData, match=f"Line {place + 1} can't be an audit event: createdAt is missing"):
        next(events)


@pytest.mark.parametrize("end", [0, 3, 4, 100, -40, -1])
def test_a_stream_that_is_cut_is_not_taken_for_whole(end: int) -> None:
    with pytest.raises(LocalDiskError, match="could not be read to its end"):
        list(receive_parsed(BytesIO(sent(LINES)[:end])))


def test_nothing_is_held_back_at_the_end(tmp_path: Path) -> None:
    """The other process reads while this one still runs."""
    with (tmp_path / "pipe").open("wb") as pipe:
        send_parsed(LINES[:3], pipe)
        with (tmp_path / "pipe").open("rb") as other:
            assert [event.id for event in receive_parsed(other)] == ["0", "1", "2"]
