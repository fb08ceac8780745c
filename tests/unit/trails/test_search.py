"""Searching the store."""

import json
import threading
import tracemalloc
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.trails.event import parse_event
from desktop_app.trails.store import append, newest_first
from desktop_app.trails.store import search as search_module
from desktop_app.trails.store.browse import Key, event_line
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.search import Sought, search
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store, StoreDamaged, open_store, open_store_to_read

START = 1_795_300_000_000


def event(created_ms: int = START, **changes: Any) -> dict[str, Any]:
    return {"createdAt": created_ms, "entityType": "T", "entityName": "N", "actionType": "A", **changes}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "trails.db") as store:
        yield store


def fill(store: Store, events: list[dict[str, Any]], ascii_only: bool = True) -> None:
    store.append(parse_event(json.dumps(each, ensure_ascii=ascii_only).encode()) for each in events)


def hits(store: Store, text: str, *spans: Span) -> list[int]:
    return [key.seq for found in search(store, spans or (Span(),), Sought(text)) for key in found.keys]


EVENTS = [
    event(entityName="Passcode 100% rule_1"),
    event(entityName="Passcode 1000 ruleX1"),
    event(actor={"user": "Jürgen.Müller@example.com", "ips": ["192.0.2.7", {"via": "VPN Straße"}]}),
    event(entityName="会議室アプリ", actionType="Löschen"),
    event(entityId=4711, actor="anna"),
    event(entityName='a "quoted" C:\\path', actor=True),
    event(before={"name": "hidden"}, after={"name": "hidden"}),
    event(entityName="K"),  # the sign of the kelvin
]


@pytest.fixture(scope="module", params=[True, False], ids=["escaped", "as it is"])
def searched(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("searched") / "trails.db") as store:
        fill(store, EVENTS, ascii_only=request.param)
        yield store


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("100%", [1]),
        ("rule_1", [1]),
        ("RULE", [2, 1]),
        ("passcode 100 rulex", [2]),
        ("rule passcode", [2, 1]),
        ("jürgen", [3]),
        ("JÜRGEN.mü", [3]),
        ("jurgen", []),
        ("ju\u0308rgen", [3]),
        ("strasse", [3]),
        ("STRASSE vpn", [3]),
        ("192.0.2.7 müller", [3]),
        ("会議室", [4]),
        ("ｱﾌﾟﾘ", [4]),  # narrow katakana
        ("löschen", [4]),
        ("4711", [5]),
        ("anna", [5]),
        ('"quoted"', [6]),
        ("c:\\PATH", [6]),
        ("true", [6]),
        ("hidden", []),
        ("user", []),
        ("entityName", []),
        ("k", [8]),
        ("nothing of that kind", []),
        ("!", []),
    ],
)
def test_words(searched: Store, text: str, found: list[int]) -> None:
    assert hits(searched, text) == found


def test_no_word_is_every_event(searched: Store) -> None:
    assert len(hits(searched, "  ")) == len(EVENTS)


