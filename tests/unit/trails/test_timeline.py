"""The store beside a plain list of events: whatever is appended and pruned, however much of it is in blocks."""

import json
import random
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import LocalDiskError
from desktop_app.trails.event import AuditEvent, iso_time, parse_event
from desktop_app.trails.store import append as append_module
from desktop_app.trails.store import single_lines
from desktop_app.trails.store import store as store_module
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.block import END, SEPARATOR, deflate, pack, unpack
from desktop_app.trails.store.browse import Listing, event_line, sections
from desktop_app.trails.store.hours import count, hours
from desktop_app.trails.store.identity import RECORDED, keys_of_source
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.schema import SCHEMA_VERSION
from desktop_app.trails.store.search import Sought, search
from desktop_app.trails.store.span import HOUR_MS, Span
from desktop_app.trails.store.store import Store, StoreDamaged, open_store, open_store_to_read
from desktop_app.trails.store.timeline import batches
from tests.disk import full_disk
from tests.stored import lines_in
from tests.version_4 import make_version_4
from tests.windows_gaps import needs

START = 1_795_302_000_000  # an hour begins
Kept = tuple[int, int, bytes]  # created_ms, seq, line


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "trails.db") as store:
        yield store


def event(created_ms: int, number: int, padding: int = 0) -> AuditEvent:
    record = {
        "id": str(number), "createdAt": created_ms, "entityType": "T", "entityName": f"name {number % 7}",
        "actionType": "A", "before": "x" * padding,
    }  # fmt: skip
    return parse_event(json.dumps(record).encode())


