"""What a login needs besides a user: a password, the passphrase of a key, or nothing."""

from pathlib import Path

import keyring
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from keyring.backends import fail

from desktop_app.actions.keep_password import keep_password, move_password
from desktop_app.errors import BadSetting
from desktop_app.schedule import daily_task
from desktop_app.schedule import password_at_night as night
from desktop_app.schedule.night_try import note_night_try
from desktop_app.schedule.task_state import TaskState
from desktop_app.secrets.keeper import KeeperName
from desktop_app.secrets.login_secret import login_account, login_secret
from desktop_app.settings.file import write_settings
from desktop_app.settings.model import Login, ServerSettings, Settings, SftpSource
from desktop_app.settings.paths import Paths
from desktop_app.settings.validation import problems
from desktop_app.sftp.private_key import WrongPassphrase
from tests.windows_gaps import needs

PASSPHRASE = "correct horse"


@pytest.fixture(autouse=True)
def no_system_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "get_keyring", fail.Keyring)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    return Paths(config=tmp_path / "config", data=tmp_path / "data", logs=tmp_path / "logs")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    file = tmp_path / "id"
    encrypted = BestAvailableEncryption(PASSPHRASE.encode())
    file.write_bytes(Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, encrypted))
    file.chmod(0o600)
    return file


def by(auth: Login, key_file: object = "") -> Settings:
    return Settings(
        server=ServerSettings(host="sftp.example.com", user="audit", path="/e", auth=auth, key_file=str(key_file))
    )


def test_a_passphrase_is_kept_by_the_file_of_the_key(paths: Paths, key: Path) -> None:
    settings = by("key", key)
    assert login_account(settings.server) == f"key:{key}"
    assert login_account(by("key", "~/.ssh/id").server) == f"key:{Path.home() / '.ssh' / 'id'}"
    assert login_secret(paths, settings.server) == ""
    assert keep_password(paths, settings, PASSPHRASE).protection.name == "an encrypted file"
    assert login_secret(paths, settings.server) == PASSPHRASE
    assert login_secret(paths, by("agent").server) == ""
    with pytest.raises(BadSetting):
        login_secret(paths, by("password").server)


def test_a_passphrase_that_does_not_open_the_key_is_not_kept(paths: Paths, key: Path) -> None:
    settings = by("key", key)
    keep_password(paths, settings, PASSPHRASE)
    for wrong in ("wrong", "half a letter \ud800"):
        with pytest.raises(WrongPassphrase) as caught:
            keep_password(paths, settings, wrong)
        assert caught.value.__context__ is None or wrong not in str(caught.value.__context__)
    assert login_secret(paths, settings.server) == PASSPHRASE


def test_there_may_be_nothing_to_move(paths: Paths) -> None:
    write_settings(paths.config_file, by("agent"))
    with pytest.raises(BadSetting, match="nothing to keep"):
        move_password(paths, "file")


@pytest.mark.parametrize(
    ("auth", "key_file", "field"),
    [
        ("key", "", "server.key_file"),
        ("key", "id_ed25519", "server.key_file"),
        ("key", "/home/a\nb", "server.key_file"),
        ("agent", "id.pub", "server.key_file"),
        ("smartcard", "", "server.auth"),
    ],
)
def test_what_can_not_be_right_of_a_login(auth: Login, key_file: str, field: str) -> None:
    assert [problem.field for problem in problems(by(auth, key_file))] == [field]
    source = SftpSource(name="s", host="h", user="u", path="/", auth=auth, key_file=key_file)
    assert {problem.field for problem in problems(Settings(sources=(source,)))} == {
        f"sources[0].{field.removeprefix('server.')}"
    }


@pytest.mark.parametrize("auth", ["key", "agent"])
def test_the_night_tries_the_key_itself(
    paths: Paths, monkeypatch: pytest.MonkeyPatch, auth: Login, key: Path
) -> None:
    asked = []

    def succeeds(command: night.Command, *_: object) -> bool:
        asked.append(command.argv[-2:])
        return False

    monkeypatch.setattr(night, "_succeeds_at_night", succeeds)
    paths.data.mkdir()
    tried = night.find_out(by(auth, key), paths)
    assert asked == [("schedule", "can-use-key")]
    assert tried
    assert (tried.readable, tried.keeper) == (False, None)


@pytest.mark.parametrize(
    ("auth", "keeper", "problem", "command"),
    [
        ("key", None, "could not use the key in", "config passphrase"),
        ("key", "keyring", "could not use the key in", "config passphrase --keep-in file"),
        ("agent", None, "could not reach the SSH agent", "server.auth=key"),
    ],
)
def test_a_key_that_the_night_can_not_use_is_a_problem_of_the_task(
    paths: Paths,
    monkeypatch: pytest.MonkeyPatch,
    key: Path,
    auth: Login,
    keeper: KeeperName | None,
    problem: str,
    command: str,
) -> None:
    class Scheduler:
        def is_installed(self, _: Paths) -> bool:
            return True

        def show(self, _settings: Settings, _paths: Paths) -> TaskState:
            return TaskState(scheduler="one", name="task", installed=True)

    monkeypatch.setattr(daily_task, "_known", lambda: [Scheduler()])
    settings = Settings(enabled=True, server=by(auth, key).server)
    paths.data.mkdir()
    note_night_try(paths, login_account(settings.server), keeper, readable=False)
    state = daily_task.show(settings, paths)
    assert problem in (state.problem or "")
    assert command in state.command


@needs("systemd")
def test_a_key_in_a_temporary_folder_is_there_for_the_daily_task(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop_app.schedule.systemd import units

    monkeypatch.setattr(units, "made_folders", lambda _: ())
    monkeypatch.setattr(units, "_is_temporary", lambda folder: folder.is_relative_to("/tmp/keys"))
    made = units.Units("task", paths.config, paths.data, None)
    for settings, private in ((by("key", "/tmp/keys/id"), False), (by("key", "/home/me/id"), True)):
        service = units.service(made, night.Command(("x",)), settings, paths, sandboxed=True)
        assert service.private_tmp is private
    source = SftpSource(name="s", host="h", user="u", path="/", auth="key", key_file="/tmp/keys/id")
    settings = Settings(sources=(source,))
    assert not units.service(made, night.Command(("x",)), settings, paths, sandboxed=True).private_tmp
