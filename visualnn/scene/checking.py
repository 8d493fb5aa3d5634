"""Formulas with their numbers, done again with these as they are written before “=” is put behind them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import floor, isclose, isfinite, log10, nan

from visualnn.scene.formula import MAX_DECIMALS, MINUS, Part, Sentence, number, precise, signed, value

Rule = Callable[..., float]
NEAR = 1e-9  # what two roundings of one half may differ by
NOISE = 1e-14  # 0.12000000000000001 is written 0.12


@dataclass(frozen=True, slots=True)
class Given:
    """A number that somebody has set; it is written as it was set."""

    value: float


Operand = float | Given


@dataclass(frozen=True, slots=True)
class Worked:
    """A formula, what comes of it, and the sign that may stand between them."""

    formula: Sentence
    result: Part
    equal: str


def worked(
    template: str,
    rule: Rule,
    operands: Sequence[Operand],
    result: float,
    *,
    decimals: int = 4,
    trim: bool = True,
    text: str | None = None,
) -> Worked:
    """A template whose {} are filled with as many decimals as it takes to come to the result by hand.

    `text` is the result as it is to be written, if not with that many decimals.
    """
    text = outcome(result, decimals) if text is None else text
    for digits in range(decimals, MAX_DECIMALS + 1):
        texts = [written(operand, digits, trim=trim) for operand in operands]
        if leads_to(rule, texts, text):
            return Worked(_filled(template, operands, texts), value(result, text), "=")
    texts = [written(operand, decimals, trim=trim) for operand in operands]
    return Worked(_filled(template, operands, texts), value(result, text), "≈")


def leads_to(rule: Rule, texts: Sequence[str], result: str) -> bool:
    """Whether the rule makes of these numbers, as written, the result as written."""
    try:
        by_hand = rule(*(amount(text) for text in texts))
    except (ArithmeticError, ValueError):
        return False
    if not (isfinite(by_hand) and isfinite(amount(result))):
        return False
    off, half = abs(by_hand - amount(result)), _half_a_place(result)
    if abs(off - half) <= half * NEAR:  # exactly between two numbers: to the even one
        return result.partition("e")[0][-1:] in "02468"
    return bool(off < half)


def amount(text: str) -> float:
    """The number that a text says; NaN if it says none."""
    try:
        return float(text.strip("()").replace("≈ ", "").replace(MINUS, "-").replace(",", ""))
    except ValueError:
        return nan


def outcome(v: float, decimals: int = 4) -> str:
    """A result with so many decimals, more where it is too small for them."""
    if v == 0:
        return "0"
    return number(v, decimals) if abs(v) >= 10.0 ** (2 - decimals) or not isfinite(v) else precise(v)


def written(operand: Operand, digits: int, *, trim: bool = True) -> str:
    """An operand with so many decimals, more where three digits take them; fewer if `trim` and nothing is lost."""
    if isinstance(operand, Given):
        return set_number(operand.value)
    v = float(operand)
    if v == 0 or not isfinite(v) or abs(v) >= 1e5:
        return "0" if v == 0 else number(v)
    leading = -floor(log10(abs(v)))
    if leading > 6:
        return precise(v, digits)
    places = max(digits, leading + 2)
    fewest = range(0 if trim else digits, places)
    return number(v, next((fewer for fewer in fewest if isclose(round(v, fewer), v, rel_tol=NOISE)), places))


def set_number(v: float) -> str:
    """A constant: 0.9, 1e−8."""
    mantissa, _, exponent = f"{v:.6g}".partition("e")
    text = mantissa if not exponent else f"{mantissa}e{int(exponent)}"
    return text.replace("-", MINUS)


def _half_a_place(text: str) -> float:
    mantissa, _, exponent = text.replace(MINUS, "-").partition("e")
    return 0.5 * 10.0 ** (int(exponent or 0) - len(mantissa.partition(".")[2]))


def _filled(template: str, operands: Sequence[Operand], texts: Sequence[str]) -> Sentence:
    """Signs and words in between step back; negative numbers that stand behind a sign are bracketed."""
    pieces = template.split("{}")
    parts = [Part(pieces[0], "text3")] if pieces[0] else []
    for index, (operand, text) in enumerate(zip(operands, texts, strict=True)):
        before, after = pieces[index], pieces[index + 1]
        bare = (not before and index == 0) or before.endswith(("(", "|", "±"))
        shown = text if bare and not after.startswith("²") else signed(text)
        parts.append(Part(shown, "text2") if isinstance(operand, Given) else value(operand, shown))
        if after:
            parts.append(Part(after, "text3"))
    return tuple(parts)
