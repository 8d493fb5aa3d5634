"""The curve of a network of one input: the rows on it, where they end, and what it says beyond."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.output.field import RADIUS, ground
from visualnn.gui.views.output.layer import Layer
from visualnn.gui.views.output.legend import paint_legend
from visualnn.gui.views.output.overlay import thinned
from visualnn.gui.views.output.picture import ARROWS, CAPTION, HEIGHT, MARGIN, Picture, arrow
from visualnn.gui.views.output.sight import Draw, Sight
from visualnn.gui.widgets.announce import announce
from visualnn.nn.network import Matrix, Vector
from visualnn.project import Project
from visualnn.scene.formula import full, short
from visualnn.scene.function import Function, Ground, function_of, ground_of

FOOT = 20  # px for the numbers below
LEAST_GUTTER = 20
DOT, SMALL_DOT, MANY = 2.8, 1.9, 80  # px of a row, and of each of many
STRIDE = 4  # points of the curve that an arrow key moves by


class CurvePicture(Picture):
    """What it says for every x; the pointer or an arrow key reads one off."""

    own_keys = frozenset(ARROWS)

    def __init__(self, source: Callable[[], Sight | None], parent: QWidget):
        super().__init__(source, parent)
        self.setAccessibleName("Curve")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._ground: Ground | None = None
        self._x: float | None = None  # that is read off
        self._gutter = LEAST_GUTTER
        self._layer = Layer(self)

    def show_project(self, project: Project) -> None:
        if self.project is None or project.data is not self.project.data:
            self._ground, self._x = ground_of(project.data), None
            ticks = self._ground.up.ticks
            widest = max((theme.text_width(tick.text, 12, 450) for tick in ticks), default=0.0)
            self._gutter = max(LEAST_GUTTER, round(widest) + 8)
        super().show_project(project)

    def drawing(self) -> Draw:
        return partial(function_of, ground=self._ground)

    @property
    def function(self) -> Function | None:
        """What is to be seen."""
        content = self.content
        return content if isinstance(content, Function) else None

    # -- places --------------------------------------------------------------------------------------------------

    def fit(self, width: int) -> None:
        self.setFixedSize(width + 2 * MARGIN, HEIGHT + CAPTION + 2 * MARGIN)

    def box(self) -> QRectF:
        left = MARGIN + self._gutter
        return QRectF(left, MARGIN, self.width() - MARGIN - left, HEIGHT - FOOT)

    def placed(self, xs: Vector, answers: Vector) -> Matrix:
        """Points as pixels."""
        box, axes = self.box(), self._ground
        x = box.left() + axes.across.share(np.asarray(xs)) * box.width()
        y = box.bottom() - axes.up.share(np.asarray(answers)) * box.height()
        return np.column_stack([x, np.clip(np.nan_to_num(y, nan=box.bottom()), -1e4, 1e4)])

    def x_at(self, position: QPointF) -> float:
        """The x under a point."""
        box = self.box()
        return self._ground.across.value((position.x() - box.left()) / box.width())

    # -- reading it off ------------------------------------------------------------------------------------------

    def words_at(self, position: QPointF) -> str:
        function, inside = self.function, self.box().contains(position)
        self._x = self.x_at(position) if inside and function is not None else None
        self.update()
        return "" if self._x is None else self.sentence(self._x)

    def sentence(self, x: float) -> str:
        """What is said for an x, and what is right where that is known."""
        function, data = self.function, self.project.data
        x, said = function.at(x)
        words = f"{data.input_names[0]} = {short(x)}\nThe network says: {full(said)}"
        axes = function.ground
        if axes.rule is not None:
            words += f"\nRight is: {full(float(axes.rule[np.abs(axes.xs - x).argmin()]))}"
        return words if axes.low <= x <= axes.high else f"{words}\nBeyond the training rows."

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)
        self._x = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = arrow(event)
        if step is None or self._ground is None:
            super().keyPressEvent(event)
            return
        xs = self._ground.xs
        now = len(xs) // 2 if self._x is None else int(np.abs(xs - self._x).argmin())
        index = min(max(now + (step[0] - step[1]) * STRIDE, 0), len(xs) - 1)
        self._x = float(xs[index])
        if self.function is not None:
            announce(self, self.sentence(self._x))
        self.update()

    # -- painting ------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        function, outline = self.function, QPainterPath()
        outline.addRoundedRect(self.box(), RADIUS, RADIUS)
        self._layer.paint(painter, id(self._ground), self._paint_still)
        if function is not None and np.isfinite(function.said).any():
            painter.setClipPath(outline)
            self._paint_curve(painter, self._ground, function)
            self._paint_reading(painter, self.box(), function)

    def _paint_still(self, painter: QPainter) -> None:
        """What does not move while the network learns."""
        box, axes = self.box(), self._ground
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground())
        painter.drawRoundedRect(box, RADIUS, RADIUS)
        self._paint_axes(painter, box, axes)
        outline = QPainterPath()
        outline.addRoundedRect(box, RADIUS, RADIUS)
        painter.setClipPath(outline)
        self._paint_learned(painter, box, axes)
        if axes.rule is not None:
            painter.setPen(QPen(theme.color("good"), 1.3))
            painter.drawPolyline(_polygon(self.placed(axes.xs, axes.rule)))
        self._paint_rows(painter, axes)
        painter.setClipping(False)
        paint_legend(painter, self.rect().toRectF().adjusted(MARGIN, 0, 0, -CAPTION / 2), self._entries(axes))

    def _entries(self, axes: Ground) -> list[tuple[str, str]]:
        """What the marks on the curve are."""
        tests = [("hollow", "test rows")] if len(axes.tests) else []
        return [("dot", "rows"), *tests, *([("line", "right answers")] if axes.rule is not None else [])]

    def _paint_axes(self, painter: QPainter, box: QRectF, axes: Ground) -> None:
        for tick in axes.up.ticks:
            y = round(box.bottom() - axes.up.share(tick.value) * box.height()) + 0.5
            painter.setPen(QPen(theme.color("line2" if tick.value == 0 else "line"), 1))
            painter.drawLine(QLineF(box.left(), y, box.right(), y))
            if box.top() + 6 < y < box.bottom() - 4:
                theme.draw_text(painter, box.left() - 6, y, tick.text, 12, 450, "text3", "r")
        y, name = box.bottom() + 12, theme.elided(self.project.data.input_names[0], 80, 13, 600)
        room = theme.text_width(name, 13, 600) + 8
        theme.draw_text(painter, box.right(), y, name, 13, 600, "text2", "r")
        for tick in axes.across.ticks:
            x = box.left() + axes.across.share(tick.value) * box.width()
            half = theme.text_width(tick.text, 12, 450) / 2
            if x + half < box.right() - room:
                theme.draw_text(painter, x, y, tick.text, 12, 450, "text3", "c")

    def _paint_learned(self, painter: QPainter, box: QRectF, axes: Ground) -> None:
        """A band where the rows to learn from lie, between dashed lines."""
        left, right = self.placed(np.array([axes.low, axes.high]), np.zeros(2))[:, 0].tolist()
        painter.fillRect(QRectF(left, box.top(), right - left, box.height()), theme.mix(ground(), "text", 0.055))
        pen = QPen(theme.mix(ground(), "text", 0.55), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([3, 3])
        painter.setPen(pen)
        painter.drawLines([QLineF(x, box.top(), x, box.bottom()) for x in (left, right)])

    def _paint_rows(self, painter: QPainter, axes: Ground) -> None:
        """Rows to learn from solid, test rows hollow, both in the colour of their answer's sign."""
        for rows, hollow in ((thinned(axes.tests), True), (thinned(axes.rows), False)):
            radius = DOT if len(rows) <= MANY else SMALL_DOT
            for sign, role in ((rows[:, 1] >= 0, "pos"), (rows[:, 1] < 0, "neg")):
                points = self.placed(*rows[sign].T)
                painter.setPen(QPen(theme.color(role), radius / 2) if hollow else QPen(theme.color("canvas"), 1))
                painter.setBrush(theme.color("canvas" if hollow else role))
                for x, y in points.tolist():
                    painter.drawEllipse(QPointF(x, y), radius, radius)

    def _paint_curve(self, painter: QPainter, axes: Ground, function: Function) -> None:
        """Solid where rows lie, dashed beyond."""
        points = self.placed(axes.xs, function.said)
        first, last = np.searchsorted(axes.xs, (axes.low, axes.high)).tolist()
        painter.setBrush(Qt.BrushStyle.NoBrush)
        dashed = QPen(theme.color("text"), 1.8, Qt.PenStyle.CustomDashLine)
        dashed.setDashPattern([3, 2.2])
        painter.setPen(dashed)
        painter.drawPolyline(_polygon(points[first::-1]))
        painter.drawPolyline(_polygon(points[last:]))
        painter.setPen(QPen(theme.color("text"), 2))
        painter.drawPolyline(_polygon(points[first : last + 1]))

    def _paint_reading(self, painter: QPainter, box: QRectF, function: Function) -> None:
        if self._x is None:
            return
        x, said = function.at(self._x)
        (point,) = self.placed(np.array([x]), np.array([said])).tolist()
        painter.setPen(QPen(theme.color("accent"), 1))
        painter.drawLine(QLineF(point[0], box.top(), point[0], box.bottom()))
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.setBrush(theme.color("canvas"))
        painter.drawEllipse(QPointF(*point), 4.5, 4.5)


def _polygon(points: Matrix) -> QPolygonF:
    return QPolygonF([QPointF(x, y) for x, y in points.tolist()])
