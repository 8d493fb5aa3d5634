"""From gradient to parameters, for a gradient that lies in memory as a whole: penalties, masks, clipping, the update.

Where nothing of that is asked for, the loops apply the optimizer while they still have the gradient in registers.
"""

from __future__ import annotations

from math import inf, sqrt

from visualnn.nn.kernels.across import total
from visualnn.nn.kernels.formulas import moved, penalized
from visualnn.nn.kernels.numbers import CLIP_NORM, CLIP_VALUE, IS_CLIPPED, IS_MASKED, IS_PENALIZED, OPTIMIZER
from visualnn.nn.kernels.vector import compiled, inlined, lanes_of, like, load, splat, store, where_positive


@compiled
def finish(whole, exact, c, w, g, weights, keep, first, end):
    """Adds penalties, silences what is cut and clips values from place `first` to `end`; the sum of the squares."""
    squares = 0.0
    for k in range(first, end, lanes_of(w)):
        slope = load(g, k)
        if whole[IS_PENALIZED]:
            old = load(w, k)
            slope = where_positive(load(weights, k), penalized(c, old, slope), slope)
        if whole[IS_MASKED]:
            slope = slope * load(keep, k)
        if whole[IS_CLIPPED] and exact[CLIP_VALUE] < inf:
            slope = _limited(slope, like(slope, exact[CLIP_VALUE]))
        store(g, k, slope)
        squares += float(total(slope * slope))
    return squares


@inlined
def _limited(x, limit):
    return where_positive(x - limit, limit, where_positive(-limit - x, -limit, x))


@compiled
def apply(whole, exact, c, w, g, memory, slot, keep, squares, first, end):
    """Moves the parameters from place `first` to `end`; clips by the norm, whose square is given, before."""
    share = 1.0
    if exact[CLIP_NORM] < inf:
        share = exact[CLIP_NORM] / (sqrt(squares) + 1e-6)
        share = 1.0 if share >= 1.0 else share  # NaN stays NaN
    scale = like(c[0], share)
    for k in range(first, end, lanes_of(w)):
        slope = load(g, k) * splat(scale)
        after = moved(whole[OPTIMIZER], c, load(w, k), slope, memory, k, slot + k)
        store(w, k, after * load(keep, k) if whole[IS_MASKED] else after)
