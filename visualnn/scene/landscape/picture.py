"""Pixels of surface, floor and background.

While it is turned, a picture of fewer pixels does; at rest every pixel is the mean of four (`samples` = 2). Any thread
may ask for pictures; with compiled kernels that does not hold up the others.
"""

from __future__ import annotations

import sys
import threading
from collections import deque
from dataclasses import dataclass
from functools import partial
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.scene.kernels.halves import in_parts
from visualnn.scene.kernels.terrain.choose import kernels, load, loaded, prepare
from visualnn.scene.landscape.camera import Camera, View, view
from visualnn.scene.landscape.heights import SUN, field, surface
from visualnn.scene.landscape.levels import levels
from visualnn.scene.landscape.ramp import Palette, channels, packed
from visualnn.scene.landscape.relief import FLOOR, TALL, Relief
from visualnn.scene.look import Look, blend

__all__ = ["Quality", "floor_color", "load", "loaded", "picture", "prepare"]

EDGE = 1.13  # half the floor's side
PIXEL_STEPS = 40  # nanoseconds or so that a pixel takes
FEW_PIXELS = 5.0  # from a corner of the mesh to the next
THINNEST = 0.36  # half a pen, in px: below it lines break up

SHEETS, LARGEST = 8, 1 << 25  # kept for the next pictures, and bytes of one that is

Colours = NDArray[np.uint32]
Floats = NDArray[np.float32]
_scratch = threading.local()


@dataclass(frozen=True, slots=True)
class Quality:
    """`scale` is pixels per point; every pixel is the mean of `samples` × `samples`, 1 or 2.

    Where `every` is 2 or 4, one pixel of so many along a side is computed, and the others are what is between.
    """

    scale: float = 1.0
    samples: int = 1
    every: int = 1

    @property
    def factor(self) -> float:
        """Computed pixels per point."""
        return self.scale * self.samples / self.every


