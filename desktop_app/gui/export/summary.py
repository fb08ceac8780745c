"""The settings as they are saved, in two lines."""

from contextlib import suppress

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from desktop_app.errors import BadSetting
from desktop_app.gui.formats import by_own_clock, zone_of
from desktop_app.gui.widgets.plain_label import PlainLabel
from desktop_app.gui.widgets.theme import AROUND, INSIDE, set_role
from desktop_app.schedule.spread import own_moment
from desktop_app.settings.algorithms import LIST_NAMES, choices
from desktop_app.settings.model import Settings

_APART = " · "


class Summary(QFrame):
    """Where the archives go, what they are and when; how many algorithms are ticked; buttons to change that and to
    see all of it."""

    edit: QPushButton
    show_all: QPushButton

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_role(self, "tile")
        self._where, self._algorithms = PlainLabel(self), PlainLabel(self)
        for label in (self._where, self._algorithms):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        set_role(self._where, "strong")
        set_role(self._algorithms, "hint")
        self.edit = QPushButton(self.tr("E&dit"), self)
        self.edit.setObjectName("edit")
        self.show_all = QPushButton(self.tr("S&how all settings"), self)
        self.show_all.setObjectName("show_all")
        self.show_all.setCheckable(True)
        set_role(self.show_all, "link")
        self.show_all.toggled.connect(self._say_what_it_does)
        button = QHBoxLayout()
        button.addWidget(self.show_all)
        button.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(INSIDE)
        words.addWidget(self._where)
        words.addWidget(self._algorithms)
        words.addLayout(button)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(AROUND, AROUND, AROUND, AROUND)
        layout.setSpacing(AROUND)
        layout.addLayout(words, 1)
        layout.addWidget(self.edit, 0, Qt.AlignmentFlag.AlignTop)

    @property
    def text(self) -> str:
        """Both lines."""
        return f"{self._where.text()}\n{self._algorithms.text()}"

    def show_settings(self, settings: Settings, *, by_another: bool = False) -> None:
        """Sum them up; `by_another`: a scheduler that this program does not know starts the export."""
        server = settings.server
        parts = [
            f"{server.user}@{server.host}:{server.path}",
            settings.export.format.upper(),
            self.tr("by your own scheduler") if by_another else self._words_of_schedule(settings),
        ]
        if server.auth != "password":
            parts.insert(1, self.tr("SSH key") if server.auth == "key" else self.tr("SSH agent"))
        self._where.setText(_APART.join(parts))
        self._algorithms.setText(self._words_of_algorithms(settings))

    def _words_of_schedule(self, settings: Settings) -> str:
        """When this computer starts, which the spread makes another time than that of all."""
        at = settings.schedule.at
        with suppress(BadSetting):
            at = own_moment(settings)
        return self.tr("daily {time}").format(time=by_own_clock(at, zone_of(settings.export.timezone)))

    def _words_of_algorithms(self, settings: Settings) -> str:
        server = settings.server
        counted = ", ".join(
            (
                self.tr("%n key exchange(s)", None, len(server.key_exchange)),
                self.tr("%n cipher(s)", None, len(server.ciphers)),
                self.tr("%n HMAC(s)", None, len(server.hmac)),
            )
        )
        weak = sum(
            bool(each.weak) and each.name in getattr(server, name) for name in LIST_NAMES for each in choices(name)
        )
        return self.tr("{algorithms}; {weak} weak").format(algorithms=counted, weak=weak) if weak else counted

    def _say_what_it_does(self, shown: bool) -> None:
        self.show_all.setText(self.tr("Show fewer settings") if shown else self.tr("S&how all settings"))
