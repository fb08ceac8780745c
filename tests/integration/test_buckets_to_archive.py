"""From a bucket of Google Cloud Storage or Azure Blob to an archive on a server, by one run."""

import gzip
import json
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.evidence.verify import verify
from desktop_app.export.ledger import Outcome
from desktop_app.secrets import source_secrets
from desktop_app.settings.model import ExportSettings, ObjectsSource
from tests.bucket_services import BUCKET, SERVICES
from tests.http_service import serving
from tests.integration.exporter import Exporter
from tests.noon import NOON
from tests.stored import event


@pytest.mark.parametrize("kind", SERVICES)
def test_what_a_bucket_has_is_delivered(
    kind: str, exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Folders by date, more objects than an answer has, some packed."""
    service = SERVICES[kind]()
    monkeypatch.setattr(source_secrets, "read_source_secret", lambda _paths, _source: service.secret())
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
        exporter.settings = structs.replace(exporter.settings, sources=(source,))
        exporter.now = now
        in_noon = ExportSettings(instance="ws", timezone=NOON.key)  # what came three hours ago is of today
        exporter.settings = structs.replace(exporter.settings, export=in_noon)
        result = exporter.run(today_too=True)
    assert result.outcome is Outcome.DELIVERED, result.error
    (path,) = served.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        content, manifest = archive.read(f"{path.stem}.json"), archive.read("manifest.json")
    (coverage,) = json.loads(manifest)["coverage"]
    assert coverage["complete"] and coverage["stored"] == 9
    names = [each["entityName"] for each in json.loads(content) if each["entityType"] == "T"]
    assert sorted(names) == [f"of the bucket {number}" for number in range(9)]
    assert service.secret().encode() not in content + manifest
    assert verify([served]).problems == ()
