"""The page *Sources*, driven as an admin drives it, on real folders."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.actions.save_settings import prepare
from desktop_app.errors import BadSetting
from desktop_app.gui.export.host_key_dialog import NewHostKeyDialog
from desktop_app.gui.sources.mapping_model import PLACES
from desktop_app.gui.sources.sources_model import ASIDE, NAME, STORED, WHEN
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.widgets.password_edit import PasswordEdit
from desktop_app.resources import load_toml
from desktop_app.secrets.source_secrets import read_source_secret
from desktop_app.settings.effective import load_settings
from desktop_app.settings.model import FolderSource, Settings, SftpSource
from desktop_app.settings.paths import Paths
from desktop_app.settings.rest_source import RestSource
from desktop_app.sources.collect import collect
from desktop_app.sources.last_read import LastRead, remembered
from desktop_app.sources.so_far import address_in_store
from desktop_app.trails.store.known_sources import enter_source
from desktop_app.trails.store.places import remember
from desktop_app.trails.store.store import open_store
from desktop_app.wording import Said
from tests import saving
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, add_source, answer, open_page
from tests.servers import Server
from tests.unit.sources import toy_kind
from tests.unit.sources.toy_kind import ToySource

RECORDS = [
    {"when": "2026-11-22T08:15:30Z", "area": "Users", "who": {"name": "ines"}, "verb": "Create", "by": {"id": 7}},
    {"when": "2026-11-22T08:16:00Z", "area": "Users", "who": {"name": "tom"}, "verb": "Delete"},
    {"area": "Users", "who": {"name": "kim"}, "verb": "Delete"},
]
FIELDS: dict[str, str | tuple[str, ...]] = {
    "createdAt": "when",
    "entityType": "area",
    "entityName": ("who.email", "who.name"),
    "actionType": "verb",
}
CLOUDTRAIL = {
    "eventVersion": "1.08",
    "eventTime": "2026-11-22T08:15:30Z",
    "eventSource": "iam.amazonaws.com",
    "eventName": "CreateUser",
    "eventID": "6f9619ff-8b86-4011-b42d-00c04fc964ff",
    "recipientAccountId": "111122223333",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "hr"
    made.mkdir()
    (made / "day.json").write_text(json.dumps({"entries": RECORDS}), encoding="utf-8")
    return made


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """One kind more."""
    monkeypatch.setitem(load_toml("source_kinds"), "kind", toy_kind.entries(load_toml("source_kinds")))


@pytest.fixture
def page(qtbot: QtBot, open_window: BuildWindow) -> SourcesPage:
    page = open_page(open_window(), SourcesPage)
    qtbot.waitUntil(lambda: not page._loading.running, timeout=WAIT)
    return page


def refresh(qtbot: QtBot, page: SourcesPage) -> None:
    """Show what is saved now."""
    page.refresh()
    qtbot.waitUntil(lambda: not page._loading.running, timeout=WAIT)


def save(paths: Paths, *sources: FolderSource) -> None:
    saving.save(paths, Settings(sources=sources))


def write_into(qtbot: QtBot, widget: Any, text: str) -> None:
    widget.setFocus()
    widget.selectAll()
    qtbot.keyClicks(widget, text)


def looked(page: SourcesPage, begins: str) -> Callable[[], bool]:
    return lambda: page.source_editor.first_look.summary.text().startswith(begins)


def test_an_empty_page_has_its_button_in_its_middle(qtbot: QtBot, page: SourcesPage) -> None:
    qtbot.mouseClick(page.add_first, Qt.MouseButton.LeftButton)
    assert page.parts.currentWidget() is page.catalogue
    page.catalogue.left.emit()
    qtbot.waitUntil(page.add_first.hasFocus, timeout=WAIT)
    whole = QRect(page.list_part.mapTo(page, QPoint()), page.list_part.size())
    middle = page.add_first.mapTo(page, page.add_first.rect().center())
    assert abs(middle.x() - whole.center().x()) < 20
    assert abs(middle.y() - whole.center().y()) < whole.height() / 6


def test_a_folder_becomes_a_source(qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path) -> None:
    assert page.empty.isVisible() and not page.sources.isVisible() and not page.add.isVisible()
    add_source(page)
    editor = page.source_editor
    write_into(qtbot, editor.name, "hr")
    write_into(qtbot, editor.rows.edit("path"), str(folder))
    qtbot.waitUntil(looked(page, "Of the first 1 records, events: 0, set aside: 1."), timeout=WAIT)
    write_into(qtbot, editor.rows.edit("records"), "entries")
    qtbot.waitUntil(looked(page, "Of the first 3 records, events: 0, set aside: 3."), timeout=WAIT)
    assert "createdAt is missing" in editor.first_look.records.topLevelItem(0).text(0)
    for row, (_, places) in enumerate(FIELDS.items()):
        text = places if isinstance(places, str) else ", ".join(places)
        editor.mapping.setData(editor.mapping.index(row, PLACES), text)
    qtbot.waitUntil(looked(page, "Of the first 3 records, events: 2, set aside: 1. Files: 1"), timeout=WAIT)
    assert editor.first_look.records.topLevelItem(0).text(2) == "ines"
    assert '"actionType": "Create"' in editor.first_look.mapped.toPlainText()
    assert editor.mapping.index(2, 2).data() == "ines"
    qtbot.keyClick(editor.rows.edit("records"), Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.parts.currentWidget() is page.list_part, timeout=WAIT)
    assert load_settings(paths).sources == (
        FolderSource(name="hr", path=str(folder), records="entries", fields=FIELDS),
    )
    qtbot.waitUntil(lambda: page.model.index(0, 0).data() == "hr", timeout=WAIT)


def test_how_times_are_written_is_shown_and_said(
    qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path
) -> None:
    record = {
        "when": "2026-11-22T08:15:30",
        "t": 1795335330,
        "entityType": "T",
        "entityName": "N",
        "actionType": "A",
    }
    (folder / "day.json").write_text(json.dumps([record]), encoding="utf-8")
    add_source(page)
    editor = page.source_editor
    write_into(qtbot, editor.name, "hr")
    write_into(qtbot, editor.rows.edit("path"), str(folder))
    editor.mapping.setData(editor.mapping.index(0, PLACES), "when")
    qtbot.waitUntil(looked(page, "Of the first 1 records, events: 0, set aside: 1."), timeout=WAIT)
    assert "no zone for such times" in editor.first_look.records.topLevelItem(0).text(0)
    assert editor._key_paths.offered["t"] == "1795335330"
    write_into(qtbot, editor.zone, "Mars")
    editor.save.click()
    qtbot.waitUntil(lambda: "no time zone" in editor.zone_problem.text, timeout=WAIT)
    write_into(qtbot, editor.zone, "Europe/Berlin")
    qtbot.waitUntil(looked(page, "Of the first 1 records, events: 1, set aside: 0."), timeout=WAIT)
    assert editor.time_problem.text == (
        "2026-11-22T08:15:30 is 2026-11-22T07:15:30.000Z: a time in zone Europe/Berlin."
    )
    editor.mapping.setData(editor.mapping.index(0, PLACES), "t")
    write_into(qtbot, editor.time.lineEdit(), "epoch-s")
    qtbot.waitUntil(lambda: "seconds since 1970" in editor.time_problem.text, timeout=WAIT)
    editor.save.click()
    qtbot.waitUntil(lambda: page.parts.currentWidget() is page.list_part, timeout=WAIT)
    (source,) = load_settings(paths).sources
    assert (source.time, source.zone, source.fields) == ("epoch-s", "Europe/Berlin", {"createdAt": "t"})


def test_records_of_a_known_system_are_mapped_by_themselves(
    qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path
) -> None:
    (folder / "day.json").write_text(json.dumps({"Records": [CLOUDTRAIL]}), encoding="utf-8")
    add_source(page)
    write_into(qtbot, page.source_editor.name, "aws")
    write_into(qtbot, page.source_editor.rows.edit("path"), str(folder))
    qtbot.waitUntil(looked(page, "Of the first 1 records, events: 1, set aside: 0."), timeout=WAIT)
    assert page.source_editor.shape.currentText() == "AWS CloudTrail"
    page.source_editor.save.click()
    qtbot.waitUntil(lambda: page.parts.currentWidget() is page.list_part, timeout=WAIT)
    (source,) = load_settings(paths).sources
    assert source.records == "Records" and source.fields["actor"] == "userIdentity"


def test_a_system_that_is_chosen_is_looked_for_in_each_of_its_lists(
    qtbot: QtBot, page: SourcesPage, folder: Path
) -> None:
    """CloudTrail's are in the list Records of a document, or stand alone."""
    (folder / "day.json").write_text(json.dumps([CLOUDTRAIL]), encoding="utf-8")
    add_source(page)
    editor = page.source_editor
    write_into(qtbot, editor.rows.edit("path"), str(folder))
    qtbot.waitUntil(looked(page, "Of the first 1 records, events: 1"), timeout=WAIT)
    editor.mapping.setData(editor.mapping.index(0, PLACES), "other")
    number = editor.shape.findText("AWS CloudTrail")
    editor.shape.setCurrentIndex(number)
    editor.shape.activated.emit(number)
    qtbot.waitUntil(lambda: editor.source().records == "", timeout=WAIT)  # type: ignore[attr-defined]
    qtbot.waitUntil(looked(page, "Of the first 1 records, events: 1, set aside: 0."), timeout=WAIT)


