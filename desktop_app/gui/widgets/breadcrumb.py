"""Where one is, as the admin page says it, Admin › Infrastructure › Audit Trails › Export; and by which clock."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.plain_label import plain_labels
from desktop_app.gui.widgets.theme import AROUND, BETWEEN, GROUPS, INSIDE, set_role

_ANOTHER_ROOM = (QEvent.Type.LayoutRequest, QEvent.Type.Resize, QEvent.Type.FontChange)


class Breadcrumb(QWidget):
    """The way to a page: places outside this program, then `home`, which can be clicked, then the page. At the
    other end, the time zone of all times in the window, once that is known. Without room for all of it, the places
    outside are left out.
    """

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
        self._left_out: list[QWidget] = []
        self.home = QPushButton(self)
        self.home.setObjectName("breadcrumb_home")
        self.home.clicked.connect(self.home_chosen)
        set_role(self.home, "crumb")

    def set_way(self, outside: Sequence[str], home: str) -> None:
        """The places before the page."""
        self._outside = [*outside]
        for place in outside:
            for text in (place, "›"):
                self._left_out.append(self._muted(text))
                self._row.addWidget(self._left_out[-1])
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

    @called_by_qt
    def event(self, event: QEvent) -> bool:
        if event.type() in _ANOTHER_ROOM:
            has_room = self._needs([]) <= self.width()
            for each in self._left_out:
                each.setVisible(has_room)
        return super().event(event)

    @called_by_qt
    def minimumSizeHint(self) -> QSize:
        return QSize(self._needs(self._left_out), super().minimumSizeHint().height())

    def _needs(self, but: Collection[QWidget]) -> int:
        """The width of all that stands here, but for some."""
        items = [self._row.itemAt(place) for place in range(self._row.count())]
        shown = [each for item in items if item and (each := item.widget()) and each not in but]
        for each in shown:
            each.ensurePolished()
        margins = self._row.contentsMargins()
        widths = sum(each.sizeHint().width() for each in shown) + self._row.spacing() * len(shown)
        return margins.left() + widths + margins.right()

    def _muted(self, text: str) -> QLabel:
        label = QLabel(text, self)
        set_role(label, "muted")
        return label
