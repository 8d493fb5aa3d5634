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
    image: tuple[int, int] | None = None  # rows and columns, where an input row is the pixels of a picture
    classes: tuple[str, ...] = ()  # what the outputs stand for, where each is a class

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


def spirals(rows: int = 200, seed: int = 0, turns: float = 1.5, noise: float = 0.02) -> Dataset:
    """Two arms, class 0 and class 1, that wind `turns` times around the middle in [−1, 1]², a little blurred."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0.05, 1.0, rows // 2)
    arms = []
    for start in (0.0, np.pi):
        angle = turns * 2 * np.pi * t + start
        arms.append(np.column_stack([t * np.cos(angle), t * np.sin(angle)]) + rng.normal(0, noise, (rows // 2, 2)))
    return _two_classes("spirals", arms, rng)


def moons(rows: int = 200, seed: int = 0, noise: float = 0.1) -> Dataset:
    """Two half circles of radius 1, each with one end in the other: class 0 bends upwards, class 1 downwards."""
    rng = np.random.default_rng(seed)
    t = np.linspace(0, np.pi, rows // 2)
    upper, lower = np.column_stack([np.cos(t), np.sin(t)]), np.column_stack([1 - np.cos(t), 0.5 - np.sin(t)])
    points = np.concatenate([upper, lower]) + rng.normal(0, noise, (2 * t.size, 2))
    return _two_classes("moons", np.split(points, 2), rng)


def gaussians(rows: int = 200, seed: int = 0, spread: float = 0.22) -> Dataset:
    """Two round clouds: class 0 around (−0.45, −0.45), class 1 around (0.45, 0.45)."""
    rng = np.random.default_rng(seed)
    return _two_classes("gaussians", [rng.normal(at, spread, (rows // 2, 2)) for at in (-0.45, 0.45)], rng)


def _two_classes(name: str, parts: list[Matrix], rng: np.random.Generator) -> Dataset:
    """The points of class 0 and of class 1, mixed, so that the first rows show both."""
    inputs, targets = np.concatenate(parts), np.repeat([0.0, 1.0], [len(part) for part in parts])
    order = rng.permutation(len(inputs))
    return Dataset(name, inputs[order], targets[order, None], ("x", "y"), classification=True)


TEACHER_RANK = 8


def random_rows(inputs: int, outputs: int, rows: int = 256, seed: int = 0) -> Dataset:
    """Standard-normal inputs, and answers that are sums of them with fixed random weights: for any shape.

    The weights have rank 8 at most, so that they need no more room than the rows, however wide both sides are.
    """
    rng = np.random.default_rng(seed)
    rank = min(inputs, outputs, TEACHER_RANK)
    x = rng.normal(0.0, 1.0, (rows, inputs))
    middle = x @ rng.normal(0.0, inputs**-0.5, (inputs, rank))
    targets = middle @ rng.normal(0.0, rank**-0.5, (rank, outputs))
    return Dataset("random", x, targets, tuple(f"x{i + 1}" for i in range(inputs)))


RECIPES: dict[str, Callable[[], Dataset]] = {  # `visualnn.files` adds those that come with a file of numbers
    "pairs": number_pairs,
    "xor": xor_points,
    "circles": circles,
    "spirals": spirals,
    "moons": moons,
    "gaussians": gaussians,
}
