"""From each service that is known to an archive on a server, by one run."""

from pathlib import Path

import pytest

from desktop_app.settings.rest_source import RestAuth, RestSource
from desktop_app.sources.connectors import connector_names
from tests.http_service import serving
from tests.integration.exporter import Exporter
from tests.integration.from_source import deliver
from tests.unit.sources.test_connectors import ISO, Service, secret_of


@pytest.mark.parametrize("name", connector_names())
def test_what_a_service_has_is_delivered(
    name: str, exporter: Exporter, served: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(Service(name)) as url:
        where = f"{url}/{{part}}" if name == "google-workspace" else f"{url}/list"
        auth = RestAuth(token_url=f"{url}/token")
        source = RestSource(name=name, like=name, url=where, account="acme", client="me", auth=auth)
        delivered = deliver(exporter, source, secret_of(name), served, monkeypatch)
    (coverage,) = delivered.manifest["coverage"]
    (of_source,) = (each["events"] for each in delivered.manifest["delivered"] if each["source"] == name)
    assert coverage["complete"] and coverage["stored"] == of_source == 2 and coverage["pages"] >= 2
    assert [each["createdAt"][:19] for each in delivered.events].count(ISO[:19]) == 2
