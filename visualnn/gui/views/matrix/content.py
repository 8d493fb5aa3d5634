"""The weights between two neighbouring columns, and what can be said about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import floor, log10

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix
from visualnn.scene import matrix
from visualnn.scene.formula import MAX_DECIMALS, full, number, precise

Cell = tuple[int, int]
"""A weight: the neuron that it comes from, and the one that it goes to."""


@dataclass(frozen=True, eq=False)
class MatrixContent:
    """What the matrix shows. While a network learns, one content follows the other."""

    weights: Matrix  # (from neurons, to neurons)
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    title: str
    layer: int
    cut: frozenset[Cell] = frozenset()
    decimals: int = 2

    def follows(self, before: MatrixContent | None) -> bool:
        """Whether these are the same connections as before, with other weights."""
        return before is not None and (self.layer, self.shape) == (before.layer, before.shape)

    @property
    def shape(self) -> tuple[int, int]:
        """From how many neurons, to how many."""
        rows, columns = self.weights.shape
        return rows, columns

    @cached_property
    def scale(self) -> float:
        """The magnitude in full colour."""
        return matrix.scale_of(self.weights)

    @cached_property
    def digits(self) -> int:
        """The decimals of a number in its cell: enough to tell strong weights from weak ones where all are small."""
        return max(self.decimals, min(1 - floor(log10(self.scale)), MAX_DECIMALS))

    @cached_property
    def beyond(self) -> bool:
        """Whether some weights are larger than the scale."""
        return bool((np.abs(self.weights) > self.scale).any())

    @cached_property
    def ranks(self) -> matrix.Ranks:
        """What is to be painted; a weight that is cut counts as 0."""
        ranks = matrix.ranks_of(self.weights, self.scale)
        ranks[self.cut_mask] = 0
        return ranks

    @cached_property
    def cut_mask(self) -> NDArray[np.bool_]:
        """Which weights are cut."""
        mask = np.zeros(self.shape, dtype=bool)
        if self.cut:
            mask[tuple(np.array(sorted(self.cut)).T)] = True
        return mask

    def name(self, cell: Cell) -> str:
        """A weight's name: a→c."""
        return f"{self.sources[cell[0]]}→{self.targets[cell[1]]}"

    def short(self, cell: Cell) -> str:
        """A weight with about four digits."""
        value = float(self.weights[cell])
        return number(value, 4) if abs(value) >= 1 else precise(value, 4)

    def sentence(self, cell: Cell) -> str:
        """A weight with all its digits."""
        text = f"Weight {self.name(cell)}: {full(self.weights[cell])}"
        return f"{text}\nIt is cut and counts as 0." if cell in self.cut else text

    def count(self) -> str:
        """How many weights there are."""
        rows, columns = self.shape
        return f"{rows:,} × {columns:,} {'weight' if rows * columns == 1 else 'weights'}"

    def spoken(self) -> str:
        """The same for a screen reader."""
        rows, columns = self.shape
        return f"Weights {self.title}, {rows:,} by {columns:,}"
