"""What every runner says all over the plane, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from time import monotonic

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QImage, QPainter, QPainterPath, QPen, QTransform
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.tasks import Newest
from visualnn.gui.widgets.runner_disc import paint_disc
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene import look
from visualnn.scene.glances import Glance, glance
from visualnn.scene.maps import Plane, plane_of
from visualnn.scene.racing import Lane

PADDING, GAP, RADIUS, DISC = 24, 10, 8, 18
LARGEST, LARGEST_LOW = 88, 60  # px of a map, and where the window is low
REST = 6.0  # how long nothing is drawn after each set of maps of a race that goes on, in times of what that took
Pictures = tuple[tuple[Glance, ...], float]


def pictures(project: Project, parameters: Sequence[Vector], plane: Plane, colors: look.Look) -> Pictures:
    """A map for each, and how many seconds they took."""
    start = monotonic()
    return tuple(glance(project, each, plane, colors) for each in parameters), monotonic() - start


class Sights(QWidget):
    """Paints a map for every lane; takes no room where the data have no plane."""

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], float] = monotonic):
        super().__init__(parent)
        self._now, self._due = now, 0.0  # when the next maps of a race that goes on are drawn
        self.setAccessibleName("Maps of the runners")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._project: Project | None = None
        self._plane: Plane | None = None
        self._lanes: tuple[Lane, ...] = ()
        self._maps: list[Glance | None] = []
        self._largest = LARGEST
        self._waits = False  # whether newer lanes came while maps were being made
        self._maker = Newest(self)
        self._maker.done.connect(self._on_made)
        self._fit()

    def set_low(self, low: bool) -> None:
        """Smaller maps where the window is low."""
        self._largest = LARGEST_LOW if low else LARGEST
        self._fit()

    def show_project(self, project: Project | None) -> None:
        """The data and the network that are raced on."""
        self._project = project
        self._plane = None if project is None else plane_of(project)
        self._lanes, self._maps = (), []
        self._maker.forget()
        self._fit()

    def show_lanes(self, lanes: Sequence[Lane], *, hurry: bool = True) -> None:
        """Where the runners are; their maps follow, without hurry so that the race is not held up."""
        if [lane.mark for lane in lanes] != [lane.mark for lane in self._lanes]:
            self._maps = [None] * len(lanes)
            self.update()
        self._lanes = tuple(lanes)
        self._fit()
        if self._plane is not None and self.isVisible() and (hurry or self._now() >= self._due):
            self._ask(hurry)

    @property
    def maps(self) -> list[Glance | None]:
        """What is on screen, lane by lane."""
        return self._maps

    @property
    def busy(self) -> bool:
        """Whether maps are being made."""
        return self._maker.busy

    def finish(self) -> None:
        """Have them made now; for pictures and tests."""
        self._maker.wait()

    def rest(self) -> None:
        """Let nothing go on."""
        self._waits = False
        self._maker.rest()

    def _ask(self, hurry: bool = True) -> None:
        """All maps of one moment; one that is in a hurry waits until those being made are seen."""
        if self._maker.busy:
            self._waits = self._waits or hurry
            return
        found = [lane.parameters for lane in self._lanes if lane.parameters is not None]
        colors = look.load(theme.current().name)
        self._waits = False
        self._maker.ask(partial(pictures, self._project, found, self._plane, colors))

    def _on_made(self, made: Pictures) -> None:
        found, seconds = made
        self._due = self._now() + REST * seconds
        if len(found) == len(self._lanes):
            self._maps = list(found)
            self.update()
        if self._waits and self.isVisible():
            self._ask()

    # -- places and painting -------------------------------------------------------------------------------------

    def side(self) -> float:
        """Px of a map."""
        count = max(1, len(self._lanes))
        return min(self._largest, (self.width() - 2 * PADDING - GAP * (count - 1)) // count)

    def _fit(self) -> None:
        shown = self._plane is not None and bool(self._lanes)
        self.setFixedHeight(round(self.side()) + 20 if shown else 0)

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)
        if self._plane is not None and self._lanes:
            self._ask()

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        dressed = event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange)
        if dressed and self._lanes and self._plane is not None and self.isVisible():
            self._ask()
        super().changeEvent(event)

    def paintEvent(self, _event: QEvent) -> None:
        if self._plane is None:
            return
        side = self.side()
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            for place, (lane, picture) in enumerate(zip(self._lanes, self._maps, strict=True)):
                box = QRectF(PADDING + place * (side + GAP), 4, side, side)
                _paint_map(painter, box, picture)
                corner = QPointF(box.left() + DISC / 2 - 3, box.top() + DISC / 2 - 3)
                paint_disc(painter, corner, lane.mark.color, lane.mark.letter, DISC)


def _paint_map(painter: QPainter, box: QRectF, picture: Glance | None) -> None:
    """The colours and the boundary."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.mix("canvas", "raised", 0.5))
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    if picture is None:
        return
    rows, columns = picture.pixels.shape
    brush = QBrush(QImage(picture.pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32))
    across, down = box.width() / (columns - 1), box.height() / (rows - 1)
    brush.setTransform(QTransform(across, 0, 0, down, box.left() - across / 2, box.top() - down / 2))
    painter.setBrush(brush)
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    outline = QPainterPath()
    outline.addRoundedRect(box, RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(outline)
    painter.setPen(QPen(theme.color("text"), 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for line in picture.boundary:
        shown = line * (box.width(), box.height()) + (box.left(), box.top())
        painter.drawPolyline([QPointF(*point) for point in shown.tolist()])
    painter.restore()