def test_what_cannot_be_right_is_said_beside_the_fields(qtbot: QtBot, page: SourcesPage, paths: Paths) -> None:
    add_source(page)
    editor = page.source_editor
    write_into(qtbot, editor.rows.edit("pattern"), "../*")
    editor.save.click()
    qtbot.waitUntil(lambda: bool(editor.name_problem.text), timeout=WAIT)
    assert "has no name" in editor.name_problem.text and editor.name_problem.is_error
    assert editor.rows.edits()["path"][1].is_error and editor.rows.edits()["pattern"][1].is_error
    assert not editor.rows.edits()["records"][1].is_error
    assert editor.name.hasFocus() and "has no name" in editor.name.accessibleDescription()
    assert load_settings(paths).sources == ()


def test_what_belongs_to_no_field_is_said_beside_the_buttons(
    qtbot: QtBot, page: SourcesPage, paths: Paths, tmp_path: Path, policy_file: Path
) -> None:
    """As when the organisation has set the sources while one was typed."""
    add_source(page)
    editor = page.source_editor
    write_into(qtbot, editor.name, "app")
    write_into(qtbot, editor.rows.edit("path"), str(tmp_path))
    policy_file.write_text("sources = []\n", encoding="utf-8")
    editor.save.click()
    qtbot.waitUntil(lambda: bool(editor.state.text()), timeout=WAIT)
    assert editor.state.isVisible() and "organisation" in editor.state.text()
    assert not [message for _, message in editor.rows.edits().values() if message.is_error]
    policy_file.unlink()
    editor.save.click()
    qtbot.waitUntil(lambda: len(load_settings(paths).sources) == 1, timeout=WAIT)


