"""Scrubbing a number."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt

from visualnn.scene.frame import Place

DRAG_STARTS_PX = 3
STEP_PER_PX = 0.01


def factor(modifiers: Qt.KeyboardModifier) -> float:
    """Shift is fine, Ctrl is coarse."""
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 0.1
    return 10.0 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0


@dataclass(slots=True)
class Drag:
    """A number being scrubbed."""

    place: Place
    value: float
    x: float
    gesture: object
    moved: bool = False

    def starts(self, x: float) -> bool:
        """Whether the pointer has just gone far enough to mean it; the number is scrubbed from there."""
        if self.moved or abs(x - self.x) < DRAG_STARTS_PX:
            return False
        self.moved, self.x = True, x
        return True

    def pull(self, x: float, modifiers: Qt.KeyboardModifier) -> float:
        """Go there; returns the number that is meant."""
        self.value += (x - self.x) * STEP_PER_PX * factor(modifiers)
        self.x = x
        return round(self.value, 10)
