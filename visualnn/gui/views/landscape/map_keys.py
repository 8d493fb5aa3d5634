"""What keys mean on the map. The arrows alone belong to the transport."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

ZOOM, PAN = 1.5, 0.1
ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
ZOOMS = {Qt.Key.Key_Plus: ZOOM, Qt.Key.Key_Equal: ZOOM, Qt.Key.Key_Minus: 1 / ZOOM}
PLAIN: dict[Qt.Key, Literal["home", "start", "escape"]] = {
    Qt.Key.Key_0: "home",
    Qt.Key.Key_Return: "start",
    Qt.Key.Key_Enter: "start",
    Qt.Key.Key_Escape: "escape",
}
OWN = frozenset({*ZOOMS, *PLAIN})
CONTROL, ALT, SHIFT = (
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def pan_of(event: QKeyEvent) -> tuple[int, int] | None:
    """Ctrl and an arrow: to the right and up."""
    return ARROWS.get(Qt.Key(event.key())) if _held(event) == CONTROL else None


def walk_of(event: QKeyEvent) -> tuple[int, int] | None:
    """Alt and an arrow: where the cross goes."""
    return ARROWS.get(Qt.Key(event.key())) if _held(event) == ALT else None


def _held(event: QKeyEvent) -> Qt.KeyboardModifier:
    return event.modifiers() & (CONTROL | ALT | SHIFT | Qt.KeyboardModifier.MetaModifier)
