"""The section of the panel with the map and the numbers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from math import ceil, log10
from time import monotonic

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.tasks import Newest
from visualnn.gui.views.output.field import paint_boundary, paint_colors, paint_contours, paint_empty
from visualnn.gui.views.output.metric import Metric, metrics_of, paint_metric
from visualnn.gui.views.output.overlay import GUTTER, Overlay, sample_point
from visualnn.nn import metrics
from visualnn.nn.network import Vector
from visualnn.nn.training import Snapshot
from visualnn.project import Project
from visualnn.scene import look
from visualnn.scene.formula import full, short
from visualnn.scene.maps import POINTS, Map, Plane, answer, map_of, plane_of

PADDING = 24
TITLE_Y = 32
TOP = 60  # of the map
BELOW = 6
LARGEST_MAP = 212
METRICS_WIDTH = 80
GAP = 20
WIDEST_GUTTER = 48  # left of a map of numbers
PITCH = 54  # of the metrics beside the largest map
SCROLL_BARS = range(8, 17)  # px; by so much a page becomes narrower when this view is too high for it
SLOW = 2_000_000  # rows, or points of the map, × parameters; beyond, map and metrics are made beside the window
REST = 9.0  # how long the maker rests after each, in times of what that took


@dataclass(frozen=True, eq=False)
class Reading:
    """What is to be seen of one set of parameters."""

    of: Project
    metrics: tuple[Metric, ...]
    map: Map | None


def read(
    project: Project, parameters: Vector, snapshot: Snapshot | None, plane: Plane | None, colors: look.Look
) -> Reading:
    """The numbers and the map of these parameters."""
    score = metrics.score(project.network, parameters, project.data, project.options.loss, project.mask)
    by_batch = (project.options.batch_size or project.data.rows) < project.data.rows
    drawn = None if plane is None else map_of(project, parameters, plane, colors)
    return Reading(project, metrics_of(score, snapshot, by_batch), drawn)


def _timed(*what: object) -> tuple[Reading, float]:
    """A reading, and how many seconds it took."""
    start = monotonic()
    return read(*what), monotonic() - start


class OutputView(QWidget):
    """Paints the output of the parameters it was given last."""

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], float] = monotonic):
        super().__init__(parent)
        self.setObjectName("output")
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(300)
        self._project: Project | None = None
        self._parameters: Vector | None = None
        self._snapshot: Snapshot | None = None
        self._plane: Plane | None = None
        self._reading: Reading | None = None
        self._now, self._due = now, 0.0  # when the next reading of a large network may be asked for
        self._reader = Newest(self)
        self._reader.done.connect(self._on_read)
        self._overlay = Overlay()
        self._hovered: QPointF | None = None
        self._fitted_width = 0
        self._fit()

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, project: Project, parameters: Vector, snapshot: Snapshot | None) -> None:
        """Show these parameters of the project's network from now on."""
        before = self._project
        self._project, self._parameters, self._snapshot = project, parameters, snapshot
        if before is None or project.data is not before.data or project.network != before.network:
            self._plane, self._reading = plane_of(project), None
            self._fit()
            self.update()
        self.setAccessibleName(f"Output of {project.name}")
        if self._is_slow():
            self._ask(hurry=self._reading is None or snapshot is None or snapshot.stop is not None)
        else:
            self._reader.forget()
            self._reading = None
            self.update()
        if self._hovered is not None:
            self._tell(self._hovered)

    def metrics(self) -> tuple[Metric, ...]:
        """The numbers on screen: all of the same update, which while a large training runs may be a little past."""
        reading = self.reading()
        return () if reading is None else reading.metrics

    def reading(self) -> Reading | None:
        """Map and numbers on screen; None as long as those of a large network are being made."""
        if self._reading is None and self._project is not None and not self._is_slow():
            self._take(self._asked())
        return self._reading

    @property
    def busy(self) -> bool:
        """Whether map and numbers are being made."""
        return self._reader.busy

    def finish(self) -> None:
        """Have everything made now; for pictures and tests."""
        self._reader.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._reader.rest()

    def _asked(self) -> Reading:
        """What is to be seen now, made now."""
        return read(self._project, self._parameters, self._snapshot, self._plane, look.load(theme.current().name))

    def _is_slow(self) -> bool:
        points = POINTS**2 if self._plane is not None else 0
        return max(self._project.data.rows, points) * self._parameters.size > SLOW

    def _ask(self, hurry: bool) -> None:
        """Have it made beside the window; while a run goes on, it gets a small share of the time."""
        if not hurry and self._now() < self._due:
            return
        colors = look.load(theme.current().name)
        self._reader.ask(partial(_timed, self._project, self._parameters, self._snapshot, self._plane, colors))

    def _on_read(self, made: tuple[Reading, float]) -> None:
        reading, seconds = made
        self._due = self._now() + seconds * REST
        if (
            self._project is not None
            and reading.of.data is self._project.data
            and reading.of.network is self._project.network
        ):
            self._take(reading)
            self.update()

    def _take(self, reading: Reading) -> None:
        self._reading = reading
        spoken = ", ".join(f"{m.label} {m.value} {m.rest}".strip() for m in reading.metrics)
        self.setAccessibleDescription(spoken)

    def output_at(self, position: QPointF) -> tuple[float, float, float] | None:
        """Both inputs under a point of the map, rounded to what a pixel can tell apart, and the output for them."""
        box, plane, project = self.map_rect(), self._plane, self._project
        if plane is None or project is None or self._parameters is None or not box.contains(position):
            return None
        x = _rounded(plane.left, plane.right, (position.x() - box.left()) / box.width())
        y = _rounded(plane.top, plane.bottom, (position.y() - box.top()) / box.height())
        out = metrics.predict(project.network, self._parameters, np.array([[x, y]]), project.mask)
        return x, y, float(answer(out)[0])

    # -- places --------------------------------------------------------------------------------------------------

    def map_rect(self) -> QRectF:
        """Where the map lies; empty if there is none."""
        if self._plane is None:
            return QRectF()
        size = min(LARGEST_MAP, self.width() - 2 * PADDING - GAP - METRICS_WIDTH)
        gutter = self._gutter(self._plane)
        return QRectF(PADDING + gutter, TOP, size - gutter, size - gutter)

    def _map_width(self) -> float:
        return self.map_rect().right() - PADDING

    def _is_decision(self) -> bool:
        return self._project is not None and self._project.data.classification

    def _gutter(self, plane: Plane) -> int:
        """The room for the numbers left of the map."""
        if self._is_decision():
            return 0
        widest = max(theme.text_width(short(value), 12, 450) for value in plane.data[2:])
        return min(max(GUTTER, ceil(widest) + 7), WIDEST_GUTTER)

    def _fit(self) -> None:
        """As high as the content needs at this width."""
        self._fitted_width = self.width()
        if self._plane is None:
            height = TOP + 2 * PITCH - 6 + BELOW
        else:
            height = round(self.map_rect().bottom() + (0 if self._is_decision() else GUTTER) + BELOW)
        self.setFixedHeight(height)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        if self._project is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            self._paint_title(painter, self._project)
            if self._plane is None:
                self._paint_metrics_alone(painter)
            else:
                self._paint_map(painter, self._plane, self._project)
                self._paint_metrics(painter, PADDING + self._map_width() + GAP)

    def _paint_title(self, painter: QPainter, project: Project) -> None:
        noun = "points" if self._is_decision() and self._plane is not None else "rows"
        count = f"{project.data.rows:,} {noun if project.data.rows != 1 else noun[:-1]}"
        room = self.width() - 2 * PADDING - 10 - theme.text_width(count, 13, 450)
        name = theme.elided(project.name, room, 17, 650)
        x = PADDING + theme.draw_text(painter, PADDING, TITLE_Y, name, 17, 650) + 10
        theme.draw_text(painter, x, TITLE_Y + 0.5, count, 13, 450, "text2")

    def _paint_map(self, painter: QPainter, plane: Plane, project: Project) -> None:
        box, reading = self.map_rect(), self.reading()
        if reading is None or reading.map is None:
            paint_empty(painter, box)
            return
        paint_colors(painter, box, reading.map.pixels)
        if self._is_decision():
            paint_boundary(painter, box, reading.map)
        else:
            paint_contours(painter, box, reading.map, sample_point(box, plane, project))
        self._overlay.paint(painter, box, plane, project)

    def _paint_metrics(self, painter: QPainter, x: float) -> None:
        room = self.width() - PADDING / 2 - x
        pitch = PITCH * self._map_width() / LARGEST_MAP
        drop = 21 if pitch > 50 else 18
        for index, metric in enumerate(self.metrics()):
            paint_metric(painter, x, TOP + 8 + index * pitch, metric, room, drop)

    def _paint_metrics_alone(self, painter: QPainter) -> None:
        room = (self.width() - 2 * PADDING) / 2
        for index, metric in enumerate(self.metrics()):
            row, column = divmod(index, 2)
            paint_metric(painter, PADDING + column * room, TOP + 8 + row * PITCH, metric, room - 12)

    # -- events --------------------------------------------------------------------------------------------------

    def resizeEvent(self, _event: QEvent) -> None:
        """Keeps the height when a scroll bar comes, which would go with a lower view, and come with a higher one …"""
        narrower = self._fitted_width - self.width()
        if narrower and narrower not in SCROLL_BARS:
            self._fit()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._reading = None
            if self._project is not None and self._is_slow():
                self._ask(hurry=True)
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


def _rounded(start: float, end: float, share: float) -> float:
    """A value on the way from `start` to `end`, with the decimals that a pixel of the map stands for."""
    decimals = max(0, ceil(-log10(abs(end - start) / LARGEST_MAP)))
    return round(start + (end - start) * share, decimals) + 0.0
