"""All keys at a glance, from the same entries that Find lists."""

from collections.abc import Sequence
from itertools import groupby

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.key_caps import draw_caps
from visualnn.gui.widgets.overlay import Overlay
from visualnn.gui.widgets.search import Entry

COLUMN = 300
COLUMN_GAP = 36
MARGIN = 32
HEAD = 56
PITCH = 28
GROUP_GAP = 16
MOST_COLUMNS = 3


class KeysSheet(Overlay):
    """Entries that have keys, in columns under the names of their groups.  Any key or click leaves it."""

    def __init__(self, host: QWidget):
        super().__init__(host)
        self._groups: list[tuple[str, list[Entry]]] = []

    def set_entries(self, entries: Sequence[Entry]) -> None:
        """Shows those of `entries` that have keys; a group is a run of entries with the same group."""
        keyed = [entry for entry in entries if entry.keys]
        self._groups = [(name, list(group)) for name, group in groupby(keyed, key=lambda entry: entry.group)]
        self.setAccessibleName("Keys. " + " ".join(f"{entry.text}: {entry.keys}." for entry in keyed))
        self.update()

    def columns(self) -> list[list[tuple[str, list[Entry]]]]:
        """The groups, in columns of about the same height."""
        count = max(1, min(MOST_COLUMNS, int((self.width() - 3 * MARGIN + COLUMN_GAP) // (COLUMN + COLUMN_GAP))))
        fair = sum(map(self._height, self._groups)) / count
        columns: list[list[tuple[str, list[Entry]]]] = [[]]
        filled = 0.0
        for group in self._groups:
            if columns[-1] and len(columns) < count and filled + self._height(group) / 2 > fair * len(columns):
                columns.append([])
            columns[-1].append(group)
            filled += self._height(group)
        return columns

    def _height(self, group: tuple[str, list[Entry]]) -> float:
        return PITCH * (len(group[1]) + bool(group[0])) + GROUP_GAP

    def card(self) -> QRectF:
        columns = self.columns()
        width = len(columns) * (COLUMN + COLUMN_GAP) - COLUMN_GAP + 2 * MARGIN
        tallest = max((sum(map(self._height, column)) for column in columns), default=0)
        height = min(HEAD + tallest - GROUP_GAP + MARGIN, self.height() - 16)
        return QRectF(round((self.width() - width) / 2), round((self.height() - height) / 2), width, height)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
            self.leave()

    def mousePressEvent(self, _event) -> None:
        self.leave()

    def paintEvent(self, _event) -> None:
        card = self.card()
        with QPainter(self) as painter:
            self.paint_card(painter)
            theme.draw_text(painter, card.left() + MARGIN, card.top() + 34, "Keys", 17, 650)
            painter.setClipRect(card)
            x = card.left() + MARGIN
            for column in self.columns():
                self._paint_column(painter, x, card.top() + HEAD + PITCH / 2, column)
                x += COLUMN + COLUMN_GAP

    def _paint_column(self, painter: QPainter, x: float, y: float, column) -> None:
        for name, entries in column:
            if name:
                theme.draw_text(painter, x, y, name, 12, 600, "text3")
                y += PITCH
            for entry in entries:
                theme.draw_text(painter, x, y, entry.text, 13, 450, "text" if entry.enabled else "text3")
                draw_caps(painter, x + COLUMN, y, entry.keys)
                y += PITCH
            y += GROUP_GAP
