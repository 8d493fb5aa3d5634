"""Trouble in a training, found in its numbers: a value with what proves it for each kind, or None.

Every function here looks at one moment and is sure or silent. The thresholds are named, with their reason; "measured"
means on the runs of the lessons, which `tests/nn/test_diagnosis.py` repeats. Divergence is in `divergence`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from visualnn.nn.curve import CurveView
from visualnn.nn.functions import loss_rows
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.statistics import ZERO_UP_TO, Statistics

Names = tuple[tuple[str, ...], ...]  # of the neurons, column by column: see `network.neuron_names`

DEAD_SHARE = 0.5  # of a layer: more is trouble. Healthy deep nets have up to half, of three one (measured)
VANISHING = 1e-3  # first slope / last. Measured with SGD: four sigmoid layers, 2.5e-3, still learn; five, 6e-4, do not
EXPLODING = 1e3  # healthy nets of 10 layers stay below 60 (measured); too large first weights give 2e4
WINDOW_UPDATES, WINDOW_EPOCHS = 100, 10  # the shortest piece of a loss curve, and the larger of the two counts
SURE = 2.0  # standard errors
STILL = 0.01  # a loss whose mean changed less between the halves of a window, whatever its length, has not moved, …
STILL_UPDATES = 25_000  # … if at that pace it would need more than so many updates to halve
MANY_UPDATES = 1_000  # to halve a loss: a quarter of a minute of watching at 60 updates a second
LEARNED = 0.1  # loss / loss of the best constant answer. Below it nobody needs an alarm for standing still
AS_CONSTANT = 0.01  # a loss this close to that of the best constant answer is that answer
STEEP = 0.01  # ‖g‖·‖w‖/loss: below it even doubling the weights would, on a straight slope, change the loss by 1 %
SLOW_RATIO = 1e-4  # ‖Δw‖/‖w‖ of an update: a tenth of what is usual (1e-3, by Karpathy's notes for cs231n)
RISE = 1.2  # test loss / its best: more than the wiggle of Adam's late spikes under weight decay (measured: 1.1)
CURVE_POINTS = 20  # with fewer a rise may be noise
SMOOTHING = 0.1  # of a curve, the share its running median looks at


@dataclass(frozen=True, slots=True)
class DeadUnits:
    """ReLU neurons that are 0 for every row, so that no slope reaches what is before them."""

    units: tuple[tuple[int, int], ...]  # (layer, neuron) of all dead ones; layer 0 is the first hidden
    of: int  # ReLU neurons there are
    blocked: int | None  # the last layer that is dead as a whole: nothing in it or before it can learn

    def sentence(self, names: Names) -> str:
        """For the learner."""
        if self.blocked is not None:
            return f"Every neuron of {layer_name(self.blocked, names)} is 0 for all rows: no slope gets through."
        shown = [names[layer + 1][neuron] for layer, neuron in self.units[:5]]
        more = ", …" if len(self.units) > len(shown) else ""
        return f"{len(self.units)} of {self.of} ReLU neurons are 0 for all rows: {', '.join(shown)}{more}."


@dataclass(frozen=True, slots=True)
class GradientTrouble:
    """Slopes that shrink or grow from layer to layer on their way back."""

    ratio: float  # first layer / last; below `VANISHING` or above `EXPLODING`
    slope_norms: tuple[float, ...]  # of dz, layer by layer
    gradient_norms: tuple[float, ...]  # of weights and biases, layer by layer

    @property
    def vanishing(self) -> bool:
        """They shrink."""
        return self.ratio < 1.0

    def sentence(self, names: Names) -> str:
        """For the learner."""
        first = layer_name(0, names)
        if self.ratio == 0.0:
            return f"The slope is 0 when it arrives at {first}."
        how, times = ("smaller", 1.0 / self.ratio) if self.vanishing else ("larger", self.ratio)
        return f"The slope is {number(times)} times {how} when it arrives at {first}."


@dataclass(frozen=True, slots=True)
class Plateau:
    """A loss that stands still although there is much to learn."""

    updates: int  # for which it has not moved, at least
    loss: float  # the mean over these updates
    baseline: float  # the loss of the best constant answer
    steepness: float  # ‖g‖·‖w‖/loss
    ratio: float  # ‖Δw‖/‖w‖ of the layer that moves most

    @property
    def answers_constant(self) -> bool:
        """Whether the network does as well as if it answered the same to everything."""
        return abs(self.loss - self.baseline) <= AS_CONSTANT * self.baseline

    @property
    def is_steep(self) -> bool:
        """Whether the slope is not small all the same: the updates are too short, or jump from side to side."""
        return self.steepness > STEEP

    def sentence(self, names: Names) -> str:
        """For the learner."""
        if self.answers_constant:
            what = ": the network gives every row the same answer"
        elif self.is_steep:
            cause = "small" if self.ratio < SLOW_RATIO else "large"
            what = f", though the slope is not small: the rate may be too {cause}"
        else:
            what = f": it stays at {number(self.loss)}, and the slope is small"
        return f"The loss has not moved for {number(self.updates)} updates{what}."


@dataclass(frozen=True, slots=True)
class Crawling:
    """A loss that falls, but so slowly that a larger rate is called for."""

    updates: float  # more until the loss is half of what it is, at the present pace
    loss: float
    ratio: float  # ‖Δw‖/‖w‖ of the layer that moves most

    def sentence(self, names: Names) -> str:
        """For the learner."""
        return f"At this pace the loss needs {number(self.updates)} more updates to halve."


@dataclass(frozen=True, slots=True)
class Overfitting:
    """A network that gets better on the rows it learns from and worse on others."""

    best_update: int  # where the test loss was lowest
    best_test: float
    best_train: float  # there
    test: float  # now; all four were measured, that they are a trend is seen in running medians
    train: float

    def sentence(self, names: Names) -> str:
        """For the learner."""
        return (
            f"Since update {number(self.best_update)} the test loss rises, "
            f"from {number(self.best_test)} to {number(self.test)}, while the train loss falls."
        )


def dead_units(network: Network, seen: Statistics) -> DeadUnits | None:
    """Trouble if more than `DEAD_SHARE` of a layer is dead."""
    units = tuple((k, neuron) for k, layer in enumerate(seen.layers) for neuron in layer.dead)
    if all(layer.dead_share <= DEAD_SHARE for layer in seen.layers):
        return None
    of = sum(layer.units for layer in seen.layers if layer.activation in ZERO_UP_TO)
    blocked = [k for k, layer in enumerate(seen.layers) if _is_blocked(network, k, len(layer.dead), layer.units)]
    return DeadUnits(units, of, max(blocked, default=None))


def _is_blocked(network: Network, layer: int, dead: int, units: int) -> bool:
    """Whether no slope gets back through this layer, nor around it."""
    column = layer + 1
    around = any(s is not None and s < column <= c for c, s in enumerate(network.shortcuts))
    return 0 < units == dead and not around


def gradient_trouble(network: Network, seen: Statistics) -> GradientTrouble | None:
    """Trouble if slopes shrink or grow a thousandfold; None where dead neurons explain it."""
    slopes = tuple(layer.slope_norm for layer in seen.layers)
    dead = dead_units(network, seen)
    if not (np.isfinite(slopes).all() and slopes[-1] > 0.0) or (dead is not None and dead.blocked is not None):
        return None
    ratio = slopes[0] / slopes[-1]
    if VANISHING <= ratio <= EXPLODING:
        return None
    return GradientTrouble(ratio, slopes, tuple(layer.gradient_norm for layer in seen.layers))


class Window(NamedTuple):
    """The end of a loss curve in two halves."""

    updates: int
    mean: float  # of the second half
    fall: float  # from the mean of the first half to that of the second
    error: float  # `SURE` standard errors of the fall
    steady: bool  # the second half falls at least half as fast as the first


@np.errstate(over="ignore")  # a loss that has exploded is finite, its square is not
def windows(curve: CurveView, epoch_length: int) -> list[Window]:
    """The last updates of a curve, then twice as many, and so on; none while it is short or not finite."""
    points = -(-max(WINDOW_UPDATES, WINDOW_EPOCHS * epoch_length) // (4 * curve.stride)) * 4
    found = []
    while max(points, 8) <= len(curve.losses):
        quarters = curve.losses[-max(points, 8) :].reshape(4, -1)
        if not np.isfinite(quarters).all():
            break
        q, halves = quarters.mean(axis=1), quarters.reshape(2, -1)
        error = SURE * float(np.sqrt(halves.var(axis=1).sum() / halves.shape[1]))
        first, second = halves.mean(axis=1)
        steady = bool(q[2] - q[3] >= 0.5 * (q[0] - q[1]) > 0.0)
        found.append(Window(quarters.size * curve.stride, float(second), float(first - second), error, steady))
        points *= 2
    return found


def plateau(curve: CurveView, seen: Statistics, baseline: float, epoch_length: int = 1) -> Plateau | None:
    """Trouble if the loss has not moved and is more than `LEARNED` of that of the best constant answer."""
    still = None
    for window in windows(curve, epoch_length):
        limit = window.mean * min(STILL, 0.25 * window.updates / STILL_UPDATES)
        if abs(window.fall) - window.error > limit:
            break
        if abs(window.fall) + window.error <= limit:
            still = window
    if still is None or still.mean <= LEARNED * baseline:
        return None
    size = float(np.hypot.reduce([n for layer in seen.layers for n in (layer.weight_norm, layer.bias_norm)]))
    return Plateau(still.updates, still.mean, baseline, seen.gradient_norm * size / still.mean, seen.update_ratio)


def crawling(curve: CurveView, seen: Statistics, baseline: float, epoch_length: int = 1) -> Crawling | None:
    """Trouble if the loss falls steadily, has far to go, and would need `MANY_UPDATES` and more to halve."""
    if not seen.update_ratio < SLOW_RATIO or plateau(curve, seen, baseline, epoch_length):
        return None
    for window in windows(curve, epoch_length):
        if window.steady and window.fall > window.error / SURE and window.mean > LEARNED * baseline:
            updates = 0.25 * window.mean * window.updates / window.fall  # the halves are half a window apart
            return Crawling(updates, window.mean, seen.update_ratio) if updates > MANY_UPDATES else None
    return None


def overfitting(updates: Vector, train: Vector, test: Vector) -> Overfitting | None:
    """Trouble if the test loss has risen by `RISE` while the train loss fell. All three have an entry a measurement."""
    if len(updates) < CURVE_POINTS or not (np.isfinite(train).all() and np.isfinite(test).all()):
        return None
    calm_train, calm = running_median(train), running_median(test)
    best = int(calm.argmin())
    if calm[-1] < RISE * calm[best] or calm_train[-1] >= calm_train[best]:
        return None
    reach = _reach(len(test))
    first = max(0, best - reach)
    best = first + int(test[first : best + reach + 1].argmin())  # what is told are numbers that were measured
    if test[-1] <= test[best] or train[-1] >= train[best]:
        return None
    return Overfitting(int(updates[best]), float(test[best]), float(train[best]), float(test[-1]), float(train[-1]))


def _reach(count: int) -> int:
    """How many values on either side a running median looks at."""
    return int(0.5 * SMOOTHING * count)


def running_median(values: Vector) -> Vector:
    """Of each value and those around it, `SMOOTHING` of all; at both ends of those that there are."""
    reach = _reach(len(values))
    padded = np.pad(values, reach, constant_values=np.nan)
    return np.asarray(np.nanmedian(np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1), axis=1))


def constant_loss(y: Matrix, loss: str) -> float:
    """The loss of answering the same to every row, as well as that can be done: for MSE the variance of the targets."""
    mean = y.mean(axis=0)
    p = np.clip(mean, 1e-12, 1.0 - 1e-12)
    answers = {"binary_cross_entropy": [np.log(p / (1.0 - p))], "cross_entropy": [np.log(p)]}.get(
        loss, [mean, np.median(y, axis=0), np.sign(mean - 0.5)]
    )
    rows = [np.broadcast_to(answer, y.shape) for answer in answers]
    return min(float(loss_rows(loss, z, z, y).mean()) for z in rows)


def layer_name(layer: int, names: Names) -> str:
    """For the learner; layer 0 is the first hidden."""
    last = len(names) - 2
    if layer == last:
        return "the output layer"
    return "the hidden layer" if last == 1 else f"hidden layer {layer + 1}"


def number(value: float) -> str:
    """Three digits, for a sentence."""
    if 1000 <= abs(value) < 1e9:
        value = round(value, 2 - int(np.floor(np.log10(abs(value)))))
        return f"{value:,.0f}".replace("-", "−")
    return f"{value:.3g}".replace("-", "−")
