"""Draws visualnn.ico and vnn.ico from the drawings of the program and of its files: ``icons.py [FOLDER]``.

Both are committed beside this script, for packing needs no Qt; run it again when a drawing changes. Pictures up
to 48 pixels are bitmaps, which every part of Windows reads; larger ones are PNG. There is a size for each usual scale
of a screen (100 to 250 %), so that Windows never has to blur one.
"""

from __future__ import annotations

import os
import struct
import sys
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
PROGRAM, PROGRAM_SMALL = (ROOT / "resources" / "icon" / name for name in ("visualnn.svg", "visualnn-small.svg"))
FILE = ROOT / "packaging" / "linux" / "application-x-visualnn+zip.svg"
SIZES = (16, 20, 24, 32, 40, 48, 64, 128, 256)
LARGEST_SMALL = 40  # up to here the program's icon has fewer and bolder lines
LARGEST_BITMAP = 48
HEADER, ENTRY, BITMAP = struct.Struct("<3H"), struct.Struct("<4B2H2I"), struct.Struct("<I2i2H6I")


def main(folder: Path) -> None:
    """Write both icons."""
    small = dict.fromkeys((size for size in SIZES if size <= LARGEST_SMALL), PROGRAM_SMALL)
    (folder / "visualnn.ico").write_bytes(icon({size: small.get(size, PROGRAM) for size in SIZES}))
    (folder / "vnn.ico").write_bytes(icon(dict.fromkeys(SIZES, FILE)))


def icon(drawings: dict[int, Path]) -> bytes:
    """An icon with a picture of each size."""
    pictures = [(size, picture(drawn(drawing, size))) for size, drawing in sorted(drawings.items())]
    place = HEADER.size + ENTRY.size * len(pictures)
    head = HEADER.pack(0, 1, len(pictures))
    for size, content in pictures:
        head += ENTRY.pack(size % 256, size % 256, 0, 0, 1, 32, len(content), place)
        place += len(content)
    return head + b"".join(content for _, content in pictures)


def drawn(drawing: Path, size: int) -> QImage:
    """The drawing as a square of pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(drawing)).render(painter)
    painter.end()
    return image.convertToFormat(QImage.Format.Format_ARGB32)


def picture(image: QImage) -> bytes:
    """A square as an icon holds it."""
    return bitmap(image) if image.width() <= LARGEST_BITMAP else png(image)


def bitmap(image: QImage) -> bytes:
    """Rows from below, then the mask of old screens, in which nothing is left out: the colours say how opaque."""
    size, upside_down = image.width(), image.flipped(Qt.Orientation.Vertical)
    rows = bytes(upside_down.constBits())
    mask = bytes((size + 31) // 32 * 4 * size)
    return BITMAP.pack(BITMAP.size, size, 2 * size, 1, 32, 0, len(rows) + len(mask), 0, 0, 0, 0) + rows + mask


def png(image: QImage) -> bytes:
    """The same, compressed."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return content.data()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else HERE)
