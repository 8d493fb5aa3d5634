"""The cross-entropies: how sums become shares, and how little the right one is surprised."""

from __future__ import annotations

from math import exp, log

import numpy as np

from visualnn.nn import by_hand
from visualnn.nn.trace import Trace
from visualnn.scene.checking import Given, worked
from visualnn.scene.formula import MAX_ROWS, full, short, value
from visualnn.scene.lines import below, settled, worked_line
from visualnn.scene.passing import Line

Names = tuple[tuple[str, ...], ...]
FARTHEST = 10.0  # sums up to here are raised to powers of e as they are, larger ones less the largest


def sigmoid_lines(trace: Trace) -> tuple[tuple[Line, ...], str]:
    """From the sum to the share and to minus its logarithm."""
    assert trace.target is not None
    assert trace.loss is not None
    z, a, y = float(trace.layers[-1].z[0]), float(trace.output[0]), float(trace.target[0])
    e = _power(-z)
    lines = [
        Line("Target", (), value(y, short(y, 4)), "=", full(y)),
        worked_line("e^−sum", "e^{}", exp, (-z,), e),
        worked_line("Answer", "1 ÷ (1 + {})", lambda v: 1 / (1 + v), (e,), a),
    ]
    if y == 0:
        lines.append(worked_line("Share of 0", "1 − {}", lambda a: 1 - a, (a,), _right_share(trace, 0)))
    lines.append(logarithm(trace, 0, "−ln of that" if y in (0, 1) else "Cross-entropy", trace.loss))
    return tuple(lines), "="


def logarithm(trace: Trace, k: int, label: str, result: float, decimals: int = 4) -> Line:
    """What an output adds to a binary cross-entropy."""
    assert trace.target is not None
    y, share = float(trace.target[k]), _right_share(trace, k)
    if y in (0.0, 1.0):
        return worked_line(label, "−ln {}", _minus_log, (share,), result, decimals=decimals)
    operands = (Given(y), float(trace.output[k]), Given(1.0 - y), 1.0 - float(trace.output[k]))
    line = worked("−({} × ln {} + {} × ln {})", _cross, operands, result, decimals=decimals)
    return Line(label, (), line.result, line.equal, full(result), below=line.formula)


def _right_share(trace: Trace, k: int) -> float:
    """How sure the answer is of what is true: its share, or what that leaves, to the last digit."""
    assert trace.target is not None
    z = trace.layers[-1].z[k : k + 1]
    return float(by_hand.activations("sigmoid", z if trace.target[k] == 1 else -z)[0])


# -- cross-entropy -----------------------------------------------------------------------------------------------------


def softmax_lines(trace: Trace, names: Names) -> tuple[tuple[Line, ...], str]:
    """Softmax written out: powers of e, their sum, the right one's share, and minus its logarithm."""
    assert trace.target is not None
    assert trace.loss is not None
    z = trace.layers[-1].z
    top = float(z.max()) if float(np.abs(z).max()) > FARTHEST else 0.0
    powers = [_power(v - top) for v in z.tolist()]
    right = int(np.argmax(trace.target))
    lines = [_power_line(names[-1][k], float(z[k]), top, powers[k], right=k == right) for k in _classes(powers, right)]
    if len(powers) > len(lines):
        rest = by_hand.added(powers) - by_hand.added(powers[k] for k in _classes(powers, right))
        lines.append(Line(f"{len(powers) - len(lines)} other classes", (), settled(rest), "=", full(rest)))
    whole = by_hand.added(powers)
    lines.append(Line("All together", (), settled(whole), "=", full(whole)))
    return (*lines, *_logarithms(trace, names, powers, whole)), "="


def _logarithms(trace: Trace, names: Names, powers: list[float], whole: float) -> list[Line]:
    """Minus the logarithm of the right class's share; of every share where the target is not one class."""
    assert trace.target is not None
    assert trace.loss is not None
    targets, share = trace.target.tolist(), trace.output.tolist()
    lines = []
    for k in [k for k, y in enumerate(targets) if y][:MAX_ROWS]:
        label, operands = f"Share of {names[-1][k]}", (powers[k], whole)
        lines.append(below(worked_line(label, "{} ÷ {}", lambda e, s: e / s, operands, share[k])))
        if targets[k] == 1.0:
            lines.append(worked_line("−ln of that", "−ln {}", _minus_log, (share[k],), _log_or_loss(trace, share[k])))
        else:
            v = targets[k] * _minus_log(share[k]) if share[k] else float("inf")
            lines.append(
                worked_line(f"Counts {targets[k]:g}", "−{} × ln {}", _weighted, (Given(targets[k]), share[k]), v)
            )
    return lines


def _log_or_loss(trace: Trace, share: float) -> float:
    """The loss itself where it is one class's, since it is exact for however small a share."""
    assert trace.target is not None
    assert trace.loss is not None
    return trace.loss if np.count_nonzero(trace.target) == 1 else _minus_log(share)


def _power_line(name: str, z: float, top: float, power: float, *, right: bool) -> Line:
    label = name
    if right:
        label = f"{name[:-1]}, right)" if name.endswith(")") else f"{name} (right)"
    if top:
        return worked_line(label, "e^({} − {})", lambda z, top: exp(z - top), (z, top), power)
    return worked_line(label, "e^{}", exp, (z,), power)


def _classes(powers: list[float], right: int) -> list[int]:
    """Which classes have a row: of many the strongest and the right one."""
    order = sorted(range(len(powers)), key=lambda k: (k != right, -powers[k]))
    return sorted(order[:MAX_ROWS])


def _power(v: float) -> float:
    try:
        return exp(v)
    except OverflowError:
        return float("inf")


def _minus_log(share: float) -> float:
    return -log(share) if share > 0 else float("inf")


def _weighted(y: float, share: float) -> float:
    return -y * log(share)


def _cross(y: float, a: float, other: float, b: float) -> float:
    return -(y * log(a) + other * log(b))
