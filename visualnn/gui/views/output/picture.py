"""What all pictures of a network's answers share: they ask for what is to be seen when they paint, and tell of a point.

A picture lies in the section with a margin, so that what stands on its edge is not cut off.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.views.output.sight import Draw, Sight
from visualnn.gui.widgets.focus import KeyboardFocus
from visualnn.project import Project

MARGIN = 8  # px around a picture
CAPTION = 24  # px below one that has a line of words
SMALLEST = 172  # px of a picture beside the numbers in the narrowest panel
HEIGHT = 212  # of the largest map


class Picture(KeyboardFocus, QWidget):
    """One way to see what a network says. `content` is of its own kind, or None while that is being made."""

    beside = True  # whether the numbers stand to the right of it, or below
    control: QWidget | None = None  # its own choice, in the row above it

    def __init__(self, source: Callable[[], Sight | None], parent: QWidget):
        super().__init__(parent)
        self._source = source
        self.project: Project | None = None
        self._hovered: QPointF | None = None
        self.setMouseTracking(True)
        self.hide()

    @property
    def content(self) -> object:
        """What is to be seen now."""
        sight = self._source()
        return None if sight is None else sight.picture

    def show_project(self, project: Project) -> None:
        """Belongs to this project from now on."""
        self.project = project

    def drawing(self) -> Draw:
        """What makes its content; frozen, for another thread."""
        raise NotImplementedError

    def refresh(self) -> None:
        """There is something new to be seen."""
        self.update()
        if self._hovered is not None:
            self._tell(self._hovered)

    def fit(self, width: int) -> None:
        """As large as it should be where it has so much room, and as high as it needs."""
        self.setFixedSize(width + 2 * MARGIN, min(HEIGHT, max(width, SMALLEST)) + 2 * MARGIN)

    def box(self) -> QRectF:
        """The picture without its margin."""
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def words_at(self, position: QPointF) -> str:
        """What there is to tell of a point."""
        raise NotImplementedError

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        if self.project is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
            self.paint(painter)

    def paint(self, painter: QPainter) -> None:
        """Paint it."""
        raise NotImplementedError

    # -- the pointer ---------------------------------------------------------------------------------------------

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._tell(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hovered = None
        self.update()

    def _tell(self, position: QPointF) -> None:
        """The tooltip for a point, none where there is nothing to tell."""
        words = self.words_at(position)
        if words:
            self._hovered = position
            QToolTip.showText(self.mapToGlobal(position.toPoint() + QPoint(0, 4)), words, self)
        elif self._hovered is not None:
            self._hovered = None
            QToolTip.hideText()


def paint_caption(painter: QPainter, box: QRectF, *words: str) -> None:
    """A quiet line below a picture: the first of these that fits."""
    fitting = (each for each in words if theme.text_width(each, 12, 450) <= box.width())
    text = theme.elided(next(fitting, words[-1]), box.width(), 12, 450)
    theme.draw_text(painter, box.left(), box.bottom() + CAPTION / 2 + 3, text, 12, 450, "text2")


def arrow(event: object) -> tuple[int, int] | None:
    """Columns to the right and rows down that an arrow key stands for."""
    return ARROWS.get(event.key())


ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
