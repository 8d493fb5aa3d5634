"""All keys at a glance, from the same entries that Find lists."""

from collections.abc import Sequence
from itertools import combinations, groupby, pairwise

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.key_caps import draw_caps
from visualnn.gui.widgets.overlay import Overlay
from visualnn.gui.widgets.search import Entry

COLUMN, LEAST_COLUMN = 300, 280
COLUMN_GAP = 36
MARGIN = 32
HEAD = 56
PITCH = 28
GROUP_GAP = 16
MOST_COLUMNS = 3
LEAST_SQUEEZE = 0.75  # how much closer lines may stand in a low window


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
        """The groups, in their order, in the columns of which the tallest is the lowest."""
        count = max(1, min(MOST_COLUMNS, int((self._room + COLUMN_GAP) // (LEAST_COLUMN + COLUMN_GAP))))
        groups, best = self._groups, [self._groups]
        for cuts in combinations(range(1, len(groups)), max(0, min(count, len(groups)) - 1)):
            columns = [groups[start:end] for start, end in pairwise((0, *cuts, len(groups)))]
            best = min(best, columns, key=self._tallest)
        return best

    @property
    def _room(self) -> float:
        """The width that columns may take together."""
        return self.width() - 2.5 * MARGIN

    def _column(self, columns: int) -> float:
        """The width of each of so many columns."""
        return min(COLUMN, max(LEAST_COLUMN, (self._room + COLUMN_GAP) / columns - COLUMN_GAP))

    def _squeeze(self, columns: list[list[tuple[str, list[Entry]]]]) -> float:
        """The share of their usual height that lines take, where there is not room enough for all of them."""
        room = self.height() - 16 - HEAD - MARGIN / 2
        return max(LEAST_SQUEEZE, min(1.0, room / max(1.0, self._tallest(columns) - GROUP_GAP)))

    def _tallest(self, columns: list[list[tuple[str, list[Entry]]]]) -> float:
        return max((sum(map(self._height, column)) for column in columns), default=0.0)

    def _height(self, group: tuple[str, list[Entry]]) -> float:
        return PITCH * (len(group[1]) + bool(group[0])) + GROUP_GAP

    def card(self) -> QRectF:
        columns = self.columns()
        width = len(columns) * (self._column(len(columns)) + COLUMN_GAP) - COLUMN_GAP + 2 * MARGIN
        lines = (self._tallest(columns) - GROUP_GAP) * self._squeeze(columns)
        height = min(HEAD + lines + MARGIN, self.height() - 16)
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
            columns, x = self.columns(), card.left() + MARGIN
            wide, squeeze = self._column(len(columns)), self._squeeze(columns)
            for column in columns:
                self._paint_column(painter, x, card.top() + HEAD + PITCH * squeeze / 2, column, wide, squeeze)
                x += wide + COLUMN_GAP

    def _paint_column(self, painter: QPainter, x: float, y: float, column, wide: float, squeeze: float) -> None:
        for name, entries in column:
            if name:
                theme.draw_text(painter, x, y, name, 12, 600, "text3")
                y += PITCH * squeeze
            for entry in entries:
                theme.draw_text(painter, x, y, entry.text, 13, 450, "text" if entry.enabled else "text3")
                draw_caps(painter, x + wide, y, entry.keys)
                y += PITCH * squeeze
            y += GROUP_GAP * squeeze
