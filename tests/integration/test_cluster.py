"""A backfill by the workers of a scheduler delivers what one process does, whoever of them dies."""

import json
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from desktop_app.actions import backfill_days, cluster_backfill
from desktop_app.actions.backfill import Surroundings, backfill
from desktop_app.actions.backfill_days import Asked, Elsewhere
from desktop_app.actions.promised_days import Keyed
from desktop_app.actions.run import RunResult
from desktop_app.cluster.pack_task import PackWish
from desktop_app.cluster.promised import promised_pieces
from desktop_app.export.exporter import Export
from desktop_app.export.job import Job
from desktop_app.settings.model import SourceSettings
from desktop_app.trails.store.promises import has_promises
from desktop_app.trails.store.store import open_store
from tests.clusters import dask
from tests.integration.exporter import QUICK, Exporter, names
from tests.integration.two_months import DAYS, FIRST, LAST, all_ids, data_of, day_events, exporter, files_in, of
from tests.kills import KILLS
from tests.servers import Server
from tests.windows_gaps import needs

pytestmark = needs("clusters")
EXPECTED = Counter(
    each["id"] for day in range(DAYS) for region in range(2) for each in day_events(day, region, 20)
)


@pytest.fixture(autouse=True)
def small_rounds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backfill_days, "_EVENTS_AT_ONCE", 200)
    monkeypatch.setattr("desktop_app.cluster.wishes._MOST_FILES", 6)


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


def alone_as(name: str, tmp_path: Path, sshd: Server, served: Path, source: SourceSettings) -> Exporter:
    """An exporter whose backfill was done by one process."""
    made = exporter(tmp_path, name, sshd, served, source)
    around = Surroundings(lambda: made.password, backoff=QUICK, clock=lambda: made.now.timestamp())
    assert backfill(made.settings, made.paths, Asked("trails", FIRST, LAST), around).error is None
    return made


def test_workers_and_schedulers_that_die_change_nothing(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path
) -> None:
    alone_as("alone", tmp_path, sshd, served, files_in(trails))
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    dice, told = random.Random(7), 0
    with dask(tmp_path / "dask", 3) as cluster:

        def on_progress(_: object) -> None:
            nonlocal told
            told += 1
            if told == 14:
                assert cluster.scheduler
                cluster.kill(cluster.scheduler)
                cluster.start_scheduler()
                for _ in range(2):
                    cluster.start_worker()
            elif told in (3, 9, 20):
                cluster.kill(dice.choice(cluster.workers))
                cluster.start_worker()

        result = fill(made, cluster.address, pieces, on_progress=on_progress)
    assert result.error is None and told > 20
    assert dict(data_of(of(served, "many"))) == dict(data_of(of(served, "alone")))
    require_all_kept(made, pieces)


