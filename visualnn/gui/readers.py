"""A section of the panel for data that can be written by hand: a pad for pictures, a field for reviews."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from visualnn.gui.widgets.segmented import Segmented
from visualnn.nn.metrics import Score
from visualnn.nn.network import Vector
from visualnn.project import Project

if TYPE_CHECKING:
    from visualnn.gui.views.pad import PadView
    from visualnn.gui.views.review import ReviewView

PADDING, SIGHTS_HEIGHT = 24, 42


class Sights(QWidget):
    """Which of the two is to be seen where both are: how the rows fare, or what is written by hand."""

    chosen = Signal()

    def __init__(self, parent: QWidget | None = None):
        super().__init__(parent)
        self.setFixedHeight(SIGHTS_HEIGHT)
        self._choice = Segmented(["All rows", "By hand"], parent=self)
        self._choice.set_hints(["How the network does on all rows", "Draw or type, and the network reads"])
        self._choice.setAccessibleName("What the network is asked")
        self._choice.chosen.connect(self._on_chosen)
        self._choice.move(PADDING, (SIGHTS_HEIGHT - self._choice.sizeHint().height() + 10) // 2)
        self.writes = False
        self.hide()

    def _on_chosen(self, index: int) -> None:
        self.writes = bool(index)
        self.chosen.emit()


class Reader(QWidget):
    """Shows what suits the data, and nothing for those that are only numbers. Each is made when it is first needed."""

    sample_requested = Signal(object)  # Vector, as the network gets it
    stroke_finished = Signal()  # what was written up to now is one step
    test_row_requested = Signal()

    def __init__(self, compact: bool = False, parent: QWidget | None = None):
        super().__init__(parent)
        self._compact, self._low = compact, False
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self._shown: PadView | ReviewView | None = None

    @cached_property
    def pad(self) -> PadView:
        """For pictures."""
        from visualnn.gui.views.pad import PadView

        pad = PadView(self)
        pad.sample_drawn.connect(self.sample_requested)
        pad.stroke_finished.connect(self.stroke_finished)
        self._add(pad)
        return pad

    @cached_property
    def review(self) -> ReviewView:
        """For texts."""
        from visualnn.gui.views.review import ReviewView

        review = ReviewView(self)
        review.sample_typed.connect(self.sample_requested)
        self._add(review)
        return review

    def _add(self, view: PadView | ReviewView) -> None:
        view.test_row_requested.connect(self.test_row_requested)
        view.set_compact(self._compact)
        view.set_low(self._low)
        view.hide()
        self.layout().addWidget(view)

    def show_content(self, project: Project, output: Vector | None, score: Score | None) -> None:
        """What the network says to the sample on the stage, and how it does on the rows held back."""
        if project.data.image is not None:
            self._show(self.pad)
            self.pad.show_content(project, output, score)
        elif project.data.texts:
            self._show(self.review)
            self.review.show_content(project, score)
        else:
            self._show(None)

    def _show(self, view: PadView | ReviewView | None) -> None:
        if view is not self._shown:
            for each in (self._shown, view):
                if each is not None:
                    each.setVisible(each is view)
            self._shown = view

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to write on."""
        return self._shown is not None

    def set_low(self, low: bool) -> None:
        """Smaller where the window is low."""
        self._low = low
        for name in ("pad", "review"):
            if name in self.__dict__:
                getattr(self, name).set_low(low)

    @property
    def busy(self) -> bool:
        """Whether something is being worked out beside the window."""
        return "review" in self.__dict__ and self.review.busy

    def finish(self) -> None:
        """Have it made now; for pictures and tests."""
        if "review" in self.__dict__:
            self.review.finish()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        if "review" in self.__dict__:
            self.review.rest()
