"""Turns what views ask for into edits of the project, each with its name and its place in the undo stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from visualnn.gui.edits import Edit, describe, number_at, origin_of, with_number
from visualnn.gui.workspace import Workspace
from visualnn.nn.errors import VisualNNError
from visualnn.nn.options import Options, same_run
from visualnn.project import Project
from visualnn.scene.frame import Place


class Editor(QObject):
    """Edits numbers and options.

    `settle` is called before every edit, to have a run that is just coming to rest at home; `adopt` before a weight is
    edited, to have the weights on screen in the project.
    """

    failed = Signal(str)  # why a change is impossible
    done = Signal(str)  # what was done, where that may surprise

    def __init__(
        self,
        workspace: Workspace,
        settle: Callable[[], None],
        adopt: Callable[[], None],
        parent: QObject | None = None,
    ):
        super().__init__(parent)
        self._workspace = workspace
        self._settle, self._adopt = settle, adopt
        self._drags: dict[str, object] = {}  # the gesture that goes on, by what is dragged

    def set_number(self, place: Place, value: float, gesture: object = None) -> None:
        """Edit an input, weight or bias; edits of one gesture are one undo step."""
        if place.kind != "neuron":
            self._settle()
            self._adopt()
        project = self._workspace.project
        if project is not None and number_at(project, place) != value:
            self._workspace.edit(with_number(project, place, value), describe(project, place), gesture)

    def apply(self, edit: Edit) -> None:
        """Make a change that was asked for, as one undo step; what is impossible is said and changes nothing."""
        self._settle()
        self._adopt()
        project = self._workspace.project
        if project is None:
            return
        try:
            changed = edit.change(project)
        except VisualNNError as error:
            self.failed.emit(str(error))
            return
        if changed is not project:
            self._workspace.edit(changed, edit.text)
            told = edit.said or loss_followed(project, changed)
            if told:
                self.done.emit(told)

    def drag(self, what: str, edit: Edit) -> None:
        """One moment of something being dragged or drawn; `end_drag` of the same name ends it."""
        project = self._workspace.project
        try:
            changed = project if project is None else edit.change(project)
        except VisualNNError as error:
            self.failed.emit(str(error))
            return
        if changed is not None and changed is not project:
            self._workspace.edit(changed, edit.text, self._gesture(what))

    def drag_number(self, place: Place, value: float) -> None:
        """One moment of a field being dragged; `end_drag` ends it."""
        self.set_number(place, value, self._gesture("number"))

    def reset_number(self, place: Place | None) -> None:
        """Give a weight or bias back the value it had before the edits by hand, a target that of the data."""
        project = self._workspace.project
        if project is not None and place is not None and place.kind == "target":
            self._workspace.edit(project.without_target(), describe(project, place))
        if project is not None and place is not None and place.kind in ("weight", "bias"):
            self.set_number(place, origin_of(project, place))

    def set_options(self, options: Options, what: str) -> None:
        """Other training options, as one undo step. A run that goes on is brought home first, if they end it."""
        project = self._workspace.project
        if project is None or options == project.options:
            return
        if not same_run(options, project.options):
            self._settle()
        self._workspace.edit((self._workspace.project or project).with_options(options), what)

    def set_rate(self, rate: float) -> None:
        """Another learning rate, as one undo step."""
        self._edit_rate(rate, None)

    def drag_rate(self, rate: float) -> None:
        """One moment of the rate being dragged; `end_drag` ends it."""
        self._edit_rate(rate, self._gesture("rate"))

    def end_drag(self, what: str) -> None:
        """The drag of this name is over; one that changed nothing leaves nothing to undo."""
        gesture = self._drags.pop(what, None)
        if gesture is not None:
            self._workspace.finish(gesture)

    def _edit_rate(self, rate: float, gesture: object) -> None:
        project = self._workspace.project
        if project is not None:
            options = replace(project.options, optimizer=replace(project.options.optimizer, rate=rate))
            self._workspace.edit(project.with_options(options), "Learning rate", gesture)

    def _gesture(self, what: str) -> object:
        """The gesture that goes on for `what`."""
        return self._drags.setdefault(what, (what, self._workspace.gesture()))


def loss_followed(before: Project, after: Project) -> str:
    """What to say when another output activation brought another loss with it; "" if it did not."""
    if before.options.loss == after.options.loss:
        return ""
    names = {"mse": "mean squared error", "mae": "mean absolute error"}
    loss = names.get(after.options.loss, after.options.loss.replace("_", "-"))
    return f"The loss is now {loss}: it fits this output."
