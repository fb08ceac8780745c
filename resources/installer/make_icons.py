"""The program's icon in every size, from the drawings in `resources/icons/app`.

python resources/installer/make_icons.py FOLDER    writes hicolor/<size>x<size>/apps/audit-trails.png for Linux,
                                                   hicolor/scalable/apps/audit-trails.svg and audit-trails.ico
"""

import shutil
import struct
import sys
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

DRAWINGS = Path(__file__).resolve().parents[1] / "icons" / "app"
LINUX_SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)
WINDOWS_SIZES = (16, 20, 24, 32, 40, 48, 64, 256)
_FINE_FROM = 20  # pixels; below, the detailed drawing blurs


def make_icons(folder: Path) -> None:
    """Write the icons of both systems below `folder`."""
    for size in LINUX_SIZES:
        target = folder / "hicolor" / f"{size}x{size}" / "apps" / "audit-trails.png"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(png(size))
    scalable = folder / "hicolor" / "scalable" / "apps" / "audit-trails.svg"
    scalable.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(DRAWINGS / "audit-trails.svg", scalable)
    (folder / "audit-trails.ico").write_bytes(ico(WINDOWS_SIZES))


def png(size: int) -> bytes:
    """The icon as PNG, `size` pixels wide and high."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    _drawn(size).save(buffer, "PNG")
    return bytes(buffer.data().data())


def ico(sizes: tuple[int, ...]) -> bytes:
    """An ICO file: bitmaps of 32 bits, and PNG for the size of 256 (as Windows Vista and later have it)."""
    images = [png(size) if size == 256 else _bitmap(size) for size in sizes]
    head, place = struct.pack("<HHH", 0, 1, len(sizes)), 6 + 16 * len(sizes)
    for size, image in zip(sizes, images, strict=True):
        head += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(image), place)
        place += len(image)
    return head + b"".join(images)


def _bitmap(size: int) -> bytes:
    """A device-independent bitmap as icons have it: twice the height, for the (empty) mask that follows."""
    image = _drawn(size).convertToFormat(QImage.Format.Format_ARGB32).flipped(Qt.Orientation.Vertical)
    mask = bytes((size + 31) // 32 * 4 * size)
    head = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, 0, 0, 0, 0, 0)
    return head + bytes(image.constBits()) + mask


def _drawn(size: int) -> QImage:
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    drawing = "audit-trails.svg" if size >= _FINE_FROM else "audit-trails-16.svg"
    QSvgRenderer(str(DRAWINGS / drawing)).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return image


if __name__ == "__main__":
    make_icons(Path(sys.argv[1]))
