"""What a shell offers when Tab is pressed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete
from click.testing import CliRunner

from desktop_app.cli.main import program
from desktop_app.language import VARIABLE
from tests.windows_gaps import needs


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    for name in ("aws", "azure", "hr"):
        added = CliRunner().invoke(program, ["source", "add", name, "--path", str(tmp_path)])
        assert added.exit_code == 0, added.output
    return tmp_path


def offered(*typed: str) -> list[str]:
    """What is offered for the last word, after the others."""
    complete = ShellComplete(program, {}, "audit-trails-export", "_COMPLETE")
    return [each.value for each in complete.get_completions(list(typed[:-1]), typed[-1])]


def test_names_of_sources() -> None:
    for command in (["source", "preview"], ["source", "change"], ["trust", "--source"], ["events", "--source"]):
        assert offered(*command, "a") == ["aws", "azure"]
    assert offered("source", "add", "a") == []


def test_sources_of_the_home_that_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(home / "empty"))
    assert offered("source", "remove", "") == []
    assert offered("--home", str(home / "home"), "source", "remove", "") == ["aws", "azure", "hr"]


def test_settings_that_can_not_be_read_offer_nothing(home: Path) -> None:
    (home / "home" / "config.toml").write_text("no settings", encoding="utf-8")
    assert offered("source", "remove", "") == []


def test_keys_and_values_of_settings() -> None:
    assert offered("config", "get", "server.h") == ["server.host", "server.hmac"]
    assert offered("config", "set", "server.h") == ["server.host=", "server.hmac="]
    assert offered("config", "set", "export.format=") == ["export.format=json", "export.format=cef"]
    assert offered("config", "set", "enabled=t") == ["enabled=true"]
    assert offered("config", "set", "export.timezone=Europe/Berl") == ["export.timezone=Europe/Berlin"]
    assert offered("config", "set", "server.hmac=hmac-sha1,hmac-sha2-5") == ["server.hmac=hmac-sha1,hmac-sha2-512"]
    assert offered("config", "set", "server.ciphers=aes256-ctr,") == [
        "server.ciphers=aes256-ctr,aes192-ctr", "server.ciphers=aes256-ctr,aes128-ctr",
    ]  # fmt: skip
    assert offered("config", "set", "server.host=") == offered("config", "set", "nothing.like=") == []
    assert offered("config", "set", "enabled=true", "export.f") == ["export.format="]


def test_bash_which_has_words_of_its_own_for_key_and_value() -> None:
    assert offered("config", "set", "export.format", "=") == ["json", "cef"]
    assert offered("config", "set", "export.format", "=", "c") == ["cef"]


@needs("shell")
@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash")
def test_bash_puts_no_space_behind_a_key(home: Path) -> None:
    """With the script that is printed, in a real bash."""
    (home / "audit-trails-export").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m desktop_app.cli "$@"\n')
    (home / "audit-trails-export").chmod(0o755)
    code = """
    eval "$(audit-trails-export completion bash)"
    compopt() { printf 'compopt %s %s\\n' "$@"; }
    COMP_WORDS=(audit-trails-export config set server.ho) COMP_CWORD=3
    _audit_trails_export_completion audit-trails-export
    echo "${COMPREPLY[@]}"
    """
    done = subprocess.run(
        ["bash", "-c", code],
        env={**os.environ, "PATH": f"{home}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == ["compopt -o nospace", "server.host="]


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_what_is_offered_is_described_in_the_language(shell: str) -> None:
    """As the scripts of these shells ask for it; bash shows no descriptions."""
    done = subprocess.run(
        [sys.executable, "-m", "desktop_app.cli"],
        env={
            **os.environ,
            VARIABLE: "de",
            "_AUDIT_TRAILS_EXPORT_COMPLETE": f"{shell}_complete",
            "COMP_WORDS": "audit-trails-export verify --s",
            "COMP_CWORD": "--s" if shell == "fish" else "2",
        },
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Die Archive am eingestellten Serverpfad prüfen." in done.stdout
    assert "Check the archives" not in done.stdout
