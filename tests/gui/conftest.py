"""The real window, on Qt's offscreen screen, with a home folder of its own, no keyring, and the test's own policy.

How somebody works with it is in `form_user.py`, an installation with a past in `real_home.py`.
"""

import gc
import os
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if sys.platform == "win32":  # the offscreen screen finds none by itself there: every letter is a box
    fonts = [Path("Z:/usr/share/fonts/truetype/open-sans"), Path(os.environ["WINDIR"], "Fonts")]  # first Wine's
    os.environ.setdefault("QT_QPA_FONTDIR", str(next(folder for folder in fonts if folder.is_dir())))
if sys.platform.startswith("linux"):
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = "unix:path=/nonexistent"

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui import build_window
from desktop_app.gui.window import MainWindow
from desktop_app.settings import administrators
from desktop_app.settings import paths as settings_paths
from desktop_app.settings.paths import Paths, find_paths
from tests.gui.form_user import FormUser
from tests.gui.threads import workers

BuildWindow = Callable[[], MainWindow]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With a failure, what could be read on the screen: the same where nobody can look."""
    report = yield
    if report.failed and QApplication.instance():
        report.sections.append(("What is on the screen", "\n".join(_on_screen())))
    return report


def _on_screen() -> Iterator[str]:
    for window in QApplication.topLevelWidgets():
        for widget in [*window.findChildren(QLabel), *window.findChildren(QAbstractButton)]:
            if widget.isVisible():
                states = ", disabled" * (not widget.isEnabled()) + ", checked" * _is_checked(widget)
                yield f"{widget.objectName() or type(widget).__name__}{states}: {widget.text()}"


def _is_checked(widget: QWidget) -> bool:
    return isinstance(widget, QAbstractButton) and widget.isChecked()


@pytest.fixture(autouse=True, scope="module")
def garbage_on_this_thread() -> Iterator[None]:
    """Collected on this thread alone, as in the program: see `desktop_app.gui.garbage`. Workers may begin between
    two tests, when windows close.
    """
    gc.disable()
    yield
    for thread in workers():
        thread.join(5)
    gc.collect()
    gc.enable()


@pytest.fixture(autouse=True)
def garbage() -> Iterator[None]:
    """Collected after each test."""
    yield
    gc.collect()


@pytest.fixture(autouse=True)
def policy_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the policy is, in place of that of the computer that the tests run on; there is none at first.

    Whoever runs the tests counts as an administrator.
    """
    file = tmp_path / "site" / "policy.toml"
    file.parent.mkdir()
    monkeypatch.setattr(settings_paths, "site_policy_file", lambda: file)
    monkeypatch.setattr(administrators, "_who_else_may_write", lambda _: None)
    return file


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    """A home folder of its own, empty."""
    home = tmp_path / "home"
    monkeypatch.setenv("AUDIT_TRAILS_HOME", str(home))
    monkeypatch.setenv("HOME", str(home))
    return find_paths()


@pytest.fixture
def open_window(qtbot: QtBot, paths: Paths) -> Iterator[BuildWindow]:
    """Builds and shows the window, as often as it is called."""
    windows = []

    def build() -> MainWindow:
        window = build_window()
        assert isinstance(window, MainWindow)
        windows.append(window)
        qtbot.addWidget(window, before_close_func=_close_without_asking)
        window.show()
        qtbot.waitExposed(window)
        return window

    yield build
    while (dialog := QApplication.activeModalWidget()) and dialog.close():  # or it is in the next test's way
        pass


def _close_without_asking(window: MainWindow) -> None:
    """A failed test may leave something unsaved; nobody is there to answer. What the window has under way ends, as
    when it is closed, before that goes which the test made for it."""
    window.end()
    window.closeEvent = lambda event: event.accept()  # type: ignore[method-assign]


@pytest.fixture
def form(qtbot: QtBot, open_window: BuildWindow) -> FormUser:
    """The page *Export* of a new installation."""
    return FormUser(qtbot, open_window())
