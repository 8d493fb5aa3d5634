"""What a landscape's two views are given: the relief, what stands on it, and what may be done there."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.scene.landscape.marks import NOTHING, Marks
from visualnn.scene.landscape.relief import Relief


@dataclass(frozen=True, eq=False, slots=True)
class Scenery:
    """Everything that is to be seen at a moment. Compared by identity."""

    relief: Relief | None = None  # None: nothing is known yet, or there is nothing to be seen
    marks: Marks = NOTHING
    may_start: bool = False  # whether a click on the surface, or a ball that is dragged, chooses another start
    waiting: str = ""  # what is said while there is no relief
    progress: float | None = None  # how much of the finest relief is computed, 0…1; None: all of it
    stamp: str = ""  # the moment that the surface belongs to, where it moves: "surface at update 120"


EMPTY = Scenery()
