"""A surface as strips from one line of its grid to the next, the farthest first, so that the nearer ones hide them.

With a strip comes what stands on it: the lines of the grid, the frame around the rows, the right answers or the rows.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from visualnn.gui import theme
from visualnn.gui.views.output.frame import View, lines_of
from visualnn.gui.views.output.overlay import evenly
from visualnn.nn.network import Matrix
from visualnn.scene import look
from visualnn.scene.surface import CELLS, INNER, Surface, cell_colors, points

EVERY = 4  # lines of the grid from one that is drawn to the next
TALLER = 1e4  # px of a texel, so that a strip has one row of them
OVERLAP = 0.8  # px by which a strip reaches under the next one, so that nothing shows between them
MOST_ROWS = 250  # drawn
FIRST, LAST = INNER.start, INNER.stop - 1


@dataclass(frozen=True, eq=False)
class Lines:
    """All of a surface in pixels, the farthest line first."""

    places: list[list[QPointF]]  # of the surface's points
    ends: NDArray[np.float64]  # (lines, the first and the last point, x and y)
    brushes: tuple[QImage, QImage]  # as it is, and faded
    rule: list[list[QPointF]] | None
    above: NDArray[np.bool_] | None  # whether the right answer lies above the surface


def paint_strips(painter: QPainter, view: View, surface: Surface) -> None:
    """The surface, seen from there."""
    lines, rows = _lines(view, surface), _rows(view, surface)
    mesh = theme.color("canvas")
    mesh.setAlphaF(0.34)
    for k in range(CELLS):
        _paint_rule(painter, lines, k, above=False)
        _fill(painter, lines, k)
        _paint_mesh(painter, lines, k, QPen(mesh, 1))
        _paint_frame(painter, lines, k)
        _paint_rule(painter, lines, k, above=True)
        for point, color in rows.get(k, ()):
            painter.setPen(QPen(theme.color("canvas"), 1))
            painter.setBrush(color)
            painter.drawEllipse(point, 2.4, 2.4)


def _lines(view: View, surface: Surface) -> Lines:
    orbit, ground = view.orbit, surface.ground
    places = orbit.far_first(view.placed(points(orbit, ground.heights(surface.said))))
    images = tuple(_image(orbit.far_first(cells)) for cells in cell_colors(surface, look.load(theme.current().name)))
    rule = above = None
    if ground.rule is not None:
        seen = orbit.far_first(view.placed(points(orbit, ground.heights(ground.rule))))
        rule = [lines_of(line) for line in seen]
        above = orbit.far_first(ground.rule >= surface.said)
    return Lines([lines_of(line) for line in places], places[:, [0, -1]], images, rule, above)


def _image(cells: NDArray[np.uint32]) -> QImage:
    """A row of texels for each strip, the outermost ones twice: the texture begins again beyond them."""
    wide = np.ascontiguousarray(np.pad(cells, ((0, 0), (1, 1)), mode="edge"))
    return QImage(wide.data, CELLS + 2, CELLS, 4 * (CELLS + 2), QImage.Format.Format_RGB32).copy()


def _fill(painter: QPainter, lines: Lines, k: int) -> None:
    """One strip, faded where no rows lie."""
    far, near = lines.places[k], lines.places[k + 1]
    start, end = lines.ends[k : k + 2].mean(axis=0).tolist()
    across = (end[0] - start[0]) / CELLS
    down = start[1] - (k + 0.5) * TALLER
    fit = QTransform(across, 0, 0, TALLER, start[0] - across, down)
    plain, faded = (QBrush(image) for image in lines.brushes)
    plain.setTransform(fit)
    faded.setTransform(fit)
    painter.setPen(Qt.PenStyle.NoPen)
    inner = FIRST <= k < LAST
    runs = ((0, FIRST, faded), (FIRST, LAST, plain), (LAST, CELLS, faded)) if inner else ((0, CELLS, faded),)
    under = QPointF(0, OVERLAP)
    for first, last, brush in runs:
        painter.setBrush(brush)
        back = [point + under for point in near[first : last + 1]]
        painter.drawPolygon(QPolygonF(far[first : last + 1] + back[::-1]))


def _paint_mesh(painter: QPainter, lines: Lines, k: int, pen: QPen) -> None:
    """The lines of the grid."""
    painter.setPen(pen)
    far, near = lines.places[k], lines.places[k + 1]
    if k % EVERY == 0:
        painter.drawPolyline(QPolygonF(far))
    painter.drawLines([QLineF(far[j], near[j]) for j in range(0, CELLS + 1, EVERY)])


def _paint_frame(painter: QPainter, lines: Lines, k: int) -> None:
    """What of the frame around the rows lies on a strip."""
    if not FIRST <= k <= LAST:
        return
    painter.setPen(QPen(theme.color("text"), 1.6))
    far, near = lines.places[k], lines.places[k + 1]
    if k in (FIRST, LAST):
        painter.drawPolyline(QPolygonF(far[FIRST : LAST + 1]))
    if k < LAST:
        painter.drawLines([QLineF(far[j], near[j]) for j in (FIRST, LAST)])


def _paint_rule(painter: QPainter, lines: Lines, k: int, *, above: bool) -> None:
    """A wire where the right answers are; what of it is below the surface comes before it."""
    if lines.rule is None or lines.above is None:
        return
    far, near, is_above = lines.rule[k], lines.rule[k + 1], lines.above[k].tolist()
    pieces = [QLineF(far[j], near[j]) for j in range(0, CELLS + 1, EVERY) if is_above[j] == above]
    if k % EVERY == 0:
        pieces += [QLineF(far[j], far[j + 1]) for j in range(CELLS) if is_above[j] == above]
    if pieces:
        painter.setPen(QPen(theme.color("good"), 1))
        painter.drawLines(pieces)


def _rows(view: View, surface: Surface) -> dict[int, list[tuple[QPointF, QColor]]]:
    """The rows that are seen from above, by the strip they stand on."""
    rows = evenly(surface.ground.rows, MOST_ROWS)
    if not len(rows):
        return {}
    u, v, h = rows.T
    orbit = view.orbit
    along, sign = (v, np.cos(orbit.turn)) if orbit.along_u else (u, np.sin(orbit.turn))
    strip = np.clip((1 - np.sign(sign) * along) / 2 * CELLS, 0, CELLS - 1).astype(np.intp)
    places = lines_of(view.placed(orbit.seen(u, v, h)))
    colors = [theme.color("pos" if answer >= 0 else "neg") for answer in _answers(surface, h).tolist()]
    found: dict[int, list[tuple[QPointF, QColor]]] = {}
    for index, point, color in zip(strip.tolist(), places, colors, strict=True):
        found.setdefault(index, []).append((point, color))
    return found


def _answers(surface: Surface, heights: Matrix) -> Matrix:
    up = surface.ground.up
    return up.low + (heights + 1) / 2 * (up.high - up.low)
