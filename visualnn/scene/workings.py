"""How a step's number is worked out, as one line: 2 × 0.0142 = 0.0284.

“=” only stands where the numbers as written give the result as written; else it is “≈”.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from math import inf, isfinite, log

import numpy as np

from visualnn.nn import by_hand
from visualnn.nn.network import Vector
from visualnn.nn.trace import Trace
from visualnn.scene.formula import (
    MAX_DECIMALS,
    MINUS,
    Part,
    Sentence,
    difference_decimals,
    number,
    precise,
    product_decimals,
    short,
    signed,
    telling,
    value,
)
from visualnn.scene.passing import activation_line, shortcut_line
from visualnn.scene.timeline import Step

MOST_TERMS = 3  # products that are written out; of a longer sum the strongest, and the rest as one number

TIMES, PLUS, OF = (Part(f" {sign} ", "text3") for sign in "×+−")
Names = tuple[tuple[str, ...], ...]


def working(trace: Trace, names: Names, step: Step, *, answers: bool = False) -> Sentence:
    """The line of one step. `answers`: it is the last of the forward pass, and shows the whole sum."""
    match step.phase:
        case "Forward":
            return _forward(trace, names, step, answers)
        case "Loss":
            return _loss(trace, step)
        case "Backward":
            return _backward(trace, step)
        case "Update":
            return _update(trace, step)


def _forward(trace: Trace, names: Names, step: Step, answers: bool) -> Sentence:
    layer, n = trace.layers[step.layer], step.neuron
    if step.kind == "multiply":
        i = step.source or 0
        return product(float(layer.x[i]), float(layer.w[i, n]), decimals=2)
    if step.kind == "sum":
        return addition((layer.x * layer.w[:, n]).tolist(), float(layer.total[n]))
    if step.kind == "bias":
        if answers:
            return weighted(layer.x, layer.w[:, n], float(layer.b[n]), float(layer.z[n]))
        return addition([float(layer.total[n]), float(layer.b[n])], float(layer.z[n]))
    if step.kind == "shortcut":
        shown = shortcut_line(trace, names, step.layer, n, inf)
        assert shown is not None
        return (*shown.factors, _equal(shown.equal == "="), shown.result)
    return _activation(trace, step)


def _activation(trace: Trace, step: Step) -> Sentence:
    line = activation_line(trace, step.layer, step.neuron, inf, 0, 2)
    text = telling(line.a)
    if line.a == 0 or text == line.result.text:
        return (*line.formula, _equal(line.equal == "="), line.result)
    z = next(part.text for part in line.formula if part.role in ("pos", "neg", "zero"))
    again = float(by_hand.activations(line.name, np.array([float(_plain(z))]))[0]) if line.name != "softmax" else line.a
    return (*line.formula, _equal(telling(again) == text), value(line.a, text))


def _loss(trace: Trace, step: Step) -> Sentence:
    assert trace.target is not None
    assert trace.loss is not None
    if step.kind == "mean":
        losses = trace.batch_losses.tolist()
        if len(losses) <= MOST_TERMS:
            listed = [part for v in losses for part in (PLUS, value(v, precise(v)))][1:]
            by_hand_mean = sum((Decimal(_plain(precise(v))) for v in losses), Decimal(0)) / len(losses)
            mean = _small(trace.mean_loss or 0.0)
            holds = _matches(by_hand_mean, trace.mean_loss or 0.0, mean.text)
            return (Part("("), *listed, Part(f") ÷ {len(losses)}"), _equal(holds), mean)
        return (Part(f"mean of {len(losses)} losses"), _equal(True), _small(trace.mean_loss or 0.0))
    if step.kind == "miss":
        out, target = float(trace.output[step.neuron]), float(trace.target[step.neuron])
        return difference(out, target)
    return _total_loss(trace)


def _total_loss(trace: Trace) -> Sentence:
    assert trace.target is not None
    assert trace.loss is not None
    loss, misses = _small(trace.loss), trace.output - trace.target
    if trace.loss_name == "mse" and misses.size <= MOST_TERMS:
        squares = [part for v in misses.tolist() for part in (PLUS, *_squared(v))][1:]
        total = sum((Decimal(_plain(precise(v))) ** 2 for v in misses.tolist()), Decimal(0))
        holds = _matches(total / misses.size, trace.loss, loss.text)
        mean = () if misses.size == 1 else (Part(f" ÷ {misses.size}"),)
        listed = squares if misses.size == 1 else [Part("("), *squares, Part(")")]
        return (*listed, *mean, _equal(holds), loss)
    if trace.loss_name == "mae" and misses.size == 1:
        miss = float(misses[0])
        return (Part("|"), value(miss, precise(miss)), Part("|"), _equal(True), loss)
    if trace.loss_name == "cross_entropy" and sorted(trace.target.tolist()) == [0.0] * (misses.size - 1) + [1.0]:
        right = float(trace.output[int(np.argmax(trace.target))])
        text = precise(right)
        holds = right > 0 and _matches(Decimal(-log(float(text))) if float(text) > 0 else None, trace.loss, loss.text)
        return (Part(f"{MINUS}ln "), value(right, text), _equal(holds), loss)
    names = {"mse": "mean square", "mae": "mean miss", "hinge": "mean of what is missing"}
    return (Part(names.get(trace.loss_name, trace.loss_name.replace("_", "-"))), _equal(True), loss)


def _squared(v: float) -> tuple[Part, ...]:
    text = precise(v)
    return (Part("("), value(v, text), Part(")²")) if v < 0 else (value(v, text), Part("²"))


def _backward(trace: Trace, step: Step) -> Sentence:
    slopes, n = trace.slopes[step.layer], step.neuron
    match step.kind:
        case "slope_output":
            return _output_slope(trace, n)
        case "slope_neuron":
            return _coming_back(trace, step)
        case "slope_gate":
            da, dz = float(slopes.da[n]), float(slopes.dz[n])
            if da == 0 or trace.network.activations[step.layer] == "softmax":
                return (_small(da), Part(" through the activation", "text3"), _equal(True), _small(dz))
            return product(da, dz / da, result=dz)
        case "slope_bias":
            return product(float(slopes.dz[n]), 1.0, result=float(slopes.db[n]))
    i = step.source or 0
    return product(float(slopes.dz[n]), float(slopes.x[i]), result=float(slopes.dw[i, n]))


def _output_slope(trace: Trace, n: int) -> Sentence:
    assert trace.target is not None
    slope, out, target = float(trace.slopes[-1].da[n]), float(trace.output[n]), float(trace.target[n])
    if trace.loss_name == "mse":
        share = () if trace.target.size == 1 else (Part(f" ÷ {trace.target.size}"),)
        inner = difference(out, target)
        cut = next(i for i, part in enumerate(inner) if part.text in (" = ", " ≈ "))
        return (
            Part("2"),
            TIMES,
            Part("("),
            *inner[:cut],
            Part(")"),
            *share,
            _equal(inner[cut].text == " = "),
            _small(slope),
        )
    if trace.loss_name in ("cross_entropy", "binary_cross_entropy") and trace.target.size == 1:
        return difference(out, target)
    return (Part("slope of the loss"), _equal(True), _small(slope))


def _coming_back(trace: Trace, step: Step) -> Sentence:
    """What all that a neuron's output leads to brings back."""
    following = trace.slopes[step.layer + 1]
    w = trace.layers[step.layer + 1].w[step.neuron]
    da = float(trace.slopes[step.layer].da[step.neuron])
    rest = da - float(np.add.accumulate(w * following.dz)[-1])  # by shortcuts
    return weighted(following.dz, w, rest, da)


