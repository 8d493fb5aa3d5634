"""What the export sheet offers, and where each row of it stands: groups in two columns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

WIDTH, MARGIN, GUTTER = 848, 14, 20
HEAD, GROUP, ROW, GAP, FOOT = 58, 28, 48, 14, 16
COLUMNS = (("Code", "Model"), ("Picture", "Film", "Numbers"))


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of file. `reason` says why it cannot be had now, "" if it can."""

    id: str
    group: str
    icon: str
    title: str
    purpose: str
    reason: str = ""
    keys: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """A row in its place; `begins`: the name of its group stands over it."""

    offer: Offer
    box: QRectF
    column: int
    begins: bool


def in_order(offers: Sequence[Offer]) -> list[Offer]:
    """As they are read: down the first column, then down the second."""
    groups = [group for column in COLUMNS for group in column]
    return sorted(offers, key=lambda offer: groups.index(offer.group))


def card_of(offers: Sequence[Offer], width: float, height: float, note: float = 0.0) -> QRectF:
    """The card in a window of this size, with so much more room below the rows."""
    tallest = max((_height(offers, column) for column in range(len(COLUMNS))), default=0.0)
    whole, wide = HEAD + tallest + FOOT + note, min(WIDTH, width - 16)
    return QRectF(round((width - wide) / 2), max(8, round((height - whole) / 2.4)), wide, whole)


def spots(offers: Sequence[Offer], card: QRectF) -> list[Spot]:
    """Every row, in the order of `offers`, each column from the top."""
    wide = (card.width() - 2 * MARGIN - GUTTER * (len(COLUMNS) - 1)) / len(COLUMNS)
    found = []
    for column, groups in enumerate(COLUMNS):
        x, y, group = card.left() + MARGIN + column * (wide + GUTTER), card.top() + HEAD, ""
        for offer in (offer for offer in offers if offer.group in groups):
            begins = offer.group != group
            y += (GROUP + (GAP if group else 0)) if begins else 0
            group = offer.group
            found.append(Spot(offer, QRectF(round(x), y, round(wide), ROW), column, begins))
            y += ROW
    return found


def rule(card: QRectF, note: float = 0.0) -> QRectF:
    """The hairline between the columns."""
    return QRectF(round(card.center().x()), card.top() + HEAD, 1, card.height() - HEAD - FOOT - note)


def beside(spots: Sequence[Spot], index: int) -> int:
    """The row next to one, in the other column."""
    here = spots[index]
    others = [number for number, spot in enumerate(spots) if spot.column != here.column]
    y = here.box.center().y()
    return min(others, key=lambda number: abs(spots[number].box.center().y() - y), default=index)


def at(spots: Sequence[Spot], position: QPointF) -> int | None:
    """The row under a point."""
    return next((number for number, spot in enumerate(spots) if spot.box.contains(position)), None)


def _height(offers: Sequence[Offer], column: int) -> float:
    groups = [offer.group for offer in offers if offer.group in COLUMNS[column]]
    count = len(set(groups))
    return len(groups) * ROW + count * GROUP + max(count - 1, 0) * GAP
