"""A column of widgets that scrolls where it is higher than its room; the bar lies over its right margin."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QScrollBar, QWidget

BAR = 12  # px


class Scroll(QScrollArea):
    """Takes no width for its bar, so that nothing moves sideways when that comes and goes."""

    def __init__(self, inside: QWidget, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._bar = QScrollBar(Qt.Orientation.Vertical, self)
        hidden = self.verticalScrollBar()
        hidden.rangeChanged.connect(self._on_range_changed)
        hidden.valueChanged.connect(self._bar.setValue)
        self._bar.valueChanged.connect(hidden.setValue)
        self._bar.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        eaten = super().eventFilter(watched, event)
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return eaten

    def _fit(self) -> None:
        """What is inside becomes as high as it needs before it is laid out, not after."""
        inside, layout = self.widget(), self.widget().layout()
        if layout is not None:
            layout.activate()
            inside.resize(self.viewport().width(), max(self.viewport().height(), layout.minimumSize().height()))

    def reveal(self, part: QWidget) -> None:
        """Scroll as little as it takes to see a part that has just come."""
        self._fit()
        self.ensureWidgetVisible(part, 0, 0)

    def _on_range_changed(self, low: int, high: int) -> None:
        self._bar.setRange(low, high)
        self._bar.setPageStep(self.verticalScrollBar().pageStep())
        self._bar.setSingleStep(self.verticalScrollBar().singleStep())
        self._bar.setVisible(high > low)
        self._bar.raise_()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
        self._bar.setGeometry(self.width() - BAR, 2, BAR, self.height() - 4)
