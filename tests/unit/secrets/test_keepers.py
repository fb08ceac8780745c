"""The password where no keyring of the system works: in files of ours."""

import os
import stat
import traceback
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from keyring.backends import fail, null

from desktop_app import files
from desktop_app.errors import BadSetting, LocalDiskError, UserError
from desktop_app.secrets.keepers import (
    account_name,
    delete_password,
    keepers_undone_on_failure,
    read_password,
    save_password,
    where_password_is,
)
from desktop_app.secrets.login_secret import login_secret
from desktop_app.settings.model import ServerSettings
from desktop_app.settings.paths import Paths
from desktop_app.wording import Said
from tests.disk import full_disk
from tests.windows_gaps import needs

ACCOUNT = "audit@sftp.example.com:22"
PASSWORD = "correct horse \\ 'battery' \"staple\" ü\t"


@pytest.fixture(autouse=True, params=[fail.Keyring, null.Keyring])
def no_system_keyring(request: pytest.FixtureRequest) -> Iterator[None]:
    """What keyring falls back to, or is told to use, where there is no session."""
    before = keyring.get_keyring()
    keyring.set_keyring(request.param())
    yield
    keyring.set_keyring(before)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path / "config", data=tmp_path / "data", logs=tmp_path / "logs")


def shown(error: UserError) -> str:
    return "".join(traceback.format_exception(error)) + error.hint + repr(error.__context__)


@pytest.mark.parametrize(
    ("host", "account"),
    [
        ("sftp.example.com", "audit@sftp.example.com:22"),
        ("sftp.example.com:2222", "audit@sftp.example.com:2222"),
        ("2001:db8::1", "audit@[2001:db8::1]:22"),
    ],
)
def test_the_account_is_the_user_at_the_server(host: str, account: str) -> None:
    assert account_name(ServerSettings(host=host, user="audit")) == account


def test_there_is_none_at_first(paths: Paths) -> None:
    assert read_password(paths, ACCOUNT) is None
    assert where_password_is(paths, ACCOUNT) is None
    with pytest.raises(BadSetting, match=ACCOUNT) as caught:
        login_secret(paths, ServerSettings(host="sftp.example.com", user="audit"))
    assert caught.value.field == "server.password"
    assert not paths.config.exists()


def test_a_password_is_kept_in_two_files_that_do_not_show_it(paths: Paths) -> None:
    protection = save_password(paths, ACCOUNT, PASSWORD)
    assert protection.name == "an encrypted file"
    assert where_password_is(paths, ACCOUNT) == protection
    assert read_password(paths, ACCOUNT) == PASSWORD
    assert login_secret(paths, ServerSettings(host="sftp.example.com", user="audit")) == PASSWORD
    for path in (paths.secret_file, paths.secret_key):
        content = path.read_text(encoding="utf-8")
        assert "horse" not in content
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600


