"""A daily run that fails, and who is told, with the whole program."""

import hashlib
import json
import sys
from zipfile import ZipFile

import pytest

from tests.e2e.conftest import Program
from tests.integration.test_mail import serving
from tests.integration.test_notify import Monitor, web_hook
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
    assert told[1]["type"] == "failure" and "Exit code: 76" in told[1]["message"]
    assert "host key" in told[1]["message"]
    assert "topsecret" not in (program.home / "audit-trails-export.log").read_text(encoding="utf-8")
    program.run("notify", "remove")
    if sys.platform != "win32":  # which always has a desktop
        program.run("notify", "test", code=78)
        program.run("run", "--scheduled", code=76)


def test_that_it_works_again_names_the_newest_archive_by_its_manifest(program: Program, sshd: Server) -> None:
    program.configure(sshd)
    program.run("config", "set", "enabled=true", "server.user=nobody")
    program.run("record", stdin=json.dumps(EVENT).encode())
    with web_hook() as (port, told):
        program.run("notify", "set", stdin=f"json://127.0.0.1:{port}/hook\n".encode())
        program.run("run", "--scheduled", code=78)  # no password
        program.run("config", "set", "enabled=false")
        program.run("run", "--scheduled")  # which is no success
        assert [message["type"] for message in told] == ["failure"]
        assert "1 day waiting" in told[0]["title"] and "Days waiting: 1 (2026-01-01)" in told[0]["message"]
        program.run("config", "set", "enabled=true", f"server.user={sshd.user}")
        printed = program.run("run", "--scheduled")
        program.run("run", "--scheduled")
    assert [message["type"] for message in told] == ["failure", "success"]
    (archive,) = sshd.folder.glob("*.zip")
    with ZipFile(archive) as opened:
        manifest = hashlib.sha256(opened.read("manifest.json")).hexdigest()
    witness = f"Newest archive: {archive.name}, number 1 of the chain, SHA-256 of its manifest {manifest}"
    assert witness in told[1]["message"]
    assert witness in printed  # for the journal


def test_the_monitor_is_pinged_by_a_test_and_by_the_daily_task(program: Program, sshd: Server) -> None:
    with Monitor() as monitor:
        program.run("config", "set", f"notify.ping_url={monitor.url}")
        assert "took the ping" in program.errors("notify", "test")
        server = f"server.host=127.0.0.1:{sshd.port}"
        program.run("config", "set", "enabled=true", server, "server.user=u", "server.path=.")
        program.run("record", stdin=json.dumps(EVENT).encode())
        program.run("run", "--scheduled", code=76)  # the host key is not known
    assert [path for _, path, _ in monitor.pings] == ["/ping/secret", "/ping/secret/fail"]
    assert "did not take the ping" in program.errors("notify", "test", code=69)


def test_failures_are_reported_by_mail_with_a_password_from_standard_input(program: Program) -> None:
    with serving("none", b"\0audit\0topsecret") as server:
        where = ("--server", server.address, "--security", "none", "--from", "a@example.com", "--to")
        said = program.errors("notify", "mail", *where, "b@example.com", "--user", "audit", stdin=b"topsecret\n")
        assert "topsecret" not in said and "The address is kept" in said
        assert program.json("notify", "show") == {"address": "b@example.com"}
        program.run("notify", "test")
        assert [mail["To"] for mail in server.mails] == ["b@example.com"]
    assert "is no mail address" in program.errors("notify", "mail", *where, "nobody", code=78)
    assert program.json("notify", "show") == {"address": "b@example.com"}


def test_what_is_no_address_is_refused(program: Program) -> None:
    assert "no address" in program.errors("notify", "set", stdin=b"nobody\n", code=78)