def _update(trace: Trace, step: Step) -> Sentence:
    assert trace.updated is not None
    assert trace.gradient is not None
    assert trace.optimizer is not None
    index = (
        trace.network.bias_index(step.layer, step.neuron)
        if step.source is None
        else trace.network.weight_index(step.layer, step.source, step.neuron)
    )
    before, after, slope = (float(v[index]) for v in (trace.parameters, trace.updated, trace.gradient))
    decimals = next((d for d in range(3, MAX_DECIMALS) if number(before, d) != number(after, d)), 3)
    if trace.optimizer.name == "sgd" and not trace.optimizer.weight_decay:
        return _sgd(before, trace.rate, slope, after, decimals)
    change = after - before
    digits = difference_decimals(before, change, after, decimals)
    shown = digits or decimals
    sign = PLUS if change >= 0 else OF
    size = Part(_term(abs(change), shown), value(change).role)
    return _number(before, shown), sign, size, _equal(digits is not None), _number(after, shown)


def _sgd(before: float, rate: float, slope: float, after: float, decimals: int) -> Sentence:
    """Before − rate × slope = after."""
    found = None
    for digits in range(decimals, MAX_DECIMALS + 1):
        if not all(isfinite(v) and abs(v) < 1e5 for v in (before, slope, after)):
            break
        found_after = _rounded(before, digits) - Decimal(repr(rate)) * _rounded(slope, digits)
        if found_after.quantize(_rounded(after, digits), ROUND_HALF_EVEN) == _rounded(after, digits):
            found = digits
            break
    shown = found or decimals
    written = value(slope, signed(_trimmed(_term(slope, shown))))
    factors = (Part(f"{rate:g}", "text2"), TIMES, written)
    return _number(before, shown), OF, *factors, _equal(found is not None), _number(after, shown)


def _trimmed(text: str) -> str:
    """−1.20 rather than −1.200: nothing is lost."""
    while text.endswith("0") and len(text.partition(".")[2]) > 2:
        text = text[:-1]
    return text


def _term(v: float, decimals: int) -> str:
    """A number that takes part in a sum, as small as it may be."""
    text = number(v, decimals)
    return precise(v) if text.startswith("≈") else text


def _number(v: float, decimals: int) -> Part:
    return value(v, _term(v, decimals))


