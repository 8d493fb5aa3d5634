"""How a loss is worked out, output by output, in its own arithmetic; in a batch then the mean of the rows."""

from __future__ import annotations

from collections.abc import Callable

from visualnn.nn import by_hand
from visualnn.nn.functions import HUBER_DELTA
from visualnn.nn.trace import Trace
from visualnn.scene.checking import Given, Rule, leads_to
from visualnn.scene.findings import Inspection
from visualnn.scene.formula import MAX_DECIMALS, MAX_ROWS, full, number, short, value
from visualnn.scene.frame import Place
from visualnn.scene.lines import below, settled, worked_line
from visualnn.scene.passing import HIDDEN, Line
from visualnn.scene.shares import logarithm, sigmoid_lines, softmax_lines
from visualnn.scene.timeline import Step

Names = tuple[tuple[str, ...], ...]
TITLES = {
    "mse": "mean squared error",
    "mae": "mean absolute error",
    "huber": "Huber’s loss",
    "hinge": "hinge loss",
    "binary_cross_entropy": "binary cross-entropy",
    "cross_entropy": "cross-entropy",
}
TERMS = {  # what an output adds to the loss
    "mse": "Squared",
    "mae": "Without its sign",
    "huber": "Half its square",
    "hinge": "What is missing",
}


def inspect_loss(trace: Trace, names: Names, place: Place, step: Step) -> Inspection:
    """What the loss phase has come to."""
    if step.kind == "mean":
        return _mean(trace, place)
    title, subtitle = "Loss", TITLES[trace.loss_name]
    if step.kind == "miss":
        rows = _misses(trace, names, step.neuron)
        return Inspection(place, f"Miss of {names[-1][step.neuron]}", subtitle, rows)
    make = {"cross_entropy": softmax_lines}.get(trace.loss_name, _single if trace.output.size == 1 else _several)
    rows, equal = make(trace, names)
    assert trace.loss is not None
    label = "Loss" if trace.batch is None else "Loss of this row"
    if trace.output.size > 1 and trace.loss_name != "cross_entropy":
        label = f"{label}, the mean"
    total = Line(label, (), settled(trace.loss), equal, full(trace.loss), True)
    return Inspection(place, title, subtitle, rows, total)


def inspect_target(trace: Trace, names: Names, place: Place) -> Inspection:
    """What an output should be, and what it says."""
    assert trace.target is not None
    rows = _misses(trace, names, place.neuron, all_known=True)
    exact = full(float(trace.target[place.neuron]))
    return Inspection(place, f"Target of {names[-1][place.neuron]}", TITLES[trace.loss_name], rows, exact=exact)


# -- misses ------------------------------------------------------------------------------------------------------------


def _misses(trace: Trace, names: Names, now: int, *, all_known: bool = False) -> tuple[Line, ...]:
    """Target, answer and miss of one output; a row for each of several, those to come hidden."""
    if trace.output.size == 1:
        return _lines_of(trace, 0, lit=True)
    shown = _around(trace.output.size, now)
    return tuple(_miss(trace, k, names[-1][k], lit=k == now, known=all_known or k <= now) for k in shown)


def _lines_of(trace: Trace, k: int, *, lit: bool = False) -> tuple[Line, ...]:
    assert trace.target is not None
    a, y = float(trace.output[k]), float(trace.target[k])
    lines = [Line("Target", (), value(y, short(y, 4)), "=", full(y)), Line("Answer", (), settled(a), "=", full(a))]
    if trace.loss_name == "hinge":
        side = 2.0 * y - 1.0
        return (*lines, Line("Its class counts as", (), value(side, short(side, 4)), "=", full(side), lit))
    return (*lines, _miss(trace, k, "Miss", lit=lit, known=True))


def _miss(trace: Trace, k: int, label: str, *, lit: bool, known: bool) -> Line:
    assert trace.target is not None
    operands = float(trace.output[k]), float(trace.target[k])
    line = worked_line(label, "{} − {}", lambda a, y: a - y, operands, operands[0] - operands[1], lit=lit)
    return line if known else Line(label, (), HIDDEN, "=", "")


