"""From each service that is known to an archive on a server, by one run."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.evidence.verify import verify
from desktop_app.export.ledger import Outcome
from desktop_app.secrets import source_secrets
from desktop_app.settings.model import ExportSettings
from desktop_app.settings.rest_source import RestAuth, RestSource
from desktop_app.sources.connectors import connector_names
from tests.http_service import serving
from tests.integration.exporter import Exporter
from tests.noon import NOON
from tests.unit.sources.test_connectors import ISO, Service, secret_of


@pytest.mark.parametrize("name", connector_names())
def test_what_a_service_has_is_delivered(
    name: str, exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, secret = Service(name), secret_of(name)
    monkeypatch.setattr(source_secrets, "read_source_secret", lambda _paths, _source: secret)
    with serving(made) as url:
        where = f"{url}/{{part}}" if name == "google-workspace" else f"{url}/list"
        auth = RestAuth(token_url=f"{url}/token")
        source = RestSource(name=name, like=name, url=where, account="acme", client="me", auth=auth)
        exporter.settings = structs.replace(exporter.settings, sources=(source,))
        exporter.now = datetime.now(UTC)
        in_noon = ExportSettings(instance="ws", timezone=NOON.key)  # what came three hours ago is of today
        exporter.settings = structs.replace(exporter.settings, export=in_noon)
        result = exporter.run(today_too=True)
    assert result.outcome is Outcome.DELIVERED, result.error
    (path,) = served.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        content, manifest = archive.read(f"{path.stem}.json"), archive.read("manifest.json")
    told = json.loads(manifest)
    (coverage,) = told["coverage"]
    (of_source,) = (each["events"] for each in told["delivered"] if each["source"] == name)
    assert coverage["complete"] and coverage["stored"] == of_source == 2 and coverage["pages"] >= 2
    assert [each["createdAt"][:19] for each in json.loads(content)].count(ISO[:19]) == 2
    assert secret.encode() not in content + manifest
    assert verify([served]).problems == ()
