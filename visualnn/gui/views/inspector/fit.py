"""How formulas are written so that they fit."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.gui.theme import elided, runs_width, text_width
from visualnn.scene.formula import MINUS, Part, number
from visualnn.scene.passing import Line

SMALLEST = 12  # px; where that is too wide still, numbers are rounded
EQUAL_ROOM = 34  # px between factors and results
GAP = 8


def runs(parts: tuple[Part, ...]) -> list[tuple[str, str, None]]:
    """The same as `draw_runs` takes it."""
    return [(part.text, part.role or "text", None) for part in parts]


def fitted(parts: tuple[Part, ...], room: float, *, size: float = 14, weight: int = 500) -> tuple[Part, ...]:
    """A formula, rounded until it fits; cut at its end if that does not help."""
    for fewer in (parts, *(_rounded(parts, decimals) for decimals in range(6, 1, -1))):
        if runs_width(runs(fewer), size, weight) <= room:
            return fewer
    return (Part(elided("".join(part.text for part in parts), room, size, weight), "text2"),)


def _rounded(parts: tuple[Part, ...], decimals: int) -> tuple[Part, ...]:
    """The same with at most so many decimals in every number that is not a constant."""
    constant = ("text2", "text3")
    return tuple(p if p.role in constant else Part(_rounded_text(p.text, decimals), p.role) for p in parts)


def _rounded_text(text: str, decimals: int) -> str:
    if text.startswith("(") and text.endswith(")"):
        return f"({_rounded_text(text[1:-1], decimals)})"
    if len(text.partition(".")[2]) <= decimals or "e" in text:
        return text
    rounded = number(float(text.replace(MINUS, "-").replace(",", "")), decimals)
    return text if "≈" in rounded else rounded


@dataclass(frozen=True, slots=True)
class Fit:
    """How the rows of a table are written so that all of them fit: alike."""

    result_width: float
    size: int = 13
    short: bool = False
    decimals: int | None = None  # of the factors; None: as they come

    @classmethod
    def of(cls, rows: tuple[Line, ...], room: float) -> Fit:
        """The most telling one that needs no more than `room`."""
        result_width = max([70.0, *(text_width(row.result.text, 14, 600) for row in rows)])
        options = [cls(result_width), *(cls(result_width, size, True) for size in (13, SMALLEST))]
        options += [cls(result_width, SMALLEST, True, decimals) for decimals in range(6, 1, -1)]
        return next((fit for fit in options if all(fit.holds(row, room) for row in rows if row.factors)), options[-1])

    def holds(self, row: Line, room: float) -> bool:
        """Whether a row with factors fits."""
        factors = runs_width(runs(self.factors(row)), self.size, 500)
        return text_width(self.label(row), 13, 450) + GAP + factors + EQUAL_ROOM + self.result_width <= room

    def factors(self, row: Line) -> tuple[Part, ...]:
        """The row's factors, rounded if need be."""
        return row.factors if self.decimals is None else _rounded(row.factors, self.decimals)

    def label(self, row: Line) -> str:
        """The row's label; a short one is the source's name alone."""
        return row.label.removesuffix(" × weight").removeprefix("to ") if self.short else row.label
