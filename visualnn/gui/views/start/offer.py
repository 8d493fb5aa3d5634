"""A card that offers back what was not saved when a window ended: one row each, to recover or to discard."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.views.start.unsaved import describe, headline
from visualnn.gui.widgets.announce import announce
from visualnn.gui.widgets.button import TextButton

if TYPE_CHECKING:
    from visualnn.files.recovery import Entry

RADIUS, PAD = 14, 20
ALONE = 80  # px high with one row, which takes in the headline
HEAD, ROW, FOOT = 52, 44, 12
DISC = 40  # px across, behind the icon
TEXT = PAD + DISC + 16  # px from the left to the words
GAP, EDGE = 8, 8  # px between two buttons, and of the last one over the margin: its word ends there


class OfferRow(QWidget):
    """One document: what it is called, from when its changes are, and what to do about them."""

    def __init__(self, entry: Entry, parent: QWidget, *, alone: bool):
        super().__init__(parent)
        self.entry, self._alone = entry, alone
        name = entry.note.name
        kind, height = ("primary", 36) if alone else ("solid", 32)
        said = f"Open “{name}” with its unsaved changes"
        self.recover = TextButton("Recover", None, kind, self, tooltip=said, height=height)
        self.discard = TextButton("Discard", None, "ghost", self, tooltip=f"Throw the changes to “{name}” away")
        self.setToolTip(entry.note.path or "Never saved")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        right = self.width() - PAD + EDGE
        for button in (self.discard, self.recover):
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, (self.height() - size.height()) // 2, size.width(), size.height())
            right -= GAP

    def text(self) -> str:
        """Its words."""
        return f"{self.entry.note.name}, {describe(self.entry)}."

    def paintEvent(self, _event: QPaintEvent) -> None:
        room, middle = self.recover.x() - 2 * GAP - TEXT, self.height() / 2
        rest = f", {describe(self.entry)}."
        name = theme.elided(self.entry.note.name, max(80, room - theme.text_width(rest, 14)), 14, 600)
        y = middle + 13 if self._alone else middle
        with QPainter(self) as painter:
            if self._alone:
                title = theme.elided(headline((self.entry,)), room, 16, 650)
                theme.draw_text(painter, TEXT, middle - 12, title, 16, 650)
            taken = theme.draw_text(painter, TEXT, y, name, 14, 600, "text" if not self._alone else "text2")
            theme.draw_text(painter, TEXT + taken, y, theme.elided(rest, room - taken + 1, 14), 14, 400, "text2")


class OfferCard(QWidget):
    """Shows what is kept, or nothing."""

    recover_requested = Signal(object)  # Entry
    discard_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("offer")
        self.rows: tuple[OfferRow, ...] = ()
        self.hide()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        """Offer these back, the newest first."""
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = tuple(OfferRow(entry, self, alone=len(entries) == 1) for entry in entries)
        for row in self.rows:
            row.recover.clicked.connect(self._on_recover_clicked)
            row.discard.clicked.connect(self._on_discard_clicked)
            row.show()
        self.setVisible(bool(entries))
        announce(self, self.text())
        self._place()
        self.update()

    def wanted_height(self) -> int:
        """How high it is with its rows; 0 without any."""
        return height_of(len(self.rows))

    def text(self) -> str:
        """All its words."""
        said = [headline(tuple(row.entry for row in self.rows)), *(row.text() for row in self.rows)]
        return " ".join(said) if self.rows else ""

    def buttons(self) -> list[TextButton]:
        """In the order of the Tab key."""
        return [button for row in self.rows for button in (row.recover, row.discard)]

    def _place(self) -> None:
        if len(self.rows) == 1:
            self.rows[0].setGeometry(0, 0, self.width(), self.height())
            return
        for index, row in enumerate(self.rows):
            row.setGeometry(QRect(0, HEAD + index * ROW, self.width(), ROW))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _on_recover_clicked(self) -> None:
        self.recover_requested.emit(self._entry_of(self.sender()))

    def _on_discard_clicked(self) -> None:
        self.discard_requested.emit(self._entry_of(self.sender()))

    def _entry_of(self, button: object) -> Entry:
        return next(row.entry for row in self.rows if button in (row.recover, row.discard))

    def paintEvent(self, _event: QPaintEvent) -> None:
        box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        middle = ALONE / 2 if len(self.rows) == 1 else PAD + DISC / 2
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("line2"), 1))
            painter.setBrush(theme.color("panel"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accentbg"))
            painter.drawEllipse(QRectF(PAD, middle - DISC / 2, DISC, DISC))
            theme.draw_icon(painter, "history", PAD + DISC / 2, middle, 20, "accent")
            if len(self.rows) > 1:
                said = headline(tuple(row.entry for row in self.rows))
                theme.draw_text(painter, TEXT, PAD + DISC / 2 - 8, said, 16, 650)


def height_of(entries: int) -> int:
    """How high the card is."""
    return 0 if not entries else ALONE if entries == 1 else HEAD + ROW * entries + FOOT
