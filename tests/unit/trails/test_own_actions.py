"""What the program does is an audit event like any other, with who did it and what it was before."""

import json
from unittest.mock import Mock

import pytest

from desktop_app import __version__
from desktop_app.trails import own_actions
from desktop_app.trails.event import AuditEvent
from desktop_app.trails.own_actions import PROGRAM, delivered_name, is_delivery

OLD, NEW = {"server": {"host": "old"}}, {"server": {"host": "new"}}
DELIVERED = own_actions.archive_delivered("a.zip", "2026-11-20", 7, "00ff", "sftp.example.com")


@pytest.mark.parametrize(
    ("event", "what", "before", "after"),
    [
        (own_actions.settings_saved(OLD, NEW), ("Settings", "Save"), OLD, NEW),
        (own_actions.switched(True), ("Export", "Switch on"), {"enabled": False}, {"enabled": True}),
        (own_actions.switched(False), ("Export", "Switch off"), {"enabled": True}, {"enabled": False}),
        (
            own_actions.connection_tested("sftp.example.com", False, "No answer."),
            ("Connection", "Test"),
            None,
            {"server": "sftp.example.com", "ok": False, "detail": "No answer."},
        ),
        (
            own_actions.host_key_accepted("sftp.example.com", "ssh-ed25519", "SHA256:x", None),
            ("Host key", "Accept"),
            None,
            {"server": "sftp.example.com", "type": "ssh-ed25519", "fingerprint": "SHA256:x"},
        ),
        (
            own_actions.host_key_accepted("sftp.example.com", "ssh-ed25519", "SHA256:x", "SHA256:w"),
            ("Host key", "Accept"),
            {"fingerprint": "SHA256:w"},
            {"server": "sftp.example.com", "type": "ssh-ed25519", "fingerprint": "SHA256:x"},
        ),
        (
            own_actions.signing_key_made("SHA256:x", None),
            ("Signing key", "Make"),
            None,
            {"fingerprint": "SHA256:x"},
        ),
        (
            own_actions.signing_key_made("SHA256:x", "SHA256:w"),
            ("Signing key", "Make"),
            {"fingerprint": "SHA256:w"},
            {"fingerprint": "SHA256:x"},
        ),
        (
            DELIVERED,
            ("Archive", "Deliver"),
            None,
            {"name": "a.zip", "day": "2026-11-20", "events": 7, "sha256": "00ff", "server": "sftp.example.com"},
        ),
    ],
)
def test_each_action(event: AuditEvent, what: tuple[str, str], before: object, after: object) -> None:
    told = json.loads(event.line)
    assert (told["entityType"], told["entityName"], told["actionType"]) == (PROGRAM, *what)
    assert (told.get("before"), told.get("after")) == (before, after)
    assert told["productVersion"] == __version__
    assert told["actor"].keys() == {"user", "host", "program"}
    assert is_delivery(event.line) == (event is DELIVERED)


def test_a_delivery_says_of_which_archive() -> None:
    assert delivered_name(DELIVERED.line) == "a.zip"


def test_a_delivery_that_is_recorded_twice_is_one_event() -> None:
    again = own_actions.archive_delivered("a.zip", "2026-11-20", 7, "00ff", "sftp.example.com")
    other = own_actions.archive_delivered("a.zip", "2026-11-20", 7, "00fe", "sftp.example.com")
    assert DELIVERED.id == again.id != other.id
    assert own_actions.switched(True).id != own_actions.switched(True).id


def test_an_event_that_only_mentions_a_delivery_is_none() -> None:
    told = json.loads(own_actions.settings_saved({}, {"text": DELIVERED.line.decode()}).line)
    assert not is_delivery(json.dumps(told, separators=(",", ":")).encode())


def test_it_says_when_where_and_by_whom(monkeypatch: pytest.MonkeyPatch) -> None:
    instant = 1_795_320_000_123
    monkeypatch.setattr(own_actions, "time", Mock(time_ns=lambda: instant * 1_000_000 + 999_999))
    monkeypatch.setattr("socket.gethostname", lambda: "ws-0042")
    monkeypatch.setattr("getpass.getuser", lambda: "anna")
    event = own_actions.switched(True)
    assert event.created_ms == instant
    assert json.loads(event.line)["actor"] == {
        "user": "anna",
        "host": "ws-0042",
        "program": f"audit-trails-export {__version__}",
    }


@pytest.mark.parametrize("failure", [OSError("no such user"), KeyError("getpwuid(): uid not found")])
def test_who_it_was_is_unknown_where_nobody_says(monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    monkeypatch.setattr("getpass.getuser", Mock(side_effect=failure))
    assert json.loads(own_actions.switched(True).line)["actor"]["user"] == "unknown"
