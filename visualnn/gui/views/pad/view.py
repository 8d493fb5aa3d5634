"""The section of the panel with the pad and the guesses."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from visualnn.gui import theme
from visualnn.gui.views.pad.bars import paint_guesses
from visualnn.gui.views.pad.cells import Image, paint_small
from visualnn.gui.views.pad.places import Places
from visualnn.gui.views.pad.surface import Surface
from visualnn.gui.widgets.button import TextButton
from visualnn.nn.data import Dataset
from visualnn.nn.metrics import Score
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene import guesses, ink
from visualnn.scene.formula import plain

PADDING = 24
FRAME_MS = 16  # the network reads once a frame, however often the pen is heard of


class PadView(QWidget):
    """Lets one draw where the data are counted ink, else shows the picture on the stage; both with the guesses."""

    sample_drawn = Signal(object)  # Vector, as the network gets it
    stroke_finished = Signal()  # the pen was lifted: what is drawn now is one step
    cleared = Signal()
    test_row_requested = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setObjectName("pad")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(300)
        self._project: Project | None = None
        self._output: Vector | None = None
        self._score: Score | None = None
        self._sent: Vector | None = None  # what was drawn last, as the network gets it
        self._compact = self._low = self._draws = False
        self._noun = "picture"
        self._guesses: tuple[guesses.Guess, ...] = ()
        self.surface = Surface(self)
        self.clear_button = TextButton("Clear", "eraser", "ghost", self, key="Del", tooltip="Clear the pad")
        self.test_button = TextButton("Show a test picture", "shuffle", "ghost", self)
        self._frame = QTimer(self, singleShot=True, interval=FRAME_MS)
        self._frame.timeout.connect(self._send)
        self.surface.drawn.connect(self._on_drawn)
        self.surface.stroke_finished.connect(self._on_stroke_finished)
        self.clear_button.clicked.connect(self.surface.clear)
        self.test_button.clicked.connect(self.test_row_requested)
        self._fit()

    # -- values down ---------------------------------------------------------------------------------------------

    def show_content(self, project: Project, output: Vector | None, score: Score | None) -> None:
        """The sample of a project whose data are pictures, what the network says to it, and how it does on others."""
        before = self._project
        self._project, self._output, self._score = project, output, score
        if before is None or before.data is not project.data:
            self._begin(project.data)
        self._guesses = () if output is None else guesses.guesses(project, output)
        if self._is_drawn(project.sample):
            self.surface.show_drawing()
        else:
            self._show_sample(project)
        self.clear_button.set_enabled(not self.is_blank, "Nothing is drawn.")
        self.setAccessibleDescription(self.spoken())
        self.update()

    def set_compact(self, compact: bool) -> None:
        """The pad beside the guesses, where settings and charts stand below."""
        self._compact = compact
        self.test_button.set_compact(compact)
        self._fit()

    def set_low(self, low: bool) -> None:
        """A smaller pad where the window is low."""
        self._low = low
        self._fit()

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to read."""
        return self._draws and not self._pixels().any()

    @property
    def found(self) -> tuple[guesses.Guess, ...]:
        """The guesses on screen."""
        return self._guesses

    def spoken(self) -> str:
        """What is to be seen, for those who hear it."""
        if self._project is None or self._output is None:
            return ""
        said = self._hint() if self.is_blank else plain(guesses.sentence(self._project, self._output))
        return " ".join(part for part in (said, "".join(self._right())) if part)

    def _begin(self, data: Dataset) -> None:
        """Other data: other pictures."""
        numerals = self._project is not None and guesses.is_numerals(self._project)
        noun = "digit" if numerals else "picture"
        self._noun, self._draws, self._sent = noun, ink.is_counted(data), None
        self.surface.set_open(self._draws, self._image())
        self.surface.hint = self._hint()
        self.clear_button.setVisible(self._draws)
        tests = data.tests > 0
        self.test_button.set_label(f"Show a test {noun}" if tests else f"Show another {noun}")
        self.setAccessibleName(self._title())
        self._fit()

    def _show_sample(self, project: Project) -> None:
        pixels = self._pixels()
        if self._draws and not pixels.any() and not self.surface.is_drawing:
            self.surface.show_drawing()
        else:
            self.surface.show_picture(pixels)

    def _is_drawn(self, sample: Vector) -> bool:
        return self._sent is not None and np.array_equal(self._sent, sample)

    def _pixels(self) -> Vector:
        """The sample from 0 to 1."""
        assert self._project is not None
        pixels = ink.raw(self._project.data, self._project.sample)
        return np.where(np.abs(pixels) < ink.TOLERANCE, 0.0, pixels)

    # -- requests up ---------------------------------------------------------------------------------------------

    def _on_drawn(self) -> None:
        if not self._frame.isActive():
            self._frame.start()

    def _on_stroke_finished(self) -> None:
        self._send()
        self.stroke_finished.emit()
        if self.surface.drawing.is_blank:
            self.cleared.emit()

    def _send(self) -> None:
        self._frame.stop()
        if self._project is not None:
            drawn = ink.pixels(self.surface.drawing, self._image())
            self._sent = ink.as_sample(self._project.data, drawn)
            self.sample_drawn.emit(self._sent)

    # -- places --------------------------------------------------------------------------------------------------

    def _image(self) -> Image:
        return (self._project.data.image if self._project is not None else None) or (8, 8)

    @property
    def places(self) -> Places:
        """Where everything stands at this width."""
        return Places.of(self.width(), compact=self._compact, low=self._low, classes=self._classes())

    def _classes(self) -> int:
        return min(guesses.MOST, len(guesses.class_names(self._project))) if self._project is not None else guesses.MOST

    def _fit(self) -> None:
        places = self.places
        self.setFixedHeight(places.height)
        self.surface.setGeometry(places.pad)
        hint = self.clear_button.sizeHint()
        self.clear_button.setGeometry(self.width() - PADDING + 12 - hint.width(), places.title - 16, hint.width(), 32)
        self.test_button.move(places.button)
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
            theme.draw_text(painter, PADDING, places.title, self._title(), 17, 650)
            self._paint_seen(painter, places)
            if places.rule is not None:
                painter.fillRect(QRectF(0, places.rule, self.width(), 1), theme.color("line"))
            if places.heading is not None:
                theme.draw_text(painter, places.guesses.left(), places.heading, "Top guesses", 14, 600)
            paint_guesses(painter, places.guesses, self._guesses, places.pitch, grey=self.is_blank)
            self._paint_right(painter, places)

    def _paint_seen(self, painter: QPainter, places: Places) -> None:
        """What the network gets, small, while a drawing lies on the pad; else where the picture comes from."""
        words = self.caption()
        small = places.small if self._is_drawn(self._project.sample) and not self.is_blank else None
        room = (places.small.left() - 10 if small is not None else places.caption_end) - places.caption.x()
        if theme.text_width(words, 13, 450) > room:
            words = words.replace("From the data:", "Data:")
        words = theme.elided(words, room, 13, 450)
        theme.draw_text(painter, places.caption.x(), places.caption.y(), words, 13, 450, "text2")
        if small is not None:
            paint_small(painter, small, self._image(), self._pixels())

    def caption(self) -> str:
        """What stands below the pad."""
        rows, columns = self._image()
        drawn = self._is_drawn(self._project.sample)
        truth = "" if drawn or self.is_blank else guesses.truth(self._project)
        if truth:
            return f"From the data: {guesses.article(truth)} {truth}"
        return f"{rows} × {columns} pixels" if self._compact else f"What the network sees: {rows} × {columns} pixels"

    def _paint_right(self, painter: QPainter, places: Places) -> None:
        before, share = self._right()
        if share:
            runs = [(before, "text2", 450), (share, "text", 600)]
            size = next((s for s in (13, 12) if theme.runs_width(runs, s) <= places.right_room), 12)
            theme.draw_runs(painter, places.right.x(), places.right.y(), runs, size)

    def _right(self) -> tuple[str, str]:
        return guesses.right_words(self._project, self._score)

    def _title(self) -> str:
        return f"Draw a {self._noun}" if self._draws else f"The {self._noun}"

    def _hint(self) -> str:
        return f"Draw a {self._noun} with the mouse." if self._draws else ""

    # -- events --------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.tip_at(QPointF(event.pos()))
            QToolTip.showText(event.globalPos(), text, self) if text else QToolTip.hideText()
            return True
        return super().event(event)

    def tip_at(self, position: QPointF) -> str:
        """A guess with all its digits, where it is pointed at."""
        places = self.places
        row = int((position.y() - places.guesses.top()) // places.pitch)
        if not (places.guesses.contains(position) and 0 <= row < len(self._guesses)):
            return ""
        return f"{self._guesses[row].name}: {self._guesses[row].exact}"
