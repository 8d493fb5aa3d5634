"""The square in which points are drawn: by click, by drag, or by keys."""

from __future__ import annotations

from math import ceil

from PySide6.QtCore import QEvent, QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.gui.widgets.numbers import ENTER
from visualnn.scene.formula import short

Point = tuple[float, float, int]  # x and y, y upwards, and the class
Drawing = tuple[Point, ...]

RADIUS = 10
DISC, DIAMOND = 4.2, 5.2  # px
APART, RUBBER = 11.0, 10.0  # px between points of one stroke, and how far an eraser reaches
MOST = 2_000
EMPTY = "Click to place points.", "1 and 2 choose the class."
MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
CLASSES = {Qt.Key.Key_1: 0, Qt.Key.Key_2: 1}
PLACING = frozenset({Qt.Key.Key_Space, *ENTER})
ERASING = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})
KEY_STEP = 0.05  # of the field's half, and a fifth of that with Shift


class Field(KeyboardFocus, QWidget):
    """Shows points and asks for others; a stroke may place or erase many of them."""

    drawn = Signal(object)  # Drawing, while a stroke is made
    finished = Signal()  # the stroke is over
    class_chosen = Signal(int)

    ring_radius = RADIUS
    own_keys = frozenset({*MOVES, *CLASSES, *PLACING, *ERASING})

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._points: Drawing = ()
        self._reach = 1.0  # what the edges stand for
        self._class = 1
        self._cursor = QPointF(0.0, 0.0)  # where keys place points
        self._hovered: QPointF | None = None
        self._last: QPointF | None = None  # of the stroke
        self._erases = False
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Field for points")
        self.setToolTip("Click or drag to place points, right-click to erase.  (1, 2, arrows, Space, Delete)")

    # -- values down ---------------------------------------------------------------------------------------------

    def points(self) -> Drawing:
        """The points on the field."""
        return self._points

    def set_points(self, points: Drawing) -> None:
        """Shows other points, without a signal, in a field as large as they need."""
        self._reach = reach_of(points)
        self._show(points)

    def _show(self, points: Drawing) -> None:
        self._points = points
        counts = [sum(1 for point in points if point[2] == each) for each in (0, 1)]
        self.setAccessibleDescription(f"{counts[0]} orange, {counts[1]} blue" if points else " ".join(EMPTY))
        self.update()

    def set_class(self, index: int) -> None:
        """Which class the next points have."""
        self._class = index
        self.update()

    # -- places --------------------------------------------------------------------------------------------------

    def heightForWidth(self, width: int) -> int:
        return width

    def sizeHint(self) -> QSize:
        return QSize(304, 304)

    def _box(self) -> QRectF:
        return QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)

    def spot(self, x: float, y: float) -> QPointF:
        """Where a point of the plane is on the field."""
        box = self._box()
        across, up = x / self._reach * box.width() / 2, y / self._reach * box.height() / 2
        return QPointF(box.center().x() + across, box.center().y() - up)

    def _plane(self, spot: QPointF) -> QPointF:
        """The point of the plane there, kept on the field."""
        box = self._box()
        x = (spot.x() - box.center().x()) / (box.width() / 2)
        y = (box.center().y() - spot.y()) / (box.height() / 2)
        x, y = (round(min(max(share, -1.0), 1.0) * self._reach, 3) for share in (x, y))
        return QPointF(x, y)

    # -- strokes -------------------------------------------------------------------------------------------------

    def _touch(self, spot: QPointF) -> None:
        self._last = spot
        self._erase(spot) if self._erases else self._place(self._plane(spot))

    def _place(self, at: QPointF) -> None:
        if len(self._points) < MOST:
            self._draw((*self._points, (at.x(), at.y(), self._class)))

    def _erase(self, spot: QPointF) -> None:
        kept = tuple(p for p in self._points if QLineF(spot, self.spot(p[0], p[1])).length() > RUBBER)
        if len(kept) < len(self._points):
            self._draw(kept)

    def _draw(self, points: Drawing) -> None:
        self._show(points)
        self.drawn.emit(points)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        held = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._erases = event.button() == Qt.MouseButton.RightButton or bool(held)
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._touch(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hovered = event.position()
        if self._last is not None and (self._erases or QLineF(self._last, event.position()).length() >= APART):
            self._touch(event.position())
        self.update()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        if self._last is not None:
            self._last = None
            self.finished.emit()

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in CLASSES:
            self.class_chosen.emit(CLASSES[key])
        elif key in MOVES:
            step = KEY_STEP / 5 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else KEY_STEP
            moved = self._cursor + QPointF(*MOVES[key]) * (step * self._reach)
            self._cursor = self._plane(self.spot(moved.x(), moved.y()))
            self.update()
        elif key in PLACING:
            self._place(self._cursor)
            self.finished.emit()
        elif key in ERASING:
            self._erase(self.spot(self._cursor.x(), self._cursor.y()))
            self.finished.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.update()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event) -> None:
        box = self._box()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(theme.color("canvas"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
            self._paint_axes(painter, box)
            for x, y, index in self._points:
                paint_point(painter, self.spot(x, y), index)
            if not self._points:
                self._paint_empty(painter, box)
            self._paint_cursor(painter)

    def _paint_axes(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(QPen(theme.color("line"), 1))
        middle = box.center()
        painter.drawLine(QLineF(box.left() + 1, middle.y(), box.right() - 1, middle.y()))
        painter.drawLine(QLineF(middle.x(), box.top() + 1, middle.x(), box.bottom() - 1))
        low, high = short(-self._reach), short(self._reach)
        for text, x, y, align in (
            (low, box.left() + 8, middle.y() + 12, "l"),
            (high, box.right() - 8, middle.y() + 12, "r"),
            (high, middle.x() + 8, box.top() + 14, "l"),
            (low, middle.x() + 8, box.bottom() - 14, "l"),
        ):
            theme.draw_text(painter, x, y, text, 12, 450, "text3", align)

    def _paint_empty(self, painter: QPainter, box: QRectF) -> None:
        for index, line in enumerate(EMPTY):
            y = box.center().y() + box.height() / 4 + index * 18
            theme.draw_text(painter, box.center().x(), y, line, 13, 400, "text2", "c")

    def _paint_cursor(self, painter: QPainter) -> None:
        """The point that would be placed: under the pointer, or at the crosshair of the keys."""
        if self._hovered is not None and self._last is None:
            painter.setOpacity(0.5)
            paint_point(painter, self._hovered, self._class)
        elif self.has_ring():
            spot = self.spot(self._cursor.x(), self._cursor.y())
            painter.setPen(QPen(theme.color("accent"), 1.5))
            painter.drawLine(QLineF(spot.x() - 9, spot.y(), spot.x() + 9, spot.y()))
            painter.drawLine(QLineF(spot.x(), spot.y() - 9, spot.x(), spot.y() + 9))


def reach_of(points: Drawing) -> float:
    """1, or the next half up to the point that lies farthest out."""
    farthest = max((max(abs(x), abs(y)) for x, y, _ in points), default=0.0)
    return max(1.0, ceil(2 * farthest) / 2)


def paint_point(painter: QPainter, at: QPointF, index: int) -> None:
    """A blue disc, or an orange diamond."""
    painter.setPen(QPen(theme.color("canvas"), 1))
    painter.setBrush(theme.color("pos" if index else "neg"))
    if index:
        painter.drawEllipse(at, DISC, DISC)
    else:
        r = DIAMOND
        painter.drawPolygon(
            QPolygonF([at + QPointF(0, -r), at + QPointF(r, 0), at + QPointF(0, r), at + QPointF(-r, 0)])
        )
