"""Every dialog has room for all that it says, in every language, also where it is opened in little room."""

import pytest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from tests.gui.conftest import BuildWindow
from tests.gui.test_accessibility import language
from tests.gui.test_keyboard import _DIALOGS, _QUESTIONS
from tests.screenshots.faults import cut_off

__all__ = ["language"]


@pytest.mark.parametrize("name", [*_DIALOGS, "about"])
def test_no_text_of_a_dialog_is_cut_off(open_window: BuildWindow, qtbot: QtBot, language: str, name: str) -> None:
    window = open_window()
    if name in _DIALOGS:
        _DIALOGS[name](window).open()
    else:
        _QUESTIONS[name](window)
    dialog = next(each for each in window.findChildren(QDialog) if each.isVisible())
    dialog.resize(200, 100)
    QApplication.processEvents()
    try:
        qtbot.waitUntil(lambda: cut_off(dialog) == [])
    finally:
        dialog.close()
