"""Google Cloud Storage and Azure Blob as sources, over servers of our own."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Literal
from urllib.parse import unquote

import pytest

from desktop_app.errors import ExitCode
from desktop_app.settings.model import ObjectsSource, SourceSettings
from desktop_app.trails.store.store import Store
from tests.bucket_services import BUCKET, SERVICES, AzureBlobs, GoogleStorage
from tests.http_service import Asked, Reply, serving
from tests.stored import event as made_event
from tests.unit.sources.bucket_contract import *  # noqa: F403  what every bucket keeps, over the one here
from tests.unit.sources.bucket_contract import collected, names

pytestmark = pytest.mark.usefixtures("toy")


class Bucket:
    """That of one of the services."""

    def __init__(self, service: GoogleStorage | AzureBlobs, url: str) -> None:
        self.service, self.secret = service, service.secret()
        self.source: SourceSettings = ObjectsSource(
            name="s", url=f"{service.scheme}://{BUCKET}/in", endpoint=url, access_key=service.account
        )

    def put(self, key: str, content: bytes) -> None:
        self.service.objects.put(key, content)

    def listed(self) -> list[str]:
        prefixes, self.service.objects.listed = self.service.objects.listed, []
        return prefixes

    def write(self, part: str, records: list[bytes]) -> None:
        self.put(f"in/{part}.jsonl", b"".join(each + b"\n" for each in records))

    def remove(self, part: str) -> None:
        del self.service.objects.by_key[f"in/{part}.jsonl"]

    def remove_all(self) -> None:
        self.service.is_there = False


@pytest.fixture(params=SERVICES)
def bucket(request: pytest.FixtureRequest) -> Iterator[Bucket]:
    service = SERVICES[request.param]()
    with serving(service) as url:
        yield Bucket(service, url)


def test_objects_by_many_answers_come_once(bucket: Bucket, store: Store) -> None:
    for number in range(25):
        bucket.write(f"{number % 4}/ä {number}+%", [made_event(entityName=f"{number:02}")])
    found = collected(bucket, store)
    assert (found.error, found.appended.stored) == (None, 25)
    assert collected(bucket, store).read == 0


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


@pytest.mark.parametrize("what", ["list", "object"])
@pytest.mark.parametrize("how", ["silent", "stops", "trickle", "half a head"])
def test_a_service_that_hangs_is_left_and_asked_again(
    bucket: Bucket,
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    what: str,
    how: Literal["silent", "stops", "trickle", "half a head"],
) -> None:
    for number in range(3):
        bucket.write(str(number), [made_event(entityName=f"{number} {n}", note="x" * 90) for n in range(50)])
    really, hangs = type(bucket.service).__call__, True

    def lying(service: GoogleStorage | AzureBlobs, asked: Asked) -> Reply:
        is_it = unquote(asked.path).endswith("/1.jsonl") if what == "object" else "prefix" in asked.params
        return replace(really(service, asked), hangs=how if hangs and is_it else "")  # type: ignore[arg-type]

    monkeypatch.setattr(type(bucket.service), "__call__", lying)
    with monkeypatch.context() as impatient:
        impatient.setattr("desktop_app.sources.objects.store._ANSWER_WITHIN", "1s")
        impatient.setattr("desktop_app.sources.objects.store._TRIES_WITHIN", timedelta(seconds=1))
        found = collected(bucket, store)
    assert found.error is not None
    why = "the connection was cut" if how == "half a head" else "it does not answer"
    if what == "object":
        why = "a piece of it is missing" if how in ("stops", "trickle") else "it does not answer"
    where = f"{bucket.service.scheme}://{BUCKET}/in" if what == "list" else "in/1.jsonl"
    assert found.error.message == f"Source s: {where} can't be read ({why})."
    assert len(names(store)) == (0 if what == "list" else 100)
    hangs = False
    assert collected(bucket, store).error is None
    assert names(store) == sorted(f"{number} {n}" for number in range(3) for n in range(50))
