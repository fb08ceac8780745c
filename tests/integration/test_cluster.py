"""A backfill by the workers of a scheduler delivers what one process does, whoever of them dies."""

from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from desktop_app.actions import backfill_days
from desktop_app.actions.backfill import Surroundings, backfill
from desktop_app.actions.backfill_days import Asked, Elsewhere
from desktop_app.actions.run import RunResult
from desktop_app.trails.store.promises import has_promises
from desktop_app.trails.store.store import open_store
from tests.clusters import dask
from tests.integration.exporter import QUICK, Exporter
from tests.integration.test_backfill import (
    DAYS,
    FIRST,
    LAST,
    data_of,
    day_events,
    exporter,
    files_in,
    of,
    trails,
)  # fmt: skip
from tests.servers import Server

__all__ = ["trails"]
EXPECTED = Counter(
    each["id"] for day in range(DAYS) for region in range(2) for each in day_events(day, region, 20)
)


@pytest.fixture(autouse=True)
def small_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_days, "_EVENTS_AT_ONCE", 200)
    monkeypatch.setattr("desktop_app.cluster.wishes._MOST_FILES", 6)


@pytest.fixture
def pieces(tmp_path: Path) -> Path:
    folder = tmp_path / "pieces"
    folder.mkdir()
    return folder


def fill(made: Exporter, address: str, pieces: Path | str, last: date = LAST, **more: Any) -> RunResult:
    around = Surroundings(lambda: made.password, backoff=QUICK, clock=lambda: made.now.timestamp(), **more)
    asked = Asked("trails", FIRST, last, elsewhere=Elsewhere(address, str(pieces)))
    return backfill(made.settings, made.paths, asked, around)


def require_all_kept(made: Exporter, pieces: Path) -> None:
    with open_store(made.paths.store) as store:
        assert not has_promises(store)
    assert list(pieces.iterdir()) == []


def test_the_archives_are_those_of_one_process(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path
) -> None:
    alone = exporter(tmp_path, "alone", sshd, served, files_in(trails))
    around = Surroundings(lambda: alone.password, backoff=QUICK, clock=lambda: alone.now.timestamp())
    expected = backfill(alone.settings, alone.paths, Asked("trails", FIRST, LAST), around)
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    with dask(tmp_path / "dask", 2) as cluster:
        result = fill(made, cluster.address, pieces)
    assert result.error is None
    assert dict(data_of(of(served, "many"))) == dict(data_of(of(served, "alone")))
    (source,), (one,) = result.sources, expected.sources
    assert (source.read, source.appended, source.set_aside) == (one.read, one.appended, one.set_aside)
    require_all_kept(made, pieces)
    made.now += timedelta(days=1)
    assert all(archive.day >= "2026" for archive in made.run().archives)
