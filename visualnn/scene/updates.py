"""One weight or bias in the update: its slope, what the optimizer makes of it, before and after."""

from __future__ import annotations

from visualnn.nn.optimizers import Optimizer
from visualnn.nn.trace import Trace
from visualnn.scene.arithmetic import Operation, arithmetic, sign
from visualnn.scene.checking import Given, Worked, leads_to, set_number, worked, written
from visualnn.scene.findings import Inspection, Outlook
from visualnn.scene.formula import (
    MAX_DECIMALS,
    STEPS,
    Part,
    Sentence,
    full,
    precise,
    signed,
    term,
    unlike_decimals,
    value,
    words,
)
from visualnn.scene.frame import Place
from visualnn.scene.passing import Line

Names = tuple[tuple[str, ...], ...]


def inspect_update(trace: Trace, names: Names, place: Place, *, last: bool) -> Inspection:
    """A weight or bias before and after; `last` if nothing is to be updated any more."""
    assert trace.updated is not None
    assert trace.optimizer is not None
    index = parameter_index(trace, place)
    before, after = float(trace.parameters[index]), float(trace.updated[index])
    change = after - before
    texts, holds = stepped(before, after, 1)
    rows = [] if is_cut(trace, index) else [*slope_rows(trace, place, index), *optimizer_rows(trace, index)]
    rows.append(Line("Before", (), value(before, texts[0]), "=", full(before)))
    rows.append(Line("Change", (), value(change, texts[1]), "=", full(change)))
    total = Line("After", (), value(after, texts[2]), "=" if holds else "≈", full(after), True)
    title, outlook = parameter_title(names, place), run_again(trace) if last else None
    return Inspection(place, title, _how(trace.optimizer), tuple(rows), total, outlook=outlook)


def parameter_title(names: Names, place: Place) -> str:
    """Weight a → c, or Bias of c."""
    target = names[place.column][place.neuron]
    return f"Bias of {target}" if place.source is None else f"Weight {names[place.column - 1][place.source]} → {target}"


def parameter_index(trace: Trace, place: Place) -> int:
    """Which of the flat parameters a weight or bias is."""
    return trace.network.parameter_index(place.column - 1, place.neuron, place.source)


def is_cut(trace: Trace, index: int) -> bool:
    """Whether a parameter is switched off, so that no update moves it."""
    return trace.mask is not None and trace.mask.parameters[index] == 0.0


# -- rows --------------------------------------------------------------------------------------------------------------


def slope_rows(trace: Trace, place: Place, index: int) -> list[Line]:
    """From the slope of this row to what the optimizer gets: the mean over the rows, penalties, clipping."""
    assert trace.row_gradient is not None
    assert trace.mean_gradient is not None
    row, mean = float(trace.row_gradient[index]), float(trace.mean_gradient[index])
    if trace.batch is None:
        rows = [_slope("Slope of the loss", row)]
    else:
        rows = [_slope("Slope of this row", row), mean_row(trace, index)]
    operations = _treatments(trace, index, mean, weight=place.source is not None)
    return [*rows, *(_row(operation) for operation in operations)]


def mean_row(trace: Trace, index: int) -> Line:
    """The mean slope over the rows of a batch."""
    assert trace.mean_gradient is not None
    return _slope(f"Mean of {trace.rows:,} rows", float(trace.mean_gradient[index]))


def optimizer_rows(trace: Trace, index: int) -> list[Line]:
    """The optimizer's own arithmetic."""
    operations = _arithmetic(trace, index)
    return [_row(operation, short=len(operations) == 1) for operation in operations]


def _arithmetic(trace: Trace, index: int) -> tuple[Operation, ...]:
    optimizer = trace.optimizer
    assert optimizer is not None
    assert trace.gradient is not None
    w, g = float(trace.parameters[index]), float(trace.gradient[index])
    return arithmetic(optimizer, w, g, trace.memory[:, index].tolist(), t=trace.update, rate=trace.rate).operations


def _treatments(trace: Trace, index: int, g: float, *, weight: bool) -> list[Operation]:
    """What is done to a slope before the optimizer gets it."""
    options, w, made = trace.options, float(trace.parameters[index]), list[Operation]()
    if options is None:
        return []
    if weight and options.l1:
        made.append(Operation("with the L1 penalty", "{} + {} × sign of {}", _with_l1, (g, Given(options.l1), w)))
        g = made[-1].value
    if weight and options.l2:
        made.append(Operation("with the L2 penalty", "{} + 2 × {} × {}", _with_l2, (g, Given(options.l2), w)))
        g = made[-1].value
    return made + _clippings(trace, index, g)


def _clippings(trace: Trace, index: int, g: float) -> list[Operation]:
    options, made = trace.options, list[Operation]()
    assert options is not None
    assert trace.gradient is not None
    limit, final = options.clip_value, float(trace.gradient[index])
    if limit is not None:
        clipped = _clipped(g, limit)
        if clipped != g:
            made.append(Operation("clipped", "{} to ±{}", _clipped, (g, Given(limit))))
        g = clipped
    if options.clip_norm is not None and final != g != 0:
        made.append(Operation("all slopes clipped", "{} × {}", lambda g, s: g * s, (g, final / g)))
    return made


