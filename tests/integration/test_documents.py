"""What `--json` prints of a delivery to a real server is as docs/json says."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from desktop_app.cli.main import program
from tests.documents import require
from tests.servers import Server

_EVENT = '{"createdAt": "2026-11-22T08:15:30Z", "entityType": "User", "entityName": "a", "actionType": "Create"}\n'


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("AUDIT_TRAILS_SCHEDULER", "none")


def run(*argv: str, given: str = "", code: int = 0) -> str:
    done = CliRunner().invoke(program, argv, input=given, prog_name="audit-trails-export")
    assert done.exit_code == code, done.output
    return done.stdout


def required(name: str, *argv: str, code: int = 0) -> Any:
    document = json.loads(run(*argv, "--json", code=code))
    require(name, document)
    return document


def test_of_a_delivery(sshd: Server, served: Path, tmp_path: Path) -> None:
    server = [f"server.host=127.0.0.1:{sshd.port}", f"server.user={sshd.user}", f"server.path={served.name}"]
    run("config", "set", *server, "export.instance=ws", "export.timezone=UTC")
    run("config", "password", "--keep-in", "file", given=f"{sshd.password}\n")
    assert required("test", "test", code=76)["host_key"]["known"] is False
    run("trust", "--yes")
    assert required("test", "test")["ok"]
    (tmp_path / "events.jsonl").write_text(_EVENT, encoding="utf-8")
    run("record", str(tmp_path / "events.jsonl"))
    delivered = required("run", "run", "--now")
    assert delivered["outcome"] == "delivered"
    assert required("run", "run")["outcome"] == "nothing-due"
    name = delivered["archives"][0]["name"]
    assert required("fetch", "fetch", name, "--to", str(tmp_path))["archives"][0]["name"] == name
    assert required("status", "status")["last_archive"]
    assert required("history", "history")[1]["archives"]
    assert required("verify", "verify", "--server")["archives"]
    assert required("events", "events")[0]["archive"] == name
