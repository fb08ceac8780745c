"""Whether what is written can be read: in light, dark, high contrast, and colours that somebody chose."""

import itertools
from collections import Counter
from collections.abc import Iterator, Mapping

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QCheckBox, QPushButton, QStyle, QStyleOptionButton, QWidget
from pytestqt.qtbot import QtBot

from desktop_app.gui.widgets import theme
from desktop_app.gui.widgets.colors import SCHEMES, colors_from, colors_of, contrast
from desktop_app.gui.widgets.theme import apply_theme, choose_scheme, color

TEXTS = ("text", "muted", "accent", "ok", "wait", "bad")
PAIRS = [*itertools.product(TEXTS, ("surface", "raised", "chosen")), ("on_accent", "accent")]


def too_low(colors: Mapping[str, str], text: float, edge: float) -> list[tuple[str, str]]:
    def between(one: str, other: str) -> float:
        return contrast(QColor(colors[one]), QColor(colors[other]))

    found = [pair for pair in PAIRS if between(*pair) < text]
    return found + [("edge", on) for on in ("surface", "raised") if between("edge", on) < edge]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_contrast(scheme: str) -> None:
    assert too_low(colors_of(scheme), *((7, 4.5) if scheme.startswith("contrast") else (4.5, 3))) == []


def test_the_scale_of_contrast() -> None:
    assert round(contrast(QColor("white"), QColor("black")), 3) == 21
    assert round(contrast(QColor("#767676"), QColor("white")), 2) == 4.54


# As Windows has them: Aquatic, Desert, Dusk, Night sky; and one that somebody chose badly.
CHOSEN = {
    "aquatic": ("#202020", "#ffffff", "#8ee3f0", "#263b50"),
    "desert": ("#fffaef", "#3d3d3d", "#903909", "#fff5e3"),
    "dusk": ("#2d3236", "#ffffff", "#abcfef", "#212d3b"),
    "night sky": ("#000000", "#ffffff", "#d6b4fd", "#2b2b2b"),
    "bad": ("#ffffff", "#000000", "#ffff00", "#ffffff"),
}


def palette(name: str) -> QPalette:
    window, text, highlight, highlighted = map(QColor, CHOSEN[name])
    found = QPalette(window)
    role = QPalette.ColorRole
    for each, value in (
        (role.Window, window), (role.Base, window), (role.WindowText, text), (role.Text, text),
        (role.Highlight, highlight), (role.HighlightedText, highlighted),
    ):  # fmt: skip
        found.setColor(each, value)
    return found


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_disabled_button_can_be_read_and_is_not_taken_for_another(
    app: QApplication, qtbot: QtBot, scheme: str
) -> None:
    choose_scheme(app, scheme)
    button = QPushButton("Add a source")
    qtbot.addWidget(button)
    button.show()

    def drawn(enabled: bool) -> Counter[str]:
        button.setEnabled(enabled)
        image = button.grab().toImage()
        return Counter(image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height()))

    colors = colors_of(scheme)
    off, on = colors["disabled"], colors["text"]
    assert drawn(enabled=True)[on] > 0 and drawn(enabled=False)[off] > 0 and drawn(enabled=False)[on] == 0
    assert colors["disabled_line"] in drawn(enabled=False) and colors["edge"] not in drawn(enabled=False)
    assert all(contrast(QColor(off), QColor(colors[ground])) >= 4.5 for ground in ("surface", "raised"))
    assert contrast(QColor(off), QColor(on)) >= 2


@pytest.mark.parametrize("name", CHOSEN)
def test_colours_that_somebody_chose_are_kept_where_they_can_be_read(name: str) -> None:
    colors = colors_from(palette(name))
    assert colors.keys() == colors_of("light").keys()
    assert too_low(colors, 4.5, 4.5) == []
    window, text, highlight, _ = CHOSEN[name]
    assert (colors["surface"], colors["text"]) == (window, text)
    assert (colors["accent"] == highlight) is (name != "bad")


@pytest.fixture
def app(qtbot: QtBot) -> Iterator[QApplication]:
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    apply_theme(app)
    yield app
    choose_scheme(app, None)


class _Wishes:
    def contrastPreference(self) -> Qt.ContrastPreference:
        return Qt.ContrastPreference.HighContrast


def test_the_systems_wish_for_contrast_is_followed(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    assert theme._scheme_of_system() in ("light", "dark")
    monkeypatch.setattr(theme, "_wishes", lambda: _Wishes())
    assert theme._scheme_of_system() in ("contrast-light", "contrast-dark")


def test_windows_has_the_colours_that_were_chosen(app: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "_wishes", lambda: _Wishes())
    monkeypatch.setattr(theme, "_ON_WINDOWS", True)
    choose_scheme(app, None)
    assert color("surface").name() == app.palette().window().color().name()
    assert color("surface").name() not in {colors_of(scheme)["surface"] for scheme in SCHEMES}
    monkeypatch.undo()
    choose_scheme(app, None)
    assert color("surface").name() in {colors_of(scheme)["surface"] for scheme in SCHEMES}


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_chosen_scheme_is_what_is_seen(app: QApplication, qtbot: QtBot, scheme: str) -> None:
    choose_scheme(app, scheme)
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.resize(20, 20)
    widget.show()
    assert widget.grab().toImage().pixelColor(10, 10).name() == colors_of(scheme)["surface"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_check_box_can_be_seen_and_its_tick(app: QApplication, qtbot: QtBot, scheme: str) -> None:
    choose_scheme(app, scheme)
    box = QCheckBox()
    qtbot.addWidget(box)
    box.show()
    colors = colors_of(scheme)

    def drawn(checked: bool, inside: int) -> set[str]:
        box.setChecked(checked)
        option = QStyleOptionButton()
        option.initFrom(box)
        place = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
        image = box.grab(place.adjusted(inside, inside, -inside, -inside)).toImage()
        return {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())}

    assert colors["edge"] in drawn(checked=False, inside=0)
    filled = drawn(checked=True, inside=3)
    assert colors["accent"] in filled
    assert max(contrast(QColor(each), QColor(colors["accent"])) for each in filled) >= 4.5
