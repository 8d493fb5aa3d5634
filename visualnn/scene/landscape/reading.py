"""What a place of a relief, and who stands on it, is in words: beside the pointer, and for who cannot see it."""

from __future__ import annotations

from math import ceil, isfinite, log10

import numpy as np

from visualnn.scene.formula import MINUS
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Marks, Trail
from visualnn.scene.landscape.picking import height
from visualnn.scene.landscape.relief import TALL, Relief
from visualnn.scene.scales import tick_text

FINEST = 500  # parts of a window that are told apart


def loss_at(relief: Relief, x: float, y: float) -> float:
    """The loss that the surface shows at a point of the window; no number beside it and in holes."""
    flat = relief.world([(x, y)])
    z = float(height(ground(relief), flat)[0]) if np.abs(flat).max() <= 1 + 1e-9 else float("nan")
    return relief.loss(z / TALL) if isfinite(z) else float("nan")


def loss_words(relief: Relief, loss: float) -> str:
    """Three digits of a loss that the surface shows: what is cut off is only known to be more."""
    if relief.is_clipped and loss >= relief.high * (1 - 1e-9):
        return f"loss above {three_digits(relief.high)}"
    return f"loss {three_digits(loss)}"


def place_words(relief: Relief, x: float, y: float) -> str:
    """Both numbers of a place with their names, as finely as the window shows them."""
    x0, x1, y0, y1 = relief.window
    parts = zip(relief.names, (x, y), (x1 - x0, y1 - y0), strict=True)
    return " · ".join(f"{name} {coordinate(value, extent)}" for name, value, extent in parts)


def reading(relief: Relief, x: float, y: float, loss: float) -> str:
    """What is said beside the pointer."""
    return f"{loss_words(relief, loss)} · {place_words(relief, x, y)}"


def title(relief: Relief) -> str:
    """What the picture is."""
    return f"Loss over {relief.names[0]} and {relief.names[1]}"


def description(relief: Relief, marks: Marks) -> str:
    """How high the surface is, where every runner stands and where they began."""
    said = [f"Losses from {three_digits(relief.low)} to {three_digits(relief.high)}."]
    said += [_runner(relief, trail) for trail in marks.trails]
    if marks.start is not None:
        x, y, loss = marks.start
        said.append(f"Start: loss {three_digits(loss)} at {_place(relief, x, y)}.")
    return " ".join(said)


def _runner(relief: Relief, trail: Trail) -> str:
    x, y = trail.points[-1].tolist()
    if not isfinite(trail.height):
        return f"{trail.name}: its loss is no longer a number."
    beside = "" if np.abs(relief.world([(x, y)])).max() <= 1 else ", outside of this picture"
    return f"{trail.name}: loss {three_digits(trail.height)} at {_place(relief, x, y)}{beside}."


def _place(relief: Relief, x: float, y: float) -> str:
    return place_words(relief, x, y).replace(" · ", ", ")


def coordinate(value: float, extent: float) -> str:
    """A number on an axis so long, to a five-hundredth of it."""
    if not isfinite(value) or not 1e-6 < extent < 1e6:
        return tick_text(float(f"{value:.3g}")) if isfinite(value) else "no number"
    text = f"{value:,.{max(0, ceil(-log10(extent / FINEST) - 1e-9))}f}"
    return (text[1:] if not float(text.replace(",", "")) else text).replace("-", MINUS) if value < 0 else text


def three_digits(loss: float) -> str:
    """A loss as it is written beside the pointer."""
    return tick_text(float(f"{loss:.3g}")) if isfinite(loss) else "no number"
