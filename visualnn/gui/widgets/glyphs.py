"""Many short texts of one font in one go: for tables, where laying out each cell anew would take too long.

A number is put together of the glyphs of its signs, which are as wide as each other; any other text is laid out once
and remembered. All texts of one colour are then a single call.
"""

from __future__ import annotations

from functools import lru_cache
from math import inf
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QFontMetricsF, QGlyphRun, QPainter, QRawFont, QTextLayout

from visualnn.gui import theme

SIGNS = "0123456789.,-−+≈ e%"  # of numbers
KEPT = 4096  # texts


class Shape(NamedTuple):
    """A text as glyphs, and where each begins; no glyphs where one font is not enough for it."""

    ids: tuple[int, ...]
    xs: tuple[float, ...]
    width: float


class Glyphs:
    """Gathers texts, then paints them."""

    def __init__(self, size: float, weight: int):
        self._size, self._weight = size, weight
        self._alphabet = alphabet(size, weight)
        self._gathered: dict[str, tuple[list[int], list[QPointF]]] = {}
        self._others: list[tuple[float, float, str, str]] = []

    def width(self, text: str) -> float:
        """How wide a text is."""
        return self._shape(text).width

    def add(self, x: float, middle: float, text: str, ink: str, *, right: bool = False, room: float = inf) -> float:
        """Writes a text around the middle of its capitals that begins at `x`, or with `right` ends there.

        What is wider than its `room` ends with “…”. Returns the width.
        """
        ids, xs, width = self._shape(text)
        if width > room:
            text = theme.elided(text, room, self._size, self._weight)
            ids, xs, width = self._shape(text)
        left, baseline = x - width if right else x, middle + self._alphabet.capitals / 2
        if not ids:
            if text.strip():
                self._others.append((left, baseline, text, ink))
            return width
        glyphs, places = self._gathered.setdefault(ink, ([], []))
        glyphs.extend(ids)
        places.extend([QPointF(left + each, baseline) for each in xs])
        return width

    def paint(self, painter: QPainter) -> None:
        """Everything that was gathered."""
        run = QGlyphRun()
        run.setRawFont(self._alphabet.font)
        for ink, (glyphs, places) in self._gathered.items():
            run.setGlyphIndexes(glyphs)
            run.setPositions(places)
            painter.setPen(theme.color(ink))
            painter.drawGlyphRun(QPointF(0, 0), run)
        painter.setFont(theme.font(self._size, self._weight))
        for x, baseline, text, ink in self._others:
            painter.setPen(theme.color(ink))
            painter.drawText(QPointF(x, baseline), text)

    def _shape(self, text: str) -> Shape:
        signs = self._alphabet.signs
        ids: list[int] = []
        xs: list[float] = []
        x = 0.0
        for sign in text:
            known = signs.get(sign)
            if known is None:
                return laid_out(text, self._size, self._weight)
            ids.append(known[0])
            xs.append(x)
            x += known[1]
        return Shape(tuple(ids), tuple(xs), x)


class Alphabet(NamedTuple):
    """The glyphs of what numbers are made of, with the width of each."""

    font: QRawFont
    capitals: float  # how high they are
    signs: dict[str, tuple[int, float]]


@lru_cache(maxsize=16)
def alphabet(size: float, weight: int) -> Alphabet:
    """The signs of a font."""
    face, signs = face_of(size, weight), {}
    for sign in SIGNS:
        shape = laid_out(sign, size, weight)
        if len(shape.ids) == 1:
            signs[sign] = (shape.ids[0], shape.width)
    return Alphabet(face, QFontMetricsF(theme.font(size, weight)).capHeight(), signs)


@lru_cache(maxsize=16)
def face_of(size: float, weight: int) -> QRawFont:
    """The file in which the glyphs of a font are."""
    return _runs_of("0", size, weight)[0].rawFont()


@lru_cache(maxsize=KEPT)
def laid_out(text: str, size: float, weight: int) -> Shape:
    """A text as Qt lays it out."""
    runs = _runs_of(text, size, weight)
    width = theme.text_width(text, size, weight)
    if len(runs) != 1 or runs[0].rawFont() != face_of(size, weight):
        return Shape((), (), width)
    return Shape(tuple(runs[0].glyphIndexes()), tuple(place.x() for place in runs[0].positions()), width)


def _runs_of(text: str, size: float, weight: int) -> list[QGlyphRun]:
    layout = QTextLayout(text, theme.font(size, weight))
    layout.beginLayout()
    layout.createLine()
    layout.endLayout()
    return layout.glyphRuns()
