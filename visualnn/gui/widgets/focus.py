"""The ring around the control that the keyboard is on, and the keys that a control keeps for itself."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from visualnn.gui import theme

GAP = 2
WIDTH = 2
KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)
RETURNING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class KeyboardFocus:
    """What a focusable widget adds to its bases: the ring, only for the keyboard, and `own_keys`.

    A key in `own_keys` reaches the focused widget even where the window has a shortcut on it.
    """

    ring_radius: float = 8
    own_keys: frozenset[Qt.Key] = frozenset()
    _ring: "FocusRing | None" = None
    _had_ring = False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self.owns(event):
            event.accept()
            return True
        return super().event(event)

    def owns(self, event: QKeyEvent) -> bool:
        """Whether this key press is meant for this widget and for no shortcut."""
        command = (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
        )
        return event.key() in self.own_keys and not event.modifiers() & command

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in KEYBOARD_REASONS or (event.reason() in RETURNING and self._had_ring):
            self.show_ring()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._had_ring = self.has_ring()
        if self._ring is not None:
            self._ring.hide()

    def show_ring(self) -> None:
        """Shows the ring, as Tab does."""
        if self.parentWidget() is None:
            return
        if self._ring is None:
            self._ring = FocusRing(self)
        self._ring.surround()

    def has_ring(self) -> bool:
        """Whether the ring is to be seen."""
        return self._ring is not None and not self._ring.isHidden()


def give_back_focus(last: QWidget | None, now: QWidget) -> None:
    """Returns the focus from `now` to `last`, before `now` hides and Qt passes it on as if Tab had been pressed."""
    if last is not None and last is not now and isValid(last) and last.isVisible():
        last.setFocus(Qt.FocusReason.PopupFocusReason)
    else:
        now.clearFocus()


class FocusRing(QWidget):
    """Two pixels of accent, two pixels outside of a widget; lies beside it, so that the widget needs no margin."""

    def __init__(self, target: QWidget):
        super().__init__(target.parentWidget())
        self._target = target
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        target.installEventFilter(self)

    def surround(self) -> None:
        """Comes to where the target is and shows itself."""
        if self.parentWidget() is not self._target.parentWidget():
            self.setParent(self._target.parentWidget())
        out = GAP + WIDTH
        around = self._target.geometry().adjusted(-out, -out, out, out)
        self.setGeometry(around.intersected(self.parentWidget().rect()))  # of what fills its parent it lies inside
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.isHidden():
            return False
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize):
            self.surround()
        elif event.type() == QEvent.Type.Hide:
            self.hide()
        return False

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), WIDTH))
            radius = self._target.ring_radius + GAP + WIDTH / 2
            half = WIDTH / 2
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(half, half, -half, -half), radius, radius)
