"""Files of lines that are not only appended to: the newest at their front, windows that move on."""

import gzip
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import structs

from desktop_app.settings.limits import limits
from desktop_app.settings.model import FieldPlaces, FolderSource
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.trails.store.places import StoredPlaces
from desktop_app.trails.store.prune import prune
from desktop_app.trails.store.span import Span
from desktop_app.trails.store.store import Store, open_store
from tests.stored import event, events_in
from tests.unit.sources.contract import collect_watched

Lines = list[str]
FORMS: dict[str, Callable[[Lines], bytes]] = {
    "jsonl": lambda names: b"".join(event(entityName=name) + b"\n" for name in names),
    "ids.jsonl": lambda names: b"".join(
        event(id=f"{name} {names[:at].count(name)}", entityName=name) + b"\n" for at, name in enumerate(names)
    ),
    "csv": lambda names: (
        "createdAt,entityType,entityName,actionType\n"
        + "".join(f"2026-11-22T08:15:30Z,T,{name},A\n" for name in names)
    ).encode(),
    "log": lambda names: "".join(f"CEF:0|V|P|1|A|{name}|3|rt=1779437730000\n" for name in names).encode(),
    "unfit.jsonl": lambda names: b"".join(json.dumps({"entityName": name}).encode() + b"\n" for name in names),
}


def source_of(folder: Path, form: str) -> FolderSource:
    cef: dict[str, FieldPlaces] = {
        "entityType": "deviceProduct",
        "actionType": "deviceEventClassId",
        "entityName": "name",
        "createdAt": "rt",
    }
    return FolderSource(name="s", path=str(folder), fields=cef if form == "log" else {})


def collected(store: Store, folder: Path, form: str) -> CollectedSource:
    (found,) = collect([source_of(folder, form)], store, lambda _: None).sources
    assert found.error is None
    assert found.read == found.appended.stored + found.appended.repeated + found.set_aside
    return found


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "packed"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "versions",
    [["cba", "edcba", "edcba", "gfedcba"], ["cba", "edcb", "fed", "hgf"], ["abc", "bcd", "cdef", "fg", "fgh"],
     ["ab", "ba", "cbda", "abcd", "abcde"], ["ab", "", "ab", "bac"], ["aab", "baaa", "aaaab"],
     ["ba", "b", "cba", "cbad", "ba", "edcba"]],
    ids=["at its front", "newest first", "a window", "in any order", "empty between", "equal ones", "half"],
)  # fmt: skip
def test_lines_that_were_rewritten_are_stored_once(
    tmp_path: Path, form: str, versions: list[str], pack: Callable[[bytes], bytes]
) -> None:
    with open_store(tmp_path / "store" / "trails.db") as store:
        (tmp_path / "in").mkdir()
        there: list[str] = []
        stored = set_aside = 0
        for version in versions:
            name = f"a.{form}.gz" if pack is gzip.compress else f"a.{form}"
            (tmp_path / "in" / name).write_bytes(pack(FORMS[form](list(version))))
            found = collected(store, tmp_path / "in", form)
            stored, set_aside = stored + found.appended.stored, set_aside + found.set_aside
            prune(store, Span())
            there += [
                each for each in sorted(set(version)) for _ in range(version.count(each) - there.count(each))
            ]
            assert (set_aside if form == "unfit.jsonl" else stored) == len(there)


class Window:
    """What a system shows of its events: some of the latest, the newest first or last, each with its number."""

    def __init__(self, newest_first: bool, line_bytes: int) -> None:
        self.lines: list[str] = []
        self.happened = Counter[str]()
        self._newest_first, self._line_bytes = newest_first, line_bytes

    def change(self, new: int, twins: int, dropped: int) -> None:
        """So many more events, as many that are equal to each of them, and fewer old ones."""
        for _ in range(new):
            name = f"{len(self.happened):05}".ljust(self._line_bytes, "x")
            self.happened[name] = 1 + twins
            added = [name] * (1 + twins)
            self.lines = added + self.lines if self._newest_first else self.lines + added
        kept = max(0, len(self.lines) - dropped)
        self.lines = self.lines[:kept] if self._newest_first else self.lines[len(self.lines) - kept :]

    @property
    def seen(self) -> Counter[str]:
        return Counter(self.lines)


