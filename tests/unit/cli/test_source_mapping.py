"""Sources of unknown records are mapped on the command line, and known ones are named."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.source import command
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import FieldRule, SourceSettings
from desktop_app.settings.paths import find_paths


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    place = tmp_path / "records"
    place.mkdir()
    return place


def write(folder: Path, *records: dict[str, Any]) -> None:
    text = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "a.jsonl").write_text(text, encoding="utf-8")


def add(folder: Path, *given: str) -> Result:
    return CliRunner().invoke(command, ["add", "s", "--path", str(folder), *given])


def previewed() -> dict[str, Any]:
    result = CliRunner().invoke(command, ["preview", "s", "--json"])
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def source() -> SourceSettings:
    (only,) = load_settings(find_paths()).sources
    return only


def test_times_without_an_offset_with_the_zone_of_the_source(folder: Path) -> None:
    write(folder, {"CreationTime": "2026-11-03T08:59:26", "what": "w", "n": "x"})
    fields = [f"--field={each}" for each in ("createdAt=CreationTime", "entityType=what", "entityName=n")]
    assert "zone" in add(folder, *fields, "--field=actionType=what").output
    (aside,) = previewed()["set_aside"]
    assert "zone" in aside["reason"]
    CliRunner().invoke(command, ["remove", "s"])
    add(folder, *fields, "--field=actionType=what", "--zone", "Europe/Berlin")
    found = previewed()
    assert found["events"][0]["createdAt"] == "2026-11-03T07:59:26.000Z"
    assert found["records"][0]["events"] == found["events"][:1] and json.loads(found["records"][0]["raw"])
    assert found["times"] == [
        {
            "written": "2026-11-03T08:59:26",
            "createdAt": "2026-11-03T07:59:26.000Z",
            "as": "a time in zone Europe/Berlin",
        }
    ]


def test_the_unit_of_a_number_is_told(folder: Path) -> None:
    write(folder, {"t": 1793611162, "k": "x"})
    keys = ("entityType=k", "entityName=k", "actionType=k")
    added = add(folder, "--field=createdAt=t", *(f"--field={key}" for key in keys))
    assert added.exit_code == 0, added.output
    shown = CliRunner().invoke(command, ["preview", "s"])
    assert "1793611162 is 2026-11-02T" in shown.output.replace("\n", " ")
    assert "seconds since 1970" in shown.output
    CliRunner().invoke(command, ["remove", "s"])
    add(folder, "--field=createdAt=t", *(f"--field={key}" for key in keys), "--time", "epoch-ms")
    assert "are these seconds" in previewed()["set_aside"][0]["reason"]


def test_constants_templates_and_rules(folder: Path) -> None:
    write(folder, {"@timestamp": 1793611162000, "action": "org.block_user", "a": {"b": "x"}, "level": 70})
    added = add(
        folder,
        "--field=createdAt=@timestamp",
        "--field=entityType==github, or not",
        "--field=entityName=repo,{a.b} of {action}",
        "--field=actionType=action",
        '--field=severity={ path = "level", most = 100 }',
    )
    assert added.exit_code == 0, added.output
    assert source().fields == {
        "createdAt": "@timestamp",
        "entityType": FieldRule(const="github, or not"),
        "entityName": ("repo", FieldRule(text="{a.b} of {action}")),
        "actionType": "action",
        "severity": FieldRule(path="level", most=100),
    }
    (event,) = previewed()["events"]
    assert (event["entityType"], event["entityName"]) == ("github, or not", "x of org.block_user")
    assert event["severity"] == 7


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--field", "createdat=t"], "Did you mean createdAt?"),
        (["--field", "entity_name=t"], "Did you mean entityName?"),
        (["--field", "actionTyp=t"], "Did you mean actionType?"),
        (["--field", "createdAt"], "not of the form"),
        (["--field", "=x"], "not of the form"),
        (["--field", "createdAt={ most = 'x' }"], "is no rule"),
    ],
)
def test_a_slip_in_a_field_is_told(folder: Path, given: list[str], told: str) -> None:
    refused = add(folder, *given)
    assert (refused.exit_code, told in refused.output) == (2, True), refused.output
    assert load_settings(find_paths()).sources == ()


@pytest.mark.parametrize(
    "given",
    [["--zone", "Mars/Phobos"], ["--time", "epoch"], ["--time", "text:%Q"], ["--field", "actor={ const = '' }"]],
)
def test_what_can_not_be_is_no_source(folder: Path, given: list[str]) -> None:
    refused = add(folder, *given)
    assert refused.exit_code != 0
    assert load_settings(find_paths()).sources == ()


def test_a_key_of_ones_own_may_be_mapped(folder: Path) -> None:
    assert add(folder, "--field", "department=org.unit").exit_code == 0
    assert source().fields == {"department": "org.unit"}


def test_known_records_are_named(folder: Path) -> None:
    record = {"eventType": "e", "published": "2026-11-01T00:00:00Z", "displayMessage": "m", "uuid": "u"}
    write(folder, record)
    added = add(folder)
    assert "Okta System Log" in added.output
    assert "--like okta" in added.output
    assert previewed()["shape"] == {"id": "okta", "name": "Okta System Log"}
    CliRunner().invoke(command, ["remove", "s"])
    assert "--like" not in add(folder, "--like", "okta").output
    assert previewed()["set_aside"] == []


def test_a_shape_says_where_its_records_are(folder: Path) -> None:
    items = [
        {"uuid": "u", "timestamp": "2026-11-01T00:00:00Z", "actor_uuid": "a", "action": "x", "object_type": "o"}
    ]
    (folder / "a.json").write_text(json.dumps({"items": items}), encoding="utf-8")
    add(folder, "--like", "1password")
    assert (source().records, len(previewed()["events"])) == ("items", 1)  # type: ignore[attr-defined]
    CliRunner().invoke(command, ["remove", "s"])
    (folder / "a.json").write_text(json.dumps(items), encoding="utf-8")
    add(folder, "--like", "1password")
    assert (source().records, len(previewed()["events"])) == ("", 1)  # type: ignore[attr-defined]


def test_a_list_that_is_not_there_is_answered_with_the_keys_that_are(folder: Path) -> None:
    (folder / "a.json").write_text(json.dumps({"data": {"entries": [{"when": 1}]}}), encoding="utf-8")
    added = add(folder, "--records", "data.entires")
    for told in ("data.entires", "data.entries[0].when"):
        assert told in added.output


def test_the_keys_of_unknown_records_are_shown(folder: Path) -> None:
    write(folder, {"when": "2026-11-01T00:00:00Z", "who": {"name": "ines"}, "things": [{"id": 7}]})
    added = add(folder)
    for told in ("not known", "who.name", "ines", "things[0].id"):
        assert told in added.output
    keys = {each["path"]: each["value"] for each in previewed()["keys"]}
    assert keys["things[0].id"] == "7"
