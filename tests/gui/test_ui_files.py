"""Qt Designer's forms, and what must not be in them."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui import ui_files
from desktop_app.gui.ui_files import load_ui
from desktop_app.resources import ui_path
from tests.gui.conftest import BuildWindow

WriteForm = Callable[..., None]
FORM = """<?xml version="1.0"?>
<ui version="4.0"><class>Page</class><widget class="QWidget" name="Page"><layout class="QVBoxLayout" name="column">
{widgets}
</layout></widget></ui>"""


class Page(QWidget):
    kind = "page"
    greeting: QLabel

    def __init__(self) -> None:
        super().__init__()
        self.paths = Path()
        load_ui("form", self)


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> WriteForm:
    """Makes a form of labels with these names."""
    monkeypatch.setattr(ui_files, "ui_path", lambda name: tmp_path / name)

    def write(*names: str) -> None:
        widgets = "\n".join(f'<item><widget class="QLabel" name="{name}"/></item>' for name in names)
        (tmp_path / "form.ui").write_text(FORM.format(widgets=widgets), encoding="utf-8")

    return write


def test_a_named_widget_is_an_attribute(write: WriteForm) -> None:
    write("greeting")
    assert isinstance(Page().greeting, QLabel)


@pytest.mark.parametrize("names", [("update",), ("font", "greeting"), ("kind",), ("paths",), ("twin", "twin")])
def test_a_name_that_would_hide_something_is_refused(write: WriteForm, names: tuple[str, ...]) -> None:
    write(*names)
    with pytest.raises(ValueError, match=f"name {names[0]} would hide Page.{names[0]}"):
        Page()


def test_no_form_of_the_program_hides_anything(open_window: BuildWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def path(name: str) -> Path:
        asked.append(name)
        return ui_path(name)

    monkeypatch.setattr(ui_files, "ui_path", path)
    window = open_window()
    for place in range(window.pages.count(), len(window._places)):
        window.show_page(place)
    assert sorted(asked) == sorted(file.name for file in ui_path("window.ui").parent.glob("*.ui"))
