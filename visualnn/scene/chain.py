"""How the loss reacts to a weight, a bias or a neuron: link by link, with this pass's numbers.

The links are multiplied from the loss back to the place. Where several ways lead on from a neuron, what comes back by
all of them is one link. Links that the backward pass has not come to yet are hidden, and with them their product.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import prod

from visualnn.nn import by_hand
from visualnn.nn.by_hand import CROSS_ENTROPIES
from visualnn.nn.functions import HUBER_DELTA
from visualnn.nn.trace import Trace
from visualnn.scene.checking import leads_to, worked, written
from visualnn.scene.curves import TITLES
from visualnn.scene.findings import Link
from visualnn.scene.formula import MAX_DECIMALS, full, number, plain, precise, signed, value
from visualnn.scene.frame import Place
from visualnn.scene.passing import HIDDEN
from visualnn.scene.timeline import Step
from visualnn.scene.turns import Turn, has_come

Names = tuple[tuple[str, ...], ...]
WAYS = 3  # that are written out, the strongest


@dataclass(frozen=True, slots=True)
class Factor:
    """A link before it is written."""

    title: str
    details: tuple[str, ...]
    symbol: str
    value: float
    turn: Turn | None = None  # the operation that makes it; None if it is known since the forward pass


@dataclass(frozen=True, slots=True)
class Chain:
    """The links, and the slope that is their product."""

    links: tuple[Link, ...]
    slope: float
    text: str
    equal: str
    known: bool  # whether all links are


def chain(trace: Trace, names: Names, place: Place, step: Step | None = None, *, of_output: bool = False) -> Chain:
    """The chain down to a weight, a bias, or a neuron: to its sum, or to what it passes on if `of_output`.

    With a `step` of the backward pass, as far as that has come.
    """
    layer, n = place.column - 1, place.neuron
    slopes = trace.slopes[layer]
    factors = to_output(trace, names, layer, n) if of_output else to_sum(trace, names, layer, n)
    if place.kind == "weight" and place.source is not None:
        i = place.source
        factors.append(_arrival(names[layer][i], float(slopes.x[i]), hidden=layer > 0))
        return _multiplied(factors, slopes.of_weight(i, n), step)
    if place.kind == "bias":
        factors.append(Factor("counts as it is", ("× 1",), "∂sum / ∂bias", 1.0))
        return _multiplied(factors, float(slopes.db[n]), step)
    return _multiplied(factors, float((slopes.da if of_output else slopes.dz)[n]), step)


def to_output(trace: Trace, names: Names, layer: int, n: int) -> list[Factor]:
    """The links down to what a neuron passes on; a cross-entropy goes to the sum in one."""
    last = len(trace.layers) - 1
    if layer == last:
        first = _answer(trace, n) if trace.loss_name in CROSS_ENTROPIES else _miss(trace, names, n)
        return [replace(first, turn=Turn("slope_output", layer, n))]
    if _has_one_plain_way(trace, layer, n):
        source, target = names[layer + 1][n], names[-1][0]
        weight = float(trace.layers[last].w[n, 0])
        behind = "sum" if trace.loss_name in CROSS_ENTROPIES else target
        through = Factor("passes back through", (f"weight {source}→{target}",), f"∂{behind} / ∂{source}", weight)
        return [*to_output(trace, names, last, 0), through]
    return [replace(_returning(trace, names, layer, n), turn=Turn("slope_neuron", layer, n))]


def to_sum(trace: Trace, names: Names, layer: int, n: int) -> list[Factor]:
    """The links down to a neuron's sum."""
    activation = trace.network.activations[layer]
    if layer == len(trace.layers) - 1:
        if activation == "softmax" and trace.loss_name not in CROSS_ENTROPIES:
            return [replace(_shared(trace, n), turn=Turn("slope_gate", layer, n))]
        if trace.loss_name in CROSS_ENTROPIES:
            return to_output(trace, names, layer, n)
    gate = [] if activation == "linear" else [replace(_gate(trace, layer, n), turn=Turn("slope_gate", layer, n))]
    return [*to_output(trace, names, layer, n), *gate]


# -- links -------------------------------------------------------------------------------------------------------------


