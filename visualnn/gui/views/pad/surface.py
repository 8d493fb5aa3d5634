"""What is drawn on, with mouse, pen, finger, or keys."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.pad.cells import Image, paint_cells, paint_grid
from visualnn.gui.views.pad.strokes import Sheet
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.key_caps import written
from visualnn.nn.network import Vector
from visualnn.scene.ink import RUBBER, Drawing, Stroke

RADIUS = 12
NEAREST = 0.004  # of the side; points closer than this are one
UNDO = written("Ctrl+Z")
HINT = f"Arrow keys move, Space draws, Shift+Space erases, Delete clears, {UNDO} takes the last stroke back."
MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
CLEARING = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Surface(KeyboardFocus, QWidget):
    """A square that holds a drawing, or shows a picture that was not drawn on it.

    Keys that move and draw are its own only where it was reached by key; after a click they do what they do elsewhere.
    """

    drawn = Signal()  # the drawing is another
    stroke_finished = Signal()  # the pen is lifted

    ring_radius = RADIUS

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents, False)  # a finger is a mouse here
        self.setAccessibleName("Drawing pad")
        self.setAccessibleDescription(HINT)
        self.hint = ""  # what stands on the empty pad
        self._image: Image = (8, 8)
        self._picture: Vector | None = None  # shown instead of the drawing
        self._history = [Drawing()]
        self._points: list[tuple[float, float]] = []  # of the stroke that is being made
        self._erases = False
        self._spot: tuple[int, int] | None = None  # column and row of the keys' cursor
        self._last_spot: tuple[int, int] | None = None  # where keys drew last
        self._sheet = Sheet()
        self._open = True

    # -- values down ---------------------------------------------------------------------------------------------

    def set_open(self, is_open: bool, image: Image) -> None:
        """Whether it can be drawn on, and how many pixels it stands for."""
        if image != self._image or is_open != self._open:
            self._history = [Drawing()]
        self._open, self._image = is_open, image
        self.setCursor(Qt.CursorShape.CrossCursor if is_open else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if is_open else Qt.FocusPolicy.NoFocus)
        self.update()

    def show_picture(self, pixels: Vector) -> None:
        """Something that was not drawn here; the next stroke begins a new drawing."""
        if not self.is_drawing:
            self._picture, self._history, self._last_spot = pixels, [Drawing()], None
            self.update()

    def show_drawing(self) -> None:
        """What was drawn here."""
        self._picture = None
        self.update()

    @property
    def is_drawing(self) -> bool:
        """Whether the pen is down."""
        return bool(self._points)

    @property
    def drawing(self) -> Drawing:
        """Everything drawn so far, and the stroke that is being made."""
        current = self._current()
        return self._history[-1] if current is None else self._history[-1].with_stroke(current)

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to be taken back."""
        return self._picture is None and len(self._history) > 1

    # -- drawing -------------------------------------------------------------------------------------------------

    def clear(self) -> None:
        """An empty pad, which can be taken back as a stroke can."""
        self._points, self._last_spot = [], None
        if not self._history[-1].is_blank:
            self._history.append(Drawing())
        self._change()
        self.stroke_finished.emit()

    def undo(self) -> None:
        """Without the last stroke."""
        if self.can_undo:
            self._history.pop()
            self._last_spot = None
            self._change()
            self.stroke_finished.emit()

    def _begin(self, erases: bool, point: tuple[float, float]) -> None:
        if self._picture is not None:
            self._picture, self._history = None, [Drawing()]
        self._erases, self._points = erases, [point]
        self._change()

    def _go_on(self, point: tuple[float, float]) -> None:
        if np.hypot(*np.subtract(point, self._points[-1])) >= NEAREST:
            self._points.append(point)
            self._change()

    def _end(self) -> None:
        drawing = self.drawing
        self._points = []
        self._history.append(drawing)
        self._change()
        self.stroke_finished.emit()

    def _current(self) -> Stroke | None:
        return Stroke(np.array(self._points), self._erases) if self._points else None

    def _change(self) -> None:
        self._picture = None
        self.update()
        self.drawn.emit()

    # -- pointer -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self._open or event.button() not in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            event.ignore()
            return
        self._spot = self._last_spot = None
        self._begin(bool(event.button() == Qt.MouseButton.RightButton or event.modifiers() & SHIFT), self._at(event))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.is_drawing:
            self._go_on(self._at(event))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.is_drawing and not event.buttons():
            self._end()

    def _at(self, event: QMouseEvent) -> tuple[float, float]:
        """Where the pointer is in shares of the side; a stroke that leaves the pad runs along its edge."""
        x, y = event.position().x() / self.width(), event.position().y() / self.height()
        return min(max(x, 0.0), 1.0), min(max(y, 0.0), 1.0)

    # -- keys ----------------------------------------------------------------------------------------------------

    def owns(self, event: QKeyEvent) -> bool:
        if event.modifiers() == Qt.KeyboardModifier.ControlModifier:
            return event.key() == Qt.Key.Key_Z and self.can_undo
        plain = not event.modifiers() & ~(SHIFT | Qt.KeyboardModifier.KeypadModifier)
        moving = self._spot is not None and (event.key() in MOVES or event.key() == Qt.Key.Key_Space)
        return bool(plain and self._open and (event.key() in CLEARING or moving))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.owns(event):
            super().keyPressEvent(event)
        elif event.key() in CLEARING:
            self.clear()
        elif event.key() == Qt.Key.Key_Z:
            self.undo()
        elif event.key() == Qt.Key.Key_Space:
            self._draw_at_spot(bool(event.modifiers() & SHIFT))
        else:
            self._move(*MOVES[Qt.Key(event.key())])

    def _move(self, across: int, down: int) -> None:
        rows, columns = self._image
        column, row = self._spot or (0, 0)
        column, row = min(max(column + across, 0), columns - 1), min(max(row + down, 0), rows - 1)
        self._spot = column, row
        announce(self, f"Drawing pad, row {row + 1}, column {column + 1}")
        self.update()

    def _draw_at_spot(self, erases: bool) -> None:
        """The cell of the cursor, joined to the one beside it if that was drawn just before."""
        spot = self._spot
        assert spot is not None
        before, self._last_spot = self._last_spot, None if erases else spot
        near = before is not None and not erases and max(abs(a - b) for a, b in zip(before, spot, strict=True)) == 1
        self._begin(erases, self._middle(before if near and before is not None else spot))
        if near:
            self._go_on(self._middle(spot))
        self._end()

    def _middle(self, spot: tuple[int, int]) -> tuple[float, float]:
        rows, columns = self._image
        return (spot[0] + 0.5) / columns, (spot[1] + 0.5) / rows

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if self.has_ring():
            self._spot = self._spot or (self._image[1] // 2, self._image[0] // 2)
            self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._spot = None
        self.update()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        area = QRectF(self.rect())
        outline = QPainterPath()
        outline.addRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("canvas"))
            painter.drawPath(outline)
            painter.setClipPath(outline)
            self._paint_inside(painter, area)
            painter.setClipping(False)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.drawPath(outline)

    def _paint_inside(self, painter: QPainter, area: QRectF) -> None:
        paint_grid(painter, area, self._image)
        if self._picture is not None:
            negative = not self._open and not theme.current().is_dark  # a photograph's 1 is light, not ink
            inks = ("canvas", "text") if negative else ("text", "canvas")
            paint_cells(painter, area, self._image, self._picture, *inks)
        else:
            self._sheet.paint(painter, area, self._history[-1], self._current())
            if self._history[-1].is_blank and not self.is_drawing and self.hint:
                theme.draw_text(painter, area.center().x(), area.center().y(), self.hint, 13, 450, "text2", "c")
        if self.is_drawing and self._erases:
            self._paint_rubber(painter, area)
        if self._spot is not None:
            self._paint_spot(painter, area, self._spot)

    def _paint_rubber(self, painter: QPainter, area: QRectF) -> None:
        reach = RUBBER / 2 * area.width()
        painter.setPen(QPen(theme.color("text3"), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        x, y = self._points[-1]
        painter.drawEllipse(QPointF(x * area.width(), y * area.height()), reach, reach)

    def _paint_spot(self, painter: QPainter, area: QRectF, spot: tuple[int, int]) -> None:
        rows, columns = self._image
        across, down = area.width() / columns, area.height() / rows
        painter.setPen(QPen(theme.color("accent"), 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        cell = QRectF(spot[0] * across, spot[1] * down, across, down)
        painter.drawRoundedRect(cell.adjusted(2, 2, -2, -2), 6, 6)
