"""Colours by role, mixed ahead of painting, and how wide text is.

Roles are the tokens of ``resources/themes``: "canvas", "text2", "pos", "accentbg", … A colour is 0xRRGGBB.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache

from visualnn import assets

RGB = int


def blend(a: RGB, b: RGB, share: float) -> RGB:
    """`share` of b over a, channel by channel."""
    mixed = 0
    for shift in (16, 8, 0):
        low, high = (a >> shift) & 255, (b >> shift) & 255
        mixed |= round(low + (high - low) * share) << shift
    return mixed


@dataclass(frozen=True, eq=False)
class Look:
    """One theme's colours for the scene."""

    dark: bool
    tokens: dict[str, RGB]
    faded: float  # strength of a connection that is not involved now

    def __getitem__(self, role: str) -> RGB:
        return self.tokens[role]

    def mix(self, a: str, b: str, share: float) -> RGB:
        """`share` of role b over role a."""
        return blend(self.tokens[a], self.tokens[b], share)


@cache
def load(name: str) -> Look:
    """The look "dark" or "light"."""
    theme = json.loads(assets.read_text("themes", f"{name}.json"))
    tokens = {role: int(v[1:], 16) for role, v in theme.items() if isinstance(v, str) and v.startswith("#")}
    return Look(name == "dark", tokens, float(theme["edge_lo"]))


def sign_role(value: float, zero_below: float = 0.005) -> str:
    """The role that shows a number's sign: "pos", "neg" or "zero"."""
    if value > zero_below:
        return "pos"
    return "neg" if value < -zero_below else "zero"


NARROW = dict.fromkeys(" .,:;'|ijl", 0.268)


def text_width(text: str, size: float) -> float:
    """About how wide `text` is in Inter with tabular digits, in px; never less than drawn for numbers."""
    return size * sum(NARROW.get(c, 0.648) for c in text)
