"""The classic surfaces term by term: how each is written, what it is worth at a place, and where it comes from.

An exponent stands after ^, in braces where it is longer than a word. Tests read these lines as arithmetic and compare
them with `nn.landscape.formulas`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from visualnn.nn.landscape.formulas import SINE_X, STYBLINSKI, TANH_X, TANH_Y

Value = Callable[..., float]  # of x, y and the aids


@dataclass(frozen=True, slots=True)
class Term:
    """Something that is added: as it is written, in lines, and what it is worth at a place.

    `holds`: where it counts at all, on a surface of several pieces.
    """

    text: str
    value: Value
    holds: Callable[[float, float], bool] | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A surface in its terms, and who thought of it; `aids` are numbers that are worked out before the terms."""

    terms: tuple[Term, ...]
    source: str
    aids: tuple[Term, ...] = ()


def _mean(f: Callable[[np.ndarray], np.ndarray], t: np.ndarray) -> float:
    return float((f(t) ** 2).mean())


def _sigmoid(z: float) -> float:
    return float(1 / (1 + np.exp(-z))) if z >= 0 else float(np.exp(z) / (1 + np.exp(z)))


PAIRS = "The loss of f = x·a + y·b on the 25 pairs of 0 to 4, worked out."
LINE = "The loss of f = y·relu(x·(a + b)) on the 25 pairs of 0 to 4, worked out."
TANH = "The loss of f = tanh(x·t) + tanh(y·t) on 41 places t."
SINE = "The loss of one neuron, f = sin(x·t), on 31 places t; y² is added to give it a second direction."
NEURON = "The loss of one sigmoid neuron, with weight x and bias y, that should say 1."
OWN = "No paper: a textbook shape, here with these numbers."
FORMULAS: dict[str, Formula] = {
    "bowl": Formula(
        (
            Term("6·(x − 1)^2", lambda x, y: 6 * (x - 1) ** 2),
            Term("8·(x − 1)·(y − 1)", lambda x, y: 8 * (x - 1) * (y - 1)),
            Term("6·(y − 1)^2", lambda x, y: 6 * (y - 1) ** 2),
        ),
        PAIRS,
    ),
    "valley": Formula(
        (
            Term("20·(x·y − 1)^2 where x > 0", lambda x, y: 20 * (x * y - 1) ** 2, lambda x, _y: x > 0),
            Term("20 where x ≤ 0", lambda _x, _y: 20.0, lambda x, _y: x <= 0),
        ),
        LINE,
    ),
    "twins": Formula(
        (
            Term(
                "mean of (tanh(x·t) + tanh(y·t)\n− tanh(t/2) − tanh(3·t))^2\nfor 41 places t from −2 to 2",
                lambda x, y: _mean(lambda t: np.tanh(x * t) + np.tanh(y * t) - TANH_Y, TANH_X),
            ),
        ),
        TANH,
    ),
    "sine": Formula(
        (
            Term(
                "mean of (sin(x·t) − sin(2·t))^2\nfor 31 places t from −3 to 3",
                lambda x, _y: _mean(lambda t: np.sin(x * t) - np.sin(2 * t), SINE_X),
            ),
            Term("y^2", lambda _x, y: y * y),
        ),
        SINE,
    ),
    "double_well": Formula(
        (
            Term("x^4 − 4·x^2 − x", lambda x, _y: x**4 - 4 * x**2 - x),
            Term("5.5", lambda _x, _y: 5.5),
            Term("y^2", lambda _x, y: y * y),
        ),
        OWN,
    ),
    "saddle": Formula(
        (
            Term("x^2", lambda x, _y: x * x),
            Term("y^4/4 − y^2", lambda _x, y: y**4 / 4 - y * y),
            Term("1", lambda _x, _y: 1.0),
        ),
        OWN,
    ),
    "ravine": Formula((Term("x^2/20", lambda x, _y: x * x / 20), Term("y^2", lambda _x, y: y * y)), OWN),
    "plateau": Formula(
        (Term("(1 − s)^2", lambda _x, _y, s: (1 - s) ** 2),),
        NEURON,
        (Term("s = 1/(1 + e^{−(x + y)})", lambda x, y: _sigmoid(x + y)),),
    ),
    "rosenbrock": Formula(
        (
            Term("(1 − x)^2", lambda x, _y: (1 - x) ** 2),
            Term("100·(y − x^2)^2", lambda x, y: 100 * (y - x * x) ** 2),
        ),
        "H. H. Rosenbrock, An automatic method for finding the greatest or least value of a function. "
        "The Computer Journal 3, 1960.",
    ),
    "beale": Formula(
        (
            Term("(1.5 − x + x·y)^2", lambda x, y: (1.5 - x + x * y) ** 2),
            Term("(2.25 − x + x·y^2)^2", lambda x, y: (2.25 - x + x * y**2) ** 2),
            Term("(2.625 − x + x·y^3)^2", lambda x, y: (2.625 - x + x * y**3) ** 2),
        ),
        "E. M. L. Beale, On an iterative method for finding a local minimum of a function of more than one variable. "
        "Technical report, Princeton University, 1958.",
    ),
    "himmelblau": Formula(
        (
            Term("(x^2 + y − 11)^2", lambda x, y: (x * x + y - 11) ** 2),
            Term("(x + y^2 − 7)^2", lambda x, y: (x + y * y - 7) ** 2),
        ),
        "D. M. Himmelblau, Applied Nonlinear Programming. McGraw-Hill, 1972.",
    ),
    "styblinski_tang": Formula(
        (
            Term("(x^4 − 16·x^2 + 5·x)/2", lambda x, _y: (x**4 - 16 * x**2 + 5 * x) / 2),
            Term("(y^4 − 16·y^2 + 5·y)/2", lambda _x, y: (y**4 - 16 * y**2 + 5 * y) / 2),
            Term("78.33233", lambda _x, _y: STYBLINSKI),
        ),
        "M. A. Styblinski and T.-S. Tang, Experiments in nonconvex optimization. Neural Networks 3, 1990. "
        "The last term is ours: with it the lowest loss is about 0.",
    ),
    "rastrigin": Formula(
        (
            Term("20", lambda _x, _y: 20.0),
            Term("x^2 − 10·cos(2·π·x)", lambda x, _y: x * x - 10 * np.cos(2 * np.pi * x)),
            Term("y^2 − 10·cos(2·π·y)", lambda _x, y: y * y - 10 * np.cos(2 * np.pi * y)),
        ),
        "L. A. Rastrigin, Systems of Extremal Control, 1974, in Russian.",
    ),
    "ackley": Formula(
        (
            Term("20 − 20·e^{−0.2·r}", lambda _x, _y, r, _c: 20 - 20 * np.exp(-0.2 * r)),
            Term("e − e^c", lambda _x, _y, _r, c: np.e - np.exp(c)),
        ),
        "D. H. Ackley, A Connectionist Machine for Genetic Hillclimbing. Kluwer, 1987.",
        (
            Term("r = √((x^2 + y^2)/2)", lambda x, y: np.sqrt((x * x + y * y) / 2)),
            Term("c = (cos(2·π·x) + cos(2·π·y))/2", lambda x, y: (np.cos(2 * np.pi * x) + np.cos(2 * np.pi * y)) / 2),
        ),
    ),
}
