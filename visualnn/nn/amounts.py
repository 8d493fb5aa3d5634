"""Rows whose answer is a number: sums, distances, a plane, a curve, prices, and answers for any shape."""

from __future__ import annotations

import numpy as np

from visualnn.nn.dataset import Dataset, difference, mean_of, sum_of
from visualnn.nn.network import Matrix

TEACHER_RANK = 8
AREAS, MOST_ROOMS = (50.0, 250.0), 6  # of a house; square metres
PER_AREA, PER_ROOM, LEAST_PRICE = 2.0, 15.0, 20.0  # thousands
CURVE = 201  # points on the sine without noise


def number_pairs(
    low: int = -4, high: int = 4, *, rows: int | None = None, noise: float = 0.0, seed: int = 0
) -> Dataset:
    """Every pair of whole numbers from `low` to `high` and its sum; 81 rows for −4…4. Fewer rows are drawn of them."""
    inputs, rng = _grid(low, high), np.random.default_rng(seed)
    inputs = _some(inputs, rows, rng)
    if noise:
        return Dataset("pairs", inputs, sum_of(inputs) + rng.normal(0.0, noise, (len(inputs), 1)), ("a", "b"))
    return Dataset("pairs", inputs, sum_of(inputs), ("a", "b"), rule="sum")


def number_differences(
    low: int = 1, high: int = 5, *, rows: int | None = None, noise: float = 0.0, seed: int = 0
) -> Dataset:
    """Every pair of whole numbers from `low` to `high` and how far they are apart: no plane can do it."""
    inputs, rng = _grid(low, high), np.random.default_rng(seed)
    inputs = _some(inputs, rows, rng)
    if noise:
        return Dataset("difference", inputs, difference(inputs) + rng.normal(0.0, noise, (len(inputs), 1)), ("a", "b"))
    return Dataset("difference", inputs, difference(inputs), ("a", "b"), rule="difference")


def drawn_sums(rows: int = 256, low: float = 0.0, high: float = 4.0, *, noise: float = 0.5, seed: int = 0) -> Dataset:
    """Any two numbers from `low` to `high` and their sum, missed by the noise."""
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(low, high, (rows, 2))
    return Dataset("sums", inputs, sum_of(inputs) + rng.normal(0.0, noise, (rows, 1)), ("a", "b"))


def plane(rows: int = 200, seed: int = 0, noise: float = 0.0) -> Dataset:
    """Points in [−1, 1]² and how high a tilted plane is above them: (x + y) / 2, missed by the noise."""
    rng = np.random.default_rng(seed)
    inputs = rng.uniform(-1.0, 1.0, (rows, 2))
    targets = mean_of(inputs) + rng.normal(0.0, noise, (rows, 1)) if noise else mean_of(inputs)
    return Dataset("plane", inputs, targets, ("x", "y"), rule=None if noise else "mean", output_names=("height",))


def noisy_sine(rows: int = 12, seed: int = 0, noise: float = 0.25) -> Dataset:
    """A few points near sin πx, from left to right, and as test rows the curve itself: what was there to be learned."""
    rng = np.random.default_rng(seed)
    x, curve = np.sort(rng.uniform(-1.0, 1.0, rows))[:, None], np.linspace(-1.0, 1.0, CURVE)[:, None]
    y = np.sin(np.pi * x) + rng.normal(0.0, noise, rows)[:, None]
    true = np.sin(np.pi * curve)
    return Dataset("sine", x, y, ("x",), test_inputs=curve, test_targets=true, output_names=("y",))


def houses(rows: int = 100, seed: int = 0, noise: float = 0.0) -> Dataset:
    """Houses by area and rooms, and what they cost: 2 · area + 15 · rooms + 20, in thousands, missed by the noise."""
    rng = np.random.default_rng(seed)
    inputs = np.column_stack([rng.uniform(*AREAS, rows), rng.integers(1, MOST_ROOMS + 1, rows)])
    prices = inputs @ np.array([PER_AREA, PER_ROOM]) + LEAST_PRICE
    if noise:
        prices = prices + rng.normal(0.0, noise, rows)
    return Dataset("houses", inputs, prices[:, None], ("area", "rooms"), output_names=("price",))


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


def _grid(low: int, high: int) -> Matrix:
    numbers = np.arange(low, high + 1, dtype=np.float64)
    return np.array([(a, b) for a in numbers for b in numbers])


def _some(inputs: Matrix, rows: int | None, rng: np.random.Generator) -> Matrix:
    """So many of the rows, in their order."""
    if rows is None or rows >= len(inputs):
        return inputs
    return inputs[np.sort(rng.permutation(len(inputs))[:rows])]
