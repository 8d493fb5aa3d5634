"""A landscape in 3-D, to be turned, zoomed, pointed at and played on."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QNativeGestureEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from visualnn.gui.clock import FrameClock
from visualnn.gui.views.landscape import hand
from visualnn.gui.views.landscape.hand import Grip, Point
from visualnn.gui.views.landscape.relief_canvas import ReliefCanvas
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.scene.landscape.scenery import Scenery

DRAG_STARTS_PX = 4
DOUBLES = 480.0  # of the wheel, in eighths of a degree, make everything twice as large
LEAST_PINCH = 0.1  # a gesture's single event never shrinks by more
KEY_TURN, KEY_ZOOM = 20.0, 1.2  # px of a hand, and times larger
TURNS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
ZOOMS = {Qt.Key.Key_Plus: KEY_ZOOM, Qt.Key.Key_Equal: KEY_ZOOM, Qt.Key.Key_Minus: 1 / KEY_ZOOM}


class ReliefView(KeyboardFocus, ReliefCanvas):
    """Turns pointer and keys into movements of the camera, and into requests.

    A click on the surface asks for a start. Where a second click would turn the camera back, it waits whether one
    comes: a double click begins nothing.
    """

    start_requested = Signal(float, float)  # a place of the window
    ball_chosen = Signal(int)  # the number of its trail
    ball_dragged = Signal(int, float, float)  # trail, −1 for the start, and where it is now
    ball_dropped = Signal(int, float, float)
    pointed_changed = Signal(object)  # (x, y), or None when nothing is pointed at

    own_keys = frozenset({*ZOOMS, Qt.Key.Key_0})
    ring_radius = 4

    def __init__(self, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(clock, parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._pressed: QPointF | None = None
        self._grip: Grip | None = None  # what was pressed
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.timeout.connect(self._on_single_click)

    def show_scenery(self, scenery: Scenery) -> None:
        if self._pressed is None:
            self._held = None  # what was dropped has come to where it was dropped
        super().show_scenery(scenery)

    def rest(self) -> None:
        self._patience.stop()
        super().rest()

    def _on_drawn(self) -> None:
        super()._on_drawn()
        if self._pointer is not None and self._pressed is None:
            self._point(self._pointer)

    # -- pointer -------------------------------------------------------------------------------------------------

    def _at(self, event: QMouseEvent) -> QPointF:
        """Where the pointer is, in points."""
        return event.position() / self.scale

    def mousePressEvent(self, event: QMouseEvent) -> None:
        drawing = self.easel.drawing
        if event.button() != Qt.MouseButton.LeftButton or drawing is None:
            return
        self.orbit.stop()
        self._forget_wish()
        self._asks_home = False
        if self._held is not None:  # nobody has said what became of it
            self._held = None
            self._ask()
        self._pressed = self._at(event)
        self._grip = hand.grip(drawing, self._pressed.x(), self._pressed.y())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = self._at(event)
        if self._pressed is None:
            self._point(self._pointer)
        elif self._held is not None or self.orbit.is_held:
            self._pull(self._pointer)
        elif (self._pointer - self._pressed).manhattanLength() >= DRAG_STARTS_PX:
            self._take(self._pressed)
            self._pull(self._pointer)

    def _take(self, point: QPointF) -> None:
        """What is dragged from there: a ball where one may be, else the camera."""
        self._set_pointed(None)
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        place = self._place_of_grip(point) if self._scenery.may_start else None
        if self._grip is not None and place is not None:
            self._held = self._grip.trail, place
            self._ask()
        else:
            self.orbit.take(point)

    def _pull(self, point: QPointF) -> None:
        if self._held is None:
            self.orbit.pull(point)
            return
        place = self._place_of_grip(point)
        if place is not None and place != self._held[1]:
            self._held = self._held[0], place
            self.ball_dragged.emit(*self._flat(self._held))
            self.update()

    def _place_of_grip(self, point: QPointF) -> Point | None:
        """The place of the surface under what is held; None beside it."""
        drawing, grip = self.easel.drawing, self._grip
        if drawing is None or grip is None:
            return None
        return hand.on_surface(drawing, point.x() + grip.dx, point.y() + grip.dy)

    @staticmethod
    def _flat(held: tuple[int, Point]) -> tuple[int, float, float]:
        trail, (x, y) = held
        return trail, x, y

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        self._pressed, grip, self._grip = None, self._grip, None
        if self._held is not None:
            self.ball_dropped.emit(*self._flat(self._held))
        elif self.orbit.is_held:
            self.orbit.let_go()
        elif grip is not None and grip.trail != hand.PIN:
            self.ball_chosen.emit(grip.trail)
        elif grip is None:
            self._click(self._at(event))
        self._pointer = self._at(event)
        self._point(self._pointer)

    def _click(self, point: QPointF) -> None:
        """A start, at once where a second click would do nothing."""
        drawing = self.easel.drawing
        place = None if drawing is None else hand.on_surface(drawing, point.x(), point.y())
        if place is None or not self._scenery.may_start:
            return
        self._wish = place
        if self.orbit.camera == self.orbit.home:
            self._on_single_click()
        else:
            self._patience.start(QApplication.doubleClickInterval())
            self.update()

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
            self._pressed = None
            self.go_home()

    def wheelEvent(self, event: QWheelEvent) -> None:
        notches = event.angleDelta().y() or event.angleDelta().x()
        if notches:
            self.zoom(2 ** (notches / DOUBLES))
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        if self._pressed is None:
            self._leave()

    def _leave(self) -> None:
        self._pointer = self._over = None
        self._set_pointed(None)
        self.unsetCursor()

    def _point(self, point: QPointF) -> None:
        """What is under the pointer, and the cursor for what can be done with it."""
        drawing, may_start = self.easel.drawing, self._scenery.may_start
        if drawing is None or not self.area().contains(point):
            self._leave()
            return
        grip = hand.grip(drawing, point.x(), point.y())
        self._over = None if grip is None else grip.trail
        self._set_pointed(hand.pointed(drawing, point.x(), point.y()))
        if grip is not None and (may_start or grip.trail != hand.PIN):
            self.setCursor(Qt.CursorShape.OpenHandCursor if may_start else Qt.CursorShape.PointingHandCursor)
        elif self._pointed is not None and may_start:
            self.setCursor(Qt.CursorShape.CrossCursor)
        else:
            self.unsetCursor()

    def _set_pointed(self, place: Point | None) -> None:
        self.update()
        if place != self._pointed:
            self._pointed = place
            self.pointed_changed.emit(place)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.NativeGesture and isinstance(event, QNativeGestureEvent):
            return self._gesture(event)
        return super().event(event)

    def _gesture(self, event: QNativeGestureEvent) -> bool:
        """Pinching zooms, a double tap with two fingers goes home."""
        match event.gestureType():
            case Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom(max(LEAST_PINCH, 1 + event.value()))
            case Qt.NativeGestureType.SmartZoomNativeGesture:
                self.go_home()
            case _:
                return False
        return True

    # -- keys ----------------------------------------------------------------------------------------------------

    def owns(self, event: QKeyEvent) -> bool:
        """Arrows step through the race; with Ctrl they turn."""
        return super().owns(event) or (
            event.key() in TURNS and _held_keys(event) == Qt.KeyboardModifier.ControlModifier
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self.owns(event):
            super().keyPressEvent(event)
        elif key in TURNS:
            across, down = TURNS[Qt.Key(key)]
            self.turn(across * KEY_TURN, down * KEY_TURN)
        elif key in ZOOMS:
            self.zoom(ZOOMS[Qt.Key(key)])
        else:
            self.go_home()


def _held_keys(event: QKeyEvent) -> Qt.KeyboardModifier:
    """Without the keypad's mark, which arrows bear on some systems."""
    return event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