@given(
    form=st.sampled_from([*FORMS]),
    is_packed=st.booleans(),
    newest_first=st.booleans(),
    line_bytes=st.sampled_from([5, 5, 700]),
    changes=st.lists(
        st.tuples(
            st.sampled_from([0, 1, 2, 5, 90]), st.sampled_from([0, 0, 1, 3]), st.sampled_from([0, 1, 3, 40])
        ),
        min_size=2,
        max_size=8,
    ),
)
@settings(max_examples=60, derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_window_gives_each_record_once(
    form: str,
    is_packed: bool,
    newest_first: bool,
    line_bytes: int,
    changes: list[tuple[int, int, int]],
) -> None:
    window = Window(newest_first, line_bytes)
    most = Counter[str]()
    with TemporaryDirectory() as folder, open_store(Path(folder) / "store" / "trails.db") as store:
        (Path(folder) / "in").mkdir()
        set_aside = 0
        for change in changes:
            window.change(*change)
            content = FORMS[form](window.lines)
            name = f"a.{form}.gz" if is_packed else f"a.{form}"
            (Path(folder) / "in" / name).write_bytes(gzip.compress(content) if is_packed else content)
            set_aside += collected(store, Path(folder) / "in", form).set_aside
            most |= window.seen
            if form == "unfit.jsonl":
                assert set_aside == most.total()
            else:
                assert Counter(each["entityName"] for each in events_in(store)) == most


@pytest.mark.parametrize("form", ["jsonl", "csv"])
@pytest.mark.parametrize("newest_first", [True, False])
def test_of_a_large_file_not_every_line_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, newest_first: bool
) -> None:
    """What is behind those that are known is passed over as a whole."""
    fewer = structs.replace(limits(), document_digests=200)
    for module in ("known_lines", "record_digests"):
        monkeypatch.setattr(f"desktop_app.sources.{module}.limits", lambda: fewer)
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 64)
    window = Window(newest_first, 20)
    (tmp_path / "in").mkdir()
    with open_store(tmp_path / "trails.db") as store:
        for change in ((1000, 0, 0), (10, 0, 0), (10, 0, 30), (0, 0, 10), (90, 1, 60), (3, 0, 0)):
            window.change(*change)
            (tmp_path / "in" / f"a.{form}").write_bytes(FORMS[form](window.lines))
            collected(store, tmp_path / "in", form)
            assert Counter(each["entityName"] for each in events_in(store)) == window.happened
        kept = sum(len(value) for _, value in StoredPlaces(store, "s").starting_with("lines:"))
        assert kept == 200 * 8


@pytest.mark.parametrize("form", ["jsonl", "csv", "log"])
@pytest.mark.parametrize("kill", range(1, 10))
def test_a_file_that_is_rewritten_before_its_first_look_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, kill: int
) -> None:
    """The newest at its front, each time."""
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 7)
    window = Window(newest_first=True, line_bytes=90)
    (tmp_path / "in").mkdir()
    with open_store(tmp_path / "trails.db") as store:
        for new, dropped in ((40, 0), (10, 0), (0, 0), (10, 15), (3, 0)):
            window.change(new, 0, dropped)
            (tmp_path / "in" / f"a.{form}").write_bytes(FORMS[form](window.lines))
            collect_watched(source_of(tmp_path / "in", form), store, monkeypatch, steps_until_kill=kill)
        collected(store, tmp_path / "in", form)
        came = Counter(each["entityName"] for each in events_in(store))
    assert [*came.values()] == [1] * len(came) and came.keys() >= window.seen.keys()
