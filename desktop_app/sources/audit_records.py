"""The records of the kernel's audit of one event, joined: journald has an entry for each of them.

They have a serial (`_AUDIT_ID`) in common, which counts from the start of the computer on; those of several events
may come mixed.
"""

from collections.abc import Iterator
from typing import Any

from desktop_app.sources.journalctl import Entry

_LASTS_US = 2_000_000  # auditd(8) takes an event to be complete as soon (end_of_event_timeout)
_MOST_RECORDS = 1000
_OF_ALL = ("_BOOT_ID", "_MACHINE_ID", "_HOSTNAME", "_TRANSPORT", "_AUDIT_ID")


class AuditJoin:
    """Takes entries in their order, and gives them back, those of one audit event as one."""

    def __init__(self, waiting: list[list[Entry]]) -> None:
        self._events: dict[tuple[str, str], list[Entry]] = {_event_of(each[0]): each for each in waiting}

    @property
    def waiting(self) -> list[list[Entry]]:
        """Events that may not be complete yet."""
        return list(self._events.values())

    def take(self, entry: Entry) -> Iterator[Entry]:
        """What is complete when this entry has come."""
        yield from self.complete(entry.at_us)
        if "_AUDIT_ID" not in entry.fields:
            yield entry
            return
        records = self._events.setdefault(_event_of(entry), [])
        records.append(entry)
        if len(records) >= _MOST_RECORDS:
            yield _joined(self._events.pop(_event_of(entry)))

    def complete(self, now_us: int) -> Iterator[Entry]:
        """The events to which nothing comes any more, at an instant (microseconds since 1970)."""
        for key, records in list(self._events.items()):
            if not abs(now_us - records[-1].at_us) < _LASTS_US:
                yield _joined(self._events.pop(key))


def _event_of(entry: Entry) -> tuple[str, str]:
    return str(entry.fields.get("_BOOT_ID", "")), str(entry.fields["_AUDIT_ID"])


def _joined(records: list[Entry]) -> Entry:
    """The first record, with what the others have besides in `_AUDIT_RECORDS`."""
    first, *others = records
    if not others:
        return first
    rest: list[dict[str, Any]] = [
        {key: value for key, value in each.fields.items() if not key.startswith("__") and key not in _OF_ALL}
        for each in others
    ]
    return Entry(first.cursor, first.at_us, {**first.fields, "_AUDIT_RECORDS": rest})
