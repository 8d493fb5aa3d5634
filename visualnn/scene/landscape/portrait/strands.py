"""Connections: as wide as their weights, coloured by their signs, the chosen ones bright: the stage's rules.

Where a gap has more than can be told apart the strongest of this moment are drawn, and the chosen ones.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix
from visualnn.scene.frame import Links
from visualnn.scene.kernels import raster
from visualnn.scene.landscape.portrait.placing import MOST_LINKS, Gap
from visualnn.scene.links import CROWDED, DIM, DIMMEST, FULL_WEIGHT, HAIR, LARGEST, ROPE, stroke
from visualnn.scene.look import Look

Floats = NDArray[np.float64]

SCALED_FROM = 30.0  # px from neuron to neuron below which lines are drawn thinner
THINNEST_SCALE = 0.5
LEAST_CHOSEN = 2.4  # px that a chosen connection in a crowd is wide at least


def quiet(gap: Gap, w: Matrix, look: Look, *, all_lit: bool) -> Links:
    """The connections of a gap that stay as they are, or where `all_lit` all of them: weak ones first."""
    values = _finite(w)
    flat = _strongest(gap, values) if gap.others is None else gap.others
    weights = values[flat]
    width, strength = _strokes(gap, weights, _top(gap, values))
    if not all_lit:
        strength = strength * look.faded * (1.0 if gap.count <= CROWDED else DIM)
    return _links(gap, flat, (weights, width, strength), look)


def lit(gap: Gap, w: Matrix, look: Look) -> Links:
    """The chosen connections of a gap, which are bright however weak they are."""
    values = _finite(w)
    weights = values[gap.chosen]
    width, _strength = _strokes(gap, weights, _top(gap, values))
    if gap.count > CROWDED:
        width = np.maximum(width, LEAST_CHOSEN)
    return _links(gap, gap.chosen, (weights, width, np.ones(weights.size)), look)


def _links(gap: Gap, flat: NDArray[np.intp], shown: tuple[Floats, Floats, Floats], look: Look) -> Links:
    source, neuron = np.divmod(flat, gap.right.units)
    weights, width, strength = shown
    sign = np.sign(weights).astype(np.int8)
    ys = gap.left.ys.astype(np.float32)[source], gap.right.ys.astype(np.float32)[neuron]
    color, strong = _colors(look, sign, strength), strength.astype(np.float32)
    ends = gap.left.exit_x, gap.right.entry_x
    return Links(gap.layer, source, neuron, *ends, *ys, width.astype(np.float32), color, sign, strong)


def _finite(w: Matrix) -> Floats:
    """The weights by their flat places; what is not a number counts as 0, what is endless as the largest there is."""
    flat = w.ravel()
    return flat if np.isfinite(flat).all() else np.nan_to_num(flat)


def _strongest(gap: Gap, values: Floats) -> NDArray[np.intp]:
    """Flat places of the strongest that work, without the chosen ones."""
    free = np.where(gap.free, values, 0.0).reshape(gap.left.units, gap.right.units)
    found = raster.strongest(np.clip(free, -LARGEST, LARGEST), MOST_LINKS - gap.chosen.size)
    return found[gap.free[found]]


def _top(gap: Gap, values: Floats) -> float:
    """The strongest weight of a gap that works."""
    working = values if gap.is_whole else values[gap.working]
    return float(np.abs(working).max(initial=0.0))


def _strokes(gap: Gap, weights: Floats, top: float) -> tuple[Floats, Floats]:
    """How wide and how strong: true to scale, or by their share of the strongest where many are."""
    k = float(np.clip(min(gap.left.pitch, gap.right.pitch) / SCALED_FROM, THINNEST_SCALE, 1.0))
    if gap.count <= CROWDED:
        return stroke(weights, k, max(FULL_WEIGHT, top)), np.ones(weights.size)
    share = np.abs(weights) / top if top > 0 else np.zeros(weights.size)
    return HAIR + ROPE * share, DIMMEST + (0.95 - DIMMEST) * share


def _colors(look: Look, sign: NDArray[np.int8], strength: Floats) -> NDArray[np.uint32]:
    """The colours of the signs over the canvas."""
    ground, beyond = _palette(look)
    mixed = np.rint(ground + beyond[sign.astype(np.intp) + 1] * strength[:, None]).astype(np.uint32)
    return np.asarray(mixed[:, 0] << 16 | mixed[:, 1] << 8 | mixed[:, 2], dtype=np.uint32)


@lru_cache(maxsize=2)
def _palette(look: Look) -> tuple[Floats, Floats]:
    """The canvas, and what each sign adds to it: red, green, blue."""
    ground, *signs = (np.array(_channels(look[role]), dtype=np.float64) for role in ("canvas", "neg", "zero", "pos"))
    return ground, np.array(signs) - ground


def _channels(color: int) -> tuple[int, int, int]:
    return color >> 16 & 255, color >> 8 & 255, color & 255
