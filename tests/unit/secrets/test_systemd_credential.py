"""Passwords in a file that systemd encrypts: when that can be had, and what goes. systemd-creds is a stand-in."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop_app.errors import LocalDiskError
from desktop_app.secrets import systemd_credential
from desktop_app.secrets.systemd_credential import CREDENTIAL, CredentialFile, can_encrypt


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What systemd-creds was asked for: it turns a content around, and back."""
    verbs: list[str] = []

    def ask(verb: str, content: bytes) -> bytes | None:
        verbs.append(verb)
        return content[::-1]

    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    monkeypatch.setattr(systemd_credential, "_ask", ask)
    can_encrypt.cache_clear()
    yield verbs
    can_encrypt.cache_clear()


@pytest.mark.parametrize("program", [None, "/usr/bin/systemd-creds"])
@pytest.mark.parametrize("runs", [False, True])
def test_it_is_tried_only_where_systemd_runs_and_has_it(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, program: str | None, runs: bool
) -> None:
    """Elsewhere, as in a container, it may be installed and would make a key that is never used again."""
    folder = tmp_path / "systemd"
    if runs:
        folder.mkdir()
    monkeypatch.setattr(systemd_credential, "Path", lambda _: folder)
    monkeypatch.setattr(shutil, "which", lambda _: program)
    assert can_encrypt() is bool(program and runs)
    assert asked == (["encrypt", "decrypt"] if program and runs else [])


@pytest.mark.parametrize("answers", [{}, {"encrypt": b"x"}, {"encrypt": b"x", "decrypt": b"another"}])
def test_what_does_not_come_back_as_it_was_is_no_keeper(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, answers: dict[str, bytes]
) -> None:
    monkeypatch.setattr(systemd_credential, "Path", lambda _: tmp_path)
    monkeypatch.setattr(shutil, "which", lambda _: "/usr/bin/systemd-creds")
    monkeypatch.setattr(systemd_credential, "_ask", lambda verb, _: answers.get(verb))
    assert not can_encrypt()


def test_each_account_keeps_its_password_until_it_is_forgotten(asked: list[str], tmp_path: Path) -> None:
    file = tmp_path / "password.cred"
    keeper = CredentialFile(file)
    keeper.keep("a@h:22", "first")
    keeper.keep("rest:okta", "token")
    keeper.keep("a@h:22", "second")
    assert (keeper.read("a@h:22"), keeper.read("rest:okta")) == ("second", "token")
    keeper.forget("a@h:22")
    assert (keeper.read("a@h:22"), keeper.read("rest:okta")) == (None, "token")
    keeper.forget("rest:okta")
    assert not file.exists()


def test_a_service_reads_what_systemd_gave_it(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It may not ask systemd-creds itself."""
    (tmp_path / CREDENTIAL).write_bytes(b'{"audit-trails-exporter/a@h:22": "secret"}')
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert CredentialFile(tmp_path / "password.cred").read("a@h:22") == "secret"
    assert asked == []


def test_a_password_that_can_not_be_encrypted_is_told_and_leaves_the_file(
    asked: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "password.cred"
    CredentialFile(file).keep("a@h:22", "earlier")
    was = file.read_bytes()
    monkeypatch.setattr(systemd_credential, "_ask", lambda *_: None)
    with pytest.raises(LocalDiskError, match="could not encrypt"):
        CredentialFile(file).keep("a@h:22", "new")
    CredentialFile(tmp_path / "none.cred").forget("a@h:22")  # there is nothing to ask for
    assert file.read_bytes() == was
