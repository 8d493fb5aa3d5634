"""A surface as strips from one line of its grid to the next, the farthest first, so that the nearer ones hide them.

With a strip comes what stands on it: the lines of the grid, the frame around the rows, the right answers or the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPolygonF, QTransform

from visualnn.gui import theme
from visualnn.gui.views.output.frame import View, lines_of
from visualnn.gui.views.output.overlay import evenly
from visualnn.nn.network import Matrix
from visualnn.scene import look
from visualnn.scene.surface import CELLS, INNER, STEP, STRIPS, Ground, Surface, points, strip_colors

EVERY = 4  # lines of the grid from one that is drawn to the next
TALLER = 1e4  # px of a texel, so that a strip has one row of them
MOST_ROWS, DOT = 250, 2.4  # drawn, and px of each
MESH, WIRE, RIM = 0.15, 0.75, 0.45  # how strong the lines of the grid are, and those of the right answers
ALIKE = 0.004  # of the height axis: what is right by so little is drawn over the surface, not through it
FIRST, LAST = INNER.start, INNER.stop - 1


@dataclass(frozen=True, eq=False)
class Lines:
    """All of a surface in pixels, the farthest line first."""

    places: list[list[QPointF]]  # of the surface's points
    fits: list[QTransform]  # of the texels to each strip
    brushes: tuple[QBrush, QBrush]  # as it is, and faded
    rule: list[list[QPointF]] | None
    above: list[list[bool]]  # whether the right answer lies above the surface


def paint_strips(painter: QPainter, view: View, surface: Surface) -> None:
    """The surface, seen from there."""
    lines, rows = _lines(view, surface), _rows(view, surface)
    mesh, wire = theme.color("text"), theme.color("good")
    mesh.setAlphaF(MESH)
    wire.setAlphaF(WIRE)
    for k in range(STRIPS):
        _paint_rule(painter, lines, k, QPen(wire, 1), above=False)
        _fill(painter, lines, k)
        _paint_mesh(painter, lines, k, QPen(mesh, 1))
        _paint_edge(painter, lines, k)
        _paint_frame(painter, lines, k)
        _paint_rule(painter, lines, k, QPen(wire, 1), above=True)
        for point, color in rows.get(k, ()):
            painter.setPen(QPen(theme.color("canvas"), 1))
            painter.setBrush(color)
            painter.drawEllipse(point, DOT, DOT)


def _lines(view: View, surface: Surface) -> Lines:
    orbit, ground = view.orbit, surface.ground
    places = orbit.far_first(view.placed(points(orbit, ground.heights(surface.said))))[::STEP]
    colors = strip_colors(surface, look.load(theme.current().name), orbit)
    rule, above = None, []
    if ground.rule is not None:
        slack = ALIKE * (ground.up.high - ground.up.low)
        rule = _rule(view, ground)
        above = orbit.far_first(ground.rule >= surface.said - slack)[::STEP].tolist()
    ends = (places[1:, [0, -1]] + places[:-1, [0, -1]]) / 2
    fits = [_fit(k, start, end) for k, (start, end) in enumerate(ends.tolist())]
    return Lines([lines_of(line) for line in places], fits, (_brush(colors[0]), _brush(colors[1])), rule, above)


@lru_cache(maxsize=2)
def _rule(view: View, ground: Ground) -> list[list[QPointF]]:
    """The right answers, which stay where they are while the network learns."""
    seen = view.orbit.far_first(view.placed(points(view.orbit, ground.heights(ground.rule))))[::STEP]
    return [lines_of(line) for line in seen]


def _fit(k: int, start: list[float], end: list[float]) -> QTransform:
    """Where a strip between these ends has its texels: one row of them, as high as can be."""
    across = (end[0] - start[0]) / CELLS
    return QTransform(across, 0, 0, TALLER, start[0] - across, start[1] - (k + 0.5) * TALLER)


def _brush(texels: NDArray[np.uint32]) -> QBrush:
    """A row of texels for each strip, the outermost ones twice: the texture begins again beyond them."""
    wide = np.ascontiguousarray(np.pad(texels, ((0, 0), (1, 1)), mode="edge"))
    return QBrush(QImage(wide.data, CELLS + 2, STRIPS, 4 * (CELLS + 2), QImage.Format.Format_RGB32).copy())


def _fill(painter: QPainter, lines: Lines, k: int) -> None:
    """One strip, faded where no rows lie."""
    far, near = lines.places[k], lines.places[k + 1]
    plain, faded = lines.brushes
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)  # so that strips meet without a seam
    painter.setPen(Qt.PenStyle.NoPen)
    inner = FIRST <= k * STEP < LAST
    runs = ((0, FIRST, faded), (FIRST, LAST, plain), (LAST, CELLS, faded)) if inner else ((0, CELLS, faded),)
    for first, last, brush in runs:
        brush.setTransform(lines.fits[k])
        painter.setBrush(brush)
        painter.drawPolygon(QPolygonF(far[first : last + 1] + near[first : last + 1][::-1]))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_mesh(painter: QPainter, lines: Lines, k: int, pen: QPen) -> None:
    """The lines of the grid."""
    painter.setPen(pen)
    far, near = lines.places[k], lines.places[k + 1]
    if k and k * STEP % EVERY == 0:
        painter.drawPolyline(QPolygonF(far))
    painter.drawLines([QLineF(far[j], near[j]) for j in range(EVERY, CELLS, EVERY)])


def _paint_edge(painter: QPainter, lines: Lines, k: int) -> None:
    """The rim of the surface, which hides the steps that it is painted with."""
    far, near = lines.places[k], lines.places[k + 1]
    painter.setPen(QPen(theme.mix("panel", "pos", RIM), 1.3))
    painter.drawLines([QLineF(far[j], near[j]) for j in (0, CELLS)])
    if k == 0:
        painter.drawPolyline(QPolygonF(far))
    if k == STRIPS - 1:
        painter.drawPolyline(QPolygonF(near))


def _paint_frame(painter: QPainter, lines: Lines, k: int) -> None:
    """What of the frame around the rows lies on a strip."""
    if not FIRST <= k * STEP <= LAST:
        return
    painter.setPen(QPen(theme.color("text"), 1.6))
    far, near = lines.places[k], lines.places[k + 1]
    if k * STEP in (FIRST, LAST):
        painter.drawPolyline(QPolygonF(far[FIRST : LAST + 1]))
    if k * STEP < LAST:
        painter.drawLines([QLineF(far[j], near[j]) for j in (FIRST, LAST)])


def _paint_rule(painter: QPainter, lines: Lines, k: int, pen: QPen, *, above: bool) -> None:
    """A wire where the right answers are; what of it is below the surface comes before it."""
    if lines.rule is None:
        return
    far, near, is_above = lines.rule[k], lines.rule[k + 1], lines.above[k]
    pieces = [QLineF(far[j], near[j]) for j in range(0, CELLS + 1, EVERY) if is_above[j] == above]
    if k * STEP % EVERY == 0:
        pieces += [QLineF(far[j], far[j + 1]) for j in range(CELLS) if is_above[j] == above]
    if pieces:
        painter.setPen(pen)
        painter.drawLines(pieces)


def _rows(view: View, surface: Surface) -> dict[int, list[tuple[QPointF, QColor]]]:
    """The rows that are seen from above, by the strip they stand on."""
    rows = evenly(surface.ground.rows, MOST_ROWS)
    if not len(rows):
        return {}
    u, v, h = rows.T
    orbit = view.orbit
    along, sign = (v, np.cos(orbit.turn)) if orbit.along_u else (u, np.sin(orbit.turn))
    strip = np.clip((1 - np.sign(sign) * along) / 2 * STRIPS, 0, STRIPS - 1).astype(np.intp)
    places = lines_of(view.placed(orbit.seen(u, v, h)))
    colors = [theme.color("pos" if answer >= 0 else "neg") for answer in _answers(surface, h).tolist()]
    found: dict[int, list[tuple[QPointF, QColor]]] = {}
    for index, point, color in zip(strip.tolist(), places, colors, strict=True):
        found.setdefault(index, []).append((point, color))
    return found


def _answers(surface: Surface, heights: Matrix) -> Matrix:
    up = surface.ground.up
    return up.low + (heights + 1) / 2 * (up.high - up.low)
