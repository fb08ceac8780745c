"""The command line speaks the desktop's language; what scripts read stays as it is."""

import ast
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from desktop_app.cli import output
from desktop_app.cli.main import program
from desktop_app.cli.speech import number, size
from desktop_app.cli.usage import usage_lines
from desktop_app.columns import columns, padded
from desktop_app.errors import UserError
from desktop_app.export.ledger import Outcome, StartedBy, open_ledger
from desktop_app.language import VARIABLE, languages
from desktop_app.settings.paths import find_paths
from desktop_app.wording import Said
from tests.translations.__main__ import SPOKEN

Run = Callable[..., Result]
CLI = Path(output.__file__).parent


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(tmp_path))
    monkeypatch.setenv(VARIABLE, "en")
    return lambda *argv: CliRunner().invoke(program, argv, prog_name="audit-trails-export")


def test_the_languages_are_those_of_the_form() -> None:
    assert languages() == tuple(sorted(SPOKEN))


@pytest.mark.parametrize(("language", "label", "off"), [("de", "Konfiguriert", "AUS"), ("ja", "設定", "オフ")])
def test_status_is_in_the_language_and_its_columns_are_straight(
    run: Run, monkeypatch: pytest.MonkeyPatch, language: str, label: str, off: str
) -> None:
    assert run("status").output.startswith("Configured    ")
    asked = run("--lang", language, "status").output
    monkeypatch.setenv(VARIABLE, language)
    assert run("status").output == asked
    lines = asked.splitlines()
    assert lines[0].startswith(f"{label} ")
    values = [re.split(r"\s{2,}", line, maxsplit=1)[1] for line in lines]
    assert len({columns(line) - columns(value) for line, value in zip(lines, values, strict=True)}) == 1


@pytest.mark.parametrize(
    "argv", [["status"], ["history"], ["source", "list"], ["config", "keepers"]], ids=" ".join
)
def test_documents_are_the_same_in_all_languages(run: Run, argv: list[str]) -> None:
    with open_ledger(find_paths().ledger) as ledger:
        failed = ledger.begin_run(StartedBy.SCHEDULE, 1, 1_795_000_000_000)
        told = (69, Said("There is no server called {host}.", host="h"), Said("Fill that in."))
        ledger.end_run(failed, Outcome.FAILED, 1_795_000_001_000, told)
    english = run(*argv, "--json").stdout
    assert json.loads(english) is not None
    for language in languages():
        assert run("--lang", language, *argv, "--json").stdout == english


def test_what_is_kept_is_told_in_the_language_of_the_reader(run: Run) -> None:
    with open_ledger(find_paths().ledger) as ledger:
        failed = ledger.begin_run(StartedBy.SCHEDULE, 1, 1_795_000_000_000)
        told = (69, Said("There is no server called {host}.", host="h"), Said("Fill that in."))
        ledger.end_run(failed, Outcome.FAILED, 1_795_000_001_000, told)
    told_in_german = run("--lang", "de", "history").output
    assert "Beginn" in told_in_german and "fehlgeschlagen" in told_in_german
    assert "Es gibt keinen Server namens h." in told_in_german


def test_errors_and_misunderstandings_are_in_the_language(run: Run) -> None:
    refused = run("--lang", "de", "config", "set", "servr.host=a")
    assert isinstance(refused.exception, UserError)
    with pytest.raises(click.UsageError) as raised:
        program.main(["--lang", "de", "statsu"], "audit-trails-export", standalone_mode=False)
    spoken = [output.spoken(line) for line in usage_lines(raised.value)]
    assert spoken == ["Es gibt keinen Befehl statsu. War status gemeint?", "Hilfe: audit-trails-export --help"]


def test_a_language_without_texts_is_refused(run: Run) -> None:
    refused = run("--lang", "tlh", "status")
    assert refused.exit_code == 2
    assert "de, en, ja" in refused.output


def test_numbers_and_widths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "de")
    assert (number(2900), size(1_500_000)) == ("2.900", "1,5 MB")
    monkeypatch.setenv(VARIABLE, "ja")
    assert (number(2900), size(1_500_000)) == ("2,900", "1.5 MB")
    assert (columns("設定 a"), padded("設定", 6)) == (6, "設定  ")


def plain_sentences(module: Path) -> Iterator[str]:
    """Texts with words in them that are handed over to be told as they are."""
    for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not isinstance(call, ast.Call):
            continue
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name in {"say", "tell", "tell_warning", "tell_failure", "UsageError", "read_secret", "confirm"}:
            for argument in call.args:
                parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
                texts = [str(part.value) for part in parts if isinstance(part, ast.Constant)]
                if any(
                    re.search(r"[a-z]{2} [a-z]", str(text)) for text in texts if "audit-trails-" not in str(text)
                ):
                    yield f"{module.name}:{argument.lineno}"


def test_no_sentence_is_told_that_can_not_be_translated() -> None:
    assert [place for module in sorted(CLI.glob("*.py")) for place in plain_sentences(module)] == []
