"""How a step's number is worked out, as one line: 2 × 0.0142 = 0.0284."""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, inf, log

import numpy as np

from visualnn.nn import by_hand
from visualnn.nn.functions import HUBER_DELTA
from visualnn.nn.network import Vector
from visualnn.nn.passes import LayerPass
from visualnn.nn.trace import Trace
from visualnn.scene.arithmetic import sign
from visualnn.scene.checking import Given, Operand, Rule, Worked, amount, leads_to, worked
from visualnn.scene.formula import (
    Part,
    Sentence,
    number,
    precise,
    product_parts,
    signed,
    summable,
    telling,
    value,
)
from visualnn.scene.losses import loss_line
from visualnn.scene.passing import activation_line, shortcut_line
from visualnn.scene.timeline import Step
from visualnn.scene.updates import is_cut, next_update, parameter_index

MOST_TERMS = 3  # products that are written out; of a longer sum the strongest, and the rest as one number
LARGEST_POWER = 20.0  # of e that is written out
OFF = "switched off, counts as 0"
WHOLE = {"mse": "mean square", "mae": "mean miss", "hinge": "mean of what is missing"}

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


# -- forward -----------------------------------------------------------------------------------------------------------


def _forward(trace: Trace, names: Names, step: Step, answers: bool) -> Sentence:
    layer, n = trace.layers[step.layer], step.neuron
    total, z, b = float(layer.total[n]), float(layer.z[n]), float(layer.b[n])
    match step.kind:
        case "multiply":
            if is_cut(trace, parameter_index(trace, step.place)):
                return (Part(OFF, "text2"),)
            return _multiplied(layer, step.source or 0, n)
        case "sum":
            return _addition((layer.x * layer.w[:, n]).tolist(), total)
        case "bias" if answers:
            return _weighted(layer.x, layer.w[:, n], b, z)
        case "bias":
            return _addition([total, b], z)
        case "shortcut":
            shown = shortcut_line(trace, names, step.layer, n, inf)
            assert shown is not None
            return _said(Worked(shown.factors, shown.result, shown.equal))
    return _activation(trace, step)


def _multiplied(layer: LayerPass, i: int, n: int) -> Sentence:
    """With the digits of the sentence that is said about it."""
    x, w, decimals = float(layer.x[i]), float(layer.w[i, n]), summable(layer.products[:, n], float(layer.total[n]))
    a, b, product = product_parts(x, w, decimals)
    equal = "=" if leads_to(_product, (a.text, b.text), product.text) else "≈"
    return _said(Worked((a, Part(" × ", "text3"), Part(signed(b.text), b.role)), product, equal))


def _activation(trace: Trace, step: Step) -> Sentence:
    if trace.network.activations[step.layer] == "softmax":
        return _share(trace.layers[step.layer], step.neuron)
    line = activation_line(trace, step.layer, step.neuron, inf, 0, 2)
    text = telling(line.a)
    if line.a == 0 or text == line.result.text:
        return _said(Worked(line.formula, line.result, line.equal))
    z = next(part.text for part in line.formula if part.role in ("pos", "neg", "zero"))
    again = float(by_hand.activations(line.name, np.array([amount(z)]))[0])
    return _said(Worked(line.formula, value(line.a, text), "=" if telling(again) == text else "≈"))


def _share(layer: LayerPass, n: int) -> Sentence:
    """e^z ÷ the sum of all of them, all sums lessened by the largest where they would be too large to write."""
    z, top = float(layer.z[n]), float(layer.z.max())
    if abs(z) <= LARGEST_POWER >= top:
        total = by_hand.added(map(exp, layer.z.tolist()))
        return _line("e^{} ÷ {}", lambda v, s: exp(v) / s, (z, total), float(layer.f[n]))
    total = by_hand.added(exp(v - top) for v in layer.z.tolist())
    return _line("e^({} − {}) ÷ {}", lambda v, most, s: exp(v - most) / s, (z, top, total), float(layer.f[n]))


# -- loss --------------------------------------------------------------------------------------------------------------


