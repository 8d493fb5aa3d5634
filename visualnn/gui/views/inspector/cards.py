"""The links of the chain rule as cards, one below the other, multiplied."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui.theme import color, draw_text, elided, text_width
from visualnn.scene.findings import Link

LINE = 16  # px for each further detail
INSET = 14
GAP = 10


@dataclass(frozen=True, slots=True)
class Deck:
    """How high cards are and how far apart."""

    card: float
    gap: float

    def height(self, link: Link) -> float:
        """A card with all its details."""
        return self.card + LINE * (len(link.details) - 1)

    def reach(self, links: tuple[Link, ...]) -> float:
        """All cards with the gaps below them."""
        return sum(self.height(link) + self.gap for link in links)


def paint_links(painter: QPainter, links: tuple[Link, ...], area: QRectF, deck: Deck) -> list[tuple[QRectF, str]]:
    """Cards from the top of the area on, as wide as it; returns where all digits of a number are to be had."""
    top, tips, middles = area.top(), [], []
    column = max(text_width(link.value.text, 16, 650) for link in links)
    for link in links:
        card = QRectF(area.left(), top, area.width(), deck.height(link))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color("raised"))
        painter.drawRoundedRect(card, 9, 9)
        _paint_link(painter, link, card, deck.card, column)
        tips.append((card, f"{link.symbol} = {link.exact}" if link.symbol else link.exact))
        top = card.bottom() + deck.gap
        middles.append(QPointF(area.center().x(), top - deck.gap / 2))
    for middle in middles[:-1]:
        _paint_times(painter, middle, 7 + deck.gap / 2)
    return tips


def _paint_link(painter: QPainter, link: Link, card: QRectF, height: float, column: float) -> None:
    left, right = card.left() + INSET, card.right() - INSET
    draw_text(painter, right, card.center().y(), link.value.text, 16, 650, link.value.role or "text", "r")
    end = right - column - GAP
    title, first, step = card.top() + height * 0.31, card.top() + height * 0.7, LINE
    texts = [(link.title, title, 13.0, 600), *((d, first + k * step, 13.0, 450) for k, d in enumerate(link.details))]
    lines = [(y, text_width(text, size, weight)) for text, y, size, weight in texts]
    beside = _place_of_symbol(link.symbol, lines, end - left, card.center().y())
    for index, (text, y, size, weight) in enumerate(texts):
        taken = text_width(link.symbol, 13, 450) + GAP if beside in (y, card.center().y()) else 0.0
        fitting = elided(text, end - left - taken + 0.5, size, weight)
        draw_text(painter, left, y, fitting, size, weight, "text2" if index else "text")
    if beside is not None:
        draw_text(painter, end, beside, link.symbol, 13, 450, "text3", "r")


def _place_of_symbol(symbol: str, lines: list[tuple[float, float]], room: float, middle: float) -> float | None:
    """In the middle where there is room beside all lines, else beside the first that leaves room; None: nowhere."""
    left = room - text_width(symbol, 13, 450) - GAP
    if all(width <= left for _y, width in lines):
        return middle
    return next((y for y, width in lines if width <= left), None)


def _paint_times(painter: QPainter, center: QPointF, radius: float) -> None:
    painter.setPen(QPen(color("line2"), 1))
    painter.setBrush(color("panel"))
    painter.drawEllipse(center, radius, radius)
    draw_text(painter, center.x(), center.y(), "×", 12, 600, "text", "c")
