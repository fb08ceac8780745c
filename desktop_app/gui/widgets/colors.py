"""The named colours: of this program for light, dark and high contrast, and of a theme of the system."""

from collections.abc import Mapping
from functools import cache

from PySide6.QtGui import QColor, QPalette

from desktop_app.resources import load_toml

SCHEMES = ("light", "dark", "contrast-light", "contrast-dark")
# What WCAG 2.2 asks of a text (AA).
LEAST_CONTRAST = 4.5
_SIGNS = ("ok", "wait", "bad")


@cache
def colors_of(scheme: str) -> Mapping[str, str]:
    """The named colours of one of SCHEMES, as #rrggbb."""
    colors: dict[str, str] = load_toml("style/colors")[scheme]
    return colors


def colors_from(palette: QPalette) -> Mapping[str, str]:
    """The named colours where somebody has chosen all colours of the system, as on Windows for high contrast.

    What would be hard to read with them has the colour of the text.
    """
    role = QPalette.ColorRole
    text, surface = palette.color(role.WindowText), palette.color(role.Window)
    raised = _readable(palette.color(role.Base), text, surface)
    accent = _readable(palette.color(role.Highlight), surface, text)
    on_accent = _readable(palette.color(role.HighlightedText), accent, surface)
    mixed = (_mixed(surface, accent, part) for part in (4, 8, 16))
    chosen = next((each for each in mixed if _reads(text, each) and _reads(accent, each)), surface)
    grounds = (surface, raised, chosen)
    own = colors_of("contrast-dark" if surface.lightness() < 128 else "contrast-light")
    disabled = _readable(palette.color(QPalette.ColorGroup.Disabled, role.WindowText), surface, text)
    found = {
        **dict.fromkeys(("text", "muted", "line", "edge"), text),
        **dict.fromkeys(("disabled", "disabled_line"), disabled),
        "surface": surface,
        "raised": raised,
        "accent": accent,
        "on_accent": on_accent,
        "chosen": chosen,
    }
    for name in _SIGNS:
        sign = QColor(own[name])
        found[name] = sign if all(_reads(sign, ground) for ground in grounds) else text
    return {name: color.name() for name, color in found.items()}


def contrast(one: QColor, other: QColor) -> float:
    """The contrast of two colours by WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: QColor) -> float:
    parts = (color.redF(), color.greenF(), color.blueF())
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _reads(color: QColor, on: QColor) -> bool:
    return contrast(color, on) >= LEAST_CONTRAST


def _readable(color: QColor, on: QColor, otherwise: QColor) -> QColor:
    return color if _reads(color, on) else otherwise


def _mixed(one: QColor, other: QColor, part: int) -> QColor:
    """The first colour with one in `part` parts of the other."""
    pairs = ((one.red(), other.red()), (one.green(), other.green()), (one.blue(), other.blue()))
    return QColor(*((a * (part - 1) + b) // part for a, b in pairs))
