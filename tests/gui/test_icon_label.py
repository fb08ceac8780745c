"""An icon in a layout that gives it more height or width than it asks for."""

import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop_app.gui.widgets.icon_label import IconLabel


@pytest.mark.parametrize("more", [(0, 16), (24, 0), (24, 16)])
def test_an_icon_is_never_stretched(qtbot: QtBot, more: tuple[int, int]) -> None:
    label = IconLabel()
    qtbot.addWidget(label)
    label.show_icon("alert", "bad")
    asked = label.sizeHint()
    label.resize(asked)
    as_asked = _drawn(label.grab().toImage())
    label.resize(asked.width() + more[0], asked.height() + more[1])
    assert _drawn(label.grab().toImage()) == as_asked > (4, 4)


def _drawn(image: QImage) -> tuple[int, int]:
    """How many columns and rows have something of another colour than the corner."""
    ground = image.pixel(0, 0)
    dots = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != ground]
    return len({x for x, _ in dots}), len({y for _, y in dots})
