"""What is written on a picture of any colour."""

from __future__ import annotations

from math import isfinite

from visualnn.scene.scales import tick_text

INK = 0x0B0E18  # around what lies on the surface, in both themes: it is coloured in both


def short(loss: float) -> str:
    """A loss in three digits."""
    return tick_text(float(f"{loss:.3g}")) if isfinite(loss) else "not a number"
