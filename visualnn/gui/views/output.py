"""What the network says for every point of the plane, and four numbers that say how well.

Classes: a decision map with its boundary and the data. Numbers: the output as a map with contour lines. Networks that
do not have two inputs and one answer: the numbers alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log10

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QImage, QMouseEvent, QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from visualnn.gui import theme
from visualnn.nn import metrics
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.training import Snapshot
from visualnn.project import Project
from visualnn.scene import charts, look
from visualnn.scene.formula import full, number, precise, short

PADDING = 24
TITLE_Y = 32
TOP = 60  # of the map
BELOW = 6
LARGEST_MAP = 212
SMALLEST = 1e-4  # metrics below are written with an exponent: there is little room
METRICS_WIDTH = 80
GAP = 20
GUTTER = 18  # for the range of a map of numbers: below it, and at least so much left of it
WIDEST_GUTTER = 48
SPECK = 0.1  # of the map: contour lines that are shorter in all are left out
PITCH = 54  # of the metrics beside the largest map
RADIUS = 10
POINTS = 56  # the grid is 56 × 56, smoothly enlarged: 3.8 px from point to point in the largest map
CLASS_MARGIN = 0.075  # of the data's extent, shown all around them
NUMBER_MARGIN = 0.125
LABEL_DISTANCE = 24  # between two labels on contour lines
VALUE_SIZES = (17, 15, 13, 12)


@dataclass(frozen=True, slots=True)
class Metric:
    """A label, its value and, smaller, what belongs to it."""

    label: str
    value: str
    rest: str = ""


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """The map for exactly one set of parameters."""

    pixels: NDArray[np.uint32]
    lines: tuple[tuple[float, NDArray[np.float64]], ...]  # level, segments in 0 … 1


class OutputView(QWidget):
    """Paints the output of the parameters it was given last."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("output")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(300)
        self._project: Project | None = None
        self._parameters: Vector | None = None
        self._snapshot: Snapshot | None = None
        self._metrics: tuple[Metric, ...] = ()
        self._plane: charts.Plane | None = None
        self._picture: Picture | None = None
        self._still: tuple[object, QPixmap] | None = None  # what stays while the network learns, and for what it is
        self._hovered: QPointF | None = None
        self._fit()

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, project: Project, parameters: Vector, snapshot: Snapshot | None) -> None:
        """Show these parameters of the project's network from now on."""
        if self._project is None or project.data is not self._project.data or project.network != self._project.network:
            self._plane = _plane_of(project)
            self._still = None
        elif project.sample is not self._project.sample:
            self._still = None
        self._project, self._parameters, self._snapshot = project, parameters, snapshot
        self._metrics, self._picture = (), None
        self.setAccessibleName(f"Output of {project.name}")
        self._fit()
        if self._hovered is not None:
            self._tell(self._hovered)
        self.update()

    def metrics(self) -> tuple[Metric, ...]:
        """The numbers on screen."""
        if not self._metrics and self._project is not None and self._parameters is not None:
            score = metrics.score(
                self._project.network, self._parameters, self._project.data, self._project.options.loss
            )
            self._metrics = _metrics_of(score, self._snapshot)
            self.setAccessibleDescription(", ".join(f"{m.label} {m.value} {m.rest}".strip() for m in self._metrics))
        return self._metrics

    def map_rect(self) -> QRectF:
        """Where the map lies; empty if there is none."""
        if self._plane is None:
            return QRectF()
        size = min(LARGEST_MAP, self.width() - 2 * PADDING - GAP - METRICS_WIDTH)
        gutter = self._gutter()
        return QRectF(PADDING + gutter, TOP, size - gutter, size - gutter)

    def output_at(self, position: QPointF) -> tuple[float, float, float] | None:
        """Both inputs under a point of the map, rounded to what a pixel can tell apart, and the output for them."""
        box, plane, project = self.map_rect(), self._plane, self._project
        if plane is None or project is None or self._parameters is None or not box.contains(position):
            return None
        x = _rounded(plane.left, plane.right, (position.x() - box.left()) / box.width())
        y = _rounded(plane.top, plane.bottom, (position.y() - box.top()) / box.height())
        out = metrics.predict(project.network, self._parameters, np.array([[x, y]]))
        return x, y, float(_answer(out)[0])

    def _sample_point(self) -> QPointF:
        """Where on the map the row on the stage lies."""
        assert self._project is not None
        assert self._plane is not None
        box, sample = self.map_rect(), self._project.sample
        across, down = float(self._plane.across(sample[:1])[0]), float(self._plane.down(sample[1:])[0])
        return QPointF(box.left() + across * box.width(), box.top() + down * box.height())

    def _is_decision(self) -> bool:
        return self._project is not None and self._project.data.classification

    def _gutter(self) -> int:
        """The room for the numbers left of the map."""
        if self._is_decision() or self._plane is None:
            return 0
        widest = max(theme.text_width(short(value), 12, 450) for value in self._plane.data[2:])
        return min(max(GUTTER, ceil(widest) + 7), WIDEST_GUTTER)

    def _fit(self) -> None:
        """As high as the content needs at this width."""
        if self._plane is None:
            height = TOP + 2 * PITCH - 6 + BELOW
        else:
            box = self.map_rect()
            height = round(box.bottom() + (0 if self._is_decision() else GUTTER) + BELOW)
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    # -- the picture ---------------------------------------------------------------------------------------------

    def _made(self) -> Picture | None:
        if self._picture is None and self._plane is not None and self._project is not None:
            assert self._parameters is not None
            xs, ys = self._plane.grid(POINTS)
            grid = _answer(metrics.plane(self._project.network, self._parameters, xs, ys))
            colors = look.load(theme.current().name)
            if self._is_decision():
                middle = 0.0 if self._project.network.outputs > 1 else metrics.DECISION
                values, levels = 2 * (grid - middle) / (2 - 2 * middle), (middle,)
            else:
                largest = _largest(self._project)
                values, levels = grid / largest, charts.contour_levels(largest)
            lines = tuple((level, charts.contour(grid, level) / (POINTS - 1)) for level in levels)
            self._picture = Picture(charts.map_pixels(values, colors), tuple(filter(_is_seen, lines)))
        return self._picture

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        if self._project is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_title(painter, self._project)
            picture = self._made()
            if picture is None:
                self._paint_metrics_alone(painter)
                return
            box = self.map_rect()
            _paint_map(painter, box, picture.pixels)
            self._paint_lines(painter, box, picture)
            painter.drawPixmap(0, round(box.top()) - 8, self._still_layer(painter))
            self._paint_metrics(painter, PADDING + self._map_width() + GAP)

    def _paint_lines(self, painter: QPainter, box: QRectF, picture: Picture) -> None:
        outline = QPainterPath()
        outline.addRoundedRect(box, RADIUS, RADIUS)
        painter.save()
        painter.setClipPath(outline)
        if not self._is_decision():
            _paint_contours(painter, box, picture, self._sample_point())
        for _level, lines in picture.lines if self._is_decision() else ():
            _paint_strong(painter, box, lines, "text")
        painter.restore()

    def _map_width(self) -> float:
        return self.map_rect().right() - PADDING

    def _paint_title(self, painter: QPainter, project: Project) -> None:
        noun = "points" if self._is_decision() and self._plane is not None else "rows"
        count = f"{project.data.rows:,} {noun if project.data.rows != 1 else noun[:-1]}"
        room = self.width() - 2 * PADDING - 10 - theme.text_width(count, 13, 450)
        name = theme.elided(project.name, room, 17, 650)
        x = PADDING + theme.draw_text(painter, PADDING, TITLE_Y, name, 17, 650) + 10
        theme.draw_text(painter, x, TITLE_Y + 0.5, count, 13, 450, "text2")

    def _paint_metrics(self, painter: QPainter, x: float) -> None:
        room = self.width() - PADDING / 2 - x
        pitch = PITCH * self._map_width() / LARGEST_MAP
        drop = 21 if pitch > 50 else 18
        for index, metric in enumerate(self.metrics()):
            _paint_metric(painter, x, TOP + 8 + index * pitch, metric, room, drop)

    def _paint_metrics_alone(self, painter: QPainter) -> None:
        room = (self.width() - 2 * PADDING) / 2
        for index, metric in enumerate(self.metrics()):
            row, column = divmod(index, 2)
            _paint_metric(painter, PADDING + column * room, TOP + 8 + row * PITCH, metric, room - 12)

    def _still_layer(self, painter: QPainter) -> QPixmap:
        """Points, frames and letters: drawn once, as they do not change while the network learns."""
        ratio = painter.device().devicePixelRatio()
        wanted = (self.size(), ratio, theme.current().name)
        if self._still is None or self._still[0] != wanted:
            area = QSize(round(self.map_rect().right()) + 8, round(self.map_rect().height()) + 16 + GUTTER)
            pixmap = QPixmap(area * ratio)
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as still:
                still.setRenderHint(QPainter.RenderHint.Antialiasing)
                still.translate(0, 8 - round(self.map_rect().top()))
                self._paint_still(still)
            self._still = (wanted, pixmap)
        return self._still[1]

    def _paint_still(self, painter: QPainter) -> None:
        box, plane, project = self.map_rect(), self._plane, self._project
        assert plane is not None
        assert project is not None
        if self._is_decision():
            _paint_points(painter, box, plane, project)
        else:
            _paint_range(painter, box, plane, project.data.input_names)
            _paint_sample(painter, box, self._sample_point())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(theme.color("line"), 1))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)

    # -- events --------------------------------------------------------------------------------------------------

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._picture = self._still = None
        super().changeEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(event.position())

    def leaveEvent(self, _event: QEvent) -> None:
        self._hovered = None

    def _tell(self, position: QPointF) -> None:
        """The tooltip for a point of the map, none elsewhere."""
        found = self.output_at(position)
        if found is None:
            if self._hovered is not None:
                QToolTip.hideText()
            self._hovered = None
            return
        self._hovered = position
        QToolTip.showText(self.mapToGlobal(position.toPoint()), self._sentence(*found), self)

    def _sentence(self, x: float, y: float, out: float) -> str:
        assert self._project is not None
        first, second = self._project.data.input_names
        says = "class 1 minus class 0" if self._project.network.outputs > 1 else "The network says"
        return f"{first} = {short(x)}, {second} = {short(y)}\n{says}: {full(out)}"


