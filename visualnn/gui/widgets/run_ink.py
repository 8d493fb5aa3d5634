"""How the lines of other runs are told apart: by an ink and by dashes, since colour alone is not enough."""

from __future__ import annotations

INKS = ("text3", "act", "warn", "pos", "neg")  # all readable on every surface, in both themes
DASHES = ((3.0, 3.0), (7.0, 3.0), (1.0, 3.0))  # px drawn, px left out


def run_ink(tint: int) -> str:
    """The role of a colour."""
    return INKS[tint % len(INKS)]


def run_dash(tint: int) -> tuple[float, float]:
    """Px drawn and px left out; another for every tint of the same colour, three times."""
    return DASHES[(tint + tint // len(INKS)) % len(DASHES)]
