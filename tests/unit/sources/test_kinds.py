"""A kind that is registered is one everywhere: in the settings, on the command line, and for the daily task."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from desktop_app.cli.config import command as config
from desktop_app.cli.source import command
from desktop_app.errors import BadSetting
from desktop_app.resources import load_toml
from desktop_app.settings import administrators
from desktop_app.settings.effective import load_settings
from desktop_app.settings.file import read_settings, write_settings
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.paths import find_paths
from desktop_app.settings.policy import load_policy
from tests.unit.sources import toy_kind
from tests.unit.sources.toy_kind import ToySource

TOY = ToySource(name="notes", shelf="/shelf", colour="blue", fields={"createdAt": "when"})


def register(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(load_toml("source_kinds"), "kind", toy_kind.entries(load_toml("source_kinds")))


def test_settings_are_read_and_written_by_their_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.toml"
    settings = Settings(sources=(FolderSource(name="f", path="/f"), TOY))
    with monkeypatch.context() as patch:
        register(patch)
        write_settings(path, settings)
        assert read_settings(path) == settings
    text = path.read_text(encoding="utf-8")
    for attempt in (lambda: read_settings(path), lambda: write_settings(path, Settings())):
        with pytest.raises(BadSetting, match="does not know: toy") as caught:
            attempt()
        assert caught.value.field == "sources[1].kind"
    assert path.read_text(encoding="utf-8") == text


def test_a_policy_may_fix_sources_of_any_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch)
    monkeypatch.setattr(administrators, "_who_else_may_write", lambda _: None)
    policy = tmp_path / "policy.toml"
    policy.write_text("[[sources]]\nkind = 'toy'\nname = 'n'\nshelf = '/s'\ncolour = 'none'\n", encoding="utf-8")
    with pytest.raises(BadSetting, match="no such colour"):
        load_policy(policy)
    policy.write_text("[[sources]]\nkind = 'toy'\nname = 'n'\nshelf = '/s'\n", encoding="utf-8")
    assert load_policy(policy).values == {"sources": (ToySource(name="n", shelf="/s"),)}


def test_a_source_is_added_shown_and_previewed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    register(monkeypatch)
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    note = {"when": "2026-11-22T08:15:30Z", "entityType": "T", "entityName": "first", "actionType": "A"}
    (shelf / "one.blue").write_text(json.dumps(note), encoding="utf-8")
    run = CliRunner().invoke
    assert "--colour" in run(command, ["add", "--help"]).output

    given = ["--kind", "toy", "--shelf", str(shelf), "--torn", "--field", "createdAt=when"]
    added = run(command, ["add", "notes", *given, "--colour", "blue"])
    assert added.exit_code == 0, added.output
    assert load_settings(find_paths()).sources == (
        ToySource(name="notes", shelf=str(shelf), colour="blue", torn=True, fields={"createdAt": "when"}),
    )
    assert f"toy   {shelf}" in run(command, ["list"]).output
    assert f"source notes: {shelf}" in run(config, ["show"]).output
    assert "first" in run(command, ["preview", "notes"]).output


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["--kind", "toy"], "This is missing: --shelf"),
        (["--kind", "toy", "--shelf", "/s", "--pattern", "*"], "A source of kind toy has no --pattern"),
        (["--kind", "kafka"], "'kafka' is not one of"),
        (["--torn"], "A source of kind folder has no --torn"),
    ],
)
def test_options_that_do_not_fit_the_kind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: list[str], told: str
) -> None:
    register(monkeypatch)
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path))
    refused = CliRunner().invoke(command, ["add", "x", *given])
    assert (refused.exit_code, told in refused.output) == (2, True), refused.output
    assert load_settings(find_paths()).sources == ()


def test_the_module_of_a_kind_is_imported_only_where_such_a_source_is() -> None:
    code = """
import sys
from desktop_app.settings.model import FolderSource, Settings
from desktop_app.settings.validation import check
import desktop_app.sources.collect
check(Settings())
assert not any(name.startswith("desktop_app.sources.folder") for name in sys.modules)
check(Settings(sources=(FolderSource(name="x", path="/x"),)))
assert "desktop_app.sources.folder" in sys.modules
assert "desktop_app.sources.files_reader" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)