# -- numbers -------------------------------------------------------------------------------------------------------


def _plane_of(project: Project) -> charts.Plane | None:
    """The plane to draw: for two inputs, and one answer or two classes."""
    outputs = project.network.outputs
    if project.network.inputs != 2 or outputs > (2 if project.data.classification else 1):
        return None
    margin = CLASS_MARGIN if project.data.classification else NUMBER_MARGIN
    return charts.plane_around(project.data.inputs, margin)


def _answer(out: Matrix) -> Matrix:
    """One number for the outputs of each point: the only one, or how far class 1 is ahead of class 0."""
    return out[..., 0] if out.shape[-1] == 1 else out[..., 1] - out[..., 0]


def _largest(project: Project) -> float:
    return float(np.abs(project.data.targets).max()) or 1.0


def _rounded(start: float, end: float, share: float) -> float:
    """A value on the way from `start` to `end`, with the decimals that a pixel of the map stands for."""
    decimals = max(0, ceil(-log10(abs(end - start) / LARGEST_MAP)))
    return round(start + (end - start) * share, decimals) + 0.0


def _metrics_of(score: metrics.Score, snapshot: Snapshot | None) -> tuple[Metric, ...]:
    update = Metric("Update", f"{snapshot.update:,}" if snapshot is not None else "–")
    loss = Metric("Loss", precise(score.loss, smallest=SMALLEST))
    if score.right is None:
        miss = Metric("Mean miss", precise(score.mean_miss, smallest=SMALLEST))
        return loss, miss, Metric("Largest miss", precise(score.largest_miss, smallest=SMALLEST)), update
    rows = Metric("Rows right", f"{score.right:,}", f"of {score.rows:,}")
    return loss, Metric("Right", _percent(score.right, score.rows)), rows, update


