"""Parse a long input in a process of its own, ahead of the one that stores its events: each has a processor.

To parse takes half as long again as to store, so the one that stores parses some of it as well.

What goes from one to the other are messages of MessagePack, each after its size in four bytes.
"""

from collections.abc import Iterable, Iterator
from typing import IO

import msgspec
from msgspec import Struct

from desktop_app.errors import LocalDiskError
from desktop_app.portions import portions
from desktop_app.trails.event import AuditEvent, NotAnEvent, parse_event
from desktop_app.trails.record import numbered_lines, parse_line
from desktop_app.wording import Said

_PORTION_BYTES = 1 << 17
_UNPARSED_EACH = 6  # portions: of six, one process parses five while the other parses one and stores all


class _Parsed(Struct, tag=True, array_like=True, gc=False):
    """Some events: the attributes of each, at the same place of three lists."""

    ids: list[str]
    created_ms: list[int]
    lines: list[bytes]


class _Unparsed(Struct, tag=True, array_like=True, gc=False):
    """Some lines by their numbers, as they are."""

    numbers: list[int]
    lines: list[bytes]


class _Refused(Struct, tag=True, array_like=True, gc=False):
    """A line that can't be an event, the last message."""

    number: int
    line: bytes


class _Ended(Struct, tag=True, array_like=True, gc=False):
    """There are no more lines: the last message."""


_Message = _Parsed | _Unparsed | _Refused | _Ended
_decode = msgspec.msgpack.Decoder(_Message).decode
_encode = msgspec.msgpack.Encoder().encode


def send_parsed(lines: Iterable[bytes], output: IO[bytes]) -> None:
    """Parse lines of JSON, but for some that `receive_parsed` parses, up to the first that can't be an event.

    Raises OSError.
    """
    for message in _messages(lines):
        encoded = _encode(message)
        output.write(len(encoded).to_bytes(4, "big"))
        output.write(encoded)
    output.flush()


def receive_parsed(sent: IO[bytes]) -> Iterator[AuditEvent]:
    """The events that `send_parsed` sends from another process.

    Raises BadData as `record` does, and LocalDiskError where the other process did not get to the end.
    """
    while message := _receive(sent):
        if isinstance(message, _Parsed):
            yield from map(AuditEvent, message.ids, message.created_ms, message.lines)
        elif isinstance(message, _Unparsed):
            yield from map(parse_line, message.numbers, message.lines)
        elif isinstance(message, _Refused):
            yield parse_line(message.number, message.line)
        else:
            return
    raise LocalDiskError(
        Said("The input could not be read to its end."),
        Said("Nothing was stored. Record it again; a damaged disk or too little memory may be the cause."),
    )


def _messages(lines: Iterable[bytes]) -> Iterator[_Message]:
    some = portions(numbered_lines(lines), lambda numbered: len(numbered[1]), _PORTION_BYTES)
    for place, portion in enumerate(some, start=1):
        if place % _UNPARSED_EACH == 0:
            yield _Unparsed([number for number, _ in portion], [line for _, line in portion])
            continue
        events: list[AuditEvent] = []
        for number, line in portion:
            try:
                events.append(parse_event(line))
            except NotAnEvent:
                yield _parsed(events)
                yield _Refused(number, line)
                return
        yield _parsed(events)
    yield _Ended()


def _parsed(events: list[AuditEvent]) -> _Parsed:
    return _Parsed(
        [event.id for event in events], [event.created_ms for event in events], [event.line for event in events]
    )


def _receive(sent: IO[bytes]) -> _Message | None:
    """The next message; None where the stream ends before it does."""
    size = int.from_bytes(sent.read(4), "big")
    encoded = sent.read(size)
    return _decode(encoded) if size and len(encoded) == size else None
