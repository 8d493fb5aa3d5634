"""The name of a layer's activation under its title: a button that opens a menu."""

from functools import lru_cache

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import Button
from visualnn.gui.widgets.hit_area import HitArea, high, wide

PAD = 8  # px from the end of the pill to its text
CHEVRON, GAP = 13, 3  # px


@lru_cache(maxsize=512)
def head_width(label: str, chevron: bool, scale: float = 1.0) -> int:
    """How wide the head button of a label is, in pixels."""
    text = theme.text_width(label, 13 * scale, 450)
    return wide(text + (2 * PAD + (CHEVRON + GAP if chevron else 0)) * scale, HeadButton, scale)


class HeadButton(HitArea, Button):
    """A label such as "ReLU ▾", without the chevron where there is no room for it."""

    BODY_HEIGHT = 24  # more would touch the title
    MARGINS = (0, 4)

    own_keys = Button.own_keys | {Qt.Key.Key_Down}

    def __init__(self, parent: QWidget | None = None):
        super().__init__("", "", parent)
        self._label, self._chevron = "", True
        self.setCursor(Qt.CursorShape.ArrowCursor)

    def set_label(self, label: str, *, chevron: bool = True) -> None:
        """Shows another name."""
        if (label, chevron) != (self._label, self._chevron):
            self._label, self._chevron = label, chevron
            self.setAccessibleDescription(label)
            self.updateGeometry()
            self.update()

    def describe(self, name: str, note: str = "") -> None:
        """Says what the button is for, and in its tooltip a note on the layer."""
        self.set_hint(name)
        self.setToolTip("\n".join(filter(None, (f"{name}  (A)", note))))
        self.setAccessibleDescription(self._label)

    def label(self) -> str:
        """The name it shows."""
        return self._label

    def has_chevron(self) -> bool:
        """Whether it shows that it opens a menu."""
        return self._chevron

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Down and self.owns(event):
            self.click()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(head_width(self._label, self._chevron, self.scale), high(HeadButton, self.scale))

    def paintEvent(self, _event) -> None:
        body, k = self.body(), self.scale
        ink = theme.mix("text2", "text", 1.0 if self.has_ring() else self._glide.value)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._faded("hover"))
            painter.drawRoundedRect(body, body.height() / 2, body.height() / 2)
            x, y = body.left() + PAD * k, body.center().y()
            x += theme.draw_text(painter, x, y, self._label, 13 * k, 450, ink)
            if self._chevron:
                theme.draw_icon(painter, "chevron-down", x + (GAP + CHEVRON / 2) * k, y, CHEVRON * k, ink)