def _percent(right: int, rows: int) -> str:
    """Rounded, but 100 % only if all are right."""
    return "100 %" if right == rows else f"{min(100 * right / rows, 99.9):.1f} %"


# -- painting ------------------------------------------------------------------------------------------------------


def _paint_metric(painter: QPainter, x: float, y: float, metric: Metric, room: float, drop=21) -> None:
    theme.draw_text(painter, x, y, theme.elided(metric.label, room, 12, 450), 12, 450, "text2")
    rest = theme.text_width(metric.rest, 12, 450) + 4 if metric.rest else 0
    fitting = (size for size in VALUE_SIZES if theme.text_width(metric.value, size, 600) + rest <= room)
    size = next(fitting, VALUE_SIZES[-1])
    width = theme.draw_text(painter, x, y + drop, theme.elided(metric.value, room, size, 600), size, 600)
    theme.draw_text(painter, x + width + 4, y + drop + 1, metric.rest, 12, 450, "text2")


def _paint_map(painter: QPainter, box: QRectF, pixels: NDArray[np.uint32]) -> None:
    """The grid's first and last points lie on the edges of the box, so that lines and colours agree."""
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
    brush = QBrush(image)
    across, down = box.width() / (columns - 1), box.height() / (rows - 1)
    brush.setTransform(QTransform(across, 0, 0, down, box.left() - across / 2, box.top() - down / 2))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush)
    painter.drawRoundedRect(box, RADIUS, RADIUS)


