"""The key by which an event is found again: its id, within the source that it came from.

A source has a number; `record` and the program itself have RECORDED. Events from before version 5 of the store
have a key without such a number: where they came from is not known.
"""

from collections.abc import Callable

RECORDED = 0
HEAD_LENGTH = 3
_UUID_LENGTH = 36
_TEXT, _UUID = b"\xff", b"\xfe"  # no text in UTF-8 begins so


def keys_of_source(source: int) -> Callable[[str], bytes]:
    """What makes keys of the ids of one source: a sign, two bytes of its number, and the id."""
    text, uuid = heads_of_source(source)

    def key(event_id: str) -> bytes:
        packed = packed_uuid(event_id) if len(event_id) == _UUID_LENGTH else None
        return uuid + packed if packed else text + event_id.encode()

    return key


def heads_of_source(source: int) -> tuple[bytes, bytes]:
    """How the keys of one source begin: of texts, and of UUIDs."""
    text, uuid = (sign + source.to_bytes(2, "big") for sign in (_TEXT, _UUID))
    return text, uuid


def source_of_head(head: bytes) -> int | None:
    """The source of a key, by its first three bytes; None where it has none."""
    return int.from_bytes(head[1:], "big") if head[:1] in (_TEXT, _UUID) and len(head) == HEAD_LENGTH else None


def early_key(event_id: str) -> bytes:
    """The key that an event from before version 5 has."""
    return packed_uuid(event_id) or event_id.encode()


def packed_uuid(event_id: str) -> bytes | None:
    """The 16 bytes of a UUID in its usual form; None for any other id."""
    if len(event_id) == _UUID_LENGTH and event_id[8] == event_id[13] == event_id[18] == event_id[23] == "-":
        try:
            packed = bytes.fromhex(event_id.replace("-", ""))
        except ValueError:
            return None
        if len(packed) == 16 and event_id == event_id.lower():
            return packed
    return None
