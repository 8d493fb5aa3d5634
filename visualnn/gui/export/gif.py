"""Writes a film as a GIF, picture by picture: only what has changed, in one table of colours, with true durations.

Pillow packs the pictures; the file around them is written here, for Pillow would keep a whole film in memory.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from visualnn.gui.export.palette import CLEAR, Colors, Palette, palette_of
from visualnn.gui.export.reel import Reel, Shown
from visualnn.gui.export.shades import shades_of
from visualnn.gui.export.target import Report, beside, quietly

SAMPLES = 24  # pictures from which the colours are chosen
STAY = 1  # how a picture is left when the next one comes
LEAST_HUNDREDTHS = 2  # of a second; viewers take less for a mistake
Places = NDArray[np.uint8]


def write_gif(film: Reel, path: Path, report: Report = quietly) -> None:
    """The whole film, again and again."""
    moments = film.moments
    palette = (shades_of if film.is_shaded else palette_of)(_samples(film, report))
    with beside(path) as file, file.open("xb") as out:
        out.write(_head(film.size, palette))
        before: Places | None = None
        for number, (moment, hundredths) in enumerate(_timed(film), start=1):
            now = palette.places(_pixels(film, moment))
            out.writelines(_blocks(now, before, hundredths))
            before = now
            report(number, len(moments))
        out.write(b";")


def _samples(film: Reel, report: Report) -> Iterator[Colors]:
    """Some of its pictures; nothing is done meanwhile, but it may be stopped."""
    moments = film.moments
    for moment in moments[:: max(1, len(moments) // SAMPLES)]:
        report(0, len(moments))
        yield _pixels(film, moment)


def _pixels(film: Reel, moment: Shown) -> Colors:
    return pixels_of(film.image(moment), film.size)


def pixels_of(image: QImage, size: tuple[int, int]) -> Colors:
    """0xRRGGBB by rows, cut to the size that was asked for."""
    flat = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    found = np.zeros((size[1], size[0]), dtype=np.uint32)
    part = flat[: size[1], : min(size[0], image.width())] & 0xFFFFFF
    found[: part.shape[0], : part.shape[1]] = part
    return found


def _timed(film: Reel) -> Iterator[tuple[Shown, int]]:
    """Each moment with its hundredths of a second; what is rounded is not lost."""
    ticks, told = 0, 0
    for moment in film.moments:
        ticks += moment.ticks
        wanted = max(LEAST_HUNDREDTHS, round(ticks * 100 / film.fps) - told)
        told += wanted
        yield moment, wanted


def _head(size: tuple[int, int], palette: Palette) -> bytes:
    """The signature, the size, the colours, and that it begins again at the end."""
    screen = struct.pack("<6sHHBBB", b"GIF89a", *size, 0xF7, 0, 0)
    return screen + palette.table() + b"!\xff\x0bNETSCAPE2.0\x03\x01\x00\x00\x00"


def _blocks(now: Places, before: Places | None, hundredths: int) -> list[bytes]:
    """What has changed: the smallest rectangle, and in it only the pixels that are different."""
    from PIL import GifImagePlugin, Image

    top, bottom, left, right = (0, *now.shape[:1], 0, *now.shape[1:]) if before is None else _changed(now, before)
    part = now[top:bottom, left:right]
    if before is not None:
        part = np.where(part == before[top:bottom, left:right], np.uint8(CLEAR), part)
    image = Image.fromarray(np.ascontiguousarray(part)).convert("L")
    how = {"duration": hundredths * 10, "disposal": STAY}
    if before is not None:
        how["transparency"] = CLEAR
    return GifImagePlugin.getdata(image, (left, top), **how)


def _changed(now: Places, before: Places) -> tuple[int, int, int, int]:
    """Top, bottom, left, right of what is different; one pixel if nothing is."""
    rows, columns = (np.flatnonzero((now != before).any(axis=axis)) for axis in (1, 0))
    if not len(rows):
        return 0, 1, 0, 1
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1
