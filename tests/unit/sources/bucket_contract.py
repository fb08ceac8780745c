"""What every bucket keeps, of whichever service: the contract of all kinds, and what is the buckets' own.

It runs over the fixture `bucket` of the module that imports it.
"""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from msgspec import structs

from desktop_app.errors import ExitCode
from desktop_app.settings.model import ObjectsSource, SourceSettings
from desktop_app.sources import objects
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.kind import Reader, Secret
from desktop_app.trails.store.store import Store, open_store
from tests.kills import collect_killed
from tests.stored import event as made_event
from tests.stored import events_in
from tests.unit.sources.contract import Rig
from tests.unit.sources.test_contract import *  # noqa: F403  the tests of the contract, over the rig here


class Bucket(Rig, Protocol):
    """A bucket with nothing in it; each part is an object of JSON Lines. `secret` lets in."""

    secret: str

    def put(self, key: str, content: bytes) -> None:
        """Have an object, written now."""

    def listed(self) -> list[str]:
        """The prefixes that were asked for since this was asked last."""


@pytest.fixture
def rig(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 3)
    really = objects.open

    @contextmanager
    def opened(source: ObjectsSource, _: Secret) -> Iterator[Reader]:
        with really(source, lambda: bucket.secret) as reader:
            yield reader

    monkeypatch.setattr(objects, "open", opened)
    return bucket


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


def changed(source: SourceSettings, **changes: object) -> SourceSettings:
    return structs.replace(source, **changes)


def collected(bucket: Bucket, store: Store, secret: str | None = None, **changes: object) -> CollectedSource:
    known = bucket.secret if secret is None else secret
    (one,) = collect([changed(bucket.source, **changes)], store, lambda _: None, None, lambda _: known).sources
    return one


def names(store: Store) -> list[str]:
    return sorted(each["entityName"] for each in events_in(store))


def test_the_folders_of_the_sandbox(rig: Rig) -> None:
    assert objects.local_folders(rig.source) == ()  # type: ignore[arg-type]


def test_a_night_lists_only_the_days_of_the_look_back(bucket: Bucket, store: Store) -> None:
    """The layout of CloudTrail: a folder for each region and day."""
    today = datetime.now(UTC)

    def put(ago: int, region: int, name: str) -> None:
        key = f"in/AWSLogs/region {region}/{today - timedelta(days=ago):%Y/%m/%d}/{name}.json.gz"
        bucket.put(key, gzip.compress(b'{"Records": [%b]}' % made_event(entityName=name)))

    asked = {"pattern": "AWSLogs/*/%Y/%m/%d/*.json.gz", "records": "Records", "again": "2d"}
    for ago in (400, 40, 3, 1, 0):
        for region in range(3):
            put(ago, region, f"day {ago:03} {region}")
    assert collected(bucket, store, **asked).error is None
    assert len(names(store)) == 15
    put(0, 7, "new")
    put(1, 1, "late")
    put(40, 1, "too late")
    bucket.listed()
    found = collected(bucket, store, **asked)
    assert (found.error, found.appended.stored) == (None, 2)
    assert {"new", "late"} < {*names(store)} and "too late" not in names(store)
    days = [f"{today - timedelta(days=ago):%Y/%m/%d}" for ago in range(-1, 4)]
    in_days = [prefix for prefix in bucket.listed() if prefix.count("/") > 4]
    assert in_days and all(any(day in prefix for day in days) for prefix in in_days)


def test_a_large_object_is_read_in_pieces(bucket: Bucket, store: Store) -> None:
    lines = b"".join(made_event(entityName=f"{n:06d}", note="x" * 500) + b"\n" for n in range(5000))
    bucket.put("in/a.jsonl", lines)
    bucket.put("in/b.jsonl.gz", gzip.compress(lines.replace(b'"x', b'"y')))
    assert collected(bucket, store).error is None
    assert len(names(store)) == 10_000


def test_what_is_not_there_is_told(bucket: Bucket, store: Store) -> None:
    """In the same words, whatever the service calls it."""
    scheme = bucket.source.url.partition(":")[0]  # type: ignore[attr-defined]
    absent = collected(bucket, store, url=f"{scheme}://absent-bucket/in").error
    assert absent and (absent.exit_code, absent.field) == (ExitCode.CONFIG, "url")
    assert absent.message == "Source s: there is no bucket absent-bucket."
    assert absent.hint == "Is the name right, and is the bucket of this account and region?"
    nowhere = collected(bucket, store, endpoint="http://127.0.0.1:9").error
    assert nowhere and (nowhere.exit_code, nowhere.field) == (ExitCode.UNREACHABLE, "endpoint")
    assert nowhere.may_pass


def test_killed_at_random_moments(bucket: Bucket, tmp_path: Path) -> None:
    for number in range(30):
        bucket.write(str(number), [made_event(entityName=f"{number:02d}-{n:02d}") for n in range(50)])
    assert collect_killed(bucket.source, tmp_path / "store" / "trails.db", bucket.secret) == "done"
    with open_store(tmp_path / "store" / "trails.db") as store:
        assert names(store) == [f"{number:02d}-{n:02d}" for number in range(30) for n in range(50)]


def test_no_secret_is_kept_or_logged(bucket: Bucket, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    bucket.write("a", [made_event()])
    results = [collected(bucket, store), collected(bucket, store, endpoint="http://127.0.0.1:9")]
    assert bucket.secret not in f"{results}{caplog.text}{list(store.db.iterdump())}"