def test_a_problem_of_no_field_and_one_of_a_field_are_both_told(page: SourcesPage) -> None:
    add_source(page)
    editor = page.source_editor
    editor.show_problems(
        [BadSetting(Said("No source fits."), field="elsewhere"), BadSetting(Said("No name."), field="name")]
    )
    assert editor.state.text() == "No source fits." and editor.name_problem.text == "No name."
    editor.show_problems([])
    assert editor.state.text() == "" and editor.name_problem.text == ""


def test_where_settings_cant_be_read_the_focus_is_on_the_way_out(
    qtbot: QtBot, open_window: BuildWindow, paths: Paths
) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text("enabled = maybe", encoding="utf-8")
    window = open_window()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=WAIT)
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None, timeout=WAIT)
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_4, Qt.KeyboardModifier.ControlModifier)
    page = window.page("SourcesPage")
    assert isinstance(page, SourcesPage)
    qtbot.waitUntil(lambda: page.problem.first_button is not None, timeout=WAIT)
    focused = QApplication.focusWidget()
    assert focused is page.problem.first_button
    qtbot.keyClick(focused, Qt.Key.Key_Space)
    assert window.pages.currentWidget() is window.page("ExportPage")


def test_the_first_field_that_is_wrong_is_scrolled_to(qtbot: QtBot, page: SourcesPage) -> None:
    page.window().resize(720, 560)
    add_source(page, "sftp")
    bar = page.source_editor.form_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    page.source_editor.save.click()
    host = page.source_editor.findChild(QLineEdit, "host")
    assert host is not None
    qtbot.waitUntil(lambda: bool(host.accessibleDescription()), timeout=WAIT)
    assert not host.visibleRegion().isEmpty()


