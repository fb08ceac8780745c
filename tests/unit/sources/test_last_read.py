"""When a source was read last, how late its events come, and whether a service still has what was not read."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from desktop_app.actions.list_sources import list_sources
from desktop_app.actions.status import overview
from desktop_app.cli.source import command
from desktop_app.notify.after_run import cause_of, running_out
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.rest_source import RestAuth, RestSource, RestWindow
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import Collected
from desktop_app.trails.store.store import open_store
from tests import saving
from tests.http_service import Asked, Reply, serving

DAY = 86_400.0
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()


def at(days: float) -> Callable[[], float]:
    return lambda: NOON + days * DAY


def record(name: str, days: float) -> str:
    when = datetime.fromtimestamp(NOON + days * DAY, UTC).isoformat()
    return json.dumps({"createdAt": when, "entityType": "T", "entityName": name, "actionType": "A"}) + "\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FolderSource:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    (tmp_path / "hr").mkdir()
    source = FolderSource(name="hr", path=str(tmp_path / "hr"))
    saving.save(find_paths(), Settings(sources=(source,)))
    return source


def collect_at(source: FolderSource | RestSource, days: float) -> Collected:
    with open_store(find_paths().store) as store:
        return collect([source], store, lambda _: None, clock=at(days))


def test_when_it_was_read_and_how_late_and_how_far_back(folder: FolderSource) -> None:
    (listed,) = list_sources(find_paths())
    assert listed.last.at_ms == 0
    Path(folder.path, "a.jsonl").write_text(record("old", -30) + record("new", -1), encoding="utf-8")
    collect_at(folder, 0)
    (listed,) = list_sources(find_paths())
    assert (listed.last.at_ms, listed.last.read, listed.last.stored) == (int(NOON * 1000), 2, 2)
    assert listed.last.late_ms == 0  # the first collection can't tell
    assert listed.last.oldest_ms == int((NOON - 30 * DAY) * 1000)
    lines = record("late", -2) + record("in time", 0.5) + "{}\n"
    Path(folder.path, "b.jsonl").write_text(lines, encoding="utf-8")
    collect_at(folder, 1)
    collect_at(folder, 2)  # nothing new: what was late before still counts
    (listed,) = list_sources(find_paths())
    assert listed.last.late_ms == int(2 * DAY * 1000) and listed.last.read == 0
    assert listed.last.newest_ms == int((NOON + 0.5 * DAY) * 1000)


def test_it_is_told_on_the_command_line(folder: FolderSource) -> None:
    Path(folder.path, "a.jsonl").write_text(record("one", -30), encoding="utf-8")
    collect_at(folder, 0)
    shown = CliRunner().invoke(command, ["list"]).output
    for said in ("Last read: 2026-11-20", "Records: 1, new: 1.", "Events from 2026-10-21"):
        assert said in shown
    (listed,) = json.loads(CliRunner().invoke(command, ["list", "--json"]).stdout)
    assert listed["last_read"] == "2026-11-20T12:00:00.000Z" and listed["last"]["stored"] == 1
    assert listed["oldest"] == "2026-10-21T12:00:00.000Z" and listed["late_seconds"] == 0


def test_what_could_not_be_read_is_told(folder: FolderSource) -> None:
    collect_at(folder, 0)
    Path(folder.path).rmdir()
    collect_at(folder, 1)
    (listed,) = list_sources(find_paths())
    assert "can't be read" in listed.last.problem and listed.last.whole_ms == int(NOON * 1000)


class Service:
    """Has no events, and a clock that the test sets; where it is away, it answers with an error."""

    def __init__(self) -> None:
        self.days, self.is_away = 0.0, False

    def __call__(self, asked: Asked) -> Reply:
        date = datetime.fromtimestamp(at(self.days)(), UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return Reply(b"gone", 404) if self.is_away else Reply(b"[]", headers={"Date": date})


@pytest.fixture
def service(folder: FolderSource) -> Iterator[tuple[Service, RestSource]]:
    made = Service()
    with serving(made) as url:
        source = RestSource(
            name="o365",
            url=f"{url}/events",
            auth=RestAuth(type="none"),
            window=RestWindow(from_="since", to="until", format="iso", kept="7d"),
        )
        saving.save(find_paths(), Settings(sources=(source,)))
        yield made, source


def test_little_time_is_told_before_events_are_gone(service: tuple[Service, RestSource]) -> None:
    made, source = service
    assert not collect_at(source, 0).errors
    made.is_away = True
    (done,) = collect_at(source, 3).sources
    assert done.error and done.running_out is None  # there are four days left
    (done,) = collect_at(source, 5).sources
    assert done.running_out and "keeps events for 7 days" in done.running_out
    assert "5 days ago" in done.running_out and "lost: 2.0" in done.running_out
    assert done.running_out in list(done.warnings())
    (told,) = running_out([done])
    assert told.message == done.running_out and cause_of(told) == "running out: o365"
    (listed,) = list_sources(find_paths(), at(5))
    assert listed.running_out == done.running_out
    state = overview(Settings(sources=(source,)), find_paths(), at(5))
    assert state.running_out == {"o365": done.running_out}
    assert list_sources(find_paths(), at(4))[0].running_out is None
    (listed,) = list_sources(find_paths(), at(8))
    assert listed.running_out and "are being lost" in listed.running_out


def test_once_it_is_read_again_nothing_runs_out(service: tuple[Service, RestSource]) -> None:
    """Although a gap was told: nobody can read that any more."""
    made, source = service
    collect_at(source, 0)
    made.days = 10
    (done,) = collect_at(source, 10).sources
    assert done.running_out is None
    (listed,) = list_sources(find_paths(), at(10))
    assert listed.running_out is None and listed.last.whole_ms == int(at(10)() * 1000)
