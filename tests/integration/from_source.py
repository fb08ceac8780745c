"""From a source to an archive on a server, by one run."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import Struct, structs

from desktop_app.evidence.verify import verify
from desktop_app.export.ledger import Outcome
from desktop_app.secrets import source_secrets
from desktop_app.settings.model import ExportSettings, SourceSettings
from tests.integration.exporter import Exporter
from tests.noon import NOON


class Delivered(Struct):
    """What arrived: the events, and what the manifest tells."""

    events: list[dict[str, Any]]
    manifest: dict[str, Any]


def deliver(
    exporter: Exporter, source: SourceSettings, secret: str, served: Path, patch: pytest.MonkeyPatch
) -> Delivered:
    """Have one archive of what a source has, which verifies and has no secret in it."""
    patch.setattr(source_secrets, "read_source_secret", lambda _paths, _source: secret)
    in_noon = ExportSettings(instance="ws", timezone=NOON.key)  # what came three hours ago is of today
    exporter.settings = structs.replace(exporter.settings, sources=(source,), export=in_noon)
    exporter.now = datetime.now(UTC)
    result = exporter.run(today_too=True)
    assert result.outcome is Outcome.DELIVERED, result.error
    (path,) = served.glob("*.zip")
    with zipfile.ZipFile(path) as archive:
        content, manifest = archive.read(f"{path.stem}.json"), archive.read("manifest.json")
    assert secret.encode() not in content + manifest
    assert verify([served]).problems == ()
    return Delivered(json.loads(content), json.loads(manifest))
