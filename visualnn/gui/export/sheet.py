"""Everything that can be taken away, each with one line what it is for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.export import shelf
from visualnn.gui.export.shelf import Offer, Spot
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.key_caps import caps_width, draw_caps
from visualnn.gui.widgets.overlay import Overlay

PAD, WORDS, LINE = 14, 46, 9.5  # px inside a row: to its icon, to its words, from its middle to each line
PURPOSE_SIZE = 12.5
NOTE = 30  # px below the rows for what found no room in one of them
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_Backtab: -1, Qt.Key.Key_Tab: 1}
ENDS = {Qt.Key.Key_Home: 0, Qt.Key.Key_End: -1}
SIDEWAYS = (Qt.Key.Key_Left, Qt.Key.Key_Right)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ExportSheet(Overlay):
    """Groups of rows in two columns; `chosen` brings the id of one."""

    chosen = Signal(str)

    def __init__(self, host: QWidget):
        super().__init__(host)
        self._offers: list[Offer] = []
        self._current, self._note = 0, 0
        self.setMouseTracking(True)

    def set_offers(self, offers: Sequence[Offer]) -> None:
        """What can be had."""
        self._offers = shelf.in_order(offers)
        self._arrange_note()
        self._light(next((number for number, offer in enumerate(self._offers) if not offer.reason), 0))

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

    def card(self) -> QRectF:
        return shelf.card_of(self._offers, self.width(), self.height(), self._note)

    def arrange(self) -> None:
        self._arrange_note()

    def _arrange_note(self) -> None:
        """Room below for the rows' lines that are too long, if there are any."""
        self._note = NOTE if any(self.whole_line(spot) for spot in self.rows()) else 0

    def rows(self) -> list[Spot]:
        """Each row in its place."""
        return shelf.spots(self._offers, self.card())

    def room(self, spot: Spot) -> float:
        """How wide the line of a row may be."""
        keys = caps_width(spot.offer.keys)
        return spot.box.width() - WORDS - PAD - (keys + PAD if keys else 0)

    def whole_line(self, spot: Spot) -> str:
        """The line of a row that has no room for it; "" where it has."""
        line = spot.offer.reason or spot.offer.purpose
        return line if theme.text_width(line, PURPOSE_SIZE) > self.room(spot) else ""

    def _light(self, index: int) -> None:
        self._current = index % len(self._offers)
        offer = self.current
        announce(self, f"Export. {offer.group}: {offer.title}. {offer.reason or offer.purpose}")
        self.update()

    # -- events --------------------------------------------------------------------------------------------------

    def focusNextPrevChild(self, _next: bool) -> bool:
        return False  # Tab walks through the rows

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in STEPS:
            self._light(self._current + STEPS[key])
        elif key in SIDEWAYS:
            self._light(shelf.beside(self.rows(), self._current))
        elif key in ENDS:
            self._light(ENDS[key])
        elif key in ENTER:
            self.choose()
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        rows = self.rows()
        row = shelf.at(rows, event.position())
        self.setToolTip("" if row is None else self.whole_line(rows[row]))
        if row is not None and row != self._current:
            self._light(row)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        row = shelf.at(self.rows(), event.position())
        if row is not None:
            self._light(row)
            self.choose()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: object) -> None:
        card = self.card()
        with QPainter(self) as painter:
            self.paint_card(painter)
            theme.draw_text(painter, card.left() + shelf.MARGIN + PAD, card.top() + 34, "Export", 17, 650)
            painter.fillRect(shelf.rule(card, self._note), theme.color("line"))
            for number, spot in enumerate(self.rows()):
                if spot.begins:
                    x, y = spot.box.left() + PAD, spot.box.top() - 14
                    theme.draw_text(painter, x, y, spot.offer.group, 12, 600, "text3")
                self._paint_row(painter, spot, number == self._current)
            self._paint_note(painter, card)

    def _paint_note(self, painter: QPainter, card: QRectF) -> None:
        x, y = card.left() + shelf.MARGIN + PAD, card.bottom() - NOTE / 2 - 4
        line = self.whole_line(self.rows()[self._current]) if self._note else ""
        line = theme.elided(line, card.right() - shelf.MARGIN - PAD - x, PURPOSE_SIZE)
        theme.draw_text(painter, x, y, line, PURPOSE_SIZE, 450, "text2")

    def _paint_row(self, painter: QPainter, spot: Spot, lit: bool) -> None:
        offer, box, off = spot.offer, spot.box, bool(spot.offer.reason)
        if lit:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accentbg"))
            painter.drawRoundedRect(box, 10, 10)
        x, y = box.left() + WORDS, box.center().y()
        ink = "line2" if off else "accent" if lit else "text2"
        theme.draw_icon(painter, offer.icon, box.left() + PAD + 10, y, 18, ink)
        theme.draw_text(painter, x, y - LINE, offer.title, 14, 600, "text3" if off else "text")
        words = theme.elided(offer.reason or offer.purpose, self.room(spot), PURPOSE_SIZE)
        theme.draw_text(painter, x, y + LINE, words, PURPOSE_SIZE, 400, "text3" if off else "text2")
        if not off:
            draw_caps(painter, box.right() - PAD, y, offer.keys)
