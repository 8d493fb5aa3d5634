"""A row of choices as wide as there is room, all of one width: the kinds of one thing."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.segmented import HEIGHT, INSET, Segmented

LEAST_PAD = 8  # px on both sides of a word


class Tabs(Segmented):
    """A segmented control that fills its row."""

    def __init__(self, labels: Sequence[str], parent: QWidget | None = None):
        super().__init__(labels, parent=parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """What the words need, whatever it has now: who is wide must be able to become narrow."""
        widest = max((theme.text_width(label, 13, 550) for label in self._labels), default=0.0)
        return QSize(ceil((widest + 2 * LEAST_PAD) * len(self._labels)) + 2 * INSET, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._widths = [(self.width() - 2 * INSET) / len(self._labels)] * len(self._labels)
        self.update()

    def _paint_segment(self, painter: QPainter, index: int) -> None:
        width = theme.text_width(self._labels[index], 13, 550)
        self._pad = (self.segment_rect(index).width() - width) / 2  # which the label is in the middle with
        super()._paint_segment(painter, index)
