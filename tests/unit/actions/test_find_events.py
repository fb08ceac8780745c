"""Events are found by day, by state and by words, newest first."""

import json
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from desktop_app.actions.event_state import EventState
from desktop_app.actions.find_events import Hits, Question, Range, find_events
from desktop_app.export.days import calendar_day
from desktop_app.export.ledger import StartedBy, open_ledger
from desktop_app.settings.paths import Paths
from desktop_app.stop import Stop, Stopped
from desktop_app.trails.event import parse_event
from desktop_app.trails.store.browse import Listing, event_line
from desktop_app.trails.store.search import Sought
from desktop_app.trails.store.store import open_store
from tests.unit.export.test_ledger import archive

KOLKATA = ZoneInfo("Asia/Kolkata")  # half an hour off: an hour of UTC belongs to two of its days
TIMES = {
    "first": "2026-11-19T18:29:59.999Z",  # the last instant of the 19th there
    "second": "2026-11-19T18:30:00Z",  # the first of the 20th
    "third": "2026-11-20T12:00:00Z",
    "late": "2026-11-20T12:30:00Z",  # came when the 20th was delivered
    "last": "2026-11-22T00:00:00Z",
}


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """A store of which the 20th is delivered but for the late event."""
    paths = Paths(tmp_path, tmp_path, tmp_path)
    for names in (["second", "third"], ["first", "late", "last"]):
        with open_store(paths.store) as store:
            delivered_upto = store.last_seq()
            store.append(
                parse_event(
                    json.dumps(
                        {"createdAt": TIMES[n], "entityType": "T", "entityName": f"the {n} One", "actionType": "A"}
                    ).encode()
                )
                for n in names
            )
    day = calendar_day(date(2026, 11, 20), KOLKATA)
    with open_ledger(paths.ledger) as ledger:
        run = ledger.begin_run(StartedBy.HAND, 1, 1)
        made = archive("2026-11-20", start_ms=day.start_ms, end_ms=day.end_ms, upto_seq=delivered_upto)
        ledger.set_built(run, made)
        ledger.mark_delivered(made.name, run, 2)
    return paths


def ask(paths: Paths, question: Question) -> tuple[list[str], Range, list[str]]:
    """The names of the events in the range, the range, and the names of those with the words."""
    told: list[Range | Hits] = []
    find_events(paths, KOLKATA, question, Stop(), told.append)
    found, *hits = told
    assert isinstance(found, Range)
    with open_store(paths.store) as store:
        rows = Listing(store, found.parts).rows(0, found.events)
        keys = [key for each in hits if isinstance(each, Hits) for key in each.keys]
        lines = [json.loads(event_line(store, key.seq) or b"{}") for key in keys]
    return [row.entity_name.split()[1] for row in rows], found, [line["entityName"].split()[1] for line in lines]


def test_all_events_and_their_days_newest_first(paths: Paths) -> None:
    names, found, hits = ask(paths, Question())
    assert (names, hits) == (["last", "late", "third", "second", "first"], [])
    assert found.days == [date(2026, 11, day) for day in (22, 20, 19)]
    assert (found.events, [each.day for each in found.delivered]) == (5, ["2026-11-20"])


@pytest.mark.parametrize(
    ("day", "expected"),
    [(19, ["first"]), (20, ["late", "third", "second"]), (21, []), (22, ["last"])],
)
def test_a_day_is_one_of_the_zone(paths: Paths, day: int, expected: list[str]) -> None:
    assert ask(paths, Question(first=date(2026, 11, day), last=date(2026, 11, day)))[0] == expected


def test_days_from_one_to_another(paths: Paths) -> None:
    assert ask(paths, Question(first=date(2026, 11, 20)))[0] == ["last", "late", "third", "second"]
    assert ask(paths, Question(last=date(2026, 11, 20)))[0] == ["late", "third", "second", "first"]
    assert ask(paths, Question(first=date(2026, 11, 20), last=date(2026, 11, 21)))[0] == [
        "late",
        "third",
        "second",
    ]
    assert ask(paths, Question(first=date(2026, 11, 21), last=date(2026, 11, 20)))[0] == []


def test_delivered_and_waiting(paths: Paths) -> None:
    assert ask(paths, Question(state=EventState.DELIVERED))[0] == ["third", "second"]
    assert ask(paths, Question(state=EventState.WAITING))[0] == ["last", "late", "first"]
    late = Question(first=date(2026, 11, 20), last=date(2026, 11, 20), state=EventState.WAITING)
    assert ask(paths, late)[0] == ["late"]


def test_words_within_what_is_asked_for(paths: Paths) -> None:
    names, _, hits = ask(paths, Question(Sought("one THE"), state=EventState.WAITING))
    assert hits == names == ["last", "late", "first"]
    assert ask(paths, Question(Sought("late one")))[2] == ["late"]
    assert ask(paths, Question(Sought("nowhere")))[2] == []


def test_all_that_was_looked_through_is_told(paths: Paths) -> None:
    told: list[Range | Hits] = []
    find_events(paths, KOLKATA, Question(Sought("nowhere")), Stop(), told.append)
    assert isinstance(told[-1], Hits)
    assert told[-1].scanned == 5


def test_a_stop_ends_the_search(paths: Paths) -> None:
    stop = Stop()
    stop.ask()
    with pytest.raises(Stopped):
        find_events(paths, KOLKATA, Question(Sought("one")), stop, lambda _: None)


def test_the_days_of_nothing(tmp_path: Path) -> None:
    paths = Paths(tmp_path, tmp_path, tmp_path)
    with open_store(paths.store):
        pass
    names, found, _ = ask(paths, Question(first=date(2026, 11, 20), last=date(2026, 11, 20)))
    assert (names, found.days, found.events) == ([], [], 0)
