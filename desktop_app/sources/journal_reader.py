"""Reads journals of systemd: what is new in each since the cursor of the last entry that was read.

What is remembered under `read:PART`: a _Known as JSON.
"""

import getpass
import os
import time
from collections.abc import Iterator, Sequence
from glob import escape
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

import msgspec
from msgspec import Struct

from desktop_app.errors import ExitCode, LocalDiskError, UserError
from desktop_app.settings.model import JournalSource
from desktop_app.sources.audit_records import AuditJoin
from desktop_app.sources.journal import OWN_JOURNALS, units, words
from desktop_app.sources.journalctl import Entry, as_json, entries, entry_of
from desktop_app.sources.kind import READ, Coverage, Gap, NothingRemembered, Places, Record, Step
from desktop_app.sources.order import Order
from desktop_app.stop import Stop
from desktop_app.wording import NOTHING, Said

_BATCH_RECORDS = 2000
_BATCH_BYTES = 1 << 24
_OWN = "journal"  # the part of the journal of this computer


class _Known(Struct, frozen=True, omit_defaults=True):
    """The cursor of the entry up to which all was read that the options `which` ask for; and of each audit event
    that may not be complete yet, the fields of its entries."""

    which: tuple[str, ...] = ()
    cursor: str = ""
    waiting: tuple[tuple[dict[str, Any], ...], ...] = ()


class NotAllowed(UserError):
    """This user may not read the journal of the system."""

    exit_code = ExitCode.NO_PERMISSION


class EntriesLost(UserError):
    """The journal no longer has what comes behind the last entry that was read."""

    exit_code = ExitCode.LOCAL_DISK


class JournalReader:
    """A part is the journal of this computer, or the files in the folder whose names begin alike up to `@`."""

    order: ClassVar[Order] = Order.WITHIN

    def __init__(self, source: JournalSource) -> None:
        self._source = source
        self._which = (*(f"--unit={unit}" for unit in units(source)), *words(source.matches))

    def parts(self, places: Places) -> Iterator[str]:
        """Raises NotAllowed, and LocalDiskError where the folder can't be read."""
        if not self._source.folder:
            _require_access()
            yield _OWN
            return
        yield from sorted(set(self._journals()))

    def steps(self, part: str, places: Places, stop: Stop) -> Iterator[Step]:
        """What is new; a step has some of it. Raises JournalUnreadable."""
        known = msgspec.json.decode(places.get(READ + part) or b"{}", type=_Known)
        if known.which != self._which:  # all over again: what is known is not stored twice
            known = _Known(self._which)
        cursor = known.cursor
        join = AuditJoin([list(map(entry_of, each)) for each in known.waiting])
        records: list[Record] = []
        size = 0

        def step(lost: EntriesLost | None = None, gaps: tuple[Gap, ...] = ()) -> Step:
            nonlocal records, size
            some, records, size = records, [], 0
            now = _Known(
                self._which, cursor, tuple(tuple(entry.fields for entry in each) for each in join.waiting)
            )
            remember = {} if now == known and not some else {READ + part: msgspec.json.encode(now)}
            return Step(some, remember, Coverage(self._asked(part), len(some), gaps), lost)

        newest = self._newest(part)  # behind it, all that matches is read below
        read_us, is_lost = 0, False
        with entries(self._where(part), self._which, known.cursor) as found:
            coming = iter(found)
            first = next(coming, None)
            if known.cursor and (first is None or first.cursor != known.cursor):
                if not self._has(part, known.cursor):
                    cursor, is_lost = "", True
                    yield step(_lost())
            elif known.cursor:
                first = None
            for entry in chain([first] if first else [], coming):
                cursor, read_us = entry.cursor or cursor, entry.at_us
                for whole in join.take(entry):
                    records.append(_record(whole, part))
                    size += len(records[-1].content)
                if len(records) >= _BATCH_RECORDS or size >= _BATCH_BYTES:
                    stop.check()
                    yield step()
            complaint = found.complaint()
        if newest and read_us < newest.at_us and not is_lost:
            cursor = newest.cursor  # what does not match is kept for a time as well, and no longer
        records += [_record(whole, part) for whole in join.complete(time.time_ns() // 1000)]
        gaps = (Gap(part, Said("journalctl: {complaint}", complaint=complaint)),) if complaint else ()
        last = step(gaps=gaps)
        if last.records or last.remember or gaps:
            yield last

    def sample(self) -> Iterator[Record]:
        """The oldest entries. Raises as the others do."""
        for part in self.parts(NothingRemembered()):
            join = AuditJoin([])
            with entries(self._where(part), self._which) as found:
                for entry in found:
                    yield from (_record(whole, part) for whole in join.take(entry))
            yield from (_record(whole, part) for whole in join.complete(time.time_ns() // 1000))

    def _asked(self, part: str) -> str:
        return " ".join(["journalctl", *self._where(part), *self._which])

    def _where(self, part: str) -> Sequence[str]:
        """Which journals journalctl is to read; where nothing is left of one, it says so."""
        if not self._source.folder:
            return ()
        begins = Path(self._source.folder, part)
        files = [path for path in begins.parent.glob("*.journal*") if _part_of(path.name) == begins.name]
        return [
            f"--file={escape(str(path))}" for path in sorted(files) or [begins.with_name(f"{begins.name}.journal")]
        ]

    def _newest(self, part: str) -> Entry | None:
        with entries(self._where(part), ("--lines=1",)) as found:
            return next(iter(found), None)

    def _has(self, part: str, cursor: str) -> bool:
        """Whether a journal still has an entry, be it one that matches or not."""
        with entries(self._where(part), (), cursor) as found:
            return next((entry.cursor for entry in found), "") == cursor

    def _journals(self) -> Iterator[str]:
        folder = Path(self._source.folder)
        try:
            os.scandir(folder).close()
        except OSError as error:
            raise LocalDiskError(
                Said(
                    "The folder {folder} of source {name} can't be read ({reason}).",
                    folder=folder,
                    name=self._source.name,
                    reason=error.strerror,
                ),
                Said("Is it there, and may this user read it?"),
            ) from error
        for path in (*folder.rglob("*.journal"), *folder.rglob("*.journal~")):
            yield str(path.relative_to(folder).with_name(_part_of(path.name)))


def _record(entry: Entry, part: str) -> Record:
    place = Said("entry {cursor}", cursor=entry.cursor) if entry.cursor else NOTHING
    return Record(as_json(entry.fields), part, place, entry.cursor, entry.unfit)


def _lost() -> EntriesLost:
    return EntriesLost(
        Said("The journal no longer has the last entry that was read: what came since may be missing."),
        Said("Let it keep more (SystemMaxUse= in journald.conf), or collect more often."),
    )


def _require_access() -> None:
    """Whether this user may read the journal of the system, and not only that of their own sessions."""
    journals = [path for folder in OWN_JOURNALS for path in folder.glob("*/system.journal")]
    if journals and not any(map(_is_readable, journals)):
        raise NotAllowed(
            Said("This user may not read the journal of the system."),
            Said(
                "Have an administrator add the user to the group systemd-journal; that counts from the next start"
                " of the computer on."
            ),
            command=f"sudo usermod --append --groups systemd-journal {getpass.getuser()}",
        )


def _is_readable(path: Path) -> bool:
    return os.access(path, os.R_OK)


def _part_of(name: str) -> str:
    """What the names of a journal's files have in common, before and after they are rotated."""
    return name.removesuffix("~").removesuffix(".journal").partition("@")[0]
