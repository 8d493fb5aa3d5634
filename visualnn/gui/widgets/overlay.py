"""What lies over a whole window until it is left: it keeps clicks from the window and gives the focus back."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.focus import give_back_focus
from visualnn.gui.widgets.shadow import draw_shadow

RADIUS = 14


class Overlay(QWidget):
    """A card over `host`.  Esc and a click beside the card leave it."""

    closed = Signal()

    def __init__(self, host: QWidget):
        super().__init__(host)
        self._last_focus: QWidget | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.hide()
        host.installEventFilter(self)

    def card(self) -> QRectF:
        """Where the card is."""
        return QRectF()

    def arrange(self) -> None:
        """Lays out the card's content for the present size."""

    def open(self) -> None:
        """Covers the window and takes the focus."""
        if self.isHidden():
            self._last_focus = self.window().focusWidget()
        self.setGeometry(self.parentWidget().rect())
        self.arrange()
        self.raise_()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def leave(self) -> None:
        """Goes, and gives the focus back to where it was."""
        if self.isHidden():
            return
        focused = self.window().focusWidget()
        if focused is not None and (focused is self or self.isAncestorOf(focused)):
            give_back_focus(self._last_focus, focused)
        self._last_focus = None
        self.hide()
        self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and watched is self.parentWidget() and not self.isHidden():
            self.setGeometry(self.parentWidget().rect())
            self.arrange()
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride:  # no shortcut of the window works through the card
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if not self.card().contains(event.position()):
            self.leave()

    def paint_card(self, painter: QPainter) -> None:
        """The card itself, with its shadow, on a dimmed window."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        scrim = theme.color("canvas")
        scrim.setAlphaF(0.55)
        painter.fillRect(self.rect(), scrim)
        card = self.card()
        draw_shadow(painter, card, RADIUS)
        painter.setPen(QPen(theme.color("line2"), 1))
        painter.setBrush(theme.color("panel"))
        painter.drawRoundedRect(card.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
