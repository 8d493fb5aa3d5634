"""What is said in a presentation: the step's numbers as one large line, and beneath it the sentence."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QSizePolicy, QWidget

from visualnn.gui.widgets.subtitle import Part, Subtitle

HEIGHT = 132  # px at scale 1, as all that follow
FORMULA_SIZE, FORMULA_LINE = 32, 44
SENTENCE_SIZE, SENTENCE_LINE = 24, 92
HALF_ROOM = 26  # above and below the middle of a line


class Headline(QWidget):
    """Two lines, or only the sentence in the middle while there are no numbers to show."""

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.formula, self.sentence = Subtitle(self, FORMULA_SIZE), Subtitle(self, SENTENCE_SIZE)
        self._scale = 1.0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.set_scale(1.0)

    def say(self, sentence: Sequence[Part], formula: Sequence[Part], *, live: bool = False) -> None:
        """Shows both; only the sentence is read aloud, and not where it is `live`."""
        alone = bool(self.formula.text()) != bool(formula)
        self.formula.set_parts(formula, live=live, aloud=False)
        self.sentence.set_parts(sentence, live=live)
        if alone:
            self._place()

    def set_scale(self, scale: float) -> None:
        """How large, 1: as on the smallest stage."""
        self._scale = scale
        self.setFixedHeight(round(HEIGHT * scale))
        self.formula.set_size(round(FORMULA_SIZE * scale))
        self.sentence.set_size(round(SENTENCE_SIZE * scale))
        self._place()

    def _place(self) -> None:
        self.formula.setVisible(bool(self.formula.text()))
        self.formula.setGeometry(self._line(FORMULA_LINE))
        self.sentence.setGeometry(self._line(SENTENCE_LINE if self.formula.text() else HEIGHT / 2))

    def _line(self, middle: float) -> QRect:
        top, bottom = round((middle - HALF_ROOM) * self._scale), round((middle + HALF_ROOM) * self._scale)
        return QRect(0, top, self.width(), bottom - top)

    def resizeEvent(self, _event) -> None:
        self._place()
