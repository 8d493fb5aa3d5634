"""What wheel and touchpad mean for the camera over the stage."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QWheelEvent

NOTCH = 120  # what a wheel turns in one step, in eighths of a degree
ZOOM_PER_NOTCH = 1.2
PAN_PER_NOTCH = 60.0  # px
LEAST_PINCH = 0.1  # a gesture's single event never shrinks by more
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@dataclass(frozen=True, slots=True)
class Zoom:
    """Everything is to be so many times larger about a point of the stage, in px; without one, about its middle."""

    factor: float
    x: float | None = None
    y: float | None = None

    @classmethod
    def about(cls, factor: float, position: QPointF) -> Zoom:
        """What lies under the pointer stays there."""
        return cls(factor, position.x(), position.y())


@dataclass(frozen=True, slots=True)
class Pan:
    """What is drawn is to move by so many px, to the right and down."""

    dx: float
    dy: float


@dataclass(frozen=True, slots=True)
class Fit:
    """Everything is to be seen."""


Wish = Zoom | Pan | Fit


def wish_of_wheel(event: QWheelEvent) -> Wish | None:
    """A wheel zooms and two fingers pan; Ctrl always zooms, Shift pans sideways."""
    turned, pixels, held = event.angleDelta(), event.pixelDelta(), event.modifiers()
    notches = (turned.y() or turned.x()) / NOTCH  # with Alt, and on some systems with Shift, a wheel turns sideways
    if not held & CTRL:
        if held & SHIFT:
            return _pan(float(pixels.y() or pixels.x()) or notches * PAN_PER_NOTCH, 0.0)
        if not pixels.isNull():
            return _pan(float(pixels.x()), float(pixels.y()))
        if turned.x() and not turned.y():  # a wheel tilted, or fingers going sideways
            return _pan(turned.x() / NOTCH * PAN_PER_NOTCH, 0.0)
    return Zoom.about(ZOOM_PER_NOTCH**notches, event.position()) if notches else None


def _pan(dx: float, dy: float) -> Pan | None:
    return Pan(dx, dy) if dx or dy else None


def wish_of_gesture(event: QNativeGestureEvent) -> Wish | None:
    """Pinching zooms about the fingers; a double tap with two of them shows everything."""
    match event.gestureType():
        case Qt.NativeGestureType.ZoomNativeGesture if event.value():
            return Zoom.about(max(LEAST_PINCH, 1 + event.value()), event.position())
        case Qt.NativeGestureType.SmartZoomNativeGesture:
            return Fit()
    return None
