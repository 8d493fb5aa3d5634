"""Rows to learn from: inputs with the answers the network should give.

The built-in sets are recipes: the same name and seed give the same rows on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from visualnn.nn.network import Matrix, Vector


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows of numbers. Compared by identity; the arrays are read-only.

    `rule` names the formula behind the rows, when there is one, so that a typed input has a true answer too.
    """

    name: str
    inputs: Matrix  # (rows, inputs)
    targets: Matrix  # (rows, outputs); classes are 0 or 1
    input_names: tuple[str, ...]
    classification: bool = False
    rule: str | None = None

    def __post_init__(self) -> None:
        for array in (self.inputs, self.targets):
            array.setflags(write=False)

    @property
    def rows(self) -> int:
        """How many samples there are."""
        return len(self.inputs)

    def target_of(self, x: Vector) -> Vector | None:
        """The right answer for an input: by the rule, else by looking the row up, else None."""
        if self.rule is not None:
            with np.errstate(over="ignore"):  # the right answer to huge inputs may be infinite
                return np.atleast_1d(RULES[self.rule](np.asarray(x, dtype=np.float64)))
        matches = np.flatnonzero((self.inputs == x).all(axis=1))
        return self.targets[matches[0]] if matches.size else None


def _sum(x: Vector) -> Vector:
    return np.asarray(x.sum(axis=-1, keepdims=True))


def _different_sides(x: Vector) -> Vector:
    return np.asarray((x[..., :1] * x[..., 1:2] < 0).astype(np.float64))


RULES: dict[str, Callable[[Vector], Vector]] = {"sum": _sum, "xor": _different_sides}


def number_pairs(low: int = -4, high: int = 4) -> Dataset:
    """Every pair of whole numbers from `low` to `high` and its sum; 81 rows for −4…4."""
    numbers = np.arange(low, high + 1, dtype=np.float64)
    inputs = np.array([(a, b) for a in numbers for b in numbers])
    return Dataset("pairs", inputs, _sum(inputs), ("a", "b"), rule="sum")


def xor_points(rows: int = 160, seed: int = 0) -> Dataset:
    """Points in [−1, 1]², class 1 where x and y have different signs, none within 0.08 of an axis."""
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(0.08, 1.0, (rows, 2)) * rng.choice((-1.0, 1.0), (rows, 2))
    return Dataset("xor", inputs, _different_sides(inputs), ("x", "y"), classification=True, rule="xor")


def circles(rows: int = 160, seed: int = 0) -> Dataset:
    """An inner disc (class 1) of radius about 0.4 in a ring (class 0) of radius about 0.85."""
    rng = np.random.default_rng(seed)
    inner = np.arange(rows) % 2
    radius = np.where(inner == 1, 0.45 * np.sqrt(rng.uniform(0, 1, rows)), rng.normal(0.85, 0.06, rows))
    angle = rng.uniform(0, 2 * np.pi, rows)
    inputs = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return Dataset("circles", inputs, inner[:, None].astype(np.float64), ("x", "y"), classification=True)


RECIPES: dict[str, Callable[[], Dataset]] = {"pairs": number_pairs, "xor": xor_points, "circles": circles}
