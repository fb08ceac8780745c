"""One fact at a glance: what it is about, the fact with a sign, and a line more."""

from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop_app.gui.widgets.icon_label import IconLabel
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import INSIDE, set_role


class Tile(QFrame):
    """`text` of its colour and sign: ok, wait, bad, or muted where there is nothing yet."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption, self._text, self._detail = PlainLabel(self), PlainLabel(self), PlainLabel(self)
        set_role(self._caption, "hint")
        set_role(self._detail, "hint")
        self._detail.setWordWrap(True)
        for line in (self._caption, self._text):
            line.setSizePolicy(
                QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed
            )  # never less than its height
        self._icon = IconLabel(self)
        fact = QHBoxLayout()
        fact.setSpacing(INSIDE)
        fact.addWidget(self._icon)
        fact.addWidget(self._text, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(INSIDE // 2)
        layout.addWidget(self._caption)
        layout.addLayout(fact)
        layout.addWidget(self._detail)
        layout.addStretch()

    @property
    def text(self) -> str:
        """All that it says, as a screen reader reads it."""
        return ", ".join(filter(None, (self._caption.text(), self._text.text(), self._detail.text())))

    def set_caption(self, caption: str) -> None:
        """What the fact is about."""
        self._caption.setText(caption)

    def tell(self, icon_name: str, color_name: str, text: str, detail: str) -> None:
        """Show a fact."""
        self._icon.show_icon(icon_name, color_name)
        self._text.setText(text)
        set_role(self._text, f"fact-{color_name}")
        self._detail.setText(detail)
        self.setAccessibleName(self.text)