def test_newest_first_through_many_stretches_within_spans(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest_first, "_SINGLES", 10)
    # Four at an instant, so that stretches end in the middle of an instant.
    fill(store, [event(START + n // 4, entityName=f"name {n % 3}") for n in range(203)])
    by_time = sorted(range(1, 204), key=lambda seq: ((seq - 1) // 4, seq), reverse=True)
    assert hits(store, "name") == by_time
    assert hits(store, "2") == [seq for seq in by_time if (seq - 1) % 3 == 2]
    late = Span(START + 20, START + 30, 100, 110)
    early = Span(START + 5, START + 7)
    assert hits(store, "name", early, late) == [
        seq for seq in by_time if (START + (seq - 1) // 4 < START + 30 and 100 < seq <= 110) or 21 <= seq <= 28
    ]


def test_it_tells_how_far_it_is_and_gives_hits_at_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(newest_first, "_SINGLES", 10)
    fill(store, [event(START + n, entityName="rare" if n == 99 else "common") for n in range(100)])
    steps = list(search(store, [Span()], Sought("rare")))
    assert [len(step.keys) for step in steps] == [1] + [0] * (len(steps) - 1)
    assert [step.scanned for step in steps][:10] == list(range(10, 101, 10))


def test_what_is_looked_through_is_counted_within_the_span(store: Store) -> None:
    fill(store, [event(START + n, before="x" * 300) for n in range(100)])  # a block
    fill(store, [event(START + n) for n in range(50)])
    for span, expected in (
        (Span(), 150), (Span(START + 10, START + 60), 90), (Span(after_seq=90), 60), (Span(upto_seq=10), 10),
        (Span(START + 200), 0),
    ):  # fmt: skip
        assert [step.scanned for step in search(store, [span], Sought("n"))][-1:] in ([expected], [])
        assert len(hits(store, "n", span)) == expected


def test_large_events_are_not_held_together(store: Store) -> None:
    fill(store, [event(START + n * 1000, before="x" * 300) for n in range(100)])
    for n in range(50):  # amid that block
        fill(store, [event(START + n, entityName="large", before="x" * (1 << 20))])
    tracemalloc.start()
    assert len(hits(store, "large")) == 50
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20


@pytest.mark.parametrize("steps", [1, 2, 3, 5])
def test_blocks_that_another_process_splits_meanwhile(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    """Of each event once, whether it is found in the block or as what is left of it."""
    monkeypatch.setattr(newest_first, "_BLOCKS", 1)
    monkeypatch.setattr(newest_first, "_SINGLES", 4)
    monkeypatch.setattr(search_module, "_AHEAD", 0)
    for first in (0, 1000, 2000):
        fill(store, [event(START + first + 10 * n, before="x" * 300) for n in range(60)])
    fill(store, [event(START + 2000 + 10 * n + 5) for n in range(60)])  # amid the last block
    with open_store_to_read(tmp_path / "trails.db") as searched:
        found = search(searched, [Span()], Sought("n"))
        keys = [key for _ in range(steps) for key in next(found).keys]
        for first in (0, 1000, 2000):
            prune(store, Span(START + first, START + first + 1, upto_seq=180))
        keys += [key for step in found for key in step.keys]
    assert keys == sorted(keys, reverse=True)
    assert len(set(keys)) == len(keys)
    gone = {Key(START + first, number) for first, number in ((0, 1), (1000, 61), (2000, 121))}
    assert set(keys) | gone == {
        *(Key(START + first + 10 * n, first // 1000 * 60 + n + 1) for first in (0, 1000, 2000) for n in range(60)),
        *(Key(START + 2000 + 10 * n + 5, 181 + n) for n in range(60)),
    }


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    batches=st.lists(
        st.lists(st.tuples(st.integers(0, 60), st.booleans()), min_size=1, max_size=30), min_size=1, max_size=6
    ),
    bounds=st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 90), st.integers(0, 90)),
    limits=st.tuples(st.integers(1, 3), st.integers(1, 5)),
)
def test_in_order_of_time_and_arrival_wherever_events_are_kept(
    tmp_path: Path,
    batches: list[list[tuple[int, bool]]],
    bounds: tuple[int, int, int, int],
    limits: tuple[int, int],
) -> None:
    start, end, after, upto = bounds
    path = tmp_path / f"{uuid.uuid4()}" / "trails.db"
    with pytest.MonkeyPatch.context() as patch, open_store(path) as store:
        patch.setattr(newest_first, "_BLOCKS", limits[0])
        patch.setattr(newest_first, "_SINGLES", limits[1])
        patch.setattr(append, "_LEAST_OF_A_BLOCK", 1500)  # of some batches, that is
        for batch in batches:
            fill(store, [event(START + ms, entityName="yes" if yes else "no") for ms, yes in batch])
        for span in (Span(), Span(START + start, START + end, after, upto)):
            expected = [
                seq
                for created_ms, seq, line in sorted(stored(store), reverse=True)
                if b"yes" in line
                and span.start_ms <= created_ms < span.end_ms
                and span.after_seq < seq <= span.upto_seq
            ]
            assert hits(store, "yes", span) == expected


def stored(store: Store) -> list[tuple[int, int, bytes]]:
    """All events: when they were created, arrival number and line."""
    rows = store.db.execute("SELECT created_ms, seq FROM events").fetchall()
    return [(ms, seq, event_line(store, seq) or b"") for ms, seq in rows]


def test_threads_and_transactions_end_with_who_asks(store: Store) -> None:
    fill(store, [event(START + n) for n in range(5000)])
    before = threading.active_count()
    steps = search(store, [Span()], Sought("n"))
    next(steps)
    assert not store.db.in_transaction
    steps.close()
    assert threading.active_count() == before


def test_a_damaged_block_is_told(store: Store) -> None:
    fill(store, [event(START + n, before="x" * 300) for n in range(100)])
    store.db.execute("UPDATE blocks SET crc32 = crc32 + 1")
    with pytest.raises(StoreDamaged):
        hits(store, "n")


def test_what_arrives_meanwhile_is_not_looked_at(store: Store) -> None:
    fill(store, [event(START + n) for n in range(5)])
    steps = search(store, [Span()], Sought("n"))
    first = next(steps)
    fill(store, [event(START - n) for n in range(5)])
    assert len(first.keys) + sum(len(step.keys) for step in steps) == 5


def sought(store: Store, *asked: Sought) -> list[list[int]]:
    return [[key.seq for found in search(store, [Span()], each) for key in found.keys] for each in asked]


def test_words_of_actor_action_and_entity_alone(store: Store) -> None:
    fill(
        store,
        [
            event(actor="anna bell", actionType="Delete", entityName="Anna's phone"),
            event(actor={"user": "berta"}, actionType="Update anna", entityName="Phone", entityId="x-1"),
        ],
    )
    assert sought(
        store, Sought(actor="ANNA"), Sought(action="anna"), Sought(entity="anna"), Sought("anna"),
        Sought(entity="phone", actor="berta"), Sought("bell", entity="phone"), Sought(entity="x-1"),
        Sought(actor="phone"), Sought(actor="bell anna", action="delete"), Sought(),
    ) == [[1], [2], [1], [2, 1], [2], [1], [2], [], [1], [2, 1]]  # fmt: skip
    assert Sought(" ").anything and not Sought(actor="a").anything


def test_events_of_one_source(store: Store) -> None:
    ids = ["1", "0b4f1a52-6e0c-4b52-8f9a-5f1d7c1f2a3b"]
    for source in (0, 1, 257):
        store.append(
            (parse_event(json.dumps(event(id=each, actor=f"a{source}")).encode()) for each in ids), source
        )
    assert sought(
        store, Sought(source=0), Sought(source=1), Sought(source=257), Sought(source=2),
        Sought("a257", source=257), Sought("a1", source=257),
    ) == [[2, 1], [4, 3], [6, 5], [], [6, 5], []]  # fmt: skip
