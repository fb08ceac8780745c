"""The last button of a page ends where its fields end."""

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from tests.gui.conftest import BuildWindow
from tests.gui.test_accessibility import show


@pytest.mark.parametrize("size", [(720, 560), (1000, 760), (1000, 2000), (1900, 1000)])
@pytest.mark.parametrize(("page", "button"), [("export", "test_and_save"), ("source_editor", "save")])
def test_the_bar_ends_with_the_fields(
    open_window: BuildWindow, qtbot: QtBot, page: str, button: str, size: tuple[int, int]
) -> None:
    window = open_window()
    shown = show(window, page)
    window.resize(*size)

    def right(name: str) -> int:
        widget = shown.findChild(QWidget, name)
        return widget.mapTo(window, widget.rect().bottomRight()).x()

    qtbot.waitUntil(lambda: right(button) == right({"export": "host", "source_editor": "name"}[page]))
