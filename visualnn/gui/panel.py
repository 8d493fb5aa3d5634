"""The right panel: one page a mode, an edge to drag, folded away by F2."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from visualnn.gui.theme import color
from visualnn.gui.widgets.rule import Rule

NARROWEST, WIDEST = 300, 520
STAGE_LEAST = 520


def designed_width(window_width: int) -> int:
    """The panel's width where the user has not chosen one."""
    if window_width < 1100:
        return 320
    return 360 if window_width < 1600 else 420


class Page(QScrollArea):
    """Sections one below the other, with a rule above those in `ruled`; scrolls where the window is too low."""

    def __init__(self, sections: list[QWidget], ruled: set[int], parent: QWidget | None = None):
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setViewport(QWidget())  # what Qt makes would be looked for among all kinds of widgets
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(self)
        column = QVBoxLayout(inside)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        self._rules: dict[QWidget, Rule] = {}
        for index, section in enumerate(sections):
            if index in ruled:
                self._rules[section] = Rule(inside)
                column.addWidget(self._rules[section])
            column.addWidget(section, int(section.sizePolicy().verticalPolicy() != QSizePolicy.Policy.Fixed))
        column.addStretch(0)  # takes what no section wants
        self.setWidget(inside)
        inside.setAutoFillBackground(False)

    def show_section(self, section: QWidget, is_seen: bool) -> None:
        """A section with its rule, or neither."""
        for each in (section, self._rules.get(section)):
            if each is not None:
                each.setVisible(is_seen)

    def reveal(self, section: QWidget) -> None:
        """Scrolls down until all of a section that has grown is seen, or its top stands at the top."""
        self._grow()
        box, bar = section.geometry(), self.verticalScrollBar()
        bar.setValue(max(bar.value(), min(box.top(), box.bottom() + 1 - self.viewport().height())))

    def reveal_part(self, part: QWidget) -> None:
        """Scrolls until a part of a section that has grown is seen."""
        self._grow()
        self.ensureWidgetVisible(part, 0, 0)

    def _grow(self) -> None:
        """Have the height that the sections need, before Qt gets round to it."""
        layout = self.widget().layout()
        assert layout is not None
        layout.activate()
        self.widget().resize(self.widget().width(), max(self.viewport().height(), layout.sizeHint().height()))


class Edge(QWidget):
    """The strip by which the panel is made wider; a double click gives the designed width back."""

    dragged = Signal(int)  # new width
    reset_requested = Signal()

    def __init__(self, panel: QWidget):
        super().__init__(panel)
        self._panel = panel
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setToolTip("Drag to resize, double-click to reset  (F2 folds)")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        right = self._panel.mapToGlobal(self._panel.rect().topRight()).x()
        self.dragged.emit(round(right - event.globalPosition().x()) + 1)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.reset_requested.emit()


class Panel(QWidget):
    """Holds the pages and knows how wide it is."""

    width_chosen = Signal(int)  # 0: as designed

    def __init__(self, pages: list[Page], parent: QWidget | None = None):
        super().__init__(parent)
        self.chosen_width = 0
        self._stack = QStackedLayout(self)
        for page in pages:
            self.add_page(page)
        self._edge = Edge(self)
        self._edge.dragged.connect(self._on_dragged)
        self._edge.reset_requested.connect(self._on_reset)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def add_page(self, page: QWidget) -> int:
        """One more; the number to show it by."""
        return self._stack.addWidget(page)

    def show_page(self, index: int) -> None:
        """Which page is seen."""
        self._stack.setCurrentIndex(index)
        self._edge.raise_()

    def fit(self, window_width: int) -> None:
        """Take the width that suits a window of this width."""
        width = self.chosen_width or designed_width(window_width)
        self.setFixedWidth(max(NARROWEST, min(width, WIDEST, window_width - STAGE_LEAST)))

    def _on_dragged(self, width: int) -> None:
        self.chosen_width = max(NARROWEST, min(width, WIDEST))
        self.fit(self.window().width())
        self.width_chosen.emit(self.chosen_width)

    def _on_reset(self) -> None:
        self.chosen_width = 0
        self.fit(self.window().width())
        self.width_chosen.emit(0)

    def resizeEvent(self, _event: object) -> None:
        self._edge.setGeometry(0, 0, 6, self.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), color("panel"))
            painter.fillRect(QRectF(0, 0, 1, self.height()), color("line"))
