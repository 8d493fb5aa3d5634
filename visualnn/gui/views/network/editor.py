"""Typing a number where it stands on the stage."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QWidget

from visualnn.gui.edits import describe, number_at
from visualnn.gui.widgets.numbers import InlineEditor
from visualnn.project import Project
from visualnn.scene.frame import Place


class PlaceEditor(InlineEditor):
    """Takes the number of a place; Tab goes to the next input."""

    number_typed = Signal(object, float)  # Place, value
    place_requested = Signal(object)  # the Place to type at next

    def __init__(self, parent: QWidget):
        super().__init__(parent)
        self._place: Place | None = None
        self._inputs = 0
        self.committed.connect(self._on_committed)
        self.moved.connect(self._on_moved)

    def open_for(self, project: Project, place: Place, point: QPoint) -> None:
        """Stand at a point with the number of a place."""
        self._place, self._inputs = place, project.network.inputs
        self.open_at(point, number_at(project, place), describe(project, place))

    def _on_committed(self, value: float) -> None:
        if self._place is not None:
            self.number_typed.emit(self._place, value)

    def _on_moved(self, direction: int) -> None:
        place = self._place
        if place is not None and place.kind == "neuron":
            self.place_requested.emit(replace(place, neuron=(place.neuron + direction) % self._inputs))
