"""Controls on the stage: drawn as large as the stage is, and hit more easily than they are large."""

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QWidget

from visualnn.gui.widgets.focus import GAP, WIDTH, FocusRing, KeyboardFocus


class HitArea(KeyboardFocus):
    """What a control on the stage adds to its bases: a scale, a place, and a body smaller than itself.

    All pixels are reached by the pointer, only the body is painted, and the ring lies around the body.
    """

    BODY_HEIGHT = 26
    MARGINS = (6, 4)  # px beside the body, and above and below it
    scale = 1.0

    def set_scale(self, scale: float) -> None:
        """Draws itself so many times as large as the design has it."""
        if scale != self.scale:
            self.scale = scale
            self.updateGeometry()
            self.update()

    def body(self) -> QRectF:
        """What is painted of it."""
        beside, above = (round(margin * self.scale) for margin in self.MARGINS)
        return QRectF(self.rect()).adjusted(beside, above, -beside, -above)

    def stand_at(self, middle: QPointF) -> None:
        """Takes the room it needs around `middle`."""
        size = self.sizeHint()
        left, top = round(middle.x() - size.width() / 2), round(middle.y() - size.height() / 2)
        self.setGeometry(left, top, size.width(), size.height())

    def show_ring(self) -> None:
        if self._ring is None and self.parentWidget() is not None:
            self._ring = _BodyRing(self)
        self.ring_radius = self.body().height() / 2
        super().show_ring()


def wide(body_width: float, control: type[HitArea], scale: float) -> int:
    """How wide a control with such a body is, in pixels."""
    return round(body_width) + 2 * round(control.MARGINS[0] * scale)


def high(control: type[HitArea], scale: float) -> int:
    """How high a control is, in pixels."""
    return round(control.BODY_HEIGHT * scale) + 2 * round(control.MARGINS[1] * scale)


class _BodyRing(FocusRing):
    """Two pixels of accent, two pixels outside of the body."""

    def __init__(self, target: QWidget):
        super().__init__(target)
        self._around = target

    def surround(self) -> None:
        super().surround()
        out = GAP + WIDTH
        box = self._around.body().toAlignedRect().translated(self._around.pos())
        self.setGeometry(box.adjusted(-out, -out, out, out))
