"""Numbers and sentences a learner can check by hand.

A product or a sum is only written with “=” when the rounded numbers shown really give the rounded result shown;
decimals are added until they do, and where no reasonable number of decimals is enough the sign is “≈”.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from math import isfinite, isinf

import numpy as np

from visualnn.nn.network import Vector
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.passes import LayerPass
from visualnn.scene.look import sign_role

MINUS = "−"
MAX_DECIMALS = 9
STEPS = {
    "sgd": "minus rate times slope",
    "momentum": "one step with momentum",
    "nesterov": "one step with Nesterov’s momentum",
    "adagrad": "one step of AdaGrad",
    "rmsprop": "one step of RMSprop",
    "adam": "one step of Adam",
    "adamw": "one step of AdamW",
    "nadam": "one step of NAdam",
    "lion": "one step of Lion",
}
MAX_ROWS = 10  # terms of a sum written out; the rest is summed up in one row


def step_words(optimizer: Optimizer) -> str:
    """How an optimizer moves a number."""
    return STEPS[optimizer.name] + (", with weight decay" if optimizer.weight_decay else "")


def number(value: float, decimals: int = 2) -> str:
    """A number with a true minus sign; “≈ 0” if it is not 0 but would show as 0."""
    if not isfinite(value):
        return ("∞" if value > 0 else f"{MINUS}∞") if isinf(value) else "not a number"
    if abs(value) >= 1e5:
        mantissa, exponent = f"{abs(value):.2e}".split("e")
        text = f"{mantissa}e{int(exponent)}"
    else:
        text = f"{abs(value):,.{decimals}f}"
        if float(text.replace(",", "")) == 0:
            return "≈ 0" if value else text
    return MINUS + text if value < 0 else text


def short(value: float, decimals: int = 2) -> str:
    """As `number`, without zeros at the end that say nothing: 2, 0.5."""
    for fewer in range(decimals):
        if round(value, fewer) == value and abs(value) < 1e5:
            return number(value, fewer)
    return number(value, decimals)


def precise(value: float, digits: int = 3, smallest: float = 1e-6) -> str:
    """At least `digits` significant digits, without an exponent down to `smallest`; 0.9997 is not 1.000."""
    if value == 0 or not isfinite(value) or abs(value) >= 1:
        return number(value, 2)
    if abs(value) < smallest:
        mantissa, exponent = f"{abs(value):.{digits - 1}e}".split("e")
        return f"{MINUS if value < 0 else ''}{mantissa}e{MINUS}{abs(int(exponent))}"
    leading = -int(np.floor(np.log10(abs(value))))
    return telling(value, max(2, leading + digits - 1))


def telling(value: float, decimals: int = 2) -> str:
    """As `number`, but with more decimals (at most 9) where these would make a number look whole that is not."""
    if isfinite(value) and abs(value) < 1e5 and not float(value).is_integer():
        for more in range(decimals, MAX_DECIMALS + 1):
            if not float(f"{value:.{more}f}").is_integer():
                return number(value, more)
    return number(value, decimals)


def percent(share: float) -> str:
    """A share of 1 in percent, never rounded up to a certainty it does not have."""
    for decimals in range(1, MAX_DECIMALS):
        text = f"{100 * share:.{decimals}f}"
        if share in (0, 1) or float(text) not in (0, 100):
            return f"{text} %"
    return f"{'more than 99.999' if share > 0.5 else 'less than 0.001'} %"


def unlike_decimals(value: float, other: float) -> int:
    """The fewest decimals, 3 to 9, with which two numbers look different, small ones not as if they were 0; or 3."""
    small = max(abs(value), abs(other)) < 0.01
    written = ((n, number(value, n), number(other, n)) for n in range(3, MAX_DECIMALS + 1))
    return next((n for n, a, b in written if a != b and not (small and "≈ 0" in (a, b))), 3)


def unlike(value: float, other: float) -> str:
    """A number with enough decimals to look different from the one it is compared with, if it is."""
    return number(value, unlike_decimals(value, other))


def term(value: float, decimals: int) -> str:
    """As `number`, but as part of a sum: a number that is too small for these decimals has more of them."""
    text = number(value, decimals)
    return precise(value) if text.startswith("≈") else text


def full(value: float) -> str:
    """All the digits it takes to get the same float back."""
    return repr(float(value)).replace("-", MINUS)


def signed(text: str) -> str:
    """A number ready to stand after an operator: negative ones in brackets."""
    return f"({text})" if text.startswith(MINUS) else text


def _decimal(value: float, decimals: int) -> Decimal:
    return Decimal(float(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_EVEN)


def product_decimals(a: float, w: float, decimals: int) -> int | None:
    """Decimals the factors need so that their product, by hand, rounds to the true product's `decimals`."""
    if not isfinite(a * w) or max(abs(a), abs(w), abs(a * w)) >= 1e5:  # from there on written as 1.23e5
        return None
    target = _decimal(a * w, decimals)
    for digits in range(decimals, MAX_DECIMALS + 1):
        by_hand = _decimal(a, digits) * _decimal(w, digits)
        if by_hand.quantize(target, ROUND_HALF_EVEN) == target:
            return digits
    return None


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a sentence; numbers carry the role of their sign."""

    text: str
    role: str | None = None


Sentence = tuple[Part, ...]


def plain(sentence: Sentence) -> str:
    """A sentence as bare text."""
    return "".join(part.text for part in sentence)


def value(v: float, text: str | None = None) -> Part:
    """A number as a part of a sentence."""
    return Part(number(v) if text is None else text, sign_role(v, 0.0))


def words(template: str, *parts: Part) -> Sentence:
    """A template whose {} are filled with the parts."""
    pieces: list[Part] = []
    for index, text in enumerate(template.split("{}")):
        if text:
            pieces.append(Part(text))
        if index < len(parts):
            pieces.append(parts[index])
    return tuple(pieces)


def product_parts(a: float, w: float, decimals: int = 2) -> tuple[Part, Part, Part]:
    """Two factors and their product, with as many decimals in the factors as checking by hand takes.

    A product too small for its decimals has more of them, if these can be checked by hand too.
    """
    shown = number(a * w, decimals)
    digits = product_decimals(a, w, decimals) or decimals
    finer = term(a * w, decimals)
    if finer != shown and "e" not in finer:
        more = product_decimals(a, w, len(finer.partition(".")[2]))
        digits, shown = (digits, shown) if more is None else (more, finer)
    first = precise(a) if 0 < abs(a) < 0.5 * 10.0**-digits else short(a, digits)
    return value(a, first), value(w, term(w, digits)), value(a * w, shown)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sum: a label, two factors (none for a bias), the result, and whether “=” may stand before it."""

    label: str
    factors: tuple[Part, Part] | None
    result: Part
    equal: str = "="


