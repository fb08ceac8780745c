"""Makes event logs of Windows, as small as they can be: https://github.com/libyal/libevtx, "EVTX format"."""

import struct
from collections.abc import Sequence

_CHUNK = 65_536
_CHUNK_HEADER = 512
_EPOCH_1601 = 116_444_736_000_000_000  # 1970 in units of 100 ns since 1601


def evtx(chunks: Sequence[Sequence[tuple[int, str]]], in_use: bool = False) -> bytes:
    """A log with chunks of records: the number of each, and what its element `Data` says."""
    last = chunks[-1][-1][0] if chunks and chunks[-1] else 0
    header = struct.pack(
        "<8sQQQIHHHH", b"ElfFile\0", 0, max(0, len(chunks) - 1), last + 1, 128, 1, 3, 4096, len(chunks)
    )
    header = header.ljust(120, b"\0") + struct.pack("<I", in_use)
    return header.ljust(4096, b"\0") + b"".join(map(_chunk, chunks))


def _chunk(records: Sequence[tuple[int, str]]) -> bytes:
    content, at = b"", _CHUNK_HEADER
    for number, data in records:
        record = _record(number, data, at)
        content, last, at = content + record, at, at + len(record)
    first_number, last_number = records[0][0], records[-1][0]
    numbers = (first_number, last_number, first_number, last_number)
    header = struct.pack("<8sQQQQIII", b"ElfChnk\0", *numbers, 128, last, at)
    return (header.ljust(_CHUNK_HEADER, b"\0") + content).ljust(_CHUNK, b"\0")


def _record(number: int, data: str, at: int) -> bytes:
    """At this byte of its chunk."""
    xml = _Xml(at + 24)
    xml.put(b"\x0f\x01\x01\x00")
    xml.element("Event", lambda: (
        xml.element("System", lambda: (
            xml.element("TimeCreated", lambda: None, {"SystemTime": "2026-11-22T08:15:30.123456Z"}),
            xml.element("EventRecordID", lambda: xml.text(str(number))),
            xml.element("Channel", lambda: xml.text("Security")),
            xml.element("EventID", lambda: xml.text("4720")),
        )),
        xml.element("EventData", lambda: xml.element("Data", lambda: xml.text(data), {"Name": "TargetUserName"})),
    ))  # fmt: skip
    xml.put(b"\0")
    size = 24 + len(xml.bytes) + 4
    head = struct.pack("<4sIQQ", b"**\0\0", size, number, _EPOCH_1601 + 10**16)
    return head + xml.bytes + struct.pack("<I", size)


class _Xml:
    """Binary XML that is at byte `at` of a chunk."""

    def __init__(self, at: int) -> None:
        self._at = at
        self.bytes = b""

    def put(self, content: bytes) -> None:
        self.bytes += content

    def text(self, text: str) -> None:
        self.put(b"\x05\x01" + struct.pack("<H", len(text)) + text.encode("utf-16-le"))

    def element(self, name: str, inside: object, attributes: dict[str, str] | None = None) -> None:
        assert callable(inside)
        self.put(b"\x41" if attributes else b"\x01")
        size_at = len(self.bytes)
        self.put(bytes(4))
        self._name(name)
        if attributes:
            list_at = len(self.bytes)
            self.put(bytes(4))
            for key, value in attributes.items():
                self.put(b"\x06")
                self._name(key)
                self.text(value)
            self._set_size(list_at)
        self.put(b"\x02")
        inside()
        self.put(b"\x04")
        self._set_size(size_at)

    def _name(self, name: str) -> None:
        """Here, and not at a place where it was before."""
        self.put(struct.pack("<I", self._at + len(self.bytes) + 4))
        self.put(struct.pack("<IHH", 0, 0, len(name)) + name.encode("utf-16-le") + b"\0\0")

    def _set_size(self, at: int) -> None:
        size = struct.pack("<I", len(self.bytes) - at - 4)
        self.bytes = self.bytes[:at] + size + self.bytes[at + 4 :]
