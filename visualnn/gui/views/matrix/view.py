"""The matrix with its title, its way back and its legend."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.matrix.content import Cell, MatrixContent
from visualnn.gui.views.matrix.legend import paint_legend
from visualnn.gui.views.matrix.map import MatrixMap
from visualnn.gui.widgets.button import IconButton
from visualnn.gui.widgets.focus import KeyboardFocus

PADDING = 24
HEAD_Y = 30  # the middle of the title
MAP_TOP = 52
FOOT = 56  # of the legend
LEGEND_UP = 34  # from the bottom to the middle of its bar
POOLED = "each pixel shows its strongest"


class MatrixView(KeyboardFocus, QWidget):
    """Shows the weights between two columns in place of the network."""

    weight_chosen = Signal(int, int)  # from which neuron, to which
    closed = Signal()

    own_keys = frozenset({Qt.Key.Key_Escape})

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("matrix")
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(320, 240)
        self._content: MatrixContent | None = None
        self._map = MatrixMap(self)
        self._back = IconButton("x", "Back to the network", self, key="Esc")
        self._map.weight_chosen.connect(self.weight_chosen)
        self._map.grid_changed.connect(self.update)  # the head says whether pixels are shared
        self._back.clicked.connect(self.closed)
        self.setFocusProxy(self._map)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, content: MatrixContent) -> None:
        """Show these weights from now on; zoom and hover stay while they are of the same connections."""
        self._content = content
        self._map.show_content(content)
        self.setAccessibleName(content.spoken())
        self.update()

    def select(self, cell: Cell | None) -> None:
        """Mark the weight (from which neuron, to which) without saying so."""
        self._map.select(cell)

    @property
    def chosen(self) -> Cell | None:
        """The marked weight."""
        return self._map.chosen

    def fit(self) -> None:
        """Show all weights."""
        self._map.fit()

    def zoom(self, factor: float) -> None:
        """Show the cells so many times larger."""
        self._map.zoom(factor)

    # -- painting ------------------------------------------------------------------------------------------------

    def resizeEvent(self, _event: QEvent) -> None:
        side, middle = self._back.sizeHint(), HEAD_Y
        self._back.move(self.width() - PADDING + 8 - side.width(), middle - side.height() // 2)
        self._map.setGeometry(8, MAP_TOP, self.width() - 16, self.height() - MAP_TOP - FOOT)

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), theme.color("canvas"))
            if self._content is None:
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_head(painter, self._content)
            paint_legend(painter, self.width() / 2, self.height() - LEGEND_UP, self._content)

    def _paint_head(self, painter: QPainter, content: MatrixContent) -> None:
        count = f"{content.count()}, {POOLED}" if self._map.is_pooled() else content.count()
        end = self._back.x() - 12
        room = end - PADDING - 10 - theme.text_width(count, 13, 450)
        title = theme.elided(content.title, max(room, 120), 14, 600)
        x = PADDING + theme.draw_text(painter, PADDING, HEAD_Y, title, 14, 600) + 10
        theme.draw_text(painter, x, HEAD_Y, theme.elided(count, end - x, 13, 450), 13, 450, "text2")

    # -- keys ----------------------------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)
