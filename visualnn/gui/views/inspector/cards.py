"""The links of the chain rule as cards, one below the other, multiplied."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui.theme import color, draw_text, elided, text_width
from visualnn.gui.views.inspector.fit import text_size
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
    """The value stands in the middle of the right side; beside the title where details need all the room below it."""
    left, right = card.left() + INSET, card.right() - INSET
    end, title, first = right - column - GAP, card.top() + height * 0.31, card.top() + height * 0.7
    wide = any(text_width(detail, 13, 450) > end - left for detail in link.details)
    edge, middle = (right, title) if wide else (end, card.center().y())
    draw_text(painter, right, middle, link.value.text, 16, 650, link.value.role or "text", "r")
    details = [(first + k * LINE, detail) for k, detail in enumerate(link.details)]
    lines = [(y, text_width(text, 13, 450)) for y, text in details]
    if not wide:
        lines.insert(0, (title, text_width(link.title, 13, 600)))
    beside = _place_of_symbol(link.symbol, lines, edge - left, middle)
    taken = text_width(link.symbol, 13, 450) + GAP
    for y, text in [(title, link.title), *details]:
        room = (end if y == title else edge) - left - (taken if beside in (y, middle) and not wide else 0.0)
        weight, ink = (600, "text") if y == title else (450, "text2")
        size = text_size(text, room, weight)
        draw_text(painter, left, y, elided(text, room + 0.5, size, weight), size, weight, ink)
    if beside is not None:
        draw_text(painter, edge, beside, link.symbol, 13, 450, "text3", "r")


def _place_of_symbol(symbol: str, lines: list[tuple[float, float]], room: float, middle: float) -> float | None:
    """In the middle where there is room beside all lines around it, else beside the first that leaves room."""
    left = room - text_width(symbol, 13, 450) - GAP
    if lines[0][0] < middle and all(width <= left for _y, width in lines):
        return middle
    return next((y for y, width in lines if width <= left), None)


def _paint_times(painter: QPainter, center: QPointF, radius: float) -> None:
    painter.setPen(QPen(color("line2"), 1))
    painter.setBrush(color("panel"))
    painter.drawEllipse(center, radius, radius)
    draw_text(painter, center.x(), center.y(), "×", 12, 600, "text", "c")
