"""The map at the foot of a deep network's stage: all columns at once, to look where something fades and to go there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.scene import look, minimap
from visualnn.scene.minimap import LINE, SIDE, TOP, Bars, MinimapContent, Plan, Strip

RADIUS = 14
HEIGHT = 188
FRAME = 2.0  # px wide, 2 px above and below the colours
HIGHLIGHT = 0.14  # of the text's colour, over the column pointed at
NARROW = 16.0  # px: narrower bars have square corners
ZERO_ROOM = 10.0  # px: in narrower slots a 0 is only a tick
ACTIVATIONS = "Activations, all layers"
COLORS = "colour = share of the layer’s largest"
SLOPES = "Slope per layer, log"
SLOPES_TIP = (
    "slope = gradient\nA bar is the norm of the slopes of a layer’s weights. Half its height is not half the norm."
)
MOVES = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Minimap(KeyboardFocus, QWidget):
    """A card with a column of colours and a bar for every layer; a click, a drag or Enter asks for a column."""

    column_requested = Signal(int)

    ring_radius = RADIUS
    own_keys = frozenset({*MOVES, *ENTER, Qt.Key.Key_Home, Qt.Key.Key_End})

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(320, 150)
        self._content: MinimapContent | None = None
        self._bars: Bars | None = None
        self._plan: Plan | None = None
        self._heat: tuple[str, NDArray[np.uint32]] | None = None  # the theme's name, pixels
        self._hovered: int | None = None
        self._held: int | None = None  # the column under a pressed button
        self._cursor: int | None = None

    def sizeHint(self) -> QSize:
        return QSize(860, HEIGHT)

    def show_content(self, content: MinimapContent) -> None:
        """Show this from now on; nothing is computed before it is painted."""
        if self._content is None or len(content.activations) != len(self._content.activations):
            self._hovered = self._held = self._cursor = None
        self._content = content
        self._bars = self._plan = self._heat = None
        self.setAccessibleName(f"Map of all {len(content.activations)} layers")
        self.update()

    @property
    def cursor_column(self) -> int | None:
        """The column that Enter asks for."""
        return self._cursor

    def plan(self) -> Plan | None:
        """Where the columns stand."""
        ratio = self.devicePixelRatioF()
        if self._content is not None and (self._plan is None or self._plan.ratio != ratio):
            self._plan = minimap.plan(self._content, (self.width(), self.height()), ratio=ratio)
            self._heat = None
        return self._plan

    def resizeEvent(self, _event: object) -> None:
        self._plan = self._heat = None

    # -- pointer -------------------------------------------------------------------------------------------------

    def _column_at(self, position: QPointF) -> int | None:
        plan = self.plan()
        held = self._held is not None
        if plan is None or not (held or plan.holds(position.x(), position.y())):
            return None
        return plan.column_at(position.x())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        column = self._column_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and column is not None:
            self._held = column
            self.column_requested.emit(column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        column = self._column_at(event.position())
        self._hover(column)
        if self._held is not None and column != self._held:
            self._held = column
            self.column_requested.emit(column)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = None
            self._hover(self._column_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, column: int | None) -> None:
        if column != self._hovered:
            self._hovered = column
            self.unsetCursor() if column is None else self.setCursor(Qt.CursorShape.PointingHandCursor)
            self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self._tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    def _tip_at(self, position: QPointF) -> str:
        column, plan = self._column_at(position), self.plan()
        if column is not None and self._content is not None:
            return self._content.label(column)
        if plan is None or plan.bars is None:
            return ""
        return SLOPES_TIP if plan.heat.bottom < position.y() * plan.ratio < plan.bars.top else ""

    # -- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        content, key = self._content, event.key()
        if content is None or key not in self.own_keys:
            super().keyPressEvent(event)
        elif key in ENTER and self._cursor is not None:
            self.column_requested.emit(self._cursor)
        elif key not in ENTER:
            self._move_to(self._target(content, key))

    def _target(self, content: MinimapContent, key: int) -> int:
        """Where a key leads the cursor: beside where it is, and at first to what is open."""
        last = len(content.activations) - 1
        if key not in MOVES:
            return 0 if key == Qt.Key.Key_Home else last
        start = min(content.open, default=0) if self._cursor is None else self._cursor + MOVES[key]
        return min(max(start, 0), last)

    def _move_to(self, column: int | None) -> None:
        self._cursor = column
        self.setAccessibleDescription(self._reading())
        self.update()

    def _reading(self) -> str:
        """What stands beside the title: the column under the cursor, in words."""
        return "" if self._cursor is None or self._content is None else self._content.label(self._cursor)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._move_to(None)

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            _paint_card(painter, QRectF(self.rect()))
            content, plan = self._content, self.plan()
            if content is None or plan is None:
                return
            _snap(painter, plan.ratio)
            self._paint_heat(painter, content, plan)
            if plan.bars is not None:
                self._paint_bars(painter, content, plan, plan.bars)
            for column in {self._hovered, self._cursor} - {None}:
                _paint_highlight(painter, plan, column)
            for first, last in content.runs():
                _paint_frame(painter, _area(plan, first, last, plan.heat), "accent")
            if self._cursor is not None:
                _paint_frame(painter, _area(plan, self._cursor, self._cursor, plan.heat), "text")

    def _paint_heat(self, painter: QPainter, content: MinimapContent, plan: Plan) -> None:
        reading = self._reading()
        _paint_caption(painter, self.width(), TOP, (ACTIVATIONS, reading or COLORS), "text2" if reading else "text3")
        name = theme.current().name
        if self._heat is None or self._heat[0] != name:
            made = minimap.heat_pixels(content.activations, plan.edges, plan.heat.height, look.load(name))
            self._heat = (name, made)
        pixels = self._heat[1]
        rows, columns = pixels.shape
        image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
        image.setDevicePixelRatio(plan.ratio)
        painter.drawImage(QPointF(plan.edges[0] / plan.ratio, plan.heat.top / plan.ratio), image)

    def _paint_bars(self, painter: QPainter, content: MinimapContent, plan: Plan, strip: Strip) -> None:
        if self._bars is None:
            self._bars = minimap.bars(content.slopes or ())
        found = self._bars
        note = " to ".join(minimap.short_norm(end) for end in dict.fromkeys(found.ends or ()))
        _paint_caption(painter, self.width(), strip.top / plan.ratio - minimap.BELOW_CAPTION - LINE, (SLOPES, note))
        boxes = [QRectF(*box) for box in minimap.bar_boxes(plan, strip, found.shares).tolist()]
        for role in dict.fromkeys(found.roles):
            own = [box for box, its in zip(boxes, found.roles, strict=True) if its == role and box.height()]
            _paint_boxes(painter, own, theme.color(role))
        for box in boxes:
            if not box.height():
                _paint_zero(painter, box)


def _snap(painter: QPainter, ratio: float) -> None:
    """Lets (0, 0) be the corner of a device pixel, which it need not be where those are no whole number to a px."""
    at = painter.deviceTransform()
    painter.translate((round(at.dx()) - at.dx()) / ratio, (round(at.dy()) - at.dy()) / ratio)


def _area(plan: Plan, first: int, last: int, strip: Strip) -> QRectF:
    """Columns from the first to the last, in px."""
    left, right = int(plan.edges[first]), int(plan.edges[last + 1])
    return QRectF(*(each / plan.ratio for each in (left, strip.top, right - left, strip.height)))


def _paint_card(painter: QPainter, box: QRectF) -> None:
    painter.setPen(QPen(theme.color("line"), 1))
    painter.setBrush(theme.color("panel"))
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


def _paint_caption(painter: QPainter, width: int, top: float, texts: tuple[str, str], ink: str = "text3") -> None:
    """What a picture is called at its left, and a note on it at its right; a long note stands there alone."""
    title, note = texts
    y, room = top + LINE / 2, width - 2 * SIDE
    note = theme.elided(note, room, 12, 450)
    theme.draw_text(painter, width - SIDE, y, note, 12, 450, ink, "r")
    if theme.text_width(title, 12, 600) + 24 + theme.text_width(note, 12, 450) <= room:
        theme.draw_text(painter, SIDE, y, title, 12, 600, "text2")


def _paint_highlight(painter: QPainter, plan: Plan, column: int) -> None:
    ink = theme.color("text")
    ink.setAlphaF(HIGHLIGHT)
    for strip in (plan.heat, plan.bars):
        if strip is not None:
            painter.fillRect(_area(plan, column, column, strip), ink)


def _paint_frame(painter: QPainter, area: QRectF, ink: str) -> None:
    """Around columns; a rim of the card's colour keeps it apart from the cells beside it."""
    box = area.adjusted(-FRAME / 2, -1.5 * FRAME, FRAME / 2, 1.5 * FRAME)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, color in ((2 * FRAME, "panel"), (FRAME, ink)):
        painter.setPen(QPen(theme.color(color), width))
        painter.drawRoundedRect(box, 4, 4)


def _paint_boxes(painter: QPainter, boxes: list[QRectF], ink: QColor) -> None:
    """Bars of one colour; narrow ones are many, and soft corners would take most of the time."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ink)
    if all(box.width() >= NARROW for box in boxes):
        for box in boxes:
            painter.drawRoundedRect(box, 1.5, 1.5)
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.drawRects(boxes)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def _paint_zero(painter: QPainter, box: QRectF) -> None:
    """A norm of exactly 0 has no place on a logarithmic axis: an empty slot with a tick that says so."""
    painter.fillRect(box.adjusted(0, -2, 0, 0), theme.color("bad"))
    if box.width() >= ZERO_ROOM:
        theme.draw_text(painter, box.center().x(), box.bottom() - 10, "0", 12, 600, "bad", "c")
