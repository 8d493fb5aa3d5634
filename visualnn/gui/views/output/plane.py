"""The map of a plane of two inputs, with what lies over it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil, log10

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.output.field import paint_boundary, paint_colors, paint_contours, paint_empty
from visualnn.gui.views.output.overlay import GUTTER, Overlay, sample_point
from visualnn.gui.views.output.picture import HEIGHT, MARGIN, Picture
from visualnn.gui.views.output.sight import Draw, Sight
from visualnn.nn import metrics
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene import look
from visualnn.scene.formula import full, short
from visualnn.scene.maps import Map, Plane, answer, map_of, plane_of
from visualnn.scene.units import raw_answers, raw_inputs

WIDEST_GUTTER = 48  # left of a map of numbers


class PlanePicture(Picture):
    """Classes: a decision map with its boundary and the data. Numbers: a map with contour lines."""

    def __init__(self, source: Callable[[], Sight | None], parent: QWidget):
        super().__init__(source, parent)
        self.setAccessibleName("Map")
        self.plane: Plane | None = None
        self._overlay = Overlay()
        self._parameters: Vector | None = None

    def show_project(self, project: Project) -> None:
        if self.project is None or project.data is not self.project.data:
            self.plane = plane_of(project)
        super().show_project(project)

    def show_parameters(self, parameters: Vector) -> None:
        """What the network that is pointed at says comes from these."""
        self._parameters = parameters

    def drawing(self) -> Draw:
        return partial(map_of, plane=self.plane, colors=look.load(theme.current().name))

    # -- places --------------------------------------------------------------------------------------------------

    def fit(self, width: int) -> None:
        side = min(HEIGHT, width)
        below = 0 if self._is_decision() else GUTTER
        self.setFixedSize(side + 2 * MARGIN, side - self._gutter() + below + 2 * MARGIN)

    def box(self) -> QRectF:
        side = self.width() - 2 * MARGIN - self._gutter()
        return QRectF(MARGIN + self._gutter(), MARGIN, side, side)

    def _is_decision(self) -> bool:
        return self.project is not None and self.project.data.classification

    def _gutter(self) -> int:
        """The room for the numbers left of the map."""
        if self._is_decision() or self.plane is None or self.project is None:
            return 0
        ends = raw_inputs(self.project.data, np.array(self.plane.data).reshape(2, 2).T)[:, 1].tolist()
        widest = max(theme.text_width(short(value), 12, 450) for value in ends)
        return min(max(GUTTER, ceil(widest) + 7), WIDEST_GUTTER)

    # -- painting ------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        box, picture, plane, project = self.box(), self.content, self.plane, self.project
        if not isinstance(picture, Map):
            paint_empty(painter, box)
            return
        paint_colors(painter, box, picture.pixels)
        if self._is_decision():
            paint_boundary(painter, box, picture)
        else:
            paint_contours(painter, box, picture, sample_point(box, plane, project))
        self._overlay.paint(painter, box, plane, project)

    # -- what is pointed at --------------------------------------------------------------------------------------

    def output_at(self, position: QPointF) -> tuple[float, float, float] | None:
        """Both inputs under a point of the map, rounded to what a pixel can tell apart, and the output for them."""
        box, plane, project = self.box(), self.plane, self.project
        if plane is None or project is None or self._parameters is None or not box.contains(position):
            return None
        x = _rounded(plane.left, plane.right, (position.x() - box.left()) / box.width())
        y = _rounded(plane.top, plane.bottom, (position.y() - box.top()) / box.height())
        out = metrics.predict(project.network, self._parameters, np.array([[x, y]]), project.mask)
        return x, y, float(answer(out)[0])

    def words_at(self, position: QPointF) -> str:
        found = self.output_at(position)
        if found is None or self.project is None:
            return ""
        data = self.project.data
        first, second = data.input_names
        x, y = raw_inputs(data, np.array(found[:2])).tolist()
        out = found[2]
        if not data.classification:
            out = float(raw_answers(data, np.array([out]))[0])
        says = "class 1 minus class 0" if self.project.network.outputs > 1 else "The network says"
        return f"{first} = {short(x)}, {second} = {short(y)}\n{says}: {full(out)}"


def _rounded(start: float, end: float, share: float) -> float:
    """A value on the way from `start` to `end`, with the decimals that a pixel of the map stands for."""
    decimals = max(0, ceil(-log10(abs(end - start) / HEIGHT)))
    return round(start + (end - start) * share, decimals) + 0.0
