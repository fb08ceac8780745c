"""The help: all of its Markdown is shown, in every language, and what is in it is found."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QAction, QImage, QTextDocument
from PySide6.QtWidgets import QApplication, QLineEdit, QListWidget, QTextBrowser
from pytestqt.qtbot import QtBot

from desktop_app.gui.help.help_pages import PAGES, document_of, title_of
from desktop_app.gui.help.help_window import HelpWindow
from desktop_app.gui.widgets.theme import choose_scheme
from tests.gui.conftest import BuildWindow
from tests.translations.__main__ import LANGUAGES, SPOKEN, ts_file
from tests.translations.texts import ROOT

FOLDER = ROOT / "docs" / "help"


def markdown(language: str, page: str) -> str:
    return (FOLDER / language / f"{page}.md").read_text(encoding="utf-8")


def pieces(text: str) -> list[str]:
    """Each heading, paragraph, item, cell and line of code of a page, without its marks."""
    found, is_code = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            is_code = not is_code
        elif is_code:
            found.append(line)
        elif line.startswith("|"):
            found += [] if set(line) <= set("|- ") else [plain(cell) for cell in line.strip("|").split("|")]
        elif not line.startswith("!["):
            found.append(plain(re.sub(r"^(#+ |- |\d+\. )", "", line)))
    return [piece for piece in found if piece]


def plain(text: str) -> str:
    return re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", re.sub(r"\*\*|[*`]", "", text)).strip()


def shown(document: QTextDocument) -> list[str]:
    """Each block of text that a document has."""
    found, block = [], document.begin()
    while block.isValid():
        found += block.text().strip("\ufffc").splitlines()
        block = block.next()
    return [text.strip() for text in found if text.strip()]


@pytest.fixture
def owner(qtbot: QtBot) -> QObject:
    return QObject()


@pytest.fixture
def help_window(open_window: BuildWindow, qtbot: QtBot) -> HelpWindow:
    window = open_window()
    window.findChild(QAction, "open_help").trigger()
    found = window.findChild(HelpWindow)
    qtbot.waitExposed(found)
    return found


def test_each_language_has_each_page_and_no_other() -> None:
    for language in SPOKEN:
        assert {file.stem for file in (FOLDER / language).glob("*.md")} == set(PAGES)
    assert {folder.name for folder in FOLDER.iterdir()} == set(SPOKEN)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", SPOKEN)
def test_all_that_is_written_is_shown(owner: QObject, language: str, page: str) -> None:
    assert shown(document_of(language, page, owner)) == pieces(markdown(language, page))


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translated_page_has_what_the_english_one_has(language: str, page: str) -> None:
    def outline(text: str) -> list[str]:
        marks = re.findall(r"^(#+|-|\d+\.|!\[|```|\|)", text, re.MULTILINE)
        return ["1." if mark[0].isdigit() else mark for mark in marks]

    assert outline(markdown(language, page)) == outline(markdown("en", page))


@pytest.mark.parametrize("language", SPOKEN)
def test_each_picture_is_there_for_light_and_dark(qtbot: QtBot, owner: QObject, language: str) -> None:
    for page in PAGES:
        for name in re.findall(r"!\[.+\]\((.+)\.png\)", markdown(language, page)):
            for file in (f"{name}.png", f"{name}-dark.png"):
                assert not QImage(str(FOLDER / language / file)).isNull(), file
            shown_picture = document_of(language, page, owner).resource(
                QTextDocument.ResourceType.ImageResource, QUrl(f"{name}.png")
            )
            assert isinstance(shown_picture, QImage)


@pytest.mark.parametrize("language", SPOKEN)
def test_what_it_names_in_the_window_is_called_that_there(language: str) -> None:
    """Names of pages, buttons and fields stand in *asterisks*."""
    texts = [
        text
        for context in ET.parse(ts_file("de" if language == "en" else language)).iter("context")
        for message in context.iter("message")
        for text in [(message.findtext("source") if language == "en" else message.findtext("translation")) or ""]
    ]
    names = {re.sub(r"\(&.\)|&|[….。]| …", "", text).strip() for text in texts}
    for page in PAGES:
        named = re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", re.sub(r"`[^`\n]*`", "", markdown(language, page)))
        assert [name for name in named if re.sub("[….。]", "", name) not in names] == [], page


def test_f1_opens_it_once(help_window: HelpWindow, qtbot: QtBot) -> None:
    action = help_window.parent().findChild(QAction, "open_help")
    assert action.shortcut().toString() == "F1"
    action.trigger()
    assert len(help_window.parent().findChildren(HelpWindow)) == 1


def test_the_list_shows_each_page(help_window: HelpWindow) -> None:
    topics, text = help_window.findChild(QListWidget, "topics"), help_window.findChild(QTextBrowser, "help_text")
    for row, page in enumerate(PAGES):
        topics.setCurrentRow(row)
        assert topics.item(row).text() == title_of("en", page) == text.toPlainText().splitlines()[0]


def test_a_search_finds_in_all_pages(help_window: HelpWindow, qtbot: QtBot) -> None:
    topics, text = help_window.findChild(QListWidget, "topics"), help_window.findChild(QTextBrowser, "help_text")
    find = help_window.findChild(QLineEdit, "find_in_help")
    qtbot.waitUntil(help_window.isActiveWindow)
    qtbot.keyClick(help_window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert find.hasFocus()
    qtbot.keyClicks(find, "fingerprint")
    counts = {page: markdown("en", page).lower().count("fingerprint") for page in PAGES}
    assert [topics.item(row).text() for row in range(len(PAGES))] == [
        f"{title_of('en', page)} ({count})" if count else title_of("en", page) for page, count in counts.items()
    ]
    assert len(text.extraSelections()) == counts["start"]
    seen = []
    for _ in range(sum(counts.values())):
        seen.append((topics.currentRow(), text.textCursor().position()))
        assert text.textCursor().selectedText().lower() == "fingerprint"
        qtbot.keyClick(find, Qt.Key.Key_Return)
    assert len(set(seen)) == sum(counts.values())
    assert (topics.currentRow(), text.textCursor().position()) == seen[0]
    qtbot.keyClick(find, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert (topics.currentRow(), text.textCursor().position()) == seen[-1]


def test_a_link_leads_to_another_page(help_window: HelpWindow) -> None:
    text = help_window.findChild(QTextBrowser, "help_text")
    document = text.document()
    link = document.find("Sources", document.find("More about that")).charFormat().anchorHref()
    text.anchorClicked.emit(link)
    assert text.toPlainText().startswith("Sources")


def test_it_follows_the_colours(help_window: HelpWindow) -> None:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    before = picture(help_window)
    choose_scheme(app, "dark")
    after = picture(help_window)
    choose_scheme(app, None)
    assert before.pixelColor(2, 2).lightness() > 200 > 60 > after.pixelColor(2, 2).lightness()


def picture(window: HelpWindow) -> QImage:
    return window.findChild(QTextBrowser, "help_text").viewport().grab().toImage()


def test_the_folder_of_the_help_ships(tmp_path: Path) -> None:
    for file in ("pyproject.toml", "resources/installer/bundle_contents.py"):
        assert '"docs/help"' in (ROOT / file).read_text(encoding="utf-8"), file
