"""The matrix itself: cells with names, to be zoomed, moved, pointed at and chosen from."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QNativeGestureEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.views.matrix.content import Cell, MatrixContent
from visualnn.gui.views.matrix.grid import Box, Grid
from visualnn.gui.views.matrix.heat import Heat, is_pooled, weight_at
from visualnn.gui.views.matrix.keys import OWN, STEPS, ZOOMS
from visualnn.gui.views.matrix.marks import cells_rect, paint_cross, paint_label, paint_ring
from visualnn.gui.views.matrix.names import GAP, HEIGHT, paint_names, width_of
from visualnn.gui.widgets.focus import KeyboardFocus

LEFT, RIGHT, BOTTOM = 16, 24, 8  # px around the cells and names for what reaches beyond them
DRAG_STARTS_PX = 4
DOUBLES = 480  # of the wheel, in eighths of a degree, make cells twice as large
FAR = 10  # cells that an arrow goes with Shift


class MatrixMap(KeyboardFocus, QWidget):
    """Paints the weights it was given last and turns pointer and keys into one chosen weight."""

    weight_chosen = Signal(int, int)  # from which neuron, to which
    grid_changed = Signal()

    own_keys = OWN

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._content: MatrixContent | None = None
        self._grid: Grid | None = None
        self._heat = Heat()
        self._pointer: QPointF | None = None
        self._chosen: Cell | None = None
        self._pressed: QPointF | None = None
        self._panning = False
        self._told: QPointF | None = None  # where the tooltip was shown

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, content: MatrixContent) -> None:
        """Show these weights; the same place of the same matrix, if it is the same."""
        if not content.follows(self._content):
            self._grid = self._chosen = self._pressed = None
            self._panning = False
        elif self._grid is not None and content.sources is not self._content.sources:
            self._grid = self._within(content, self._grid)
        self._content = content
        self._describe()
        self._tell_again()
        self.update()

    def select(self, cell: Cell | None) -> None:
        """Mark a weight without saying so."""
        self._chosen = cell
        self._describe()
        self.update()

    @property
    def chosen(self) -> Cell | None:
        """The marked weight."""
        return self._chosen

    @property
    def hovered(self) -> Cell | None:
        """The weight under the pointer."""
        grid, content, at = self.grid(), self._content, self._pointer
        if grid is None or content is None or at is None or self._panning:
            return None
        return weight_at(content, grid, at, self.devicePixelRatioF())

    def is_pooled(self) -> bool:
        """Whether several weights share a pixel."""
        grid = self.grid()
        return grid is not None and is_pooled(grid, self.devicePixelRatioF())

    def _describe(self) -> None:
        content, cell = self._content, self._chosen
        self.setAccessibleName("" if content is None else content.spoken())
        self.setAccessibleDescription("" if content is None or cell is None else content.sentence(cell))

    # -- places --------------------------------------------------------------------------------------------------

    def grid(self) -> Grid | None:
        """Where the cells lie."""
        if self._grid is None and self._content is not None and self._content.weights.size:
            self._grid = self._within(self._content)
        return self._grid

    def _within(self, content: MatrixContent, before: Grid | None = None) -> Grid:
        left = LEFT + round(width_of(content.sources)) + GAP
        room = max(self.width() - left - RIGHT, 1), max(self.height() - HEIGHT - BOTTOM, 1)
        return Grid.within(content.shape, Box(left, HEIGHT, *room, RIGHT), before)

    def position_of(self, cell: Cell) -> QPointF:
        """The middle of a weight."""
        grid = self.grid()
        assert grid is not None
        box = grid.box(cell)
        return QPointF(box.left + box.width / 2, box.top + box.height / 2)

    def _go(self, grid: Grid | None) -> None:
        """Show the cells there; None: where all of them fit."""
        self._grid = grid
        self._hide_tip()
        self.update()
        self.grid_changed.emit()

    def fit(self) -> None:
        """Show all weights."""
        self._go(None)

    def zoom(self, factor: float, about: QPointF | None = None) -> None:
        """Show the cells larger or smaller about a point, else about the chosen cell, else about the middle."""
        grid = self.grid()
        if grid is None:
            return
        if about is None:
            about = cells_rect(grid).center() if self._chosen is None else self.position_of(self._chosen)
        self._go(grid.zoomed(factor, about.x(), about.y()))

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        content, grid = self._content, self.grid()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("canvas"))
            if content is None or grid is None:
                return
            self._heat.paint(painter, content, grid)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            hovered = self.hovered
            paint_names(painter, content, grid, (self._chosen, "accent"), (hovered, "text"))
            if hovered is not None:
                paint_cross(painter, grid, hovered)
            if self._chosen is not None:
                paint_ring(painter, grid, self._chosen)
            if hovered is not None and self._pointer is not None:
                paint_label(painter, content, hovered, self._pointer, QRectF(self.rect()))

    def resizeEvent(self, _event: QEvent) -> None:
        if self._grid is not None and self._content is not None:
            self._grid = self._within(self._content, self._grid)

    # -- pointer -------------------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        before, self._pointer = self._pressed, event.position()
        if before is not None:
            self._pull(event.position() - before)
        self._dress()
        self.update()

    def _pull(self, way: QPointF) -> None:
        """Go with the pointer, from where it was pressed on."""
        grid = self.grid()
        self._panning = self._panning or way.manhattanLength() >= DRAG_STARTS_PX
        if self._panning and grid is not None:
            self._pressed = self._pointer
            self._go(grid.panned(way.x(), way.y()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._pressed is None:
            return
        panned, self._pressed, self._panning = self._panning, None, False
        self._pointer = event.position()
        cell = self.hovered
        if not panned and cell is not None:
            self._choose(cell)
        self._dress()
        self.update()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.fit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(2 ** (event.angleDelta().y() / DOUBLES), event.position())
        event.accept()

    def leaveEvent(self, _event: QEvent) -> None:
        self._pointer = self._told = None
        self.update()

    def _dress(self) -> None:
        """The cursor for what a click or a drag would do."""
        hand = Qt.CursorShape.ClosedHandCursor if self._panning else Qt.CursorShape.PointingHandCursor
        self.unsetCursor() if self.hovered is None and not self._panning else self.setCursor(hand)

    def _choose(self, cell: Cell) -> None:
        self.select(cell)
        self.weight_chosen.emit(*cell)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            self._told = QPointF(event.pos())
            self._tell_again()
            return True
        if event.type() == QEvent.Type.NativeGesture and isinstance(event, QNativeGestureEvent):
            return self._pinch(event)
        return super().event(event)

    def _pinch(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self.zoom(1 + event.value(), event.position())
        return True

    # -- tooltip -------------------------------------------------------------------------------------------------

    def _tell_again(self) -> None:
        """The weight that the pointer rests on with all its digits, which change while the network learns."""
        cell = None if self._told is None else self.hovered
        if cell is not None and self._content is not None and self._told is not None:
            QToolTip.showText(self.mapToGlobal(self._told.toPoint()), self._content.sentence(cell), self)
        elif self._told is not None:
            self._hide_tip()

    def _hide_tip(self) -> None:
        if self._told is not None:
            self._told = None
            QToolTip.hideText()

    # -- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if not self.owns(event):
            super().keyPressEvent(event)
        elif key in STEPS:
            self._walk(*STEPS[key], FAR if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key in ZOOMS:
            self.zoom(ZOOMS[key])
        else:
            self.fit()

    def _walk(self, down: int, across: int, cells: int) -> None:
        """To the weight beside the chosen one; the first step leads to the first weight to be seen."""
        grid = self.grid()
        if grid is None:
            return
        if self._chosen is None:
            cell = grid.down.shown()[0], grid.across.shown()[0]
        else:
            cell = _beside(self._chosen, down * cells, across * cells, grid)
        self._go(grid.showing(cell))
        self._choose(cell)


def _beside(cell: Cell, down: int, across: int, grid: Grid) -> Cell:
    row, column = cell[0] + down, cell[1] + across
    return min(max(row, 0), grid.down.cells - 1), min(max(column, 0), grid.across.cells - 1)
