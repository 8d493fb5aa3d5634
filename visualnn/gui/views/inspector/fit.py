"""How formulas are written so that they fit."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.gui.theme import runs_width, text_width
from visualnn.scene.formula import MINUS, Part, Sentence, number
from visualnn.scene.passing import Line

SMALLEST = 12  # px; where that is too wide still, numbers are rounded
TINY = (11.0, 10.0, 9.0)  # and where that does not help
EQUAL_ROOM = 34  # px between factors and results
GAP = 8


def runs(parts: tuple[Part, ...]) -> list[tuple[str, str, None]]:
    """The same as `draw_runs` takes it."""
    return [(part.text, part.role or "text", None) for part in parts]


def fitted(parts: Sentence, room: float, *, size: float = 14, weight: int = 500) -> Sentence:
    """A formula, rounded until it fits; nothing is ever left out of it, so it may still be too wide."""
    written = parts
    for decimals in range(7, 1, -1):
        if _width(written, size, weight) <= room:
            break
        written = _rounded(parts, decimals)
    return written


def shrunk(parts: Sentence, room: float, sizes: tuple[float, ...], weight: int = 500) -> tuple[Sentence, float]:
    """A formula in the largest letters in which it fits; rounded in the smallest, then smaller than these."""
    size = next((size for size in sizes if _width(parts, size, weight) <= room), sizes[-1])
    written = fitted(parts, room, size=size, weight=weight)
    return written, next((small for small in (size, *TINY) if _width(written, small, weight) <= room), TINY[-1])


def text_size(text: str, room: float, weight: int = 450, sizes: tuple[float, ...] = (13.0, 12.0, 11.0)) -> float:
    """The largest letters in which a text fits."""
    return next((size for size in sizes if text_width(text, size, weight) <= room), sizes[-1])


@dataclass(frozen=True, slots=True)
class Written:
    """A formula as it is written in one line, or in two."""

    lines: tuple[Sentence, ...]
    size: float
    exact: bool  # not rounded


def written_in(parts: Sentence, room: float) -> Written:
    """In one line, rounded if need be; where that is too wide still, in two, the second of which begins with a sign."""
    size = 13.0 if _width(parts, 13, 500) <= room else SMALLEST
    one = fitted(parts, room, size=size)
    if _width(one, size, 500) <= room:
        return Written((one,), size, one == parts)
    for whole in (parts, one):
        for k in range(len(whole) - 1, 0, -1):
            lines = whole[:k], (Part(whole[k].text.lstrip(), whole[k].role), *whole[k + 1 :])
            if whole[k].text.startswith(" ") and all(_width(line, size, 500) <= room for line in lines):
                return Written(lines, size, whole == parts)
    one, size = shrunk(parts, room, (size,))
    return Written((one,), size, one == parts)


def _width(parts: Sentence, size: float, weight: int) -> float:
    return float(runs_width(runs(parts), size, weight))


def _rounded(parts: Sentence, decimals: int) -> Sentence:
    """The same with at most so many decimals in every number that is not a constant."""
    constant = ("text2", "text3")
    return tuple(p if p.role in constant else Part(_rounded_text(p.text, decimals), p.role) for p in parts)


def _rounded_text(text: str, decimals: int) -> str:
    if text.startswith("(") and text.endswith(")"):
        return f"({_rounded_text(text[1:-1], decimals)})"
    mantissa, e, exponent = text.partition("e")
    whole, _, behind = mantissa.partition(".")
    if whole in ("0", f"{MINUS}0") and behind.startswith("0"):
        decimals = max(decimals, len(behind) - len(behind.lstrip("0")) + 3)  # or little would be left of it
    if len(behind) <= decimals:
        return text
    return number(float(mantissa.replace(MINUS, "-").replace(",", "")), decimals) + e + exponent


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
