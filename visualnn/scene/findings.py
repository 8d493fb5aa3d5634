"""What the Inspector can show about one place, ready to be painted: rows, cards, bars, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.scene.formula import Part, Sentence
from visualnn.scene.frame import Place
from visualnn.scene.passing import ActivationLine, Line


@dataclass(frozen=True, slots=True)
class Link:
    """A card of the chain rule: one factor of a slope."""

    title: str
    details: tuple[str, ...]
    symbol: str  # ∂loss / ∂f
    value: Part
    exact: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A term of a long sum. Until it is `known` there is "…" in its row, in the room that it will take."""

    label: str
    value: float
    text: str
    exact: str
    lit: bool = False
    known: bool = True


@dataclass(frozen=True, slots=True)
class Bars:
    """The strongest terms of a long sum, in the same rows and at the same scale in all of its steps.

    A weaker one at work has one of the `slots` below them.
    """

    bars: tuple[Bar, ...]
    slots: int
    span: tuple[float, float]  # from the lowest term to the highest, with 0
    note: str  # what is not shown
    exact: str  # the sum of what is not shown


@dataclass(frozen=True, slots=True)
class Outlook:
    """What comes next, or came of it, in one line below a title."""

    title: str
    aside: str
    formula: Sentence


@dataclass(frozen=True, slots=True)
class Inspection:
    """Everything the Inspector shows for one place, from top to bottom."""

    place: Place
    title: str
    subtitle: str
    rows: tuple[Line, ...] = ()
    total: Line | None = None
    activation: ActivationLine | None = None
    shortcut: Line | None = None
    exact: str = ""  # the editable number with all its digits, if there is one
    heading: str = ""
    links: tuple[Link, ...] = ()  # their product is the total
    bars: tuple[Bars, ...] = ()  # many, and fewer for a low window
    after: tuple[Line, ...] = ()  # rows below the total
    outlook: Outlook | None = None