def test_a_folder_that_is_not_there(qtbot: QtBot, page: SourcesPage, tmp_path: Path) -> None:
    add_source(page)
    write_into(qtbot, page.source_editor.rows.edit("path"), str(tmp_path / "gone"))
    qtbot.waitUntil(looked(page, "The folder"), timeout=WAIT)
    assert "can't be read" in page.source_editor.first_look.summary.text()


def test_files_read_and_records_set_aside_are_shown(
    qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path
) -> None:
    source = FolderSource(name="hr", path=str(folder), records="entries", fields=FIELDS)
    save(paths, source)
    with open_store(paths.store) as store:
        collect([source], store, lambda _: None)
    page.refresh()
    part = page.set_aside
    qtbot.waitUntil(lambda: part.records.topLevelItemCount() == 1, timeout=WAIT)
    assert [page.model.index(0, column).data() for column in (NAME, STORED, ASIDE)] == ["hr", "2", "1"]
    assert page.model.index(0, WHEN).data().startswith("Today")
    told = page.about.text().splitlines()
    assert told[0].endswith("Records: 3, new: 2.") and "2 stored, 0 repeated, 1 set aside" in told[1]
    assert told[2].startswith("Events from ") and "late" not in told[2]
    assert part.records.topLevelItem(0).text(2).startswith("createdAt is missing")
    assert json.loads(part.raw.toPlainText()) == RECORDS[2]
    part.try_again.click()
    told = "Tried again: 1. Stored: 0, repeated: 0, set aside: 1."
    qtbot.waitUntil(lambda: told in page.problem.text, timeout=WAIT)
    assert part.isVisibleTo(page) and part.records.topLevelItemCount() == 1


def test_a_new_source_of_a_folder_that_was_one_before(
    qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path
) -> None:
    source = FolderSource(name="hr", path=str(folder), records="entries")
    with open_store(paths.store) as store:
        collect([source], store, lambda _: None)
    add_source(page)
    write_into(qtbot, page.source_editor.rows.edit("path"), str(folder))
    qtbot.waitUntil(lambda: "called hr" in page.source_editor.first_look.summary.text(), timeout=WAIT)
    assert page.source_editor.first_look.summary.text().endswith("tried again by the next run: 3.")


def test_a_source_of_which_events_will_be_gone(qtbot: QtBot, page: SourcesPage, paths: Paths) -> None:
    """Its service keeps them for a week, and five days ago they were read whole."""
    source = RestSource(name="cloud", like="office365", account="acme", client="c")
    saving.save(paths, Settings(sources=(source,)))
    ago_ms = int((time.time() - 5.5 * 86_400) * 1000)
    with open_store(paths.store) as store, store.transaction():
        known = enter_source(store, "cloud", address_in_store(source), {"cloud"})
        remember(store, known.label, remembered(LastRead(at_ms=ago_ms, whole_ms=ago_ms)))
    refresh(qtbot, page)
    assert "keeps events for 7 days" in page.problem.text and "lost: 1.5" in page.problem.text
    assert not page.model.index(0, WHEN).data(Qt.ItemDataRole.DecorationRole).isNull()


def test_change_and_remove(qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path) -> None:
    save(paths, FolderSource(name="hr", path=str(folder)), FolderSource(name="old", path=str(folder)))
    refresh(qtbot, page)
    page.edit.click()
    assert page.source_editor.name.isReadOnly()
    write_into(qtbot, page.source_editor.rows.edit("records"), "entries")
    page.source_editor.save.click()
    qtbot.waitUntil(lambda: page.parts.currentWidget() is page.list_part, timeout=WAIT)
    assert [source.records for source in load_settings(paths).sources] == ["entries", ""]
    page.sources.selectRow(1)
    answer("&Remove")
    page.remove.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    assert [source.name for source in load_settings(paths).sources] == ["hr"]