def _miss(trace: Trace, names: Names, n: int) -> Factor:
    assert trace.target is not None
    a, y, slope = float(trace.output[n]), float(trace.target[n]), float(trace.slopes[-1].da[n])
    symbol, shared = f"∂loss / ∂{names[-1][n]}", "" if trace.target.size == 1 else f" ÷ {trace.target.size}"
    if trace.loss_name == "hinge":
        return Factor(*_side(a, y, shared), symbol, slope)
    if trace.loss_name == "mae":
        where = "above" if a > y else "below" if a < y else "at"
        sign = "+1" if a > y else "−1" if a < y else "0"
        return Factor(f"output is {where} target", (f"counts as {sign}{shared}",), symbol, slope)
    if trace.loss_name == "huber" and abs(a - y) > HUBER_DELTA:
        return Factor("output misses by far", (f"counts as {'+1' if a > y else '−1'}{shared}",), symbol, slope)
    size = trace.target.size
    if trace.loss_name == "huber":
        template = "{} − {}" if size == 1 else f"({{}} − {{}}) ÷ {size}"
        shown = worked(template, lambda a, y: (a - y) / size, (a, y), slope, decimals=2, trim=False)
    else:
        template = f"2 × ({{}} − {{}}){shared}"
        shown = worked(template, lambda a, y: 2 * (a - y) / size, (a, y), slope, decimals=2, trim=False)
    return Factor("output misses by", (plain(shown.formula),), symbol, slope)


def _side(a: float, y: float, shared: str) -> tuple[str, tuple[str, ...]]:
    """The hinge loss' link: the side the class is on, if something is missing there."""
    side = 2.0 * y - 1.0
    if 1.0 - side * a <= 0:
        return "nothing is missing", (f"{number(a)} is on its side",)
    return "it should be farther", (f"minus its side, {number(-side, 0)}{shared}",)


def _answer(trace: Trace, n: int) -> Factor:
    """A cross-entropy's link, which is that of the sum."""
    assert trace.target is not None
    a, y, slope = float(trace.output[n]), float(trace.target[n]), float(trace.slopes[-1].dz[n])
    size = trace.target.size if trace.loss_name == "binary_cross_entropy" else 1
    template = "{} − {}" if size == 1 else f"({{}} − {{}}) ÷ {size}"
    shown = worked(template, lambda a, y: (a - y) / size, (a, y), slope, decimals=2, trim=False)
    return Factor("answer minus target", (plain(shown.formula),), "∂loss / ∂sum", slope)


def _shared(trace: Trace, n: int) -> Factor:
    """Through softmax, where every share depends on every sum."""
    slopes, a = trace.slopes[-1], trace.output
    mean = by_hand.added((slopes.da * a).tolist())
    operands = (float(a[n]), float(slopes.da[n]), mean)
    shown = worked("{} × ({} − {})", lambda a, d, m: a * (d - m), operands, float(slopes.dz[n]), decimals=2, trim=False)
    return Factor("share of the misses", (plain(shown.formula),), "∂loss / ∂sum", float(slopes.dz[n]))


def _gate(trace: Trace, layer: int, n: int) -> Factor:
    name, passed = trace.network.activations[layer], trace.layers[layer]
    slope = float(by_hand.slope(name, passed.z[n : n + 1], passed.f[n : n + 1])[0])
    z, title = float(passed.z[n]), TITLES[name][0]
    if name == "relu":
        state, sign = ("open", ">") if z > 0 else ("closed", "≤")
        shown = number(z) if abs(z) >= 0.005 or z == 0 else precise(z)
        return Factor(f"ReLU is {state}", (f"sum {shown} {sign} 0",), "ReLU′", slope)
    how = "is level" if slope == 0 else "is open" if slope == 1 else "has this slope"
    return Factor(f"{title} {how}", (f"at sum {number(z)}",), f"{title}′", slope)


def _arrival(name: str, x: float, *, hidden: bool) -> Factor:
    return Factor("arrives with input", (f"output of {name}" if hidden else name,), "∂sum / ∂w", x)


# -- ways --------------------------------------------------------------------------------------------------------------


