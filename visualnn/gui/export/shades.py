"""The 256 colours of a GIF whose pictures are shaded: what lies between two of them is mixed of dots.

The dots stand on a fixed grid (Bayer 1973), so that nothing flickers where nothing moves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from visualnn.gui.export.palette import SEATS, Colors, Palette, channels, nearest, packed

EXACT = 24  # of the places, for the commonest colours as they are: background and letters
COMMON = 64  # of a picture, that are counted for these
COARSE, FINE = 5, 6  # bits of a channel that count when places are given to colours, and colours to places
ROUNDS = 3  # of k-means, after the median cut
SPREAD = 16.0  # how far a dot's colour may be from its pixel's, of 255
NOT_YET = -1


def _bayer(bits: int) -> NDArray[np.float64]:
    """Thresholds of −½…½ on a square of 2^bits, each as far as can be from its like."""
    made = np.zeros((1, 1))
    for _ in range(bits):
        made = np.block([[4 * made, 4 * made + 2], [4 * made + 3, 4 * made + 1]])
    return (made + 0.5) / made.size - 0.5


DOTS = _bayer(3) * SPREAD


class Shades(Palette):
    """Colours with their places; the commonest stay as they are, others are mixed."""

    def __init__(self, colors: Colors):
        super().__init__(colors)
        self._of_code = np.full(1 << 3 * FINE, NOT_YET, dtype=np.int16)

    def places(self, pixels: Colors) -> NDArray[np.uint8]:
        """The place of every pixel's colour, or of one whose mean with its neighbours' is that."""
        rows, columns = pixels.shape
        across, down = (-(-length // len(DOTS)) for length in (columns, rows))
        dots = np.tile(DOTS, (down, across))[:rows, :columns, None]
        codes = _codes(np.clip(channels(pixels) + dots, 0, 255).astype(np.int32), FINE)
        unknown = np.unique(codes[self._of_code[codes] == NOT_YET])
        if unknown.size:
            self._of_code[unknown] = nearest(_middles(unknown), channels(self.colors))
        own = self._place[pixels]
        return np.where(own == NOT_YET, self._of_code[codes], own).astype(np.uint8)


def shades_of(samples: Iterable[Colors]) -> Shades:
    """The colours that do best for pictures like these: few of them exactly, the others wherever there are some."""
    common: Counter[int] = Counter()
    counts, sums = np.zeros(1 << 3 * COARSE), np.zeros((3, 1 << 3 * COARSE))
    for pixels in samples:
        colors, found = np.unique(pixels, return_counts=True)
        often = found.argsort()[-COMMON:]
        common.update(dict(zip(colors[often].tolist(), found[often].tolist(), strict=True)))
        parts = channels(colors)
        codes = _codes(parts, COARSE)
        counts += np.bincount(codes, found, counts.size)
        sums += [np.bincount(codes, found * parts[:, k], counts.size) for k in range(3)]
    kept = np.array([color for color, _count in common.most_common(EXACT)], dtype=np.uint32)
    there = counts > 0
    rest = _cut(np.round(sums[:, there] / counts[there]).T.astype(np.uint8), SEATS - len(kept))
    return Shades(np.unique(np.concatenate([kept, rest])))


def _cut(colors: NDArray[np.uint8], places: int) -> Colors:
    """So many colours for these (n, 3)."""
    from PIL import Image

    row = Image.fromarray(np.ascontiguousarray(colors[None]))
    made = row.quantize(min(places, len(colors)), Image.Quantize.MEDIANCUT, ROUNDS).getpalette()
    return packed(np.array(made, dtype=np.uint32).reshape(-1, 3)[:places])


def _codes(parts: NDArray[np.int32], bits: int) -> NDArray[np.int32]:
    """The first bits of red, green and blue (…, 3) as one number."""
    first = parts >> (8 - bits)
    return np.asarray(first[..., 0] << 2 * bits | first[..., 1] << bits | first[..., 2])


def _middles(codes: NDArray[np.int32]) -> NDArray[np.int32]:
    """The colours in the middle of those of a code, (n, 3)."""
    parts = np.stack([codes >> 2 * FINE, codes >> FINE, codes], axis=-1) & (1 << FINE) - 1
    return np.asarray((parts << 8 - FINE) + (1 << 7 - FINE))