@dataclass(frozen=True, slots=True)
class SumTable:
    """A neuron's sum written out."""

    rows: tuple[Row, ...]
    total: Part
    equal: str  # "=" if the rows shown add up to the total shown, else "≈"


def sum_table(layer: LayerPass, neuron: int, sources: tuple[str, ...], decimals: int = 4) -> SumTable:
    """The sum of one neuron, term by term, the strongest `MAX_ROWS` of a long one singly."""
    products = layer.x * layer.w[:, neuron]
    order = np.arange(products.size)
    if products.size > MAX_ROWS:
        order = np.sort(np.argsort(-np.abs(products), kind="stable")[:MAX_ROWS])
    rest = float(products.sum() - products[order].sum()) if products.size > MAX_ROWS else None
    terms = [float(products[i]) for i in order] + ([] if rest is None else [rest]) + [float(layer.b[neuron])]
    z = float(layer.z[neuron])
    digits = sum_decimals(terms, z, decimals)
    shown = digits or decimals
    rows = [_product_row(float(layer.x[i]), float(layer.w[i, neuron]), sources[i], shown) for i in order]
    if rest is not None:
        rows.append(Row(f"{products.size - order.size} other inputs", None, value(rest, number(rest, shown))))
    rows.append(Row("bias", None, value(terms[-1], number(terms[-1], shown))))
    return SumTable(tuple(rows), value(z, number(z, shown)), "=" if digits else "≈")


def _product_row(x: float, w: float, source: str, decimals: int) -> Row:
    digits = product_decimals(x, w, decimals)
    factor = number(w, digits or decimals)
    return Row(
        f"{source} × weight",
        (value(x, short(x, digits or decimals)), value(w, factor)),
        value(x * w, number(x * w, decimals)),
        "=" if digits else "≈",
    )


def summable(terms: Vector, total: float, decimals: int = 2) -> int:
    """The fewest decimals with which the terms, written down and added, round to the total's `decimals`.

    Terms too many or too large to be added by hand keep `decimals`.
    """
    values = terms.tolist()
    if len(values) > MAX_ROWS or not all(isfinite(v) and abs(v) < 1e5 for v in (*values, total)):
        return decimals
    wanted = _decimal(total, decimals)
    for digits in range(decimals, MAX_DECIMALS + 1):
        added = sum((_decimal(v, digits) for v in values), Decimal(0))
        if added.quantize(wanted, ROUND_HALF_EVEN) == wanted:
            return digits
    return decimals


def difference_decimals(before: float, change: float, after: float, decimals: int = 3) -> int | None:
    """The fewest decimals with which before + change, as written, is after, as written; None if there are none."""
    return sum_decimals([before, change], after, decimals)


def sum_decimals(terms: list[float], total: float, decimals: int) -> int | None:
    """The fewest decimals, from `decimals`, with which the rounded terms add up to the rounded total."""
    if not all(isfinite(v) and abs(v) < 1e5 for v in (*terms, total)):
        return None
    for digits in range(decimals, MAX_DECIMALS + 1):
        if sum((_decimal(v, digits) for v in terms), Decimal(0)) == _decimal(total, digits):
            return digits
    return None
