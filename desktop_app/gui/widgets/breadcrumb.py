"""Where one is, as the admin page says it, Admin › Infrastructure › Audit Trails › Export; and by which clock."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_app.gui.widgets.plain_label import plain_labels
from desktop_app.gui.widgets.theme import AROUND, BETWEEN, GROUPS, INSIDE, set_role


class Breadcrumb(QWidget):
    """The way to a page: places outside this program, then `home`, which can be clicked, then the page. At the
    other end, the time zone of all times in the window, once that is known."""

    home_chosen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(GROUPS, AROUND, GROUPS, BETWEEN)
        self._row.setSpacing(INSIDE)
        self._page = QLabel(self)
        self._page.setObjectName("breadcrumb_page")
        self._zone = QLabel(self)
        self._zone.setObjectName("time_zone")
        set_role(self._zone, "hint")
        self._outside: list[str] = []
        self.home = QPushButton(self)
        self.home.setObjectName("breadcrumb_home")
        self.home.clicked.connect(self.home_chosen)
        set_role(self.home, "crumb")

    def set_way(self, outside: Sequence[str], home: str) -> None:
        """The places before the page."""
        self._outside = [*outside]
        for place in outside:
            for text in (place, "›"):
                self._row.addWidget(self._muted(text))
        self.home.setText(home)
        for each in (self.home, self._muted("›"), self._page):
            self._row.addWidget(each)
        self._row.addStretch(1)
        self._row.addWidget(self._zone)
        plain_labels(self)

    def show_page(self, name: str) -> None:
        """Name the page that is shown."""
        self._page.setText(name)
        self.setAccessibleName(" › ".join([*self._outside, self.home.text(), name]))

    def show_zone(self, name: str) -> None:
        """Name the time zone."""
        self._zone.setText(self.tr("Times in {zone}").format(zone=name))

    def _muted(self, text: str) -> QLabel:
        label = QLabel(text, self)
        set_role(label, "muted")
        return label