def _with_l1(g: float, l1: float, w: float) -> float:
    return g + l1 * sign(w)


def _with_l2(g: float, l2: float, w: float) -> float:
    return g + 2.0 * l2 * w


def _clipped(g: float, limit: float) -> float:
    return min(max(g, -limit), limit)


def _slope(label: str, v: float) -> Line:
    return Line(label, (), value(v, "0" if v == 0 else precise(v)), "=", full(v))


def _row(operation: Operation, *, short: bool = False) -> Line:
    v = operation.value
    shown = worked(operation.template, operation.rule, operation.operands, v)
    if short:
        return Line(_upper(operation.name), shown.formula, shown.result, shown.equal, full(v))
    return Line(_upper(operation.name), (), shown.result, shown.equal, full(v), below=shown.formula)


def _upper(name: str) -> str:
    return name if name[:2] in ("m̂", "v̂") else name[0].upper() + name[1:]


# -- in one line -------------------------------------------------------------------------------------------------------


def next_update(trace: Trace, index: int) -> Outlook | None:
    """What the update will make of a parameter; None if there is none."""
    optimizer, gradient = trace.optimizer, trace.gradient
    if optimizer is None or gradient is None or is_cut(trace, index):
        return None
    w, g = float(trace.parameters[index]), float(gradient[index])
    made = arithmetic(optimizer, w, g, trace.memory[:, index].tolist(), t=trace.update, rate=trace.rate)
    plain_steps = optimizer.name == "sgd" and not optimizer.weight_decay
    formula = _descent(w, trace.rate, g, made.after) if plain_steps else _subtraction(w, made.after)
    return Outlook("Next: the update", _aside(optimizer, trace.rate), formula)


def run_again(trace: Trace) -> Outlook | None:
    """The loss of the same inputs before the update and after it."""
    before, after = trace.mean_loss, trace.loss_after
    if before is None or after is None:
        return None
    parts = words("loss {} → {}", Part(precise(before), "text"), Part(precise(after), "text"))
    which = "" if trace.batch is None else f"mean of {trace.rows:,} rows"
    return Outlook("Same inputs again", which, parts)


def _aside(optimizer: Optimizer, rate: float) -> str:
    return f"rate {rate:g}" if optimizer.name == "sgd" else f"{_how(optimizer)}, rate {rate:g}"


def _how(optimizer: Optimizer) -> str:
    """The optimizer's rule in as few words as there is room for."""
    return STEPS[optimizer.name].removeprefix("one step ").removeprefix("of ").removeprefix("with ")


def _descent(w: float, rate: float, g: float, after: float) -> Sentence:
    """Before − rate × slope = after, before and after with the same number of decimals."""
    first = unlike_decimals(w, after)
    shown = next((made for d in range(first, MAX_DECIMALS + 1) if (made := _with_decimals(w, rate, g, after, d))), None)
    shown = shown or worked("{} − {} × {}", _descended, (w, Given(rate), g), after, decimals=first, trim=False)
    before, *between, slope = shown.formula
    if shown.equal == "=":
        slope = _shortest(w, rate, g, shown.result.text, before, slope)
    return (before, *between, slope, Part(f" {shown.equal} ", "text3"), shown.result)


def _with_decimals(w: float, rate: float, g: float, after: float, decimals: int) -> Worked | None:
    """With just so many decimals before and after, if these can be checked by hand."""
    texts = term(w, decimals), set_number(rate), written(g, decimals, trim=False)
    result = term(after, decimals)
    if not leads_to(_descended, texts, result):
        return None
    parts = value(w, texts[0]), Part(" − ", "text3"), Part(texts[1], "text2"), Part(" × ", "text3")
    return Worked((*parts, value(g, signed(texts[2]))), value(after, result), "=")


def _descended(w: float, rate: float, g: float) -> float:
    return w - rate * g


def _shortest(w: float, rate: float, g: float, result: str, before: Part, slope: Part) -> Part:
    """The slope with the fewest decimals, from two, that still lead to the result."""
    for digits in range(2, len(slope.text)):
        texts = [before.text, f"{rate:g}", written(g, digits, trim=False)]
        if leads_to(_descended, texts, result):
            return value(g, signed(texts[2]))
    return slope


def _subtraction(w: float, after: float) -> Sentence:
    """Before − step = after."""
    texts, holds = stepped(w, after)
    before, step, result = value(w, texts[0]), value(w - after, signed(texts[1])), value(after, texts[2])
    return before, Part(" − ", "text3"), step, Part(f" {'=' if holds else '≈'} ", "text3"), result


def stepped(w: float, after: float, sign: int = -1) -> tuple[tuple[str, str, str], bool]:
    """Before, what is added (`sign` 1) or subtracted, and after, as written; whether that can be checked by hand."""
    step = sign * (after - w)
    first = unlike_decimals(w, after)
    tries = [(term(w, d), term(step, d), term(after, d)) for d in range(first, MAX_DECIMALS + 1)]
    for texts in tries:
        if leads_to(lambda b, s: b + sign * s, texts[:2], texts[2]):
            return texts, True
    return tries[0], False
