"""Records in the documented shapes of known systems, made up (tests/data/shapes): all of them become events."""

import json
import shutil
from pathlib import Path
from typing import Any

import pycef
import pytest
from msgspec import structs

from desktop_app.export.cef_format import cef_chunks
from desktop_app.settings.model import CefSettings, FolderSource, SourceSettings
from desktop_app.sources.record_shapes import mapped_as, recognise, record_shapes
from desktop_app.sources.sample import Preview, preview
from tests.cef_reader import read_cef_line
from tests.stored import batch_of

SAMPLES = {path.stem: path for path in (Path(__file__).parents[2] / "data" / "shapes").iterdir()}
TIME = "2026-11-03T08:59:26"

# Of the first event: entity type, entity name, action.
FIRST = {
    "ivanti": ("Configuration", "Wi-Fi of the office", "Update"),
    "ivanti-cef": ("Configuration", "Wi-Fi of the office", "Update"),
    "cloudtrail": ("iam.amazonaws.com", "otto", "CreateUser"),
    "cloudtrail-lookup": ("iam.amazonaws.com", "otto", "CreateUser"),
    "kubernetes": ("secrets", "db", "patch"),
    "google-cloud": ("compute.googleapis.com", "projects/pay/global/firewalls/web", "v1.compute.firewalls.patch"),
    "google-workspace": ("admin", "otto@example.com", "CREATE_USER"),
    "microsoft-365": ("AzureActiveDirectory", "otto@example.com", "Update user."),
    "microsoft-365-csv": ("AzureActiveDirectory", "otto@example.com", "Update user."),
    "intune": ("DeviceCompliancePolicy", "Phones", "Patch DeviceCompliancePolicy"),
    "entra": ("User", "otto@example.com", "Update user"),
    "entra-signins": ("Sign-in", "Portal", "Sign-in"),
    "entra-diagnostic": ("User", "otto@example.com", "Update user"),
    "azure-activity": (
        "Microsoft.Compute/virtualMachines",
        "/subscriptions/s/resourceGroups/pay/providers/Microsoft.Compute/virtualMachines/web",
        "Microsoft.Compute/virtualMachines/delete",
    ),
    "azure-activity-diagnostic": (
        "Delete",
        "/SUBSCRIPTIONS/S/RESOURCEGROUPS/PAY",
        "MICROSOFT.RESOURCES/SUBSCRIPTIONS/RESOURCEGROUPS/DELETE",
    ),
    "okta": ("User", "Otto", "user.account.reset_password"),
    "gitlab": ("Project", "pay/web", "project_archived"),
    "keycloak": ("USER", "users/u2", "UPDATE"),
    "keycloak-logins": ("User", "otto", "LOGIN_ERROR"),
    "duo": ("Duo", "otto", "user_update"),
    "duo-activity": ("user", "otto", "webauthn_credential_delete"),
    "duo-logins": ("authentication", "Portal", "authentication success"),
    "slack": ("user", "Ines", "user_login"),
    "1password": ("user", "Otto", "suspend"),
    "vault": ("kv", "secret/data/pay", "update"),
    "ocsf": ("Account Change", "otto", "Create"),
    "windows-evtx": ("Security", "otto", "User created"),
    "winlogbeat": ("Security", "otto", "user-account-created"),
    "winlogbeat-6": ("Security", "otto", "User Account Management"),
    "nxlog": ("Security", "otto", "User Account Management"),
    "github": ("modify", "pay/web", "repo.access"),
    "journal": ("audit", "/usr/bin/sudo", "USER_AUTH"),
    "cef": ("Gate", "Rule changed", "update"),
}  # fmt: skip
STATES = {
    "microsoft-365": ({"AccountEnabled": [True], "Included Updated Properties": ""}, [False]),
    "microsoft-365-csv": ({"AccountEnabled": [True], "Included Updated Properties": ""}, [False]),
    "entra": ({"Department": ["Sales"]}, ["Audit"]),
    "entra-diagnostic": ({"Department": ["Sales"]}, ["Audit"]),
    "intune": ({"PasswordRequired": "False"}, "True"),
    "ivanti": ({"ssid": "old"}, "new"),
    "ivanti-cef": ({"ssid": "old"}, "new"),
}


def of_sample(name: str, folder: Path) -> tuple[SourceSettings, Preview]:
    shutil.copy(SAMPLES[name], folder)
    source = FolderSource(name="s", path=str(folder), zone="Europe/Berlin" if name == "nxlog" else "")
    shape = recognise(source)
    assert shape is not None
    assert shape.id == name
    mapped = mapped_as(source, shape)
    return mapped, preview(mapped, 100)


def test_each_has_a_sample() -> None:
    assert set(FIRST) == set(SAMPLES) == {shape.id for shape in record_shapes()}


@pytest.mark.parametrize("name", sorted(FIRST))
def test_all_records_become_events(name: str, tmp_path: Path) -> None:
    _, found = of_sample(name, tmp_path)
    assert found.set_aside == []
    events: list[dict[str, Any]] = list(map(json.loads, found.events))
    first = events[0]
    assert (first["entityType"], first["entityName"], first["actionType"]) == FIRST[name]
    assert {event["createdAt"][:16] for event in events} <= {TIME[:16], "2026-11-03T09:00"}
    assert first["createdAt"].startswith(TIME)
    assert len({event["id"] for event in events}) == len(events)
    for key in ("before", "after"):
        assert (key in first) == (name in STATES)
    if name in STATES:
        before, after = STATES[name]
        assert first["before"] == before
        assert after in first["after"].values()


@pytest.mark.parametrize("name", sorted(FIRST))
def test_cef_of_them_is_read_by_others(name: str, tmp_path: Path) -> None:
    _, found = of_sample(name, tmp_path)
    lines = b"".join(chunk.text for chunk in cef_chunks([batch_of(found.events)], CefSettings())).decode()
    assert len(lines.splitlines()) == len(found.events)
    for line in lines.splitlines():
        strict, other = read_cef_line(line), pycef.parse(line)
        assert other is not None
        assert strict.class_id == other["DeviceEventClassID"]
        assert all(
            field.strip() for field in (strict.vendor, strict.product, strict.product_version, strict.class_id)
        )
    if name == "cloudtrail":
        assert (strict.vendor, strict.product, strict.product_version) == ("Amazon", "CloudTrail", "1.11")
        assert strict.class_id == "ConsoleLogin"


def test_what_was_asked_and_answered_is_no_state(tmp_path: Path) -> None:
    _, found = of_sample("cloudtrail", tmp_path)
    event = json.loads(found.events[0])
    assert event["requestParameters"] == {"userName": "otto"}
    assert event["responseElements"] == {"user": {"userName": "otto"}}


def test_the_events_of_one_record_have_an_id_each(tmp_path: Path) -> None:
    _, found = of_sample("google-workspace", tmp_path)
    assert [json.loads(line)["id"][-2:] for line in found.events] == ["-1", "-2"]


def test_times_without_an_offset_need_the_zone_of_the_source(tmp_path: Path) -> None:
    mapped, found = of_sample("nxlog", tmp_path)
    assert (found.times[0].written, found.times[0].created_at) == ("2026-11-03 09:59:26", f"{TIME}.000Z")
    assert found.times[0].how == "a time in zone Europe/Berlin"
    without = preview(structs.replace(mapped, zone=""), 100)
    assert "zone" in without.set_aside[0][1]
