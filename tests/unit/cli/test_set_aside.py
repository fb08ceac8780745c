"""What the command line tells of records that were set aside."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from desktop_app.cli.main import program
from desktop_app.errors import UserError
from desktop_app.notify import ways
from desktop_app.notify.message import Message
from desktop_app.secrets import login_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import SourceSettings
from desktop_app.settings.paths import find_paths
from desktop_app.sources.kind import Record
from desktop_app.sources.mapping import EventsOf, made_id
from desktop_app.trails.event import AuditEvent, parse_event
from tests.stored import event

Run = Callable[..., Result]
RIGHT = ("--field", "createdAt=when", "--field", "entityType=kind", "--field", "actionType=verb")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """A command in an installation that is configured, whose server is never asked: nothing is due."""
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(login_secret, "login_secret", lambda *_: "")

    def invoke(*words: str, text: bytes = b"") -> Result:
        done = CliRunner().invoke(program, words, input=text)
        if done.exception and not isinstance(done.exception, SystemExit | UserError):
            raise done.exception
        return done

    assert invoke("config", "set", "server.host=127.0.0.1:9", "server.user=u", "server.path=/x").exit_code == 0
    return invoke


@pytest.fixture
def source(folder: Path) -> Path:
    """A folder with five records of today."""
    record = {"when": int(time.time() * 1000), "kind": "user", "target": "café", "verb": "update"}
    (folder / "a.jsonl").write_text("".join(json.dumps(record) + "\n" for _ in range(5)), encoding="utf-8")
    return folder


def add(run: Run, name: str, folder: Path, entity_name: str) -> Result:
    return run("source", "add", name, "--path", str(folder), *RIGHT, "--field", f"entityName={entity_name}")


def listed(run: Run) -> list[dict[str, Any]]:
    found = json.loads(run("source", "list", "--json").stdout)
    keys = ("name", "read", "stored", "repeated", "set_aside")
    return [{key: each[key] for key in keys} for each in found]


def test_from_a_wrong_mapping_to_a_right_one(run: Run, source: Path) -> None:
    add(run, "s", source, "nmae")
    done = run("run")
    assert done.exit_code == 0
    assert "Source s: read 5, stored 0, repeated 0, set aside 5." in done.stderr
    assert (
        "Source s: set aside were 5 of 5 records: entityName is missing: there is nothing at nmae (5)."
        in done.stderr
    )
    shown = run("source", "set-aside", "s").stdout
    assert (
        shown.count("entityName is missing") == 5 and "a.jsonl, byte 0: " in shown and '"verb": "update"' in shown
    )
    records = [each["record"] for each in json.loads(run("source", "set-aside", "--json").stdout)]
    assert len(records) == 5 and all("café" in json.loads(each)["target"] for each in records)
    removed = run("source", "remove", "s")
    assert "set aside: 5." in removed.stderr
    added = add(run, "t", source, "target")
    assert "called s: what was read of it is not read again" in added.stderr
    report = json.loads(run("run", "--json").stdout)
    assert report["sources"] == [
        {"name": "t", "read": 5, "stored": 5, "repeated": 0, "set_aside": 0, "reasons": {}}
    ]
    assert listed(run) == [{"name": "t", "read": 5, "stored": 5, "repeated": 0, "set_aside": 0}]
    assert "Nothing is set aside." in run("source", "set-aside").stderr
    assert "t: read 5, stored 5, repeated 0, set aside 0" in run("status").stdout


def test_reasons_that_differ_in_their_values_are_counted_as_one(run: Run, folder: Path) -> None:
    lines = [{"when": f"day {n}", "kind": "k", "verb": "v", "target": "t"} for n in range(3)]
    (folder / "a.jsonl").write_text("".join(json.dumps(each) + "\n" for each in [*lines, {}]))
    add(run, "s", folder, "target")
    (found,) = json.loads(run("run", "--json").stdout)["sources"]
    assert found["set_aside"] == 4 and sorted(found["reasons"].values()) == [1, 3]


def test_retry(run: Run, source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add(run, "s", source, "nmae")
    run("run")
    told = run("source", "retry", "s")
    assert told.stdout == "Tried again 5: stored 0, repeated 0, set aside 5.\n"
    assert "entityName is missing" in told.stderr
    assert "no source other" in str(run("source", "retry", "other").exception)
    (source / "b.jsonl").write_text("{}\n")
    monkeypatch.setattr("desktop_app.sources.intake.mapper", _as_today)
    assert run("source", "retry", "s").stdout == "Tried again 5: stored 5, repeated 0, set aside 0.\n"
    assert listed(run) == [{"name": "s", "read": 5, "stored": 5, "repeated": 0, "set_aside": 0}]


def _as_today(_: SourceSettings, label: str) -> EventsOf:
    """As a version would that knows more."""

    def events_of(record: Record) -> list[AuditEvent]:
        return [parse_event(event(id=made_id(record, label), createdAt=int(time.time() * 1000)))]

    return events_of


def test_record_tells_what_it_set_aside(run: Run, tmp_path: Path) -> None:
    lines = [event(id="1", actionType=each) + b"\n" for each in ("a", "b", "a")]
    (tmp_path / "events.jsonl").write_bytes(b"".join(lines))
    done = run("record", str(tmp_path / "events.jsonl"))
    assert done.stdout == "1 event stored.\n1 event were there already.\n"
    assert "1 event set aside" in done.stderr
    assert run("source", "set-aside").stdout.startswith("record: id 1: an event with the id 1 and other content")


def test_the_daily_task_tells_once_of_a_source_that_is_mostly_set_aside(
    run: Run, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Message] = []

    def show(_: object, message: Message) -> bool:
        told.append(message)
        return True

    monkeypatch.setattr(ways, "WAYS", {"desktop": show})
    run("config", "set", "enabled=true")
    add(run, "s", source, "nmae")
    for _ in range(2):
        with (source / "a.jsonl").open("a") as file:
            file.write("{}\n")
        run("run", "--scheduled")
    (message,) = told
    instance = load_settings(find_paths()).export.instance
    assert message.kind == "warning"
    assert message.title.startswith(f"Most records of a source can't be exported: {instance}")
    assert "Source s: set aside were 6 of 6 records" in message.text
    assert "audit-trails-export source set-aside" in message.text
    checked = run("status", "--check")
    assert checked.exit_code != 0 and "Most records of source s are set aside: 7." in checked.stderr