@contextmanager
def held_save(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Saving waits for the event."""
    go_on = threading.Event()

    def save_later(*given: Any) -> Any:
        assert go_on.wait(30)
        return prepare(*given)

    with monkeypatch.context() as patch:
        patch.setattr("desktop_app.gui.sources.sources_page.prepare", save_later)
        try:
            yield go_on
        finally:
            go_on.set()


def test_one_change_at_a_time(
    qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(paths, FolderSource(name="hr", path=str(folder)), FolderSource(name="old", path=str(folder)))
    refresh(qtbot, page)
    buttons = (page.add, page.edit, page.remove, page.source_editor.save)
    with held_save(monkeypatch) as go_on:
        answer("&Remove")
        page.remove.click()
        refresh(qtbot, page)  # as when the page is shown again meanwhile
        assert not any(button.isEnabled() for button in buttons)
        page.add.click()
        page.sources.activated.emit(page.model.index(0, 0))
        assert page.parts.currentWidget() is page.list_part
        go_on.set()
        qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    qtbot.waitUntil(lambda: all(button.isEnabled() for button in buttons), timeout=WAIT)
    page.add.click()
    assert page.parts.currentWidget() is page.catalogue


def test_what_is_typed_while_a_source_is_saved_stays(
    qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_source(page)
    editor = page.source_editor
    write_into(qtbot, editor.name, "hr")
    write_into(qtbot, editor.rows.edit("path"), str(folder))
    with held_save(monkeypatch) as go_on:
        editor.save.click()
        write_into(qtbot, editor.rows.edit("records"), "entries")
        go_on.set()
        qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    assert page.parts.currentWidget() is editor and editor.rows.edit("records").text() == "entries"
    qtbot.waitUntil(editor.name.isReadOnly, timeout=WAIT)
    assert editor.has_changes()
    editor.save.click()
    qtbot.waitUntil(lambda: page.parts.currentWidget() is page.list_part, timeout=WAIT)
    assert [source.records for source in load_settings(paths).sources] == ["entries"]


def test_leaving_waits_for_what_is_saved(
    qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(paths, FolderSource(name="hr", path=str(folder)))
    refresh(qtbot, page)
    with held_save(monkeypatch) as go_on:
        answer("&Remove")
        page.remove.click()
        threading.Timer(0.3, go_on.set).start()
        page.end()
        assert load_settings(paths).sources == ()


def test_leaving_with_changes_asks(qtbot: QtBot, page: SourcesPage, paths: Paths) -> None:
    add_source(page)
    editor = page.source_editor
    write_into(qtbot, editor.name, "hr")
    answer("Keep &editing")
    assert not page.window().close()
    answer("Keep &editing")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert page.parts.currentWidget() is editor
    answer("&Discard the changes")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert page.parts.currentWidget() is page.list_part and load_settings(paths).sources == ()


def test_settings_that_cannot_be_read(qtbot: QtBot, page: SourcesPage, paths: Paths) -> None:
    paths.config_file.parent.mkdir(parents=True, exist_ok=True)
    paths.config_file.write_text("version = 99\n", encoding="utf-8")
    refresh(qtbot, page)
    assert "newer version" in page.problem.text and not page.add.isEnabled()
    assert paths.config_file.read_text(encoding="utf-8") == "version = 99\n"


def test_sources_that_the_organisation_has_set(
    qtbot: QtBot, page: SourcesPage, policy_file: Path, folder: Path
) -> None:
    policy_file.write_text(f"[[sources]]\nname = 'hr'\npath = '{folder}'\n", encoding="utf-8")
    refresh(qtbot, page)
    assert page.model.index(0, 0).data() == "hr"
    assert "organisation" in page.problem.text and not page.add.isEnabled() and not page.edit.isEnabled()


def test_the_keyboard_begins_where_a_source_is_added(page: SourcesPage) -> None:
    assert page.window().focusWidget() is page.add_first


def test_a_kind_brings_its_own_rows(
    toy: None, qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path
) -> None:
    (folder / "notes.red").write_text(json.dumps(CLOUDTRAIL), encoding="utf-8")
    add_source(page)
    editor = page.source_editor
    assert list(editor.rows.edits()) == ["path", "pattern", "follow_links", "records"]
    editor.back.click()
    add_source(page, "toy")
    assert list(editor.rows.edits()) == ["shelf", "colour", "torn", "secret"]
    write_into(qtbot, editor.name, "notes")
    write_into(qtbot, editor.rows.edit("colour"), "none")
    editor.save.click()
    qtbot.waitUntil(lambda: editor.rows.edits()["shelf"][1].is_error, timeout=WAIT)
    assert "no such colour" in editor.rows.edits()["colour"][1].text
    write_into(qtbot, editor.rows.edit("colour"), "red")
    write_into(qtbot, editor.rows.edit("shelf"), str(folder))
    qtbot.waitUntil(looked(page, "Of the first 1 records, events: 1, set aside: 0. Notebooks: 1"), timeout=WAIT)
    editor.save.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    (source,) = load_settings(paths).sources
    assert isinstance(source, ToySource) and (source.name, source.shelf) == ("notes", str(folder))
    assert source.fields["actor"] == "userIdentity"
    assert page.model.index(0, 1).data() == str(folder)
    page.edit.click()
    assert list(editor.rows.edits()) == ["shelf", "colour", "torn", "secret"]


def test_the_secret_of_a_source(toy: None, qtbot: QtBot, page: SourcesPage, paths: Paths, folder: Path) -> None:
    (folder / "notes.locked").write_text(json.dumps(CLOUDTRAIL), encoding="utf-8")
    add_source(page, "toy")
    editor = page.source_editor
    field = editor.rows.edits()["secret"][0]
    assert isinstance(field, PasswordEdit) and field.echoMode() is PasswordEdit.EchoMode.Password
    write_into(qtbot, editor.name, "notes")
    write_into(qtbot, editor.rows.edit("shelf"), str(folder))
    write_into(qtbot, editor.rows.edit("colour"), "locked")
    qtbot.waitUntil(looked(page, "The source notes has no password"), timeout=WAIT)
    write_into(qtbot, field, toy_kind.KEY)
    qtbot.waitUntil(looked(page, "Of the first 1 records"), timeout=WAIT)  # before it is kept
    assert not paths.secret_file.exists()
    editor.save.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    (source,) = load_settings(paths).sources
    assert read_source_secret(paths, source) == toy_kind.KEY
    page.edit.click()
    field = editor.rows.edits()["secret"][0]
    assert isinstance(field, PasswordEdit)
    qtbot.waitUntil(lambda: field.placeholderText() == "unchanged", timeout=WAIT)
    assert field.text() == "" and not editor.has_changes()
    qtbot.waitUntil(looked(page, "Of the first 1 records"), timeout=WAIT)
    write_into(qtbot, field, "another")
    assert editor.has_changes()
    editor.save.click()
    qtbot.waitUntil(lambda: read_source_secret(paths, source) == "another", timeout=WAIT)
    qtbot.waitUntil(lambda: not editor._pause.isActive() and not editor._looking.running, timeout=WAIT)


def test_a_server_is_asked_only_when_somebody_wants_it(
    qtbot: QtBot,
    page: SourcesPage,
    paths: Paths,
    sshd: Server,
    served: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(paths.config))
    (served / "a.jsonl").write_text(json.dumps(CLOUDTRAIL), encoding="utf-8")
    logins = sshd.log.read_text().count("Connection from")
    add_source(page, "sftp")
    editor = page.source_editor
    assert editor.first_look.look.isVisible()
    values = {"host": f"127.0.0.1:{sshd.port}", "user": sshd.user, "path": served.name}
    write_into(qtbot, editor.name, "there")
    for key, value in values.items():
        write_into(qtbot, editor.rows.edit(key), value)
    write_into(qtbot, editor.rows.edits()["secret"][0], sshd.password)
    qtbot.wait(400)  # longer than the pause after which a folder is looked at
    assert sshd.log.read_text().count("Connection from") == logins
    editor.first_look.look.click()
    qtbot.waitUntil(lambda: page.findChild(NewHostKeyDialog) is not None, timeout=WAIT)
    dialog = page.findChild(NewHostKeyDialog)
    assert isinstance(dialog, NewHostKeyDialog)
    dialog.trust.click()
    qtbot.waitUntil(looked(page, "Of the first 1 records, events: 1, set aside: 0. Files: 1"), timeout=WAIT)
    editor.save.click()
    qtbot.waitUntil(lambda: page.model.rowCount() == 1, timeout=WAIT)
    (source,) = load_settings(paths).sources
    assert isinstance(source, SftpSource) and source.fields["actor"] == "userIdentity"
    assert read_source_secret(paths, source) == sshd.password
