"""Every network of a sweep as a cell on the stage: what it says, its loss, and how it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import monotonic

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QRegion
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.engine.sweep_moment import Ground, Moment
from visualnn.gui import theme
from visualnn.gui.tasks import Newest
from visualnn.gui.views.sweep import marks
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.button import ENTER
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.scene import look
from visualnn.scene.sweep import Run, Standing
from visualnn.scene.sweep_board import Board
from visualnn.scene.sweep_picture import Pixels, Plate, has_map, picture

ARROWS = {Qt.Key.Key_Left: (0, -1), Qt.Key.Key_Right: (0, 1), Qt.Key.Key_Up: (-1, 0), Qt.Key.Key_Down: (1, 0)}
REST = 1.0  # how long no picture is made after one, in times of what it took: the training wants the processor, too
PRESENTED = 1.28  # times as large are letters in a presentation
EDGE = 5  # px around the cells that rings take
Made = tuple[Plate, Moment, Pixels, float]


def made(plate: Plate, moment: Moment) -> Made:
    """A picture, and how many seconds it took."""
    begin = monotonic()
    return plate, moment, picture(plate, moment), monotonic() - begin


class SweepGrid(KeyboardFocus, QWidget):
    """Paints how a sweep stands; the pictures of the cells follow as they are made."""

    chosen = Signal(int)  # the cell that is looked at
    use_requested = Signal(int)

    own_keys = frozenset({*ARROWS, *ENTER})

    def __init__(self, parent: QWidget | None = None, *, now: Callable[[], float] = monotonic):
        super().__init__(parent)
        self.setObjectName("sweep-grid")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Sweep")
        self._now, self._due, self._hurries = now, 0.0, True
        self._ground: Ground | None = None
        self._standing: Standing | None = None
        self._headings: tuple[tuple[Run, ...], ...] = ()
        self._trouble = ""
        self._letters = 1.0
        self._image: tuple[Plate, QImage, Pixels] | None = None
        self._drawn: Moment | None = None  # the one that is being drawn, or was last
        self.shown: Moment | None = None  # the one whose picture is on screen
        self._awaits = False  # a picture: who makes it may still be busy when it has come
        self.index = 0
        self._hovered: int | None = None
        self._maker = Newest(self)
        self._maker.done.connect(self._on_made)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_standing(
        self,
        ground: Ground | None,
        standing: Standing | None,
        headings: tuple[tuple[Run, ...], ...],
        trouble: str = "",
        *,
        hurry=True,
    ) -> None:
        """How it stands now; `trouble`: why there is no sweep. Without hurry pictures leave time for the training."""
        self._hurries = hurry
        before = self._standing
        if standing is None or before is None or standing.field != before.field:
            self._image = self._drawn = None
            self.update()
        elif standing is not before:
            self._update_changed(before, standing)
        if headings != self._headings and self.board is not None:
            self.update(self._parts[0])
        self._ground, self._standing, self._headings, self._trouble = ground, standing, headings, trouble
        self._ask()

    def _update_changed(self, before: Standing, now: Standing) -> None:
        """Paint what has changed; the cells' pictures follow as they are made."""
        _heading, names, cells, below = self._parts
        if now.told != before.told:
            self.update(names)
        if now.columns != before.columns or now.goal != before.goal:
            self.update(below)
        if now.best != before.best or not np.array_equal(now.moment.ended, before.moment.ended):
            self.update(cells)

    def choose(self, index: int) -> None:
        """Look at another cell, without saying so."""
        self.index = index
        self._speak()
        self.update()

    @property
    def board(self) -> Board | None:
        """Where the cells lie."""
        if self._standing is None or self._ground is None:
            return None
        field, scale = self._standing.field, self.devicePixelRatioF()
        size, maps = (self.width(), self.height()), has_map(self._ground)
        lines = len(self._standing.summary)
        return Board.within(
            size, len(field.rates), len(field.seeds), lines=lines, scale=scale, maps=maps, letters=self._letters
        )

    def set_presenting(self, presenting: bool) -> None:
        """Larger letters, for those who sit far away."""
        self._letters = PRESENTED if presenting else 1.0
        self._ask()
        self.update()

    @property
    def busy(self) -> bool:
        """Whether a picture is being made."""
        return self._maker.busy

    def finish(self) -> None:
        """Have the picture made now; for pictures and tests."""
        self._due = 0.0
        self._ask()
        self._maker.wait()

    def rest(self) -> None:
        """Let nothing go on."""
        self._maker.rest()

    # -- pictures ------------------------------------------------------------------------------------------------

    def _ask(self) -> None:
        """A picture of the newest moment, unless one is being made, or has just been."""
        board, standing = self.board, self._standing
        if board is None or standing is None or self._ground is None or not self.isVisible() or self._awaits:
            return
        plate = Plate(self._ground, board, look.load(theme.current().name))
        shown = self._image is not None and _is_alike(self._image[0], plate)
        waits = not self._hurries and self._now() < self._due
        if shown and (standing.moment is self._drawn or waits):
            return
        self._drawn, self._awaits = standing.moment, True
        self._maker.ask(partial(made, plate, standing.moment))

    def _on_made(self, result: Made) -> None:
        plate, moment, pixels, seconds = result
        self._due, self._awaits = self._now() + REST * seconds, False
        high, wide = pixels.shape
        if self._standing is not None and (len(plate.board.xs), len(plate.board.ys)) == self._shape():
            self._image = plate, QImage(pixels.data, wide, high, 4 * wide, QImage.Format.Format_RGB32), pixels
            self.shown = moment
            self.update(self._parts[2])
        self._ask()

    def _shape(self) -> tuple[int, int]:
        assert self._standing is not None
        return len(self._standing.field.rates), len(self._standing.field.seeds)

    # -- painting ------------------------------------------------------------------------------------------------

    @property
    def _parts(self) -> tuple[QRegion, QRegion, QRegion, QRegion]:
        """Where heading, names, cells with their rings, and what is below them are painted, each by itself."""
        board = self.board
        if board is None:
            return (QRegion(self.rect()),) * 4
        wide, high = (each / board.scale for each in board.size)
        inner = QRectF(QPointF(*board.origin), QSizeF(wide, high)).adjusted(-EDGE, -EDGE, EDGE, EDGE).toAlignedRect()
        heading = QRegion(0, 0, self.width(), round(marks.HEADING_LOW * board.letters))
        below = QRegion(0, inner.bottom() + 1, self.width(), self.height() - inner.bottom() - 1)
        cells = QRegion(inner)
        return heading, QRegion(self.rect()) - heading - cells - below, cells, below

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(event.rect(), theme.color("canvas"))
            board, standing = self.board, self._standing
            if board is None or standing is None:
                marks.paint_trouble(painter, QRectF(self.rect()), self._trouble, self._letters)
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            heading, names, cells, below = (event.region().intersects(part) for part in self._parts)
            if heading:
                marks.paint_heading(painter, self._headings, self.width(), self._letters)
            if names:
                marks.paint_names(painter, board, standing, self.index)
            if below:
                marks.paint_columns(painter, board, standing)
            if cells:
                self._paint_cells(painter, board)
                marks.paint_tags(painter, board, standing)
                marks.paint_rings(painter, board, standing, self.index, self._hovered)

    def _paint_cells(self, painter: QPainter, board: Board) -> None:
        if self._image is None:
            marks.paint_empty(painter, board)
            return
        plate, image, _pixels = self._image
        wide, high = (each / board.scale for each in board.size)
        if plate.board == board:
            image.setDevicePixelRatio(board.scale)
            painter.drawImage(QPointF(*board.origin), image)
        else:  # until that of another size is made
            painter.drawImage(QRectF(QPointF(*board.origin), QRectF(0, 0, wide, high).size()), image)

    # -- pointer and keys ----------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        self._hover(index)
        if index is None or self._standing is None:
            QToolTip.hideText()
        else:
            at = event.globalPosition().toPoint() + QPoint(0, 4)
            QToolTip.showText(at, self._standing.words(index), self)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(None)

    def _hover(self, index: int | None) -> None:
        if index != self._hovered:
            self._hovered = index
            self.update(self._parts[2])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self._look_at(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if index is not None and event.button() == Qt.MouseButton.LeftButton:
            self.use_requested.emit(index)

    def _at(self, position: QPointF) -> int | None:
        board = self.board
        return None if board is None else board.at(position.x(), position.y())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER and self._standing is not None:
            self.use_requested.emit(self.index)
        elif event.key() in ARROWS and self._standing is not None:
            columns, rows = self._shape()
            down, right = ARROWS[event.key()]
            row, column = divmod(self.index, columns)
            row, column = min(max(row + down, 0), rows - 1), min(max(column + right, 0), columns - 1)
            self._look_at(row * columns + column)
        else:
            super().keyPressEvent(event)

    def _look_at(self, index: int) -> None:
        if index != self.index:
            self.choose(index)
            self.chosen.emit(index)

    def _speak(self) -> None:
        if self._standing is not None:
            announce(self, self._standing.words(self.index))

    # -- size and theme ------------------------------------------------------------------------------------------

    def showEvent(self, event: QEvent) -> None:
        super().showEvent(event)
        self._ask()

    def resizeEvent(self, _event: QEvent) -> None:
        self._ask()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._ask()
        super().changeEvent(event)


def _is_alike(a: Plate, b: Plate) -> bool:
    """Whether pictures on both look the same."""
    return a.board == b.board and a.colors is b.colors and a.ground.network == b.ground.network
