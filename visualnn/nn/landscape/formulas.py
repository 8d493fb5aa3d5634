"""The formulas of the classic surfaces, each with its two slopes.

Three are the losses of networks with two weights (`models` has these networks): bowl, valley, twins. Two belong to one
number w only, the double well and the sine neuron; so that there is a surface, y² is added, which nobody who starts at
y = 0 ever notices. A constant is added to the saddle and to Styblinski and Tang's function, so that their lowest place
is 0 or nearly so. Where a surface has a bend, the slope is that of `functions`: 0 for a ReLU at exactly 0.

Plain floats may be given too, which take a third of the time and come to the same numbers: squares are written as
products, and higher powers, which Python rounds in its own way and refuses where they overflow, are asked of NumPy.
"""

from __future__ import annotations

from math import pi
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]  # of any shape, the same for x and y

SINE_X, TANH_X = np.linspace(-3, 3, 31), np.linspace(-2, 2, 41)
TANH_Y = np.tanh(0.5 * TANH_X) + np.tanh(3.0 * TANH_X)
STYBLINSKI = 78.33233  # added, so that the lowest place is about 0


def _square(x: Numbers) -> Numbers:
    return x * x


def _pick(test: Any, yes: Any, no: Any) -> Any:
    """`numpy.where`, without its price where there is one answer only."""
    return np.where(test, yes, no) if isinstance(test, np.ndarray) else yes if test else no


def bowl(x: Numbers, y: Numbers) -> Numbers:
    """f = w_a·a + w_b·b on the pairs of 0…4: the mean of (f − a − b)²."""
    u, v = x - 1, y - 1
    return 6 * u * u + 8 * u * v + 6 * v * v


def bowl_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `bowl`."""
    u, v = x - 1, y - 1
    return 12 * u + 8 * v, 8 * u + 12 * v


def valley(x: Numbers, y: Numbers) -> Numbers:
    """f = w₂·relu(w₁·(a + b)) on the pairs of 0…4: 20·(w₁·w₂ − 1)², and a shelf at 20 where the neuron is dead."""
    return np.asarray(_pick(x <= 0, 20.0, 20 * _square(x * y - 1)))


def valley_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `valley`."""
    dead, miss = x <= 0, _pick(x <= 0, 0.0, 40 * (x * y - 1))
    return _pick(dead, 0.0, miss * y), _pick(dead, 0.0, miss * x)


def twins(x: Numbers, y: Numbers) -> Numbers:
    """tanh(w₁·t) + tanh(w₂·t) for tanh(t/2) + tanh(3t) at 41 places t of −2…2: equal weights stay equal."""
    return np.asarray((_twin_misses(x, y)[0] ** 2).mean(axis=-1))


