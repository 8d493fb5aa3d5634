"""Points in a plane in two classes: sets that show what a boundary can look like.

All are made by one generator from the seed; the first rows show both classes.
"""

from __future__ import annotations

import numpy as np

from visualnn.nn.dataset import Dataset, different_sides
from visualnn.nn.network import Matrix

SQUARES = 4  # of a checkerboard, along each side
NAMES = ("x", "y")


def xor_points(rows: int = 160, seed: int = 0, noise: float = 0.0) -> Dataset:
    """Points in [−1, 1]², class 1 where x and y have different signs, none within 0.08 of an axis before the noise."""
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(0.08, 1.0, (rows, 2)) * rng.choice((-1.0, 1.0), (rows, 2))
    targets = different_sides(inputs)
    if noise:
        return _points("xor", inputs + rng.normal(0.0, noise, inputs.shape), targets)
    return Dataset("xor", inputs, targets, NAMES, classification=True, rule="xor")


def circles(rows: int = 160, seed: int = 0, noise: float = 0.06) -> Dataset:
    """An inner disc (class 1) of radius about 0.4 in a ring (class 0) of radius about 0.85, as wide as the noise."""
    rng = np.random.default_rng(seed)
    inner = np.arange(rows) % 2
    radius = np.where(inner == 1, 0.45 * np.sqrt(rng.uniform(0, 1, rows)), rng.normal(0.85, noise, rows))
    angle = rng.uniform(0, 2 * np.pi, rows)
    inputs = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    return _points("circles", inputs, inner[:, None].astype(np.float64))


def spirals(rows: int = 200, seed: int = 0, turns: float = 1.5, noise: float = 0.02) -> Dataset:
    """Two arms, class 0 and class 1, that wind `turns` times around the middle in [−1, 1]², a little blurred."""
    rng = np.random.default_rng(seed)
    arms = []
    for start, count in zip((0.0, np.pi), _halves(rows), strict=True):
        t = np.linspace(0.05, 1.0, count)
        angle = turns * 2 * np.pi * t + start
        arms.append(np.column_stack([t * np.cos(angle), t * np.sin(angle)]) + rng.normal(0, noise, (count, 2)))
    return _two_classes("spirals", arms, rng)


def moons(rows: int = 200, seed: int = 0, noise: float = 0.1) -> Dataset:
    """Two half circles of radius 1, each with one end in the other: class 0 bends upwards, class 1 downwards."""
    rng = np.random.default_rng(seed)
    up, down = (np.linspace(0, np.pi, count) for count in _halves(rows))
    upper, lower = np.column_stack([np.cos(up), np.sin(up)]), np.column_stack([1 - np.cos(down), 0.5 - np.sin(down)])
    points = np.concatenate([upper, lower]) + rng.normal(0, noise, (rows, 2))
    return _two_classes("moons", np.split(points, [up.size]), rng)


def gaussians(rows: int = 200, seed: int = 0, spread: float = 0.22) -> Dataset:
    """Two round clouds: class 0 around (−0.45, −0.45), class 1 around (0.45, 0.45)."""
    rng = np.random.default_rng(seed)
    middles = zip((-0.45, 0.45), _halves(rows), strict=True)
    return _two_classes("gaussians", [rng.normal(at, spread, (count, 2)) for at, count in middles], rng)


def checkerboard(rows: int = 300, seed: int = 0, noise: float = 0.0) -> Dataset:
    """Four by four squares of [−1, 1]², class 1 on the dark ones; a narrow gap between them before the noise."""
    rng = np.random.default_rng(seed)
    squares = rng.integers(0, SQUARES, (rows, 2))
    inputs = (squares + rng.uniform(0.08, 0.92, (rows, 2))) * (2.0 / SQUARES) - 1.0
    targets = (squares.sum(axis=1, keepdims=True) % 2).astype(np.float64)
    return _points("checkerboard", inputs + rng.normal(0.0, noise, inputs.shape), targets)


def _points(name: str, inputs: Matrix, targets: Matrix) -> Dataset:
    return Dataset(name, inputs, targets, NAMES, classification=True)


def _halves(rows: int) -> tuple[int, int]:
    """How many of each class."""
    return rows - rows // 2, rows // 2


def _two_classes(name: str, parts: list[Matrix], rng: np.random.Generator) -> Dataset:
    """The points of class 0 and of class 1, mixed, so that the first rows show both."""
    inputs, targets = np.concatenate(parts), np.repeat([0.0, 1.0], [len(part) for part in parts])
    order = rng.permutation(len(inputs))
    return _points(name, inputs[order], targets[order, None])
