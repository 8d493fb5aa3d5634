"""Names that what is typed could become: a click or a key takes one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme

HIGH, GAP, PADDING = 26, 6, 10  # px
SIZE = 13


class Suggestions(QWidget):
    """Shows as many names as there is room for, one of them lit; never takes the focus."""

    taken = Signal(str)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._names: Sequence[str] = ()
        self._lit: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_names(self, names: Sequence[str]) -> None:
        """Offer these, the best first."""
        self._names, self._lit = names, None
        self.update()

    def names(self) -> list[str]:
        """The names that are to be seen."""
        return [name for name, _box in self._boxes()]

    @property
    def lit(self) -> str | None:
        """The name that Enter takes."""
        return None if self._lit is None else self._names[self._lit]

    def move_by(self, step: int) -> None:
        """Light the next name; before the first and after the last none is."""
        count = len(self.names())
        at = (-1 if self._lit is None else self._lit) + step
        self._lit = at % (count + 1) if at % (count + 1) < count else None
        self.setAccessibleName(self.lit or "")
        self.update()

    def middle_of(self, name: str) -> QPointF:
        """Where a name stands."""
        return next(box.center() for each, box in self._boxes() if each == name)

    def _boxes(self) -> list[tuple[str, QRectF]]:
        """One after the other, in as many lines as there is room for."""
        found: list[tuple[str, QRectF]] = []
        x = y = 0.0
        for name in self._names:
            wide = theme.text_width(name, SIZE, 500) + 2 * PADDING
            if x and x + wide > self.width():
                x, y = 0.0, y + HIGH + GAP
            if y + HIGH > self.height():
                break
            found.append((name, QRectF(x, y, wide, HIGH)))
            x += wide + GAP
        return found

    def _at(self, position: QPointF) -> int | None:
        boxes = enumerate(box for _name, box in self._boxes())
        return next((number for number, box in boxes if box.contains(position)), None)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._light(self._at(event.position()))

    def leaveEvent(self, _event: object) -> None:
        self._light(None)

    def _light(self, number: int | None) -> None:
        if number != self._lit:
            self._lit = number
            self.setCursor(Qt.CursorShape.PointingHandCursor) if number is not None else self.unsetCursor()
            self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        number = self._at(event.position())
        if number is not None and event.button() == Qt.MouseButton.LeftButton:
            self.taken.emit(self._names[number])

    def paintEvent(self, _event: object) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number, (name, box) in enumerate(self._boxes()):
                lit = number == self._lit
                painter.setPen(QPen(theme.color("accent" if lit else "line2"), 1.5 if lit else 1.0))
                painter.setBrush(theme.color("accentbg" if lit else "raised"))
                painter.drawRoundedRect(box.adjusted(0.75, 0.75, -0.75, -0.75), HIGH / 2, HIGH / 2)
                ink = "text" if lit else "text2"
                theme.draw_text(painter, box.center().x(), box.center().y(), name, SIZE, 500, ink, "c")