def _has_one_plain_way(trace: Trace, layer: int, n: int) -> bool:
    """Whether all that a neuron does is to be weighted in the one output, which is linear or stands for its sum."""
    last = len(trace.layers) - 1
    silent = trace.mask is not None and trace.mask.columns(trace.network)[layer + 1][n] == 0.0
    plain_output = trace.network.activations[last] == "linear" or trace.loss_name in CROSS_ENTROPIES
    alone = layer == last - 1 and trace.network.outputs == 1 and layer + 1 not in trace.network.shortcuts
    return alone and plain_output and not silent


def _returning(trace: Trace, names: Names, layer: int, n: int) -> Factor:
    """What comes back to a neuron by all ways that lead on from it."""
    name, da = names[layer + 1][n], float(trace.slopes[layer].da[n])
    symbol = f"∂loss / ∂{name}"
    if trace.mask is not None and trace.mask.columns(trace.network)[layer + 1][n] == 0.0:
        return Factor(f"comes back to {name}", ("switched off, passes on 0",), symbol, da)
    following, w = trace.slopes[layer + 1].dz.tolist(), trace.layers[layer + 1].w[n].tolist()
    ways = [(dz, v, f" via {to}") for dz, v, to in zip(following, w, names[layer + 2], strict=True)]
    shortcuts = trace.network.shortcuts
    columns = [column for column in range(layer + 2, len(shortcuts)) if shortcuts[column] == layer + 1]
    ways += [(float(trace.slopes[column - 1].da[n]), 1.0, " by the shortcut") for column in columns]
    return Factor(f"comes back to {name}", _ways(ways, da), symbol, da)


def _ways(ways: list[tuple[float, float, str]], total: float) -> tuple[str, ...]:
    """The strongest ways, one a line, with decimals that add up where all of them are written."""
    order = sorted(range(len(ways)), key=lambda index: -abs(ways[index][0] * ways[index][1]))[:WAYS]
    shown = [ways[index] for index in sorted(order)]
    for digits in range(2, 7):
        texts = [(written(dz, digits, trim=False), written(w, digits, trim=False)) for dz, w, _ in shown]
        pairs = [text for pair in texts for text in pair]
        if len(shown) < len(ways) or leads_to(_sum_of_products, pairs, precise(total)):
            break
    lines = [_way(texts[at], way, first=at == 0) for at, way in enumerate(shown)]
    return (*lines, f"and {len(ways) - WAYS:,} more") if len(ways) > WAYS else tuple(lines)


def _way(texts: tuple[str, str], way: tuple[float, float, str], *, first: bool) -> str:
    sign = "" if first else "+ "
    slope = texts[0] if first else signed(texts[0])
    return f"{sign}{slope}{way[2]}" if way[2] == " by the shortcut" else f"{sign}{slope} × {signed(texts[1])}{way[2]}"


def _sum_of_products(*numbers: float) -> float:
    return sum(a * b for a, b in zip(numbers[::2], numbers[1::2], strict=True))


# -- the product -------------------------------------------------------------------------------------------------------


def _multiplied(factors: list[Factor], slope: float, step: Step | None) -> Chain:
    """The links with as many decimals as their product takes."""
    if slope == 0 and prod(factor.value for factor in factors) != 0:
        factors = [*factors, Factor("switched off", ("counts as 0",), "", 0.0)]
    result, digits, equal = "0" if slope == 0 else precise(slope), 2, "≈"
    for more in range(2, MAX_DECIMALS + 1):
        if leads_to(lambda *v: prod(v), [written(factor.value, more, trim=False) for factor in factors], result):
            digits, equal = more, "="
            break
    known = [step is None or f.turn is None or has_come(f.turn, step) for f in factors]
    links = tuple(_link(f, digits) if k else _hidden(f) for f, k in zip(factors, known, strict=True))
    return Chain(links, slope, result, equal, all(known))


def _link(f: Factor, digits: int) -> Link:
    return Link(f.title, f.details, f.symbol, value(f.value, written(f.value, digits, trim=False)), full(f.value))


def _hidden(f: Factor) -> Link:
    """As high as it will be."""
    return Link("still to come", ("",) * len(f.details), f.symbol, HIDDEN, "")
