"""The strongest terms of a sum that is too long to be written out, and exactly what the others come to."""

from __future__ import annotations

from math import floor, fsum, isfinite, log10

import numpy as np

from visualnn.nn.network import Vector
from visualnn.nn.trace import LayerPass
from visualnn.scene.findings import Bar, Bars
from visualnn.scene.formula import MAX_DECIMALS, full, number, sum_decimals

MOST, FEW = 24, 12  # terms shown; few where the window is low
DECIMALS = 4


def contributions(
    layer: LayerPass, neuron: int, names: tuple[str, ...], *, reached: int, now: int | None
) -> tuple[tuple[Bars, Bars], int, bool]:
    """The terms of the first `reached` inputs, `now` the one at work: as many bars, and as few.

    And their decimals, and whether all that is written adds up to the neuron's sum.
    """
    products, b, z = layer.x * layer.w[:, neuron], float(layer.b[neuron]), float(layer.z[neuron])
    digits = _decimals(products)
    many, few = (_bars(products[:reached], names, most, products.size, digits, now) for most in (MOST, FEW))
    return (many, few), digits, all(_adds_up(products, most, b, z, digits) for most in (MOST, FEW))


def strongest(terms: Vector, most: int) -> tuple[list[int], float]:
    """Which terms are the strongest, these first, and what the others come to, rounded once."""
    order = np.argsort(-np.abs(np.nan_to_num(terms)), kind="stable")
    others = terms[order[most:]].tolist()
    return order[:most].tolist(), _sum(others)


def _sum(terms: list[float]) -> float:
    return fsum(terms) if all(isfinite(v) for v in terms) else sum(terms)


def _decimals(products: Vector) -> int:
    """Four, or as many as it takes to see three digits of the strongest."""
    top = float(np.max(np.abs(np.nan_to_num(products))))
    return DECIMALS if top == 0 else min(MAX_DECIMALS, max(DECIMALS, 2 - floor(log10(top))))


def _adds_up(products: Vector, most: int, bias: float, total: float, digits: int) -> bool:
    order, rest = strongest(products, most)
    return sum_decimals([*products[order].tolist(), rest, bias], total, digits) == digits


def _bars(terms: Vector, names: tuple[str, ...], most: int, inputs: int, digits: int, now: int | None) -> Bars:
    order, rest = strongest(terms, most)
    values = terms.tolist()
    texts = {i: number(values[i], digits) if values[i] else "0" for i in order}
    bars = tuple(Bar(names[i], values[i], texts[i], full(values[i]), i == now) for i in order)
    return Bars(bars, min(most, inputs), _note(len(values), inputs, most, number(rest, digits)), full(rest))


def _note(reached: int, inputs: int, most: int, rest: str) -> str:
    which = f"{inputs:,}" if reached == inputs else f"the first {reached:,} of {inputs:,}"
    if reached > most:
        return f"{most} of {which} terms shown, the rest sum to {rest}."
    return "" if reached == inputs else f"{reached:,} of {inputs:,} terms so far."
