"""A bucket of S3 as a source, over moto's server."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import boto3
import obstore
import pytest
from moto.server import ThreadedMotoServer

from desktop_app.errors import ExitCode
from desktop_app.settings.model import ObjectsSource, SourceSettings
from desktop_app.settings.validation import source_problems
from desktop_app.sources.collect import collect
from desktop_app.sources.objects.days import patterns_since
from desktop_app.sources.objects.object_tree import ObjectTree
from desktop_app.sources.so_far import last_read_of
from desktop_app.trails.store.places import count_places
from desktop_app.trails.store.store import Store
from tests.stored import event as made_event
from tests.unit.sources.bucket_contract import *  # noqa: F403  what every bucket keeps, over the one here
from tests.unit.sources.bucket_contract import collected, names

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
    """That of moto, which is emptied; `prefixes` are those that are asked for."""

    secret = SECRET

    def __init__(self, endpoint: str, prefixes: list[str]) -> None:
        self._prefixes = prefixes
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

    def listed(self) -> list[str]:
        prefixes = [*self._prefixes]
        self._prefixes.clear()
        return prefixes

    def write(self, part: str, records: list[bytes]) -> None:
        self.put(f"in/{part}.jsonl", b"".join(each + b"\n" for each in records))

    def remove(self, part: str) -> None:
        self.client.delete_object(Bucket=BUCKET, Key=f"in/{part}.jsonl")

    def remove_all(self) -> None:
        self.empty()
        self.client.delete_bucket(Bucket=BUCKET)


@pytest.fixture
def bucket(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Bucket:
    prefixes: list[str] = []
    for name in ("list", "list_with_delimiter"):

        def asked(at: Any, prefix: str | None, really: Any = getattr(obstore, name)) -> Any:
            prefixes.append(prefix or "")
            return really(at, prefix)

        monkeypatch.setattr(obstore, name, asked)
    return Bucket(endpoint, prefixes)


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
        assert collected(bucket, store, again="3d").error is None
        assert count_places(store, "s", "read:") <= 5
    assert names(store) == [f"{day:02d}" for day in range(30)]


def test_how_late_events_came_is_told(bucket: Bucket, store: Store) -> None:
    """Behind the newest object that an earlier collection had read."""
    now = datetime.now(UTC)

    def event_of(ago: timedelta) -> bytes:
        return made_event(createdAt=(now - ago).isoformat(timespec="milliseconds"), entityName=f"{ago}")

    bucket.write("first", [event_of(timedelta(days=3))])
    assert collected(bucket, store).late_ms == 0  # nothing was expected earlier
    bucket.write("second", [event_of(timedelta(hours=5)), event_of(timedelta(hours=1))])
    found = collected(bucket, store)
    assert 5 * HOUR_MS - 1000 <= found.late_ms <= 5 * HOUR_MS + 60_000
    assert last_read_of(store, "s").late_ms == found.late_ms and not list(found.warnings())
    bucket.write("third", [event_of(timedelta(hours=2))])
    assert collected(bucket, store).late_ms < 3 * HOUR_MS
    assert last_read_of(store, "s").late_ms == found.late_ms  # the latest of all


def test_a_key_without_its_secret_is_told(bucket: Bucket, store: Store) -> None:
    (one,) = collect([bucket.source], store, lambda _: None).sources
    error = one.error
    assert error and (error.exit_code, error.field) == (ExitCode.CONFIG, "secret")
    assert error.command == "audit-trails-export source secret s"


def test_a_wrong_key_of_google_is_told_without_it(store: Store) -> None:
    source = ObjectsSource(name="g", url="gs://bucket/in")
    (one,) = collect([source], store, lambda _: None, None, lambda _: '{"private_key": "s3cret"}').sources
    error = one.error
    assert error and (error.exit_code, error.field) == (ExitCode.CONFIG, "secret")
    assert "s3cret" not in f"{error.message}{error.hint}"


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
