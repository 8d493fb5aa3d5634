"""What the memory of an optimizer does at a moment of a track: where it pushes, and how it treats each weight.

Both are what `optimizers.apply_update` computes, asked twice: once as it is, once as if the slope had become 0. With g
the slope, t the next update, v̂ what is remembered of g² and η the rate with its schedule:

* velocity, the way without a slope: −η·µ·v of momentum, −η·µ²·v of Nesterov's (Polyak 1964; Sutskever et al. 2013);
  −η·β₁m/(1−β₁ᵗ) / (√(β₂v/(1−β₂ᵗ)) + ε) of Adam and AdamW, with its own share of m of NAdam (Kingma & Ba 2015;
  Loshchilov & Hutter 2019; Dozat 2016); −η·sign(β₁m) of Lion (Chen et al. 2023)
* rates, one for each weight: η/(√v̂ + ε) with s of Adagrad and RMSprop (Duchi et al. 2011; Tieleman & Hinton 2012),
  v/(1−β₂ᵗ) of Adam and its kin for v̂; s and v include g already. The next step is −rates times g, or what stands
  for it: m/(1−β₁ᵗ) of Adam

Weight decay, which shrinks weights apart from all this, is in neither.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from visualnn.nn.landscape.track import Track
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.optimizers import apply_update, look_ahead_product
from visualnn.nn.options import Options

DRIVEN = ("momentum", "nesterov", "adam", "adamw", "nadam", "lion")  # move on although the slope is 0
SCALED = {"adagrad": 0, "rmsprop": 0, "adam": 1, "adamw": 1, "nadam": 1}  # which slot is of the squares

Pair = tuple[float, float]


class _Next(NamedTuple):
    """What an update leads to from (0, 0)."""

    way: Vector
    memory: Matrix
    t: int
    rate: float


def velocity(options: Options, track: Track, k: int) -> Pair | None:
    """The way that memory alone takes in the update after moment `k`, the slope being 0.

    None for rules that only follow the slope, for networks, and where there is no next update or no finite number.
    """
    if options.optimizer.name not in DRIVEN or track.slopes is None:
        return None
    after = _next(options, track, k, np.zeros(2))
    return None if after is None else _finite(after.way)


def rates(options: Options, track: Track, k: int) -> Pair | None:
    """The rate of each weight in the update after moment `k`.

    None for rules that treat all weights alike, for networks, and where there is no next update or no finite number.
    """
    rule = options.optimizer
    if rule.name not in SCALED or track.slopes is None:
        return None
    after = _next(options, track, k, track.slopes[k])
    if after is None:
        return None
    squares = after.memory[SCALED[rule.name]]
    if rule.name not in ("adagrad", "rmsprop"):
        squares = squares / (1.0 - rule.beta2**after.t)
    with np.errstate(all="ignore"):
        return _finite(after.rate / (np.sqrt(squares) + rule.eps))


def step(track: Track, k: int) -> Vector | None:
    """Where the update after moment `k` really led; None where that is not known."""
    if k + 1 >= len(track.updates) or track.updates[k + 1] != track.updates[k] + 1:
        return None
    with np.errstate(all="ignore"):
        return np.asarray(track.places[k + 1] - track.places[k])


@np.errstate(all="ignore")  # who diverges may be asked, too
def _next(options: Options, track: Track, k: int, g: Vector) -> _Next | None:
    if track.memory is None or track.rates is None or not np.isfinite(track.losses[k]):
        return None
    rule, t, rate = options.optimizer, int(track.updates[k]) + 1, float(track.rates[k])
    way, memory = np.zeros(2), track.memory[k].copy()
    product = look_ahead_product(rule.beta1, t) if rule.name == "nadam" else None
    apply_update(rule, way, g, memory, t, rate=rate, product=product)
    return _Next(way, memory, t, rate)


def _finite(pair: Vector) -> Pair | None:
    return (float(pair[0]), float(pair[1])) if np.isfinite(pair).all() else None
