"""Words above a picture, readable on any colour."""

from __future__ import annotations

from collections.abc import Iterator

from visualnn.scene.frame import Box, Item, Text
from visualnn.scene.look import Look, text_width
from visualnn.scene.scales import tick_text

INK = 0x0B0E18  # around what lies on the surface, in both themes: it is coloured in both


def plate(look: Look, x: float, y: float, text: str) -> Iterator[Item]:
    """A few words on a small plate."""
    wide = text_width(text, 12) * 0.92 + 18
    yield Box(x, y, wide, 22, 11, look["panel"], look["line2"], 1.0)
    yield Text(x, y, text, 12, 600, look["text"])


def short(loss: float) -> str:
    """A loss in three digits."""
    return tick_text(float(f"{loss:.3g}"))