def _loss(trace: Trace, step: Step) -> Sentence:
    assert trace.target is not None
    assert trace.loss is not None
    if step.kind == "mean":
        return _mean(trace.batch_losses.tolist(), trace.mean_loss or 0.0)
    if step.kind == "miss":
        out, target = float(trace.output[step.neuron]), float(trace.target[step.neuron])
        return _line("{} − {}", _difference, (out, target))
    if trace.loss_name == "cross_entropy":
        return _cross_entropy(trace)
    if trace.output.size == 1:
        line = loss_line(trace, 0, "", trace.loss, len(precise(trace.loss).partition(".")[2]))
        return _said(Worked(line.factors, line.result, line.equal))
    if trace.loss_name == "mse":
        return _mean((trace.output - trace.target).tolist(), trace.loss, "{}²", _square)
    return _plainly(WHOLE.get(trace.loss_name, trace.loss_name.replace("_", "-")), trace.loss)


def _mean(values: list[float], mean: float, term: str = "{}", of: Rule = float) -> Sentence:
    """(v + v) ÷ 2, where there are few."""
    if len(values) > MOST_TERMS:
        return _plainly(f"mean of {len(values):,} {'squares' if of is _square else 'losses'}", mean)
    template = f"({' + '.join([term] * len(values))}) ÷ {len(values)}"
    return _line(template, lambda *v: by_hand.added(map(of, v)) / len(v), values, mean)


def _cross_entropy(trace: Trace) -> Sentence:
    assert trace.target is not None
    assert trace.loss is not None
    if sorted(trace.target.tolist()) != [0.0] * (trace.target.size - 1) + [1.0]:
        return _plainly("cross-entropy", trace.loss)
    return _line("−ln {}", lambda p: -log(p), (float(trace.output[int(np.argmax(trace.target))]),), trace.loss)


# -- backward ----------------------------------------------------------------------------------------------------------


def _backward(trace: Trace, step: Step) -> Sentence:
    slopes, n = trace.slopes[step.layer], step.neuron
    if step.kind in ("slope_weight", "slope_bias") and is_cut(trace, parameter_index(trace, step.place)):
        return (Part(OFF, "text2"),)
    da, dz = float(slopes.da[n]), float(slopes.dz[n])
    match step.kind:
        case "slope_output":
            return _output_slope(trace, n)
        case "slope_neuron":
            w, following = trace.layers[step.layer + 1].w[n], trace.slopes[step.layer + 1].dz
            by_shortcuts = da - float(np.add.accumulate(w * following)[-1])
            return _weighted(following, w, by_shortcuts, da)
        case "slope_gate":
            return _through(trace, step, da, dz)
        case "slope_bias":
            return _line("{} × 1", float, (dz,), float(slopes.db[n]))
    i = step.source or 0
    return _line("{} × {}", _product, (dz, float(slopes.x[i])), slopes.of_weight(i, n))


def _through(trace: Trace, step: Step, da: float, dz: float) -> Sentence:
    """The slope that arrives at an activation times the activation's own."""
    layer, n, name = trace.layers[step.layer], step.neuron, trace.network.activations[step.layer]
    if name == "softmax":
        a, pull = float(layer.a[n]), by_hand.added((trace.slopes[step.layer].da * layer.a).tolist())
        return _line("{} × ({} − {})", lambda share, d, mean: share * (d - mean), (a, da, pull), dz)
    own = float(by_hand.slope(name, layer.z, layer.f)[n])
    return _line("{} × {}", _product, (da, own), dz)


