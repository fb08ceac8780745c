"""Where to keep the password, when it can't be read at night."""

import pytest
from PySide6.QtWidgets import QRadioButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui.export.keeper_dialog import KeeperDialog
from desktop_app.schedule.password_at_night import TriedKeeper
from desktop_app.secrets.keeper import KeeperName
from desktop_app.wording import Said


def keeper(name: KeeperName, works: bool | None, *, chosen: bool = False) -> TriedKeeper:
    return TriedKeeper(name=name, title=Said("x"), explains=Said("y"), works_at_night=works, chosen=chosen)


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def ask(window: QWidget, *keepers: TriedKeeper) -> KeeperDialog:
    return KeeperDialog(keepers, window)


def test_what_works_at_night_is_suggested(window: QWidget) -> None:
    locked = keeper("keyring", False, chosen=True)
    dialog = ask(window, keeper("systemd-creds", None), keeper("file", True), locked)
    assert dialog.chosen == "file"
    said = [button.accessibleDescription() for button in dialog.findChildren(QRadioButton)]
    assert ["The daily export can read it" in text for text in said] == [False, True, False]
    assert "can't read it while you are logged out" in said[2]


def test_what_is_in_use_stays_unless_it_fails_at_night(window: QWidget) -> None:
    for works in (True, None):
        dialog = ask(window, keeper("file", True), keeper("keyring", works, chosen=True))
        assert dialog.chosen == "keyring"
    assert ask(window, keeper("keyring", False, chosen=True)).chosen == "keyring"
