"""A network of one input and one output as a curve, beyond the rows it has learned from too.

All numbers are in the units of the data.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor

import numpy as np

from visualnn.nn import metrics
from visualnn.nn.data import RULES, Dataset
from visualnn.nn.network import Matrix, Vector
from visualnn.project import Project
from visualnn.scene.scales import Scale, Tick, nice_step, tick_text
from visualnn.scene.units import raw_answers, raw_inputs, seen_inputs

POINTS = 241
BEYOND = 0.35  # of the data's extent, shown on either side of it
HEADROOM = 0.25  # of the answers' extent, above and below


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """What stays while the network learns: the axes, the rows and the right answers."""

    xs: Vector  # (POINTS,), from left to right
    rule: Vector | None  # the right answers for them, where a formula knows
    low: float  # where the rows to learn from begin
    high: float  # … and end
    across: Scale
    up: Scale
    rows: Matrix  # (rows, x and answer)
    tests: Matrix  # (tests, x and answer)


@dataclass(frozen=True, eq=False, slots=True)
class Function:
    """What is said for every x of the ground, for exactly one set of parameters."""

    ground: Ground
    said: Vector  # (POINTS,)

    def at(self, x: float) -> tuple[float, float]:
        """The drawn x nearest to a given one, and what is said there."""
        index = int(np.abs(self.ground.xs - x).argmin())
        return float(self.ground.xs[index]), float(self.said[index])


def ground_of(data: Dataset) -> Ground:
    """The axes reach beyond the rows; the right answers do where a formula knows them."""
    rows = _points(data)
    tests = _points(data.held) if data.held is not None else np.empty((0, 2))
    low, high = float(rows[:, 0].min()), float(rows[:, 0].max())
    margin = BEYOND * (high - low) or 1.0
    xs = np.linspace(low - margin, high + margin, POINTS)
    rule = RULES[data.rule](xs[:, None])[:, 0] if data.rule in RULES else None
    answers = np.concatenate([rows[:, 1], tests[:, 1]])
    spare = HEADROOM * float(np.ptp(answers)) or 1.0
    up = ticked(float(answers.min()) - spare, float(answers.max()) + spare, 4)
    return Ground(xs, rule, low, high, ticked(float(xs[0]), float(xs[-1]), 5), up, rows, tests)


def _points(data: Dataset) -> Matrix:
    return np.column_stack([raw_inputs(data, data.inputs)[:, 0], raw_answers(data, data.targets)[:, 0]])


def ticked(low: float, high: float, most: int) -> Scale:
    """An axis with exactly these ends, and ticks at round values between them."""
    step = nice_step(high - low, most)
    marks = (k * step for k in range(ceil(low / step), floor(high / step) + 1))
    return Scale(low, high, tuple(Tick(value, tick_text(value)) for value in marks))


@np.errstate(all="ignore")  # a diverged network overflows
def function_of(project: Project, parameters: Vector, ground: Ground) -> Function:
    """What the network says all along the ground."""
    seen = seen_inputs(project.data, ground.xs[:, None])
    out = metrics.predict(project.network, parameters, seen, project.mask)
    return Function(ground, raw_answers(project.data, out)[:, 0])
