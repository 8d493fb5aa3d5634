"""What the pages of the panel share: the heading of a section, a sentence, and where they end."""

from __future__ import annotations

from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from visualnn.gui import theme
from visualnn.gui.widgets.card import wrapped
from visualnn.gui.widgets.table import GUTTER, RowsTable

PADDING = 24
HEADLINE = 36  # px
LINE = 18
RING = 5  # px that the ring around a control reaches out


def narrowed(part: QWidget, *, rings: bool = False) -> QHBoxLayout:
    """A widget that ends where the rows of a table do; the table's scroll bar lies beyond.

    One that `rings` keeps `RING` px free at both sides for those around the controls in it, and is wider by these.
    """
    row, out = QHBoxLayout(), RING if rings else 0
    row.setContentsMargins(RING - out, 0, (0 if isinstance(part, RowsTable) else GUTTER) - out, 0)
    row.addWidget(part)
    return row


class Headline(QWidget):
    """How many rows there are, and how they are shared out."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self._left = self._right = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEADLINE)

    def show_words(self, left: str, right: str) -> None:
        """A heading, and what is said beside it."""
        self._left, self._right = left, right
        self.setAccessibleName(f"{left}, {right}" if right else left)
        self.update()

    def text(self) -> str:
        """Both."""
        return self.accessibleName()

    def paintEvent(self, _event) -> None:
        middle = self.height() / 2 + 1
        with QPainter(self) as painter:
            right = theme.text_width(self._right, 13) + 12
            left = theme.elided(self._left, self.width() - right, 14, 600)
            theme.draw_text(painter, 0, middle, left, 14, 600)
            theme.draw_text(painter, self.width(), middle, self._right, 13, 400, "text2", "r")


class Sentence(QWidget):
    """A few lines of text, as high as they need."""

    def __init__(self, text: str = "", parent: QWidget | None = None, *, ink: str = "text2", most: int = 3):
        super().__init__(parent)
        self._text, self._ink, self._most = text, ink, most
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.show_text(text)

    def text(self) -> str:
        """What is said."""
        return self._text

    def show_text(self, text: str) -> None:
        """Says something else; nothing takes no room."""
        self._text = text
        self.setAccessibleName(text)
        self.setVisible(bool(text))
        self._fit()
        self.update()

    def _lines(self) -> list[str]:
        return wrapped(self._text, max(self.width(), 200), 13, most=self._most) if self._text else []

    def _fit(self) -> None:
        self.setFixedHeight(LINE * max(len(self._lines()), 1))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            for index, line in enumerate(self._lines()):
                theme.draw_text(painter, 0, index * LINE + LINE / 2, line, 13, 400, self._ink)


class Labelled(QWidget):
    """A control behind its label, as the settings have it."""

    LEFT = 112  # px, where the control begins

    def __init__(self, label: str, control: QWidget, parent: QWidget | None = None):
        super().__init__(parent)
        self._label, self._control = label, control
        control.setParent(self)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(control.sizeHint().height())

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._control.setGeometry(RING + self.LEFT, 0, self.width() - self.LEFT - 2 * RING, self.height())

    def paintEvent(self, _event) -> None:
        with QPainter(self) as painter:
            theme.draw_text(painter, RING, self.height() / 2, self._label, 13, 450, "text2")
