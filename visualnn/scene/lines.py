"""Rows of the Inspector that work something out."""

from __future__ import annotations

from dataclasses import replace

from visualnn.scene.checking import Operand, Rule, outcome, worked
from visualnn.scene.formula import Part, full, value
from visualnn.scene.passing import Line


def worked_line(
    label: str,
    template: str,
    rule: Rule,
    operands: tuple[Operand, ...],
    result: float,
    *,
    decimals: int = 4,
    lit: bool = False,
) -> Line:
    """A label, a formula, and what comes of it."""
    shown = worked(template, rule, operands, result, decimals=decimals)
    return Line(label, shown.formula, shown.result, shown.equal, full(result), lit)


def below(line: Line) -> Line:
    """The same with its formula below the label, where both beside each other are too wide."""
    return replace(line, factors=(), below=line.factors)


def settled(v: float) -> Part:
    """Four decimals, more where it is too small for them."""
    return value(v, outcome(v))
