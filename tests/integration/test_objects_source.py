"""A bucket as a source, over moto's server for S3: the contract of all kinds, and what is its own."""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from desktop_app.errors import ExitCode
from desktop_app.settings.model import ObjectsSource, SourceSettings
from desktop_app.settings.validation import source_problems
from desktop_app.sources import objects
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.kind import Reader, Secret
from desktop_app.sources.objects.days import patterns_since
from desktop_app.sources.objects.object_tree import ObjectTree
from desktop_app.sources.so_far import last_read_of
from desktop_app.trails.store.places import count_places
from desktop_app.trails.store.store import Store, open_store
from tests.kills import collect_killed
from tests.stored import event as made_event
from tests.stored import events_in
from tests.unit.sources.contract import Rig
from tests.unit.sources.test_contract import *  # noqa: F403  the tests of the contract, over the rig here

pytestmark = pytest.mark.usefixtures("toy")
HOUR_MS = 3_600_000
KEY, SECRET = "AKIDEXAMPLE", "s3cret/+of the key"
BUCKET = "trails"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


class Bucket:
    """A bucket with nothing in it; each part is an object of JSON Lines."""

    def __init__(self, endpoint: str) -> None:
        self.client: Any = boto3.client(
            "s3",
            endpoint_url=endpoint,
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )
        self.client.create_bucket(Bucket=BUCKET)
        self.empty()
        self.source: SourceSettings = ObjectsSource(
            name="s", url=f"s3://{BUCKET}/in", endpoint=endpoint, region="us-east-1", access_key=KEY
        )

    def empty(self) -> None:
        for each in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", []):
            self.client.delete_object(Bucket=BUCKET, Key=each["Key"])

    def put(self, key: str, content: bytes) -> None:
        self.client.put_object(Bucket=BUCKET, Key=key, Body=content)

    def write(self, part: str, records: list[bytes]) -> None:
        self.put(f"in/{part}.jsonl", b"".join(each + b"\n" for each in records))

    def remove(self, part: str) -> None:
        self.client.delete_object(Bucket=BUCKET, Key=f"in/{part}.jsonl")

    def remove_all(self) -> None:
        self.empty()
        self.client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def bucket(endpoint: str) -> Bucket:
    return Bucket(endpoint)


@pytest.fixture
def rig(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 3)
    really = objects.open

    @contextmanager
    def opened(source: ObjectsSource, _: Secret) -> Iterator[Reader]:
        with really(source, lambda: SECRET) as reader:
            yield reader

    monkeypatch.setattr(objects, "open", opened)
    return bucket


def test_the_folders_of_the_sandbox(rig: Rig) -> None:
    assert objects.local_folders(rig.source) == ()  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


def changed(source: SourceSettings, **changes: object) -> ObjectsSource:
    values = {name: getattr(source, name) for name in source.__struct_fields__}
    return ObjectsSource(**{**values, **changes})  # type: ignore[arg-type]


def collected(source: SourceSettings, store: Store, secret: str | None = SECRET) -> CollectedSource:
    (one,) = collect([source], store, lambda _: None, None, lambda _: secret).sources
    return one


def names(store: Store) -> list[str]:
    return sorted(each["entityName"] for each in events_in(store))


