"""The guesses: a class, a bar, and how sure the network is."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from visualnn.gui import theme
from visualnn.scene.guesses import Guess

THICK = 8  # px of a bar
WIDE = 150  # px from which letters and gaps are the larger ones
WEIGHT = 600
NAME_SHARE = 0.4  # of the width, at most
LEAST_NAME = 14
WIDEST = "99.9 %"  # room for it, so that bars do not change with every number


def paint_guesses(painter: QPainter, area: QRectF, found: Sequence[Guess], pitch: float, *, grey: bool) -> None:
    """One a row from the top of the area; `grey`: there is nothing to guess yet."""
    if not found:
        return
    size, gap = (15, 14) if area.width() > WIDE else (13, 9)
    names = max(theme.text_width(guess.name, size, WEIGHT) for guess in found)
    names = min(max(names, LEAST_NAME), area.width() * NAME_SHARE)
    numbers = max(theme.text_width(text, size, WEIGHT) for text in (*(guess.text for guess in found), WIDEST))
    track = QRectF(area.left() + names + gap, 0, area.width() - names - numbers - 2 * gap, THICK)
    for index, guess in enumerate(found):
        y = area.top() + (index + 0.5) * pitch
        name = theme.elided(guess.name, names + 0.5, size, WEIGHT)
        theme.draw_text(painter, area.left(), y, name, size, WEIGHT, "text3" if grey else "text")
        theme.draw_text(painter, area.right(), y, guess.text, size, WEIGHT, "text3" if grey else "text", "r")
        track.moveTop(y - THICK / 2)
        _paint_bar(painter, track, guess.share, grey=grey)


def _paint_bar(painter: QPainter, track: QRectF, share: float, *, grey: bool) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("raised"))
    painter.drawRoundedRect(track, THICK / 2, THICK / 2)
    if share > 0:
        filled = QRectF(track.left(), track.top(), max(THICK, track.width() * share), THICK)
        painter.setBrush(theme.color("line3" if grey else "pos"))
        painter.drawRoundedRect(filled, THICK / 2, THICK / 2)