def _output_slope(trace: Trace, n: int) -> Sentence:
    assert trace.target is not None
    slope, size = float(trace.slopes[-1].da[n]), trace.target.size
    operands = float(trace.output[n]), float(trace.target[n])
    share = "" if size == 1 else f" ÷ {size}"
    match trace.loss_name:
        case "mse":
            return _line(f"2 × ({{}} − {{}}){share}", lambda a, y: 2.0 * (a - y) / size, operands, slope)
        case "binary_cross_entropy":
            template = f"({{}} − {{}}){share}" if share else "{} − {}"
            return _line(template, lambda a, y: (a - y) / size, operands, slope)
        case "cross_entropy" if by_hand.added(trace.target.tolist()) == 1.0:
            return _line("{} − {}", _difference, operands, slope)
        case "mae" | "huber" if trace.loss_name == "mae" or abs(operands[0] - operands[1]) > HUBER_DELTA:
            return _line(f"sign of ({{}} − {{}}){share}", lambda a, y: sign(a - y) / size, operands, slope)
        case "huber":
            template = f"({{}} − {{}}){share}" if share else "{} − {}"
            return _line(template, lambda a, y: (a - y) / size, operands, slope)
        case "hinge":
            side = 2.0 * operands[1] - 1.0
            if slope == 0:
                return _plainly("nothing is missing: slope", slope)
            return _line(f"−({{}}){share}", lambda s: -s / size, (Given(side),), slope)
    return _plainly("slope of the cross-entropy", slope)


def _update(trace: Trace, step: Step) -> Sentence:
    outlook = next_update(trace, parameter_index(trace, step.place))
    return (Part(OFF, "text2"),) if outlook is None else outlook.formula


# -- lines -------------------------------------------------------------------------------------------------------------


def _line(
    template: str, rule: Rule, operands: Sequence[Operand], result: float | None = None, *, text: str | None = None
) -> Sentence:
    """A formula and what comes of it; “=” only where the numbers as written lead to the result as written."""
    if result is None:
        result = rule(*operands)
    return _said(worked(template, rule, operands, result, decimals=2, text=precise(result) if text is None else text))


def _said(shown: Worked) -> Sentence:
    return (*shown.formula, Part(f" {shown.equal} ", "text3"), shown.result)


def _plainly(what: str, result: float) -> Sentence:
    """What cannot be worked out in one line, by its name."""
    return Part(what, "text2"), Part(" = ", "text3"), value(result, precise(result))


def _addition(terms: list[float], total: float) -> Sentence:
    """t + t + … = total, of many terms the strongest and the sum of the others."""
    listed, others = terms, 0
    if len(terms) > MOST_TERMS + 1:
        order = np.sort(np.argsort(-np.abs(terms), kind="stable")[:MOST_TERMS]).tolist()
        listed, others = [terms[i] for i in order], len(terms) - MOST_TERMS
        listed.append(total - by_hand.added(listed))
    template = " + ".join(["{}"] * len(listed)) + (f" ({others:,} others)" if others else "")
    shown = worked(template, _sum, listed, total, decimals=2, trim=False, text=_short_result(total))
    return _said(shown)


def _weighted(x: Vector, w: Vector, extra: float, total: float) -> Sentence:
    """x × w + x × w + extra = total; as values where there are too many for one line."""
    if x.size > MOST_TERMS:
        return _addition([*(x * w).tolist(), *([extra] if extra else [])], total)
    pairs = [float(v) for pair in zip(x, w, strict=True) for v in pair]
    template = " + ".join(["{} × {}"] * x.size)
    shown = worked(template, _weighted_sum, pairs, total, decimals=2, text=_short_result(total))
    if extra and shown.equal != "=":
        shown = worked(
            f"{template} + {{}}", _weighted_sum, [*pairs, extra], total, decimals=2, text=_short_result(total)
        )
    return _said(shown)


def _short_result(total: float) -> str:
    return number(total) if total == 0 or abs(total) >= 0.1 else precise(total)


def _product(a: float, b: float) -> float:
    return a * b


def _difference(a: float, b: float) -> float:
    return a - b


def _square(a: float) -> float:
    return a * a


def _sum(*terms: float) -> float:
    return by_hand.added(terms)


def _weighted_sum(*numbers: float) -> float:
    pairs = zip(numbers[::2], numbers[1::2], strict=False)
    return by_hand.added(a * b for a, b in pairs) + (numbers[-1] if len(numbers) % 2 else 0.0)
