"""Who has arrived, in which order, after how many updates."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.contest.content import Score
from visualnn.gui.widgets.runner_disc import paint_disc
from visualnn.scene import racing

PADDING, TITLE_Y, TOP, PITCH, BOTTOM = 24, 24, 42, 28, 10
RANK, DISC, GAP = 16, 18.0, 10
NONE = "–"


class Scoreboard(QWidget):
    """A line for each runner; nothing before the first has arrived."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._scores: tuple[Score, ...] = ()
        self.setAccessibleName("Scoreboard")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.hide()

    def show_scores(self, scores: Sequence[Score]) -> None:
        """Show these, best first."""
        if tuple(scores) != self._scores:
            self._scores = tuple(scores)
            self.setAccessibleDescription("; ".join(map(sentence, scores)))
            self.setFixedHeight(TOP + PITCH * len(scores) + BOTTOM)
            self.setVisible(bool(scores))
            self.update()

    @property
    def scores(self) -> tuple[Score, ...]:
        """What is on screen."""
        return self._scores

    def paintEvent(self, _event: QEvent) -> None:
        right = self.width() - PADDING
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw_text(painter, PADDING, TITLE_Y, "Scoreboard", 14, 600)
            theme.draw_text(painter, right, TITLE_Y, "updates", 12, 450, "text3", "r")
            for index, score in enumerate(self._scores):
                self._paint_score(painter, TOP + PITCH * (index + 0.5), score)

    def _paint_score(self, painter: QPainter, y: float, score: Score) -> None:
        right, has_arrived = self.width() - PADDING, score.updates is not None
        count = f"{score.updates:,}" if has_arrived else NONE
        taken = theme.draw_text(painter, right, y, count, 13, 600, "text" if has_arrived else "text3", "r")
        theme.draw_text(painter, PADDING, y, str(score.rank or ""), 13, 500, "text2")
        x = PADDING + RANK + DISC
        paint_disc(painter, QPointF(x - DISC / 2, y), score.mark.color, score.mark.letter, DISC)
        x += GAP
        name = theme.elided(score.name, right - taken - GAP - x, 13, 500)
        x += theme.draw_text(painter, x, y, name, 13, 500) + 8
        rate = rate_text(score)
        if theme.text_width(rate, 12, 450) <= right - taken - GAP - x:
            theme.draw_text(painter, x, y, rate, 12, 450, "text2")


def rate_text(score: Score) -> str:
    """The rate, unless the name tells it."""
    rate = racing.rate_text(score.rate)
    return "" if score.name.endswith(f" {rate}") else f"rate {rate}"


def sentence(score: Score) -> str:
    """A line in words."""
    name = " ".join(filter(None, (score.name, rate_text(score))))
    return f"{score.rank} {name}, {score.updates:,} updates" if score.updates is not None else f"{name}, not arrived"
