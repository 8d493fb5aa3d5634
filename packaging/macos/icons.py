"""Draws the icons of the app and of its files: ``icons.py FOLDER`` writes two .icns there, the same bytes every time.

Needs PySide6 and Pillow, which the program has anyway, and no screen.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

sys.path.insert(0, str(Path(__file__).resolve().parent))
import facts

ROOT = Path(__file__).resolve().parents[2]
APP, SMALL_APP = (ROOT / "resources" / "icon" / name for name in ("visualnn.svg", "visualnn-small.svg"))
FILE = ROOT / "packaging" / "linux" / "application-x-visualnn+zip.svg"
SIZES = (32, 64, 128, 256, 512, 1024)  # pixels: up to 512 points of a Retina screen
BOLD_UP_TO = 32  # pixels up to which the drawing with fewer lines is used
TILE = 0.83  # of the side: macOS leaves a margin around the tile of an app


def main(folder: Path) -> None:
    """Write both."""
    application = QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    write(folder / facts.APP_ICON, lambda size: SMALL_APP if size <= BOLD_UP_TO else APP, TILE)
    write(folder / facts.FILE_ICON, lambda size: FILE, 1.0)
    application.quit()


def write(path: Path, drawing: Callable[[int], Path], share: float) -> None:
    """One .icns with every size."""
    pictures = [drawn(drawing(size), size, share) for size in SIZES]
    pictures[-1].save(path, append_images=pictures[:-1])


def drawn(svg: Path, size: int, share: float) -> Image.Image:
    """A drawing in the middle of a square, on `share` of its side."""
    image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    margin = size * (1 - share) / 2
    with QPainter(image) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        QSvgRenderer(str(svg)).render(painter, QRectF(margin, margin, size * share, size * share))
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return Image.open(io.BytesIO(bytes(content.data())))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
