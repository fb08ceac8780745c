"""The secret of a source: kept and put back with its settings, read by a run, removed with the source."""

import json
import sys
import traceback
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any, NoReturn

import pytest
from click.testing import CliRunner
from msgspec import structs

from desktop_app.actions import keep_source_secret as keeping
from desktop_app.actions.keep_source_secret import NewSecret, keep_source_secret
from desktop_app.actions.save_settings import Change, prepare
from desktop_app.cli.main import program
from desktop_app.errors import BadSetting, LocalDiskError
from desktop_app.resources import load_toml
from desktop_app.secrets.keepers import save_password
from desktop_app.secrets.source_secrets import read_source_secret, source_account
from desktop_app.settings import effective
from desktop_app.settings.edits import edited
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import FolderSource, ServerSettings, Settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.sources import remove_source
from desktop_app.sources.collect import collect
from desktop_app.trails.store.store import Store, open_store
from desktop_app.wording import Said
from tests.all_files import all_bytes
from tests.unit.actions.conftest import Scheduler
from tests.unit.sources import toy_kind
from tests.unit.sources.toy_kind import KEY, ToySource

SERVER = ServerSettings(host="sftp.example.com", user="audit", path="/Export")
EVENT = {"createdAt": "2026-11-22T08:15:30Z", "entityType": "T", "entityName": "n", "actionType": "A"}


@pytest.fixture(autouse=True)
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(load_toml("source_kinds"), "kind", toy_kind.entries(load_toml("source_kinds")))


@pytest.fixture
def source(tmp_path: Path) -> ToySource:
    (tmp_path / "shelf").mkdir()
    (tmp_path / "shelf" / "a.locked").write_text(json.dumps(EVENT))
    return ToySource(name="diary", shelf=str(tmp_path / "shelf"), colour="locked")


@pytest.fixture
def paths(tmp_path: Path, scheduler: Scheduler) -> Paths:
    home = tmp_path / "home"
    home.mkdir()
    paths = Paths(home, home, home, tmp_path / "none.toml")
    effective.save_settings(paths, Settings(server=SERVER))
    save_password(paths, "audit@sftp.example.com:22", "the server's", "file")
    return paths


def with_source(paths: Paths, source: ToySource, *, enabled: bool = False) -> Change:
    return prepare(paths, edited(lambda now: structs.replace(now, enabled=enabled, sources=(source,))))


def test_a_run_reads_it(paths: Paths, source: ToySource) -> None:
    with open_store(paths.store) as store:
        read = partial(collect, [source], store, lambda _: None, None, partial(read_source_secret, paths))
        (error,) = read().errors
        assert isinstance(error, BadSetting) and error.command == "audit-trails-export source secret diary"
        with_source(paths, source).commit(new_secret=NewSecret(source, KEY))
        assert read().errors == []


def test_it_is_in_no_file_and_in_no_text(paths: Paths, source: ToySource) -> None:
    new = NewSecret(source, KEY)
    with_source(paths, source).commit(new_secret=new)
    written = list(all_bytes(paths.config))
    assert written and not any(KEY.encode() in content for content in written)
    assert KEY not in repr(new)


def test_it_goes_with_its_source(paths: Paths, source: ToySource) -> None:
    with_source(paths, source).commit(new_secret=NewSecret(source, KEY))
    prepare(paths, edited(lambda now: remove_source(now, "diary"))).commit()
    assert read_source_secret(paths, source) is None
    assert b"toy:" not in paths.secret_file.read_bytes() and b"audit@" in paths.secret_file.read_bytes()


STEPS: dict[str, tuple[object, str]] = {
    "secret": ("desktop_app.actions.keep_source_secret", "save_password"),
    "event": (Store, "append"),
    "file": ("desktop_app.actions.save_settings", "write_atomically"),
}


@pytest.mark.parametrize("earlier", [None, "earlier"])
@pytest.mark.parametrize("step", STEPS)
def test_where_a_step_fails_the_earlier_one_is_kept(
    paths: Paths, source: ToySource, monkeypatch: pytest.MonkeyPatch, step: str, earlier: str | None
) -> None:
    if earlier:
        save_password(paths, source_account(source), earlier)
    was = paths.secret_file.read_bytes(), paths.config_file.read_bytes()
    place, name = STEPS[step]
    owner: Any = sys.modules[place] if isinstance(place, str) else place
    real: Callable[..., object] = getattr(owner, name)

    def fail(*arguments: Any, **named: Any) -> NoReturn:
        real(*arguments, **named)
        raise LocalDiskError(Said("The disk is full."))

    change = with_source(paths, source)
    with monkeypatch.context() as patched:
        patched.setattr(owner, name, fail)
        with pytest.raises(LocalDiskError) as raised:
            change.commit(new_secret=NewSecret(source, KEY))
    assert (paths.secret_file.read_bytes(), paths.config_file.read_bytes()) == was
    assert read_source_secret(paths, source) == earlier
    assert KEY not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize(("readable", "warned"), [(True, False), (None, False), (False, True)])
def test_it_is_tried_as_the_night_reads_it(
    paths: Paths, source: ToySource, monkeypatch: pytest.MonkeyPatch, readable: bool | None, warned: bool
) -> None:
    tried: list[str] = []

    def try_it(_settings: Settings, _paths: Paths, account: str) -> bool | None:
        tried.append(account)
        return readable

    monkeypatch.setattr(keeping, "can_read_at_night", try_it)
    saved = with_source(paths, source, enabled=True).commit(new_secret=NewSecret(source, KEY))
    assert tried == ["toy:diary"]
    assert any("diary --keep-in file" in warning for warning in saved.warnings) is warned
    kept = keep_source_secret(paths, load_settings(paths), source, "another")
    assert tried == ["toy:diary"] * 2 and bool(kept.warnings) is warned


@pytest.mark.parametrize("secret", ["", "half \udcff"])
def test_what_is_no_password_changes_nothing(paths: Paths, source: ToySource, secret: str) -> None:
    with pytest.raises(BadSetting) as raised:
        with_source(paths, source).commit(new_secret=NewSecret(source, secret))
    assert raised.value.field == "secret" and load_settings(paths).sources == ()


def test_the_command(paths: Paths, source: ToySource, tmp_path: Path) -> None:
    with_source(paths, source).commit()
    home = ["--home", str(paths.config)]
    done = CliRunner().invoke(program, [*home, "source", "secret", "diary"], input=f"{KEY}\n".encode())
    assert done.exit_code == 0 and "an encrypted file" in done.stderr and KEY not in done.output
    assert read_source_secret(paths, source) == KEY
    shown = CliRunner().invoke(program, [*home, "source", "preview", "diary", "--json"])
    assert len(json.loads(shown.stdout)["events"]) == 1
    plain = FolderSource(name="plain", path=str(tmp_path))
    prepare(paths, edited(lambda now: structs.replace(now, sources=(*now.sources, plain)))).commit()
    refused = CliRunner().invoke(program, [*home, "source", "secret", "plain"], input="x\n")
    assert isinstance(refused.exception, BadSetting) and "no password" in refused.exception.message
