"""The landscape from straight above: looked at, moved, zoomed, and played on."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from visualnn.gui.clock import FrameClock
from visualnn.gui.views.landscape import map_keys
from visualnn.gui.views.landscape.map_hand import START, Hand, Point, ball_at, carried, held
from visualnn.gui.views.landscape.map_sheet import MapSheet
from visualnn.gui.widgets.announce import announce
from visualnn.nn.landscape.window import Window
from visualnn.scene.landscape import reading, soundings, windows
from visualnn.scene.landscape.marks import Marks
from visualnn.scene.landscape.plot import Plot
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.scenery import Scenery

DOUBLES = 480.0  # of the wheel, in eighths of a degree, show a part half as large
WALK = 0.02  # of the map: a step of the cross


class MapView(MapSheet):
    """A map with hands and keys: what is wanted of the surface or of the balls, it asks for.

    Where a second click would show the whole again, a click waits whether one comes: a double click begins nothing.
    """

    start_requested = Signal(float, float)
    ball_chosen = Signal(int)
    ball_dragged = Signal(int, float, float)  # which, −1 for the start, and where to
    ball_dropped = Signal(int, float, float)
    pointed_changed = Signal(object)  # (x, y) or None

    own_keys = map_keys.OWN
    ring_radius = 4

    def __init__(self, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(clock, parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pointer: Point | None = None  # px
        self._cross: Point | None = None  # where the keyboard is
        self._told: Point | None = None
        self._hand: Hand | None = None
        self._dropped: tuple[int, Point] | None = None  # a ball that was let go there, until its new path comes
        self._wish: Point | None = None  # a start that was clicked, but not asked for yet
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_single_click)

    def show_scenery(self, scenery: Scenery) -> None:
        self._dropped = None
        super().show_scenery(scenery)
        self._tell()

    def rest(self) -> None:
        self._patience.stop()
        super().rest()

    def receive(self, relief: Relief | None, before: Relief | None) -> bool:
        is_known = super().receive(relief, before)
        self._hand = self._hand if is_known else None
        return is_known

    def look_at(self, window: Window | None, *, at_once: bool = True) -> None:
        super().look_at(window, at_once=at_once)
        self._tell()

    def go_home(self) -> None:
        super().go_home()
        self._tell()

    def standing(self, relief: Relief, area: Plot) -> tuple[Marks, str]:
        """With the ball that is in the hand, and the pointer's place."""
        hand, at = self._hand, self._pointer
        marks, said = super().standing(relief, area)
        if hand is not None and hand.moved:
            carries = hand.ball is not None and self._scenery.may_start and at is not None
            marks = carried(relief, marks, hand.ball, held(area, *at)) if carries else marks
            return replace(marks, pointed=None), ""
        if self._wish is not None:
            marks = carried(relief, marks, START, self._wish)
        if self._dropped is not None:
            marks = carried(relief, marks, *self._dropped)
        number = self._ball_under(area) if hand is None else None
        if number is not None and number != START and number < len(marks.trails):
            said = soundings.ball_words(marks.trails[number])
        return replace(marks, pointed=self._told or marks.pointed), said

    def _ball_under(self, area: Plot) -> int | None:
        if self._pointer is None:
            return None
        return ball_at(area, self._scenery.marks, *self._pointer, pin=self._scenery.may_start)

    # -- pointer -------------------------------------------------------------------------------------------------

    def _at(self, position: QPointF) -> Point:
        return position.x() / self._scale, position.y() / self._scale

    def mousePressEvent(self, event: QMouseEvent) -> None:
        area = self.plot()
        if event.button() != Qt.MouseButton.LeftButton or area is None:
            return
        self._forget_wish()
        self._pointer = self._at(event.position())
        ball = self._ball_under(area)
        if ball is not None or area.holds(*self._pointer):
            self._hand = Hand(self._pointer, area.window, ball)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer, self._cross = self._at(event.position()), None
        area = self.plot()
        if self._hand is not None and area is not None:
            self._hand = self._hand.at(*self._pointer)
            if self._hand.moved:
                self._pull(self._hand, area)
        self._tell()
        self._dress()
        self.update()

    def _pull(self, hand: Hand, area: Plot) -> None:
        """Take a ball or the picture with the hand."""
        assert self._pointer is not None
        if hand.ball is not None and self._scenery.may_start:
            self.ball_dragged.emit(hand.ball, *held(area, *self._pointer))
            return
        across = (hand.pressed[0] - self._pointer[0]) / area.width
        up = (self._pointer[1] - hand.pressed[1]) / area.height
        window = windows.panned(hand.window, across, up)
        if window is not None:
            self._scope.show(windows.edges_of(window))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        hand, area = self._hand, self.plot()
        if event.button() != Qt.MouseButton.LeftButton or hand is None or area is None:
            return
        self._hand, self._pointer = None, self._at(event.position())
        if hand.moved:
            self._let_go(hand, area)
        elif hand.ball is not None and hand.ball != START:
            self.ball_chosen.emit(hand.ball)
        elif hand.ball is None:
            self._click(area.point(*self._pointer))
        self._tell()
        self._dress()
        self.update()

    def _let_go(self, hand: Hand, area: Plot) -> None:
        assert self._pointer is not None
        if hand.ball is None or not self._scenery.may_start:
            self._scope.wish()
            return
        at = held(area, *self._pointer)
        self._dropped = hand.ball, at
        self.ball_dropped.emit(hand.ball, *at)

    def _click(self, at: Point) -> None:
        """A start, where there is a loss; at once where a second click would do nothing."""
        if not self._may_begin_at(at):
            return
        self._wish = at
        if self._scope.is_home:
            self._on_single_click()
        else:
            self._patience.start(QApplication.doubleClickInterval())
            self.update()

    def _may_begin_at(self, at: Point) -> bool:
        relief = self._picture.relief
        return self._scenery.may_start and relief is not None and soundings.has_loss(relief, *at)

    def _on_single_click(self) -> None:
        wish = self._wish
        self._forget_wish()
        if wish is not None:
            self.start_requested.emit(*wish)

    def _forget_wish(self) -> None:
        self._wish = None
        self._patience.stop()
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._forget_wish()
            self.go_home()

    def wheelEvent(self, event: QWheelEvent) -> None:
        spot = self._at(event.position())
        area = self.plot()
        if area is not None and area.holds(*spot) and self._hand is None:
            self.zoom(2 ** (event.angleDelta().y() / DOUBLES), spot, at_once=False)
            event.accept()
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._pointer = None
        self._tell()
        self.update()

    def _tell(self) -> None:
        """Say where the pointer is, or the keyboard's cross, if that has changed."""
        area, at = self.plot(), self._cross
        if at is None and area is not None and self._pointer is not None and area.holds(*self._pointer):
            at = area.point(*self._pointer)
        if at != self._told:
            self._told = at
            self.pointed_changed.emit(at)

    def _dress(self) -> None:
        """The cursor for what a click or a drag would do."""
        area, may = self.plot(), self._scenery.may_start
        if self._hand is not None and self._hand.moved:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
        elif area is None or self._pointer is None:
            self.unsetCursor()
        elif self._ball_under(area) is not None:
            self.setCursor(Qt.CursorShape.OpenHandCursor if may else Qt.CursorShape.PointingHandCursor)
        elif area.holds(*self._pointer) and may:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def event(self, event: QEvent) -> bool:
        is_pinch = (
            event.type() == QEvent.Type.NativeGesture
            and isinstance(event, QNativeGestureEvent)
            and event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture
        )
        if is_pinch:
            self.zoom(max(1 + event.value(), 0.1), self._at(event.position()), at_once=False)
            return True
        return super().event(event)

    # -- keys ----------------------------------------------------------------------------------------------------

    def owns(self, event: QKeyEvent) -> bool:
        if event.key() == Qt.Key.Key_Escape and self._hand is None and self._cross is None:
            return False
        is_arrow = map_keys.pan_of(event) is not None or map_keys.walk_of(event) is not None
        return is_arrow or super().owns(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, pan, walk = Qt.Key(event.key()), map_keys.pan_of(event), map_keys.walk_of(event)
        if not self.owns(event):
            super().keyPressEvent(event)
        elif pan is not None:
            self.pan(pan[0] * map_keys.PAN, pan[1] * map_keys.PAN)
        elif walk is not None:
            self._walk(*walk)
        elif key in map_keys.ZOOMS:
            self.zoom(map_keys.ZOOMS[key])
        elif map_keys.PLAIN[key] == "home":
            self.go_home()
        elif map_keys.PLAIN[key] == "escape":
            self._give_up()
        elif self._cross is not None and self._may_begin_at(self._cross):
            self.start_requested.emit(*self._cross)

    def _walk(self, across: int, up: int) -> None:
        """The cross goes on; it begins in the middle."""
        area = self.plot()
        if area is None:
            return
        x, y = area.spot(*self._cross) if self._cross else (area.left + area.width / 2, area.top + area.height / 2)
        moved = x + across * WALK * area.width, y - up * WALK * area.height
        self._cross, self._pointer = held(area, *moved), None
        self._tell()
        relief = self._picture.relief
        if relief is not None:
            announce(self, reading.reading(relief, *self._cross))
        self.update()

    def _give_up(self) -> None:
        """Let go of what is in the hand without a word, else of the cross."""
        if self._hand is not None:
            if self._hand.ball is None:
                self._scope.show(self._hand.window)
            self._hand = None
        else:
            self._cross = None
        self._tell()
        self._dress()
        self.update()
