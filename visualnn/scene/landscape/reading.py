"""What a place of a relief, and who stands on it, is in words: beside the pointer, and for who cannot see it."""

from __future__ import annotations

from math import ceil, isfinite, log10

import numpy as np

from visualnn.scene.formula import MINUS
from visualnn.scene.landscape.marks import Marks, Trail
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.soundings import short, surface_words

FINEST = 400  # parts of a window that are told apart


def reading(relief: Relief, x: float, y: float) -> str:
    """What is said beside the pointer: the loss that the surface shows there, and where that is."""
    return " · ".join(filter(None, (surface_words(relief, x, y), place_words(relief, x, y))))


def place_words(relief: Relief, x: float, y: float) -> str:
    """Both numbers of a place with their names, as finely as the window shows them."""
    x0, x1, y0, y1 = relief.window
    parts = zip(relief.names, (x, y), (x1 - x0, y1 - y0), strict=True)
    return " · ".join(f"{name} {coordinate(value, extent)}" for name, value, extent in parts)


def coordinate(value: float, extent: float) -> str:
    """A number on an axis so long, to a four-hundredth of it."""
    if not isfinite(value) or not 1e-6 < extent < 1e6:
        return short(value)
    decimals = max(0, ceil(-log10(extent / FINEST) - 1e-9))
    return f"{round(value, decimals) + 0.0:,.{decimals}f}".replace("-", MINUS)


def title(relief: Relief) -> str:
    """What the picture is."""
    return f"Loss over {relief.names[0]} and {relief.names[1]}"


def description(relief: Relief, marks: Marks) -> str:
    """How high the surface is, where every runner stands and where they began."""
    said = [f"Losses from {short(relief.low)} to {short(relief.high)}."]
    said += [_runner(relief, trail) for trail in marks.trails]
    if marks.start is not None:
        x, y, loss = marks.start
        said.append(f"Start: loss {short(loss)} at {_place(relief, x, y)}.")
    return " ".join(said)


def _runner(relief: Relief, trail: Trail) -> str:
    if not isfinite(trail.height):
        return f"{trail.name}: its loss is no longer a number."
    x, y = trail.points[-1].tolist()
    beside = "" if np.abs(relief.world([(x, y)])).max() <= 1 else ", outside of this picture"
    return f"{trail.name}: loss {short(trail.height)} at {_place(relief, x, y)}{beside}."


def _place(relief: Relief, x: float, y: float) -> str:
    return place_words(relief, x, y).replace(" · ", ", ")
