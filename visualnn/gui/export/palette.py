"""The 256 colours of a GIF: one table for the whole film, so that nothing flickers."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Colors = NDArray[np.uint32]  # 0xRRGGBB
CLEAR = 255  # the place that stands for "as before"
SEATS, EXACT = 255, 120  # places for colours, and how many of them are the commonest colours as they are
PORTION = 4096  # colours compared at once
NOT_YET = -1


class Palette:
    """Colours with their places; others are given the place of the nearest."""

    def __init__(self, colors: Colors):
        self.colors = colors
        self._place = np.full(1 << 24, NOT_YET, dtype=np.int16)
        self._place[colors] = np.arange(len(colors), dtype=np.int16)

    def table(self) -> bytes:
        """256 times red, green, blue."""
        full = np.zeros(256, dtype=np.uint32)
        full[: len(self.colors)] = self.colors
        return channels(full).astype(np.uint8).tobytes()

    def places(self, pixels: Colors) -> NDArray[np.uint8]:
        """The place of every pixel's colour."""
        found = self._place[pixels]
        if (found == NOT_YET).any():
            self._seat(np.unique(pixels[found == NOT_YET]))
            found = self._place[pixels]
        return found.astype(np.uint8)

    def _seat(self, strangers: Colors) -> None:
        self._place[strangers] = nearest(channels(strangers), channels(self.colors))


def palette_of(samples: Iterable[Colors]) -> Palette:
    """The colours that do best for pictures like these: the commonest exactly, the others by median cut."""
    counts: dict[int, int] = {}
    for pixels in samples:
        colors, found = np.unique(pixels, return_counts=True)
        for color, count in zip(colors.tolist(), found.tolist(), strict=True):
            counts[color] = counts.get(color, 0) + count
    common = sorted(counts, key=lambda color: (-counts[color], color))
    if len(common) <= SEATS:
        return Palette(np.array(common, dtype=np.uint32))
    kept, rest = common[:EXACT], np.array(common[EXACT:], dtype=np.uint32)
    return Palette(np.unique(np.concatenate([np.array(kept, dtype=np.uint32), _median_cut(rest, SEATS - EXACT)])))


def _median_cut(colors: Colors, places: int) -> Colors:
    from PIL import Image

    row = Image.fromarray(channels(colors).astype(np.uint8)[None])
    flat = np.array(row.quantize(places, Image.Quantize.MEDIANCUT).getpalette(), dtype=np.uint32).reshape(-1, 3)
    return packed(flat)


def nearest(strangers: NDArray[np.int32], own: NDArray[np.int32]) -> NDArray[np.int16]:
    """The place of the nearest of one's own colours, as the eye weighs red, green and blue."""
    found = np.empty(len(strangers), dtype=np.int16)
    for start in range(0, len(strangers), PORTION):
        some = strangers[start : start + PORTION]
        apart = ((some[:, None, :] - own[None]) ** 2 * np.array((3, 4, 2))).sum(axis=2)
        found[start : start + PORTION] = apart.argmin(axis=1)
    return found


def packed(parts: NDArray[np.uint32]) -> Colors:
    """Red, green and blue (n, 3) as one number each."""
    return np.asarray(parts[:, 0] << 16 | parts[:, 1] << 8 | parts[:, 2], dtype=np.uint32)


def channels(colors: Colors) -> NDArray[np.int32]:
    """Red, green and blue (…, 3)."""
    return np.stack([colors >> 16 & 255, colors >> 8 & 255, colors & 255], axis=-1).astype(np.int32)
