"""Other parts of a surface to look at: beside the present window, larger or smaller."""

from __future__ import annotations

import math

from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape.window import Window
from visualnn.scene.landscape.relief import Window as Edges


def panned(edges: Edges, across: float, up: float) -> Window | None:
    """The window so many of its widths to the right and heights up; None where there is none."""
    x0, x1, y0, y1 = edges
    right, higher = across * (x1 - x0), up * (y1 - y0)
    return _window(x0 + right, x1 + right, y0 + higher, y1 + higher)


def zoomed(edges: Edges, factor: float, about: tuple[float, float]) -> Window | None:
    """A part `factor` times as small, in which a point stays where it is; None where there is none."""
    x0, x1, y0, y1 = edges
    x, y = about
    return _window(x + (x0 - x) / factor, x + (x1 - x) / factor, y + (y0 - y) / factor, y + (y1 - y) / factor)


def is_same(one: Edges, other: Edges) -> bool:
    """Whether two windows are equal but for rounding."""
    size = max(one[1] - one[0], one[3] - one[2], 0.0)
    return all(math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9 * size) for a, b in zip(one, other, strict=True))


def edges_of(window: Window) -> Edges:
    """A window as a relief has it."""
    return window.x0, window.x1, window.y0, window.y1


def _window(x0: float, x1: float, y0: float, y1: float) -> Window | None:
    try:
        return Window(x0, x1, y0, y1)
    except VisualNNError:
        return None
