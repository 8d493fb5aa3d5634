"""Losses of one or two numbers with their slopes: models small enough to be drawn, and the functions of the races."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

Surface = Callable[[np.ndarray], tuple[float, np.ndarray]]

SINE_X, TANH_X = np.linspace(-3, 3, 31), np.linspace(-2, 2, 41)
STYBLINSKI = 78.33233  # added, so that the lowest place is about 0


def bowl(w: np.ndarray) -> tuple[float, np.ndarray]:
    u, v = w - 1
    return 6 * u * u + 8 * u * v + 6 * v * v, np.array([12 * u + 8 * v, 8 * u + 12 * v])


def valley(w: np.ndarray) -> tuple[float, np.ndarray]:
    if w[0] <= 0:
        return 20.0, np.zeros(2)
    miss = w[0] * w[1] - 1
    return 20 * miss**2, 40 * miss * w[::-1]


def twins(w: np.ndarray) -> tuple[float, np.ndarray]:
    parts = np.tanh(np.multiply.outer(w, TANH_X))
    miss = parts.sum(axis=0) - (np.tanh(0.5 * TANH_X) + np.tanh(3 * TANH_X))
    return float((miss**2).mean()), (2 * miss * (1 - parts**2) * TANH_X).mean(axis=1)


def sine(w: np.ndarray) -> tuple[float, np.ndarray]:
    miss = np.sin(w[0] * SINE_X) - np.sin(2 * SINE_X)
    return float((miss**2).mean()), np.array([(2 * miss * np.cos(w[0] * SINE_X) * SINE_X).mean()])


def two_wells(w: np.ndarray) -> tuple[float, np.ndarray]:
    return float((w**4 - 4 * w**2 - w + 5.5)[0]), 4 * w**3 - 8 * w - 1


def styblinski_tang(w: np.ndarray) -> tuple[float, np.ndarray]:
    return float((w**4 - 16 * w**2 + 5 * w).sum() / 2 + STYBLINSKI), (4 * w**3 - 32 * w + 5) / 2


def ravine(w: np.ndarray) -> tuple[float, np.ndarray]:
    return float(w[0] ** 2 / 20 + w[1] ** 2), np.array([w[0] / 10, 2 * w[1]])


def rosenbrock(w: np.ndarray) -> tuple[float, np.ndarray]:
    x, y = w
    return float((1 - x) ** 2 + 100 * (y - x * x) ** 2), np.array(
        [-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)]
    )


def saddle(w: np.ndarray) -> tuple[float, np.ndarray]:
    """1 is added, so that the two lowest places are 0."""
    x, y = w
    return float(x * x - y * y + y**4 / 4 + 1), np.array([2 * x, -2 * y + y**3])


def himmelblau(w: np.ndarray) -> tuple[float, np.ndarray]:
    x, y = w
    p, q = x * x + y - 11, x + y * y - 7
    return float(p * p + q * q), np.array([4 * x * p + 2 * q, 2 * p + 4 * y * q])


def beale(w: np.ndarray) -> tuple[float, np.ndarray]:
    """What may overflow is looked at by nobody: the runs stay where it is small."""
    x, y = w
    misses = [c - x + x * y**k for k, c in ((1, 1.5), (2, 2.25), (3, 2.625))]
    by_x = sum(2 * miss * (y**k - 1) for k, miss in zip((1, 2, 3), misses, strict=True))
    by_y = sum(2 * miss * k * x * y ** (k - 1) for k, miss in zip((1, 2, 3), misses, strict=True))
    return float(sum(miss**2 for miss in misses)), np.array([by_x, by_y])


SURFACES: dict[str, Surface] = {
    "bowl-linear-adder": bowl,
    "valley-two-weight-relu": valley,
    "twin-tanh-saddle": twins,
    "sine-neuron-local-minima": sine,
    "double-well-momentum": two_wells,
    "race-styblinski-tang": styblinski_tang,
    "race-ravine": ravine,
    "race-rosenbrock": rosenbrock,
    "race-saddle": saddle,
    "race-himmelblau": himmelblau,
    "race-beale": beale,
}
