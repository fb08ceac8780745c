from pytestqt.qtbot import QtBot

from desktop_app.gui.widgets.theme import app_icon


def test_the_smallest_icon_has_a_drawing_of_its_own(qtbot: QtBot) -> None:
    icon = app_icon()
    assert [size.width() for size in icon.availableSizes()] == [16, 22, 24, 32, 44, 48, 64, 128, 256]
    small = icon.pixmap(16, 16).toImage()
    assert small.pixelColor(3, 10).name() == "#ffffff"  # the dot before the arrow, as sharp as the pixels
    assert small.pixelColor(2, 10).name() == "#2356c4"
