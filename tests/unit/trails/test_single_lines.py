"""Lines by arrival number. Unpacking a block is what costs: it is done once for events close together."""

import pytest

from desktop_app.trails.event import parse_event
from desktop_app.trails.store import append as append_module
from desktop_app.trails.store import single_lines
from desktop_app.trails.store.append import Appended
from desktop_app.trails.store.open_block import OpenBlock, find_block
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.single_lines import SingleLines
from desktop_app.trails.store.span import HOUR_MS, Span
from desktop_app.trails.store.store import Store
from tests.stored import event, lines_in

START = 497_862 * HOUR_MS  # in 2026
BLOCK = 100  # events


def fill(store: Store, blocks: int) -> list[bytes]:
    """Store events in so many blocks, and one event that is in none; all lines, in the order of arrival."""
    for number in range(blocks):
        begin = START + number * HOUR_MS
        store.append(
            parse_event(event(id=f"{number}-{n}", createdAt=begin + n, before="x" * (200 + n)))
            for n in range(BLOCK)
        )
    store.append([parse_event(event(id="alone", createdAt=START + blocks * HOUR_MS))])
    assert store.db.execute("SELECT count(*) FROM blocks").fetchone() == (blocks,)
    return lines_in(store)


@pytest.fixture
def unpacked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The first arrival numbers of the blocks that are unpacked, in turn."""
    found: list[int] = []

    def noting(*where: object) -> OpenBlock | None:
        block = find_block(*where)  # type: ignore[arg-type]
        if block:
            found.append(block.first_seq)
        return block

    for module in single_lines, append_module:
        monkeypatch.setattr(module, "find_block", noting)
    return found


def test_each_line_is_the_one_of_its_number(store: Store) -> None:
    lines = fill(store, 2)
    single = SingleLines(store)
    assert [single.line(seq) for seq in range(1, len(lines) + 1)] == lines
    assert single.line(0) is single.line(len(lines) + 1) is None


def test_an_event_that_was_pruned_has_no_line(store: Store) -> None:
    lines = fill(store, 2)
    prune(store, Span(end_ms=START + 1))
    prune(store, Span(start_ms=START + HOUR_MS, end_ms=START + 2 * HOUR_MS))
    single = SingleLines(store)
    assert single.line(1) is single.line(BLOCK + 1) is None
    assert single.line(2) == lines[1] and single.line(len(lines)) == lines[-1]


def test_events_close_together_unpack_their_blocks_once(store: Store, unpacked: list[int]) -> None:
    fill(store, 4)
    single = SingleLines(store)
    for _ in range(2):
        for seq in (1, BLOCK, BLOCK + 1, 2 * BLOCK + 1, 3 * BLOCK + 1, 4 * BLOCK):
            assert single.line(seq)
    assert unpacked == [1, BLOCK + 1, 2 * BLOCK + 1, 3 * BLOCK + 1]


def test_few_blocks_are_held_in_memory(store: Store, unpacked: list[int]) -> None:
    fill(store, 5)
    single = SingleLines(store)
    for number in (0, 1, 2, 3, 4, 0):
        assert single.line(number * BLOCK + 1)
    assert unpacked == [n * BLOCK + 1 for n in (0, 1, 2, 3, 4, 0)]


def test_events_that_come_again_unpack_each_block_once(store: Store, unpacked: list[int]) -> None:
    """In whatever order they come: two copies of a log in one folder, one of them by the minute."""
    lines = fill(store, 3)
    blocks = [lines[number * BLOCK : (number + 1) * BLOCK] for number in range(3)]
    in_turn = [parse_event(line) for some in zip(*blocks, strict=True) for line in some]
    assert store.append(in_turn) == Appended(0, 3 * BLOCK)
    assert unpacked == [1, BLOCK + 1, 2 * BLOCK + 1]
