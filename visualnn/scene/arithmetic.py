"""What an optimizer does with one parameter, number by number, as `nn.optimizers.apply_update` does with all at once.

Every rule is written in the order in which that adds and multiplies, so that both give the same float.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import isnan, nan, sqrt

from visualnn.nn.optimizers import Optimizer, look_ahead, look_ahead_product
from visualnn.scene.checking import Given, Operand, Rule

SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
AVERAGE = "{} × {} + {} × {}"


@dataclass(frozen=True, slots=True)
class Operation:
    """One line: what it is, and how it comes from what is known by then."""

    name: str
    template: str
    rule: Rule
    operands: tuple[Operand, ...]

    @property
    def value(self) -> float:
        """What comes of it."""
        return self.rule(*(v.value if isinstance(v, Given) else v for v in self.operands))


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """All lines of one update of one parameter, what it becomes, and what the optimizer remembers of it."""

    operations: tuple[Operation, ...]
    after: float
    memory: tuple[float, ...]  # slot by slot


def arithmetic(
    optimizer: Optimizer, w: float, g: float, memory: Sequence[float], *, t: int = 1, rate: float | None = None
) -> Arithmetic:
    """One update of a parameter `w` with slope `g`; `t` is 1 for the first, `memory` what is kept from before it."""
    rate = optimizer.rate if rate is None else rate
    operations: list[Operation] = []
    if optimizer.weight_decay:
        decay = (w, Given(rate), Given(optimizer.weight_decay))
        operations.append(Operation("shrunk by weight decay", "{} × (1 − {} × {})", _shrunk, decay))
        w = operations[0].value
    lines, kept = LINES[optimizer.name](optimizer, g, tuple(memory), t, rate)
    step = next(line.value for line in lines if line.name == "step")
    return Arithmetic((*operations, *lines), w - step, kept)


def sign(v: float) -> float:
    """−1, 0 or 1; NaN stays NaN."""
    return v if isnan(v) else float((v > 0) - (v < 0))


Memory = tuple[float, ...]
Lines = tuple[list[Operation], Memory]


def _sgd(_o: Optimizer, g: float, _memory: Memory, _t: int, rate: float) -> Lines:
    return [_step("{} × {}", _times, rate, g)], ()


def _momentum(o: Optimizer, g: float, memory: Memory, _t: int, rate: float) -> Lines:
    velocity = Operation("velocity", "{} × {} + {}", lambda u, v, g: u * v + g, (Given(o.momentum), memory[0], g))
    v = velocity.value
    if o.name == "momentum":
        return [velocity, _step("{} × {}", _times, rate, v)], (v,)
    ahead = Operation("looking ahead", "{} + {} × {}", lambda g, u, v: g + u * v, (g, Given(o.momentum), v))
    return [velocity, ahead, _step("{} × {}", _times, rate, ahead.value)], (v,)


def _squares(o: Optimizer, g: float, memory: Memory, _t: int, rate: float) -> Lines:
    if o.name == "adagrad":
        squares = Operation("squares so far", "{} + {}²", lambda s, g: s + g * g, (memory[0], g))
    else:
        squares = _second("mean square", o.rho, memory[0], g)
    return [squares, _divided(o, rate, g, squares.value)], (squares.value,)


def _adam(o: Optimizer, g: float, memory: Memory, t: int, rate: float) -> Lines:
    first, second = _first("first moment m", o.beta1, memory[0], g), _second("second moment v", o.beta2, memory[1], g)
    m_hat, v_hat = _corrected("m̂", first.value, o.beta1, t), _corrected("v̂", second.value, o.beta2, t)
    step = _divided(o, rate, m_hat.value, v_hat.value)
    return [first, second, m_hat, v_hat, step], (first.value, second.value)


def _nadam(o: Optimizer, g: float, memory: Memory, t: int, rate: float) -> Lines:
    first, second = _first("first moment m", o.beta1, memory[0], g), _second("second moment v", o.beta2, memory[1], g)
    now, following, product = look_ahead(o.beta1, t), look_ahead(o.beta1, t + 1), look_ahead_product(o.beta1, t)
    shares = (1.0 - now) / (1.0 - product), following / (1.0 - product * following)
    operands = (shares[0], g, shares[1], first.value)
    ahead = Operation("looking ahead", AVERAGE, lambda a, g, b, m: a * g + b * m, operands)
    v_hat = _corrected("v̂", second.value, o.beta2, t)
    step = _divided(o, rate, ahead.value, v_hat.value)
    return [first, second, ahead, v_hat, step], (first.value, second.value)


def _lion(o: Optimizer, g: float, memory: Memory, _t: int, rate: float) -> Lines:
    mixed, kept = _first("direction", o.beta1, memory[0], g), _first("momentum after", o.beta2, memory[0], g)
    step = _step("{} × sign of {}", lambda r, u: r * sign(u), rate, mixed.value)
    return [mixed, step, kept], (kept.value,)


LINES = {
    "sgd": _sgd,
    "momentum": _momentum,
    "nesterov": _momentum,
    "adagrad": _squares,
    "rmsprop": _squares,
    "adam": _adam,
    "adamw": _adam,
    "nadam": _nadam,
    "lion": _lion,
}


def _first(name: str, beta: float, m: float, g: float) -> Operation:
    return Operation(name, AVERAGE, lambda b, m, c, g: b * m + c * g, (Given(beta), m, Given(1.0 - beta), g))


def _second(name: str, beta: float, v: float, g: float) -> Operation:
    operands = (Given(beta), v, Given(1.0 - beta), g)
    return Operation(name, AVERAGE + "²", lambda b, v, c, g: b * v + c * g * g, operands)


def _corrected(name: str, moment: float, beta: float, t: int) -> Operation:
    template = f"{{}} ÷ (1 − {{}}{str(t).translate(SUPERSCRIPTS)})"
    return Operation(f"{name}, corrected", template, lambda m, b: m / (1.0 - b**t), (moment, Given(beta)))


def _divided(o: Optimizer, rate: float, upper: float, squares: float) -> Operation:
    def rule(r: float, m: float, s: float, eps: float) -> float:
        return r * m / (_root(s) + eps)

    return Operation("step", "{} × {} ÷ (√{} + {})", rule, (Given(rate), upper, squares, Given(o.eps)))


def _step(template: str, rule: Rule, rate: float, by: float) -> Operation:
    return Operation("step", template, rule, (Given(rate), by))


def _times(a: float, b: float) -> float:
    return a * b


def _shrunk(w: float, rate: float, decay: float) -> float:
    return w * (1.0 - rate * decay)


def _root(v: float) -> float:
    return sqrt(v) if v >= 0 else nan