def picture(
    relief: Relief,
    camera: Camera,
    size: tuple[int, int],
    look: Look,
    *,
    quality: Quality = Quality(),
    palette: Palette = "vivid",
) -> Colours:
    """A picture (rows, columns) of 0xffRRGGBB for an area of `size` points."""
    width, height = (max(1, ceil(length * quality.scale - 1e-6)) for length in size)
    part = quality.every
    fine = sheet((-(-height // part) * quality.samples, -(-width // part) * quality.samples), np.uint32)
    _paint(relief, view(camera, size).enlarged(quality.factor), (look, palette, quality.factor), fine)
    if quality.samples > 1:
        whole = sheet((height, width), np.uint32)
        in_parts(partial(_halve, fine, whole), 0, height, steps=fine.size)
        return whole
    while part > 1:
        pairs = sheet((2 * len(fine), fine.shape[1]), np.uint64)
        in_parts(partial(_double, fine, pairs), 0, len(pairs), steps=pairs.size)
        fine, part = pairs.view(np.uint32), part // 2
    return fine[:height, :width]


def _double(coarse: Colours, pairs: NDArray[np.uint64], first: int, last: int) -> None:
    kernels().doubled(first, last, coarse, pairs)


def _halve(fine: Colours, out: Colours, first: int, last: int) -> None:
    kernels().halved(first, last, fine, out)


def _paint(relief: Relief, seen: View, style: tuple[Look, Palette, float], out: Colours) -> None:
    look, palette, factor = style
    made = field(relief)
    coarse = _stride(made, out.shape)
    mesh, planes = corners(made[::coarse, ::coarse], seen), _planes(*out.shape)
    spacing = levels(relief)
    lines = np.array([*spacing, max(0.5 * factor, THINNEST)], np.float32)
    sun, numbers = SUN.astype(np.float32), seen.numbers
    light = np.empty(made.shape, np.float32)
    kernels().glaze(0, len(made), made, numbers, sun, TALL, light)
    tables = (*surface(relief), light, packed(palette, look.dark), numbers, sun, lines, *_inks(relief, look))
    steps = out.size * PIXEL_STEPS
    in_parts(partial(_cover, mesh, (len(made) - 1) // (len(mesh) - 1), planes), 0, len(out), steps=steps)
    in_parts(partial(_shade, planes, tables, out), 0, len(out), steps=steps)


def _stride(made: NDArray[np.float32], size: tuple[int, ...]) -> int:
    """How many cells of the field make one of the mesh: its corners need not be closer than pixels can show."""
    cell = min(size) / max(made.shape[:2])
    fits = all((length - 1) % 2 == 0 for length in made.shape[:2])
    return 2 if cell < FEW_PIXELS and fits else 1


def _cover(mesh: Floats, stride: int, planes: tuple[Floats, ...], first: int, last: int) -> None:
    kernels().cover(first, last, mesh, stride, *planes)


def _shade(planes: tuple[Floats, ...], tables: tuple[NDArray[Any], ...], out: Colours, first: int, last: int) -> None:
    kernels().shade(first, last, *planes, *tables, out)


def corners(made: NDArray[np.float32], seen: View) -> NDArray[np.float32]:
    """Every point of a field on the screen; 1/distance is 0 in a hole."""
    rows, columns, _ = made.shape
    x, y = np.linspace(-1, 1, columns, dtype=np.float32), np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    z = np.minimum(made[..., 0], np.float32(1)) * np.float32(TALL)
    across, up, away = (
        x * axis[0] + y * axis[1] + z * axis[2] - np.float32(seen.eye @ axis)
        for axis in (axis.astype(np.float32) for axis in (seen.right, seen.up, seen.forward))
    )
    inverse = np.float32(1) / np.maximum(away, np.float32(1e-6))
    focal, (middle_x, middle_y) = np.float32(seen.focal), seen.middle
    shown = np.where((away > 1e-3) & (made[..., 3] >= 0), inverse, np.float32(0))
    parts = (np.float32(middle_x) + focal * across * inverse, np.float32(middle_y) - focal * up * inverse, shown)
    return np.ascontiguousarray(np.stack(parts, axis=-1), dtype=np.float32)


def _planes(height: int, width: int) -> tuple[Floats, ...]:
    """Room for what every pixel shows, kept by each thread for its next picture."""
    kept = getattr(_scratch, "planes", None)
    if kept is None or kept.size < 3 * height * width:
        kept = _scratch.planes = np.zeros(3 * height * width, np.float32)
    return tuple(kept[: 3 * height * width].reshape(3, height, width))


def sheet(shape: tuple[int, int], kind: type[np.unsignedinteger[Any]]) -> NDArray[Any]:
    """Room for pixels: that of an earlier picture of this thread which nobody holds any more, else new.

    New room of many megabytes may take longer to come by than the picture.
    """
    kept: deque[NDArray[Any]] | None = getattr(_scratch, "sheets", None)
    if kept is None:
        kept = _scratch.sheets = deque(maxlen=SHEETS)
    for number in range(len(kept)):
        if kept[number].shape == shape and kept[number].dtype == kind and _holders(kept, number) == ALONE:
            return kept[number]
    made = np.empty(shape, kind)
    if made.nbytes <= LARGEST:
        kept.append(made)
    return made


def _holders(kept: deque[NDArray[Any]], number: int) -> int:
    """How many hold a sheet, this one included."""
    return sys.getrefcount(kept[number])


ALONE = _holders(deque([np.empty(0)]), 0)


def floor_color(look: Look) -> int:
    """What the floor is painted with."""
    return blend(look["canvas"], look["raised"] if look.dark else look["line"], 0.42 if look.dark else 0.5)


def _inks(relief: Relief, look: Look) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """The colours beside the ramp, and the floor."""
    canvas = np.array(channels(look["canvas"]))
    middle = np.array(channels(blend(look["canvas"], look["raised"] if look.dark else 0xFFFFFF, 0.55)))
    rule = channels(look["line3"] if look.dark else look["line2"])
    border = (0.95, 0.97, 1.0) if look.dark else (1.0, 1.0, 1.0)
    rows = [canvas, middle - canvas, channels(floor_color(look)), rule, channels(look["warn"]), border]
    shadow, *lines = (0.42, 1.0, 1.0) if look.dark else (0.13, 1.2, 0.86)
    floor = [FLOOR, EDGE, float(look.dark), float(relief.is_clipped), shadow, *lines]
    return np.array(rows, np.float32), np.array(floor, np.float32)
