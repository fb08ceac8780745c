"""Adding a source by the catalogue, with mouse and keys, and services that answer."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel
from pytestqt.qtbot import QtBot

from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.rest_source import RestSource
from desktop_app.sources.catalogue import offers
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, open_page
from tests.http_service import Asked, Reply, serving

TOKEN = "t0ken-of-okta"
EVENT = {
    "uuid": "u1",
    "published": (datetime.now(UTC) - timedelta(hours=3)).isoformat(timespec="milliseconds"),
    "eventType": "user.lifecycle.create",
    "displayMessage": "Create okta user",
    "severity": "INFO",
    "actor": {"displayName": "Ines"},
    "target": [{"type": "User", "displayName": "Tom"}],
}


class Okta:
    """One event, for who has the token."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if asked.headers["Authorization"] != f"SSWS {TOKEN}":
            return Reply(b'{"errorSummary": "Invalid token provided"}', 401)
        return Reply(json.dumps([] if "after" in asked.params else [EVENT]).encode())


@pytest.fixture
def okta() -> Iterator[tuple[Okta, str]]:
    service = Okta()
    with serving(service) as url:
        yield service, url


@pytest.fixture
def page(qtbot: QtBot, open_window: BuildWindow, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> SourcesPage:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(paths.config))
    page = open_page(open_window(), SourcesPage)
    qtbot.waitUntil(lambda: not page._loading.running, timeout=WAIT)
    return page


def shown(page: SourcesPage) -> list[str]:
    """What can be chosen in the catalogue."""
    items = (page.catalogue.list.topLevelItem(row) for row in range(page.catalogue.list.topLevelItemCount()))
    return [item.text(0) for item in items if item and item.flags() & Qt.ItemFlag.ItemIsEnabled]


def press(qtbot: QtBot, *keys: Qt.Key) -> None:
    for key in keys:
        qtbot.keyClick(QApplication.focusWidget(), key)


def type_in(qtbot: QtBot, text: str) -> None:
    qtbot.keyClicks(QApplication.focusWidget(), text)


def test_a_service_is_added_tested_and_saved_by_keys_alone(
    qtbot: QtBot, page: SourcesPage, paths: Paths, okta: tuple[Okta, str]
) -> None:
    service, url = okta
    press(qtbot, Qt.Key.Key_Space)  # on Add
    type_in(qtbot, "okta")
    assert shown(page) == ["Okta System Log"]
    press(qtbot, Qt.Key.Key_Return)
    editor = page.source_editor
    assert editor.title.text() == "New source: Okta System Log" and editor.name.text() == "okta"
    assert "Report Administrator" in editor.guide.text() and "90 days" in editor.guide.text()
    assert not editor.fields.isVisible() and not editor.shape.isVisible()
    type_in(qtbot, "acme.okta.com")
    press(qtbot, Qt.Key.Key_Tab)
    type_in(qtbot, "wrong")
    press(qtbot, Qt.Key.Key_Tab)
    while QApplication.focusWidget() is not editor.more:
        press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, Qt.Key.Key_Space, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is editor.rows.edit("url")
    type_in(qtbot, f"{url}/api/v1/logs")
    assert service.asked == []  # nobody is asked while somebody types
    while QApplication.focusWidget() is not editor.first_look.look:
        press(qtbot, Qt.Key.Key_Tab)
    press(qtbot, Qt.Key.Key_Space)
    summary = editor.first_look.summary
    qtbot.waitUntil(lambda: "Looking" not in summary.text(), timeout=WAIT)
    assert "does not accept the secret" in summary.text(), summary.text()
    secret = editor.rows.edits()["secret"][0]
    secret.setFocus()
    secret.selectAll()  # type: ignore[union-attr]
    type_in(qtbot, TOKEN)
    editor.first_look.look.setFocus()
    press(qtbot, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: "events: 1, set aside: 0" in summary.text(), timeout=WAIT)
    assert '"published"' in editor.first_look.raw.toPlainText()
    assert '"createdAt"' in editor.first_look.mapped.toPlainText()
    editor.name.setFocus()
    press(qtbot, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    (source,) = load_settings(paths).sources
    assert source == RestSource(name="okta", like="okta", host="acme.okta.com", url=f"{url}/api/v1/logs")
    assert read_source_secret(paths, source) == TOKEN


def test_a_short_page_begins_at_its_top(qtbot: QtBot, page: SourcesPage) -> None:
    """With no room between its rows."""
    page.add.click()
    page.catalogue.search.setText("okta")
    page.catalogue.choose.click()
    editor = page.source_editor
    page.window().resize(1000, 1200)
    qtbot.waitUntil(lambda: editor.form_area.height() > 900, timeout=WAIT)
    assert editor.name.mapTo(editor, editor.name.rect().topLeft()).y() < 250


def test_the_search_finds_by_every_word(qtbot: QtBot, page: SourcesPage) -> None:
    page.add.click()
    everything = shown(page)
    assert len(everything) == len(offers()) and page.catalogue.search.hasFocus()
    type_in(qtbot, "POSTGRESQL")
    assert shown(page) == ["Database"]
    page.catalogue.search.clear()
    type_in(qtbot, "micro audit")
    assert "Microsoft Entra ID audit" in shown(page) and "Okta System Log" not in shown(page)
    page.catalogue.search.clear()
    type_in(qtbot, "zzz")
    assert shown(page) == ["Another service on the web", "Folder of files"] and page.catalogue.nothing.isVisible()


def test_keys_move_in_the_list_while_one_searches(qtbot: QtBot, page: SourcesPage) -> None:
    page.add.click()
    first = page.catalogue.list.currentItem().text(0)
    press(qtbot, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down)
    assert page.catalogue.list.currentItem().text(0) in shown(page)[1:] and page.catalogue.search.hasFocus()
    press(qtbot, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Up)
    assert page.catalogue.list.currentItem().text(0) == first
    press(qtbot, Qt.Key.Key_Return)
    assert page.source_editor.title.text() == f"New source: {first}"
    page.source_editor.back.click()
    assert page.parts.currentWidget() is page.catalogue
    press(qtbot, Qt.Key.Key_Escape)
    assert page.parts.currentWidget() is page.list_part


@pytest.mark.parametrize("number", range(len(offers())))
def test_each_choice_has_a_page(qtbot: QtBot, page: SourcesPage, number: int) -> None:
    """Whose letters for Alt stand once, and which needs no more than its first fields."""
    offer = offers()[number]
    page.add.click()
    page.catalogue.chosen.emit(offer)
    editor = page.source_editor
    assert editor.isVisible() and not editor.has_changes()
    if editor.more.isVisible():
        editor.more.click()
    window = page.window()
    texts = [each.text() for each in window.findChildren(QAbstractButton) if each.isVisible()]
    texts += [each.text() for each in window.findChildren(QLabel) if each.isVisible() and each.buddy()]
    letters = [match[1].lower() for text in texts if (match := re.search("&([^&])", text))]
    twice = {letter for letter in letters if letters.count(letter) > 1}
    assert not twice, (twice, texts)
    editor.save.click()

    def told_or_saved() -> bool:
        messages = [editor.name_problem, *(message for _, message in editor.rows.edits().values())]
        return any(each.is_error for each in messages) or page.parts.currentWidget() is page.list_part

    qtbot.waitUntil(told_or_saved, timeout=WAIT)
