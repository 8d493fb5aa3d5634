"""Wheel, touchpad and keys, as wishes for the camera."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QNativeGestureEvent, QPointingDevice, QWheelEvent

from visualnn.gui.views.network.touch import Fit, Pan, Zoom, wish_of_gesture, wish_of_wheel

NOTHING, CTRL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier
SHIFT, ALT = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier
AT = QPointF(30, 40)


def wheel(turned=(0, 0), pixels=(0, 0), held=NOTHING):
    phase = Qt.ScrollPhase.NoScrollPhase
    return QWheelEvent(AT, AT, QPoint(*pixels), QPoint(*turned), Qt.MouseButton.NoButton, held, phase, False)


def gesture(kind, value=0.0):
    return QNativeGestureEvent(kind, QPointingDevice.primaryPointingDevice(), 2, AT, AT, AT, value, QPointF())


@pytest.mark.parametrize(("turned", "factor"), [(120, 1.2), (-120, 1 / 1.2), (240, 1.44), (60, 1.2**0.5)])
@pytest.mark.parametrize("held", [NOTHING, CTRL])
def test_a_wheel_zooms_about_the_pointer(turned, factor, held):
    assert wish_of_wheel(wheel((0, turned), held=held)) == Zoom(pytest.approx(factor), 30, 40)


def test_two_fingers_pan_and_with_ctrl_they_zoom():
    assert wish_of_wheel(wheel((16, -24), (8, -12))) == Pan(8, -12)
    assert wish_of_wheel(wheel((0, -60), (0, -30), CTRL)) == Zoom(pytest.approx(1.2**-0.5), 30, 40)


@pytest.mark.parametrize("turned", [(0, 120), (120, 0)])
def test_shift_pans_sideways(turned):
    assert wish_of_wheel(wheel(turned, held=SHIFT)) == Pan(60, 0)
    assert wish_of_wheel(wheel(turned, (0, 9), SHIFT)) == Pan(9, 0)


def test_a_tilted_wheel_pans_sideways():
    assert wish_of_wheel(wheel((-120, 0))) == Pan(-60, 0)


@pytest.mark.parametrize("held", [NOTHING, CTRL, SHIFT])
def test_a_wheel_that_does_not_turn_means_nothing(held):
    assert wish_of_wheel(wheel(held=held)) is None


def test_a_pinch_zooms_about_the_fingers(qapp):
    zoom = Qt.NativeGestureType.ZoomNativeGesture
    assert wish_of_gesture(gesture(zoom, 0.25)) == Zoom(1.25, 30, 40)
    assert wish_of_gesture(gesture(zoom, -2.0)).factor > 0
    assert wish_of_gesture(gesture(zoom, 0.0)) is None


def test_a_double_tap_of_two_fingers_shows_everything_and_turning_them_nothing(qapp):
    assert wish_of_gesture(gesture(Qt.NativeGestureType.SmartZoomNativeGesture)) == Fit()
    assert wish_of_gesture(gesture(Qt.NativeGestureType.RotateNativeGesture, 9.0)) is None
