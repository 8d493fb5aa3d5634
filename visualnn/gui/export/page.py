"""Writes one picture into one file: PNG, or SVG and PDF as true curves and letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QMarginsF, QRect, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgGenerator

from visualnn import __version__
from visualnn.gui import theme
from visualnn.gui.export.lettering import lettered
from visualnn.gui.export.target import beside
from visualnn.nn.errors import VisualNNError
from visualnn.scene.frame import Text

PNG_RATIO = 2.0
PDF_FINE = 4  # steps of a PDF's grid to the point: letters stand exactly
POINTS_TO_THE_INCH = 72

Paint = Callable[[QPainter], Iterable[Text]]  # paints all of it; the texts, in order


class Page(Protocol):
    """A `shot.Shot`, or a `landscape.LandscapeShot`."""

    @property
    def width(self) -> float:
        """In points, as the height."""
        ...

    @property
    def height(self) -> float:
        """Of all of it."""
        ...

    @property
    def title(self) -> str:
        """What it is."""
        ...

    @property
    def description(self) -> str:
        """What is said beneath."""
        ...


def png(page: Page, image: QImage, path: Path) -> None:
    """The pixels as they are."""
    image.setDevicePixelRatio(1.0)
    image.setText("Title", page.title)
    image.setText("Software", f"VisualNN {__version__}")
    with beside(path) as file:
        if not image.save(str(file), "PNG"):
            file.touch()  # whose error says more
            raise VisualNNError(f"{path.name} could not be written.")


def svg(page: Page, paint: Paint, path: Path) -> None:
    """Curves, shapes and letters; only what is a picture itself is one in the file."""
    with beside(path) as file:
        file.touch()
        made = QSvgGenerator()
        made.setFileName(str(file))
        made.setResolution(POINTS_TO_THE_INCH)
        made.setSize(QSizeF(page.width, page.height).toSize())
        made.setViewBox(QRectF(0, 0, round(page.width), round(page.height)))
        made.setTitle(page.title)
        made.setDescription(page.description)
        with QPainter(made) as painter:
            texts = paint(painter)
        file.write_text(_tidied(file.read_text(encoding="utf-8"), page, texts), encoding="utf-8")


def _tidied(svg: str, page: Page, texts: Iterable[Text]) -> str:
    """Sizes in pixels, and letters that exist everywhere."""
    size = f'<svg width="{round(page.width)}" height="{round(page.height)}"'
    svg = re.sub(r'<svg width="[^"]*" height="[^"]*"', size, svg, count=1)
    return lettered(svg, [theme.text_width(text.text, text.size, text.weight) for text in texts if text.text.strip()])


def pdf(page: Page, paint: Paint, path: Path) -> None:
    """One page as large as the picture, its letters embedded."""
    with beside(path) as file:
        file.touch()
        made = QPdfWriter(str(file))
        made.setTitle(page.title)
        made.setCreator(f"VisualNN {__version__}")
        made.setResolution(POINTS_TO_THE_INCH * PDF_FINE)
        made.setPageSize(QPageSize(QSizeF(page.width, page.height), QPageSize.Unit.Point))
        made.setPageMargins(QMarginsF(0, 0, 0, 0))
        with QPainter(made) as painter:
            painter.scale(PDF_FINE, PDF_FINE)
            painter.setClipRect(QRect(0, 0, round(page.width), round(page.height)))
            paint(painter)
