"""What a mode is told."""

from __future__ import annotations

from PySide6.QtCore import QObject

from visualnn.gui.parts import Parts
from visualnn.gui.workspace import Workspace
from visualnn.project import Project
from visualnn.scene.frame import Place


class Mode(QObject):
    """Shows the document in its own way while it is in front; stays silent while it is not."""

    def __init__(self, parts: Parts, workspace: Workspace):
        super().__init__(parts)
        self.parts = parts
        self.workspace = workspace
        self.in_front = False
        self.decimals = 2

    def enter(self) -> None:
        """Come to the front and show everything."""
        self.in_front = True
        self.show_all()

    def leave(self) -> None:
        """Another mode comes to the front: nothing shall move any more."""
        self.in_front = False

    def show_all(self) -> None:
        """Fill all views."""
        raise NotImplementedError

    def project_changed(self, project: Project, before: Project | None) -> None:
        """Another project is on the table; `before` is None if it was opened. Told even behind."""
        raise NotImplementedError

    def place_selected(self, place: Place | None) -> None:
        """Something on the stage was chosen."""

    def shown_project(self) -> Project | None:
        """The project with the weights on screen."""
        return self.workspace.project

    def adopt(self) -> None:
        """Have the weights on screen in the project, before one of them is edited."""

    def rest(self) -> None:
        """The window is being closed: let nothing go on."""

    @property
    def busy(self) -> bool:
        """Whether something is being made beside the window."""
        return False

    def finish(self) -> None:
        """Have everything made now; for pictures and tests."""

    def toggle(self) -> None:
        """Play or pause."""
        raise NotImplementedError

    def step(self, larger: int) -> None:
        """One forward."""
        raise NotImplementedError

    def back(self, larger: int) -> None:
        """One back."""
        raise NotImplementedError

    def scrub(self, position: int) -> None:
        """To a place on the track."""
        raise NotImplementedError

    def describe(self, _position: int) -> str:
        """A place on the track in words, for who is dragging there; "" where there is nothing to say."""
        return ""

    def to_start(self) -> None:
        """The first moment."""
        raise NotImplementedError

    def to_end(self) -> None:
        """The last moment, where there is one."""

    def set_grain(self, grain: str) -> None:
        """How far one step goes."""
        raise NotImplementedError

    @property
    def speed(self) -> float:
        """The factor."""
        raise NotImplementedError

    def set_speed(self, speed: float) -> None:
        """A factor on everything that plays."""
        raise NotImplementedError
