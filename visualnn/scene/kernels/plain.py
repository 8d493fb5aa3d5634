"""Every kernel in NumPy: what draws until the compiled ones are loaded, or without Numba, and the tests' oracle."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.kernels.curve import Floats
from visualnn.scene.kernels.lattice import FRACTION

FULL = np.float32(32767)  # the greatest strength of a key
SHIFT = 17  # lower bits of a strength that a tally leaves out: 64 steps are kept from a number to its double
INFINITE = np.uint32(0x7F800000)  # what is above is not a number

Keys = NDArray[np.uint16]
Wholes = NDArray[np.int64]


def draw(
    first: int,
    last: int,
    origin: int,
    s: Floats,
    slope: Floats,
    share: Floats,
    y0: Floats,
    y1: Floats,
    width: Floats,
    strength: Floats,
    positive: Floats,
    negative: Floats,
    ink: Floats,
) -> None:
    """Strokes in pixel columns [first, last), one curve after the other."""
    part = slice(first - origin, last - origin)
    columns = s[part], slope[part], share[part]
    for e in range(y0.size):
        x, y, cover = _covered(*columns, y0[e], y1[e], width[e], ink.shape[1])
        x += first
        alpha = strength[e] * cover
        ink[x, y] *= (np.float32(1) - alpha)[:, None]
        ink[x, y] += alpha[:, None] * np.array([positive[e], negative[e]])


def _covered(
    s: Floats, slope: Floats, share: Floats, y0: np.float32, y1: np.float32, width: np.float32, height: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats]:
    """The pixels that one curve touches, and how much of each it covers."""
    half, h = np.float32(0.5), width * np.float32(0.5) + np.float32(0.5)
    y, m = y0 + (y1 - y0) * s, (y1 - y0) * slope
    length = np.sqrt(np.float32(1) + m * m)
    low = np.maximum(y - h * length, min(y0, y1) - h)
    high = np.minimum(y + h * length, max(y0, y1) + h)
    begin, end = (np.clip(edge + half, 0, height).astype(np.intp) for edge in (low, high))
    steps = np.arange(max(0, np.max(end - begin, initial=0)))
    x, step = np.nonzero(steps < (end - begin)[:, None])
    at = begin[x] + step
    middle = at.astype(np.float32) + half
    across = h - np.abs(middle - y[x]) / length[x]
    along = half * (high - low)[x] - np.abs(middle - half * (low + high)[x])
    return x, at, np.clip(np.minimum(across, along), 0, 1) * share[x]


def place(weights: Floats, rows: NDArray[np.int32], columns: NDArray[np.int32], gain: np.float32, keys: Keys) -> None:
    """The keys of all weights in their rows, last row first, and columns; the strongest where several share a place."""
    points = keys.shape[0]
    square = keys[::-1, points // 2 : points // 2 + points]
    square[:] = 0
    strength = np.abs(weights) * gain
    strength = np.where(strength >= 0, np.minimum(strength, FULL), np.float32(0))
    whole = (strength + np.float32(0.5)).astype(np.uint16)
    np.maximum.at(square, (rows[:, None], columns[None, :]), whole << 1 | ((weights < 0) & (whole > 0)))


def turn(keys: Keys, turned: Keys) -> None:
    """The keys as `place` would have put them for the transposed matrix."""
    middle = slice(keys.shape[0] // 2, keys.shape[0] // 2 + keys.shape[0])
    turned[::-1, middle] = keys[::-1, middle].T


def transform(keys: Keys, spare: Keys) -> None:
    """All joins but the last; the result is in `keys` after an even number of them, else in `spare`."""
    points, height = keys.shape[0], 1
    while 2 * height < points:
        source, out = (a.reshape(-1, 2 * height, a.shape[1]) for a in (keys, spare))
        for slope in range(2 * height):
            near, far = source[:, slope // 2], source[:, height + slope // 2]
            _join(near, far, slope, out[:, slope], points // 2)
        keys, spare, height = spare, keys, 2 * height


def _join(near: Keys, far: Keys, slope: int, line: Keys, zero: int) -> None:
    """Lines of two neighbouring strips that continue each other; line n goes to place `zero` + n."""
    points = near.shape[-1] // 3 * 2
    middle, half = points // 2, slope // 2
    shift = slope - half
    begin, end, offset = middle - half, middle + points - shift, zero - middle
    line[..., offset + middle - slope : offset + begin] = far[..., begin : begin + shift]
    line[..., offset + end : zero + points] = near[..., end : middle + points]
    joined = np.maximum(near[..., begin:end], far[..., begin + shift : end + shift])
    line[..., offset + begin : offset + end] = joined


def project(
    first: int,
    last: int,
    origin: int,
    straight: Keys,
    turned: Keys,
    turns: NDArray[np.bool_],
    slopes: Wholes,
    per_pixel: Wholes,
    start: Wholes,
    windows: Wholes,
    tops: Wholes,
    bottoms: Wholes,
    share: Floats,
    alphas: Floats,
    ink: Floats,
) -> None:
    """Blends lines into pixel columns [first, last)."""
    zero = 2 * straight.shape[0]
    for i in range(first - origin, last - origin):
        y = np.arange(tops[i], bottoms[i])
        strongest = _windows(turned if turns[i] else straight, int(slopes[i]), int(windows[i]))
        key = strongest[(y * per_pixel[i] + start[i] >> FRACTION) + zero]
        alpha = alphas[key >> 1] * share[i]
        negative = np.where(key & 1, alpha, np.float32(0))
        pixels = ink[origin + i, y]
        ink[origin + i, y] = pixels * (1 - alpha)[:, None] + np.column_stack([alpha - negative, negative])


def _windows(lines: Keys, slope: int, window: int) -> Keys:
    """The last join for one slope; place 2N + n of the result is the greatest key of the lines n … n + window − 1."""
    points, half = lines.shape[0], slope // 2
    out = np.zeros(4 * points, np.uint16)
    _join(lines[half], lines[points // 2 + half], slope, out, 2 * points)
    width = 1
    while width < window:
        step = min(width, window - width)
        out[:-step] = np.maximum(out[:-step], out[step:])
        width += step
    return out


def resolve(first: int, last: int, ink: Floats, colours: Floats, out: NDArray[np.uint32]) -> None:
    """Pixel rows [first, last) from ink, in the colours of the ground and what full ink of either sign adds."""
    amounts = ink[:, first:last].swapaxes(0, 1)
    mixed = colours[0] + amounts[..., :1] * colours[1] + amounts[..., 1:] * colours[2] + np.float32(0.5)
    red, green, blue = np.moveaxis(mixed.astype(np.uint32), -1, 0)
    out[first:last] = np.uint32(0xFF000000) | red << 16 | green << 8 | blue


def tally(first: int, last: int, matrix: Floats, factors: Floats, counts: Wholes) -> None:
    """Counts the strengths of rows [first, last) by their upper bits."""
    bits = _bits(matrix[first:last], factors[first:last])
    counts += np.bincount(bits.ravel() >> SHIFT, minlength=counts.size)


def collect(matrix: Floats, factors: Floats, least: np.uint32, found: NDArray[np.uint64]) -> int:
    """Strengths of at least `least` with their places in the matrix: (bits << 32) + (2³² − 1 − place); how many."""
    bits = _bits(matrix, factors).ravel()
    places = np.flatnonzero(bits >= least).astype(np.uint64)
    found[: places.size] = (bits[places].astype(np.uint64) << 32) + (np.uint64(0xFFFFFFFF) - places)
    return places.size


def _bits(matrix: Floats, factors: Floats) -> NDArray[np.uint32]:
    with np.errstate(invalid="ignore", over="ignore"):
        bits = np.abs(matrix * factors[:, None]).view(np.uint32)
    return np.where(bits <= INFINITE, bits, np.uint32(0))
