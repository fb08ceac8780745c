"""A test of the connection, and a look at a host key, by what they leave behind."""

import json
import re
import socket
from pathlib import Path

import paramiko
import pytest

from desktop_app.actions.probe_server import try_connection
from desktop_app.actions.run import Request, run_once
from desktop_app.actions.trust_host_key import SeenHostKey, require_fingerprint
from desktop_app.export.ledger import Outcome, open_ledger
from desktop_app.settings.address import parse_address
from desktop_app.settings.model import ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.errors import HostKeyChanged
from desktop_app.sftp.host_keys import fingerprint
from desktop_app.trails.store.store import open_store
from tests.stored import lines_in


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(tmp_path, tmp_path, tmp_path, tmp_path / "policy.toml")


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def test_a_test_that_failed_is_an_audit_event(paths: Paths) -> None:
    host = f"127.0.0.1:{closed_port()}"
    settings = Settings(server=ServerSettings(host=host, user="audit", path="/in"))
    report = try_connection(settings, paths, None, lambda _: None, "secret")
    assert report.error is not None
    with open_store(paths.store) as store:
        [event] = map(json.loads, lines_in(store))
    assert (event["entityName"], event["actionType"]) == ("Connection", "Test")
    assert event["after"] == {"server": host, "ok": False, "detail": report.error.message}


def test_the_fingerprint_that_is_asked_for_is_that_of_the_key() -> None:
    key = paramiko.ECDSAKey.generate()
    seen = SeenHostKey(parse_address("sftp.example.com"), key, ())
    assert seen.fingerprint == fingerprint(key)
    assert not seen.is_known
    require_fingerprint(seen, fingerprint(key))
    with pytest.raises(HostKeyChanged, match=re.escape(fingerprint(key))):
        require_fingerprint(seen, fingerprint(paramiko.ECDSAKey.generate()))


@pytest.mark.parametrize("enabled", [True, False])
def test_a_run_notes_since_when_the_export_is_on(paths: Paths, enabled: bool) -> None:
    settings = Settings(enabled=enabled, server=ServerSettings(host="127.0.0.1", user="audit", path="/in"))
    result = run_once(settings, paths, Request(), lambda: "secret", clock=lambda: 1_700_000_000)
    assert result.outcome is Outcome.NOTHING_DUE
    with open_ledger(paths.ledger) as ledger:
        assert (ledger.switched_on_since() is not None) is enabled
