"""The strongest terms of a sum that is too long to be written out, and exactly what the others come to."""

from __future__ import annotations

from math import floor, fsum, isfinite, log10

import numpy as np

from visualnn.nn.network import Vector
from visualnn.nn.passes import LayerPass
from visualnn.scene.findings import Bar, Bars
from visualnn.scene.formula import MAX_DECIMALS, full, number, sum_decimals

MOST, FEW = 24, 12  # terms shown; few where the window is low
DECIMALS = 4


def contributions(
    layer: LayerPass, neuron: int, names: tuple[str, ...], *, reached: int, now: int | None
) -> tuple[tuple[Bars, Bars], int, bool]:
    """The strongest terms, those of the first `reached` inputs known, `now` the one at work: as many bars, and as few.

    And their decimals, and whether all that is written adds up to the neuron's sum.
    """
    products, b, z = layer.x * layer.w[:, neuron], float(layer.b[neuron]), float(layer.z[neuron])
    digits = _decimals(products)
    many, few = (_bars(products, names, most, digits, reached, now) for most in (MOST, FEW))
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


def _bars(terms: Vector, names: tuple[str, ...], most: int, digits: int, reached: int, now: int | None) -> Bars:
    order = strongest(terms, most)[0]
    values = terms.tolist()
    extra = [now] if now is not None and now not in order else []
    shown = [*order, *extra]
    hidden = sorted(set(range(reached)).difference(shown))
    rest = _sum([values[i] for i in hidden])
    texts = {i: number(values[i], digits) if values[i] else "0" for i in shown}
    bars = tuple(Bar(names[i], values[i], texts[i], full(values[i]), i == now, i < reached) for i in shown)
    slots = len(order) + (now is not None and len(values) > most)
    finite = terms[np.isfinite(terms)]
    span = float(finite.min(initial=0.0)), float(finite.max(initial=0.0))
    return Bars(bars, slots, span, _note(reached, len(values), len(hidden), number(rest, digits)), full(rest))


def _note(reached: int, inputs: int, hidden: int, rest: str) -> str:
    if reached == inputs and hidden:
        return f"{inputs - hidden} of {inputs:,} terms shown, the rest sum to {rest}."
    more = f", those not shown sum to {rest}" if hidden else ""
    return f"{reached:,} of {inputs:,} terms so far{more}." if 0 < reached < inputs else ""
