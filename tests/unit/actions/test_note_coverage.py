"""What the next manifest tells of the sources: each record once, whatever became of the runs that collected it."""

import json
import time
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.actions.run import Request, RunStep, run_once
from desktop_app.evidence.coverage import SourceCoverage, by_source
from desktop_app.export.ledger import Ledger, open_ledger
from desktop_app.settings.model import FolderSource, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sources.collect import try_again
from desktop_app.sources.collected import CollectProgress
from desktop_app.trails.record import record
from desktop_app.trails.store.store import open_store
from tests.stored import event

NOW = int(time.time())


class Killed(BaseException):
    """As the power going off: nobody catches it."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "log"
    made.mkdir()
    return made


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path, tmp_path)


def settings(folder: Path, **source: object) -> Settings:
    made = FolderSource(name="app", path=str(folder), **source)  # type: ignore[arg-type]
    return Settings(server=ServerSettings(host="127.0.0.1:9", user="u", path="/"), sources=(made,))


def write(file: Path, *actions: str | None) -> None:
    """A record each, of now, so that none is due yet; one without an action can't be an event."""
    records = [{"createdAt": NOW, "entityType": "T", "entityName": "N", "actionType": each} for each in actions]
    file.write_text("".join(json.dumps(each) + "\n" for each in records))


def run(wanted: Settings, paths: Paths, *, killed_after: int | None = None) -> None:
    """Collect; `killed_after` so many records were stored, if that is given."""

    def look(step: RunStep) -> None:
        if killed_after is not None and isinstance(step, CollectProgress) and step.records >= killed_after:
            raise Killed

    run_once(wanted, paths, Request(), lambda: "secret", look)


def told(paths: Paths) -> SourceCoverage:
    with open_ledger(paths.ledger) as ledger:
        found, _ = ledger.coverage()
    (together,) = by_source(found)
    assert together.adds_up
    return together


@pytest.mark.parametrize("had_run_before", [True, False])
def test_what_a_killed_collection_has_stored_is_told_of(folder: Path, paths: Paths, had_run_before: bool) -> None:
    if had_run_before:
        run(settings(folder), paths)
    write(folder / "1.jsonl", "A", None, "B")
    write(folder / "2.jsonl", "C")
    with pytest.raises(Killed):
        run(settings(folder), paths, killed_after=1)
    run(settings(folder), paths)
    coverage = told(paths)
    assert (coverage.read, coverage.stored, coverage.set_aside) == (4, 3, 1)


def test_what_was_told_of_is_not_told_of_again(folder: Path, paths: Paths) -> None:
    write(folder / "1.jsonl", "A", None)
    for _ in range(2):
        run(settings(folder), paths)
        coverage = told(paths)
        assert (coverage.read, coverage.stored, coverage.set_aside) == (2, 1, 1)


def test_what_was_tried_again_between_two_runs_is_told_of(folder: Path, paths: Paths) -> None:
    write(folder / "1.jsonl", "A", None)
    run(settings(folder), paths)
    mapped = settings(folder, fields={"actionType": ("actionType", "entityType")})
    with open_store(paths.store) as store:
        try_again(mapped.sources, "app", store)
    run(mapped, paths)
    assert told(paths).stored == 2


def test_a_store_put_back_as_an_older_copy_tells_what_it_reads_again(folder: Path, paths: Paths) -> None:
    run(settings(folder), paths)
    older = paths.store.read_bytes()
    write(folder / "1.jsonl", "A", "B")
    run(settings(folder), paths)
    paths.store.write_bytes(older)
    run(settings(folder), paths)
    assert told(paths).stored == 4


def test_what_is_recorded_is_noted_in_no_ledger(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing_collected = Settings(server=ServerSettings(host="127.0.0.1:9", user="u", path="/"))
    run(nothing_collected, paths)
    noted: list[object] = []
    monkeypatch.setattr(Ledger, "note_coverage", lambda *given: noted.append(given))
    with open_store(paths.store) as store:
        record(store, [event(createdAt=NOW)])
    run(nothing_collected, paths)
    assert noted == []


def test_a_source_that_came_after_a_run_without_any_is_told_of(folder: Path, paths: Paths) -> None:
    run(structs.replace(settings(folder), sources=()), paths)
    write(folder / "1.jsonl", "A")
    with pytest.raises(Killed):
        run(settings(folder), paths, killed_after=1)
    run(settings(folder), paths)
    assert told(paths).stored == 1
