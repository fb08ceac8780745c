"""*Test Connection and Save* against a real server: what it reads, and that it keeps all or nothing."""

import sys
from collections import Counter
from pathlib import Path

import pytest
from msgspec import structs

from desktop_app.actions import save_settings
from desktop_app.actions.probe_and_save import ProbedSave, probe_and_save
from desktop_app.actions.save_settings import prepare
from desktop_app.errors import LocalDiskError
from desktop_app.secrets.keepers import account_name, read_password, save_password
from desktop_app.settings import administrators
from desktop_app.settings.edits import edited
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.sftp.steps import ignore_steps
from desktop_app.stop import Stop
from desktop_app.wording import Said
from tests.servers import Server, settings_for

_opened: Counter[str] = Counter()


def _count(event: str, arguments: tuple[object, ...]) -> None:
    if event == "open" and isinstance(arguments[0], str | bytes | Path):
        _opened[Path(str(arguments[0])).name] += 1


sys.addaudithook(_count)


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A home, and a policy that any user may have written."""
    monkeypatch.setattr(administrators, "_who_else_may_write", lambda _: None)
    (tmp_path / "policy.toml").write_text("[schedule]\nat = '03:00'\n", encoding="utf-8")
    home = tmp_path / "home"
    return Paths(home, home, home, tmp_path / "policy.toml")


def run(paths: Paths, server: Server, password: str | None, accept: str | None = None) -> ProbedSave:
    change = prepare(paths, edited(lambda now: structs.replace(now, server=settings_for(server), enabled=True)))
    return probe_and_save(change, password, accept, ignore_steps, Stop())


def accept(paths: Paths, server: Server) -> str:
    key = run(paths, server, "").report.host_key
    assert key
    return key.fingerprint


def test_settings_and_policy_are_read_once_and_the_file_once_more_before_it_is_written(
    paths: Paths, sshd: Server
) -> None:
    fingerprint = accept(paths, sshd)
    _opened.clear()
    done = run(paths, sshd, sshd.password, fingerprint)
    assert done.report.ok and done.saved
    assert _opened["policy.toml"] == 1
    assert _opened["config.toml"] <= 4
    assert load_settings(paths).enabled


def test_where_the_settings_can_not_be_saved_the_earlier_password_comes_back(
    paths: Paths, sshd: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    fingerprint, account = accept(paths, sshd), account_name(settings_for(sshd))
    save_password(paths, account, "earlier")

    def full(*_: object) -> None:
        raise LocalDiskError(Said("The disk is full."))

    monkeypatch.setattr(save_settings, "write_atomically", full)
    with pytest.raises(LocalDiskError):
        run(paths, sshd, sshd.password, fingerprint)
    assert read_password(paths, account) == "earlier"
    assert not load_settings(paths).enabled


def test_nothing_is_kept_of_a_test_that_fails(paths: Paths, sshd: Server) -> None:
    done = run(paths, sshd, "wrong", accept(paths, sshd))
    assert (done.report.ok, done.saved) == (False, None)
    assert read_password(paths, account_name(settings_for(sshd))) is None
    assert not paths.config_file.exists()
