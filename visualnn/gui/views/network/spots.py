"""Where on the stage a network can be shaped, and what can be asked for there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from visualnn.scene.curves import TITLES


@dataclass(frozen=True, slots=True)
class ColumnSpot:
    """A column of the network."""

    column: int
    x: float  # the middle of its head and its stepper
    room: float  # px that these may be wide
    units: int
    kind: Literal["input", "hidden", "output"]
    activation: str | None
    choices: tuple[str, ...]  # other activations that it could have, and its own
    title: str  # "Hidden 1"
    removable: bool
    foldable: bool
    rows: str = ""  # of the inputs: which row they show, where that can be chosen

    @property
    def has_head(self) -> bool:
        """Whether there is anything to choose at its head."""
        return bool(self.rows) if self.kind == "input" else self.activation is not None

    @property
    def label(self) -> str:
        """What its activation is called, or which row the inputs show."""
        if self.rows:
            return self.rows
        return TITLES[self.activation][0] if self.activation else ""


@dataclass(frozen=True, slots=True)
class GapSpot:
    """Where a layer can be added."""

    after: int  # the column before it
    x: float


@dataclass(frozen=True, slots=True)
class Spots:
    """All of them at one moment, and the two lines on which their controls stand."""

    columns: tuple[ColumnSpot, ...]
    gaps: tuple[GapSpot, ...]
    head_y: float
    foot_y: float
    scale: float

    def column(self, number: int) -> ColumnSpot | None:
        """A column by its number."""
        return next((spot for spot in self.columns if spot.column == number), None)
