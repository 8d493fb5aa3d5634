"""Hides the pointer over some widgets while nobody moves it."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPointF, Qt, QTimer
from PySide6.QtGui import QCursor, QMouseEvent
from PySide6.QtWidgets import QWidget

SHOWN_MS = 2000
USES = (QEvent.Type.MouseMove, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease)


class QuietPointer(QObject):
    """Between `start` and `stop` the pointer goes after two seconds and comes back as soon as it is used."""

    def __init__(self, widgets: Sequence[QWidget], parent: QObject):
        super().__init__(parent)
        self._widgets = tuple(widgets)
        self._cursors: dict[QWidget, QCursor | None] = {}  # of those that hide it; None: had none of its own
        self._last: QPointF | None = None
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._timer.timeout.connect(self.hide)

    def start(self) -> None:
        """Begins to count."""
        for widget in self._widgets:
            widget.installEventFilter(self)
        self._timer.start()

    def stop(self) -> None:
        """Everything is as before."""
        self._timer.stop()
        self._show()
        for widget in self._widgets:
            widget.removeEventFilter(self)

    def hide(self) -> None:
        """Hides it now."""
        self._timer.stop()
        for widget in self._widgets:
            own = widget.testAttribute(Qt.WidgetAttribute.WA_SetCursor)
            self._cursors.setdefault(widget, widget.cursor() if own else None)
            widget.setCursor(Qt.CursorShape.BlankCursor)

    def is_hidden(self) -> bool:
        """Whether it is hidden now."""
        return bool(self._cursors)

    def _show(self) -> None:
        for widget, cursor in self._cursors.items():
            widget.unsetCursor() if cursor is None else widget.setCursor(cursor)
        self._cursors.clear()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._show()  # before the widget sets a cursor of its own
        elif event.type() in USES and isinstance(event, QMouseEvent) and self._is_used(event):
            self._show()
            self._timer.start()
        return False

    def _is_used(self, event: QMouseEvent) -> bool:
        """Whether somebody moved or pressed it: Qt also tells of a move when something else has moved beneath it."""
        here, before = event.globalPosition(), self._last
        self._last = here
        return here != before or event.type() != QEvent.Type.MouseMove
