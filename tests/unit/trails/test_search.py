"""Searching the store."""

import json
import sqlite3
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_app.trails.event import parse_event
from desktop_app.trails.store import search as search_module
from desktop_app.trails.store.open_block import OpenBlock
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.search import Sought, search
from desktop_app.trails.store.single_lines import open_block
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store, open_store, open_store_to_read

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


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8"), min_size=1), st.booleans())
def test_whatever_a_name_is_it_finds_its_event(name: str, ascii_only: bool) -> None:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE events (seq INTEGER PRIMARY KEY AUTOINCREMENT, created_ms, id, line, crc32)")
    connection.execute("CREATE INDEX single_events_by_time ON events (created_ms) WHERE line IS NOT NULL")
    connection.execute("CREATE TABLE blocks (first_seq, last_seq, first_ms, last_ms)")
    line = parse_event(json.dumps(event(entityName=name), ensure_ascii=ascii_only).encode()).line
    connection.execute("INSERT INTO events VALUES (1, ?, x'', ?, NULL)", (START, line))
    assert hits(Store(connection, Path()), name) == [1]


def test_newest_first_through_many_stretches_within_spans(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_module, "_STRETCH", 10)
    monkeypatch.setattr(search_module, "_FEW", 3)
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
    monkeypatch.setattr(search_module, "_STRETCH", 10)
    fill(store, [event(START + n, entityName="rare" if n == 99 else "common") for n in range(100)])
    steps = list(search(store, [Span()], Sought("rare")))
    assert steps[0].keys and steps[0].scanned == 0
    assert [step.scanned for step in steps if not step.keys] == list(range(10, 101, 10))


def test_large_events_are_not_held_together(store: Store) -> None:
    fill(store, [event(START + n * 1000, before="x" * 300) for n in range(100)])
    for n in range(50):  # amid that block
        fill(store, [event(START + n, entityName="large", before="x" * (1 << 20))])
    tracemalloc.start()
    assert len(hits(store, "large")) == 50
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 20 << 20


def test_a_block_that_another_process_splits_meanwhile(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, [event(START + n, before="x" * 300) for n in range(100)])

    def open_late(searched: Store, seq: int) -> OpenBlock | None:
        prune(store, Span(START, START + 10, upto_seq=100))
        return open_block(searched, seq)

    monkeypatch.setattr(search_module, "open_block", open_late)
    with open_store_to_read(tmp_path / "trails.db") as searched:
        assert hits(searched, "n", Span(START + 99)) == [100]
        assert hits(searched, "n", Span(upto_seq=11)) == [11]


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
