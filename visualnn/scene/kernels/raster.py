"""Draws connections: as single strokes, or a whole gap as a field; then makes pixels of it.

All lengths are device pixels, and the middle of the first pixel is 0.5. Any thread may draw, two may not draw into the
same ink; with compiled kernels it does not hold up other threads.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from visualnn.scene.kernels.choose import kernels, load, loaded
from visualnn.scene.kernels.curve import Columns, Floats, columns
from visualnn.scene.kernels.halves import in_parts, together
from visualnn.scene.kernels.lattice import FARTHEST, FEWEST, MOST, Lines, Side, lines, points_for
from visualnn.scene.kernels.plain import FULL, SHIFT, Keys

__all__ = [
    "Ink",
    "field",
    "ink",
    "load",
    "loaded",
    "resolve",
    "stroke",
    "strongest",
]

LARGE = 1024  # points from which the two halves of a transform are worth two threads

_drawing_field = threading.Lock()
_kept = np.zeros(0, np.uint16)


@dataclass(frozen=True, eq=False)
class Ink:
    """How much positive and negative colour lies on each pixel, 0…1: (width, height, 2), one column after the other."""

    amounts: Floats

    @property
    def width(self) -> int:
        """In pixels."""
        return int(self.amounts.shape[0])

    @property
    def height(self) -> int:
        """In pixels."""
        return int(self.amounts.shape[1])

    def clear(self) -> None:
        """Takes all ink away."""
        self.amounts.fill(0)


def ink(width: int, height: int) -> Ink:
    """A clean buffer."""
    return Ink(np.zeros((width, height, 2), np.float32))


def stroke(
    ink: Ink,
    x0: float,
    x1: float,
    y0: ArrayLike,
    y1: ArrayLike,
    width: ArrayLike,
    strength: ArrayLike,
    sign: ArrayLike,
) -> None:
    """Draws curved connections of one gap, later ones over earlier ones.

    `strength` is the alpha, 0…1, and `sign` 1, −1 or 0, which takes half of both colours. What is thinner than a pixel
    fades instead. A connection with a number that is not finite is left out.
    """
    gap = columns(x0, x1, ink.width)
    y0, y1, width, strength, sign = _curves(y0, y1, width, strength, sign, ink.height)
    if y0.size == 0 or gap.s.size == 0:
        return
    strength, width = np.minimum(strength, 1) * np.minimum(width, 1), np.maximum(width, 1)
    curves = y0, y1, width, strength, (1 + sign) / 2, (1 - sign) / 2
    job = partial(_draw, ink, gap, [np.ascontiguousarray(part, np.float32) for part in curves])
    in_parts(job, gap.first, gap.last, steps=5 * y0.size * gap.s.size)


def _curves(*arrays: ArrayLike | int) -> list[Floats]:
    """The arrays of all curves, without those that cannot be seen."""
    *parts, height = arrays
    curves = np.stack(np.broadcast_arrays(*(np.asarray(part, np.float32) for part in parts))).reshape(5, -1)
    y0, y1, width, strength, _ = curves
    with np.errstate(invalid="ignore", over="ignore"):
        reach = width / 2 + 1
        seen = (np.minimum(y0, y1) - reach < height) & (np.maximum(y0, y1) + reach > 0)
        keep = seen & (width > 0) & (strength > 0) & np.isfinite(curves).all(axis=0)
    return list(curves if keep.all() else curves[:, keep])


def _draw(ink: Ink, gap: Columns, curves: list[Floats], first: int, last: int) -> None:
    kernels().draw(first, last, gap.first, gap.s, gap.slope, gap.share, *curves, ink.amounts)


def field(
    ink: Ink,
    x0: float,
    x1: float,
    weights: NDArray[np.floating],
    y_first: tuple[float, float],
    y_step: tuple[float, float],
    scale: float,
    *,
    amount: float = 0.5,
    bend: float = 2.6,
    points: int | None = None,
) -> None:
    """Draws all connections of a gap, `weights` (n_in, n_out), the strongest of each pixel: a picture of a million.

    Neuron k of the left and of the right column is at ``y_first + k · y_step`` (steps are not negative). A weight of
    `scale` or more has the alpha `amount`, a weaker one the ``(|w| / scale) ** bend``-th part of it. `points` is how
    many rows of weights the transform keeps apart: a power of two from 256 to 2048, normally at least one a pixel.
    """
    gap = columns(x0, x1, ink.width)
    w = np.ascontiguousarray(weights, np.float32)
    heights = [step * (n - 1) for step, n in zip(y_step, w.shape, strict=True)]
    far = np.abs([*y_first, *heights])
    if not (w.size and gap.s.size and 0 < scale < np.inf and np.isfinite(far).all() and far.max() < FARTHEST):
        return
    points = points or points_for(max(heights))
    if points not in _powers():
        raise ValueError(f"A field has {' or '.join(map(str, _powers()))} points, not {points}.")
    left, right = (Side.of(*side, points) for side in zip(w.shape, y_first, y_step, strict=True))
    where = lines(gap, left, right, points, ink.height)
    with _drawing_field:
        keys = _transformed(w, left, right, FULL / np.float32(scale), where, points)
        job = partial(_project, ink, gap, keys, where, _alphas(amount, bend))
        in_parts(job, gap.first, gap.last, steps=gap.s.size * (ink.height + points // 4))


def _powers() -> list[int]:
    return [FEWEST << k for k in range((MOST // FEWEST).bit_length())]


def _transformed(w: Floats, left: Side, right: Side, gain: np.float32, where: Lines, points: int) -> tuple[Keys, Keys]:
    """The lines of the matrix and of the transposed one, each if some column needs it."""
    straight, turned = _space(points)
    use = kernels()
    use.place(w, left.rows, right.rows, gain, straight[0])
    jobs = []
    if where.turns.any():
        use.turn(straight[0], turned[0])
        jobs.append(partial(use.transform, *turned))
    if not where.turns.all():
        jobs.append(partial(use.transform, *straight))
    if points >= LARGE:
        together(*jobs)
    else:
        for job in jobs:
            job()
    result = points.bit_length() % 2  # there are log₂(points) − 1 joins
    return straight[result], turned[result]


def _space(points: int) -> NDArray[np.uint16]:
    """For both octants the keys and what is made of them, kept for the next time: 12 MB for 1024 points."""
    global _kept
    shape = 2, 2, points, points * 3 // 2
    if _kept.size < np.prod(shape):
        _kept = np.zeros(np.prod(shape), np.uint16)
    return _kept[: np.prod(shape)].reshape(shape)


@lru_cache(maxsize=4)
def _alphas(amount: float, bend: float) -> Floats:
    """The alpha of every strength that a key can have."""
    strengths = np.arange(int(FULL) + 1) / float(FULL)
    return np.where(strengths > 0, amount * strengths**bend, 0.0).astype(np.float32)


def _project(
    ink: Ink, gap: Columns, keys: tuple[Keys, Keys], where: Lines, alphas: Floats, first: int, last: int
) -> None:
    kernels().project(first, last, gap.first, *keys, *where, gap.share, alphas, ink.amounts)


def strongest(matrix: NDArray[np.floating], count: int, rows: NDArray[np.floating] | None = None) -> NDArray[np.intp]:
    """Flat places of the `count` greatest ``|matrix · rows[:, None]|``, weaker before stronger ones.

    Of equals the first in the matrix are taken, and come first. What is not a number counts as 0.
    """
    matrix = np.ascontiguousarray(matrix, np.float32)
    count = min(max(count, 0), matrix.size)
    if count == 0:
        return np.zeros(0, np.intp)
    factors = np.ascontiguousarray(np.ones(len(matrix)) if rows is None else rows, np.float32)
    least, found = _threshold(matrix, factors, count)
    keys = found[: kernels().collect(matrix, factors, least, found)]
    keys = np.partition(keys, keys.size - count)[keys.size - count :]
    return (np.sort(keys ^ 0xFFFFFFFF) & 0xFFFFFFFF).astype(np.intp)


def _threshold(matrix: Floats, factors: Floats, count: int) -> tuple[np.uint32, NDArray[np.uint64]]:
    """A strength, as its bits, that at least `count` reach and few more; and room for all of those."""
    tallies: list[NDArray[np.int64]] = []

    def tally(first: int, last: int) -> None:
        counts = np.zeros(1 << 31 - SHIFT, np.int64)
        kernels().tally(first, last, matrix, factors, counts)
        tallies.append(counts)

    in_parts(tally, 0, len(matrix), steps=matrix.size // 2)
    reached = np.sum(tallies, axis=0)[::-1].cumsum()
    enough = int(np.searchsorted(reached, count))
    return np.uint32(reached.size - 1 - enough << SHIFT), np.empty(reached[enough], np.uint64)


def resolve(ink: Ink, positive: int, negative: int, ground: int, out: NDArray[np.uint32]) -> None:
    """Pixels of ink on a ground, all colours 0xRRGGBB: ``out`` (height, width) becomes 0xffRRGGBB."""
    if out.shape != (ink.height, ink.width):
        raise ValueError(f"{ink.width} × {ink.height} pixels of ink do not fit an image of the shape {out.shape}.")
    ground_, *inks = (
        np.array([c >> 16 & 255, c >> 8 & 255, c & 255], np.float32) for c in (ground, positive, negative)
    )
    colours = np.stack([ground_, *(full - ground_ for full in inks)])
    job = partial(_resolve, ink, colours, out)
    in_parts(job, 0, ink.height, steps=ink.amounts.size)


def _resolve(ink: Ink, colours: Floats, out: NDArray[np.uint32], first: int, last: int) -> None:
    kernels().resolve(first, last, ink.amounts, colours, out)
