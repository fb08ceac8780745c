"""Which file is where: what the documentation names, and what copies and installers rely on."""

import sys
from pathlib import Path

import pytest

from desktop_app.settings.paths import (
    HOME_VARIABLE,
    Paths,
    find_paths,
    find_paths_of,
    keep_all_in,
    site_policy_file,
)

CONFIG = {
    "config_file": "config.toml",
    "known_hosts": "known_hosts",
    "secret_file": "secrets.toml",
    "credential_file": "password.cred",
    "window_file": "window.ini",
}
DATA = {
    "store": "trails.db",
    "ledger": "ledger.db",
    "outbox": "outbox",
    "run_lock": "run.lock",
    "secret_key": "secrets.key",
    "night_try": "night-test.json",
    "signing_keys": "signing-keys.json",
    "instance_file": "instance",
    "uploads": "uploads.json",
}


def test_each_file_is_in_its_folder() -> None:
    paths = Paths(config=Path("config"), data=Path("data"), logs=Path("logs"))
    assert {name: getattr(paths, name) for name in CONFIG} == {n: Path("config", f) for n, f in CONFIG.items()}
    assert {name: getattr(paths, name) for name in DATA} == {
        name: Path("data", file) for name, file in DATA.items()
    }
    assert paths.log_file == Path("logs", "audit-trails-export.log")


def test_a_home_of_its_own_takes_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(HOME_VARIABLE, "elsewhere")
    monkeypatch.chdir(tmp_path)
    keep_all_in(Path("here"))
    here = tmp_path / "here"
    assert find_paths() == Paths(config=here, data=here, logs=here)
    assert not here.exists()


def test_a_user_without_a_home_of_the_programs_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(HOME_VARIABLE, raising=False)
    paths = find_paths()
    folders = (paths.config, paths.data, paths.logs)
    assert all("audit-trails-exporter" in folder.parts and folder.is_absolute() for folder in folders)
    assert paths.policy_file == site_policy_file()
    assert site_policy_file().parts[-2:] == ("audit-trails-exporter", "policy.toml")


@pytest.mark.skipif(sys.platform == "win32", reason="there, nobody asks for another user's")
def test_the_folders_of_another_user_are_those_that_the_user_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As root finds them, who switches the daily task of a user off."""
    import os
    import pwd

    user = pwd.getpwuid(os.geteuid())
    for name in (HOME_VARIABLE, "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", user.pw_dir)
    assert find_paths_of(user.pw_name) == find_paths()


def test_the_folders_of_nobody() -> None:
    with pytest.raises(KeyError):
        find_paths_of("no such user")
