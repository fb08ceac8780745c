"""What is seen and can be used in each mode of the page *Audit Trails*."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec import structs
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from desktop_app.gui.export.export_page import ExportPage
from desktop_app.gui.export.mode import LOOKS, Mode
from desktop_app.settings.effective import load_settings, save_settings
from desktop_app.settings.paths import Paths
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, FormUser
from tests.servers import Server, answering

NAMES = (
    *("overview", "summary", "form", "reports", "bar", "enabled"),
    *("edit", "cancel", "test_connection", "test_and_save", "export_now"),
)


@pytest.fixture
def configured(paths: Paths) -> Paths:
    server = structs.replace(load_settings(paths).server, host="sftp.example.com", user="audit", path="x")
    paths.config.mkdir(parents=True)
    save_settings(paths, structs.replace(load_settings(paths), server=server))
    return paths


def seen(page: ExportPage) -> set[str]:
    return {name for name in NAMES if getattr(page, name).isVisible()}


def usable(page: ExportPage) -> set[str]:
    return {
        name
        for name in ("enabled", "test_and_save", "test_connection", "export_now", "edit")
        if _can_be_clicked(page, name)
    }


def _can_be_clicked(page: ExportPage, name: str) -> bool:
    widget = getattr(page, name)
    return bool(widget.isVisible() and widget.isEnabled())


def may_type(page: ExportPage) -> bool:
    path = page.findChild(QLineEdit, "path")
    assert path is not None
    return not path.isReadOnly()


def test_there_is_a_look_for_each_mode() -> None:
    assert set(LOOKS) == set(Mode)


def test_unreadable(paths: Paths, qtbot: QtBot, open_window: BuildWindow) -> None:
    paths.config.mkdir(parents=True)
    paths.config_file.write_text("version = [\n")
    page = FormUser(qtbot, open_window()).page
    assert (page._mode, seen(page), usable(page)) == (Mode.UNREADABLE, {"enabled"}, set())


def test_new_and_changed(form: FormUser) -> None:
    page = form.page
    everywhere = {"overview", "form", "reports", "bar", "enabled", "test_and_save"}
    assert (page._mode, seen(page), may_type(page)) == (Mode.NEW, everywhere, True)
    assert usable(page) == {"enabled", "test_and_save"}
    form.enter("path", "x")
    assert (page._mode, seen(page)) == (Mode.NEW, everywhere | {"cancel"})
    form.click("cancel")
    assert (page._mode, seen(page)) == (Mode.NEW, everywhere)


def test_shown_and_editing(configured: Paths, qtbot: QtBot, open_window: BuildWindow) -> None:
    form = FormUser(qtbot, open_window())
    page = form.page
    everywhere = {"overview", "form", "reports", "bar", "enabled"}
    locked = (everywhere - {"form"}) | {"summary", "export_now", "test_connection", "edit"}
    assert (page._mode, seen(page), may_type(page)) == (Mode.SHOWN, locked, False)
    assert usable(page) == {"enabled", "export_now", "test_connection", "edit"}
    assert (page.export_now.property("role"), page.test_and_save.property("role")) == ("primary", "")
    form.show_all()
    assert (seen(page), may_type(page)) == (locked | {"form"}, False)
    form.click("show_all")
    assert seen(page) == locked
    form.click("edit")
    assert (page._mode, may_type(page)) == (Mode.EDITING, True)
    assert seen(page) == everywhere | {"cancel", "test_and_save"}
    assert usable(page) == {"enabled", "test_and_save"}
    assert (page.export_now.property("role"), page.test_and_save.property("role")) == ("", "primary")
    form.click("cancel")
    assert page._mode is Mode.SHOWN


@contextmanager
def while_it_is_tested(form: FormUser) -> Iterator[None]:
    """While a test goes on, with a server that never says anything; it is stopped at the end."""
    yield
    form.click("cancel")
    form.wait_for("The test was stopped.")


@pytest.mark.parametrize("before", [Mode.NEW, Mode.EDITING])
def test_testing_goes_back_to_where_it_was_begun(
    paths: Paths, qtbot: QtBot, open_window: BuildWindow, request: pytest.FixtureRequest, before: Mode
) -> None:
    if before is Mode.EDITING:
        request.getfixturevalue("configured")
    with answering(b"") as port:
        form = FormUser(qtbot, open_window())
        page = form.page
        if before is Mode.EDITING:
            form.click("edit")
        form.fill(Server(port, "u", "p", Path(), Path()), "y")
        assert page._mode is before
        form.click("test_and_save")
        with while_it_is_tested(form):
            assert (page._mode, may_type(page)) == (Mode.TESTING, False)
            assert seen(page) == {"overview", "form", "reports", "bar", "enabled", "cancel"}
            assert usable(page) == set()
        assert (page._mode, may_type(page)) == (before, True)


def test_a_test_by_the_switch_goes_back_to_what_is_saved(
    configured: Paths, qtbot: QtBot, open_window: BuildWindow
) -> None:
    with answering(b"") as port:
        settings = load_settings(configured)
        server = structs.replace(settings.server, host=f"127.0.0.1:{port}")
        save_settings(configured, structs.replace(settings, server=server))
        form = FormUser(qtbot, open_window())
        form.click("enabled")
        qtbot.waitUntil(lambda: form.page._mode is Mode.TESTING, timeout=WAIT)
        with while_it_is_tested(form):
            assert form.page.enabled.isChecked()
            assert {"summary", "edit", "export_now"} <= seen(form.page) and usable(form.page) == set()
        assert form.page._mode is Mode.SHOWN and not form.page.enabled.isChecked()
