"""Where everything in a portrait stands: for a network, a choice and a size, whatever the weights are."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.landscape.portrait.columns import Arrangement, Column, arranged, opened
from visualnn.scene.landscape.portrait.pills import LARGE, MIDDLE, SMALL, Lettering, Pill, Writing, led, writing
from visualnn.scene.landscape.portrait.sitter import Sitter, index_of

MOST_LINKS = 120  # connections drawn in one gap
TRIES = ((1.0, LARGE), (0.8, LARGE), (0.8, MIDDLE), (0.62, MIDDLE), (0.62, SMALL), (0.5, SMALL), (0.36, SMALL))
COMFORT = 44.0  # px between two columns that are enough for their connections
SPARE = 26.0  # px above and below for chosen numbers that have no room between the neurons


@dataclass(frozen=True, eq=False)
class Gap:
    """The connections between two open columns, as flat places in the matrix of their weights.

    `working`: those that are not cut. `chosen`: the axes among them, `others`: all others of these, None where they
    are too many and the strongest are drawn.
    """

    layer: int
    left: Column
    right: Column
    working: NDArray[np.bool_]
    chosen: NDArray[np.intp]
    others: NDArray[np.intp] | None

    @cached_property
    def is_whole(self) -> bool:
        """Whether none is cut."""
        return bool(self.working.all())

    @cached_property
    def free(self) -> NDArray[np.bool_]:
        """Which ones work and are not chosen."""
        found = self.working.copy()
        found[self.chosen] = False
        return found

    @property
    def count(self) -> int:
        """How many connections there are."""
        return self.left.units * self.right.units


@dataclass(frozen=True, eq=False)
class Plan:
    """Positions of everything. Compared by identity."""

    sitter: Sitter
    made: Arrangement
    pills: dict[int, Pill]
    gaps: tuple[Gap, ...] = field(default=())

    @property
    def size(self) -> tuple[float, float]:
        """Width and height."""
        return self.made.width, self.made.height

    @property
    def notes(self) -> tuple[str, ...]:
        """What the picture leaves out, said in words, a line for each."""
        crowded = [gap.count for gap in self.gaps if gap.others is None]
        folded = [f"{fold.count:,}" for fold in self.made.folds if not fold.worded]
        found = []
        if crowded:
            of = f"{crowded[0]:,} weights" if len(crowded) == 1 else "each gap"
            found.append(f"The {MOST_LINKS} strongest of {of}")
        if folded:
            *most, last = folded
            listed = f"{', '.join(most)} and {last}" if most else last
            found.append(f"{listed} layers folded")
        return tuple(found)


def is_whole(sitter: Sitter, width: float) -> bool:
    """Whether every weight is drawn at this width, so that each can be pointed at."""
    sizes = sitter.network.sizes
    drawn = all(n_in * n_out <= MOST_LINKS for n_in, n_out in pairwise(sizes))
    return drawn and len(opened(sitter, width)) == len(sizes)


def plan(sitter: Sitter, size: tuple[float, float]) -> Plan:
    """The largest arrangement in which all numbers have room that could have any; else most, the chosen ones first."""
    made, found = _best(sitter, size, spare=0.0)
    if found.missing:
        made, found = _best(sitter, size, spare=SPARE)
    gaps = tuple(_gap(sitter, *gap) for gap in made.gaps)
    return Plan(sitter, made, found.pills, gaps)


def _best(sitter: Sitter, size: tuple[float, float], *, spare: float) -> tuple[Arrangement, Writing]:
    """The first that is all one could wish, else the one that comes nearest to that."""
    best: tuple[tuple[float, ...], Arrangement, Writing, Lettering] | None = None
    for scale, lettering in TRIES:
        made = arranged(sitter, size, scale=scale, spare=spare)
        found = writing(made, sitter, lettering)
        worth = -len(found.missing), found.written, min(made.space, COMFORT)
        if best is None or worth > best[0]:
            best = worth, made, found, lettering
        if not found.missing and found.written == found.could and made.space >= COMFORT:
            break
    assert best is not None
    _worth, made, found, lettering = best
    return made, led(made, sitter, found, lettering)


def _gap(sitter: Sitter, layer: int, left: Column, right: Column) -> Gap:
    working, first = sitter.working(layer), sitter.network.offsets[layer][0]
    chosen = [
        index_of(sitter.network, place) - first
        for place in sitter.chosen
        if place.column == layer + 1 and place.source is not None
    ]
    marked = np.array(sorted(chosen), dtype=np.intp)
    others = None if working.size > MOST_LINKS else np.setdiff1d(np.flatnonzero(working), marked).astype(np.intp)
    return Gap(layer, left, right, working, marked, others)
