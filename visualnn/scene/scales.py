"""Axes that end at handsome ticks: updates, and losses on a linear or a logarithmic scale."""

from __future__ import annotations

from dataclasses import dataclass
from math import asinh, ceil, floor, log10, sinh
from typing import overload

import numpy as np

from visualnn.nn.network import Vector
from visualnn.scene.formula import MINUS

UPDATE_STEPS = {1.0: 0.5, 1.5: 0.5, 2.0: 0.5, 3.0: 1.0, 4.0: 1.0, 5.0: 1.0, 6.0: 2.0, 8.0: 2.0, 10.0: 5.0}
FEWEST_UPDATES = 10
DECADE_STEPS = (1, 2, 3, 5, 10, 20, 40, 50, 100, 200)  # none more than twice the one before: two ticks at least


@dataclass(frozen=True, slots=True)
class Tick:
    """A value on an axis and what is written there."""

    value: float
    text: str


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from `low` to `high`; where it is logarithmic both are above 0."""

    low: float
    high: float
    ticks: tuple[Tick, ...]
    is_log: bool = False

    @overload
    def share(self, value: float) -> float: ...
    @overload
    def share(self, value: Vector) -> Vector: ...
    def share(self, value: float | Vector) -> float | Vector:
        """How far along the axis a value lies: 0 at `low`, 1 at `high`. Below it a log axis knows nothing but `low`."""
        if not self.is_log:
            return (value - self.low) / (self.high - self.low)
        low, high = np.log10((self.low, self.high))  # NumPy's on AVX-512 is not to the last bit that of `math`
        shares = (np.log10(np.maximum(value, self.low)) - low) / (high - low)
        return float(shares) if np.ndim(shares) == 0 else np.asarray(shares)

    def value(self, share: float) -> float:
        """What lies so far along the axis."""
        if not self.is_log:
            return self.low + share * (self.high - self.low)
        return float(self.low * (self.high / self.low) ** share)

    def holds(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        return self.low <= value <= self.high


@dataclass(frozen=True, slots=True)
class SignedScale:
    """An axis for numbers of both signs and of very different sizes.

    Linear up to about `linear` on both sides of 0 and logarithmic beyond it: shares follow asinh(value / linear).
    """

    low: float
    high: float
    ticks: tuple[Tick, ...]
    linear: float

    @overload
    def share(self, value: float) -> float: ...
    @overload
    def share(self, value: Vector) -> Vector: ...
    def share(self, value: float | Vector) -> float | Vector:
        """How far along the axis a value lies: 0 at `low`, 1 at `high`."""
        low, high = np.arcsinh(np.array((self.low, self.high)) / self.linear)  # as below, to the last bit
        shares = (np.arcsinh(np.asarray(value) / self.linear) - low) / (high - low)
        return float(shares) if np.ndim(shares) == 0 else np.asarray(shares)

    def value(self, share: float) -> float:
        """What lies so far along the axis."""
        low, high = asinh(self.low / self.linear), asinh(self.high / self.linear)
        return self.linear * sinh(low + share * (high - low))

    def holds(self, value: float) -> bool:
        """Whether a value lies on the axis."""
        return self.low <= value <= self.high


def signed_scale(low: float, high: float, linear: float, most: int = 3) -> SignedScale:
    """Such an axis from a number below 0 to one above it, with at most so many ticks on each side of 0."""
    low, high, linear = min(low, -linear), max(high, linear), max(linear, 1e-300)
    last = floor(log10(max(-low, high)) + 1e-9)
    first = min(ceil(log10(5 * linear)), last)  # closer to 0 they would touch its tick
    powers = [10.0**k for k in range(last, first - 1, -(1 + max(0, last - first) // most))]
    above = [p for p in powers if p <= high * (1 + 1e-9)]
    below = [-p for p in powers if p <= -low * (1 + 1e-9)]
    ticks = tuple(Tick(v, tick_text(v)) for v in (*sorted(below), 0.0, *sorted(above)))
    return SignedScale(low, high, ticks, linear)


def update_scale(last: int) -> Scale:
    """An axis of updates from 0 to a round number not below `last`; it grows in leaps, so that a curve stands still."""
    last = max(last, FEWEST_UPDATES)
    power = 10.0 ** floor(log10(last))
    end, step = next((m * power, s * power) for m, s in UPDATE_STEPS.items() if m * power >= last * (1 - 1e-12))
    ticks = tuple(Tick(v, count_text(v)) for v in np.arange(0, end + step / 2, step).tolist())
    return Scale(0.0, end, ticks)


def loss_scale(low: float, high: float, is_log: bool) -> Scale:
    """An axis for losses from `low` to `high`, ending at ticks."""
    return _log_scale(low, high) if is_log else _linear_scale(high)


def share_scale(low: float) -> Scale:
    """An axis for shares of 1 that ends at 100 %: it begins at 0, 50 or 90 %, so that the last percents are seen."""
    start, step = next(((s, d) for s, d in ((0.9, 0.05), (0.5, 0.25)) if low >= s), (0.0, 0.5))
    ticks = (start, start + step, 1.0)
    return Scale(start, 1.0, tuple(Tick(v, f"{100 * v:.0f} %") for v in ticks))


def value_scale(low: float, high: float, most: int = 6) -> Scale:
    """A linear axis that holds `low` and `high` and ends at a step; of many steps every second one is a tick."""
    size = max(abs(low), abs(high))
    if high / 2 - low / 2 <= max(1e-6 * size, 1e-300):
        half = size / 2 if size > 1e-300 else 0.5
        low, high = low - half, high + half
    step = nice_step(high / 2 - low / 2, max(1, most // 2))  # halved, since the sum of two huge ones may be none
    first, last = floor(low / step + 1e-9), ceil(high / step - 1e-9)
    pitch = 1 if last - first <= 4 else 2
    marks = range(first + first % pitch, last + 1, pitch)
    return Scale(first * step, last * step, tuple(Tick(k * step, tick_text(k * step)) for k in marks))


def _linear_scale(high: float, most: int = 4) -> Scale:
    step = nice_step(high if high > 0 else 1.0, most)
    count = max(1, ceil(high / step - 1e-9))
    return Scale(0.0, count * step, tuple(Tick(k * step, tick_text(k * step)) for k in range(count + 1)))


def nice_step(extent: float, most: int, steps: tuple[float, ...] = (1.0, 2.0, 5.0)) -> float:
    """The smallest of the steps times a power of ten of which at most `most` make up `extent`."""
    power = 10.0 ** floor(log10(extent / most))
    return next(m * power for m in (*steps, 10.0) if extent / (m * power) <= most * (1 + 1e-9))


def _log_scale(low: float, high: float) -> Scale:
    """Half decades (…, 0.1, 0.3, 1, …) over at least a decade; whole ones, or every n-th, where there are many."""
    first, last = floor(_half_decades(low) + 1e-9), ceil(_half_decades(high) - 1e-9)
    first = min(first, last - 2)
    if last - first <= 4:
        marks = list(range(first, last + 1))
    else:
        first, last = 2 * (first // 2), 2 * -(-last // 2)
        step = 2 * next(n for n in DECADE_STEPS if last - first <= 8 * n)
        marks = list(range(-(-first // step) * step, last + 1, step))
    ticks = tuple(Tick(_of_half_decade(k), tick_text(_of_half_decade(k))) for k in marks)
    return Scale(_of_half_decade(first), _of_half_decade(last), ticks, True)


def _half_decades(value: float) -> float:
    """Where a value lies among …, 0.1, 0.3, 1, 3, …, counted from 1: 0.3 is −1, 1 is 0, 3 is 1."""
    value = min(max(value, 1e-300), 1e300)
    power = floor(log10(value) + 1e-12)
    rest = value / 10.0**power
    return 2 * power + (log10(rest) / log10(3) if rest < 3 else 1 + log10(rest / 3) / log10(10 / 3))


def _of_half_decade(k: int) -> float:
    return float(f"{'13'[k % 2]}e{k // 2}")


def tick_text(value: float) -> str:
    """A tick's value, as short as it is exact: 10, 0.3, 0.001, 1e−6."""
    if value == 0 or 1e-3 <= abs(value) < 1e5:
        return f"{value:,.6g}".replace("-", MINUS)
    mantissa, exponent = f"{value:.5e}".split("e")
    return f"{float(mantissa):g}e{int(exponent)}".replace("-", MINUS)


def count_text(count: float) -> str:
    """A number of updates on an axis: 300, 20,000, 1.5 M."""
    return f"{count:,.0f}" if count < 1e6 else f"{count / 1e6:,.6g} M"
