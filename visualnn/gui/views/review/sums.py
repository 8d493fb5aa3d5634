"""The words of a review below each other, each with a bar on its side of zero, and what they come to."""

from __future__ import annotations

from collections.abc import Sequence
from math import isfinite

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen

from visualnn.gui import theme
from visualnn.scene.look import sign_role
from visualnn.scene.words import Share

THICK = 10  # px of a bar
GAP = 12
NAME_SHARE = 0.36  # of the width, at most
LEAST_NUMBER = 44


def paint_shares(painter: QPainter, area: QRectF, shares: Sequence[Share], pitch: float) -> None:
    """One a row from the top of the area, all at one scale."""
    if not shares:
        return
    names = min(max(theme.text_width(share.label, 13, 500) for share in shares), area.width() * NAME_SHARE)
    numbers = max(LEAST_NUMBER, *(theme.text_width(share.text, 13, 600) for share in shares))
    field = QRectF(area.left() + names + GAP, 0, area.width() - names - numbers - 2 * GAP, THICK)
    zero, scale = _axis([share.value for share in shares], field)
    for index, share in enumerate(shares):
        y = area.top() + (index + 0.5) * pitch
        label = theme.elided(share.label, names + 0.5, 13, 500)
        theme.draw_text(painter, area.left(), y, label, 13, 500, "text" if index else "text2")
        theme.draw_text(painter, area.right(), y, share.text, 13, 600, sign_role(share.value), "r")
        _paint_bar(painter, QPointF(zero, y), share.value * scale)
    painter.setPen(QPen(theme.color("line3"), 1))
    painter.drawLine(QPointF(zero, area.top() + 2), QPointF(zero, area.top() + len(shares) * pitch - 2))


def _axis(values: list[float], field: QRectF) -> tuple[float, float]:
    """Where zero stands and how many px one is."""
    finite = [v for v in values if isfinite(v)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    reach = max(high / 2 - low / 2, 1e-300)  # halved, since the sum of two huge ones may be none
    return round(field.left() + field.width() * min(1.0, -low / 2 / reach)) + 0.5, field.width() / 2 / reach


def _paint_bar(painter: QPainter, zero: QPointF, width: float) -> None:
    if not isfinite(width) or width == 0:
        return
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("pos" if width > 0 else "neg"))
    left = zero.x() + min(width, 0.0)
    painter.drawRoundedRect(QRectF(left, zero.y() - THICK / 2, max(abs(width), 1.0), THICK), 2, 2)
