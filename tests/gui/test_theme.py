"""Whether what is written can be read, in light and dark."""

import itertools

import pytest
from PySide6.QtGui import QColor

from desktop_app.resources import load_toml

TEXTS = ("text", "muted", "accent", "ok", "wait", "bad")
PAIRS = [*itertools.product(TEXTS, ("surface", "raised", "chosen")), ("on_accent", "accent")]


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in QColor(color).getRgbF()[:3]]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast(scheme: str) -> None:
    colors = load_toml("style/colors")[scheme]
    too_low = [pair for pair in PAIRS if contrast(colors[pair[0]], colors[pair[1]]) < 4.5]
    too_low += [("edge", on) for on in ("surface", "raised") if contrast(colors["edge"], colors[on]) < 3]
    assert not too_low
