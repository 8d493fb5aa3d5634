"""The map of a landscape as it is painted, and which part of the plane it shows."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.canvas import paint_items
from visualnn.gui.clock import FrameClock
from visualnn.gui.views.landscape import notes
from visualnn.gui.views.landscape.map_hand import Point, held
from visualnn.gui.views.landscape.map_picture import MapPicture, Wanted
from visualnn.gui.views.landscape.map_scope import Scope
from visualnn.gui.views.landscape.map_trails import MapTrails
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.nn.landscape.window import Window
from visualnn.scene import look
from visualnn.scene.landscape import chart, reading, windows
from visualnn.scene.landscape.marks import Marks
from visualnn.scene.landscape.plot import Plot
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.scenery import EMPTY, Scenery

PRESENTED = 1.28


@dataclass(frozen=True, slots=True)
class Rim:
    """What axes and colour bar depend on; `ratio` pixels make a px."""

    relief: Relief
    plot: Plot
    look: look.Look
    palette: Palette
    stamp: str
    ratio: float


class MapSheet(KeyboardFocus, QWidget):
    """Paints the scenery it was given last.

    A part of the plane that is asked for is shown at once, with the picture that there is, until its relief comes.
    """

    window_requested = Signal(object)  # `nn.landscape.window.Window`
    window_reset_requested = Signal()

    def __init__(self, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(160, 140)
        self._scenery: Scenery = EMPTY
        self._palette: Palette = "even"
        self._scale = 1.0
        self._theirs: Point | None = None  # where another view's pointer is
        self._rim_wanted: Rim | None = None
        self._rim_pixmap = QPixmap()
        self._picture = MapPicture(self)
        self._picture.changed.connect(self.update)
        self._trails = MapTrails(self)
        self._trails.changed.connect(self.update)
        self._scope = Scope(clock, self)
        self._scope.wished.connect(self.window_requested)
        self._describe()

    # -- values down ---------------------------------------------------------------------------------------------

    def show_scenery(self, scenery: Scenery) -> None:
        """Show this from now on."""
        before, self._scenery = self._scenery.relief, scenery
        if scenery.relief is not before:
            self.receive(scenery.relief, before)
        self._describe()
        self.update()

    def show_pointed(self, point: Point | None) -> None:
        """Mark where another view's pointer is."""
        if point != self._theirs:
            self._theirs = point
            self.update()

    def set_palette(self, palette: Palette) -> None:
        """Colour the heights otherwise."""
        self._palette = palette
        self.update()

    def set_presenting(self, presenting: bool) -> None:
        """Larger letters, for those who sit far away."""
        self._scale = PRESENTED if presenting else 1.0
        self.update()

    @property
    def scenery(self) -> Scenery:
        """What it was given last."""
        return self._scenery

    def plot(self) -> Plot | None:
        """Where the map lies, and what part of the plane it shows."""
        relief = self._scenery.relief
        if relief is None:
            return None
        area = chart.plot(relief, (self.width() / self._scale, self.height() / self._scale))
        return area.showing(self._scope.window(relief))

    def receive(self, relief: Relief | None, before: Relief | None) -> bool:
        """Another relief; whether it is of the same surface."""
        is_known = self._scope.arrive(relief, before)
        if not is_known:
            self._picture.forget()
        return is_known

    def _describe(self) -> None:
        relief = self._scenery.relief
        self.setAccessibleName("Map of the loss" if relief is None else f"{reading.title(relief)}, as a map")
        said = self._scenery.waiting if relief is None else reading.description(relief, self._scenery.marks)
        self.setAccessibleDescription(said)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        relief, area = self._scenery.relief, self.plot()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("canvas"))
            if relief is None or area is None:
                self._picture.want(None)
                notes.paint_waiting(painter, self._scenery, QRectF(self.rect()))
                return
            colors = look.load(theme.current().name)
            ratio = self.devicePixelRatioF() * self._scale
            self._picture.want(Wanted(relief, (area.width, area.height), colors, self._palette, ratio))
            painter.scale(self._scale, self._scale)
            self._picture.paint(painter, area, colors)
            known = self._picture.relief
            if known is not None:
                marks, said = self.standing(known, area)
                paths = self._trails.paint(painter, area, marks, ratio)
                paint_items(painter, chart.above(known, area, colors, marks, said=said, trails=paths))
            painter.resetTransform()
            painter.drawPixmap(0, 0, self._rim(Rim(relief, area, colors, self._palette, self._scenery.stamp, ratio)))

    def _rim(self, wanted: Rim) -> QPixmap:
        """Axes, numbers and colour bar, which stay while the balls roll."""
        if wanted != self._rim_wanted:
            self._rim_wanted = wanted
            self._rim_pixmap = QPixmap(self.size() * self.devicePixelRatioF())
            self._rim_pixmap.setDevicePixelRatio(wanted.ratio)
            self._rim_pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(self._rim_pixmap) as painter:
                around = chart.around(wanted.relief, wanted.plot, wanted.look, wanted.palette, wanted.stamp)
                paint_items(painter, around)
            self._rim_pixmap.setDevicePixelRatio(self.devicePixelRatioF())
        return self._rim_pixmap

    def standing(self, relief: Relief, area: Plot) -> tuple[Marks, str]:
        """What stands on the map now, and what is said at the pointer in place of its coordinates."""
        marks = self._scenery.marks
        return replace(marks, pointed=self._theirs or marks.pointed), ""

    def redraw(self) -> None:
        """Draw everything again, as after compiled code has come."""
        self._picture.redraw()
        self.update()

    @property
    def busy(self) -> bool:
        """Whether a picture is being made."""
        return self._picture.busy or self._trails.busy

    def finish(self) -> None:
        """Have everything drawn now; for pictures and tests."""
        self.grab()
        self._picture.finish()
        self.grab()
        self._trails.finish()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._scope.rest()
        self._picture.rest()
        self._trails.rest()

    # -- where one looks -----------------------------------------------------------------------------------------

    def zoom(self, factor: float, about: Point | None = None, *, at_once: bool = True) -> None:
        """Look at a part so many times as small, around a spot (px), else around the middle."""
        area = self.plot()
        if area is None:
            return
        x, y = about or (area.left + area.width / 2, area.top + area.height / 2)
        self.look_at(windows.zoomed(area.window, factor, held(area, x, y)), at_once=at_once)

    def pan(self, across: float, up: float) -> None:
        """Look at the part so many widths to the right and heights up."""
        area = self.plot()
        if area is not None:
            self.look_at(windows.panned(area.window, across, up))

    def look_at(self, window: Window | None, *, at_once: bool = True) -> None:
        """Show another part of the plane, and ask for it; None: there is none."""
        if window is None:
            return
        self._scope.show(windows.edges_of(window))
        self._scope.wish() if at_once else self._scope.wish_soon()
        self.update()

    def go_home(self) -> None:
        """Ask for the whole of it, and show what there is."""
        self._scope.go_home()
        self.update()
        self.window_reset_requested.emit()
