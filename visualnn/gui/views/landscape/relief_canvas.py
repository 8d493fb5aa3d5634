"""A landscape in 3-D, as it is drawn: pixels and lines in a thread, the pointer's marks at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from math import ceil

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.canvas import paint_items
from visualnn.gui.clock import FrameClock
from visualnn.gui.views.landscape import hand, notes
from visualnn.gui.views.landscape.aspect import Aspect, Drawing
from visualnn.gui.views.landscape.easel import Easel
from visualnn.gui.views.landscape.hand import Point
from visualnn.gui.views.landscape.orbit import Orbit
from visualnn.gui.views.landscape.painting import paint
from visualnn.scene import look
from visualnn.scene.frame import Item
from visualnn.scene.landscape import pins, reading, soundings
from visualnn.scene.landscape.camera import Camera
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.scenery import EMPTY, Scenery

PRESENTED = 1.28  # times larger letters, for those who sit far away
LARGE, LARGEST = (1100, 800), 1.5  # px from which lines and letters grow with the view, and how much at most


class ReliefCanvas(QWidget):
    """Shows a scenery from where the camera stands."""

    def __init__(self, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 140)
        self._scenery = EMPTY
        self._palette: Palette = "even"
        self._presenting, self._has_bar = False, True
        self._asks_home = False  # whether the camera is to go to where most is seen
        self._held: tuple[int, Point] | None = None  # what is dragged, or was dropped, and where it is
        self._pointer: QPointF | None = None
        self._pointed: Point | None = None
        self._over: int | None = None  # the trail whose ball is under the pointer
        self._elsewhere: Point | None = None  # what the other view's pointer is at
        self._wish: Point | None = None  # a start that was clicked, but not yet asked for
        self.easel = Easel(self)
        self.easel.drawn.connect(self._on_drawn)
        self.easel.home_found.connect(self._on_home_found)
        self.orbit = Orbit(clock, self)
        self.orbit.moved.connect(self._on_moved)
        self._describe()

    # -- values down ---------------------------------------------------------------------------------------------

    def show_scenery(self, scenery: Scenery) -> None:
        """Show this from now on; as long as the relief is the same object, only lines are drawn anew."""
        last, self._scenery = self._scenery, scenery
        before = last.relief
        if scenery.relief is None:
            self.orbit.stop()
            self.easel.clear()
            self._leave()
        elif before is None or not _is_same_place(before, scenery.relief):
            self._asks_home = not self.orbit.is_held
        self._describe()
        self._ask()
        if (last.stamp, last.progress, last.waiting) != (scenery.stamp, scenery.progress, scenery.waiting):
            self.update()

    def show_pointed(self, point: Point | None) -> None:
        """Where the pointer is in the other view."""
        if point != self._elsewhere:
            self._elsewhere = point
            self.update()

    def set_palette(self, palette: Palette) -> None:
        """Which colours heights have."""
        self._palette = palette
        self._ask()

    def set_presenting(self, presenting: bool) -> None:
        """Larger letters, for those who sit far away."""
        self._presenting = presenting
        self._ask()

    def set_bar(self, shown: bool) -> None:
        """Whether the colours are told; not where a map beside it tells them."""
        if shown != self._has_bar:
            self._has_bar = shown
            self.update()

    @property
    def scenery(self) -> Scenery:
        """What it was given last."""
        return self._scenery

    @property
    def busy(self) -> bool:
        """Whether something is still to be drawn, or drawn more finely."""
        return self.easel.busy

    def finish(self) -> None:
        """Draw everything now; for pictures and tests."""
        self._ask(unseen=True)
        self.easel.finish()

    def redraw(self) -> None:
        """Draw it anew: what draws it has changed."""
        self.easel.renew()
        self._ask()

    def rest(self) -> None:
        """Let nothing go on."""
        self.orbit.stop()
        self.easel.rest()

    def _describe(self) -> None:
        relief = self._scenery.relief
        self.setAccessibleName("Loss surface" if relief is None else f"{reading.title(relief)}, in 3-D")
        said = self._scenery.waiting if relief is None else reading.description(relief, self._scenery.marks)
        self.setAccessibleDescription(said)

    # -- the camera ----------------------------------------------------------------------------------------------

    def turn(self, dx: float, dy: float) -> None:
        """As if a hand turned it by so many px."""
        self._asks_home = False
        self.orbit.turn(dx, dy)

    def zoom(self, factor: float) -> None:
        """So many times larger."""
        self._asks_home = False
        self.orbit.zoom(factor)

    def go_home(self) -> None:
        """Glide to where the camera stood first."""
        self.orbit.go_home()

    def _on_moved(self) -> None:
        self._ask()

    def _on_home_found(self, home: Camera) -> None:
        self._asks_home = False
        self.orbit.home = home
        self.orbit.put(home)

    # -- drawing -------------------------------------------------------------------------------------------------

    @property
    def scale(self) -> float:
        """How many px a point of the drawing is: more than one where the view is large."""
        wide, high = self.width() / LARGE[0], self.height() / LARGE[1]
        return min(max(min(wide, high), PRESENTED if self._presenting else 1.0), LARGEST)

    def area(self) -> QRectF:
        """All of the view, in points."""
        return QRectF(0, 0, self.width() / self.scale, self.height() / self.scale)

    def _ask(self, *, unseen: bool = False) -> None:
        """Have it drawn."""
        relief = self._scenery.relief
        if relief is None or not (self.isVisible() or unseen) or self.size().isEmpty():
            return
        area = self.area()
        size = ceil(area.width()), ceil(area.height())
        aspect = Aspect(relief, self.orbit.camera, size, theme.current().name, self._palette)
        marks = hand.lifted(self._scenery.marks, None if self._held is None else self._held[0])
        if marks.pointed is not None:
            marks = replace(marks, pointed=None)  # it is painted at once
        self.easel.ask(aspect, marks, self.devicePixelRatioF() * self.scale, asks_home=self._asks_home)

    def _on_drawn(self) -> None:
        self.update()

    def _leave(self) -> None:
        """Nothing is pointed at."""
        self._pointer = self._pointed = self._over = None

    def paintEvent(self, _event: QEvent) -> None:
        drawing, area = self.easel.drawing, self.area()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if drawing is None or drawing.aspect.size != (ceil(area.width()), ceil(area.height())):
                painter.fillRect(self.rect(), theme.color("canvas"))
            painter.scale(self.scale, self.scale)
            if drawing is None:
                notes.paint_waiting(painter, self._scenery, area)
                return
            paint(painter, drawing.ground.image, drawing.frame if self._has_bar else replace(drawing.frame, around=()))
            paint_items(painter, self._above(drawing))
            notes.paint_stamp(painter, self._scenery, area)
            if self._pointer is not None and (words := self._words(drawing)):
                notes.paint_reading(painter, words, self._pointer, area.adjusted(6, 6, -6, -6))

    def _words(self, drawing: Drawing) -> str:
        """What is said beside the pointer: whose ball is there, else how high the surface is."""
        trails = self._scenery.marks.trails
        if self._held is not None:
            return reading.reading(drawing.aspect.relief, *self._held[1])
        if self._over is not None and 0 <= self._over < len(trails):
            return soundings.ball_words(trails[self._over])
        return "" if self._pointed is None else reading.reading(drawing.aspect.relief, *self._pointed)

    def _above(self, drawing: Drawing) -> Iterator[Item]:
        """The pointer's marks, and what is dragged."""
        marks = self._scenery.marks
        at = self._pointed or self._elsewhere or marks.pointed
        if at is not None and self._held is None:
            aspect = drawing.aspect
            yield from pins.pointed(aspect.relief, aspect.seen, look.load(aspect.theme), at)
        if self._wish is not None:
            yield from hand.carried(drawing, marks, hand.PIN, self._wish)
        if self._held is not None:
            yield from hand.carried(drawing, marks, *self._held)

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)
        self._ask()

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)
        self.orbit.stop()
        self._leave()

    def resizeEvent(self, _event: QEvent) -> None:
        self._ask()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._ask()
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._ask()
        return super().event(event)


def _is_same_place(a: Relief, b: Relief) -> bool:
    """Whether the camera stays: the same axes, as long as before, though perhaps elsewhere on them."""
    extents = [np.subtract(each.window[1::2], each.window[::2]) for each in (a, b)]
    return a.names == b.names and bool(np.allclose(extents[0], extents[1], rtol=1e-6, atol=0))
