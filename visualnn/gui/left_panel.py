"""The left panel: closed by default; beside the stage where there is room, over it where there is none."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QLinearGradient, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QStackedLayout, QWidget

from visualnn.gui.panel import NARROWEST, STAGE_LEAST, WIDEST
from visualnn.gui.theme import color
from visualnn.gui.widgets.focus import give_back_focus

EDGE = 6  # px of the strip by which it is made wider
SHADE = 18  # px of what it throws on the stage


def designed_width(window_width: int) -> int:
    """The panel's width where the user has not chosen one."""
    if window_width < 1100:
        return 320
    return 352 if window_width < 1600 else 380


def lies_over(window_width: int, beside: int) -> bool:
    """Whether the stage would be too narrow beside this panel and another one of so many px."""
    return window_width < 1100 or window_width - beside - NARROWEST < STAGE_LEAST


class LeftPanel(QWidget):
    """Keeps the place beside the stage; what is seen is its `body`, which may be wider than that."""

    width_chosen = Signal(int)  # 0: as designed
    opened = Signal(bool)

    def __init__(self, pages: list[QWidget], host: QWidget):
        super().__init__(host)
        self.chosen_width = 0
        self._window_width, self._beside = 1280, 0
        self._last_focus: QWidget | None = None
        self.shade, self.body = Shade(host), Body(pages, host)
        self.body.edge.dragged.connect(self._on_dragged)
        self.body.edge.reset_requested.connect(self._on_reset)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        host.installEventFilter(self)
        self._seen = False
        self._show_open(False)

    @property
    def is_open(self) -> bool:
        """Whether it is to be seen."""
        return self._seen

    def show_page(self, index: int) -> None:
        """Which page is seen."""
        self.body.stack.setCurrentIndex(index)
        self.body.edge.raise_()

    def set_open(self, is_open: bool) -> None:
        """Comes and takes the focus, or goes and gives it back."""
        if is_open == self._seen:
            return
        if is_open:
            self._last_focus = self.window().focusWidget()
            self._show_open(True)
            page = self.body.stack.currentWidget()
            if page is not None:
                page.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            focused = self.window().focusWidget()
            if focused is not None and self.body.isAncestorOf(focused):
                give_back_focus(self._last_focus, focused)
            self._show_open(False)
        self.opened.emit(is_open)

    def _show_open(self, is_open: bool) -> None:
        self._seen = is_open
        self.setVisible(is_open)
        self.body.setVisible(is_open)
        self.fit(self._window_width, self._beside)

    def fit(self, window_width: int, beside: int = 0) -> None:
        """Take the width that suits a window of this width in which another panel takes so many px."""
        self._window_width, self._beside = window_width, beside
        wanted = self.chosen_width or designed_width(window_width)
        over = lies_over(window_width, beside)
        room = window_width - 2 * EDGE if over else window_width - beside - STAGE_LEAST
        width = max(NARROWEST, min(wanted, WIDEST, room))
        self.setFixedWidth(0 if over else width)
        self.body.resize(width, self.body.height())
        self._follow()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._follow()
        return False

    def _follow(self) -> None:
        """The body comes to where the place is kept, before everything else."""
        self.body.setGeometry(self.x(), self.y(), self.body.width(), self.height())
        self.body.raise_()
        self.shade.setVisible(self._seen and self.width() == 0)
        self.shade.setGeometry(self.x() + self.body.width(), self.y(), SHADE, self.height())
        self.shade.raise_()

    def moveEvent(self, _event: object) -> None:
        self._follow()

    def resizeEvent(self, _event: object) -> None:
        self._follow()

    def _on_dragged(self, width: int) -> None:
        self.chosen_width = max(NARROWEST, min(width, WIDEST))
        self.fit(self._window_width, self._beside)
        self.width_chosen.emit(self.chosen_width)

    def _on_reset(self) -> None:
        self.chosen_width = 0
        self.fit(self._window_width, self._beside)
        self.width_chosen.emit(0)


class Body(QWidget):
    """The pages, one of them seen, and the edge at their right."""

    def __init__(self, pages: list[QWidget], host: QWidget):
        super().__init__(host)
        self.stack = QStackedLayout(self)
        self.stack.setContentsMargins(0, 0, 1, 0)
        for page in pages:
            self.stack.addWidget(page)
        self.edge = RightEdge(self)

    def resizeEvent(self, _event: object) -> None:
        self.edge.setGeometry(self.width() - EDGE, 0, EDGE, self.height())
        self.edge.raise_()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()  # not for the stage beneath

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), color("panel"))
            painter.fillRect(QRectF(self.width() - 1, 0, 1, self.height()), color("line"))


class Shade(QWidget):
    """What the panel throws on a stage that it lies over."""

    def __init__(self, host: QWidget):
        super().__init__(host)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def paintEvent(self, _event: QPaintEvent) -> None:
        fall = QLinearGradient(0, 0, self.width(), 0)
        for at, alpha in ((0.0, 0.28), (0.4, 0.1), (1.0, 0.0)):
            tone = color("shadow")
            tone.setAlphaF(alpha)
            fall.setColorAt(at, tone)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), fall)


class RightEdge(QWidget):
    """The strip by which the panel is made wider; a double click gives the designed width back."""

    dragged = Signal(int)  # new width
    reset_requested = Signal()

    def __init__(self, body: QWidget):
        super().__init__(body)
        self._body = body
        self.setCursor(Qt.CursorShape.SplitHCursor)
        self.setToolTip("Drag to resize, double-click to reset")

    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        left = self._body.mapToGlobal(self._body.rect().topLeft()).x()
        self.dragged.emit(round(event.globalPosition().x() - left) + 1)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        self.reset_requested.emit()
