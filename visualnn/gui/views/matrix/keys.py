"""What keys mean on the matrix."""

from __future__ import annotations

from PySide6.QtCore import Qt

ZOOM = 1.5
STEPS = {  # rows down, columns to the right
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
ZOOMS = {Qt.Key.Key_Plus: ZOOM, Qt.Key.Key_Equal: ZOOM, Qt.Key.Key_Minus: 1 / ZOOM}
FIT = Qt.Key.Key_0
OWN = frozenset({*STEPS, *ZOOMS, FIT})
