"""A line of code: its tokens, the steps it stands for, and the number it makes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

Kind = Literal["keyword", "function", "plain"]
Part = int | str
Names = tuple[tuple[str, ...], ...]

WORDS = re.compile(r"( \+ | / (?=\()|\bfor |\bin |\bif |\belse |\bdef |\breturn |\b[a-z_]+(?=\())")
KEYWORDS = ("for", "in", "if", "else", "def", "return")


class Spot(NamedTuple):
    """A number of a pass: "z" of neuron 2 in layer 0, or, without a neuron, those of the whole layer.

    A step has a spot too: its kind, and where it works.
    """

    what: str
    layer: int
    neuron: int | None = None
    source: int | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a code line. `part`: which operand it is, a source's number, "bias", "activation" or "shortcut"."""

    text: str
    kind: Kind = "plain"
    part: Part | None = None


@dataclass(frozen=True, slots=True)
class CodeLine:
    """One line, the steps it is lit in, and what it computes; that is there after `steps`, or after `after`."""

    tokens: tuple[Token, ...]
    column: int | None = None
    neuron: int | None = None
    steps: tuple[Spot, ...] = ()
    result: Spot | None = None
    after: Spot | None = None
    typed: str | None = None  # as it is copied, where it is shown shortened

    @property
    def text(self) -> str:
        """The line as it is read."""
        return "".join(token.text for token in self.tokens)


def spell(*pieces: str | tuple[str, Part]) -> tuple[Token, ...]:
    """Tokens of pieces of code; a piece with its part stays whole."""
    tokens: list[Token] = []
    for piece in pieces:
        if isinstance(piece, tuple):
            tokens.append(Token(piece[0], "function" if piece[1] == "activation" else "plain", piece[1]))
            continue
        for index, text in enumerate(WORDS.split(piece)):
            if text:
                tokens.append(Token(text, _kind(text) if index % 2 else "plain"))
    return tuple(tokens)


def _kind(text: str) -> Kind:
    if text.strip() in KEYWORDS:
        return "keyword"
    return "function" if text.isidentifier() else "plain"


def weight_name(names: Names, layer: int, source: int, neuron: int) -> str:
    """Wac for a→c, as in the article; with an underscore where names are longer than a letter."""
    a, b = names[layer][source], names[layer + 1][neuron]
    return f"w{a}{b}" if len(a) == len(b) == 1 else f"w_{a}_{b}"


def bias_name(names: Names, layer: int, neuron: int) -> str:
    """Bc for the bias of c."""
    return prefixed("b", names[layer + 1][neuron])


def prefixed(prefix: str, name: str) -> str:
    """What belongs to a neuron: zc its sum, dc the slope of that; z_h1_2 where names are longer."""
    return f"{prefix}{name}" if len(name) == 1 else f"{prefix}_{name}"
