"""What a neuron makes of its sum: its activation, and what a shortcut adds to that."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.functions import activate
from visualnn.nn.trace import Trace
from visualnn.scene.curves import TITLES
from visualnn.scene.formula import MINUS, Part, difference_decimals, full, number, precise, signed, value

HIDDEN = Part("…", "text3")


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the Inspector. `exact` is the result with all its digits. A long formula stands below the label."""

    label: str
    factors: tuple[Part, ...]
    result: Part
    equal: str
    exact: str
    lit: bool = False
    below: tuple[Part, ...] = ()


@dataclass(frozen=True, slots=True)
class ActivationLine:
    """What the activation does to the sum."""

    name: str  # as in nn.functions
    title: str
    words: str
    formula: tuple[Part, ...]
    result: Part
    z: float
    a: float
    equal: str
    exact: str
    lit: bool
    known: bool  # False while the pass has not come here yet


def activation_line(trace: Trace, layer: int, n: int, reached: float, operation: int, decimals: int) -> ActivationLine:
    """What the activation does to the sum of one neuron."""
    name = trace.network.activations[layer]
    z, a = float(trace.layers[layer].z[n]), float(trace.layers[layer].f[n])
    title, words = TITLES[name]
    z_part = value(z, number(z, decimals))
    known = reached >= (operation if name != "linear" else operation - 1)
    result = value(a, _result_text(a, decimals)) if a else Part("0", "text")
    return ActivationLine(
        name,
        title,
        words,
        _formula(name, z_part),
        result if known else HIDDEN,
        z,
        a,
        _activation_equal(name, z_part.text, result.text, decimals),
        full(a) if known else "",
        reached == operation,
        known,
    )


def shortcut_line(trace: Trace, names: tuple[tuple[str, ...], ...], layer: int, n: int, reached: float) -> Line | None:
    """What a shortcut adds to an activation."""
    source, passed = trace.network.shortcuts[layer + 1], trace.layers[layer]
    if source is None or passed.shortcut is None:
        return None
    label, operation = f"with {names[source][n]}", passed.x.size + 3
    f, added, a = float(passed.f[n]), float(passed.shortcut[n]), float(passed.a[n])
    digits = difference_decimals(f, added, a, 4)
    shown = digits or 4
    factors = (value(f, number(f, shown)), Part(" + ", "text3"), value(added, signed(number(added, shown))))
    if reached < operation:
        return Line(label, (), HIDDEN, "=", "")
    return Line(label, factors, value(a, number(a, shown)), "=" if digits else "≈", full(a), reached == operation)


def _result_text(a: float, decimals: int) -> str:
    return "0" if a == 0 else number(a, decimals) if abs(a) >= 10.0**-decimals else precise(a)


def _activation_equal(name: str, z_text: str, result_text: str, decimals: int) -> str:
    """Whether the sum that is shown leads to the result that is shown."""
    if name == "softmax":
        return "="  # a share of what all outputs say together, not of this sum alone
    try:
        by_hand = activate(name, np.array([float(z_text.replace(MINUS, "-").replace(",", ""))]))[0]
    except ValueError:
        return "≈"
    return "=" if _result_text(float(by_hand), decimals) == result_text else "≈"


def _formula(name: str, z: Part) -> tuple[Part, ...]:
    if name == "relu":
        return Part("max(0, ", "text2"), z, Part(")", "text2")
    if name == "linear":
        return (z,)
    if name == "softmax":
        return Part("share of e^", "text2"), z
    return Part(f"{name}(", "text2"), z, Part(")", "text2")
