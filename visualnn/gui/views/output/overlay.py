"""What lies over a map and stays while the network learns: the data, their range, the row on the stage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from visualnn.gui import theme
from visualnn.gui.views.output.field import RADIUS, ground, placed
from visualnn.nn import metrics
from visualnn.nn.data import Dataset
from visualnn.nn.network import Matrix
from visualnn.project import Project
from visualnn.scene.formula import short
from visualnn.scene.maps import Plane
from visualnn.scene.units import raw_inputs

OUTSIDE = 8  # of the map: for dots on its edge
GUTTER = 18  # for the numbers below a map of numbers
DISC, DIAMOND = 2.7, 3.4
MOST_POINTS = 2000  # drawn, of either kind
LONGEST_UPRIGHT = 2  # letters of a name; longer ones are turned beside the map


class Overlay:
    """Paints all of it, drawn once and kept until it is another."""

    def __init__(self) -> None:
        self._project: Project | None = None
        self._key: object = None
        self._pixmap = QPixmap()

    def paint(self, painter: QPainter, box: QRectF, plane: Plane, project: Project) -> None:
        """Over the map in `box`."""
        ratio = painter.device().devicePixelRatio()
        key = (id(project.data), id(project.sample), box.getRect(), ratio, theme.current().name)
        if key != self._key:
            self._project, self._key = project, key  # who keeps the project keeps both ids
            self._pixmap = _drawn(box, plane, project, ratio)
        painter.drawPixmap(0, round(box.top()) - OUTSIDE, self._pixmap)


def _drawn(box: QRectF, plane: Plane, project: Project, ratio: float) -> QPixmap:
    size = QSize(round(box.right()) + OUTSIDE, round(box.height()) + 2 * OUTSIDE + GUTTER)
    pixmap = QPixmap(size * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(0, OUTSIDE - round(box.top()))
        if project.data.classification:
            _paint_points(painter, box, plane, project.data)
        else:
            _paint_range(painter, box, plane, project.data)
            _paint_names(painter, box, project.data.input_names)
            if are_two(project.data.targets):
                _paint_points(painter, box, plane, project.data)
            _paint_sample(painter, box, sample_point(box, plane, project))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
    return pixmap


@np.errstate(over="ignore")  # inputs may be huge; then it lies nowhere near
def sample_point(box: QRectF, plane: Plane, project: Project) -> QPointF:
    """Where on the map the row on the stage lies."""
    return QPointF(*placed(box, plane.shares(project.sample)).tolist())


def _paint_points(painter: QPainter, box: QRectF, plane: Plane, data: Dataset) -> None:
    """Class 1 as a blue disc, class 0 as an orange diamond; those held back are hollow and lie above."""
    middle = float(data.targets.min() + data.targets.max()) / 2  # of two numbers that stand for classes
    for rows, hollow in ((data, False), (data.held, True)):
        if rows is not None:
            targets = thinned(rows.targets)
            positive = metrics.classes(targets) > 0 if data.classification else targets[:, 0] > middle
            paint_marks(painter, placed(box, plane.shares(thinned(rows.inputs))), positive, hollow=hollow)


def are_two(targets: Matrix) -> bool:
    """Whether the answers are only ever one of two numbers, as −1 and 1."""
    low, high = targets.min(), targets.max()
    return bool(targets.shape[1] == 1 and low < high and ((targets == low) | (targets == high)).all())


def thinned(rows: Matrix) -> Matrix:
    """As many of the rows as can be told apart."""
    return evenly(rows, MOST_POINTS)


def evenly(rows: Matrix, most: int) -> Matrix:
    """At most so many of the rows, evenly taken."""
    return rows if len(rows) <= most else rows[np.linspace(0, len(rows) - 1, most).round().astype(np.intp)]


def paint_marks(painter: QPainter, points: Matrix, positive: NDArray[np.bool_], *, hollow: bool = False) -> None:
    """Blue discs and orange diamonds at points in pixels."""
    for role, chosen in (("pos", positive), ("neg", ~positive)):
        painter.setPen(QPen(theme.color(role), 1.3) if hollow else QPen(theme.color("canvas"), 1))
        painter.setBrush(theme.color("canvas" if hollow else role))
        for x, y in points[chosen].tolist():
            if role == "pos":
                painter.drawEllipse(QPointF(x, y), DISC, DISC)
            else:
                corners = ((x, y - DIAMOND), (x + DIAMOND, y), (x, y + DIAMOND), (x - DIAMOND, y))
                painter.drawPolygon([QPointF(*corner) for corner in corners])


def _paint_range(painter: QPainter, box: QRectF, plane: Plane, data: Dataset) -> None:
    """A thin frame around the data, its ends written at both axes."""
    left, right, bottom, top = plane.data
    corners = placed(box, plane.shares(np.array([[left, bottom], [right, top]]))).tolist()
    (x_left, y_bottom), (x_right, y_top) = corners
    pen = QPen(theme.mix(ground(), "text", 0.7), 1, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(QPointF(x_left, y_top), QPointF(x_right, y_bottom)))
    (left, bottom), (right, top) = raw_inputs(data, np.array([[left, bottom], [right, top]])).tolist()
    for x, value in ((x_left, left), (x_right, right)):
        theme.draw_text(painter, x, box.bottom() + 11, short(value), 12, 450, "text3", "c")
    for y, value in ((y_bottom, bottom), (y_top, top)):
        theme.draw_text(painter, box.left() - 7, y, short(value), 12, 450, "text3", "r")


def _paint_names(painter: QPainter, box: QRectF, names: tuple[str, ...]) -> None:
    """The first input's below the map, the second's beside it."""
    below, beside = (theme.elided(name, 90, 13, 600) for name in names)
    theme.draw_text(painter, box.center().x(), box.bottom() + 11, below, 13, 600, "text2", "c")
    painter.save()
    painter.translate(box.left() - 7, box.center().y())
    turned = len(names[1]) > LONGEST_UPRIGHT
    if turned:
        painter.translate(-5, 0)
        painter.rotate(-90)
    theme.draw_text(painter, 0, 0, beside, 13, 600, "text2", "c" if turned else "r")
    painter.restore()


def _paint_sample(painter: QPainter, box: QRectF, point: QPointF) -> None:
    """A cross-hair at the row on the stage; nothing if that lies outside."""
    if not box.contains(point):
        return
    x, y = point.x(), point.y()
    painter.setPen(QPen(theme.color("accent"), 1, c=Qt.PenCapStyle.FlatCap))
    painter.drawLines([QLineF(box.left(), y, x - 6, y), QLineF(x + 6, y, box.right(), y)])
    painter.drawLines([QLineF(x, box.top(), x, y - 6), QLineF(x, y + 6, x, box.bottom())])
    painter.setPen(QPen(theme.color("accent"), 2))
    painter.setBrush(theme.color("canvas"))
    painter.drawEllipse(point, 4.5, 4.5)
