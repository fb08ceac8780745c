"""Whether the records of well-known systems are recognised, and become events."""

import json
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.errors import LocalDiskError
from desktop_app.settings.model import FolderSource, SourceSettings
from desktop_app.sources.record_shapes import mapped_as, recognise, record_shapes
from desktop_app.sources.sample import look_into, preview
from tests.cloudtrail import write_folder

KUBERNETES = {
    "kind": "Event",
    "apiVersion": "audit.k8s.io/v1",
    "level": "RequestResponse",
    "auditID": "5f0f2a1c-0d3a-4c1e-9d0e-7d2a7b0c1f11",
    "stage": "ResponseComplete",
    "requestURI": "/api/v1/namespaces/pay/secrets/db",
    "verb": "patch",
    "user": {"username": "ines@example.com", "groups": ["admins"]},
    "objectRef": {"resource": "secrets", "namespace": "pay", "name": "db"},
    "responseObject": {"kind": "Secret"},
    "requestReceivedTimestamp": "2026-11-22T08:15:30.123456Z",
    "stageTimestamp": "2026-11-22T08:15:30.130000Z",
}
GOOGLE = {
    "insertId": "1a2b3c",
    "logName": "projects/pay/logs/cloudaudit.googleapis.com%2Factivity",
    "timestamp": "2026-11-22T08:15:30.123456789Z",
    "severity": "NOTICE",
    "protoPayload": {
        "@type": "type.googleapis.com/google.cloud.audit.AuditLog",
        "serviceName": "compute.googleapis.com",
        "methodName": "v1.compute.firewalls.patch",
        "resourceName": "projects/pay/global/firewalls/web",
        "authenticationInfo": {"principalEmail": "ines@example.com"},
        "response": {"status": "RUNNING"},
    },
}


def folder(tmp_path: Path, name: str, content: str) -> FolderSource:
    (tmp_path / name).write_text(content, encoding="utf-8")
    return FolderSource(name="new", path=str(tmp_path))


def mapped(source: FolderSource) -> SourceSettings:
    shape = recognise(source)
    assert shape is not None
    return mapped_as(source, shape)


@pytest.mark.parametrize(
    ("record", "entity", "name", "action"),
    [
        (KUBERNETES, "secrets", "db", "patch"),
        (GOOGLE, "compute.googleapis.com", "projects/pay/global/firewalls/web", "v1.compute.firewalls.patch"),
    ],
)
def test_a_record_becomes_an_event(tmp_path: Path, record: dict, entity: str, name: str, action: str) -> None:
    source = folder(tmp_path, "audit.jsonl", json.dumps(record) + "\n\n")
    found = preview(mapped(source), 10)
    assert found.set_aside == []
    (event,) = map(json.loads, found.events)
    assert (event["entityType"], event["entityName"], event["actionType"]) == (entity, name, action)
    assert event["createdAt"].startswith("2026-11-22T08:15:30.1")
    assert "ines@example.com" in json.dumps(event["actor"])


def test_records_of_cloudtrail_all_map(tmp_path: Path) -> None:
    made = write_folder(tmp_path / "aws")
    source = FolderSource(name="aws", path=str(tmp_path / "aws"))
    found = preview(mapped(source), 1000)
    assert (len(found.events), found.set_aside) == (len(made), [])
    assert found.parts == len(list((tmp_path / "aws").iterdir())) > 3


def test_unknown_records_are_not_recognised(tmp_path: Path) -> None:
    assert recognise(folder(tmp_path, "a.json", '[{"when": 1}, 3, null]')) is None
    assert recognise(folder(tmp_path, "b.json", "{ broken")) is None
    with pytest.raises(LocalDiskError):
        recognise(FolderSource(name="x", path=str(tmp_path / "gone")))


def test_key_paths_of_the_first_records(tmp_path: Path) -> None:
    source = folder(tmp_path, "a.json", '{"Records": [{"a": {"b": {"c": {"d": {"e": 1}}}}}, {"f": [{"g": 1}]}]}')
    paths = look_into(structs.replace(source, records="Records"), 9).key_paths
    assert list(paths) == ["a", "a.b", "a.b.c", "a.b.c.d", "a.b.c.d.e", "f", "f[0]", "f[0].g"]
    assert paths["f[0].g"] == "1"


def test_every_shape_maps_what_an_event_needs() -> None:
    for shape in record_shapes():
        assert {"createdAt", "entityType", "entityName", "actionType"} <= set(shape.fields)
