"""A card that asks for something: fields, and at its foot the button that takes them and one that leaves it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.overlay import Overlay

MARGIN, HEAD, FOOT = 24, 62, 70  # px
GAP = 8  # px between the buttons
TITLE = 36  # px from above to the middle of the title
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class FormSheet(Overlay):
    """`accept` takes what was entered, by its button, by Enter where no field wants that, and by Ctrl+Enter."""

    title = ""
    other = "Cancel"  # what the button says that does not accept
    extent = (560.0, 400.0)  # px, where there is room

    def __init__(self, host: QWidget, verb: str, hint: str = "", key: str = ""):
        super().__init__(host)
        self.leave_button = TextButton(self.other, None, "ghost", self)
        self.accept_button = TextButton(verb, None, "primary", self, tooltip=hint, key=key)
        self.leave_button.clicked.connect(self.leave)
        self.accept_button.clicked.connect(self.accept)

    def accept(self) -> None:
        """Take what was entered."""
        raise NotImplementedError

    def fields(self) -> Sequence[QWidget]:
        """What is filled in, in the order of Tab."""
        return ()

    def ask(self) -> None:
        """Open with the focus on the first field."""
        self.open()
        self.fields()[0].setFocus(Qt.FocusReason.OtherFocusReason)

    # -- geometry and keys ---------------------------------------------------------------------------------------

    def card(self) -> QRectF:
        width, height = (min(wish, room - 16) for wish, room in zip(self.extent, self.size().toTuple(), strict=True))
        return QRectF(round((self.width() - width) / 2), round((self.height() - height) / 2.4), width, height)

    def inside(self) -> QRectF:
        """The part of the card that is for the fields."""
        return self.card().adjusted(MARGIN, HEAD, -MARGIN, -FOOT)

    def arrange(self) -> None:
        card = self.card()
        right, y = round(card.right()) - MARGIN, round(card.bottom()) - FOOT + 16
        for button in (self.accept_button, self.leave_button):
            size = button.sizeHint()
            right -= size.width()
            button.setGeometry(right, y, size.width(), size.height())
            right -= GAP

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round inside the card."""
        ring = [*self.fields(), self.leave_button, self.accept_button]
        focused = self.focusWidget()
        at = ring.index(focused) if focused in ring else -1
        reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
        ring[(at + (1 if forward else -1)) % len(ring)].setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in ENTER:
            self.accept()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: object) -> None:
        card = self.card()
        with QPainter(self) as painter:
            self.paint_card(painter)
            theme.draw_text(painter, card.left() + MARGIN, card.top() + TITLE, self.title, 17, 650)
            self.paint_words(painter, card)

    def paint_words(self, painter: QPainter, card: QRectF) -> None:
        """What else stands on the card."""
