"""What a network that adds, or tells how far apart numbers are, says for pairs of whole numbers.

Grids are (first numbers, second numbers).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn import metrics
from visualnn.nn.data import RULES
from visualnn.nn.network import Matrix, Vector
from visualnn.project import Project
from visualnn.scene.formula import MINUS, number, precise, signed, unlike_decimals

SPANS = ((-4, 4), (0, 10))  # the first and the last number of a grid
ROUND = 0.5  # a smaller miss still rounds to the right whole number


@dataclass(frozen=True, eq=False, slots=True)
class Answers:
    """A grid of pairs with what is said and what is right, for exactly one set of parameters."""

    numbers: Vector  # both the first and the second
    said: Matrix
    right: Matrix
    inside: NDArray[np.bool_]  # whether the pair lies where the rows to learn from lie
    rule: str

    @property
    def misses(self) -> Matrix:
        """How much too large each answer is."""
        return self.said - self.right

    @property
    def rounding_right(self) -> int:
        """How many answers become the right whole number when they are rounded."""
        return int((np.abs(self.misses) < ROUND).sum())

    def pair(self, row: int, column: int) -> Vector:
        """The two numbers of a cell."""
        return self.numbers[[row, column]]

    def sum_words(self, row: int, column: int) -> str:
        """The task of a cell: 2 + 2, |2 − (−3)|."""
        a, b = (f"{value:.0f}".replace("-", MINUS) for value in self.pair(row, column))
        return f"{a} + {signed(b)}" if self.rule == "sum" else f"|{a} {MINUS} {signed(b)}|"

    def sentence(self, row: int, column: int) -> str:
        """What is said for a pair, what is right, and by how much it misses."""
        said, right = float(self.said[row, column]), float(self.right[row, column])
        decimals = max(4, unlike_decimals(said, right)) if said != right else 4
        beyond = "" if self.inside[row, column] else "\nBeyond the training rows."
        told = f"{self.sum_words(row, column)}: it says {number(said, decimals)}, right is {number(right, 0)}"
        return f"{told}, misses by {_miss(said - right)}.{beyond}"

    def summary(self) -> str:
        """How good the whole grid is."""
        count, right = self.said.size, self.rounding_right
        how_many = f"All {count}" if right == count else f"{right} of {count}"
        return f"{how_many} round right. Mean miss {precise(float(np.abs(self.misses).mean()))}."


def _miss(value: float) -> str:
    text = precise(value)
    return f"+{text}" if value > 0 and not text.startswith("≈") else text


@np.errstate(all="ignore")  # a diverged network overflows
def answers_of(project: Project, parameters: Vector, span: tuple[int, int]) -> Answers:
    """Every pair of whole numbers in a span."""
    data = project.data
    numbers = np.arange(span[0], span[1] + 1, dtype=np.float64)
    pairs = np.stack(np.meshgrid(numbers, numbers, indexing="ij"), axis=-1)
    out = metrics.predict(project.network, parameters, pairs.reshape(-1, 2), project.mask)
    inside = ((pairs >= data.inputs.min(axis=0)) & (pairs <= data.inputs.max(axis=0))).all(axis=-1)
    assert data.rule is not None
    return Answers(numbers, out.reshape(pairs.shape[:2]), RULES[data.rule](pairs)[..., 0], inside, data.rule)


def best_span(project: Project) -> tuple[int, int]:
    """The span that has most to do with the rows: the one with numbers below 0 if they have such."""
    return SPANS[0] if float(project.data.inputs.min()) < 0 else SPANS[1]


def span_name(span: tuple[int, int]) -> str:
    """As it is written: −4 … 4."""
    return " … ".join(str(end).replace("-", MINUS) for end in span)
