"""A daily run that fails, and who is told, with the whole program."""

import json
import sys

import pytest

from tests.e2e.conftest import Program
from tests.integration.test_notify import web_hook
from tests.servers import Server

EVENT = {"createdAt": "2026-01-01T08:00:00Z", "entityType": "T", "entityName": "N", "actionType": "A"}


def test_a_failed_daily_run_is_told_once(program: Program, sshd: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_SCHEDULER", "none")
    program.run(
        *("config", "set", f"server.host=127.0.0.1:{sshd.port}", "server.user=u", "server.path=."),
        *("enabled=true",),
    )
    program.run("record", stdin=json.dumps(EVENT).encode())
    with web_hook() as (port, told):
        url = f"json://user:topsecret@127.0.0.1:{port}/hook"
        assert "topsecret" not in program.errors("notify", "set", stdin=url.encode() + b"\n")
        assert program.json("notify", "show") == {"address": f"json://user:****@127.0.0.1:{port}"}
        program.run("notify", "test")
        program.run("run", code=76)  # by hand: whoever started it sees it
        assert len(told) == 1
        for _ in range(2):
            program.run("run", "--scheduled", code=76)  # the host key is not known
            program.run("run", "--scheduled", "--missed")  # cron, when the computer starts: nothing was missed
    assert len(told) == 2
    assert "host key" in told[1]["message"]
    assert "topsecret" not in (program.home / "audit-trails-export.log").read_text(encoding="utf-8")
    program.run("notify", "remove")
    if sys.platform != "win32":  # which always has a desktop
        program.run("notify", "test", code=78)
        program.run("run", "--scheduled", code=76)


def test_what_is_no_address_is_refused(program: Program) -> None:
    assert "no address" in program.errors("notify", "set", stdin=b"nobody\n", code=78)