def _paint_thin(painter: QPainter, box: QRectF, lines: NDArray[np.float64], ink: theme.Ink) -> None:
    placed = lines * (box.width(), box.height()) + (box.left(), box.top())
    painter.setPen(QPen(theme.color(ink), 1))
    painter.drawLines([QLineF(*ends) for ends in placed.reshape(-1, 4).tolist()])


def _paint_strong(painter: QPainter, box: QRectF, lines: NDArray[np.float64], ink: theme.Ink) -> None:
    """As joined lines: where thick segments merely touch, their ends show as dots."""
    painter.setPen(QPen(theme.color(ink), 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in charts.joined(lines):
        placed = line * (box.width(), box.height()) + (box.left(), box.top())
        painter.drawPolyline([QPointF(*point) for point in placed.tolist()])


def _paint_contours(painter: QPainter, box: QRectF, picture: Picture, sample: QPointF) -> None:
    """Lines at round values, each labelled as near to the middle as there is room, and not on the sample."""
    ground = theme.mix("canvas", "raised", 0.5)
    quiet, strong = theme.mix(ground, "text", 0.45), theme.mix(ground, "text", 0.85)
    for level, lines in picture.lines:
        if level:
            _paint_thin(painter, box, lines, quiet)
        else:
            _paint_strong(painter, box, lines, strong)
    taken = np.array([[sample.x(), sample.y()]])
    for level, lines in sorted(picture.lines, key=_by_size):
        middles = lines.mean(axis=1) * (box.width(), box.height()) + (box.left(), box.top())
        spot = _label_spot(box, middles, taken)
        if spot is not None:
            taken = np.vstack([taken, spot])
            _paint_label(painter, QPointF(*spot.tolist()), number(level, 0 if float(level).is_integer() else 2))


def _is_seen(line: tuple[float, NDArray[np.float64]]) -> bool:
    """Whether a contour is more than a speck."""
    return float(np.linalg.norm(line[1][:, 1] - line[1][:, 0], axis=1).sum()) > SPECK


def _by_size(line: tuple[float, NDArray[np.float64]]) -> float:
    return abs(line[0])


def _label_spot(box: QRectF, spots: Matrix, taken: Matrix) -> Vector | None:
    """The one of the spots nearest to the middle that is inside and far from those taken."""
    middle = np.array([box.center().x(), box.center().y()])
    inside = (np.abs(spots - middle) < (box.width() / 2 - 14, box.height() / 2 - 10)).all(axis=1)
    far = (np.linalg.norm(spots[:, None] - taken, axis=2) >= LABEL_DISTANCE).all(axis=1)
    free = spots[inside & far]
    return free[np.linalg.norm(free - middle, axis=1).argmin()] if len(free) else None


def _paint_label(painter: QPainter, spot: QPointF, text: str) -> None:
    width = theme.text_width(text, 12, 600) + 8
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mix("canvas", "raised", 0.5))
    painter.drawRoundedRect(QRectF(spot.x() - width / 2, spot.y() - 8, width, 16), 6, 6)
    theme.draw_text(painter, spot.x(), spot.y(), text, 12, 600, "text", "c")


def _paint_points(painter: QPainter, box: QRectF, plane: charts.Plane, project: Project) -> None:
    """Class 1 as a blue disc, class 0 as an orange diamond."""
    xs = box.left() + plane.across(project.data.inputs[:, 0]) * box.width()
    ys = box.top() + plane.down(project.data.inputs[:, 1]) * box.height()
    painter.setPen(QPen(theme.color("canvas"), 1))
    positive = metrics.classes(project.data.targets) > 0
    painter.setBrush(theme.color("pos"))
    for x, y in zip(xs[positive].tolist(), ys[positive].tolist(), strict=True):
        painter.drawEllipse(QPointF(x, y), 2.7, 2.7)
    painter.setBrush(theme.color("neg"))
    for x, y in zip(xs[~positive].tolist(), ys[~positive].tolist(), strict=True):
        painter.drawPolygon([QPointF(x, y - 3.4), QPointF(x + 3.4, y), QPointF(x, y + 3.4), QPointF(x - 3.4, y)])


def _paint_range(painter: QPainter, box: QRectF, plane: charts.Plane, names: tuple[str, ...]) -> None:
    """A thin frame around the data, its ends written at both axes."""
    left, right, bottom, top = plane.data
    ends_x = (box.left() + plane.across(np.array([left, right])) * box.width()).tolist()
    ends_y = (box.top() + plane.down(np.array([bottom, top])) * box.height()).tolist()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    pen = QPen(theme.mix(theme.mix("canvas", "raised", 0.5), "text", 0.7), 1, Qt.PenStyle.CustomDashLine)
    pen.setDashPattern([3, 3])
    painter.setPen(pen)
    painter.drawRect(QRectF(QPointF(ends_x[0], ends_y[1]), QPointF(ends_x[1], ends_y[0])))
    low, beside = box.bottom() + 11, box.left() - 7
    for x, value in zip(ends_x, (left, right), strict=True):
        theme.draw_text(painter, x, low, short(value), 12, 450, "text3", "c")
    for y, value in zip(ends_y, (bottom, top), strict=True):
        theme.draw_text(painter, beside, y, short(value), 12, 450, "text3", "r")
    theme.draw_text(painter, box.center().x(), low, theme.elided(names[0], 90, 13, 600), 13, 600, "text2", "c")
    painter.save()
    painter.translate(beside, box.center().y())
    if len(names[1]) > 2:
        painter.translate(-5, 0)
        painter.rotate(-90)
    align = "c" if len(names[1]) > 2 else "r"
    theme.draw_text(painter, 0, 0, theme.elided(names[1], 90, 13, 600), 13, 600, "text2", align)
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
