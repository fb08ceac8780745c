"""Read and pack the days of a backfill by a cluster, as far as they are old enough to be forgotten at once.

Workers read files into pieces, and pack pieces into archives that lack manifest and signature. What they made is
entered here in the order of the files: with the place in the source, in one transaction. So it is exactly once
whatever the workers do, and whoever goes on after a kill: this, a backfill here, or the daily run.
"""

import hashlib
import platform
from collections import deque
from collections.abc import Iterable, Iterator
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from desktop_app.actions.backfill_days import (
    DAY_MS,
    Days,
    Elsewhere,
    Filling,
    Rounds,
    days_done,
    days_of,
    note_days,
)
from desktop_app.actions.enter_reading import Entering, counted
from desktop_app.actions.promised_days import (
    Keyed,
    PieceGone,
    deliver_promised,
    enter_packed,
    pack_wish,
    packed_or_again,
)
from desktop_app.cluster.checks import require_pieces, require_same
from desktop_app.cluster.engine import LOCAL, Certificates, Cluster, Engine, Pending, connected
from desktop_app.cluster.pack_task import PackWish, pack_pieces, packed_of
from desktop_app.cluster.promised import promised_pieces
from desktop_app.cluster.read_task import FilesSource, PartsRead, ReadWish, read_apart, read_files
from desktop_app.cluster.storage import open_pieces
from desktop_app.cluster.wishes import Work, files_of, goes_on_with_known, readings, zone_name
from desktop_app.errors import BadSetting
from desktop_app.export.days import day_of
from desktop_app.export.job import Job
from desktop_app.files import make_private_folder
from desktop_app.settings.model import FolderSource, ObjectsSource
from desktop_app.settings.sources import find_source
from desktop_app.settings.time_zone import find_zone
from desktop_app.sources.collect import mapping_of, try_again
from desktop_app.sources.collected import CollectedSource, CollectProgress
from desktop_app.sources.file_tree import Listed
from desktop_app.sources.order import Order, Reached
from desktop_app.sources.so_far import address_in_store
from desktop_app.trails.store.known_sources import enter_source
from desktop_app.trails.store.places import StoredPlaces
from desktop_app.trails.store.promises import has_promises
from desktop_app.wording import Said

_AHEAD = 2  # readings that are asked for, for each worker


def backfill_elsewhere(filling: Filling, elsewhere: Elsewhere, result: CollectedSource) -> None:
    """Deliver the days that are old enough; `result` gets what came of the source. The rest is for one here.

    Raises UserError for what is wrong with the cluster, or can't be done by one, and Stopped.
    """
    job = filling.job
    source, pieces = _of_files(job, filling.asked.source), _place_of_pieces(job, elsewhere)
    days = _old_enough(job, days_of(filling.asked, find_zone(job.settings.export.timezone)))
    if days.end_ms <= days.first_ms:
        told = Said("No day was read elsewhere: as store.keep_days says, the events of all of them stay here.")
        job.warnings.append(told)
        return
    zone = zone_name(days.zone)
    tls = Certificates(*elsewhere.tls) if elsewhere.tls else None
    names = {each.name for each in job.settings.sources}
    known = enter_source(job.store, source.name, address_in_store(source), names)
    if known.mapping != mapping_of(source):
        counted(result, try_again(job.settings.sources, source.name, job.store))
    listed, order = files_of(source, StoredPlaces(job.store, known.label))
    with connected(Cluster(elsewhere.address, tls), filling.stop) as engine:
        is_folder = isinstance(source, FolderSource)
        require_same(engine, [Path(file.path) for file in listed.files[:1] if is_folder])
        folder = _own_folder(job)
        require_pieces(engine, pieces, folder)
        like = ReadWish(source, known.label, (), days.first_ms, days.end_ms, zone, pieces, folder)
        _Elsewhere(filling, days, result, engine, Entering(job, known, like)).read_and_deliver(listed, order)
    if not has_promises(job.store):
        open_pieces(pieces).clear(folder)  # what workers left that were killed


class _Round(Struct, frozen=True):
    """Days up to an instant that are being packed."""

    upto_ms: int
    packs: list[tuple[Keyed, PackWish, Pending]]


