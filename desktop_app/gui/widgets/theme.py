"""How the program looks: named colours for light and dark, one style sheet, icons in the colour of the text."""

import sys
from collections.abc import Mapping
from functools import cache
from string import Template
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QStyleHints,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QWidget

from desktop_app.gui.called_by_qt import called_by_qt
from desktop_app.gui.widgets.colors import colors_from, colors_of
from desktop_app.resources import resource_path

if TYPE_CHECKING:
    from PySide6.QtGui import QAccessibilityHints

# 8-pixel rhythm: inside a thing, between things, around, between groups.
INSIDE, BETWEEN, AROUND, GROUPS = 4, 8, 16, 24
# Where high contrast means colours that somebody has chosen one by one.
_ON_WINDOWS = sys.platform == "win32"
# The named colours as they are now.
_current: dict[str, str] = {}
_SIZES = {"title": 1.6, "headline": 1.35, "hint": 0.9}


def apply_theme(app: QApplication) -> None:
    """Give the program its look, now and whenever the system turns light or dark."""
    if app.property("themed"):
        return
    app.setProperty("themed", True)
    app.setStyle("Fusion")
    app.styleHints().colorSchemeChanged.connect(lambda _: _dress(app))
    if wishes := _wishes():
        wishes.contrastPreferenceChanged.connect(lambda _: _dress(app))
    _dress(app)


def is_dark() -> bool:
    """Whether texts are light on a dark ground."""
    return color("surface").lightness() < 128


def choose_scheme(app: QApplication, scheme: str | None) -> None:
    """One of SCHEMES whatever the system asks for, as where a screen has no such wish; None for the system's."""
    app.setProperty("scheme", scheme)
    _dress(app)


def color(name: str) -> QColor:
    """A named colour as it is now: text, muted, disabled, disabled_line, surface, raised, chosen, line, edge,
    accent, on_accent, ok, wait, bad."""
    return QColor(_current[name] if _current else colors_of(_scheme_of_system())[name])


def icon(name: str, color_name: str = "text") -> QIcon:
    """The icon `resources/icons/<name>.svg`, sharp at every size, in a named colour that follows the theme."""
    return QIcon(_SvgIcon(name, color_name))


def app_icon() -> QIcon:
    """The program's own icon; the smallest size has a drawing of its own."""
    drawn = QIcon()
    for size in (16, 22, 24, 32, 44, 48, 64, 128, 256):
        drawing = "audit-trails-16.svg" if size == 16 else "audit-trails.svg"
        drawn.addPixmap(QIcon(str(resource_path(f"icons/app/{drawing}"))).pixmap(QSize(size, size), 1.0))
    return drawn


def set_role(widget: QWidget, role: str) -> None:
    """Say what a widget is, for the style sheet: its rules for `[role="…"]` count from now on."""
    _mark(widget, "role", role)


def show_locked(widget: QWidget, locked: bool) -> None:
    """Let a field look as one that can't be changed, or that can: `[locked="true"]` in the style sheet."""
    _mark(widget, "locked", locked)


def show_wrong(field: QWidget, wrong: bool) -> None:
    """Let a field look as one whose value can't be right, or as any other: `[wrong="true"]` in the style sheet."""
    _mark(field, "wrong", wrong)


def _mark(widget: QWidget, name: str, value: object) -> None:
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def font_scale(factor: float) -> float:
    """Points of a text `factor` times as large as the system's."""
    return QApplication.font().pointSizeF() * factor


def _dress(app: QApplication) -> None:
    app.setPalette(QPalette())  # the system's, from which colours may be taken
    colors = _colors_for(app)
    _current.update(colors)
    app.setPalette(_palette(colors))
    sizes = {f"{name}_size": f"{font_scale(factor):.1f}pt" for name, factor in _SIZES.items()}
    tick = "white" if QColor(colors["on_accent"]).lightness() > 128 else "black"
    icons = {"icons": resource_path("icons").as_posix(), "tick": tick}
    fonts = {"fixed_font": QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont).family()}
    text = resource_path("style/window.qss").read_text(encoding="utf-8")
    app.setStyleSheet(Template(text).substitute({**colors, **sizes, **icons, **fonts}))


def _colors_for(app: QApplication) -> Mapping[str, str]:
    if scheme := app.property("scheme"):
        return colors_of(scheme)
    if _ON_WINDOWS and _wants_contrast():
        return colors_from(app.palette())
    return colors_of(_scheme_of_system())


def _scheme_of_system() -> str:
    scheme = "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"
    return f"contrast-{scheme}" if _wants_contrast() else scheme


def _wants_contrast() -> bool:
    wishes = _wishes()
    return wishes is not None and wishes.contrastPreference() == Qt.ContrastPreference.HighContrast


def _wishes() -> "QAccessibilityHints | None":
    """What the system says of its user's needs; Qt does so since 6.10."""
    return _hints().accessibility() if hasattr(_hints(), "accessibility") else None


@cache
def _hints() -> QStyleHints:
    """Kept, for PySide takes what it gave out before along when it lets go of it."""
    return QGuiApplication.styleHints()


def _palette(colors: Mapping[str, str]) -> QPalette:
    role = QPalette.ColorRole
    palette = QPalette(QColor(colors["surface"]))
    for each, name in {
        role.Window: "surface",
        role.WindowText: "text",
        role.Base: "raised",
        role.AlternateBase: "surface",
        role.Text: "text",
        role.Button: "raised",
        role.ButtonText: "text",
        role.ToolTipBase: "raised",
        role.ToolTipText: "text",
        role.PlaceholderText: "muted",
        role.Highlight: "accent",
        role.HighlightedText: "on_accent",
        role.Link: "accent",
        role.Accent: "accent",
        role.Mid: "line",
    }.items():
        palette.setColor(each, QColor(colors[name]))
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, each, QColor(colors["disabled"]))
    return palette


@cache
def _svg(name: str) -> str:
    return resource_path(f"icons/{name}.svg").read_text(encoding="utf-8")


class _SvgIcon(QIconEngine):
    """Draws an SVG whose colour is `currentColor`."""

    def __init__(self, name: str, color_name: str) -> None:
        super().__init__()
        self._name = name
        self._color_name = color_name

    @called_by_qt
    def clone(self) -> QIconEngine:
        return _SvgIcon(self._name, self._color_name)

    @called_by_qt
    def paint(self, painter: QPainter, rect: object, mode: QIcon.Mode, state: QIcon.State) -> None:
        name = "disabled" if mode == QIcon.Mode.Disabled else self._color_name
        svg = _svg(self._name).replace("currentColor", color(name).name())
        QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(rect))  # type: ignore[call-overload]

    @called_by_qt
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, pixmap.rect(), mode, state)
        painter.end()
        return pixmap
