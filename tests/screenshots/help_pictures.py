"""`.venv/bin/python -m tests.screenshots.help_pictures FOLDER`: the pictures of the help and of README, from those
that `python3 dev.py screenshots FOLDER --scales 1` took."""

import sys
from collections import Counter
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from tests.screenshots.__main__ import LANGUAGES
from tests.translations.texts import ROOT

# The state that each shows.
PICTURES = {"export": "export-1-locked", "sources": "sources-2-new", "history": "history-2-failed-run"}


def main() -> None:
    folder = Path(sys.argv[1])
    for language in LANGUAGES:
        for name, state in PICTURES.items():
            for scheme, ending in (("light", ""), ("dark", "-dark")):
                taken = folder / f"{language}-{scheme}-1" / f"{state}.png"
                _keep(taken, ROOT / "docs" / "help" / language / f"{name}{ending}.png")
    _keep(folder / "en-light-1" / "trails-3-search.png", ROOT / "docs" / "images" / "trails.png")


def _keep(taken: Path, to: Path) -> None:
    _with_a_palette(QImage(str(taken))).save(str(to), "PNG", 0)


def _with_a_palette(picture: QImage) -> QImage:
    """The picture in 256 colours, those of signs before shades of grey, which makes the file a third as large."""
    picture = picture.convertToFormat(QImage.Format.Format_RGB32)
    counts = Counter(memoryview(picture.constBits()).cast("I"))
    weights = {value: count * (1 + QColor(value).saturation() / 8) for value, count in counts.items()}
    palette = [0xFF000000 | value for value in sorted(weights, key=weights.__getitem__, reverse=True)[:256]]
    return picture.convertToFormat(QImage.Format.Format_Indexed8, palette, Qt.ImageConversionFlag.ThresholdDither)


if __name__ == "__main__":
    main()