class _Elsewhere:
    def __init__(
        self, filling: Filling, days: Days, result: CollectedSource, engine: Engine, entering: Entering
    ) -> None:
        self._filling, self._job, self._days, self._engine = filling, filling.job, days, engine
        self._entering, self._result = entering, result
        self._told = CollectedSource(result.name)
        self._places = StoredPlaces(filling.job.store, entering.known.label)
        self._rounds: deque[_Round] = deque()
        self._packing = set[str]()

    def read_and_deliver(self, listed: Listed, order: Order) -> None:
        """Of the source's files, in the order in which they are read."""
        reached, is_whole = Reached(order), not listed.left_out
        rounds, events = Rounds(self._days), 0
        for read in self._read_in_order(readings(listed.files, self._places, self._entering.like)):
            events += sum(each.piece.events for each in read.days)
            is_whole = is_whole and not read.unread
            for middle_ms in read.middles_ms:
                reached.note(middle_ms, False)
            if rounds.is_due(reached.ms, events):
                self._pack(rounds.whole_ms)
            if rounds.is_past_end:
                break
        read_all = rounds.is_past_end or is_whole
        self._pack(self._days.end_ms if read_all else rounds.whole_ms)
        while self._rounds:
            self._finish(self._rounds.popleft())

    def _read_in_order(self, works: Iterable[Work]) -> Iterator[PartsRead]:
        """What was read, once it is entered; more is asked for meanwhile."""
        waiting: deque[tuple[Work, Pending | None]] = deque()
        try:
            for work in works:
                wish = None if work.here else self._engine.ask(read_files, msgspec.json.encode(work.wish))
                waiting.append((work, wish))
                if len(waiting) > _AHEAD * self._engine.workers:
                    yield self._entered(*waiting.popleft())
            while waiting:
                yield self._entered(*waiting.popleft())
        finally:
            for _, pending in waiting:
                if pending:
                    self._engine.drop(pending)

    def _entered(self, work: Work, pending: Pending | None) -> PartsRead:
        again = False
        if pending is None:
            read = read_apart(work.wish, self._places)
        else:
            read = msgspec.msgpack.decode(self._engine.result(pending), type=PartsRead)
            again = not goes_on_with_known(self._places, read.remember)
            if not again:  # with what the store knows it may be read as another
                read = read_apart(work.wish, self._places)
        counted(self._result, self._entering.enter(work.wish, read, again))
        self._result.asked += [each for each in read.asked if each not in self._result.asked]
        self._filling.tell(CollectProgress(self._result.name, self._result.read))
        return read

    def _pack(self, upto_ms: int) -> None:
        """Have the days up to an instant packed, and finish those that were begun some rounds ago."""
        entering = self._entering
        packs: list[tuple[Keyed, PackWish, Pending]] = []
        for keyed in promised_pieces(self._job.store, upto_ms):
            _, piece = keyed[0]
            rest = [each for each in keyed if each[0] not in self._packing]
            if rest and (piece.source, piece.wish.pieces) == (entering.known.number, entering.like.pieces):
                self._packing |= {key for key, _ in rest}
                wish = pack_wish(self._job, rest)
                packs.append((rest, wish, self._engine.ask(pack_pieces, msgspec.json.encode(wish), priority=1)))
        self._rounds.append(_Round(upto_ms, packs))
        while len(self._rounds) > self._engine.workers:
            self._finish(self._rounds.popleft())

    def _finish(self, finished: _Round) -> None:
        filling, job = self._filling, self._job
        for keyed, wish, pending in finished.packs:
            try:
                packed = packed_or_again(keyed, wish, packed_of(self._engine.result(pending)))
                counted(self._result, enter_packed(job, keyed, wish, packed))
            except PieceGone as error:  # which holds up no other day
                job.errors.append(error)
            self._packing -= {key for key, _ in keyed}
            filling.tell(CollectProgress(self._result.name, self._result.read))
        self._told = note_days(job, filling.asked, self._result, self._told)
        deliver_promised(job, filling.export)
        if finished.upto_ms > self._days.first_ms:
            stored = self._result.appended.stored
            filling.on_days(days_done(filling.asked, self._days, finished.upto_ms, stored))


def _of_files(job: Job, name: str) -> FilesSource:
    """The source, where workers can read it. Raises BadSetting."""
    source = find_source(job.settings, name)
    if isinstance(source, FolderSource):
        return source
    if isinstance(source, ObjectsSource) and not source.access_key:
        return source
    if isinstance(source, ObjectsSource):
        raise BadSetting(
            Said("Source {name} is read with a key, which workers do not get.", name=name),
            Said("Let each computer have credentials of its own for the bucket, and leave the key empty."),
        )
    raise BadSetting(
        Said("Source {name} is no folder and no bucket: its parts can't be read by many at once.", name=name),
        Said("Fill it in without --cluster."),
    )


def _place_of_pieces(job: Job, elsewhere: Elsewhere) -> str:
    if elsewhere.pieces:
        return open_pieces(elsewhere.pieces).address
    if elsewhere.address != LOCAL:
        raise BadSetting(
            Said("It is not said where the workers are to put what they make."),
            Said("Name a folder that all share, or a bucket: --pieces."),
        )
    folder = job.paths.data / "pieces"
    make_private_folder(folder)
    return str(folder)


def _own_folder(job: Job) -> str:
    """Where among the pieces those of this installation lie: others may share the place, even under its name."""
    where = f"{platform.node()} {job.paths.data}"
    return f"{job.settings.export.instance}-{hashlib.sha256(where.encode()).hexdigest()[:12]}"


def _old_enough(job: Job, days: Days) -> Days:
    """The days whose events the store does not keep."""
    keep_days = job.settings.store.keep_days
    kept_ms = day_of(job.now_ms() - keep_days * DAY_MS, days.zone).start_ms
    return replace(days, end_ms=min(days.end_ms, kept_ms) if keep_days else days.first_ms)
