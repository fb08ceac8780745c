"""The buttons below a page that scrolls."""

from PySide6.QtWidgets import QLayout, QScrollArea

from desktop_app.gui.widgets.theme import GROUPS


def end_with_fields(bar: QLayout, area: QScrollArea) -> None:
    """From now on, what is in `bar` ends where the fields of `area` end, with and without a scroll bar."""
    scroll = area.verticalScrollBar()

    def align() -> None:
        margins = bar.contentsMargins()
        margins.setRight(GROUPS + (scroll.sizeHint().width() if scroll.maximum() > 0 else 0))
        bar.setContentsMargins(margins)

    scroll.rangeChanged.connect(align)
