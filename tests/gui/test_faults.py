"""How the window looks, by its widgets' own geometry: a part of the states of `python3 dev.py screenshots`, which
looks at all of them; with `--pairs`, in no more languages, schemes and scales than each two of these meet in.
"""

import itertools
from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui.about import AboutDialog
from desktop_app.gui.help.help_window import HelpWindow
from desktop_app.gui.widgets.choice_box import ChoiceBox
from desktop_app.gui.widgets.colors import SCHEMES
from desktop_app.gui.widgets.theme import choose_scheme
from tests.gui.conftest import BuildWindow
from tests.gui.form_user import WAIT
from tests.gui.test_accessibility import PAGES, language, show
from tests.screenshots.__main__ import LANGUAGES, SCALES, pairs
from tests.screenshots.faults import cut_off, faint, faults, overlapping
from tests.windows_gaps import needs

__all__ = ["language"]


@pytest.fixture(params=SCHEMES)
def scheme(request: pytest.FixtureRequest, qtbot: QtBot) -> Iterator[str]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    choose_scheme(app, request.param)
    yield request.param
    choose_scheme(app, None)


def require_no_faults(qtbot: QtBot, window: QWidget) -> None:
    """Once facts have come in, and the layout has followed."""
    try:
        qtbot.waitUntil(lambda: faults(window) == [], timeout=WAIT)
    except qtbot.TimeoutError:
        assert faults(window) == []


def test_pages_in_every_language(open_window: BuildWindow, qtbot: QtBot, language: str) -> None:
    window = open_window()
    for page in PAGES:
        show(window, page)
        require_no_faults(qtbot, window)


def test_pages_and_dialogs_in_every_scheme(open_window: BuildWindow, qtbot: QtBot, scheme: str) -> None:
    window = open_window()
    for page in PAGES:
        show(window, page)
        require_no_faults(qtbot, window)
    for dialog in (AboutDialog(window.paths, window), HelpWindow(window)):
        dialog.show()
        qtbot.waitExposed(dialog)
        require_no_faults(qtbot, dialog)


def test_each_two_of_languages_schemes_and_scales_meet() -> None:
    for one, other in itertools.combinations(range(3), 2):
        parts = (LANGUAGES, SCHEMES, SCALES)
        assert {(shot[one], shot[other]) for shot in pairs()} == set(itertools.product(parts[one], parts[other]))


def labels(qtbot: QtBot, *labels: QLabel) -> QWidget:
    top = QWidget()
    qtbot.addWidget(top)
    for label in labels:
        label.setParent(top)
    top.resize(300, 100)
    top.show()
    return top


def test_a_text_that_is_cut_off_is_found(qtbot: QtBot) -> None:
    label = QLabel("A text that needs more room")
    top = labels(qtbot, label)
    label.resize(label.sizeHint())
    assert cut_off(top) == []
    label.resize(label.sizeHint().width() - 10, label.sizeHint().height())
    assert len(cut_off(top)) == 1


def test_widgets_that_overlap_are_found(qtbot: QtBot) -> None:
    one, other = QLabel("one text"), QLabel("other text")
    top = labels(qtbot, one, other)
    for each, y in ((one, 0), (other, 50)):
        each.setGeometry(0, y, 200, 20)
    assert overlapping(top) == []
    other.move(0, 10)
    assert len(overlapping(top)) == 1


@needs("letters of full colour")
@pytest.mark.parametrize(("color", "found"), [("#767676", 0), ("#888888", 1)])
def test_a_faint_text_is_found(qtbot: QtBot, color: str, found: int) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    column = QVBoxLayout(top)
    for widget in (QLabel("MMMMM |||||"), QPushButton("MMMMM |||||")):
        widget.setStyleSheet(f"color: {color}; background: white; border: none;")
        column.addWidget(widget)
    top.show()
    assert len(faint(top)) == 2 * found


def test_what_stands_in_an_empty_box_can_be_read(qtbot: QtBot, scheme: str) -> None:
    top = QWidget()
    qtbot.addWidget(top)
    box = ChoiceBox()
    box.setEditable(True)
    line = box.lineEdit()
    assert line is not None
    line.setPlaceholderText("as they are recognised")
    column = QVBoxLayout(top)
    for widget in (QPushButton("has the focus"), box):  # a caret would be seen
        column.addWidget(widget)
    top.resize(400, 60)
    top.show()
    qtbot.waitExposed(top)
    assert faint(top) == []
