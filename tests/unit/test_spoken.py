"""Sentences without Qt are in the words that the form has."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from desktop_app import spoken
from desktop_app.language import VARIABLE, language_asked
from desktop_app.spoken import said_texts, speak_in, speaks
from desktop_app.wording import Said
from tests.translations.__main__ import LANGUAGES, ts_file


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_that_is_said_below_the_form_is_read(language: str) -> None:
    contexts = ElementTree.parse(ts_file(language)).iter("context")
    (said,) = (context for context in contexts if context.findtext("name") == "Said")
    assert said_texts(language) == {
        each.findtext("source"): each.findtext("translation") for each in said.iter("message")
    }


def test_values_are_said_in_the_language_too() -> None:
    said = Said("{name} is not on the server.", name=Said("Audit events"))
    assert speak_in("de")(said) == "Audit-Ereignisse ist nicht auf dem Server."
    assert speak_in("de")(Said("no such text {names}", names=("a", "b"))) == "no such text a, b"
    assert speak_in("en")(said) == speak_in("tlh")(said) == str(said)
    assert speak_in("de")("a\x1b[1m") == "a\\x1b[1m"
    assert not speaks("tlh") and not speaks("../de") and speaks("en")


def test_what_is_no_file_of_texts_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spoken, "_file", lambda language: tmp_path / language)
    (tmp_path / "xx").write_bytes(b"no texts")
    with pytest.raises(ValueError, match="no compiled texts"):
        said_texts("xx")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "ja_JP"}, "ja"),
        ({"LANG": "de_DE.UTF-8", VARIABLE: "ja"}, "ja"),
        ({"LANG": "fr_FR"}, "en"),
        ({"LANG": "de-AT"}, "de"),
        ({"LANG": "../../x"}, "en"),
    ],
)
def test_the_language_is_the_desktops(
    environment: dict[str, str], language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language_asked() == language
