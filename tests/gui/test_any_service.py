"""A service that is not known is described wholly in the form, up to an archive on a real server."""

import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QCheckBox, QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.actions.run import Request, run_once
from desktop_app.gui.sources.source_editor import SourceEditor
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.paths import Paths
from desktop_app.settings.rest_source import (
    RestAuth,
    RestLimits,
    RestPages,
    RestRequest,
    RestResume,
    RestSource,
    RestWindow,
)
from desktop_app.sources.catalogue import offers
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, open_page
from tests.gui.real_home import RealHome
from tests.http_service import Asked, Reply, serving
from tests.servers import Server

AGO = (datetime.now(UTC) - timedelta(days=2)).isoformat(timespec="milliseconds")


class Doors:
    """Two pages by a cursor, for who has the key in a header of the service's own."""

    def __init__(self) -> None:
        self.asked: list[Asked] = []

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        if asked.headers.get("X-Api-Key") != "key k3y":
            return Reply(b'{"error": "who are you?"}', 401)
        number = int(asked.params.get("cursor", 1))
        record = {"no": number, "when": AGO, "what": "Open", "who": "ines"}
        return Reply(json.dumps({"data": {"rows": [record]}, "next": 2 if number == 1 else None}).encode())


@pytest.fixture
def doors() -> Iterator[tuple[Doors, str]]:
    service = Doors()
    with serving(service) as url:
        yield service, url


@pytest.fixture
def page(qtbot: QtBot, open_window: BuildWindow, paths: Paths, monkeypatch: pytest.MonkeyPatch) -> SourcesPage:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(paths.config))
    page = open_page(open_window(), SourcesPage)
    qtbot.waitUntil(lambda: not page._loading.running, timeout=WAIT)
    return page


def fill(editor: SourceEditor, **values: str) -> None:
    """Type or choose values; `__` stands for the dot of a key."""
    for key, value in values.items():
        edit = editor.rows.edit(key.replace("__", "."))
        assert edit.isVisible(), key
        edit.setFocus()
        if isinstance(edit, ChoiceBox):
            while edit.currentData() != value:
                before = edit.currentIndex()
                QTest.keyClick(edit, Qt.Key.Key_Down)
                edit.activated.emit(edit.currentIndex())
                assert edit.currentIndex() != before, (key, value)
        elif isinstance(edit, QLineEdit):
            edit.selectAll()
            QTest.keyClicks(edit, value) if value else QTest.keyClick(edit, Qt.Key.Key_Delete)


def is_shown(editor: SourceEditor, key: str) -> bool:
    return editor.rows.edit(key).isVisible()


def test_it_is_described_tested_saved_and_exported(
    qtbot: QtBot, page: SourcesPage, paths: Paths, doors: tuple[Doors, str], sshd: Server
) -> None:
    service, url = doors
    RealHome(paths, sshd)  # has a server in its settings
    page.add.click()
    page.catalogue.chosen.emit(offers()[-1])
    editor = page.source_editor
    editor.name.setText("doors")
    assert not is_shown(editor, "auth.header") and not is_shown(editor, "pages.path")
    assert not is_shown(editor, "request.method")
    fill(editor, url=f"{url}/api/log", auth__type="header", pages__next="cursor")
    assert is_shown(editor, "auth.header") and is_shown(editor, "pages.path") and not is_shown(editor, "client")
    editor.save.click()
    edits = editor.rows.edits()
    qtbot.waitUntil(lambda: edits["pages.path"][1].is_error, timeout=WAIT)
    assert (
        "Leads to the next page: A mark in the answer" in edits["pages.path"][1].text
        and edits["auth.header"][1].is_error
    )
    fill(
        editor,
        auth__header="X-Api-Key",
        auth__prefix="key ",
        window__from="since",
        request__params="limit=100; sort.by=when",
        pages__list="data.rows",
        pages__path="next",
        pages__param="cursor",
        pages__size_param="size",
        pages__size="1x",  # of which only the number can be typed
    )
    for row, place in enumerate(("when", "=Door", "who", "what")):
        editor.mapping.setData(editor.mapping.index(row, 1), place)
    edits["secret"][0].setFocus()
    QTest.keyClicks(edits["secret"][0], "wrong")
    summary = editor.first_look.summary
    editor.first_look.look.click()
    qtbot.waitUntil(lambda: "does not accept the secret" in summary.text(), timeout=WAIT)
    edits["secret"][0].selectAll()  # type: ignore[union-attr]
    QTest.keyClicks(edits["secret"][0], "k3y")
    editor.first_look.look.click()
    qtbot.waitUntil(lambda: "events: 2, set aside: 0" in summary.text(), timeout=WAIT)
    assert service.asked[-1].params["sort.by"] == "when" and service.asked[-1].params["size"] == "1"
    editor.save.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    (source,) = load_settings(paths).sources
    assert isinstance(source, RestSource)
    assert source.auth == RestAuth(type="header", header="X-Api-Key", prefix="key ")
    assert source.request == RestRequest(params={"limit": "100", "sort.by": "when"})
    assert source.window == RestWindow(from_="since")
    assert source.pages == RestPages(
        list="data.rows", next="cursor", path="next", param="cursor", size_param="size", size=1
    )
    assert read_source_secret(paths, source) == "k3y"
    run_once(load_settings(paths), paths, Request(), lambda: sshd.password)
    (archive,) = sshd.folder.rglob("*.zip")
    with zipfile.ZipFile(archive) as opened:
        (data,) = (name for name in opened.namelist() if "manifest" not in name)
        assert opened.read(data).count(b'"entityName":"ines"') == 2


