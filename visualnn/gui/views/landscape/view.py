"""The landscape on the stage: in 3-D, as a map, or both with one pointer, under a row that says what it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QApplication, QWidget

from visualnn.gui import theme
from visualnn.gui.clock import FrameClock
from visualnn.gui.views.landscape.head import Group, Head
from visualnn.gui.views.landscape.map_view import MapView
from visualnn.gui.views.landscape.relief_view import ReliefView
from visualnn.gui.widgets.focus import give_back_focus
from visualnn.scene.landscape.axes import log_reason
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.scenery import EMPTY, Scenery

ROOM_FOR_BOTH = 900  # px
Point = tuple[float, float]


class LandscapeView(QWidget):
    """Shows one scenery in its two views and hands their wishes on; `shown` is "relief", "map" or "both"."""

    start_requested = Signal(float, float)
    ball_chosen = Signal(int)
    ball_dragged = Signal(int, float, float)
    ball_dropped = Signal(int, float, float)
    pointed_changed = Signal(object)
    window_requested = Signal(object)  # `nn.landscape.window.Window`
    window_reset_requested = Signal()
    surface_chosen = Signal(str)
    example_chosen = Signal(str)
    height_chosen = Signal(bool)  # logarithmic
    palette_chosen = Signal(str)
    refinement_cancelled = Signal()
    shown_changed = Signal(str)

    def __init__(self, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("landscape")
        self._scenery: Scenery = EMPTY
        self._wanted, self._last = "relief", "relief"  # what was chosen; and last, other than the map alone
        self._presenting = False
        self.palette_name: Palette = "even"
        self.head = Head(self)
        self.relief = ReliefView(clock, self)
        self.map = MapView(clock, self)
        for view in (self.relief, self.map):
            view.start_requested.connect(self.start_requested)
            view.ball_chosen.connect(self.ball_chosen)
            view.ball_dragged.connect(self.ball_dragged)
            view.ball_dropped.connect(self.ball_dropped)
            view.pointed_changed.connect(self.pointed_changed)
        self.relief.pointed_changed.connect(self.map.show_pointed)
        self.map.pointed_changed.connect(self.relief.show_pointed)
        self.map.window_requested.connect(self.window_requested)
        self.map.window_reset_requested.connect(self.window_reset_requested)
        self._connect_head()
        self.set_palette("even")
        self._arrange()

    def _connect_head(self) -> None:
        head = self.head
        head.view_chosen.connect(self.set_shown)
        head.surface_chosen.connect(self.surface_chosen)
        head.example_chosen.connect(self.example_chosen)
        head.height_chosen.connect(self.height_chosen)
        head.palette_chosen.connect(self._on_palette)
        head.whole_requested.connect(self.show_whole)
        head.refinement_cancelled.connect(self.refinement_cancelled)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_scenery(self, scenery: Scenery) -> None:
        """Show this from now on."""
        before, self._scenery = self._scenery.relief, scenery
        self.head.show_progress(scenery.progress)
        if scenery.relief is not None and scenery.relief is not before:
            self.head.show_heights(scenery.relief.is_log, log_reason(scenery.relief))
        self.map.show_scenery(scenery)
        self.relief.show_scenery(scenery if scenery.relief is None else replace(scenery, progress=None))

    def show_pointed(self, point: Point | None) -> None:
        """Mark where another view's pointer is."""
        self.relief.show_pointed(point)
        self.map.show_pointed(point)

    def show_surfaces(self, options: Sequence[tuple[str, str, str]], key: str) -> None:
        """The surfaces there are: key, label, and why it cannot be chosen ("": it can); which one is shown."""
        self.head.show_surfaces(options, key)

    def show_examples(self, groups: Sequence[Group]) -> None:
        """The examples there are, group by group: key, label and tooltip of each."""
        self.head.show_examples(groups)

    def set_palette(self, palette: Palette) -> None:
        """Which colours heights have."""
        self.palette_name = palette
        self.head.show_palette(palette)
        self.relief.set_palette(palette)
        self.map.set_palette(palette)

    def set_compact(self, compact: bool) -> None:
        """Fewer words above it where the window is narrow."""
        self.head.set_compact(compact)

    def set_presenting(self, presenting: bool) -> None:
        """Nothing but the landscape, with larger letters."""
        self._presenting = presenting
        self.relief.set_presenting(presenting)
        self.map.set_presenting(presenting)
        self._arrange()

    @property
    def scenery(self) -> Scenery:
        """What it was given last."""
        return self._scenery

    # -- which views ---------------------------------------------------------------------------------------------

    @property
    def shown(self) -> str:
        """What is to be seen now."""
        return "relief" if self._wanted == "both" and self.width() < ROOM_FOR_BOTH else self._wanted

    def set_shown(self, shown: str) -> None:
        """Show this from now on; both only where there is room for them."""
        before, self._wanted = self.shown, shown
        if shown != "map":
            self._last = shown
        self._arrange()
        if self.shown != before:
            self.shown_changed.emit(self.shown)

    def toggle_map(self) -> None:
        """The map alone, and back to what was seen before."""
        self.set_shown(self._last if self.shown == "map" else "map")

    def show_whole(self) -> None:
        """The whole surface, from where it was looked at first."""
        self.relief.go_home()
        self.map.go_home()

    def _views(self) -> list[ReliefView | MapView]:
        return [view for view in (self.relief, self.map) if not view.isHidden()]

    def _arrange(self) -> None:
        """The row above, and below it one view or both, with a hairline between them."""
        shown, top = self.shown, 0 if self._presenting else self.head.height()
        self._show_head(not self._presenting)
        self.head.set_room_for_both(self.width() >= ROOM_FOR_BOTH)
        self.head.show_view(shown)
        self.head.setGeometry(0, 0, self.width(), self.head.height())
        going, coming = (self.relief, self.map) if shown == "map" else (self.map, self.relief)
        looked = self.isVisible() and shown != "both" and going.hasFocus()
        coming.show()
        if looked:
            give_back_focus(coming, going)
        self.relief.setVisible(shown != "map")
        self.relief.set_bar(shown != "both")
        self.map.setVisible(shown != "relief")
        half = (self.width() - 1) // 2 if shown == "both" else self.width()
        self.relief.setGeometry(0, top, half, self.height() - top)
        left = self.width() - half if shown == "both" else 0
        self.map.setGeometry(left, top, half, self.height() - top)
        self.setFocusProxy(self.map if shown == "map" else self.relief)
        self.update()

    def _show_head(self, shown: bool) -> None:
        """Whoever is at one of its controls when it goes comes to the landscape."""
        focused = QApplication.focusWidget()
        if not shown and focused is not None and self.head.isAncestorOf(focused):
            give_back_focus(self.map if self.shown == "map" else self.relief, focused)
        self.head.setVisible(shown)

    def sizeHint(self) -> QSize:
        return QSize(900, 640)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 200)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        had_room = event.oldSize().width() >= ROOM_FOR_BOTH
        self._arrange()
        if self._wanted == "both" and had_room != (self.width() >= ROOM_FOR_BOTH):
            self.shown_changed.emit(self.shown)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(QRectF(self.rect()), theme.color("canvas"))
            if self.shown == "both":
                top = self.relief.y()
                painter.fillRect(QRectF(self.relief.width(), top, 1, self.height() - top), theme.color("line"))

    # -- drawing -------------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something that is to be seen is being drawn."""
        return any(view.busy for view in self._views())

    def finish(self) -> None:
        """Have everything drawn now; for pictures and tests."""
        for view in self._views():
            view.finish()

    def redraw(self) -> None:
        """Draw everything again, as after compiled code has come."""
        self.relief.redraw()
        self.map.redraw()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self.relief.rest()
        self.map.rest()

    def _on_palette(self, palette: str) -> None:
        self.set_palette("vivid" if palette == "vivid" else "even")
        self.palette_chosen.emit(palette)
