"""The section of the panel in which a review is typed."""

from __future__ import annotations

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QHelpEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.tasks import Newest
from visualnn.gui.views.review.field import Field
from visualnn.gui.views.review.places import COMPACT, LOW, PADDING, ROOMY, Places
from visualnn.gui.views.review.sums import paint_shares
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.menu import Menu
from visualnn.nn.metrics import Score
from visualnn.project import Project
from visualnn.scene import words
from visualnn.scene.formula import Sentence, full, plain
from visualnn.scene.guesses import right_words
from visualnn.scene.look import sign_role

SLOW = 2_000_000  # parameters × words; beyond, a text is read beside the window
NOTHING = "Type a review to see what it says."


class ReviewView(QWidget):
    """Reads the text with the network it was given last."""

    sample_typed = Signal(object)  # Vector, as the network gets it
    test_row_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("review")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(300)
        self._project: Project | None = None
        self._score: Score | None = None
        self._reading: words.Reading | None = None
        self._compact = self._low = False
        self.field = Field(self)
        self.tricky_button = TextButton("Tricky ones", None, "ghost", self, trailing="chevron-down")
        self.test_button = TextButton("Show a test review", "shuffle", "ghost", self)
        self.tricky_button.setToolTip("Sentences that counting words gets wrong")
        self._reader = Newest(self)
        self._reader.done.connect(self._take)
        self.field.text_edited.connect(self._on_edited)
        self.tricky_button.clicked.connect(self.open_tricky)
        self.test_button.clicked.connect(self.test_row_requested)
        self._fit()

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, project: Project, score: Score | None = None) -> None:
        """A project whose data are reviews, and how it does on others; a sample that was not typed brings its text."""
        self._project, self._score = project, score
        if not np.array_equal(words.sample_of(project.data, self.field.toPlainText()), project.sample):
            self.field.set_text(words.text_of(project.data, project.sample))
        self.test_button.set_label("Show a test review" if project.data.tests else "Show another review")
        self.setAccessibleName("Type a review")
        self._read()

    def set_compact(self, compact: bool) -> None:
        """Only what matters most, where settings and charts stand below."""
        self._compact = compact
        self.test_button.set_compact(compact)
        self._fit()

    def set_low(self, low: bool) -> None:
        """Closer where the window is low."""
        self._low = low
        self._fit()

    @property
    def reading(self) -> words.Reading | None:
        """What the network makes of the text."""
        return self._reading

    @property
    def busy(self) -> bool:
        """Whether the text is being read."""
        return self._reader.busy

    def finish(self) -> None:
        """Have everything read now; for pictures and tests."""
        self._reader.wait()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._reader.rest()

    def verdict(self) -> Sentence:
        """What the network says; () as long as there is nothing to be read."""
        if self._project is None or self._reading is None or not words.words_of(self._reading.text):
            return ()
        return words.verdict(self._project, self._reading)

    def sum(self) -> words.Sum | None:
        """The words below each other, and what they come to; None as long as there is nothing to be read."""
        return words.sum_of(self._reading, self.places.most) if self.verdict() else None

    def _read(self) -> None:
        project, text = self._project, self.field.toPlainText()
        if project.network.parameter_count * (len(words.words_of(text)) + 2) > SLOW:
            self._reader.ask(partial(words.reading, project, text))
        else:
            self._reader.forget()
            self._take(words.reading(project, text))

    def _take(self, reading: words.Reading) -> None:
        self._reading = reading
        self.field.tint(reading)
        self.field.setAccessibleDescription(plain(self.verdict()) or NOTHING)
        self.setAccessibleDescription(self.spoken())
        self.update()

    def spoken(self) -> str:
        """All that is shown, for those who hear it."""
        shown, rows = self.sum(), ""
        if shown is not None:
            rows = ", ".join(f"{line.label} {line.text}" for line in shown.lines) + f". Sum {shown.total}."
        return " ".join(piece for piece in (plain(self.verdict()) or NOTHING, rows, "".join(self._right())) if piece)

    # -- requests up ---------------------------------------------------------------------------------------------

    def _on_edited(self, text: str) -> None:
        if self._project is None:
            return
        sample = words.sample_of(self._project.data, text)
        if not np.array_equal(sample, self._project.sample):
            self.sample_typed.emit(sample)
        self._read()

    def open_tricky(self) -> Menu:
        """Opens the sentences that are hard for a network that counts words."""
        menu = Menu(self.tricky_button)
        for sentence in words.tricky():
            menu.add_choice(sentence, sentence, chosen=False)
        menu.triggered.connect(self._on_tricky)
        menu.open_below(self.tricky_button)
        return menu

    def _on_tricky(self, action: QAction) -> None:
        self.field.setPlainText(action.data())

    # -- places --------------------------------------------------------------------------------------------------

    @property
    def places(self) -> Places:
        """Where everything stands."""
        return COMPACT if self._compact else LOW if self._low else ROOMY

    def _fit(self) -> None:
        places, wide = self.places, self.width() - 2 * PADDING
        self.setFixedHeight(places.height)
        self.field.setGeometry(PADDING, places.field[0], wide, places.field[1])
        hint = self.tricky_button.sizeHint()
        self.tricky_button.setGeometry(self.width() - PADDING + 10 - hint.width(), places.title - 16, hint.width(), 32)
        left = self.width() - PADDING - 28 if self._compact else PADDING - 12
        self.test_button.move(left, places.button)
        self.test_button.resize(self.test_button.sizeHint())
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        if event.size().width() != event.oldSize().width():
            self._fit()

    # -- painting ------------------------------------------------------------------------------------------------

    def paintEvent(self, _event: QEvent) -> None:
        if self._project is None:
            return
        places = self.places
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            theme.draw_text(painter, PADDING, places.title, "Type a review", 17, 650)
            if places.legend is not None:
                self._paint_legend(painter, places.legend)
            self._paint_verdict(painter, places)
            if places.rule is not None:
                painter.fillRect(QRectF(0, places.rule, self.width(), 1), theme.color("line"))
            self._paint_sum(painter, places)
            before, share = self._right()
            theme.draw_runs(painter, PADDING, places.right, [(before, "text2", 450), (share, "text", 600)], 13)

    def _paint_legend(self, painter: QPainter, y: float) -> None:
        no, yes = self._names()
        x = float(PADDING)
        for role, line, text in (("pos", Qt.PenStyle.SolidLine, yes), ("neg", Qt.PenStyle.DashLine, no)):
            painter.setPen(QPen(theme.color(role), 2, line))
            painter.drawLine(QPointF(x, y + 5), QPointF(x + 18, y + 5))
            x += 24 + theme.draw_text(painter, x + 24, y, text, 12, 450, "text2") + 18
        theme.draw_text(painter, x, y, "grey: not known", 12, 450, "text3")

    def _names(self) -> tuple[str, str]:
        classes = self._project.data.classes
        return (classes[0], classes[1]) if len(classes) == 2 else ("less", "more")

    def _paint_verdict(self, painter: QPainter, places: Places) -> None:
        verdict = self.verdict()
        if not verdict:
            theme.draw_text(painter, PADDING, places.verdict, NOTHING, 13, 450, "text2")
            return
        runs, room = (
            [(part.text, part.role, 650 if part.role else None) for part in verdict],
            self.width() - 2 * PADDING,
        )
        size = next((s for s in (16, 15, 14, 13) if theme.runs_width(runs, s, 500) <= room), 12)
        theme.draw_runs(painter, PADDING, places.verdict, runs, size, 500)

    def _paint_sum(self, painter: QPainter, places: Places) -> None:
        reading, shown, end = self._reading, self.sum(), self.width() - PADDING
        if reading is None or shown is None:
            return
        if places.heading is not None:
            theme.draw_text(painter, PADDING, places.heading, "What each word adds", 14, 600)
        if places.note is not None:
            theme.draw_text(painter, PADDING, places.note, words.note(reading), 12, 450, "text2")
        paint_shares(painter, self._rows(places), shown.lines, places.pitch)
        y = places.rows + len(shown.lines) * places.pitch + 18
        painter.fillRect(QRectF(PADDING, y - 14, end - PADDING, 1), theme.color("line2"))
        theme.draw_text(painter, PADDING, y + 3, "Sum", 14, 600)
        wide = theme.draw_text(painter, end, y + 3, shown.total, 16, 650, sign_role(reading.total), "r")
        if shown.equal != "=":
            theme.draw_text(painter, end - wide - 12, y + 3, shown.equal, 13, 400, "text3", "c")
        turned = words.turned(self._project, reading, shown.total)
        if places.rule is not None and turned:
            self._paint_turned(painter, y + 30, turned)

    def _paint_turned(self, painter: QPainter, y: float, turned: Sentence) -> None:
        runs = [(part.text, part.role or "text2", 600 if part.role else None) for part in turned]
        size = 13 if theme.runs_width(runs, 13, 450) <= self.width() - 2 * PADDING else 12
        theme.draw_runs(painter, PADDING, y, runs, size, 450)

    def _rows(self, places: Places) -> QRectF:
        return QRectF(PADDING, places.rows, self.width() - 2 * PADDING, (places.most + 2) * places.pitch)

    def _right(self) -> tuple[str, str]:
        before, share = right_words(self._project, self._score)
        return before.replace(" rows", " reviews").replace(" row:", " review:"), share

    # -- events --------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    def tip_at(self, position: QPointF) -> str:
        """A share with all its digits, where it is pointed at."""
        places, shown = self.places, self.sum()
        row = int((position.y() - places.rows) // places.pitch)
        if shown is None or not 0 <= row <= len(shown.lines):
            return ""
        if row == len(shown.lines):
            return f"Sum: {full(self._reading.total)}" if self._reading is not None else ""
        return f"{shown.lines[row].label}: {shown.lines[row].exact}"
