"""What others wrote acts on no terminal, forges no line of a log, and stays exact as JSON."""

import json
import logging

import click
import pytest
from click.testing import CliRunner

from desktop_app.cli.output import print_json, print_table, say, tell, tell_error
from desktop_app.errors import BadData
from desktop_app.logs import OneLineFormatter
from desktop_app.one_line import harmless_json, on_one_line
from desktop_app.wording import Said

HOSTILE = "a\x1b[2Jb\r\nc\x9b31md\u202ee\u2028f\x85g\x07h\x00i\u2066j\ud800k"
HARMLESS = r"a\x1b[2Jb\r\nc\x9b31md\u202ee\u2028f\x85g\x07h\x00i\u2066j\ud800k"


def test_escapes() -> None:
    assert on_one_line(HOSTILE) == HARMLESS
    assert on_one_line("C:\\new\\x ü 本 👩‍🚀 ½ – עברית") == "C:\\new\\x ü 本 👩‍🚀 ½ – עברית"


@click.command()
def speaks() -> None:
    say(f"result {HOSTILE}", "next")
    tell(f"message {HOSTILE}")
    tell_error(BadData(Said("The server said {answer}.", answer=HOSTILE), Said("Ask {whom}.", whom=HOSTILE)))
    print_table(("Name",), [(HOSTILE,)])


def test_each_line_that_is_printed_is_one() -> None:
    done = CliRunner().invoke(speaks)
    assert done.stdout == f"result {HARMLESS}\nnext\nName\n{HARMLESS}\n"
    assert done.stderr == f"message {HARMLESS}\nThe server said {HARMLESS}.\nAsk {HARMLESS}.\n"


@pytest.mark.parametrize("charset", ["utf-8", "ascii"])
def test_json_stays_exact(charset: str) -> None:
    document = {"key": HOSTILE.replace("\ud800", "\U0001f600"), "list": [1, {"ü": "\u2028"}]}
    done = CliRunner(charset=charset).invoke(click.Command("x", callback=lambda: print_json(document)))
    assert json.loads(done.stdout) == document
    assert all(on_one_line(line) == line for line in done.stdout.split("\n"))
    assert done.stdout.isascii() or charset == "utf-8"


def test_a_name_that_is_no_text_is_valid_json() -> None:
    done = CliRunner().invoke(click.Command("x", callback=lambda: print_json(["caf\udce9"])))
    assert json.loads(done.stdout) == ["caf\udce9"]


def test_harmless_json_of_any_encoding() -> None:
    text = json.dumps({"a": "\x9b\U0001f600"}, ensure_ascii=False, indent=1)
    for ascii_only in (False, True):
        assert json.loads(harmless_json(text, ascii_only)) == {"a": "\x9b\U0001f600"}


def test_a_record_of_the_log_is_one_line() -> None:
    formatter = OneLineFormatter("%(asctime)s 1 %(levelname)s %(message)s")
    forged = "x\n2026-11-22 02:00:00,000 1 INFO forged\x1b[2J"
    try:
        raise ValueError(forged)
    except ValueError as error:
        record = logging.LogRecord(
            "x", logging.ERROR, "x.py", 1, "said %s", (forged,), (type(error), error, error.__traceback__)
        )
    first, *others = formatter.format(record).split("\n")
    assert first.endswith(r"ERROR said x\n2026-11-22 02:00:00,000 1 INFO forged\x1b[2J")
    assert others[0] == "    Traceback (most recent call last):"
    assert others[-1] == r"    2026-11-22 02:00:00,000 1 INFO forged\x1b[2J"
    assert all(line.startswith("    ") for line in others)
