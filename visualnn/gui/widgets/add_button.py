"""The ring with a plus between two layers."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import Button
from visualnn.gui.widgets.hit_area import HitArea, high

ICON = 14


class AddButton(HitArea, Button):
    """Adds a layer where it stands; faint until the pointer or the keyboard is on it."""

    BODY_HEIGHT = 28
    MARGINS = (3, 3)

    def __init__(self, parent: QWidget | None = None):
        super().__init__("Add a layer here", "", parent)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def set_place(self, place: str) -> None:
        """Says to those who do not see where "here" is."""
        self.setAccessibleDescription(place)

    def sizeHint(self) -> QSize:
        side = high(AddButton, self.scale)
        return QSize(side, side)

    def paintEvent(self, _event) -> None:
        body = self.body()
        lit = 1.0 if self.has_ring() else self._glide.value
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(self._toned("canvas", "hover"))
            painter.drawEllipse(body.adjusted(0.5, 0.5, -0.5, -0.5))
            middle, ink = body.center(), theme.mix("text3", "text", lit)
            theme.draw_icon(painter, "plus", middle.x(), middle.y(), ICON * self.scale, ink)
