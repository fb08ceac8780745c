"""The buttons of a message."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui.widgets.button_row import ButtonRow


def test_a_row_without_buttons_takes_no_room(qtbot: QtBot) -> None:
    place = QWidget()
    qtbot.addWidget(place)
    row = ButtonRow()
    QVBoxLayout(place).addWidget(row)
    row.set_choices([])
    place.show()
    assert not row.isVisible()
    row.set_choices([("One", lambda: None)])
    assert row.isVisible()
    row.set_choices([])
    assert not row.isVisible()


def test_the_same_buttons_again_keep_the_focus_and_do_what_is_new(qtbot: QtBot) -> None:
    done: list[str] = []
    row = ButtonRow()
    qtbot.addWidget(row)
    row.set_choices([("One", lambda: done.append("old")), ("Two", lambda: None)])
    row.show()
    first = row.first
    assert first is not None
    first.setFocus()
    row.set_choices([("One", lambda: done.append("new")), ("Two", lambda: None)])
    assert row.first is first and row.focusWidget() is first
    qtbot.mouseClick(first, Qt.MouseButton.LeftButton)
    assert done == ["new"]