def test_a_night_lists_only_the_days_of_the_look_back(
    bucket: Bucket, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The layout of CloudTrail: a folder for each account, region and day."""
    import obstore

    today = datetime.now(UTC).date()

    def put(day: date, region: str, name: str) -> None:
        key = f"in/AWSLogs/1/CloudTrail/{region}/{day:%Y/%m/%d}/{name}.json.gz"
        bucket.put(key, gzip.compress(b'{"Records": [%b]}' % made_event(entityName=name)))

    for ago in (400, 40, 3, 0):
        put(today - timedelta(days=ago), f"eu-west-{ago % 2}", f"day{ago}")
    source = changed(
        bucket.source, pattern="AWSLogs/*/CloudTrail/*/%Y/%m/%d/*.json.gz", records="Records", again="2d"
    )
    assert collected(source, store).error is None
    assert names(store) == ["day0", "day3", "day40", "day400"]
    put(today, "us-east-1", "late")
    put(today - timedelta(days=40), "us-east-1", "too late")
    listed: list[str] = []
    really = obstore.list
    monkeypatch.setattr(obstore, "list", lambda at, prefix: listed.append(prefix) or really(at, prefix))
    assert collected(source, store).error is None
    assert names(store) == ["day0", "day3", "day40", "day400", "late"]
    assert listed and all(
        any(f"{today - timedelta(days=n):%Y/%m/%d}" in each for n in range(-1, 4)) for each in listed
    )


def test_what_is_known_does_not_grow_for_ever(
    bucket: Bucket, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of objects that are out of sight, nothing is kept, though they stay there; and none is read again."""
    really = ObjectTree._seen
    now = datetime.now(UTC)

    def aged(tree: ObjectTree, each: Any) -> Any:
        day = int(each["path"].rpartition("/")[2].removesuffix(".jsonl"))
        return really(tree, {**each, "last_modified": now - timedelta(days=100 - day)})

    monkeypatch.setattr(ObjectTree, "_seen", aged)
    for day in range(30):
        bucket.write(str(day), [made_event(entityName=f"{day:02d}")])
        assert collected(changed(bucket.source, again="3d"), store).error is None
        assert count_places(store, "s", "read:") <= 5
    assert names(store) == [f"{day:02d}" for day in range(30)]


def test_how_late_events_came_is_told(bucket: Bucket, store: Store) -> None:
    """Behind the newest object that an earlier collection had read."""
    now = datetime.now(UTC)

    def event_of(ago: timedelta) -> bytes:
        return made_event(createdAt=(now - ago).isoformat(timespec="milliseconds"), entityName=f"{ago}")

    bucket.write("first", [event_of(timedelta(days=3))])
    assert collected(bucket.source, store).late_ms == 0  # nothing was expected earlier
    bucket.write("second", [event_of(timedelta(hours=5)), event_of(timedelta(hours=1))])
    found = collected(bucket.source, store)
    assert 5 * HOUR_MS - 1000 <= found.late_ms <= 5 * HOUR_MS + 60_000
    assert last_read_of(store, "s").late_ms == found.late_ms and not list(found.warnings())
    bucket.write("third", [event_of(timedelta(hours=2))])
    assert collected(bucket.source, store).late_ms < 3 * HOUR_MS
    assert last_read_of(store, "s").late_ms == found.late_ms  # the latest of all


def test_a_large_object_is_read_in_pieces(bucket: Bucket, store: Store) -> None:
    lines = b"".join(made_event(entityName=f"{n:06d}", note="x" * 500) + b"\n" for n in range(5000))
    bucket.put("in/a.jsonl", lines)
    bucket.put("in/b.jsonl.gz", gzip.compress(lines.replace(b'"x', b'"y')))
    assert collected(bucket.source, store).error is None
    assert len(names(store)) == 10_000


def test_what_the_service_refuses_is_told(bucket: Bucket, store: Store, endpoint: str) -> None:
    absent = collected(changed(bucket.source, url="s3://absent-bucket/in"), store).error
    assert absent and (absent.exit_code, absent.field) == (ExitCode.CONFIG, "url"), absent
    nowhere = collected(changed(bucket.source, endpoint="http://127.0.0.1:9"), store).error
    assert nowhere and (nowhere.exit_code, nowhere.field) == (ExitCode.UNREACHABLE, "endpoint"), nowhere
    assert nowhere.may_pass


def test_a_key_without_its_secret_is_told(bucket: Bucket, store: Store) -> None:
    error = collected(bucket.source, store, None).error
    assert error and (error.exit_code, error.field) == (ExitCode.CONFIG, "secret")
    assert error.command == "audit-trails-export source secret s"


def test_a_wrong_key_of_google_is_told_without_it(bucket: Bucket, store: Store) -> None:
    error = collected(ObjectsSource(name="g", url="gs://bucket/in"), store, '{"private_key": "s3cret"}').error
    assert error and (error.exit_code, error.field) == (ExitCode.CONFIG, "secret")
    assert "s3cret" not in f"{error.message}{error.hint}"


def test_killed_at_random_moments(bucket: Bucket, tmp_path: Path) -> None:
    lines = {number: [made_event(entityName=f"{number:02d}-{n:02d}") for n in range(50)] for number in range(40)}
    for number, some in lines.items():
        bucket.write(str(number), some)
    assert collect_killed(bucket.source, tmp_path / "trails.db", SECRET) == "done"
    with open_store(tmp_path / "trails.db") as store:
        assert names(store) == [f"{number:02d}-{n:02d}" for number in range(40) for n in range(50)]


def test_no_secret_is_kept_or_logged(bucket: Bucket, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    bucket.write("a", [made_event()])
    result = collected(bucket.source, store)
    collected(changed(bucket.source, url="s3://absent-bucket"), store)
    everything = f"{result}{caplog.text}{list(store.db.iterdump())}"
    assert SECRET not in everything


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"url": "http://bucket"}, "url"),
        ({"url": "s3://"}, "url"),
        ({"url": "az://container"}, "access_key"),
        ({"endpoint": "http://minio.example.com"}, "endpoint"),
        ({"endpoint": "https://user:word@minio.example.com"}, "endpoint"),
        ({"again": "week"}, "again"),
        ({"pattern": "../x"}, "pattern"),
    ],
)
def test_settings_that_can_not_be_right(changes: dict[str, str], field: str) -> None:
    (problem,) = source_problems((ObjectsSource(**{"name": "s", "url": "s3://bucket", **changes}),))
    assert problem.source_field == field


def test_the_days_that_are_looked_at() -> None:
    since = int(datetime(2026, 2, 28, 23, 59, tzinfo=UTC).timestamp() * 10**9)
    assert list(patterns_since("%Y/%m/%d/*", since, date(2026, 3, 1))) == [
        "2026/02/27/*", "2026/02/28/*", "2026/03/01/*", "2026/03/02/*",
    ]  # fmt: skip
    assert list(patterns_since("*/%Y/x", since, date(2026, 3, 1))) == ["*/[0-9][0-9][0-9][0-9]/x"]
    assert json.dumps(list(patterns_since("%d", None, date(2026, 3, 1)))) == '["[0-9][0-9]"]'
