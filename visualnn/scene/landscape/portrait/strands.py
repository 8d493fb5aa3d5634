"""Connections: as wide as their weights, coloured by their signs, the chosen ones bright: the stage's rules.

Where a gap has more than can be told apart the strongest of this moment are drawn, and the chosen ones.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix
from visualnn.scene.frame import Links
from visualnn.scene.kernels import raster
from visualnn.scene.landscape.portrait.placing import MOST_LINKS, Gap
from visualnn.scene.links import CROWDED, DIM, DIMMEST, FULL_WEIGHT, HAIR, ROPE, stroke
from visualnn.scene.look import Look

Floats = NDArray[np.float64]

SCALED_FROM = 30.0  # px from neuron to neuron below which lines are drawn thinner
THINNEST_SCALE = 0.5
LEAST_CHOSEN = 2.4  # px that a chosen connection in a crowd is wide at least


def quiet(gap: Gap, w: Matrix, look: Look, *, all_lit: bool) -> Links:
    """The connections of a gap that stay as they are, or where `all_lit` all of them: weak ones first."""
    flat = _strongest(gap, w) if gap.others is None else gap.others
    weights = np.nan_to_num(w.ravel()[flat])
    width, strength = _strokes(gap, weights, _top(gap, w))
    if not all_lit:
        strength = strength * look.faded * (1.0 if gap.count <= CROWDED else DIM)
    return _links(gap, flat, (weights, width, strength), look)


def lit(gap: Gap, w: Matrix, look: Look) -> Links:
    """The chosen connections of a gap, which are bright however weak they are."""
    weights = np.nan_to_num(w.ravel()[gap.chosen])
    width, _strength = _strokes(gap, weights, _top(gap, w))
    if gap.count > CROWDED:
        width = np.maximum(width, LEAST_CHOSEN)
    return _links(gap, gap.chosen, (weights, width, np.ones(weights.size)), look)


def _links(gap: Gap, flat: NDArray[np.intp], shown: tuple[Floats, Floats, Floats], look: Look) -> Links:
    source, neuron = np.divmod(flat, gap.right.units)
    weights, width, strength = shown
    sign = np.sign(weights).astype(np.int8)
    ys = gap.left.ys.astype(np.float32)[source], gap.right.ys.astype(np.float32)[neuron]
    made = width.astype(np.float32), _colors(look, sign, strength), sign, strength.astype(np.float32)
    return Links(gap.layer, source, neuron, gap.left.exit_x, gap.right.entry_x, *ys, *made)


def _strongest(gap: Gap, w: Matrix) -> NDArray[np.intp]:
    """Flat places of the strongest that work, without the chosen ones."""
    values = np.where(gap.free.reshape(w.shape), w, 0.0)
    found = raster.strongest(np.nan_to_num(values), MOST_LINKS - gap.chosen.size)
    return found[gap.free[found]]


def _top(gap: Gap, w: Matrix) -> float:
    """The strongest weight of a gap that works."""
    return float(np.abs(np.nan_to_num(w.ravel()[gap.working])).max(initial=0.0))


def _strokes(gap: Gap, weights: Floats, top: float) -> tuple[Floats, Floats]:
    """How wide and how strong: true to scale, or by their share of the strongest where many are."""
    k = float(np.clip(min(gap.left.pitch, gap.right.pitch) / SCALED_FROM, THINNEST_SCALE, 1.0))
    if gap.count <= CROWDED:
        return stroke(weights, k, max(FULL_WEIGHT, top)), np.ones(weights.size)
    share = np.abs(weights) / top if top > 0 else np.zeros(weights.size)
    return HAIR + ROPE * share, DIMMEST + (0.95 - DIMMEST) * share


def _colors(look: Look, sign: NDArray[np.int8], strength: Floats) -> NDArray[np.uint32]:
    """The colours of the signs over the canvas."""
    palette = np.array([channels(look[role]) for role in ("neg", "zero", "pos")])[sign.astype(np.intp) + 1]
    ground = np.array(channels(look["canvas"]))
    mixed = np.rint(ground + (palette - ground) * strength[:, None]).astype(np.uint32)
    return np.asarray(mixed[:, 0] << 16 | mixed[:, 1] << 8 | mixed[:, 2], dtype=np.uint32)


def channels(color: int) -> tuple[int, int, int]:
    """Red, green, blue."""
    return color >> 16 & 255, color >> 8 & 255, color & 255
