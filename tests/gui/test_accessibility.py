"""Whether everybody can use the window: with the keyboard, a screen reader, large text, in every language."""

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QLocale, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_app.gui.language import speak
from desktop_app.gui.sources.sources_page import SourcesPage
from desktop_app.gui.window import MainWindow
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT, add_source
from tests.screenshots.faults import cut_off
from tests.translations.__main__ import SPOKEN

PAGES = ("export", "history", "trails", "sources", "source_catalogue", "source_editor", "service_editor")


@pytest.fixture(params=SPOKEN)
def language(request: pytest.FixtureRequest, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The program speaks this language, for one test."""
    app = QApplication.instance()
    assert app is not None
    installed = []

    def install(translator: object) -> bool:
        installed.append(translator)
        return bool(real(translator))  # type: ignore[arg-type]

    real = QCoreApplication.installTranslator
    monkeypatch.setattr(QCoreApplication, "installTranslator", staticmethod(install))
    speak(app, QLocale(request.param))
    yield request.param
    for translator in installed:
        QCoreApplication.removeTranslator(translator)  # type: ignore[arg-type]


def show(window: MainWindow, page: str) -> QWidget:
    """A page, or the catalogue of sources, or the form of a new one."""
    name = "sources" if page in ("source_catalogue", "source_editor", "service_editor") else page
    window.findChild(QAbstractButton, f"show_{name}").click()
    found = window.page(f"{name.title()}Page")
    assert found is not None
    if page == "source_catalogue":
        found.add.click()  # type: ignore[attr-defined]
    elif page.endswith("_editor"):
        assert isinstance(found, SourcesPage)
        add_source(found, "okta" if page == "service_editor" else "folder")
    for more in found.findChildren(QAbstractButton, "more"):
        if more.isVisible():
            more.click()
    QApplication.processEvents()
    return found


def visible(window: QWidget, kind: type[QWidget]) -> list[QWidget]:
    return [each for each in window.findChildren(kind) if each.isVisible() and each.size().width() > 0]


def spoken_name(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Name) if interface else widget.accessibleName()


@pytest.mark.parametrize("page", PAGES)
def test_all_that_takes_the_focus_has_a_name(open_window: BuildWindow, page: str) -> None:
    window = open_window()
    show(window, page)
    nameless = [
        f"{type(each).__name__} {each.objectName()}"
        for each in visible(window, QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and not spoken_name(each).strip() and not _is_inside(each)
    ]
    assert nameless == []


@pytest.mark.parametrize("page", PAGES)
def test_tab_goes_through_all_and_downwards(open_window: BuildWindow, qtbot: QtBot, page: str) -> None:
    """In the order of reading: never back up by more than a row, but from the end to the beginning."""
    window = open_window()
    window.resize(1000, 2400)  # so that nothing scrolls
    shown = show(window, page)
    window.activateWindow()
    first = window.focusWidget() or window
    seen: list[QWidget] = []
    for _ in range(200):
        QApplication.focusWidget() or first.setFocus()
        qtbot.keyClick(QApplication.focusWidget() or first, Qt.Key.Key_Tab)
        now = QApplication.focusWidget()
        if now is None or (seen and now is seen[0]):
            break
        seen += [now] if now not in seen else []  # the parts of a time are one widget
    reachable = {
        each
        for each in visible(shown, QWidget)
        if each.focusPolicy() & Qt.FocusPolicy.TabFocus and each.isEnabled() and not _is_inside(each)
    }
    assert {each.objectName() for each in reachable - set(seen)} == set()
    inside = [each for each in seen if shown.isAncestorOf(each)]
    tops = [each.mapTo(window, each.rect().center()).y() for each in inside]
    backwards = [
        (one.objectName(), other.objectName())
        for one, other, above, below in zip(inside, inside[1:], tops, tops[1:], strict=False)
        if below < above - 40 and one.parent() is other.parent()
    ]
    assert backwards == []


@pytest.mark.parametrize("page", PAGES)
def test_no_letter_for_alt_stands_twice(open_window: BuildWindow, language: str, page: str) -> None:
    window = open_window()
    show(window, page)
    texts = [each.text() for each in visible(window, QAbstractButton)]  # type: ignore[attr-defined]
    texts += [each.text() for each in visible(window, QLabel) if each.buddy()]  # type: ignore[attr-defined]
    letters = [match[1].lower() for text in texts if (match := re.search("&([^&])", text))]
    assert sorted(letters) == sorted(set(letters)), texts


@pytest.mark.parametrize("size", [(720, 560), (1000, 760)])
@pytest.mark.parametrize("page", PAGES)
def test_no_text_is_cut_off(
    open_window: BuildWindow, qtbot: QtBot, language: str, page: str, size: tuple[int, int]
) -> None:
    window = open_window()
    show(window, page)
    window.resize(*size)

    def all_fits() -> None:
        assert cut_off(window) == []
        for area in visible(window, QScrollArea):
            assert isinstance(area, QScrollArea)
            assert area.widget().minimumSizeHint().width() <= area.viewport().width(), area.objectName()

    qtbot.waitUntil(all_fits, timeout=WAIT)  # facts come in, and the layout follows


def _is_inside(widget: QWidget) -> bool:
    """Whether this is a part of a widget that has a name itself: a table's header, a box's line."""
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, QComboBox | QAbstractSpinBox | QTabBar | QLineEdit):
            return True
        if isinstance(parent, QAbstractScrollArea) and not isinstance(parent, QScrollArea):
            return True
        parent = parent.parentWidget()
    return False
