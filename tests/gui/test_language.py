"""What the window says in the reader's language."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, QTranslator
from pytestqt.qtbot import QtBot

from desktop_app.errors import BadData
from desktop_app.gui.language import speak, spoken
from desktop_app.kept_sentence import kept, said
from desktop_app.wording import Said


class Backwards(QTranslator):
    """Translates by putting the sentence in capitals, placeholders excepted."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        if context != "Said":
            return ""
        if source == ", ":
            return " + "
        return "".join(
            part if part.startswith("{") else part.upper()
            for part in source.replace("}", "}\0").replace("{", "\0{").split("\0")
        )


@pytest.fixture
def translator(qtbot: QtBot) -> Iterator[QTranslator]:
    app = QCoreApplication.instance()
    assert app is not None
    capitals = Backwards()
    app.installTranslator(capitals)
    yield capitals
    app.removeTranslator(capitals)


def test_the_template_is_translated_and_the_values_put_in(translator: QTranslator) -> None:
    assert spoken(Said("There is no folder {path}.", path="/a/{b}")) == "THERE IS NO FOLDER /a/{b}."


def test_what_is_said_inside_is_translated_too(translator: QTranslator) -> None:
    reason = Said("{key} is missing", key="id")
    fields = (Said("user"), Said("server"), "path")
    assert spoken(Said("Line {n}: {reason}", n=1, reason=reason)) == "LINE 1: id IS MISSING"
    assert spoken(Said("Missing: {fields}.", fields=fields)) == "MISSING: USER + SERVER + path."


SENTENCES = [
    Said("There is no folder {path} on the server for user {user}.", path="/a {b}", user="read"),
    Said("Line {number} can't be an audit event: {reason}.", number=3, reason=Said("{key} is missing", key="id")),
    Said("User {user} may read {path} on the server, but not {doing} there.", user="u", path="/", doing="write"),
    Said("The server's disk is full."),
    BadData(Said("No."), Said("Set the password again."), command="audit-trails-export config password").advice,
]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_that_was_kept_is_told_as_it_was_said(translator: QTranslator, sentence: Said) -> None:
    assert spoken(said(kept(sentence))) == spoken(sentence)


def test_what_is_typed_is_no_word_of_a_language(translator: QTranslator) -> None:
    assert spoken(said(kept(SENTENCES[-1]))) == "SET THE PASSWORD AGAIN. audit-trails-export config password"


def test_what_an_earlier_version_kept_stays_english(translator: QTranslator) -> None:
    assert [spoken(said(text)) for text in ("", "The server's disk is full.")] == [
        "",
        "The server's disk is full.",
    ]


def test_other_texts_stay(translator: QTranslator) -> None:
    assert spoken("sftp.example.com") == "sftp.example.com"


@pytest.mark.parametrize(
    ("language", "translators"), [("en_US", 2), ("C", 2), ("de_AT", 2), ("ja_JP", 2), ("fr_FR", 1)]
)
def test_qts_and_our_texts_are_found(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, language: str, translators: int
) -> None:
    """French is among Qt's languages, not among ours."""
    app = QCoreApplication.instance()
    assert app is not None
    installed: list[QTranslator] = []
    monkeypatch.setattr(QCoreApplication, "installTranslator", staticmethod(installed.append))
    speak(app, QLocale(language))
    assert len(installed) == translators
