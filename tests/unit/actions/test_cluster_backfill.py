"""What of a backfill no cluster can do is told before one is asked."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from unittest.mock import Mock

import pytest
from msgspec import structs

from desktop_app.actions import cluster_backfill
from desktop_app.actions.backfill_days import Asked, Elsewhere, Filling
from desktop_app.actions.cluster_backfill import backfill_elsewhere
from desktop_app.errors import BadSetting
from desktop_app.export.job import Job
from desktop_app.settings.model import (
    FolderSource,
    ObjectsSource,
    Settings,
    SftpSource,
    SourceSettings,
    StoreSettings,
)
from desktop_app.settings.paths import Paths
from desktop_app.sources.collected import CollectedSource
from desktop_app.stop import Stop
from tests.installation import ms

ASKED = Asked("s", date(2026, 3, 1), date(2026, 3, 20))
FOLDER = FolderSource(name="s", path="/var/log/audit")


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Job:
    """At noon of 22 March, of an export whose days are those of UTC. No cluster is asked."""
    monkeypatch.setattr(cluster_backfill, "connected", Mock(side_effect=AssertionError("a cluster is asked")))
    paths = Paths(tmp_path, tmp_path, tmp_path)
    settings = Settings(sources=(FOLDER,))
    settings = structs.replace(settings, export=structs.replace(settings.export, timezone="UTC"))
    return Job(settings, paths, Mock(), Mock(), 1, Mock(), lambda: ms("2026-03-22T12:00:00") / 1000)


def fill(job: Job, elsewhere: Elsewhere) -> None:
    filling = Filling(job, ASKED, Mock(), Mock(), Mock(), Stop())
    backfill_elsewhere(filling, elsewhere, CollectedSource("s"))


@pytest.mark.parametrize("keep_days", [0, 90, 21])
def test_days_whose_events_all_stay_here_are_told(job: Job, tmp_path: Path, keep_days: int) -> None:
    """Who has a cluster at work for nothing would like to know why."""
    settings = structs.replace(job.settings, store=StoreSettings(keep_days=keep_days))
    job = replace(job, settings=settings)
    fill(job, Elsewhere("tcp://cluster:8786", str(tmp_path)))
    (told,) = job.warnings
    assert told.startswith("No day was read elsewhere: as store.keep_days says")


@pytest.mark.parametrize(
    ("source", "elsewhere", "why"),
    [
        (SftpSource(name="s", host="h", user="u", path="p"), Elsewhere("local"), "is no folder and no bucket"),
        (ObjectsSource(name="s", url="s3://b", access_key="k"), Elsewhere("local"), "is read with a key"),
        (FOLDER, Elsewhere("tcp://cluster:8786"), "where the workers are to put what they make"),
        (FOLDER, Elsewhere("tcp://cluster:8786", "pieces"), "no place for pieces"),
    ],
)
def test_what_workers_can_not_do_is_refused(
    job: Job, source: SourceSettings, elsewhere: Elsewhere, why: str
) -> None:
    job = replace(job, settings=structs.replace(job.settings, sources=(source,)))
    with pytest.raises(BadSetting, match=why):
        fill(job, elsewhere)
    assert job.warnings == []
