"""Files of lines of which an earlier version kept no digests, and that are written anew after the update."""

import gzip
import random
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_app.settings.model import FolderSource
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store, open_store
from tests.stored import events_in
from tests.unit.sources.contract import collect_watched
from tests.unit.sources.test_rewritten_files import FORMS, collected
from tests.without_lines import forget_lines

WITHOUT_IDS = [form for form in FORMS if form != "ids.jsonl"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


def names(first: int, behind: int, length: int = 120) -> list[str]:
    """Of so many events, each told from the others."""
    return [f"{number:04}".ljust(length, "x") for number in range(first, behind)]


def write(folder: Path, form: str, lines: list[str], pack: Callable[[bytes], bytes] = bytes) -> None:
    folder.mkdir(exist_ok=True)
    (folder / (f"a.{form}.gz" if pack is gzip.compress else f"a.{form}")).write_bytes(pack(FORMS[form](lines)))


def came(store: Store, folder: Path, form: str) -> int:
    """How many records are new, as events or set aside."""
    found = collected(store, folder, form)
    return found.set_aside if form == "unfit.jsonl" else found.appended.stored


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("after", ["cbad", "bcd", "dcb", "dbca", "d", "abcd"])
def test_the_first_look_after_the_update_is_enough(
    tmp_path: Path, store: Store, form: str, pack: Callable[[bytes], bytes], after: str
) -> None:
    """Whatever the file becomes then."""
    folder = tmp_path / "in"
    write(folder, form, list("abc"), pack)
    assert came(store, folder, form) == 3
    forget_lines(store)
    assert came(store, folder, form) == 0
    before = store.db.total_changes
    assert came(store, folder, form) == 0
    assert store.db.total_changes == before + 1  # when that was: no file was looked into
    prune(store, Span())
    write(folder, form, list(after), pack)
    assert came(store, folder, form) == 1


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("after", "is_whole"),
    [
        ([*names(60, 67)[::-1], *names(0, 60)[::-1]], True),
        ([*names(60, 67)[::-1], *names(20, 60)[::-1]], False),
        (names(20, 67), False),
        (names(0, 67), False),
        (names(60, 67), False),
    ],
    ids=["at its front", "newest first", "a window", "appended", "another"],
)
def test_what_is_rewritten_before_the_first_look_comes_once(
    tmp_path: Path,
    store: Store,
    form: str,
    pack: Callable[[bytes], bytes],
    after: list[str],
    is_whole: bool,
) -> None:
    folder = tmp_path / "in"
    before = names(0, 60)
    write(folder, form, before[::-1] if after[0] > after[-1] else before, pack)
    assert came(store, folder, form) == 60
    forget_lines(store)
    if is_whole:
        prune(store, Span())
    write(folder, form, after, pack)
    assert came(store, folder, form) == 7
    write(folder, form, [*after, "new"], pack)
    assert came(store, folder, form) == 1


@pytest.mark.parametrize("kill", range(1, 12))
def test_killed_amid_a_file_that_was_rewritten(
    tmp_path: Path, store: Store, monkeypatch: pytest.MonkeyPatch, kill: int
) -> None:
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 7)
    folder = tmp_path / "in"
    write(folder, "jsonl", names(0, 60)[::-1])
    came(store, folder, "jsonl")
    forget_lines(store)
    write(folder, "jsonl", names(15, 75)[::-1])
    collect_watched(FolderSource(name="s", path=str(folder)), store, monkeypatch, steps_until_kill=kill)
    came(store, folder, "jsonl")
    assert [*Counter(each["entityName"] for each in events_in(store)).values()] == [1] * 75
    assert came(store, folder, "jsonl") == 0


def test_equal_lines_are_told_apart_by_their_number(tmp_path: Path, store: Store) -> None:
    """Two that were there, and a third in front of them that is new."""
    folder = tmp_path / "in"
    write(folder, "jsonl", ["a", "b", "a"])
    assert came(store, folder, "jsonl") == 3
    forget_lines(store)
    write(folder, "jsonl", ["a", "c", "a", "b", "a"])
    assert came(store, folder, "jsonl") == 2
    assert sorted(each["entityName"] for each in events_in(store)) == ["a", "a", "a", "b", "c"]


def test_a_file_that_was_given_up_is_told_once(tmp_path: Path, store: Store) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json.gz").write_bytes(gzip.compress(b"no document"))
    (folder / "b.jsonl").write_bytes(b'{"entityName": "no time"}\n')
    assert collected(store, folder, "jsonl").set_aside == 2
    forget_lines(store)
    assert collected(store, folder, "jsonl").read == 0
    assert collected(store, folder, "jsonl").read == 0


def test_a_copy_that_is_rewritten_is_known_by_its_lines(tmp_path: Path, store: Store) -> None:
    """Its lines were read in the file that it is a copy of."""
    folder = tmp_path / "in"
    write(folder, "jsonl", names(0, 90, 50))
    assert came(store, folder, "jsonl") == 90
    copy = folder / "b.jsonl"
    copy.write_bytes((folder / "a.jsonl").read_bytes())
    assert came(store, folder, "jsonl") == 0
    copy.write_bytes(FORMS["jsonl"](names(45, 92, 50)[::-1]))
    assert came(store, folder, "jsonl") == 2


@given(
    form=st.sampled_from(WITHOUT_IDS),
    changes=st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=1, max_size=4),
    newest_first=st.booleans(),
    is_shuffled=st.booleans(),
    seed=st.integers(0, 9),
)
@settings(max_examples=40, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_nothing_is_lost_whatever_becomes_of_the_file(
    form: str, changes: list[tuple[int, int]], newest_first: bool, is_shuffled: bool, seed: int
) -> None:
    chance = random.Random(seed)
    with TemporaryDirectory() as made, open_store(Path(made) / "store" / "trails.db") as store:
        folder, lines, happened, new = Path(made) / "in", names(0, 30, 5), 30, 0
        for dropped, added in [(0, 0), *changes]:
            lines = [*lines[dropped:], *names(happened, happened + added, 5)]
            happened += added
            written = lines[::-1] if newest_first else list(lines)
            if is_shuffled:
                chance.shuffle(written)
            write(folder, form, written)
            new += came(store, folder, form)
            forget_lines(store)
        assert new >= happened
        if form != "unfit.jsonl":
            assert {each["entityName"] for each in events_in(store)} == {*names(0, happened, 5)}
