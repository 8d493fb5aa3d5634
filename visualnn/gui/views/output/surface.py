"""The surface of a function of two inputs, turned by dragging and painted from its farthest strip to its nearest."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.output.frame import View, paint_back, paint_names
from visualnn.gui.views.output.layer import Layer
from visualnn.gui.views.output.legend import paint_legend
from visualnn.gui.views.output.picture import ARROWS, CAPTION, MARGIN, Picture, arrow
from visualnn.gui.views.output.sight import Draw, Sight
from visualnn.gui.views.output.strips import paint_strips
from visualnn.project import Project
from visualnn.scene.formula import full, short
from visualnn.scene.surface import CELLS, Ground, Orbit, Surface, ground_of, points, surface_of

SLIMNESS, HIGHEST = 0.68, 250  # how high as a share of the width, and px at most
NEAR = 9.0  # px from the pointer to a point of the grid that it means
BEHIND = 0.35  # how much farther away a point is that another hides, in halves of the floor's side
KEY_PX = 12  # an arrow key turns as so many pixels of dragging do
LOST = "The network gives no numbers here."


class SurfacePicture(Picture):
    """Dragging or the arrow keys turn it, a double click or 0 turns it back."""

    beside = False
    own_keys = frozenset({*ARROWS, Qt.Key.Key_0})

    def __init__(self, source: Callable[[], Sight | None], parent: QWidget):
        super().__init__(source, parent)
        self.setAccessibleName("Surface")
        self.setAccessibleDescription("Arrow keys turn it, 0 turns it back")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.orbit = Orbit()
        self._ground: Ground | None = None
        self._held: QPointF | None = None
        self._layer = Layer(self)

    def show_project(self, project: Project) -> None:
        if self.project is None or project.data is not self.project.data:
            self._ground = ground_of(project.data)
        super().show_project(project)

    def drawing(self) -> Draw:
        return partial(surface_of, ground=self._ground)

    @property
    def surface(self) -> Surface | None:
        """What is to be seen."""
        content = self.content
        return content if isinstance(content, Surface) else None

    def fit(self, width: int) -> None:
        self.setFixedSize(width + 2 * MARGIN, round(min(SLIMNESS * width, HIGHEST)) + CAPTION + 2 * MARGIN)

    def box(self) -> QRectF:
        return super().box().adjusted(0, 0, 0, -CAPTION)

    def view(self) -> View:
        """From where it is seen, and where on the widget."""
        return View.within(self.box(), self.orbit)

    # -- turning -------------------------------------------------------------------------------------------------

    def turn(self, orbit: Orbit) -> None:
        """Look at it from elsewhere."""
        self.orbit = orbit
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is None:
            super().mouseMoveEvent(event)
            return
        way = event.position() - self._held
        self._held = event.position()
        self.turn(self.orbit.dragged(way.x(), way.y()))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._held = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.turn(Orbit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = arrow(event)
        if step is not None:
            self.turn(self.orbit.dragged(step[0] * KEY_PX, step[1] * KEY_PX))
        elif event.key() == Qt.Key.Key_0:
            self.turn(Orbit())
        else:
            super().keyPressEvent(event)

    # -- what is pointed at --------------------------------------------------------------------------------------

    def point_at(self, position: QPointF) -> tuple[int, int] | None:
        """The point of the grid, (v, u), that the pointer is on, but for those behind others."""
        surface = self.surface
        if surface is None or not surface.is_finite:
            return None
        places = self.view().placed(points(self.orbit, surface.ground.heights(surface.said)))
        far = np.hypot(places[..., 0] - position.x(), places[..., 1] - position.y())
        side = np.linspace(-1, 1, CELLS + 1)
        depth = np.where(far <= NEAR, self.orbit.depth(side[None, :], side[:, None]), np.inf)
        if not np.isfinite(depth).any():
            return None
        row, column = divmod(int(np.where(depth <= depth.min() + BEHIND, far, np.inf).argmin()), CELLS + 1)
        return row, column

    def words_at(self, position: QPointF) -> str:
        place, surface = self.point_at(position), self.surface
        if place is None or surface is None:
            return ""
        axes, (first, second) = surface.ground, self.project.data.input_names
        xs, ys = axes.plane.grid(CELLS + 1)
        x, y = float(xs[place[1]]), float(ys[::-1][place[0]])
        words = f"{first} = {short(x)}, {second} = {short(y)}\nThe network says: {full(surface.said[place])}"
        if axes.rule is not None:
            words += f"\nRight is: {full(axes.rule[place])}"
        left, right, bottom, top = axes.plane.data
        inside = left <= x <= right and bottom <= y <= top
        return words if inside else f"{words}\nBeyond the training rows."

    # -- painting ------------------------------------------------------------------------------------------------

    def paint(self, painter: QPainter) -> None:
        surface, view = self.surface, self.view()
        if self._ground is None:
            return
        self._layer.paint(painter, (id(self._ground), self.orbit), self._paint_still)
        if surface is not None and surface.is_finite:
            paint_strips(painter, view, surface)
        elif surface is not None:
            middle = self.box().center()
            theme.draw_text(painter, middle.x(), middle.y(), LOST, 12, 450, "text2", "c")

    def _paint_still(self, painter: QPainter) -> None:
        """What does not move while the network learns; the surface never reaches below the floor."""
        view, axes = self.view(), self._ground
        paint_back(painter, view, axes)
        paint_names(painter, view, axes, self.project.data.input_names)
        marks = ("dot", "rows") if axes.rule is None else ("line", "right answers")
        box = self.rect().toRectF().adjusted(MARGIN, 0, 0, -CAPTION / 2)
        paint_legend(painter, box, [("frame", "where the rows lie"), marks])
