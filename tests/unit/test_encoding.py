"""What streams of every encoding take: signs in words, names so that they can be told apart."""

import io
import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from desktop_app.cli.secret_input import read_secret
from desktop_app.encoding import encoding_of, take_all_texts
from desktop_app.errors import BadSetting

TEXT = "✓ a… ✗ “b” – ü Ж 本 \udc80 → ›"


@pytest.mark.parametrize(
    ("encoding", "written"),
    [
        ("cp437", 'ok a... failed "b" - ü \\u0416 \\u672c \\udc80 -> >'),
        ("cp866", 'ok a... failed "b" - \\xfc Ж \\u672c \\udc80 -> >'),
        ("cp932", "ok a… failed “b” - \\xfc Ж 本 \\udc80 → >"),
        ("ascii", 'ok a... failed "b" - \\xfc \\u0416 \\u672c \\udc80 -> >'),
        ("utf-8", "✓ a… ✗ “b” – ü Ж 本 \\udc80 → ›"),
    ],
)
def test_each_encoding_takes_every_text(monkeypatch: pytest.MonkeyPatch, encoding: str, written: str) -> None:
    monkeypatch.setenv("PYTHONIOENCODING", encoding)  # on Windows as well
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    take_all_texts(stream)
    stream.write(TEXT)
    stream.flush()
    assert raw.getvalue().decode(encoding) == written


def test_code_pages_have_names() -> None:
    assert [encoding_of(page) for page in (850, 65001, 0, 20127)] == ["cp850", "utf-8", "utf-8", "utf-8"]


@pytest.mark.skipif(sys.platform != "win32", reason="elsewhere a file has the encoding of the locale")
def test_a_file_of_windows_is_utf8(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    home = tmp_path / "Ж本"
    command = [sys.executable, "-m", "desktop_app.cli", "--home", str(home), "status"]
    with (tmp_path / "out").open("wb") as out:
        subprocess.run(command, stdout=out, stderr=out, env=environment, check=True)
    assert (tmp_path / "out").read_bytes().decode("utf-8")


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("typed", ["\x1b[A", "abc\0H", "a\tb"])
def test_a_key_that_types_no_letter_is_no_part_of_a_password(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(click, "prompt", lambda *_, **__: typed)
    with pytest.raises(BadSetting, match="types no letter"):
        read_secret("Password")


def test_ctrl_z_at_the_prompt_of_windows_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "\x1a")
    with pytest.raises(click.Abort):
        read_secret("Password")


def test_without_any_input_nothing_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    assert read_secret("Password") == ""