@hypothesis_settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(password=st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_any_text_can_be_a_password(paths: Paths, password: str) -> None:
    save_password(paths, ACCOUNT, password)
    assert read_password(paths, ACCOUNT) == password


def test_accounts_do_not_share_passwords(paths: Paths) -> None:
    other = "audit@sftp.example.com:2222"
    save_password(paths, ACCOUNT, "one")
    save_password(paths, other, "two")
    save_password(paths, ACCOUNT, "three")
    assert (read_password(paths, ACCOUNT), read_password(paths, other)) == ("three", "two")
    delete_password(paths, ACCOUNT)
    delete_password(paths, ACCOUNT)
    assert (read_password(paths, ACCOUNT), read_password(paths, other)) == (None, "two")


@needs("modes")
@pytest.mark.parametrize("name", ["secret_file", "secret_key"])
def test_files_that_others_may_read_are_refused(paths: Paths, name: str) -> None:
    save_password(paths, ACCOUNT, PASSWORD)
    path: Path = getattr(paths, name)
    path.chmod(0o640)
    for attempt in (lambda: read_password(paths, ACCOUNT), lambda: save_password(paths, ACCOUNT, PASSWORD)):
        with pytest.raises(LocalDiskError, match="can be read by other users") as caught:
            attempt()
        assert caught.value.hint == f"Close it: chmod 600 {path}"
    path.chmod(0o600)
    assert read_password(paths, ACCOUNT) == PASSWORD


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("secret_key", None, "is missing"),
        ("secret_key", b"", "is damaged"),
        ("secret_key", b"short", "is damaged"),
        ("secret_key", b"\xff" * 44, "is damaged"),
        ("secret_key", b64encode(b"k" * 32), "can't be decrypted"),
        ("secret_file", b"[passwords", "is damaged"),
        ("secret_file", b"\xff", "is damaged"),
        ("secret_file", b"passwords = 1", "is damaged"),
        ("secret_file", b"", "is damaged"),
        ("secret_file", f"[passwords]\n'audit-trails-exporter/{ACCOUNT}' = 1".encode(), "is damaged"),
        ("secret_file", f"[passwords]\n'audit-trails-exporter/{ACCOUNT}' = 'ü'".encode(), "can't be decrypted"),
    ],
)
def test_missing_wrong_or_damaged_files(paths: Paths, name: str, content: bytes | None, told: str) -> None:
    save_password(paths, ACCOUNT, PASSWORD)
    key = paths.secret_key.read_text(encoding="utf-8")
    path: Path = getattr(paths, name)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)
    with pytest.raises(LocalDiskError, match=told) as caught:
        read_password(paths, ACCOUNT)
    assert "horse" not in shown(caught.value)
    assert key not in shown(caught.value)
    assert "audit-trails-export config password" in caught.value.advice

    if caught.value.hint.startswith("Delete it."):
        path.unlink()
    save_password(paths, ACCOUNT, "new")
    assert read_password(paths, ACCOUNT) == "new"


def test_a_password_that_is_no_text_is_refused_and_not_repeated(paths: Paths) -> None:
    with pytest.raises(BadSetting) as caught:
        save_password(paths, ACCOUNT, PASSWORD + "\udcff")
    assert "horse" not in shown(caught.value)


@needs("size limits")
def test_a_full_disk_keeps_the_old_password(paths: Paths) -> None:
    save_password(paths, ACCOUNT, "old")
    with full_disk(), pytest.raises(LocalDiskError) as caught:
        save_password(paths, ACCOUNT, PASSWORD)
    assert "horse" not in shown(caught.value)
    assert read_password(paths, ACCOUNT) == "old"


def test_another_users_file_that_can_not_be_read_holds_up_no_new_password(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A credential that root made for this user."""
    paths.config.mkdir()
    paths.credential_file.write_bytes(b"root's")
    real = files.read_bytes

    def read(path: Path) -> bytes | None:
        if path == paths.credential_file:
            raise LocalDiskError(Said("It can't be read."))
        return real(path)

    monkeypatch.setattr(files, "read_bytes", read)
    with keepers_undone_on_failure(paths, ACCOUNT):
        save_password(paths, ACCOUNT, PASSWORD, "file")
    assert read_password(paths, ACCOUNT) == PASSWORD


def test_what_fails_behind_a_password_leaves_all_keepers_as_they_were(paths: Paths) -> None:
    save_password(paths, ACCOUNT, "earlier")
    before = [path.read_bytes() for path in (paths.secret_file, paths.secret_key)]
    with pytest.raises(KeyboardInterrupt), keepers_undone_on_failure(paths, ACCOUNT):
        save_password(paths, ACCOUNT, PASSWORD, "file")
        raise KeyboardInterrupt
    assert [path.read_bytes() for path in (paths.secret_file, paths.secret_key)] == before
    delete_password(paths, ACCOUNT)
    with pytest.raises(KeyboardInterrupt), keepers_undone_on_failure(paths, ACCOUNT):
        save_password(paths, ACCOUNT, PASSWORD)
        raise KeyboardInterrupt
    assert read_password(paths, ACCOUNT) is None