class Model:
    """Appends to a store and to a list, and knows what the store must have."""

    def __init__(self, store: Store, dice: random.Random) -> None:
        self.store, self.dice = store, dice
        self.kept: list[Kept] = []
        self.lines: dict[str, bytes] = {}
        self._number = 0

    def append(self) -> None:
        dice = self.dice
        start = START + dice.randrange(6) * HOUR_MS // 2
        times = [start + dice.choice([1, 1000, HOUR_MS // 20]) * n for n in range(dice.randrange(1, 25))]
        order = dice.choice(["sorted", "reversed", "shuffled", "at once"])
        if order == "reversed":
            times.reverse()
        elif order == "shuffled":
            dice.shuffle(times)
        elif order == "at once":
            times = [start] * len(times)
        events = []
        for time in times:
            self._number += 1
            known = [*sorted(self.lines), *(each.id for each in events)]
            number = int(dice.choice(known)) if known and dice.random() < 0.02 else self._number
            events.append(event(time, number, dice.choice([0, 0, 90])))
        before = self.store.last_seq()
        new = {each.id: each for each in reversed(events) if each.id not in self.lines}
        appended = self.store.append(iter(events))
        self.lines |= {each.id: each.line for each in new.values()}
        same = sum(self.lines[each.id] == each.line for each in events)
        assert appended == Appended(len(new), same - len(new), len(events) - same)
        rows = self.store.db.execute("SELECT seq, id FROM events WHERE seq > ?", (before,)).fetchall()
        by_key = {keys_of_source(RECORDED)(each.id): each for each in new.values()}
        assert sorted(id_ for _, id_ in rows) == sorted(by_key)
        stored = [(seq, by_key[id_]) for seq, id_ in rows]
        self.kept += [(each.created_ms, seq, each.line) for seq, each in stored]
        self.kept.sort()

    def prune(self) -> None:
        start = START + self.dice.randrange(-1, 4) * HOUR_MS
        end = start + self.dice.choice([HOUR_MS // 4, HOUR_MS])
        upto = self.dice.choice([self.store.last_seq(), self.store.last_seq() // 2])
        gone = [each for each in self.kept if start <= each[0] < end and each[1] <= upto]
        assert prune(self.store, Span(start, end, upto_seq=upto)) == len(gone)
        self.kept = [each for each in self.kept if each not in gone]
        # A pruned event may be recorded again.
        for _, _, line in gone:
            del self.lines[json.loads(line)["id"]]

    def hours(self) -> list[tuple[int, int, int]]:
        sizes: dict[int, list[int]] = {}
        for created_ms, _, line in self.kept:
            sizes.setdefault(created_ms // HOUR_MS, []).append(len(line))
        return [(hour, len(each), sum(each)) for hour, each in sizes.items()]

    def within(self, span: Span) -> list[Kept]:
        return [
            each
            for each in self.kept
            if span.start_ms <= each[0] < span.end_ms and span.after_seq < each[1] <= span.upto_seq
        ]


def assert_sound(store: Store) -> None:
    """Blocks do not overlap, and exactly the events without a line of their own are in one."""
    blocks = store.db.execute(
        "SELECT first_ms, first_seq, last_ms, last_seq FROM blocks ORDER BY first_ms, first_seq"
    ).fetchall()
    assert all(one[2:] < other[:2] for one, other in pairwise(blocks))
    packed = [seq for _, first, _, last in blocks for seq in range(first, last + 1)]
    alone = store.db.execute("SELECT seq FROM events WHERE line IS NULL ORDER BY seq").fetchall()
    assert sorted(packed) == [seq for (seq,) in alone]


@pytest.mark.parametrize("seed", range(12))
def test_it_gives_what_a_list_would(store: Store, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(append_module, "_LEAST_OF_A_BLOCK", 400)
    monkeypatch.setattr(store_module, "_BATCH_EVENTS", 11)
    monkeypatch.setattr(append_module, "_INSERT_ROWS", 4)
    monkeypatch.setattr(single_lines, "_BLOCKS_AT_HAND", 1)
    dice = random.Random(seed)
    model = Model(store, dice)
    some_in_blocks = False
    for _ in range(30):
        model.append() if dice.random() < 0.85 else model.prune()
        some_in_blocks |= store.db.execute("SELECT count(*) FROM blocks").fetchone()[0] > 0
        assert_sound(store)
        assert lines_in(store) == [line for _, _, line in model.kept]
        assert [(each.hour, each.events, each.bytes) for each in hours(store)] == model.hours()
        start = START + dice.randrange(-1, 7) * HOUR_MS // 2
        after, upto = sorted(dice.sample(range(400), 2))
        end = start + dice.choice([1, HOUR_MS // 2, 4 * HOUR_MS])
        span = Span(start, end, dice.choice([0, after]), dice.choice([upto, store.last_seq()]))
        wanted = model.within(span)
        assert lines_in(store, span) == [line for _, _, line in wanted]
        assert count(store, span) == (len(wanted), sum(len(line) for _, _, line in wanted))
        kept = iter(wanted)
        for batch in batches(store, span):
            these = [next(kept) for _ in range(batch.events)]
            assert batch.lines() == [line for _, _, line in these]
            assert (batch.first_ms, batch.last_ms) == (these[0][0], these[-1][0])
    assert some_in_blocks

    listing = Listing(store, sections(store, [Span()]))
    newest_first = model.kept[::-1]
    assert [(row.created_ms, row.seq) for row in listing.rows(0, len(listing))] == [
        each[:2] for each in newest_first
    ]
    assert [event_line(store, seq) for _, seq, _ in newest_first] == [line for _, _, line in newest_first]
    found = [key for step in search(store, [Span()], Sought("name 3")) for key in step.keys]
    assert [(key.created_ms, key.seq) for key in found] == [
        each[:2] for each in newest_first if b"name 3" in each[2]
    ]


def test_events_in_order_are_blocks_as_they_are(store: Store) -> None:
    store.append(event(START + n, n, 500) for n in range(3000))
    found = list(batches(store, Span()))
    assert all(batch.deflated for batch in found)
    assert sum(batch.events for batch in found) == 3000
    for batch in found:
        assert zlib.decompress(batch.deflated + END, -zlib.MAX_WBITS) == batch.text
        assert SEPARATOR.join(batch.lines()) == batch.text
    first, last = json.loads(found[0].lines()[0]), json.loads(found[-1].lines()[-1])
    assert (first["id"], last["id"]) == ("0", "2999")
    assert (found[0].first_ms, found[-1].last_ms) == (START, START + 2999)


def test_of_two_events_with_one_id_the_first_to_come_is_kept(store: Store) -> None:
    assert store.append([event(START + HOUR_MS, 1), event(START, 1)]) == Appended(1, 0, differing=1)
    assert [json.loads(line)["createdAt"] for line in lines_in(store)] == [iso_time(START + HOUR_MS)]


def test_what_came_on_other_days_costs_no_reading(store: Store) -> None:
    steps = []

    def cost(work: Callable[[], object]) -> int:
        steps.clear()
        work()
        return len(steps)

    def day(number: int) -> Span:
        first = START - 300 * 24 * HOUR_MS
        return Span(first + number * 24 * HOUR_MS, first + (number + 1) * 24 * HOUR_MS)

    def prune_day(number: int) -> None:
        prune(store, day(number))

    def append(numbers: Iterable[int]) -> None:
        for number in numbers:
            store.append(event(day(number).start_ms + n, 100 * number + n, 300) for n in range(60))

    append(range(30))
    assert store.db.execute("SELECT count(*) FROM blocks").fetchone() == (30,)
    # From version 3.41 on, SQLite counts what it takes to prepare a statement, which Python does once.
    lines_in(store, day(0))
    count(store, Span(day(0).start_ms + 1, day(0).end_ms))
    prune_day(0)
    store.db.set_progress_handler(lambda: steps.append(1), 1)
    assert cost(lambda: lines_in(store, day(29))) <= cost(lambda: lines_in(store, day(1)))
    part = Span(day(2).start_ms + 1, day(2).end_ms)
    counting = cost(lambda: count(store, part))
    first = cost(lambda: prune_day(1))
    assert cost(lambda: prune_day(29)) <= first
    store.db.set_progress_handler(None, 0)
    append(range(30, 90))
    lines_in(store, day(30))
    prune_day(30)
    store.db.set_progress_handler(lambda: steps.append(1), 1)
    assert cost(lambda: prune_day(31)) <= first
    assert cost(lambda: count(store, part)) <= counting


def test_the_file_is_a_fraction_of_its_lines(store: Store, tmp_path: Path) -> None:
    store.append(event(START + n, n, 1000) for n in range(5000))
    store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert (tmp_path / "trails.db").stat().st_size < 1_000_000


@pytest.mark.parametrize("number", [2, 200, 500])
def test_a_damaged_block_is_told(number: int) -> None:
    lines = [b'{"id":"%d"}' % n for n in range(number)]
    block = pack(lines)
    assert unpack(block) == SEPARATOR.join(lines)
    whole = block.deflated
    flips = [(place, 1 << bit) for place in range(len(whole)) for bit in range(8)]
    damaged = [whole[:place] + bytes([whole[place] ^ bit]) + whole[place + 1 :] for place, bit in flips]
    damaged += [whole[:place] for place in range(len(whole))] + [whole + b"x"]
    for each in damaged:
        try:
            text = unpack(structs.replace(block, deflated=each))
        except sqlite3.DatabaseError as error:
            assert "damaged" in str(error)
        else:  # of the bits before a byte ends, some mean nothing
            archived = zlib.decompress(each + deflate(b"the next") + END, -zlib.MAX_WBITS)
            assert (text, archived) == (SEPARATOR.join(lines), text + b"the next")
    for size in (-1, block.size - 1, block.size + 1):
        with pytest.raises(sqlite3.DatabaseError, match="damaged"):
            unpack(structs.replace(block, size=size))


def test_pieces_are_one_stream_of_deflate() -> None:
    texts = [b"[\n", b"a" * 70_000, b"", random.Random(1).randbytes(70_000), b"\n]\n"]
    stream = b"".join(map(deflate, texts)) + END
    assert zlib.decompress(stream, -zlib.MAX_WBITS) == b"".join(texts)


VERSION_1 = """
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, created_ms INTEGER NOT NULL, id BLOB NOT NULL UNIQUE, line BLOB NOT NULL
);
CREATE INDEX events_by_time ON events (created_ms);
CREATE TABLE hours (
    hour INTEGER PRIMARY KEY, events INTEGER NOT NULL, bytes INTEGER NOT NULL, last_seq INTEGER NOT NULL
);
CREATE TABLE source_files (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, path TEXT NOT NULL, member TEXT NOT NULL, size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL, head_size INTEGER NOT NULL, head_sha256 TEXT NOT NULL, position INTEGER NOT NULL,
    tail_sha256 TEXT NOT NULL
);
CREATE INDEX source_files_by_path ON source_files (source, path, member);
CREATE INDEX source_files_by_head ON source_files (source, head_sha256);
CREATE TABLE set_aside (
    source TEXT NOT NULL, path TEXT NOT NULL, place TEXT NOT NULL, reason TEXT NOT NULL,
    UNIQUE (source, path, place)
);
PRAGMA user_version = 1;
"""


@pytest.fixture
def old_store(tmp_path: Path) -> Path:
    """A store of version 1 with the events 1 to 9; number 10 was pruned."""
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as db:
        db.executescript(VERSION_1)
        for number in range(1, 11):
            each = event(START + number, number)
            db.execute(
                "INSERT INTO events VALUES (?, ?, ?, ?)", (number, START + number, each.id.encode(), each.line)
            )
        db.execute("DELETE FROM events WHERE seq = 10")
    return path


@pytest.mark.parametrize("open_", [open_store, open_store_to_read])
def test_a_store_of_version_1(old_store: Path, open_: Callable[[Path], Store]) -> None:
    with open_(old_store) as store:
        assert [json.loads(line)["id"] for line in lines_in(store)] == [str(n) for n in range(1, 10)]
        assert store.last_seq() == 10
        assert store.db.execute("PRAGMA user_version").fetchone() == (SCHEMA_VERSION,)
    with open_store(old_store) as store:
        assert store.append([event(START + 3, 3), event(START, 11)]) == Appended(1, 1)
        assert store.last_seq() >= 11
        upgraded = tables_of(store)
    with open_store(old_store.with_name("new.db")) as store:
        assert upgraded == tables_of(store)


SOURCE_FILES_2 = """
CREATE TABLE source_files (
    id INTEGER PRIMARY KEY, source TEXT, path TEXT, member TEXT, size INTEGER, modified_ns INTEGER,
    head_size INTEGER, head_sha256 TEXT, position INTEGER, tail_sha256 TEXT,
    records INTEGER, records_sha256 TEXT, origin TEXT
);
"""


def test_a_store_of_version_2_is_brought_up_to_date_without_rewriting_it(tmp_path: Path) -> None:
    path = tmp_path / "trails.db"
    with open_store(path) as store:
        store.append(event(START + n, n) for n in range(3))
        make_version_4(store)
        store.db.executescript(
            f"""{SOURCE_FILES_2} DROP TABLE places; DROP TABLE archives; ALTER TABLE events DROP COLUMN crc32;
            PRAGMA user_version = 2"""
        )
        as_it_was = lines_in_version_2(store)
    with open_store(path) as store:
        assert lines_in(store) == as_it_was
        store.append([event(START + 3, 3)])
        assert len(lines_in(store)) == 4
        upgraded = tables_of(store)
        store.db.execute("UPDATE events SET line = '[' WHERE seq = 2")
        with pytest.raises(StoreDamaged, match="damaged"):
            lines_in(store)
    with open_store(tmp_path / "new.db") as store:
        assert upgraded == tables_of(store)


def lines_in_version_2(store: Store) -> list[bytes]:
    return [line for (line,) in store.db.execute("SELECT line FROM events ORDER BY seq")]


@pytest.mark.parametrize("damage", ["substr(line, 2)", "replace(line, 'name', 'nome')", "line || x'20'"])
def test_a_damaged_single_event_is_told_by_whoever_reads_it(store: Store, damage: str) -> None:
    store.append(event(START + n, n) for n in range(3))
    store.db.execute(f"UPDATE events SET line = CAST({damage} AS BLOB) WHERE seq = 2")
    for read in (
        lambda: lines_in(store),
        lambda: event_line(store, 2),
        lambda: list(search(store, [Span()], Sought("name"))),
    ):
        with pytest.raises(StoreDamaged, match="an event is damaged"):
            read()
    assert event_line(store, 3) is not None


def tables_of(store: Store) -> list[str]:
    statements = store.db.execute("SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name")
    return ["".join(sql.split()) for (sql,) in statements]


def test_an_upgrade_that_fails_changes_nothing(old_store: Path) -> None:
    with sqlite3.connect(old_store) as db:
        db.execute("CREATE TABLE blocks (in_the_way)")
    with pytest.raises(LocalDiskError, match="blocks already exists"):
        open_store(old_store)
    with sqlite3.connect(old_store) as db:
        assert db.execute("SELECT count(*) FROM events WHERE length(line) > 0").fetchone() == (9,)
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


@needs("size limits")
def test_an_upgrade_on_a_full_disk_says_so(old_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    little = structs.replace(Store.kind, pragmas=("cache_size = -1",))  # so that it writes before it is done
    monkeypatch.setattr(Store, "kind", little)
    with sqlite3.connect(old_store) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("""UPDATE events SET line = CAST('"' || hex(zeroblob(50000)) || '"' AS BLOB)""")
    with full_disk(), pytest.raises(LocalDiskError, match="disk") as caught:
        open_store(old_store)
    assert "full" in caught.value.hint
    with open_store(old_store) as store:
        assert len(lines_in(store)) == 9
    db.close()