# -- lines -----------------------------------------------------------------------------------------------------------


def product(a: float, b: float, *, decimals: int | None = None, result: float | None = None) -> Sentence:
    """a × b = result."""
    result = a * b if result is None else result
    text = precise(result) if decimals is None else number(result, decimals)
    places = len(text.partition(".")[2].partition("e")[0])
    digits = product_decimals(a, b, places) if "e" not in text else None
    shown = digits or max(places, 2)
    factors = [precise(v) if result == 0 and 0 < abs(v) < 0.1 else short(v, shown) for v in (a, b)]
    return value(a, factors[0]), TIMES, value(b, signed(factors[1])), _equal(digits is not None), value(result, text)


def difference(a: float, b: float) -> tuple[Part, Part, Part, Part, Part]:
    """a − b = the difference."""
    text = precise(a - b)
    places = max(2, len(text.partition(".")[2].partition("e")[0]))
    digits = difference_decimals(a, -b, a - b, places)
    shown = digits or places
    result = value(a - b, number(a - b, shown))
    return value(a, short(a, shown)), OF, value(b, signed(short(b, shown))), _equal(digits is not None), result


def addition(terms: list[float], total: float, decimals: int = 2) -> Sentence:
    """t + t + … = total, of many terms the strongest and the sum of the others."""
    order, others = _strongest(np.array(terms))
    shown_terms = [terms[i] for i in order] + ([total - float(np.array(terms)[order].sum())] if others else [])
    digits = _sum_digits(shown_terms, total, decimals)
    shown = digits or decimals
    parts: list[Part] = []
    for v in shown_terms:
        text = _term(v, shown)
        parts += [PLUS, value(v, signed(text))] if parts else [value(v, text)]
    note = (Part(f" ({others} others)", "text3"),) if others else ()
    return (*parts, *note, _equal(digits is not None), value(total, number(total, shown)))


def weighted(x: Vector, w: Vector, extra: float, total: float, decimals: int = 2) -> Sentence:
    """x × w + x × w + extra = total; as values where there are too many for one line."""
    if x.size > MOST_TERMS:
        terms = [*(x * w).tolist(), extra] if extra else (x * w).tolist()
        return addition(terms, total, decimals)
    text = number(total, decimals) if abs(total) >= 0.1 or total == 0 else precise(total)
    places = len(text.partition(".")[2].partition("e")[0])
    digits = _weighted_digits(x.tolist(), w.tolist(), extra, total, max(places, 2))
    shown = digits or places
    parts: list[Part] = []
    for a, b in zip(x.tolist(), w.tolist(), strict=True):
        parts += [*([PLUS] if parts else []), value(a, short(a, shown)), TIMES, value(b, signed(number(b, shown)))]
    if extra and _rounded(extra, shown) != 0:
        parts += [PLUS, value(extra, signed(number(extra, shown)))]
    return (*parts, _equal(digits is not None), value(total, text))


def _weighted_digits(x: list[float], w: list[float], extra: float, total: float, decimals: int) -> int | None:
    if not all(isfinite(v) and abs(v) < 1e5 for v in (*x, *w, extra, total)):
        return None
    wanted = _rounded(total, decimals)
    for digits in range(decimals, MAX_DECIMALS + 1):
        pairs = ((_rounded(a, digits) * _rounded(b, digits)) for a, b in zip(x, w, strict=True))
        found = sum(pairs, _rounded(extra, digits))
        if found.quantize(wanted, ROUND_HALF_EVEN) == wanted:
            return digits
    return None


def _sum_digits(terms: list[float], total: float, decimals: int) -> int | None:
    if not all(isfinite(v) and abs(v) < 1e5 for v in (*terms, total)):
        return None
    for digits in range(decimals, MAX_DECIMALS + 1):
        if sum((_rounded(v, digits) for v in terms), Decimal(0)) == _rounded(total, digits):
            return digits
    return None


def _strongest(terms: Vector) -> tuple[list[int], int]:
    """Which terms are written, in their order, and how many are not."""
    if terms.size <= MOST_TERMS + 1:
        return list(range(terms.size)), 0
    order = np.sort(np.argsort(-np.abs(terms), kind="stable")[:MOST_TERMS])
    return order.tolist(), terms.size - MOST_TERMS


def _rounded(v: float, digits: int) -> Decimal:
    return Decimal(float(v)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)


def _matches(written: Decimal | None, true: float, text: str) -> bool:
    """Whether what the written numbers give rounds to the written result."""
    if written is None or "e" in text or not isfinite(true):
        return False
    places = len(text.partition(".")[2])
    return written.quantize(Decimal(1).scaleb(-places), ROUND_HALF_EVEN) == _rounded(true, places)


def _plain(text: str) -> str:
    return text.replace(MINUS, "-").replace(",", "").replace("≈ ", "")


def _small(v: float) -> Part:
    return value(v, precise(v))


def _equal(holds: bool) -> Part:
    return Part(" = " if holds else " ≈ ", "text3")
