"""What `--json` prints is as docs/json says."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator, ValidationError

from desktop_app.cli.main import program
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said
from tests.documents import FOLDER, PARTS, names, require, schema
from tests.installation import Installation


def commands(group: click.Group, context: click.Context, path: str = "") -> Iterator[tuple[str, click.Command]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, context, f"{path}{name} ")
        elif not command.hidden:
            yield f"{path}{name}", command


@pytest.mark.parametrize("name", [*names(), PARTS])
def test_a_schema_is_one(name: str) -> None:
    Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$id"] == f"{name}.schema.json"


@pytest.mark.parametrize("name", names())
def test_the_examples_are_as_their_schema_says(name: str) -> None:
    assert schema(name)["examples"]
    for example in schema(name)["examples"]:
        require(name, example)


def test_what_no_schema_says_is_found() -> None:
    (example, *_) = schema("status")["examples"]
    with pytest.raises(ValidationError):
        require("status", {**example, "more": 1})
    with pytest.raises(ValidationError):
        require("status", {**example, "task": {**example["task"], "more": 1}})
    with pytest.raises(ValidationError):
        require("status", {key: value for key, value in example.items() if key != "enabled"})


def test_every_command_that_prints_a_document_has_a_schema_and_is_listed() -> None:
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    described = " ".join(schema(name)["description"] for name in names())
    for path, command in commands(program, click.Context(program)):
        if any("--json" in option.opts for option in command.params):
            assert path in described and f"`{path} " in listed, path
    assert [name for name in names() if f"({name}.schema.json)" not in listed] == []


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AUDIT_TRAILS_SCHEDULER", "none")
    return tmp_path / "home"


def printed(*argv: str, code: int = 0) -> Any:
    done = CliRunner().invoke(program, [*argv, "--json"], prog_name="audit-trails-export")
    assert done.exit_code == code, done.output
    return json.loads(done.stdout)


def required(name: str, *argv: str, code: int = 0) -> Any:
    document = printed(*argv, code=code)
    require(name, document)
    return document


def test_of_a_new_installation(home: Path) -> None:
    required("status", "status")
    assert required("history", "history") == []
    assert required("source-list", "source", "list") == []
    assert required("source-set-aside", "source", "set-aside") == []
    assert required("events", "events") == []
    required("history-days", "history", "--days")
    required("config-show", "config", "show")
    required("config-policy", "config", "policy")
    required("config-password-stores", "config", "password-stores")
    required("notify-show", "notify", "show")
    required("schedule-show", "schedule", "show")
    for key in ("server.host", "enabled", "store.keep_days", "server.ciphers"):
        required("config-get", "config", "get", key)
    assert required("run", "run", code=78)["outcome"] == "failed"


def test_of_settings_of_every_kind_and_runs_of_every_outcome(home: Path) -> None:
    set_ = ["server.host=127.0.0.1:1", "server.user=u", "server.path=/x"]
    assert CliRunner().invoke(program, ["config", "set", *set_]).exit_code == 0
    required("config-show", "config", "show")
    assert required("run", "run")["outcome"] == "nothing-due"
    assert required("test", "test", code=69)["steps"][-1]["ok"] is False
    with open_ledger(Paths(home, home, home).ledger) as ledger:
        for outcome in Outcome:
            told = (
                (69, Said("There is no server called {host}.", host="h"), Said(""))
                if outcome == "failed"
                else None
            )
            run = ledger.begin_run(StartedBy.FORM, 1, 1_795_000_000_000)
            ledger.end_run(run, outcome, 1_795_000_001_000, told)
        ledger.begin_run(StartedBy.SCHEDULE, 1, 1_795_000_002_000)
    found = {run["outcome"] for run in required("history", "history")}
    assert found >= set(map(str, Outcome))
    required("status", "status")


def test_of_sources(home: Path, tmp_path: Path) -> None:
    folder = tmp_path / "records"
    folder.mkdir()
    now = datetime.now(UTC).isoformat()
    event = {"createdAt": now, "entityType": "T", "entityName": "n", "actionType": "A"}
    (folder / "a.jsonl").write_text(f'{json.dumps(event)}\n{{"no": "event"}}\n', encoding="utf-8")
    assert CliRunner().invoke(program, ["source", "add", "s", "--path", str(folder)]).exit_code == 0
    assert required("source-preview", "source", "preview", "s")["set_aside"]
    set_ = ["server.host=127.0.0.1:1", "server.user=u", "server.path=/x", "enabled=false"]
    assert CliRunner().invoke(program, ["config", "set", *set_]).exit_code == 0
    assert required("run", "run")["sources"][0]["set_aside"] == 1
    assert required("source-list", "source", "list")[0]["stored"] == 1
    (aside,) = required("source-set-aside", "source", "set-aside", "s")
    assert aside["record"] == '{"no": "event"}'
    required("status", "status")


@pytest.fixture
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    made = Installation(tmp_path / "home", tmp_path / "server")
    made.days(1, 3)
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    return made


def test_of_what_was_delivered(installation: Installation, tmp_path: Path) -> None:
    assert required("history", "history")[0]["outcome"] == "delivered"
    assert required("history-days", "history", "--days")
    proofs = required("events", "events")
    assert {proof["line"] for proof in proofs} >= {2, 3}
    required("sign", "sign", "show")
    required("sign", "sign", "rotate")
    report = tmp_path / "report.json"
    folder = str(installation.server)
    assert required("verify", "verify", folder, "--to", "2026-03-03", "--report", str(report))["ok"]
    require("verify-report", json.loads(report.read_text(encoding="utf-8")))
    assert required("fleet-report", "fleet", "report", folder, "--to", "2026-03-03")["ok"]
    newest = installation.server / "audit-trails-ws-2026-03-03.zip"
    newest.write_bytes(newest.read_bytes()[:-100])
    (installation.server / "audit-trails-ws-2026-03-02.zip").unlink()
    assert not required("verify", "verify", folder, code=65)["ok"]
    assert not required("fleet-report", "fleet", "report", folder, "--deep", code=65)["ok"]
