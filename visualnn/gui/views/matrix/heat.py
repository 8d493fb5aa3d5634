"""The coloured cells, made once for every set of weights, zoom, size and theme."""

from __future__ import annotations

from math import ceil

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from visualnn.gui import theme
from visualnn.gui.views.matrix.content import Cell, MatrixContent
from visualnn.gui.views.matrix.grid import Axis, Grid
from visualnn.scene import look, matrix
from visualnn.scene.formula import number

NUMBERS_FROM = (44, 24)  # px of a cell, wider where the numbers are
BESIDE = 6  # px on each side of a number
TILES_FROM = (8, 24)  # px of a cell with a thin gap, and with a wide one, around it
HATCH = 6  # px from line to line over a weight that is cut
HATCHED_FROM = 2  # px of a cell

Slice = tuple[matrix.Indices, matrix.Indices]


def is_pooled(grid: Grid, ratio: float) -> bool:
    """Whether several weights share a pixel."""
    return min(grid.across.cell, grid.down.cell) * ratio < 1


def weight_at(content: MatrixContent, grid: Grid, position: QPointF, ratio: float) -> Cell | None:
    """The weight there; of those that share a pixel the one that it shows."""
    if grid.cell_at(position.x(), position.y()) is None or not is_pooled(grid, ratio):
        return grid.cell_at(position.x(), position.y())
    rows = _sharing(grid.down, position.y(), ratio)
    return matrix.strongest(content.ranks, rows, _sharing(grid.across, position.x(), ratio))


def _sharing(axis: Axis, position: float, ratio: float) -> range:
    """The cells in the pixel at a position."""
    left, (first, after) = _slice(axis, ratio)
    pixel = min(max(int(position * ratio) - left, 0), first.size - 1)
    return range(int(first[pixel]), int(after[pixel]))


class Heat:
    """The picture of the cells that are to be seen."""

    def __init__(self) -> None:
        self._key: object = None
        self._content: MatrixContent | None = None
        self._pixels = np.zeros((0, 0), np.uint32)  # the image's memory
        self._image = QImage()
        self._left = self._top = 0

    def paint(self, painter: QPainter, content: MatrixContent, grid: Grid) -> None:
        """Paint them where the grid says, on whole pixels."""
        ratio = painter.device().devicePixelRatio()
        key = (id(content), grid, ratio, theme.current().name)
        if key != self._key:
            self._key, self._content = key, content  # who keeps the content keeps its id
            self._make(content, grid, ratio)
        if not self._image.isNull():
            painter.drawImage(QPointF(self._left / ratio, self._top / ratio), self._image)

    def _make(self, content: MatrixContent, grid: Grid, ratio: float) -> None:
        colors = look.load(theme.current().name)
        self._left, across = _slice(grid.across, ratio)
        self._top, down = _slice(grid.down, ratio)
        self._pixels = cells(content, grid, (down, across), ratio, colors)
        rows, columns = self._pixels.shape
        self._image = QImage(self._pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        self._image.setDevicePixelRatio(ratio)
        if self._pixels.size and has_numbers(content, grid):
            with QPainter(self._image) as painter:
                painter.translate(-self._left / ratio, -self._top / ratio)
                _paint_numbers(painter, content, grid, colors)


def has_numbers(content: MatrixContent, grid: Grid) -> bool:
    """Whether the cells are large enough to write in."""
    widest = theme.text_width(number(-content.scale, content.digits), 13, 500) + 2 * BESIDE
    return grid.across.cell >= max(NUMBERS_FROM[0], widest) and grid.down.cell >= NUMBERS_FROM[1]


def _slice(axis: Axis, ratio: float) -> tuple[int, Slice]:
    """The first pixel of the axis that shows something, and what this and the next ones show."""
    first = round(max(axis.start, axis.before) * ratio)
    last = ceil(min(axis.start + axis.extent, axis.end) * ratio - 0.01)
    return first, matrix.spread(axis.start * ratio - first, axis.cell * ratio, max(last - first, 0), axis.cells)


def cells(
    content: MatrixContent, grid: Grid, slices: tuple[Slice, Slice], ratio: float, colors: look.Look
) -> NDArray[np.uint32]:
    """The pixels of rows and columns."""
    down, across = slices
    if not content.weights.size:
        return np.zeros((0, 0), np.uint32)
    pixels = np.take(matrix.colors_of_ranks(colors), matrix.pooled(content.ranks, down, across))
    size = min(grid.across.cell, grid.down.cell)
    if content.cut and size >= HATCHED_FROM:
        _hatch(pixels, content.cut_mask[down[0]][:, across[0]], ratio, colors["line3"])
    if size >= TILES_FROM[0]:
        gap = round(ratio * (1 if size < TILES_FROM[1] else 2))
        canvas = np.uint32(0xFF000000 | colors["canvas"])
        pixels[_gaps(down[0], gap), :] = canvas
        pixels[:, _gaps(across[0], gap)] = canvas
    return pixels


def _gaps(shown: matrix.Indices, gap: int) -> matrix.Indices:
    """The last pixels of every cell but the last."""
    ends = np.flatnonzero(np.diff(shown)) + 1
    return (ends[:, None] - np.arange(1, gap + 1)).ravel().clip(0)


def _hatch(pixels: NDArray[np.uint32], cut: NDArray[np.bool_], ratio: float, color: look.RGB) -> None:
    """Slanting lines over what is cut."""
    rows, columns = pixels.shape
    slant = (np.arange(rows)[:, None] + np.arange(columns)) % round(HATCH * ratio) < round(ratio)
    pixels[cut & slant] = 0xFF000000 | color


def _paint_numbers(painter: QPainter, content: MatrixContent, grid: Grid, colors: look.Look) -> None:
    inks = matrix.inks_of_ranks(colors)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for row in grid.down.shown():
        y = grid.down.position(row + 0.5)
        for column in grid.across.shown():
            x, cell = grid.across.position(column + 0.5), (row, column)
            text = number(float(content.weights[cell]), content.digits)
            ink = inks[content.ranks[cell]]
            if cell in content.cut:
                _paint_plate(painter, x, y, theme.text_width(text, 13, 500), colors)
                ink = "text3"
            theme.draw_text(painter, x, y, theme.elided(text, grid.across.cell - 4, 13, 500), 13, 500, ink, "c")


def _paint_plate(painter: QPainter, x: float, y: float, width: float, colors: look.Look) -> None:
    """The ground under the number of a weight that is cut, free of hatching."""
    ground = QColor.fromRgb(int(matrix.colors_of_ranks(colors)[0]))
    painter.fillRect(QRectF(x - width / 2 - 4, y - 8, width + 8, 16), ground)
