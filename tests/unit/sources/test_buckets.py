"""Google Cloud Storage and Azure Blob as sources: the contract of all kinds, and what is their own."""

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import ExitCode
from desktop_app.settings.model import ObjectsSource, SourceSettings
from desktop_app.sources import objects
from desktop_app.sources.collect import collect
from desktop_app.sources.collected import CollectedSource
from desktop_app.sources.kind import Reader, Secret
from desktop_app.trails.store.places import count_places
from desktop_app.trails.store.store import Store, open_store
from tests.bucket_services import BUCKET, SERVICES, AzureBlobs, GoogleStorage
from tests.http_service import serving
from tests.kills import collect_killed
from tests.stored import event as made_event
from tests.stored import events_in
from tests.unit.sources.contract import Rig
from tests.unit.sources.test_contract import *  # noqa: F403  the tests of the contract, over the rig here

pytestmark = pytest.mark.usefixtures("toy")


class Bucket:
    """A bucket with nothing in it; each part is an object of JSON Lines."""

    def __init__(self, service: GoogleStorage | AzureBlobs, url: str) -> None:
        self.service, self.objects = service, service.objects
        self.source: SourceSettings = ObjectsSource(
            name="s", url=f"{service.scheme}://{BUCKET}/in", endpoint=url, access_key=service.account
        )

    def write(self, part: str, records: list[bytes]) -> None:
        self.objects.put(f"in/{part}.jsonl", b"".join(each + b"\n" for each in records))

    def remove(self, part: str) -> None:
        del self.objects.by_key[f"in/{part}.jsonl"]

    def remove_all(self) -> None:
        self.service.is_there = False


@pytest.fixture(params=SERVICES)
def bucket(request: pytest.FixtureRequest) -> Iterator[Bucket]:
    service = SERVICES[request.param]()
    with serving(service) as url:
        yield Bucket(service, url)


@pytest.fixture
def rig(bucket: Bucket, monkeypatch: pytest.MonkeyPatch) -> Rig:
    monkeypatch.setattr("desktop_app.sources.files_reader._BATCH_RECORDS", 3)
    really = objects.open

    @contextmanager
    def opened(source: ObjectsSource, _: Secret) -> Iterator[Reader]:
        with really(source, bucket.service.secret) as reader:
            yield reader

    monkeypatch.setattr(objects, "open", opened)
    return bucket


def test_the_folders_of_the_sandbox(rig: Rig) -> None:
    assert objects.local_folders(rig.source) == ()  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "store" / "trails.db") as store:
        yield store


def collected(bucket: Bucket, store: Store, secret: str | None = None, **changes: object) -> CollectedSource:
    source = structs.replace(bucket.source, **changes)
    known = bucket.service.secret() if secret is None else secret
    (one,) = collect([source], store, lambda _: None, None, lambda _: known).sources
    return one


def names(store: Store) -> list[str]:
    return sorted(each["entityName"] for each in events_in(store))


def test_a_night_lists_only_the_days_of_the_look_back(bucket: Bucket, store: Store) -> None:
    """Folders by date, more of them and more objects than an answer has."""
    today = datetime.now(UTC)

    def put(ago: int, region: str, name: str) -> None:
        day = today - timedelta(days=ago)
        key = f"in/logs/{region}/{day:%Y/%m/%d}/{name}.json.gz"
        content = gzip.compress(b'{"Records": [%b]}' % made_event(entityName=name))
        bucket.objects.put(key, content, min(day + timedelta(minutes=5), today).replace(microsecond=0))

    for ago in (400, 40, 3, 1, 0):
        for number in range(3):
            put(ago, f"region {number}", f"day {ago:03} {number}")
    asked = {"pattern": "logs/*/%Y/%m/%d/*.json.gz", "records": "Records", "again": "2d"}
    assert collected(bucket, store, **asked).error is None
    assert len(names(store)) == 15
    put(0, "region 7", "new")
    put(1, "region 1", "late")
    put(40, "region 1", "too late")
    bucket.objects.listed.clear()
    found = collected(bucket, store, **asked)
    assert (found.error, found.appended.stored) == (None, 2)
    assert {"new", "late"} < {*names(store)} and "too late" not in names(store)
    days = [f"{today - timedelta(days=ago):%Y/%m/%d}" for ago in range(-1, 4)]
    in_days = [prefix for prefix in bucket.objects.listed if prefix.count("/") > 4]
    assert in_days and all(any(day in prefix for day in days) for prefix in in_days)
    assert count_places(store, "s", "read:") <= 8


def test_objects_by_many_answers_come_once(bucket: Bucket, store: Store) -> None:
    for number in range(25):
        bucket.write(f"{number % 4}/ä {number}+%", [made_event(entityName=f"{number:02}")])
    found = collected(bucket, store)
    assert (found.error, found.appended.stored) == (None, 25)
    assert collected(bucket, store).read == 0


def test_a_large_object_is_read_in_pieces(bucket: Bucket, store: Store) -> None:
    lines = b"".join(made_event(entityName=f"{n:06d}", note="x" * 500) + b"\n" for n in range(3000))
    bucket.objects.put("in/a.jsonl", lines)
    bucket.objects.put("in/b.jsonl.gz", gzip.compress(lines.replace(b'"x', b'"y')))
    assert collected(bucket, store).error is None
    assert len(names(store)) == 6000


def test_a_wrong_secret_is_told_without_it(bucket: Bucket, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    secret = bucket.service.wrong_secret()
    error = collected(bucket, store, secret).error
    assert error and (error.exit_code, error.field) == (ExitCode.NO_PERMISSION, "secret")
    assert "may not be read" in error.message and "key and secret right" in error.hint
    assert error.command == "audit-trails-export source secret s"
    assert secret not in f"{error.message}{error.hint}{caplog.text}{list(store.db.iterdump())}"


def test_what_is_no_key_at_all_is_told_without_it(bucket: Bucket, store: Store) -> None:
    error = collected(bucket, store, "n0 key").error
    assert error and (error.exit_code, error.field) == (ExitCode.CONFIG, "secret")
    assert "n0 key" not in f"{error.message}{error.hint}"


def test_what_is_not_there_is_told(bucket: Bucket, store: Store) -> None:
    absent = collected(bucket, store, url=f"{bucket.service.scheme}://absent/in").error
    assert absent and (absent.exit_code, absent.field) == (ExitCode.CONFIG, "url")
    assert "does not exist" in absent.message
    nowhere = collected(bucket, store, endpoint="http://127.0.0.1:9").error
    assert nowhere and (nowhere.exit_code, nowhere.field) == (ExitCode.UNREACHABLE, "endpoint")


def test_killed_at_random_moments(bucket: Bucket, tmp_path: Path) -> None:
    for number in range(20):
        bucket.write(str(number), [made_event(entityName=f"{number:02d}-{n:02d}") for n in range(40)])
    store = tmp_path / "store" / "trails.db"
    assert collect_killed(bucket.source, store, bucket.service.secret()) == "done"
    with open_store(store) as opened:
        assert names(opened) == [f"{number:02d}-{n:02d}" for number in range(20) for n in range(40)]


def test_no_secret_is_kept_or_logged(bucket: Bucket, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    bucket.write("a", [made_event()])
    result = collected(bucket, store)
    assert bucket.service.secret() not in f"{result}{caplog.text}{list(store.db.iterdump())}"
