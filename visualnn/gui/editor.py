"""Turns what views ask for into edits of the project, each with its name and its place in the undo stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from visualnn.gui.edits import describe, number_at, parameter_index, with_number
from visualnn.gui.workspace import Workspace
from visualnn.nn.training import Options
from visualnn.scene.frame import Place


class Editor(QObject):
    """Edits numbers and options. `prepare` is called before a weight is edited, to have the weights on screen."""

    def __init__(self, workspace: Workspace, prepare: Callable[[], None], parent: QObject | None = None):
        super().__init__(parent)
        self._workspace = workspace
        self._prepare = prepare
        self._drags: dict[str, object] = {}  # the gesture that goes on, by what is dragged

    def set_number(self, place: Place, value: float, gesture: object = None) -> None:
        """Edit an input, weight or bias; edits of one gesture are one undo step."""
        if place.kind != "neuron":
            self._prepare()
        project = self._workspace.project
        if project is not None and number_at(project, place) != value:
            self._workspace.edit(with_number(project, place, value), describe(project, place), gesture)

    def drag_number(self, place: Place, value: float, is_last: bool) -> None:
        """One moment of a field being dragged."""
        self.set_number(place, value, self._gesture("number", is_last))

    def reset_number(self, place: Place | None) -> None:
        """Give a weight or bias back the value it had before the edits by hand."""
        project = self._workspace.project
        if project is not None and place is not None and place.kind in ("weight", "bias"):
            self.set_number(place, float(project.origin[parameter_index(project, place)]))

    def set_options(self, options: Options, what: str) -> None:
        """Other training options; what was dragged until now is a part of this step."""
        project = self._workspace.project
        if project is not None:
            self._workspace.edit(project.with_options(options), what, self._gesture("rate", is_last=True))

    def set_rate(self, rate: float, is_last: bool = True) -> None:
        """Another learning rate."""
        project = self._workspace.project
        if project is not None:
            options = replace(project.options, optimizer=replace(project.options.optimizer, rate=rate))
            gesture = self._gesture("rate", is_last)
            self._workspace.edit(project.with_options(options), "Learning rate", gesture)

    def _gesture(self, what: str, is_last: bool) -> object:
        """The gesture that goes on for `what`; after the last edit of it the next one begins anew."""
        gesture = self._drags.setdefault(what, (what, self._workspace.gesture()))
        if is_last:
            del self._drags[what]
        return gesture
