"""What ten years leave behind is read once a run, and nothing grows but by what each archive needs."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from desktop_app.actions.run import Request, run_once
from desktop_app.export.ledger import Ledger, LedgerDamaged, Outcome, open_ledger
from desktop_app.export.taken import Taken, taken
from desktop_app.settings.model import ExportSettings, ServerSettings, Settings, StoreSettings
from desktop_app.settings.paths import Paths
from desktop_app.trails.store.hours import hours
from desktop_app.trails.store.store import open_store
from tests.installation import Installation, ms
from tests.ten_years import begin_ten_years_ago

YESTERDAY = date(2026, 11, 22)
NOW_MS = ms("2026-11-23T12:00:00")


def test_a_run_with_nothing_due_reads_its_archives_once_and_looks_at_no_day_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin_ten_years_ago(tmp_path, YESTERDAY, archives=1000)
    rows = 0
    read = Ledger._rows

    def counting(ledger: Ledger, *arguments: Any) -> list[tuple[Any, ...]]:
        nonlocal rows
        found = read(ledger, *arguments)
        rows += len(found)
        return found

    def decoded(*_: object) -> None:
        raise AssertionError("what says the same need not be looked at one by one")

    monkeypatch.setattr(Ledger, "_rows", counting)
    monkeypatch.setattr("desktop_app.export.agreement._archive", decoded)
    monkeypatch.setattr("desktop_app.export.agreement.archive_notes", decoded)
    monkeypatch.setattr("desktop_app.export.days._start_ms", _no_more_than(20))
    settings = Settings(
        export=ExportSettings(instance="ws", timezone="UTC"),
        server=ServerSettings(host="sftp.example.com", user="audit", path="/"),
    )
    paths = Paths(tmp_path, tmp_path, tmp_path)
    with open_ledger(paths.ledger) as ledger:
        since = ledger.switched_on_since()
    assert since
    settings = structs.replace(settings, enabled=True)
    result = run_once(settings, paths, Request(), lambda: "", clock=lambda: NOW_MS / 1000)
    assert (result.outcome, result.error) == (Outcome.NOTHING_DUE, None)
    assert 1000 <= rows < 1100


def _no_more_than(times: int) -> Any:
    from desktop_app.export import days

    count, start = 0, days._start_ms

    def counted(*arguments: Any) -> int:
        nonlocal count
        count += 1
        assert count <= times
        return start(*arguments)

    return counted


def test_a_change_by_this_process_or_another_is_seen_at_once(tmp_path: Path) -> None:
    begin_ten_years_ago(tmp_path, YESTERDAY, archives=3)
    with open_ledger(tmp_path / "ledger.db") as ledger, open_ledger(tmp_path / "ledger.db") as other:
        first = ledger.delivered()
        assert ledger.delivered() == first and len(first) == 3
        ledger.delivered().clear()  # what a caller does with its list is its own
        assert ledger.delivered() == first
        more = structs.replace(first[-1], name="audit-trails-ws-x.zip", number=99)
        other.adopt(more)
        assert ledger.delivered() == [*first, more]
        ledger.adopt(structs.replace(more, name="audit-trails-ws-y.zip", number=100))
        assert len(ledger.delivered()) == 5


def test_what_is_taken_is_what_the_delivered_archives_take(tmp_path: Path) -> None:
    begin_ten_years_ago(tmp_path, YESTERDAY, archives=50)
    with open_ledger(tmp_path / "ledger.db") as ledger:
        found = taken(ledger)
        assert found == [Taken(each.day, each.start_ms, each.end_ms, each.upto_seq) for each in ledger.delivered()]
        for damage in ("upto_seq = 'x'", "day = 'yesterday'", "end_ms = start_ms - 1"):
            ledger.db.execute(f"UPDATE archives SET {damage} WHERE id = 7")
            with pytest.raises(LedgerDamaged):
                taken(ledger)
            with pytest.raises(LedgerDamaged):
                ledger.delivered()
            as_it_was = (found[6].day, found[6].end_ms, found[6].upto_seq)
            ledger.db.execute("UPDATE archives SET (day, end_ms, upto_seq) = (?, ?, ?) WHERE id = 7", as_it_was)


class _ShortMemory(Installation):
    def settings(self, *arguments: Any) -> Settings:
        return structs.replace(super().settings(*arguments), store=StoreSettings(keep_days=3))


def test_nights_add_no_more_than_what_is_known_of_their_archives(tmp_path: Path) -> None:
    made = _ShortMemory(tmp_path / "home", tmp_path / "server")
    sizes: list[int] = []
    for night in range(60):
        day = date(2026, 3, 1) + timedelta(days=night)
        events = [(f"{day}T{hour:02}:00:00", f"{day} {hour}") for hour in range(24)]
        now = f"{day + timedelta(days=1)}T02:00:00"
        made.run(now, events)
        with open_store(made.paths.store) as store:  # what it records of itself has the time of this computer
            assert sum(hour.events for hour in hours(store) if hour.end_ms <= ms(now)) <= 4 * 24
        sizes.append(sum(file.stat().st_size for file in made.paths.data.rglob("*") if file.is_file()))
    assert len(list((tmp_path / "server").glob("*.zip"))) == 60
    assert sizes[-1] - sizes[19] <= 40 * 4096
