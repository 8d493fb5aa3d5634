"""Pictures of a shot: PNG at twice the points, SVG and PDF as true curves and letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRect, QRectF, QSizeF
from PySide6.QtGui import QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from visualnn import __version__
from visualnn.gui import theme
from visualnn.gui.export.lettering import lettered
from visualnn.gui.export.paper import paint_shot, picture
from visualnn.gui.export.shot import Shot
from visualnn.gui.export.target import beside
from visualnn.nn.errors import VisualNNError
from visualnn.scene.frame import Text

PNG_RATIO = 2.0
PDF_FINE = 4  # steps of a PDF's grid to the point: letters stand exactly
POINTS_TO_THE_INCH = 72


def write_png(shot: Shot, path: Path, ratio: float = PNG_RATIO) -> None:
    """A picture of pixels, `ratio` to the point."""
    image = picture(shot, ratio)
    image.setDevicePixelRatio(1.0)
    image.setText("Title", shot.title)
    image.setText("Software", f"VisualNN {__version__}")
    with beside(path) as file:
        if not image.save(str(file), "PNG"):
            file.touch()  # whose error says more
            raise VisualNNError(f"{path.name} could not be written.")


def write_svg(shot: Shot, path: Path) -> None:
    """Curves, shapes and letters; only what is a picture itself is one in the file."""
    with beside(path) as file:
        file.touch()
        made = QSvgGenerator()
        made.setFileName(str(file))
        made.setResolution(POINTS_TO_THE_INCH)
        made.setSize(QSizeF(shot.width, shot.height).toSize())
        made.setViewBox(QRectF(0, 0, round(shot.width), round(shot.height)))
        made.setTitle(shot.title)
        made.setDescription("".join(text for text, _role, _weight in shot.words))
        with QPainter(made) as painter:
            texts = paint_shot(painter, shot, vector=True)
        file.write_text(_tidied(file.read_text(encoding="utf-8"), shot, texts), encoding="utf-8")


def _tidied(svg: str, shot: Shot, texts: Iterable[Text]) -> str:
    """Sizes in pixels, and letters that exist everywhere."""
    size = f'<svg width="{round(shot.width)}" height="{round(shot.height)}"'
    svg = re.sub(r'<svg width="[^"]*" height="[^"]*"', size, svg, count=1)
    return lettered(svg, [theme.text_width(text.text, text.size, text.weight) for text in texts if text.text.strip()])


def write_pdf(shot: Shot, path: Path) -> None:
    """One page as large as the picture, its letters embedded."""
    with beside(path) as file:
        file.touch()
        made = QPdfWriter(str(file))
        made.setTitle(shot.title)
        made.setCreator(f"VisualNN {__version__}")
        made.setResolution(POINTS_TO_THE_INCH * PDF_FINE)
        made.setPageSize(QPageSize(QSizeF(shot.width, shot.height), QPageSize.Unit.Point))
        made.setPageMargins(QMarginsF(0, 0, 0, 0))
        with QPainter(made) as painter:
            painter.scale(PDF_FINE, PDF_FINE)
            painter.setClipRect(QRect(0, 0, round(shot.width), round(shot.height)))
            paint_shot(painter, shot, vector=True)


WRITERS: dict[str, Callable[[Shot, Path], None]] = {".png": write_png, ".svg": write_svg, ".pdf": write_pdf}
