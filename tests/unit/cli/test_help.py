import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from desktop_app.cli.main import program
from desktop_app.columns import columns
from desktop_app.help_texts import pieces
from desktop_app.language import VARIABLE, languages
from desktop_app.spoken import said_texts
from tests.translations.texts import commands

PEM = ("Die Zertifikate (PEM)", "信頼するタイムスタンプ", "Das Manifest", "Wer signieren darf", "署名を許可する鍵")


def groups() -> list[click.Group]:
    context = click.Context(program)
    commands = [program.get_command(context, name) for name in program.list_commands(context)]
    return [program, *(each for each in commands if isinstance(each, click.Group))]


@pytest.mark.parametrize("group", groups(), ids=lambda group: str(group.name))
def test_no_line_in_a_list_of_commands_is_cut(group: click.Group) -> None:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        assert command.hidden or not command.get_short_help_str(45).endswith("..."), name


def test_earlier_names_of_commands_work_and_are_not_shown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path))
    (tmp_path / "config.toml").write_text("version = [\n")
    shown = CliRunner().invoke(program, ["config", "--help"]).output
    assert "start-over" in shown and "password-stores" in shown
    assert "put-aside" not in shown and "keepers" not in shown
    assert CliRunner().invoke(program, ["config", "put-aside"]).exit_code == 0
    assert list(tmp_path.glob("config.toml.*"))
    now, before = (
        CliRunner().invoke(program, ["config", name, "--json"]) for name in ("password-stores", "keepers")
    )
    assert now.stdout == before.stdout != ""


def shown_help(*path: str) -> str:
    done = CliRunner().invoke(program, [*path, "--help"], prog_name="audit-trails-export")
    assert done.exit_code == 0, done.output
    return done.output


def without_spaces(text: str) -> str:
    """A text whose lines may end anywhere."""
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("language", [each for each in languages() if each != "en"])
def test_no_text_of_any_command_is_left_in_english(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = said_texts(language)
    all_pieces = {piece for command in commands(program) for piece in pieces(command) if piece}
    assert len(all_pieces) > 200
    assert [piece for piece in all_pieces if piece not in texts] == []
    monkeypatch.setenv(VARIABLE, language)
    for path, command in paths_of(program):
        shown = without_spaces(shown_help(*path))
        left = [piece for piece in pieces(command) if len(piece) > 30 and without_spaces(piece) in shown]
        assert left == [], path


def test_help_is_english_where_the_texts_are_damaged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    monkeypatch.setattr("desktop_app.help_texts.said_texts", raise_value_error)
    assert shown_help("run").startswith("Usage: audit-trails-export run [OPTIONS]")


@pytest.mark.parametrize("language", languages())
def test_no_line_of_text_is_wider_than_the_terminal(language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, language)
    for path in (("run",), ("verify",), ("source", "add"), ("source", "preview")):
        wide = [line for line in shown_help(*path).splitlines() if columns(line) > 80]
        assert [line for line in wide if "audit-trails-export source" not in line and len(line.split()) > 2] == []


@pytest.mark.parametrize(
    ("language", "told"), [("de", ("DATEI", "TAG", "[PFAD]...")), ("ja", ("ファイル", "日付", "[パス]..."))]
)
def test_what_stands_for_a_value_is_translated(
    language: str, told: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, language)
    file, day, path = told
    shown = shown_help("verify")
    assert path in shown and f"--from {day} " in shown and f"--report {file} " in shown
    assert f"{file}.html" in shown  # the same word in a sentence
    begins = {columns(line[: line.index(text)]) for line in shown.splitlines() for text in PEM if text in line}
    assert len(begins) == 1
    added = shown_help("source", "add")
    assert "entityType==HR" in added and "--zone Europe/Berlin" in added  # what is typed as it is
    english = {"NAME", "FILE", "PATH", "DAY", "KEY", "VALUE", "KIND", "DIRECTORY", "INTEGER"} - {"NAME"}
    for names, _ in paths_of(program):
        assert not set(re.findall(r"(?<![\w-])[A-Z]+(?![\w-])", shown_help(*names))) & english, names


def test_lists_in_brackets_stay_and_their_labels_are_translated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    shown = re.sub(r"\s+", " ", shown_help("source", "add"))
    assert "[Arten: folder, journal, sftp, sql, rest, objects; Vorgabe: folder]" in shown
    assert "[erforderlich]" in shown_help("backfill")


def paths_of(command: click.Command, *path: str) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner and not inner.hidden:
                yield from paths_of(inner, *path, name)


def raise_value_error(_: str) -> dict[str, str]:
    raise ValueError
