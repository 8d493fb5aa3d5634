"""The built-in data sets as cards, two in a row: the first six, and all of them when asked for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.views.data.parts import RING
from visualnn.gui.views.data.sketch import paint_sketch
from visualnn.gui.widgets.button import Button
from visualnn.gui.widgets.disclosure import Disclosure
from visualnn.nn.recipes import SOURCES
from visualnn.scene.sketches import Sketch

FIRST = ("pairs", "xor", "circles", "spirals", "digits", "reviews")
TITLES = {"difference": "Difference |a − b|", "digits": "Digits 8 × 8"}  # where the full one has no room
ROW, GAP, RADIUS = 86, 8, 10  # px
PICTURE = QRectF(12, 9, 0, 50)  # where the picture is; its width is that of the card less both margins
MORE = 32
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -2, Qt.Key.Key_Down: 2}


def ordered() -> tuple[str, ...]:
    """All sources, the first six as in the lessons."""
    return (*(name for name in FIRST if name in SOURCES), *(name for name in SOURCES if name not in FIRST))


class SourceCard(Button):
    """One data set: some of its rows and its name."""

    ring_radius = RADIUS
    own_keys = Button.own_keys | frozenset(STEPS)

    def __init__(self, name: str, parent: QWidget):
        source = SOURCES[name]
        super().__init__(source.title, "", parent)
        self.name, self._sketch = name, None
        self._chosen = False
        self.setToolTip(f"{source.summary} · {source.credit}")
        self.setAccessibleDescription(source.summary)

    def set_sketch(self, sketch: Sketch) -> None:
        """Shows a picture."""
        self._sketch = sketch
        self.update()

    def has_sketch(self) -> bool:
        """Whether the picture is there already."""
        return self._sketch is not None

    def set_chosen(self, chosen: bool) -> None:
        """Whether these are the data of the network."""
        self._chosen = chosen
        self.setAccessibleDescription(f"{SOURCES[self.name].summary}{', chosen' if chosen else ''}")
        self.update()

    def is_chosen(self) -> bool:
        """Whether its edge is lit."""
        return self._chosen

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in STEPS:
            event.ignore()  # Qt's buttons would go to their neighbour as Tab does; the grid knows better
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(147, ROW)

    def paintEvent(self, _event) -> None:
        ground = self._toned("accentbg" if self._chosen else "raised", "accentbg" if self._chosen else "hover")
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(theme.color("accent"), 1.5) if self._chosen else Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            inset = 0.75 if self._chosen else 0.0
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), RADIUS, RADIUS)
            if self._sketch is not None:
                paint_sketch(painter, self._sketch, PICTURE.adjusted(0, 0, self.width() - 24, 0), ground)
            title = theme.elided(TITLES.get(self.name, self._name), self.width() - 12, 13, 550)
            ink = "text" if self._chosen else "text2"
            theme.draw_text(painter, self.width() / 2, ROW - 14.5, title, 13, 550, ink, "c")


class Cards(QWidget):
    """The grid; one of the cards may be chosen."""

    source_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._cards = {name: SourceCard(name, self) for name in ordered()}
        for card in self._cards.values():
            card.clicked.connect(self._on_clicked)
        self._chosen = ""
        self._hidden = max(len(self._cards) - len(FIRST), 0)  # while not all are shown
        self._more = Disclosure(f"{self._hidden} more", "Fewer", self)
        self._more.clicked.connect(self._on_more_clicked)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Built-in data")
        self._arrange()

    def card(self, name: str) -> SourceCard:
        """The card of a source."""
        return self._cards[name]

    def set_chosen(self, name: str) -> None:
        """Lights the card of a source; "" lights none."""
        if name != self._chosen:
            self._chosen = name
            for card in self._cards.values():
                card.set_chosen(card.name == name)
            self._arrange()

    def set_sketches(self, sketches: dict[str, Sketch]) -> None:
        """Gives cards their pictures."""
        for name, sketch in sketches.items():
            if name in self._cards:
                self._cards[name].set_sketch(sketch)

    def shown(self) -> list[SourceCard]:
        """The cards to be seen; among the first six the chosen one takes the place of the last."""
        cards = list(self._cards.values())
        if self._more.is_open or len(cards) <= len(FIRST):
            return cards
        first = cards[: len(FIRST)]
        chosen = self._cards.get(self._chosen)
        return first if chosen is None or chosen in first else [*first[:-1], chosen]

    def is_open(self) -> bool:
        """Whether all cards are shown."""
        return self._more.is_open

    def set_open(self, is_open: bool) -> None:
        """Shows all cards, or the first ones."""
        self._more.set_open(is_open)
        self._arrange()

    def _on_more_clicked(self) -> None:
        self.set_open(not self._more.is_open)

    def _on_clicked(self) -> None:
        self.source_requested.emit(self.sender().name)

    def _arrange(self) -> None:
        """Gives every card its place, and the Tab key one of them to stop at."""
        shown = self.shown()
        stop = self._cards.get(self._chosen) or shown[0]
        for card in self._cards.values():
            card.setVisible(card in shown)
            card.setFocusPolicy(Qt.FocusPolicy.TabFocus if card is stop else Qt.FocusPolicy.ClickFocus)
        rows = -(-len(shown) // 2)
        self._more.setVisible(self._hidden > 0)
        self.setFixedHeight(RING + rows * (ROW + GAP) - GAP + (MORE + 2 if self._hidden else 0))
        self._place()

    def _place(self) -> None:
        width = (self.width() - 2 * RING - GAP) // 2
        for index, card in enumerate(self.shown()):
            left = RING if index % 2 == 0 else self.width() - RING - width
            card.setGeometry(left, RING + index // 2 * (ROW + GAP), width, ROW)
        self._more.move(RING - 12, self.height() - MORE)

    def resizeEvent(self, event: QEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        shown, focused = self.shown(), self.focusWidget()
        if event.key() not in STEPS or focused not in shown:
            super().keyPressEvent(event)
            return
        index = shown.index(focused) + STEPS[event.key()]
        if 0 <= index < len(shown):
            shown[index].setFocus(Qt.FocusReason.TabFocusReason)
