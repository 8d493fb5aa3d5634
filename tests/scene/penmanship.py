"""Digits as lines, for tests that draw: in shares of the pad, y down."""

from __future__ import annotations

from functools import reduce

import numpy as np

from visualnn.nn.network import Matrix
from visualnn.scene.ink import Drawing, Stroke


def arc(middle: tuple[float, float], radius: tuple[float, float], start: float, end: float) -> Matrix:
    """Part of an ellipse, in degrees from the right and downwards."""
    angle = np.radians(np.linspace(start, end, 30))
    return np.column_stack([middle[0] + radius[0] * np.cos(angle), middle[1] + radius[1] * np.sin(angle)])


ZERO = arc((0.5, 0.5), (0.24, 0.38), -90, 270)
TWO = np.concatenate([arc((0.5, 0.32), (0.22, 0.2), -170, 30), [(0.3, 0.86), (0.74, 0.86)]])
THREE = np.concatenate([arc((0.48, 0.27), (0.19, 0.19), -150, 75), arc((0.47, 0.69), (0.25, 0.22), -75, 155)])
FIVE = np.concatenate([[(0.7, 0.13), (0.36, 0.13), (0.33, 0.44)], arc((0.47, 0.64), (0.23, 0.23), -120, 140)])
DIGITS = {0: ZERO, 2: TWO, 3: THREE, 5: FIVE}


def drawn(*lines: Matrix, erased: Matrix | None = None) -> Drawing:
    """A drawing of these lines; one is erased at the end."""
    strokes = [Stroke(line) for line in lines] + ([] if erased is None else [Stroke(erased, erases=True)])
    return reduce(Drawing.with_stroke, strokes, Drawing())
