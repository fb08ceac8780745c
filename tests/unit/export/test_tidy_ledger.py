"""The ledger has an end, and what is tidied away is nowhere missed."""

from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from desktop_app.actions.run import Request, run_once
from desktop_app.evidence.coverage import Came, SourceCoverage, SourceGap, by_source
from desktop_app.export import tidy_ledger as tidy_module
from desktop_app.export.ledger import Ledger, Outcome, StartedBy, open_ledger
from desktop_app.export.tidy_ledger import tidy_ledger
from desktop_app.settings.limits import limits
from tests.installation import Installation
from tests.ten_years import _archive


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    few = structs.replace(limits(), ledger_runs=10, ledger_coverage=6)
    monkeypatch.setattr(tidy_module, "limits", lambda: few)


def ended(ledger: Ledger, outcome: Outcome, count: int = 1) -> list[int]:
    runs = []
    for _ in range(count):
        runs.append(ledger.begin_run(StartedBy.SCHEDULE, 1, 0))
        ledger.end_run(runs[-1], outcome, 1)
    return runs


def entry(number: int) -> SourceCoverage:
    return SourceCoverage(
        source="ab"[number % 2],
        first=f"2026-01-{number + 1:02}",
        last=f"2026-01-{number + 1:02}",
        asked=(f"what {number}",),
        read=number,
        stored=number,
        complete=number != 3,
        gaps=(SourceGap("f", f"{number}"),) if number == 3 else (),
    )


def test_old_runs_go_but_for_those_of_archives_and_the_last_that_went_well(tmp_path: Path) -> None:
    from datetime import date

    with open_ledger(tmp_path / "ledger.db") as ledger:
        (delivered,) = ended(ledger, Outcome.DELIVERED)
        archive = _archive("ws", date(2026, 1, 1), 1)
        ledger.set_built(delivered, archive)
        ledger.mark_delivered(archive.name, delivered, 1)
        nothing = ended(ledger, Outcome.NOTHING_DUE, 3)
        failed = ended(ledger, Outcome.FAILED, 30)
        tidy_ledger(ledger)
        assert [run.id for run in ledger.runs()] == [*reversed(failed[-10:]), nothing[-1], delivered]
        success = ledger.last_success()
        assert success and success.id == nothing[-1]
        assert list(ledger.delivered_since(0)) == [delivered]
        tidy_ledger(ledger)
        assert len(ledger.runs()) == 12


def test_coverage_that_nothing_tells_of_is_summed_up_and_tells_the_same(tmp_path: Path) -> None:
    entries = [entry(number) for number in range(9)]
    with open_ledger(tmp_path / "ledger.db") as ledger:
        for each in entries[:6]:
            ledger.note_coverage([each], {1: Came()})
        before, last = ledger.coverage()
        tidy_ledger(ledger)
        assert (before, last) == ledger.coverage() == (entries[:6], 6)
        for each in entries[6:]:
            ledger.note_coverage([each], {1: Came()})
        tidy_ledger(ledger)
        kept, last = ledger.coverage()
        assert (len(kept), last) == (2, 9)
        assert by_source(kept) == by_source(entries)
        ledger.note_coverage([entry(9)], {1: Came()})
        assert ledger.coverage()[1] == 10


def test_what_a_built_archive_tells_of_stays_as_it_is(tmp_path: Path) -> None:
    from datetime import date

    with open_ledger(tmp_path / "ledger.db") as ledger:
        for number in range(9):
            ledger.note_coverage([entry(number)], {1: Came()})
        archive = structs.replace(_archive("ws", date(2026, 1, 1), 1), coverage_upto=9)
        (run,) = ended(ledger, Outcome.FAILED)
        ledger.set_built(run, archive)
        for number in range(9, 18):
            ledger.note_coverage([entry(number)], {1: Came()})
        told = ledger.coverage(9)
        tidy_ledger(ledger)
        assert ledger.coverage(9) == told
        assert len(ledger.coverage()[0]) == 9 + 2
        ledger.mark_delivered(archive.name, run, 1)
        assert by_source(ledger.coverage()[0]) == by_source(entry(number) for number in range(9, 18))


def test_a_run_tidies(tmp_path: Path) -> None:
    made: Any = Installation(tmp_path / "home", tmp_path / "server")
    with open_ledger(made.paths.ledger) as ledger:
        ended(ledger, Outcome.FAILED, 30)
    result = run_once(made.settings(), made.paths, Request(), lambda: "")
    assert result.outcome is Outcome.NOTHING_DUE
    with open_ledger(made.paths.ledger) as ledger:
        assert len(ledger.runs()) == 10
