"""The map itself, painted anew for every set of parameters: its colours and its lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QTransform

from visualnn.gui import theme
from visualnn.nn.network import Matrix, Vector
from visualnn.scene.contours import joined
from visualnn.scene.formula import number
from visualnn.scene.maps import Contour, Map

RADIUS = 10
LABEL_DISTANCE = 24  # px between two labels on contour lines, and from one to the sample
LABEL_HIGH, LABEL_GAP = 16, 3  # px of a label and around it


def ground() -> QColor:
    """The colour of a map where the value is 0."""
    return theme.mix("canvas", "raised", 0.5)


def placed(box: QRectF, shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Points (…, x and y) in shares of a box as pixels."""
    return shares * (box.width(), box.height()) + (box.left(), box.top())


def paint_colors(painter: QPainter, box: QRectF, pixels: NDArray[np.uint32]) -> None:
    """The grid's first and last points lie on the edges of the box, so that lines and colours agree."""
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
    brush = QBrush(image)
    across, down = box.width() / (columns - 1), box.height() / (rows - 1)
    brush.setTransform(QTransform(across, 0, 0, down, box.left() - across / 2, box.top() - down / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(box, RADIUS, RADIUS)


def paint_empty(painter: QPainter, box: QRectF) -> None:
    """The place of a map that is still being made."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground())
    painter.drawRoundedRect(box, RADIUS, RADIUS)


def paint_boundary(painter: QPainter, box: QRectF, picture: Map) -> None:
    """Where one class meets the other."""
    with _Clip(painter, box):
        for line in picture.contours:
            _paint_strong(painter, box, line, "text")


def paint_contours(painter: QPainter, box: QRectF, picture: Map, sample: QPointF) -> None:
    """Lines at round values, each labelled as near to the middle as there is room, and not on the sample."""
    quiet, strong = theme.mix(ground(), "text", 0.45), theme.mix(ground(), "text", 0.85)
    with _Clip(painter, box):
        for line in picture.contours:
            if line.level:
                _paint_thin(painter, box, line, quiet)
            else:
                _paint_strong(painter, box, line, strong)
        _paint_labels(painter, box, picture, sample)


class _Clip:
    """Nothing is painted outside of the box meanwhile."""

    def __init__(self, painter: QPainter, box: QRectF):
        self._painter, self._box = painter, box

    def __enter__(self) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(self._box, RADIUS, RADIUS)
        self._painter.save()
        self._painter.setClipPath(outline)

    def __exit__(self, *_problem: object) -> None:
        self._painter.restore()


def _paint_thin(painter: QPainter, box: QRectF, line: Contour, ink: theme.Ink) -> None:
    painter.setPen(QPen(theme.color(ink), 1))
    painter.drawLines([QLineF(*ends) for ends in placed(box, line.segments).reshape(-1, 4).tolist()])


def _paint_strong(painter: QPainter, box: QRectF, line: Contour, ink: theme.Ink) -> None:
    """As joined lines: where thick segments merely touch, their ends show as dots."""
    painter.setPen(QPen(theme.color(ink), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for points in joined(line.segments):
        painter.drawPolyline([QPointF(*point) for point in placed(box, points).tolist()])


def _paint_labels(painter: QPainter, box: QRectF, picture: Map, sample: QPointF) -> None:
    for label, text in labels(box, picture, sample):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground())
        painter.drawRoundedRect(label, 6, 6)
        theme.draw_text(painter, label.center().x(), label.center().y(), text, 12, 600, "text", "c")


def labels(box: QRectF, picture: Map, sample: QPointF) -> list[tuple[QRectF, str]]:
    """Where the levels are written: inside, and none over another one or the sample."""
    taken = np.array([[sample.x(), sample.y(), 0.0]])  # middle and width of each
    found = []
    for line in sorted(picture.contours, key=lambda line: abs(line.level)):
        text = number(line.level, 0 if line.level.is_integer() else 2)
        width = theme.text_width(text, 12, 600) + 8
        spot = _label_spot(box, placed(box, line.segments.mean(axis=1)), width, taken)
        if spot is not None:
            taken = np.vstack([taken, [*spot, width]])
            x, y = spot.tolist()
            found.append((QRectF(x - width / 2, y - LABEL_HIGH / 2, width, LABEL_HIGH), text))
    return found


@np.errstate(over="ignore")  # the sample may lie very far away
def _label_spot(box: QRectF, spots: Matrix, width: float, taken: Matrix) -> Vector | None:
    """The one of the spots nearest to the middle where a label is inside and far from those taken."""
    middle = np.array([box.center().x(), box.center().y()])
    inside = (np.abs(spots - middle) < (box.width() / 2 - width / 2 - 2, box.height() / 2 - 10)).all(axis=1)
    apart = np.abs(spots[:, None] - taken[:, :2])
    beside = (apart[..., 0] >= (width + taken[:, 2]) / 2 + LABEL_GAP) | (apart[..., 1] >= LABEL_HIGH + LABEL_GAP)
    far = (beside & (np.hypot(*np.moveaxis(apart, 2, 0)) >= LABEL_DISTANCE)).all(axis=1)
    free = spots[inside & far]
    return free[np.linalg.norm(free - middle, axis=1).argmin()] if len(free) else None
