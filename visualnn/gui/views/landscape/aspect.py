"""A relief from one side: its pixels, and with them the lines and letters of one moment. Made in a thread."""

from __future__ import annotations

from dataclasses import dataclass
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from visualnn.scene import look
from visualnn.scene.frame import Frame
from visualnn.scene.landscape.balls import End, ends
from visualnn.scene.landscape.camera import Camera, View, view
from visualnn.scene.landscape.marks import Marks
from visualnn.scene.landscape.overlay import overlay
from visualnn.scene.landscape.picture import Quality, picture
from visualnn.scene.landscape.ramp import Palette
from visualnn.scene.landscape.relief import Relief
from visualnn.scene.landscape.standpoint import facing


@dataclass(frozen=True, slots=True)
class Aspect:
    """All that the pixels depend on; two are the same where their pictures are. A relief is compared by identity."""

    relief: Relief
    camera: Camera
    size: tuple[int, int]  # in points
    theme: str
    palette: Palette

    @property
    def seen(self) -> View:
        """Where points of the world lie."""
        return view(self.camera, self.size)


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """Pixels. They are the memory of the image, too."""

    aspect: Aspect
    quality: Quality
    pixels: NDArray[np.uint32]
    image: QImage
    seconds: float  # that they took

    def serves(self, aspect: Aspect, quality: Quality) -> bool:
        """Whether no others are needed."""
        return self.aspect == aspect and self.quality.factor >= quality.factor


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """Everything of one moment, seen from one side."""

    ground: Ground
    marks: Marks
    frame: Frame
    ends: tuple[End, ...]  # where the balls are, as they are painted
    home: Camera | None  # from where the relief is looked at first, where that was asked
    seconds: float  # that the lines and letters took

    @property
    def aspect(self) -> Aspect:
        """From where it is seen."""
        return self.ground.aspect


def ground(aspect: Aspect, quality: Quality) -> Ground:
    """The pixels of an aspect."""
    start = perf_counter()
    colors = look.load(aspect.theme)
    pixels = picture(aspect.relief, aspect.camera, aspect.size, colors, quality=quality, palette=aspect.palette)
    rows, columns = pixels.shape
    memory = pixels if pixels.flags.c_contiguous else pixels.base  # rows may be a little longer than what is seen
    image = QImage(memory.data, columns, rows, pixels.strides[0], QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(quality.scale)
    return Ground(aspect, quality, pixels, image, perf_counter() - start)


def drawing(
    aspect: Aspect, quality: Quality, marks: Marks, *, known: Ground | None = None, asks_home: bool = False
) -> Drawing:
    """Pixels, unless they are known, and lines. Where the home is asked for, seen from there."""
    home = facing(aspect.relief, marks) if asks_home else None
    if home is not None:
        aspect = Aspect(aspect.relief, home, aspect.size, aspect.theme, aspect.palette)
    below = known if known is not None and known.serves(aspect, quality) else ground(aspect, quality)
    start, colors = perf_counter(), look.load(aspect.theme)
    found = ends(aspect.relief, aspect.seen, marks.trails, marks.selected)
    frame = overlay(aspect.relief, aspect.camera, aspect.size, colors, marks=marks, palette=aspect.palette, ends=found)
    return Drawing(below, marks, frame, found, home, perf_counter() - start)
