"""The page on which points are drawn: field, class, what has been drawn, and the way back."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from visualnn.gui.views.data.field import MOST, Drawing, Field, paint_point
from visualnn.gui.views.data.parts import PADDING, Headline, Sentence
from visualnn.gui.widgets.button import TextButton
from visualnn.gui.widgets.scroll import Scroll
from visualnn.gui.widgets.segmented import HEIGHT
from visualnn.gui.widgets.tabs import Tabs
from visualnn.nn.data import Dataset
from visualnn.scene.rows import COLOURS, counted

NAME = "Own points"
HOW = "Drag to spray points. Right-click or Shift erases."


def dataset_of(drawing: Drawing) -> Dataset:
    """Points as rows to learn from."""
    inputs = np.array([point[:2] for point in drawing], dtype=np.float64).reshape(-1, 2)
    targets = np.array([[float(point[2])] for point in drawing]).reshape(-1, 1)
    return Dataset(NAME, inputs, targets, ("x", "y"), classification=True)


def drawing_of(data: Dataset) -> Drawing:
    """Rows as points, those for testing too; none where they are not a few points of two classes in a plane."""
    if not data.classification or data.inputs.shape[1] != 2 or data.targets.shape[1] != 1:
        return ()
    if data.rows + data.tests > MOST:
        return ()
    at, answers = np.vstack((data.inputs, data.test_inputs)), np.vstack((data.targets, data.test_targets))[:, 0]
    return tuple((x, y, int(target > 0.5)) for (x, y), target in zip(at.tolist(), answers.tolist(), strict=True))


class ClassTabs(Tabs):
    """Which class is placed, with the shape of its points."""

    def _paint_segment(self, painter: QPainter, index: int) -> None:
        super()._paint_segment(painter, index)
        paint_point(painter, QPointF(self.segment_rect(index).left() + self._pad - 15, HEIGHT / 2), index)


class DrawPage(Scroll):
    """Every stroke asks for the data that it makes while it is made; buttons ask at once."""

    dataset_requested = Signal(object)  # Dataset
    dataset_scrubbed = Signal(object)  # Dataset, while a stroke is made
    scrub_finished = Signal()

    def __init__(self, parent: QWidget | None = None):
        inside = QWidget()
        super().__init__(inside, parent)
        self._history: list[Drawing] = [()]
        self._shown: Dataset | None = None
        self._made: Dataset | None = None  # of the newest stroke
        self.classes = ClassTabs([f"{key}  {COLOURS[index]}" for key, index in (("1", 0), ("2", 1))], inside)
        self.classes.setAccessibleName("Class of new points")
        self.classes.set_index(1)
        self.field, self.headline = Field(inside), Headline(inside)
        self.undo = TextButton("Undo", "undo-2", "solid", inside, tooltip="Take the last stroke back")
        self.clear = TextButton("Clear", "eraser", "solid", inside, tooltip="Take all points away")
        self.take = TextButton(
            "Start from these points", "copy", "solid", inside, tooltip="Put the rows of the present data here"
        )
        self._lay_out(inside)
        self.classes.chosen.connect(self.field.set_class)
        self.field.class_chosen.connect(self._on_class_chosen)
        self.field.drawn.connect(self._on_drawn)
        self.field.finished.connect(self._on_finished)
        self.undo.clicked.connect(self._on_undo_clicked)
        self.clear.clicked.connect(self._on_clear_clicked)
        self.take.clicked.connect(self._on_take_clicked)
        self._tell()

    def _lay_out(self, inside: QWidget) -> None:
        column, row = QVBoxLayout(inside), QHBoxLayout()
        column.setContentsMargins(PADDING, 4, PADDING, 16)
        column.setSpacing(10)
        row.setSpacing(8)
        row.addWidget(self.undo)
        row.addWidget(self.clear)
        row.addStretch(1)
        column.addWidget(self.classes)
        column.addWidget(self.field)
        column.addWidget(Sentence(HOW, inside, ink="text3"))
        column.addWidget(self.headline)
        column.addLayout(row)
        column.addWidget(self.take, 0, Qt.AlignmentFlag.AlignLeft)
        column.addStretch(1)

    # -- values down ---------------------------------------------------------------------------------------------

    def show_data(self, data: Dataset) -> None:
        """The present data: those drawn here come back to the field when a stroke is undone elsewhere."""
        self._shown = data
        if data.name == NAME and data.recipe is None and data is not self._made:
            drawing = drawing_of(data)
            if drawing != self.field.points():
                known = drawing in self._history
                self._history = self._history[: self._history.index(drawing) + 1] if known else [(), drawing]
                self.field.set_points(drawing)
        self._tell()

    def _tell(self) -> None:
        drawing = self.field.points()
        counts = [sum(1 for point in drawing if point[2] == each) for each in (0, 1)]
        self.headline.show_words(
            counted(len(drawing), "point") if drawing else "No points yet",
            f"{counts[0]:,} {COLOURS[0]}, {counts[1]:,} {COLOURS[1]}" if drawing else "",
        )
        self.undo.set_enabled(len(self._history) > 1, "Nothing has been drawn yet.")
        self.clear.set_enabled(bool(drawing), "There are no points.")
        present = () if self._shown is None else drawing_of(self._shown)
        self.take.setVisible(present not in ((), drawing))
        self.take.set_label(f"Start from these {counted(len(present), 'point')}")

    # -- requests up ---------------------------------------------------------------------------------------------

    def _on_class_chosen(self, index: int) -> None:
        self.classes.set_index(index)
        self.field.set_class(index)

    def _on_drawn(self, drawing: Drawing) -> None:
        if drawing:
            self._made = dataset_of(drawing)
            self.dataset_scrubbed.emit(self._made)
        self._tell()

    def _on_finished(self) -> None:
        drawing = self.field.points()
        if drawing != self._history[-1]:
            self._history.append(drawing)
        self.scrub_finished.emit()
        self._tell()

    def _show(self, drawing: Drawing) -> None:
        """Another drawing all at once."""
        self.field.set_points(drawing)
        if drawing:
            self._made = dataset_of(drawing)
            self.dataset_requested.emit(self._made)
        self._tell()

    def _on_undo_clicked(self) -> None:
        self._history.pop()
        self._show(self._history[-1])

    def _on_clear_clicked(self) -> None:
        self._history.append(())
        self._show(())

    def _on_take_clicked(self) -> None:
        assert self._shown is not None
        self._history.append(drawing_of(self._shown))
        self._show(self._history[-1])