def _twin_misses(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    first, second = (np.tanh(np.multiply.outer(w, TANH_X)) for w in (x, y))
    return first + second - TANH_Y, first, second


def twins_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `twins`."""
    miss, *parts = _twin_misses(x, y)
    by_x, by_y = ((2 * miss * (1 - part**2) * TANH_X).mean(axis=-1) for part in parts)
    return by_x, by_y


def sine(x: Numbers, y: Numbers) -> Numbers:
    """sin(w·t) for sin(2t) at 31 places t of −3…3, and y²."""
    miss = np.sin(np.multiply.outer(x, SINE_X)) - np.sin(2 * SINE_X)
    return np.asarray((miss**2).mean(axis=-1) + y * y)


def sine_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `sine`."""
    angle = np.multiply.outer(x, SINE_X)
    return (2 * (np.sin(angle) - np.sin(2 * SINE_X)) * np.cos(angle) * SINE_X).mean(axis=-1), 2 * y


def double_well(x: Numbers, y: Numbers) -> Numbers:
    """w⁴ − 4w² − w + 5.5, and y²."""
    return np.asarray(np.power(x, 4) - 4 * (x * x) - x + 5.5 + y * y)


def double_well_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `double_well`."""
    return 4 * np.power(x, 3) - 8 * x - 1, 2 * y


def styblinski_tang(x: Numbers, y: Numbers) -> Numbers:
    """Styblinski & Tang 1990, with 78.33233 added."""
    return np.asarray((np.power(x, 4) - 16 * (x * x) + 5 * x + np.power(y, 4) - 16 * (y * y) + 5 * y) / 2 + STYBLINSKI)


def styblinski_tang_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `styblinski_tang`."""
    return (4 * np.power(x, 3) - 32 * x + 5) / 2, (4 * np.power(y, 3) - 32 * y + 5) / 2


def ravine(x: Numbers, y: Numbers) -> Numbers:
    """x²/20 + y²: twenty times as steep one way as the other."""
    return x * x / 20 + y * y


def ravine_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `ravine`."""
    return x / 10, 2 * y


def saddle(x: Numbers, y: Numbers) -> Numbers:
    """x² − y² + y⁴/4 + 1: a pass between two lowest places."""
    return np.asarray(x * x - y * y + np.power(y, 4) / 4 + 1)


def saddle_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `saddle`."""
    return 2 * x, -2 * y + np.power(y, 3)


def rosenbrock(x: Numbers, y: Numbers) -> Numbers:
    """(1 − x)² + 100·(y − x²)², Rosenbrock 1960: a bent valley, flat along its floor."""
    return _square(1 - x) + 100 * _square(y - x * x)


def rosenbrock_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `rosenbrock`."""
    return -2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x)


def himmelblau(x: Numbers, y: Numbers) -> Numbers:
    """(x² + y − 11)² + (x + y² − 7)², Himmelblau 1972: four minima, all 0."""
    return _square(x * x + y - 11) + _square(x + y * y - 7)


def himmelblau_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `himmelblau`."""
    p, q = x * x + y - 11, x + y * y - 7
    return 4 * x * p + 2 * q, 2 * p + 4 * y * q


def beale(x: Numbers, y: Numbers) -> Numbers:
    """Beale 1958: a flat floor between steep walls."""
    return np.asarray(sum(_square(miss) for miss in _beale_misses(x, y)[0]))


def _beale_misses(x: Numbers, y: Numbers) -> tuple[list[Numbers], list[Numbers]]:
    """Those of the three products, and the first powers of y."""
    powers = [y, y * y, np.power(y, 3)]
    return [c - x + x * power for c, power in zip((1.5, 2.25, 2.625), powers, strict=True)], powers


def beale_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `beale`."""
    misses, powers = _beale_misses(x, y)
    by_x = sum(2 * miss * (power - 1) for miss, power in zip(misses, powers, strict=True))
    by_y = 2 * misses[0] * x + 2 * misses[1] * 2 * x * y + 2 * misses[2] * 3 * x * powers[1]
    return np.asarray(by_x), np.asarray(by_y)


def plateau(x: Numbers, y: Numbers) -> Numbers:
    """(1 − sigmoid(w + b))²: one neuron that should say 1 and is sure of 0; there it is flat."""
    return _square(_doubt(x + y))


def _doubt(z: Numbers) -> Numbers:
    """1 − sigmoid(z), without overflow."""
    e = np.exp(-np.abs(z))
    return np.asarray(_pick(z >= 0, e, 1.0) / (1.0 + e))


def plateau_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `plateau`."""
    doubt = _doubt(x + y)
    slope = np.asarray(-2 * doubt * doubt * (1 - doubt))
    return slope, slope


def rastrigin(x: Numbers, y: Numbers) -> Numbers:
    """20 + x² − 10·cos 2πx + y² − 10·cos 2πy, Rastrigin 1974: a hollow at every whole number."""
    return np.asarray(20 + x * x - 10 * np.cos(2 * pi * x) + y * y - 10 * np.cos(2 * pi * y))


def rastrigin_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `rastrigin`."""
    return 2 * x + 20 * pi * np.sin(2 * pi * x), 2 * y + 20 * pi * np.sin(2 * pi * y)


def ackley(x: Numbers, y: Numbers) -> Numbers:
    """Ackley 1987: ripples all over a plain, and one funnel, whose tip has no slope."""
    far, ripple = np.sqrt((x * x + y * y) / 2), (np.cos(2 * pi * x) + np.cos(2 * pi * y)) / 2
    return np.asarray(20 * -np.expm1(-0.2 * far) + np.e - np.exp(ripple))


def ackley_slopes(x: Numbers, y: Numbers) -> tuple[Numbers, Numbers]:
    """The slopes of `ackley`."""
    far, ripple = np.sqrt((x * x + y * y) / 2), np.exp((np.cos(2 * pi * x) + np.cos(2 * pi * y)) / 2)
    funnel = _pick(far == 0, 0.0, 2 * np.exp(-0.2 * far) / _pick(far == 0, 1.0, far))
    return funnel * x + pi * ripple * np.sin(2 * pi * x), funnel * y + pi * ripple * np.sin(2 * pi * y)
