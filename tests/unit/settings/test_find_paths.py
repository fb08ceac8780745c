"""Which file is where: what the documentation names, and what copies and installers rely on."""

from pathlib import Path

import pytest

from desktop_app.settings.paths import HOME_VARIABLE, Paths, find_paths, keep_all_in

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
