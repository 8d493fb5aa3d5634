"""A number that moves to its next value instead of jumping there."""

from PySide6.QtCore import QEasingCurve, QVariantAnimation
from PySide6.QtWidgets import QWidget

from visualnn.gui.theme import appearance

HOVER_MS = 100


class Glide(QVariantAnimation):
    """`value`, repainting its widget while it moves; at once where motion is reduced or nothing is seen."""

    def __init__(self, widget: QWidget, duration_ms=HOVER_MS, curve=QEasingCurve.Type.OutCubic, value=0.0):
        super().__init__(widget)
        self.value = value
        self._widget = widget
        self.setDuration(duration_ms)
        self.setEasingCurve(curve)
        self.valueChanged.connect(self._on_value)

    def go(self, target: float) -> None:
        """Moves to `target` from wherever it is."""
        self.stop()
        if appearance().reduced_motion or not self._widget.isVisible():
            self._on_value(target)
            return
        self.setStartValue(float(self.value))
        self.setEndValue(float(target))
        self.start()

    def _on_value(self, value: float) -> None:
        self.value = float(value)
        self._widget.update()


class Hover:
    """What a widget with a `_glide` adds to its bases: it glides to 1 while the pointer is on it, and back."""

    _glide: Glide

    def enterEvent(self, event) -> None:
        super().enterEvent(event)
        self._glide.go(1)

    def leaveEvent(self, event) -> None:
        super().leaveEvent(event)
        self._glide.go(0)
