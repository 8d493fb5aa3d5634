"""The long paths on a map as a picture of their own, made in a thread: a long race is painted as fast as a short one.

All but the last points of a path are in the picture, the others are painted each time. A path that has grown since
needs no new picture at once; one that has become another is drawn coarsely until its picture is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter

from visualnn.gui.canvas import paint_items
from visualnn.gui.tasks import Newest
from visualnn.scene.frame import Item
from visualnn.scene.landscape.chart_trails import COARSE, PACE, bodies, trails
from visualnn.scene.landscape.marks import Marks, Trail
from visualnn.scene.landscape.plot import Plot

STEP = 256  # points: a picture is made anew when a path has grown by so many
LONG = 512  # points of all paths, from which there is one


@dataclass(frozen=True, slots=True)
class Body:
    """The points of a path that are in a picture: the first so many. Two are the same if their ends are."""

    count: int
    color: int
    ends: tuple[float, ...]

    def begins(self, trail: Trail) -> bool:
        """Whether a path begins with these points."""
        return self.count <= len(trail.points) and body(trail, self.count) == self


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which bodies are to be drawn, in a plot that shows a part of a plane."""

    plot: Plot
    ratio: float
    bodies: tuple[Body, ...]
    topmost: int | None  # which one lies above the others


@dataclass(frozen=True, eq=False, slots=True)
class Picture:
    """They are drawn on nothing."""

    wanted: Wanted
    image: QImage

    def serves(self, marks: Marks) -> bool:
        """Whether all paths begin with what is in it."""
        own = self.wanted
        if len(own.bodies) != len(marks.trails) or own.topmost != marks.selected:
            return False
        return all(each.begins(trail) for each, trail in zip(own.bodies, marks.trails, strict=True))


def body(trail: Trail, count: int) -> Body:
    """The first points of a path."""
    ends = (*trail.points[0].tolist(), *trail.points[count - 1].tolist()) if count else ()
    return Body(count, trail.color, ends)


def drawn(wanted: Wanted, marks: Marks) -> Picture:
    """Draws them; any thread may."""
    plot, ratio = wanted.plot, wanted.ratio
    wide, high = max(1, round(plot.width * ratio)), max(1, round(plot.height * ratio))
    image = QImage(wide, high, QImage.Format.Format_ARGB32_Premultiplied)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.transparent)
    with QPainter(image) as painter:
        painter.translate(-plot.left, -plot.top)
        paint_items(painter, bodies(plot, marks, [each.count for each in wanted.bodies]))
    return Picture(wanted, image)


class MapTrails(QObject):
    """Keeps the newest picture of the paths, and says what of them is not in it."""

    changed = Signal()

    def __init__(self, parent: QObject):
        super().__init__(parent)
        self._newest = Newest(self)
        self._newest.done.connect(self._on_done)
        self._picture: Picture | None = None
        self._job: Callable[[], Picture] | None = None
        self._asked: Wanted | None = None  # what it draws

    @property
    def busy(self) -> bool:
        """Whether another picture is being made."""
        return self._asked is not None and (self._picture is None or self._picture.wanted is not self._asked)

    def finish(self) -> None:
        """Draw it now."""
        if self.busy and self._job is not None:
            self._newest.forget()
            self._on_done(self._job())

    def rest(self) -> None:
        """Let nothing go on."""
        self._newest.rest()

    def paint(self, painter: QPainter, plot: Plot, marks: Marks, ratio: float) -> Iterable[Item]:
        """Paint the picture; what of the paths is still to be painted."""
        if sum(len(trail.points) for trail in marks.trails) < LONG:
            return trails(plot, marks)
        made = tuple(body(trail, len(trail.points) // STEP * STEP) for trail in marks.trails)
        self._want(Wanted(plot, ratio, made, marks.selected), marks)
        shown = self._picture
        if shown is None or not shown.serves(marks):
            return trails(plot, marks, pace=COARSE)
        painter.save()
        painter.setClipRect(QRectF(plot.left, plot.top, plot.width, plot.height), Qt.ClipOperation.IntersectClip)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(QRectF(*plot.part(shown.wanted.plot.window)), shown.image)
        painter.restore()
        return trails(plot, marks, skipped=[each.count for each in shown.wanted.bodies], pace=PACE)

    def _want(self, wanted: Wanted, marks: Marks) -> None:
        if wanted != self._asked:
            self._asked, self._job = wanted, partial(drawn, wanted, marks)
            self._newest.ask(self._job)

    def _on_done(self, picture: object) -> None:
        if isinstance(picture, Picture):
            self._picture = picture
            self.changed.emit()
