"""Consoles and pipes that do not speak UTF-8, as Windows has them."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from desktop_app.secrets.keepers import read_password
from desktop_app.settings.paths import Paths
from tests.e2e.conftest import Program


@dataclass(frozen=True)
class Western(Program):
    """The program where the system's own encoding is Windows' Western European."""

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "PYTHONIOENCODING": "cp1252", "PYTHONUTF8": "0"}


@pytest.fixture
def western(tmp_path: Path) -> Western:
    return Western(tmp_path / "home")


def test_signs_that_an_encoding_lacks_are_words(western: Western) -> None:
    western.run("config", "set", "server.host=127.0.0.1:1", "server.user=a", "server.path=/ü")
    said = western.run("test", code=69)
    assert said.startswith("ok resolve") and "\nfailed connect" in said


def test_names_in_another_script_can_still_be_told_apart(western: Western) -> None:
    western.run("config", "set", "server.path=/aλ本")
    assert r"server.path = /a\u03bb\u672c" in western.run("config", "show")


def test_json_is_right_in_every_encoding(western: Western) -> None:
    western.run("config", "set", "server.path=/üλ本")
    assert json.loads(western.run("config", "show", "--json"))["server"]["path"] == "/üλ本"


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_a_password_from_a_pipe_is_utf8(western: Western, mark: bytes) -> None:
    western.run("config", "set", "server.host=h", "server.user=a", "server.path=/x")
    western.run("config", "password", stdin=mark + "pässλ\r\n".encode())
    folder = western.home
    assert read_password(Paths(folder, folder, folder), "a@h:22") == "pässλ"


def test_a_password_that_is_no_text_is_refused(western: Western) -> None:
    western.run("config", "set", "server.host=h", "server.user=a", "server.path=/x")
    assert "no text" in western.errors("config", "password", stdin=b"p\xff\n", code=78)