def test_what_was_set_elsewhere_is_shown_and_kept(qtbot: QtBot, page: SourcesPage, paths: Paths) -> None:
    """By the command line, or in config.toml."""
    source = RestSource(
        name="any",
        url="https://any.example.com/log",
        client="me",
        parts=("a", "b"),
        auth=RestAuth(type="oauth2", token_url="https://any.example.com/token", scope="audit"),
        request=RestRequest(
            method="POST",
            params={"limit": 100, "deep": True, "q": 'a;b="c"', "n": "5"},
            headers={"X-Tenant": "acme"},
            body={"filter": {"type": "audit", "level": 3, "tags": ["x", "y;z"], "n": "5"}, "all": True},
        ),
        window=RestWindow(from_="since", to="until", format="epoch-ms", kept="30d"),
        pages=RestPages(
            list="x",
            list_may_lack=True,
            next="page",
            param="p",
            start=0,
            each="url",
            alone=True,
            last="missing",
            order="oldest-first",
        ),
        resume=RestResume(by="window", again="48h", sweep="9d"),
        limits=RestLimits(per_minute=30, also=(403,), wait_header="X-Wait"),
        fields={"id": "id"},
    )
    editor = page.source_editor
    editor.edit(source)
    page.parts.setCurrentWidget(editor)
    assert editor.source() == source and not editor.has_changes()
    editor.more.click()
    assert is_shown(editor, "client") and is_shown(editor, "auth.token_url") and is_shown(editor, "pages.start")
    params, body = editor.rows.edit("request.params"), editor.rows.edit("request.body")
    assert isinstance(params, QLineEdit) and isinstance(body, QLineEdit) and not isinstance(params, QCheckBox)
    assert params.text() == r'limit=100; deep=true; q="a;b=\"c\""; n=5'
    fill(editor, request__params=f"{params.text()}; more=1", request__body=f"{body.text()}; a.b=c")
    changed = editor.source()
    assert isinstance(changed, RestSource)
    assert changed.request.params == {"limit": "100", "deep": "true", "q": 'a;b="c"', "n": "5", "more": "1"}
    assert changed.request.body == {**source.request.body, "a": {"b": "c"}}
    assert changed.pages == source.pages and changed.limits == source.limits
    assert is_shown(editor, "pages.alone") and is_shown(editor, "resume.sweep")
    for key in ("pages.alone", "pages.list_may_lack"):
        flag = editor.rows.edit(key)
        assert isinstance(flag, QCheckBox) and flag.isChecked()
        flag.click()
    fill(editor, limits__also="403, 42x0", pages__each="link", resume__sweep="", limits__wait_header="")
    other = editor.source()
    assert isinstance(other, RestSource)
    assert other.pages == structs.replace(source.pages, alone=False, list_may_lack=False, each="link")
    assert other.limits == RestLimits(per_minute=30, also=(403, 420))
    assert other.resume == RestResume(by="window", again="48h")
    fill(editor, request__params="", request__body="", window__kept="")
    emptied = editor.source()
    assert isinstance(emptied, RestSource)
    assert emptied.request == RestRequest(method="POST", headers={"X-Tenant": "acme"})
    assert emptied.window == RestWindow(from_="since", to="until", format="epoch-ms")


def test_a_service_that_is_known_is_not_described(page: SourcesPage) -> None:
    page.source_editor.edit(RestSource(name="okta", like="okta", host="acme.okta.com", pages=RestPages(size=5)))
    assert "auth.type" not in page.source_editor.rows.edits()
    assert page.source_editor.source().pages.size == 5  # type: ignore[attr-defined]
