"""Colours of heights, from the lowest to the highest."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from visualnn import assets
from visualnn.scene.look import RGB, Look

Palette = Literal["vivid", "even"]
VIVID = (0x2B1A5E, 0x3A3FAE, 0x2F7FD6, 0x22B8C4, 0x3FD08A, 0xA5DF57, 0xF7D94C, 0xFB9E3A, 0xF0564A, 0xD62F7F, 0xA11F8F)
COLOURS = 1024
SOFT = 61  # colours that are averaged where two stops meet
GAMMA = 2.2


def stops(palette: Palette, dark: bool) -> tuple[RGB, ...]:
    """The vivid ones tell more heights apart; the even ones grow lighter all the way, for every kind of eye."""
    if palette == "vivid":
        return VIVID
    theme = json.loads(assets.read_text("themes", "dark.json" if dark else "light.json"))
    return tuple(int(color[1:], 16) for color in theme["surface"])


@lru_cache(maxsize=4)
def ramp(palette: Palette, dark: bool) -> NDArray[np.float32]:
    """(COLOURS, 4): red, green, blue, 0…1, and nothing; mixed as light is."""
    known = np.array([channels(color) for color in stops(palette, dark)], dtype=np.float64) ** GAMMA
    at = np.linspace(0, 1, COLOURS)
    mixed = np.stack([np.interp(at, np.linspace(0, 1, len(known)), known[:, k]) for k in range(3)], axis=1)
    mixed = np.pad(mixed ** (1 / GAMMA), ((SOFT // 2, SOFT // 2), (0, 0)), mode="edge")
    smooth = np.stack([np.convolve(mixed[:, k], np.full(SOFT, 1 / SOFT), "valid") for k in range(3)], axis=1)
    return np.ascontiguousarray(np.pad(smooth, ((0, 0), (0, 1))), dtype=np.float32)


@lru_cache(maxsize=4)
def packed(palette: Palette, dark: bool) -> NDArray[np.uint32]:
    """The same as the kernels want it: ten bits of red, green and blue each."""
    red, green, blue = np.round(ramp(palette, dark)[:, :3].astype(np.float64) * 1023).astype(np.uint32).T
    return np.ascontiguousarray(red << 20 | green << 10 | blue)


def color_at(share: float, look: Look, palette: Palette = "vivid") -> RGB:
    """The colour of a height, 0…1."""
    row = ramp(palette, look.dark)[round(min(max(share, 0.0), 1.0) * (COLOURS - 1))]
    red, green, blue = (round(255 * float(part)) for part in row[:3])
    return red << 16 | green << 8 | blue


def channels(color: RGB) -> tuple[float, float, float]:
    """Red, green and blue, 0…1."""
    return (color >> 16 & 255) / 255, (color >> 8 & 255) / 255, (color & 255) / 255


@lru_cache(maxsize=32)
def runner(optimizer: str) -> RGB:
    """The colour of a path, the same in both themes; white for those that have none of their own."""
    colors = json.loads(assets.read_text("themes", "dark.json"))["runners"]
    return int(colors.get(optimizer, "#ffffff")[1:], 16)
