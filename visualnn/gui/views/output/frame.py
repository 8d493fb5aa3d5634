"""The box that a surface stands in: its floor, its back walls with the height axis, and the names of both inputs."""

from __future__ import annotations

from dataclasses import dataclass
from math import cos, sin

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF

from visualnn.gui import theme
from visualnn.nn.network import Matrix
from visualnn.scene.formula import short
from visualnn.scene.surface import TALL, Ground, Orbit

CORNERS = np.array([(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)])  # of the floor, u and v
ROOM = (64, 30)  # px for numbers left and right of the box, and below it
NAME_AWAY, NUMBER_AWAY = 19, 11  # px from an edge of the floor


@dataclass(frozen=True, slots=True)
class View:
    """Where points of the box are on the widget: `scale` px for half a side of the floor."""

    orbit: Orbit
    middle: tuple[float, float]
    scale: float

    @classmethod
    def within(cls, box: QRectF, orbit: Orbit) -> View:
        """As large as it stays inside whichever way it is turned."""
        high = TALL * cos(orbit.tilt) + 2**0.5 * sin(orbit.tilt)
        scale = min((box.width() - ROOM[0]) / 2 / 2**0.5, (box.height() - ROOM[1]) / 2 / high)
        return cls(orbit, (box.center().x() + ROOM[0] / 8, box.center().y() - ROOM[1] / 4), scale)

    def placed(self, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        """What `Orbit.seen` gives as pixels."""
        return seen * self.scale + self.middle

    def point(self, u: float, v: float, h: float = -1.0) -> QPointF:
        """A point of the box; on the floor if nothing else is said."""
        return QPointF(*self.placed(self.orbit.seen(u, v, h)).tolist())

    @property
    def far(self) -> tuple[float, float]:
        """The u and the v of the two back walls."""
        return (1.0 if sin(self.orbit.turn) > 0 else -1.0), (1.0 if cos(self.orbit.turn) > 0 else -1.0)


def paint_back(painter: QPainter, view: View, ground: Ground) -> None:
    """The floor with the frame around the rows, and the height axis with its lines along the back walls."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.drawPolygon(QPolygonF([view.point(u, v) for u, v in CORNERS.tolist()]))
    pen = QPen(theme.color("text3"), 1, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.drawPolygon(QPolygonF([view.point(u / 2, v / 2) for u, v in CORNERS.tolist()]))
    _paint_heights(painter, view, ground)


def _paint_heights(painter: QPainter, view: View, ground: Ground) -> None:
    """Lines at round heights, numbers at the left end of the walls."""
    u, v = view.far
    walls = [(u, -v), (u, v), (-u, v)]
    if view.point(*walls[0]).x() > view.point(*walls[2]).x():
        walls.reverse()
    painter.setPen(QPen(theme.color("line2"), 1))
    painter.drawLines([QLineF(view.point(*wall, -1.0), view.point(*wall, 1.0)) for wall in walls])
    for tick in ground.up.ticks:
        height = 2 * ground.up.share(tick.value) - 1
        ends = [view.point(*wall, height) for wall in walls]
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawPolyline(QPolygonF(ends))
        theme.draw_text(painter, ends[0].x() - 6, ends[0].y(), tick.text, 12, 450, "text3", "r")


def paint_names(painter: QPainter, view: View, ground: Ground, names: tuple[str, ...]) -> None:
    """Along both near edges of the floor: the name of the input, and where the rows end."""
    u, v = view.far
    left, right, bottom, top = ground.plane.data
    edges = ((names[0], (left, right), lambda share: (share, -v)), (names[1], (bottom, top), lambda share: (-u, share)))
    for name, ends, place in edges:
        out = _outwards(view, place)
        for share, value in zip((-0.5, 0.5), ends, strict=True):
            at = view.point(*place(share)) + out * NUMBER_AWAY
            theme.draw_text(painter, at.x(), at.y(), _written(value), 12, 450, "text3", "c")
        at = view.point(*place(0.0)) + out * NAME_AWAY
        theme.draw_text(painter, at.x(), at.y(), theme.elided(name, 60, 13, 600), 13, 600, "text2", "c")


def _written(value: float) -> str:
    """To about three digits: there is little room."""
    return short(value, 0 if abs(value) >= 100 else 1 if abs(value) >= 10 else 2)


def _outwards(view: View, place: object) -> QPointF:
    """Away from the floor's middle, of length 1."""
    way = view.point(*place(0.0)) - view.point(0.0, 0.0)
    length = max((way.x() ** 2 + way.y() ** 2) ** 0.5, 1e-9)
    return way / length


def lines_of(points: Matrix) -> list[QPointF]:
    """Points of the widget."""
    return [QPointF(x, y) for x, y in points.tolist()]
