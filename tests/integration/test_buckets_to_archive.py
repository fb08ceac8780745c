"""From a bucket of Google Cloud Storage or Azure Blob to an archive on a server, by one run."""

import gzip
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop_app.settings.model import ObjectsSource
from tests.bucket_services import BUCKET, SERVICES
from tests.http_service import serving
from tests.integration.exporter import Exporter
from tests.integration.from_source import deliver
from tests.stored import event


@pytest.mark.parametrize("kind", SERVICES)
def test_what_a_bucket_has_is_delivered(
    kind: str, exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders by date, more objects than an answer has, some packed."""
    service = SERVICES[kind]()
    now = datetime.now(UTC)
    at = (now - timedelta(hours=3)).isoformat()
    for number in range(9):
        line = event(createdAt=at, entityName=f"of the bucket {number}") + b"\n"
        name = f"{number}.jsonl" + (".gz" if number % 2 else "")
        service.objects.put(f"in/{now:%Y/%m/%d}/{name}", gzip.compress(line) if number % 2 else line)
    with serving(service) as url:
        source = ObjectsSource(
            name=kind,
            url=f"{kind}://{BUCKET}/in",
            endpoint=url,
            access_key=service.account,
            pattern="%Y/%m/%d/*.jsonl*",
        )
        delivered = deliver(exporter, source, service.secret(), served, monkeypatch)
    (coverage,) = delivered.manifest["coverage"]
    assert coverage["complete"] and coverage["stored"] == 9
    names = [each["entityName"] for each in delivered.events if each["entityType"] == "T"]
    assert sorted(names) == [f"of the bucket {number}" for number in range(9)]
