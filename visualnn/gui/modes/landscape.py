"""Landscape: why does it learn that way?"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from visualnn.gui.modes.mode import Mode
from visualnn.gui.parts import Parts
from visualnn.gui.trainer import Trainer
from visualnn.gui.workspace import Workspace
from visualnn.project import Project

if TYPE_CHECKING:
    from visualnn.gui.tour import Tour


class LandscapeMode(Mode):
    """The mode's face; what is behind it is made when somebody first comes here."""

    adopt_requested = Signal(object, object)  # parameters, Options
    axes_wanted = Signal(object)  # Sitter, whose two weights are to be chosen by name
    begun = Signal()  # somebody is here for the first time

    def __init__(self, parts: Parts, workspace: Workspace, trainer: Trainer):
        super().__init__(parts, workspace)
        self._trainer = trainer
        self._surface = ""  # what was looked at when the document was saved

    @cached_property
    def tour(self) -> Tour:
        """What is looked at, and how."""
        from visualnn.gui.tour import Tour

        made = Tour(self.parts, self.workspace, self._trainer)
        made.adopt_requested.connect(self.adopt_requested)
        made.axes_wanted.connect(self.axes_wanted)
        self.begun.emit()
        return made

    @property
    def has_begun(self) -> bool:
        """Whether anybody has been here."""
        return "tour" in self.__dict__

    @property
    def surface(self) -> str:
        """What is looked at, as a file tells it; "" where nobody has been."""
        return self.tour.surface if self.has_begun else self._surface

    @surface.setter
    def surface(self, text: str) -> None:
        self._surface = text
        if self.has_begun:
            self.tour.surface = text

    def open_example(self, name: str) -> None:
        """A landscape that shows one thing."""
        self.tour.open_example(name)

    # -- what only this mode has ---------------------------------------------------------------------------------

    def toggle_map(self) -> None:
        """The surface from above, or as a relief."""
        self.parts.landscape.view.toggle_map()

    def find_best_rate(self) -> None:
        """Try rates for the selected runner."""
        self.tour.find_best_rate(self.tour.scout.selected)

    def ask_axes(self) -> None:
        """Which two weights the surface is of."""
        self.tour.ask_axes()

    def pick_start(self) -> None:
        """The next click on the surface is where the race begins."""
        self.tour.pick_start(True)

    @property
    def is_picking(self) -> bool:
        """Whether the next click is the start."""
        return self.has_begun and self.tour.showing.is_picking

    def leave_picking(self) -> None:
        """The start stays where it is."""
        self.tour.pick_start(False)

    def choose_pair(self, i: int, j: int) -> None:
        """The surface of these two weights, by their places in the flat vector."""
        self.tour.choose_pair(i, j)

    def redraw(self) -> None:
        """Draw the surface again, as after compiled code has come."""
        if self.has_begun:
            self.parts.landscape.view.redraw()

    def fit(self) -> None:
        """A window around everything that is to be seen."""
        self.tour.fit()

    # -- what it is told -----------------------------------------------------------------------------------------

    def enter(self) -> None:
        is_new = not self.has_begun
        self.tour.decimals = self.decimals
        if is_new:
            self.tour.surface = self._surface
        super().enter()

    def leave(self) -> None:
        super().leave()
        self.tour.leave()

    def show_all(self) -> None:
        self.tour.show_all()

    def project_changed(self, project: Project, before: Project | None) -> None:
        if self.has_begun:
            self.tour.project_changed(project, before, in_front=self.in_front)

    def shown_project(self) -> Project | None:
        return self.tour.shown_project()

    def rest(self) -> None:
        if self.has_begun:
            self.tour.rest()

    @property
    def busy(self) -> bool:
        return self.has_begun and self.tour.busy

    def finish(self) -> None:
        self.tour.finish()

    # -- the transport -------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        self.tour.toggle()

    def step(self, larger: int) -> None:
        self.tour.step(1, larger)

    def back(self, larger: int) -> None:
        self.tour.step(-1, larger)

    def scrub(self, position: int) -> None:
        self.tour.scrub(position)

    def to_start(self) -> None:
        self.tour.scrub(0)

    def to_end(self) -> None:
        self.tour.to_end()

    def describe(self, position: int) -> str:
        return self.tour.describe(position)

    def set_grain(self, grain: str) -> None:
        self.tour.set_grain(grain)

    @property
    def speed(self) -> float:
        return self.tour.scout.speed

    def set_speed(self, speed: float) -> None:
        self.tour.scout.set_speed(speed)
