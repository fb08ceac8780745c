"""What is told of a command line that can't be understood."""

from pathlib import Path

import click
import pytest

from desktop_app.cli.main import program
from desktop_app.cli.usage import usage_lines


def told(*argv: str) -> list[str]:
    with pytest.raises(click.UsageError) as raised:
        program.main(list(argv), "audit-trails-export", standalone_mode=False)
    return list(usage_lines(raised.value))


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path / "home"))
    return tmp_path


@pytest.mark.parametrize(
    ("typed", "line", "command"),
    [
        ("statsu", "There is no command statsu. Did you mean status?", ""),
        ("Status", "There is no command Status. Did you mean status?", ""),
        ("install", "There is no command install. Did you mean schedule install?", ""),
        ("instal", "There is no command instal. Did you mean schedule install?", ""),
        ("parze", "There is no command parze.", ""),  # what is hidden is not named
        ("config pasword", "There is no command pasword. Did you mean password?", "config"),
        ("run --jsn", "There is no option --jsn. Did you mean --json?", "run"),
        ("events --state deliverd", "--state can't be 'deliverd'. Did you mean delivered?", "events"),
        ("events --state x", "--state can't be 'x'. The choices: delivered, waiting.", "events"),
        ("events --from today", "--from can't be 'today'. Write a day like 2026-11-28.", "events"),
        ("source add a --kind folde", "--kind can't be 'folde'. Did you mean folder?", "source add"),
        ("source add a --kind okta", "--kind can't be 'okta'. Did you mean --like okta?", "source add"),
        ("events wifi", "This is one argument too many: wifi. Did you mean --find wifi?", "events"),
        (
            "events wi-fi berlin",
            'This is one argument too many: wi-fi berlin. Did you mean --find "wi-fi berlin"?',
            "events",
        ),
        ("source add a --like cloudtral", "--like can't be 'cloudtral'. Did you mean cloudtrail?", "source add"),
        ("history --limit it's", "--limit can't be \"it's\". Write a whole number.", "history"),
        ("verify /nowhere/at/all", "There is nothing at /nowhere/at/all.", "verify"),
        ("source add", "This is missing: NAME.", "source add"),
        ("status now", "This is one argument too many: now.", "status"),
        ("config set a", "a is not of the form KEY=VALUE.", "config set"),
    ],
)
def test_a_line_says_what_is_wrong_and_what_may_have_been_meant(typed: str, line: str, command: str) -> None:
    help_ = " ".join(filter(None, ("audit-trails-export", command, "--help")))
    assert told(*typed.split(" ")) == [line, f"For help: {help_}"]


@pytest.mark.parametrize(
    "typed",
    [
        "config password",
        "config passphrase",
        "notify set",
        "notify mail --server a --from b --to c",
        "source secret hr",
        "schedule install",
    ],
)
def test_a_secret_that_is_an_argument_is_not_repeated(typed: str) -> None:
    first, _ = told(*typed.split(" "), "hunter2", "hunter3")
    assert "hunter" not in first and "standard input" in first


def test_a_file_in_place_of_a_folder_is_named(home: Path) -> None:
    file = home / "a.txt"
    file.touch()
    assert told("fleet", "report", str(file))[0] == f"{file} is no folder."
    assert told("config", "import", str(home))[0] == f"{home} is a folder."


def test_nothing_typed_acts_on_the_terminal() -> None:
    for argv in (
        ["a\x1b[2Jb"],
        ["run", "--a\x1b[2Jb"],
        ["history", "--limit", "a\x1b[2Jb"],
        ["status", "a\x1b[2J"],
    ):
        assert "\x1b" not in "".join(told(*argv))