def test_pieces_that_are_lost_or_cut_are_made_again(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone_as("alone", tmp_path, sshd, served, files_in(trails))
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    wish_of, deliver = cluster_backfill.pack_wish, cluster_backfill.deliver_promised
    damaged: list[str] = []

    def damage(files: Sequence[Path]) -> None:
        for place, file in enumerate(files):
            damaged.append(file.suffix)
            if place % 2:
                file.unlink()
            else:
                os.truncate(file, file.stat().st_size // 2)

    def wish(job: Job, keyed: Keyed) -> PackWish:
        damage([pieces / piece.part.piece.name for _, piece in keyed][::2])
        return wish_of(job, keyed)

    def delivering(job: Job, export: Export) -> None:
        damage(sorted(pieces.rglob("*.begun"))[::3])
        deliver(job, export)

    monkeypatch.setattr(cluster_backfill, "pack_wish", wish)
    monkeypatch.setattr(cluster_backfill, "deliver_promised", delivering)
    with dask(tmp_path / "dask", 2) as cluster:
        assert fill(made, cluster.address, pieces).error is None
    assert {".events", ".begun"} == set(damaged) and len(damaged) > DAYS
    assert dict(data_of(of(served, "many"))) == dict(data_of(of(served, "alone")))
    made.now += timedelta(days=1)
    assert made.run().error is None
    with open_store(made.paths.store) as store:
        assert not has_promises(store)


def test_a_piece_that_can_not_be_made_again_holds_up_its_day_alone(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    wish_of, kept = cluster_backfill.pack_wish, tmp_path / "kept"
    lost: list[Path] = []

    def wish(job: Job, keyed: Keyed) -> PackWish:
        _, piece = keyed[0]
        if not lost:
            lost.append((pieces / piece.part.piece.name).rename(kept))
            Path(piece.wish.files[0].path).unlink()
        return wish_of(job, keyed)

    monkeypatch.setattr(cluster_backfill, "pack_wish", wish)
    with dask(tmp_path / "dask", 1) as cluster:
        around = Surroundings(lambda: made.password, backoff=QUICK, clock=lambda: made.now.timestamp())
        asked = Asked("trails", FIRST, LAST, elsewhere=Elsewhere(cluster.address, str(pieces)))
        result = backfill(made.settings, made.paths, asked, around)
    assert result.error and "is lost" in str(result.error.message)
    held = made.run()
    assert held.error and "is lost" in str(held.error.message)
    assert len(names(of(served, "many"))) >= DAYS - 1
    with open_store(made.paths.store) as store:
        ((_, piece),) = promised_pieces(store)[0][:1]
    kept.rename(pieces / piece.part.piece.name)
    assert made.run().error is None
    assert all_ids(of(served, "many")) == EXPECTED


_FILL = """
import json, sys
from datetime import date
from pathlib import Path
from desktop_app.actions import backfill, backfill_days
from desktop_app.cluster import wishes
from desktop_app.settings.paths import Paths
from desktop_app.settings.source_kinds import to_settings
given = json.loads(sys.stdin.read())
backfill_days._EVENTS_AT_ONCE, wishes._MOST_FILES = 60, 3
home = Path(given["home"])
days = date.fromisoformat(given["first"]), date.fromisoformat(given["last"])
asked = backfill_days.Asked("trails", *days, 1, backfill_days.Elsewhere(given["cluster"], given["pieces"]))
settings = to_settings(given["settings"], "settings")
around = backfill.Surroundings(lambda: given["password"])
result = backfill.backfill(settings, Paths(home, home, home), asked, around)
print(result.error or "done")
"""


@pytest.mark.parametrize("finish", ["cluster", "here", "run"])
def test_killed_at_random_moments_it_delivers_each_event_once_whoever_goes_on(
    tmp_path: Path, sshd: Server, served: Path, trails: Path, pieces: Path, finish: str
) -> None:
    made = exporter(tmp_path, "many", sshd, served, files_in(trails))
    chance = random.Random(f"{KILLS} {finish}")
    with dask(tmp_path / "dask", 2) as cluster:
        given = json.dumps(
            {
                "settings": msgspec.to_builtins(made.settings), "home": str(tmp_path / "many"),
                "password": made.password, "first": str(FIRST), "last": str(LAST), "pieces": str(pieces),
                "cluster": cluster.address,
            }
        )  # fmt: skip
        for _ in range(KILLS):
            process = subprocess.Popen([sys.executable, "-c", _FILL], stdin=subprocess.PIPE, text=True)
            assert process.stdin
            process.stdin.write(given)
            process.stdin.close()
            time.sleep(chance.uniform(2, 8))  # at whatever moment that is
            process.kill()
            process.wait()
        if finish == "cluster":
            assert fill(made, cluster.address, pieces).error is None
    if finish == "here":
        around = Surroundings(lambda: made.password, backoff=QUICK, clock=lambda: made.now.timestamp())
        assert backfill(made.settings, made.paths, Asked("trails", FIRST, LAST), around).error is None
    elif finish == "run":
        assert made.run().error is None
    assert all_ids(of(served, "many")) == EXPECTED
    with open_store(made.paths.store) as store:
        assert not has_promises(store)
