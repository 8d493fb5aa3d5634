"""The classic surfaces as formulas to read and to check by hand: term by term, with the numbers at one place.

A formula is written as `Run`s of letters that stand on the line or raised; nothing else needs to be set. Decimals are
added until the numbers shown, worked out by hand, really give the numbers shown; where 9 are not enough, the sign is ≈.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from math import isfinite

import numpy as np

from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.scene.formula import MAX_DECIMALS, number
from visualnn.scene.landscape.formula_terms import FORMULAS, Formula, Term

Place = tuple[float, float]

DECIMALS = 4  # of terms and loss, at least
DIGITS = 3  # that a small loss shows
WHOLE = 1e5  # from there on numbers are written as 1.23e5
RAISED = re.compile(r"\^(?:\{([^{}]*)\}|(\w+))")


@dataclass(frozen=True, slots=True)
class Run:
    """Letters on the line, or raised as an exponent."""

    text: str
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A term: its lines, and the number that it is worth; none where it does not count."""

    lines: tuple[tuple[Run, ...], ...]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """A formula at one place."""

    x: str
    y: str
    aids: tuple[Row, ...]
    terms: tuple[Row, ...]
    sign: str  # = or ≈ between the terms and the loss
    loss: str
    source: str

    @property
    def spoken(self) -> str:
        """All of it in one line, for those who hear it."""
        terms = " + ".join(" ".join(plain(line) for line in row.lines) for row in self.terms)
        return f"loss = {terms}. At x = {self.x} and y = {self.y} the loss is {self.loss}."


@cache
def runs(text: str) -> tuple[Run, ...]:
    """A line as it is set: ``x^2`` raises the 2, ``e^{−r}`` what is in the braces."""
    found, at = [], 0
    for match in RAISED.finditer(text):
        found += [Run(text[at : match.start()]), Run(match.group(1) or match.group(2), True)]
        at = match.end()
    return tuple(run for run in (*found, Run(text[at:])) if run.text)


def plain(line: Sequence[Run]) -> str:
    """A line without anything raised: x^2, e^(−r)."""
    parts = ((f"^{run.text}" if run.text.isalnum() else f"^({run.text})") if run.raised else run.text for run in line)
    return "".join(parts)


def written(name: str) -> tuple[tuple[Run, ...], ...]:
    """A formula alone, in lines, without any numbers."""
    found: list[str] = []
    formula = FORMULAS[name]
    for position, term in enumerate(formula.terms):
        found += f"{'+ ' if position and term.holds is None else 'loss = '}{term.text}".split("\n")
    return tuple(map(runs, (*found, *(aid.text for aid in formula.aids))))


@np.errstate(all="ignore")  # far out everything overflows
def card(name: str, x: float, y: float) -> Card:
    """A formula with its numbers at a place."""
    formula, at = FORMULAS[name], (np.float64(x), np.float64(y))  # which overflow to ∞
    loss = float(CLASSICS[name].heights(np.asarray(x), np.asarray(y)))
    counting = [term for term in formula.terms if term.holds is None or term.holds(*at)]
    worths = {term: _worth(formula, term, at) for term in counting}
    decimals, adds_up = _decimals([*worths.values()], loss)
    digits = _digits(formula, worths, at, decimals=decimals)
    given = [number(value, digits or MAX_DECIMALS) for value in (*at, *_aids(formula, at))]
    terms = [(term, number(worths[term], decimals) if term in worths else "") for term in formula.terms]
    return Card(
        x=given[0],
        y=given[1],
        aids=tuple(map(_row, formula.aids, given[2:])),
        terms=tuple(_row(*term) for term in terms),
        sign="=" if not isfinite(loss) or (adds_up and digits is not None) else "≈",
        loss=number(loss, decimals),
        source=formula.source,
    )


def _row(term: Term, value: str) -> Row:
    return Row(tuple(map(runs, term.text.split("\n"))), value)


def _aids(formula: Formula, at: Place) -> list[float]:
    return [float(aid.value(*at)) for aid in formula.aids]


def _worth(formula: Formula, term: Term, at: Place) -> float:
    return float(term.value(*at, *_aids(formula, at)))


def _decimals(worths: Sequence[float], loss: float) -> tuple[int, bool]:
    """Decimals with which the terms shown add up to the loss shown, and whether they do."""
    least = DECIMALS
    if 0 < loss < 1:
        least = min(MAX_DECIMALS, max(DECIMALS, DIGITS - 1 - int(np.floor(np.log10(loss)))))
    if not all(abs(value) < WHOLE for value in (*worths, loss)):
        return least, False
    for decimals in range(least, MAX_DECIMALS + 1):
        if sum((_rounded(worth, decimals) for worth in worths), Decimal(0)) == _rounded(loss, decimals):
            return decimals, True
    return least, False


def _digits(formula: Formula, worths: dict[Term, float], at: Place, *, decimals: int) -> int | None:
    """Decimals of x, y and the aids with which a hand that works with these gets the terms as they are shown."""
    if not all(abs(value) < WHOLE for value in (*at, *worths.values())):
        return None
    for digits in range(DECIMALS, MAX_DECIMALS + 1):
        x, y = (float(_rounded(value, digits)) for value in at)
        aids = [_rounded(aid, digits) for aid in _aids(formula, at)]
        by_hand = [_rounded(aid, digits) for aid in _aids(formula, (x, y))]
        got = (term.value(x, y, *map(float, aids)) for term in worths)
        if aids == by_hand and all(map(_same(decimals), got, worths.values())):
            return digits
    return None


def _same(decimals: int) -> Callable[[float, float], bool]:
    """Whether two numbers look the same."""
    return lambda a, b: _rounded(a, decimals) == _rounded(b, decimals)


def _rounded(value: float, decimals: int) -> Decimal:
    return Decimal(f"{value:.{decimals}f}")
