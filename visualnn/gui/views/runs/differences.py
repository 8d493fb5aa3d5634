"""What ticked runs do not have in common: a setting a row, every value beside the numbers of the runs that have it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QSize
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.run_ink import run_ink
from visualnn.gui.widgets.runner_disc import badge_width, paint_badge
from visualnn.scene.comparison import Difference

PADDING, PITCH, FIRST_Y = 24, 24, 12
LABEL_WIDTH = 104
BETWEEN, BEFORE, GAP = 3, 7, 14  # px between badges, before their value, before the next value
SAME = "These runs have the same settings."

Group = tuple[str, tuple[int, ...]]  # a value, and the numbers of the runs that have it
Spot = tuple[float, int, Group]  # x and line


class Differences(QWidget):
    """Paints the rows; values go on in the next line where there is no room."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._rows: tuple[Difference, ...] = ()
        self._numbers: tuple[int, ...] = ()
        self.setAccessibleName("Differences")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[Difference], numbers: Sequence[int]) -> None:
        """Show these; a number for each run."""
        self._rows, self._numbers = tuple(rows), tuple(numbers)
        self.setAccessibleDescription(" ".join(f"{row.sentence()}." for row in rows) or SAME)
        self._fit()
        self.update()

    @property
    def rows(self) -> tuple[Difference, ...]:
        """What is on screen."""
        return self._rows

    def groups(self, row: Difference) -> list[Group]:
        """The values of a row, each once, with the runs that have it."""
        values = dict.fromkeys(row.values)
        pairs = list(zip(row.values, self._numbers, strict=True))
        return [(value, tuple(number for each, number in pairs if each == value)) for value in values]

    def _spots(self, row: Difference) -> list[Spot]:
        """Where each value begins."""
        left, right = PADDING + LABEL_WIDTH, self.width() - PADDING
        spots, x, line = [], float(left), 0
        for value, numbers in self.groups(row):
            wide = _badges_width(numbers) + theme.text_width(value, 13, 500)
            if x > left and x + wide > right:
                x, line = float(left), line + 1
            spots.append((x, line, (value, numbers)))
            x += wide + GAP
        return spots

    def _lines(self, row: Difference) -> int:
        return self._spots(row)[-1][1] + 1 if row.values else 1

    def _fit(self) -> None:
        self.setFixedHeight(PITCH * max(1, sum(map(self._lines, self._rows))))

    def sizeHint(self) -> QSize:
        return QSize(320, self.height())

    def resizeEvent(self, _event: QEvent) -> None:
        self._fit()

    def paintEvent(self, _event: QEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if not self._rows:
                theme.draw_text(painter, PADDING, FIRST_Y, SAME, 13, 450, "text2")
            y = float(FIRST_Y)
            for row in self._rows:
                theme.draw_text(painter, PADDING, y, row.label, 13, 450, "text2")
                for x, line, group in self._spots(row):
                    self._paint_value(painter, x, y + line * PITCH, group)
                y += PITCH * self._lines(row)

    def _paint_value(self, painter: QPainter, x: float, y: float, group: Group) -> None:
        value, numbers = group
        for number in numbers:
            wide = badge_width(str(number))
            paint_badge(painter, QPointF(x + wide / 2, y), run_ink(number - 1), str(number))
            x += wide + BETWEEN
        x += BEFORE - BETWEEN
        theme.draw_text(painter, x, y, theme.elided(value, self.width() - PADDING - x, 13, 500), 13, 500)


def _badges_width(numbers: Sequence[int]) -> float:
    """Px of these badges, and of the gap to the value."""
    return sum(badge_width(str(number)) + BETWEEN for number in numbers) - BETWEEN + BEFORE
