"""When the days of a backfill that have gone by are worth a round."""

from datetime import UTC, date

import pytest

from desktop_app.actions import backfill_days
from desktop_app.actions.backfill_days import DAY_MS, Asked, Rounds, days_of

DAYS = days_of(Asked("trails", date(2026, 1, 1), date(2026, 3, 31)), UTC)


def after(days: float) -> int:
    """An instant so many days after the first one begins."""
    return DAYS.first_ms + round(days * DAY_MS)


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> Rounds:
    monkeypatch.setattr(backfill_days, "_EVENTS_AT_ONCE", 100)
    monkeypatch.setattr(backfill_days, "_DAYS_AT_ONCE", 30)
    return Rounds(DAYS)


def test_as_long_as_no_day_has_gone_by_there_is_none(rounds: Rounds) -> None:
    assert not rounds.is_due(None, 1000)
    assert not rounds.is_due(after(1.9), 1000)
    assert rounds.last_ms == rounds.whole_ms == DAYS.first_ms and not rounds.is_past_end


def test_many_events_are_worth_one_and_only_new_ones_count(rounds: Rounds) -> None:
    assert not rounds.is_due(after(2.5), 99)
    assert rounds.whole_ms == after(1) and rounds.last_ms == DAYS.first_ms
    assert rounds.is_due(after(2.5), 100)
    assert rounds.last_ms == after(1)
    assert not rounds.is_due(after(3.5), 199)
    assert rounds.is_due(after(3.5), 200)


def test_many_days_are_worth_one_with_however_few_events(rounds: Rounds) -> None:
    assert not rounds.is_due(after(30.9), 1)
    assert rounds.is_due(after(31), 1)
    assert not rounds.is_due(after(60.9), 2)


def test_it_is_past_the_end_a_day_after_the_last_one(rounds: Rounds) -> None:
    assert rounds.is_due(after(90.9), 0) and not rounds.is_past_end
    assert rounds.is_due(after(200), 1000)
    assert rounds.is_past_end and rounds.whole_ms == DAYS.end_ms == after(90)
