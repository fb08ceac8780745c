"""Days: how tables show them, and in which spellings a run is found by them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from msgspec import structs
from PySide6.QtCore import QLocale, Qt, QTimeZone
from pytestqt.qtbot import QtBot

from desktop_app.actions.history import PastRun
from desktop_app.export.ledger import Outcome
from desktop_app.gui import formats
from desktop_app.gui.history.run_model import RunFilter, RunModel
from desktop_app.wording import Said
from tests.gui.test_history_page import archive as some_archive
from tests.gui.test_history_page import past_run

UTC_ZONE = QTimeZone(QTimeZone.Initialization.UTC)
# Failed on Saturday, 28 November 2026; the others are what else a list has.
NIGHTS = ((26, Outcome.FAILED), (27, Outcome.DELIVERED), (28, Outcome.FAILED), (29, Outcome.DELIVERED))


@pytest.fixture(params=["en_US", "en_GB", "de_DE", "ja_JP"])
def locale(request: pytest.FixtureRequest) -> Iterator[str]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


@pytest.fixture
def runs(qtbot: QtBot) -> RunFilter:
    model = RunModel()
    model.zone = UTC_ZONE
    model.show([night(day, outcome) for day, outcome in NIGHTS])
    found = RunFilter(model)
    found._kept = model  # type: ignore[attr-defined]
    return found


def night(day: int, outcome: Outcome) -> PastRun:
    started = int(datetime(2026, 11, day, 2, tzinfo=UTC).timestamp() * 1000)
    run = structs.replace(past_run(day, outcome).run, started_ms=started, finished_ms=started + 28_000)
    archives = []
    if outcome is Outcome.DELIVERED:
        # A sum with the digits of another day in it.
        whole = structs.replace(some_archive(day, 1), day=f"2026-11-{day - 1}", sha256="28" * 32)
        archives = [structs.replace(whole, name=f"audit-trails-ws-2026-11-{day - 1}.zip")]
    else:
        run = structs.replace(run, message=Said("The server did not accept user {user}.", user="audit"))
    return PastRun(run, archives)


def found(runs: RunFilter, text: str) -> list[int]:
    runs.set_filter(text, frozenset())
    shown = (runs.at(row).run.started_ms for row in range(runs.rowCount()))
    return sorted(datetime.fromtimestamp(started / 1000, UTC).day for started in shown)


def spellings(locale: str) -> list[str]:
    return {
        "en_US": [
            "11/28/26",
            "11/28",
            "11/28/2026",
            "November 28, 2026",
            "28 November",
            "Nov 28",
            "Saturday",
            "Sat",
        ],
        "en_GB": ["28/11/2026", "28/11", "28 November 2026", "28 Nov", "Saturday"],
        "de_DE": ["28.11.", "28.11.26", "28.11.2026", "28. November", "28. Nov.", "Samstag"],
        "ja_JP": ["2026/11/28", "11月28日", "28日", "土曜日"],
    }[locale]


def test_the_failed_run_is_found_by_its_day_in_every_spelling(runs: RunFilter, locale: str) -> None:
    failed = runs._model.outcome_text(night(28, Outcome.FAILED).run)  # type: ignore[attr-defined]
    for spelling in ["2026-11-28", "2026-11-28 02:00:00", "28", *spellings(locale)]:
        assert found(runs, f"{spelling} {failed}") == [28], spelling
        assert found(runs, f"{failed.upper()} {spelling}") == [28], spelling


def test_a_day_finds_its_run_and_its_archive(runs: RunFilter, locale: str) -> None:
    assert found(runs, "2026-11-28") == [28, 29]
    assert found(runs, "28") == [28, 29]


def test_a_search_finds_from_its_first_letters_on(runs: RunFilter, locale: str) -> None:
    for text in ("2026-11-2", "2026", "audit"):
        assert 28 in found(runs, text), text


def test_words_of_two_days_are_no_day(runs: RunFilter, locale: str) -> None:
    assert found(runs, "2026-11-26 2026-11-29") == []


def test_a_sum_is_found_by_its_beginning(runs: RunFilter) -> None:
    assert found(runs, "282828282828") == [27, 29]


def test_days_that_follow_one_another_are_a_span_and_others_are_not() -> None:
    assert formats.days([]) == ""
    assert formats.days(["2026-11-24"]) == "2026-11-24"
    assert formats.days(["2026-12-01", "2026-11-29", "2026-11-30", "2026-11-30"]) == "2026-11-29 to 2026-12-01"
    assert formats.days(["2026-11-20", "2026-11-24", "2026-11-25"]) == "2026-11-20, 2026-11-24 to 2026-11-25"


def test_a_table_names_the_zone_of_its_times(qtbot: QtBot) -> None:
    model = RunModel()
    model.zone = formats.zone_of("Asia/Tokyo")
    model.show([night(28, Outcome.FAILED)])
    assert model.headerData(RunModel.STARTED, Qt.Orientation.Horizontal) == "Started (Asia/Tokyo)"
    assert model.index(0, RunModel.STARTED).data() == "2026-11-28 11:00:00"
    assert formats.zone_name(formats.zone_of("UTC")) == "UTC"
