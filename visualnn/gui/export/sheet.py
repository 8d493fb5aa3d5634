"""Everything that can be taken away, each with one line what it is for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.overlay import Overlay

WIDTH, MARGIN = 560, 24
HEAD, GROUP, ROW, GAP = 58, 30, 44, 6
PURPOSE = 96  # px from the icon to what it is for
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Backtab: -1, Qt.Key.Key_Tab: 1}
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@dataclass(frozen=True, slots=True)
class Offer:
    """A kind of file. `reason` says why it cannot be had now, "" if it can."""

    id: str
    group: str
    icon: str
    title: str
    purpose: str
    reason: str = ""


class ExportSheet(Overlay):
    """Groups of rows; `chosen` brings the id of one."""

    chosen = Signal(str)

    def __init__(self, host: QWidget):
        super().__init__(host)
        self._offers: Sequence[Offer] = ()
        self._current = 0
        self.setMouseTracking(True)

    def set_offers(self, offers: Sequence[Offer]) -> None:
        """What can be had, group by group."""
        self._offers = offers
        self._light(0)

    @property
    def offers(self) -> Sequence[Offer]:
        """The rows, in order."""
        return self._offers

    @property
    def current(self) -> Offer:
        """The row that Enter would choose."""
        return self._offers[self._current]

    def choose(self) -> None:
        """Take the lit row, if it can be had."""
        if not self.current.reason:
            self.leave()
            self.chosen.emit(self.current.id)

    def _light(self, index: int) -> None:
        self._current = index % len(self._offers)
        offer = self.current
        announce(self, f"Export. {offer.group}: {offer.title}. {offer.reason or offer.purpose}")
        self.update()

    # -- geometry ------------------------------------------------------------------------------------------------

    def card(self) -> QRectF:
        groups = len({offer.group for offer in self._offers})
        height = HEAD + groups * (GROUP + GAP) + len(self._offers) * ROW + MARGIN / 2
        top = max(8, round((self.height() - height) / 2.4))
        return QRectF(round((self.width() - WIDTH) / 2), top, WIDTH, height)

    def rows(self) -> list[tuple[Offer, QRectF, bool]]:
        """Each row with its place, and whether a group begins with it."""
        card, found, group = self.card(), [], ""
        y = card.top() + HEAD
        for offer in self._offers:
            begins = offer.group != group
            y += (GROUP + (GAP if group else 0)) if begins else 0
            group = offer.group
            found.append((offer, QRectF(card.left() + 12, y, WIDTH - 24, ROW), begins))
            y += ROW
        return found

    def room(self, row: QRectF) -> float:
        """How wide the line of a row may be."""
        return row.width() - 16 - 24 - PURPOSE

    def _row_at(self, position: QPointF) -> int | None:
        return next((index for index, row in enumerate(self.rows()) if row[1].contains(position)), None)

    # -- events --------------------------------------------------------------------------------------------------

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab walks through the rows

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEPS:
            self._light(self._current + STEPS[event.key()])
        elif event.key() in ENTER:
            self.choose()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is not None and row != self._current:
            self._light(row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = self._row_at(event.position())
        if row is not None:
            self._light(row)
            self.choose()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: object) -> None:
        card = self.card()
        with QPainter(self) as painter:
            self.paint_card(painter)
            theme.draw_text(painter, card.left() + MARGIN, card.top() + 36, "Export", 17, 650)
            for index, (offer, box, begins) in enumerate(self.rows()):
                if begins:
                    theme.draw_text(painter, card.left() + MARGIN, box.top() - 14, offer.group, 12, 600, "text3")
                self._paint_row(painter, offer, box, index == self._current)

    def _paint_row(self, painter: QPainter, offer: Offer, box: QRectF, lit: bool) -> None:
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accentbg"))
            painter.drawRoundedRect(box, 10, 10)
        x, y, off = box.left() + 24, box.center().y(), bool(offer.reason)
        theme.draw_icon(painter, offer.icon, x, y, 18, "line2" if off else "accent" if lit else "text2")
        theme.draw_text(painter, x + 24, y, offer.title, 14, 550, "text3" if off else "text")
        words = theme.elided(offer.reason or offer.purpose, self.room(box), 13)
        theme.draw_text(painter, x + PURPOSE, y, words, 13, 400, "text2" if lit and not off else "text3")