def _around(count: int, now: int) -> range:
    """At most `MAX_ROWS` indexes, so that `now` is among them."""
    first = max(0, min(now - MAX_ROWS // 2, count - MAX_ROWS))
    return range(first, min(count, first + MAX_ROWS))


# -- losses that are means over the outputs ----------------------------------------------------------------------------


def _single(trace: Trace, _names: Names) -> tuple[tuple[Line, ...], str]:
    """All lines of the one output."""
    if trace.loss_name == "binary_cross_entropy":
        return sigmoid_lines(trace)
    assert trace.target is not None
    assert trace.loss is not None
    far = trace.loss_name == "huber" and abs(float(trace.output[0] - trace.target[0])) > HUBER_DELTA
    label = "Less one half" if far else TERMS[trace.loss_name]
    term = loss_line(trace, 0, label, trace.loss)
    return (*_lines_of(trace, 0), below(term) if trace.loss_name == "hinge" else term), "="


def _several(trace: Trace, names: Names) -> tuple[tuple[Line, ...], str]:
    """A row for each output, of many the largest, and whether they come to their mean."""
    assert trace.target is not None
    assert trace.loss is not None
    last = trace.layers[-1]
    terms = by_hand.loss_terms(trace.loss_name, last.z, last.a, trace.target)
    return _mean_table(
        terms, trace.loss, lambda k, digits: loss_line(trace, k, names[-1][k], terms[k], digits), "outputs"
    )


def loss_line(trace: Trace, k: int, label: str, result: float, decimals: int = 4) -> Line:
    """What an output adds, in the loss's own arithmetic."""
    assert trace.target is not None
    a, y = float(trace.output[k]), float(trace.target[k])
    miss = a - y
    template = "{}²"
    rule: Rule = _square
    match trace.loss_name:
        case "mae":
            template, rule = "|{}|", abs
        case "huber" if abs(miss) <= HUBER_DELTA:
            template, rule = "½ × {}²", _half_square
        case "huber":
            template, rule = "|{}| − ½", _less_a_half
        case "hinge":
            return _hinge(label, a, y, result, decimals)
        case "binary_cross_entropy":
            return logarithm(trace, k, label, result, decimals)
    return worked_line(label, template, rule, (miss,), result, decimals=decimals)


def _hinge(label: str, a: float, y: float, result: float, decimals: int) -> Line:
    operands = (Given(2.0 * y - 1.0), a)
    return worked_line(
        label, "max(0, 1 − {} × {})", lambda s, a: max(0.0, 1.0 - s * a), operands, result, decimals=decimals
    )


# -- a batch -----------------------------------------------------------------------------------------------------------


def _mean(trace: Trace, place: Place) -> Inspection:
    """The losses of the rows, of many the largest, and their mean."""
    losses, mean, now = trace.batch_losses.tolist(), trace.mean_loss or 0.0, trace.batch.row if trace.batch else 0

    def line(k: int, decimals: int) -> Line:
        label = f"Row {k + 1}, this one" if k == now else f"Row {k + 1}"
        return Line(label, (), value(losses[k], number(losses[k], decimals)), "=", full(losses[k]), k == now)

    rows, equal = _mean_table(losses, mean, line, "rows", always=now)
    total = Line(f"Mean of {len(losses):,} rows", (), settled(mean), equal, full(mean), True)
    return Inspection(place, "Loss", TITLES[trace.loss_name], rows, total)


def _mean_table(
    terms: list[float], mean: float, line: Callable[[int, int], Line], plural: str, *, always: int = -1
) -> tuple[tuple[Line, ...], str]:
    """A line for each term, of many the largest, and whether what is written comes to the mean."""
    order = sorted(range(len(terms)), key=lambda k: (k != always, -terms[k]))
    shown = sorted(order[:MAX_ROWS])
    rest = by_hand.added(terms[k] for k in sorted(order[MAX_ROWS:]))
    for digits in range(4, MAX_DECIMALS + 1):
        rows = [line(k, digits) for k in shown]
        if len(terms) > len(shown):
            label = f"{len(terms) - len(shown):,} other {plural}"
            rows.append(Line(label, (), value(rest, number(rest, digits)), "=", full(rest)))
        texts = [row.result.text for row in rows]
        if leads_to(lambda *v: sum(v) / len(terms), texts, settled(mean).text):
            return tuple(rows), "="
    return tuple(rows), "≈"


def _square(e: float) -> float:
    return e * e


def _half_square(e: float) -> float:
    return 0.5 * e * e


def _less_a_half(e: float) -> float:
    return abs(e) - 0.5
