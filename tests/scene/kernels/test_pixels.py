"""Ink becomes pixels."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.scene.kernels import choose, plain
from visualnn.scene.kernels.raster import ink, resolve

POSITIVE, NEGATIVE, GROUND = 0x5AA9FF, 0xFF9F45, 0x0E131C


def resolved(buffer):
    out = np.zeros((buffer.height, buffer.width), np.uint32)
    resolve(buffer, POSITIVE, NEGATIVE, GROUND, out)
    return out


def test_colours_are_exact(kernels):
    buffer = ink(3, 2)
    buffer.amounts[0, 0], buffer.amounts[1, 1], buffer.amounts[2, 0] = (1, 0), (0, 1), (0.5, 0.25)
    assert [[f"{pixel:x}" for pixel in row] for row in resolved(buffer).tolist()] == [
        ["ff5aa9ff", "ff0e131c", "ff7081" + "98"],
        ["ff0e131c", "ffff9f45", "ff0e131c"],
    ]


def test_plain_and_compiled_pixels_differ_by_rounding_only(compiled, rng, monkeypatch):
    buffer = ink(70, 45)
    buffer.amounts[:] = rng.uniform(0, 0.5, buffer.amounts.shape)
    pictures = []
    for kernels in (plain, compiled):
        monkeypatch.setattr(choose.SWITCH, "used", kernels)
        pictures.append(resolved(buffer).view(np.uint8).astype(int))
    assert np.abs(pictures[0] - pictures[1]).max() <= 1
    assert np.mean(pictures[0] != pictures[1]) < 0.01


def test_clean_ink_is_ground(kernels):
    buffer = ink(40, 33)
    buffer.amounts.fill(0.5)
    buffer.clear()
    assert (resolved(buffer) == 0xFF000000 | GROUND).all()


def test_an_image_of_another_size_is_refused():
    with pytest.raises(ValueError, match="40 × 33"):
        resolve(ink(40, 33), POSITIVE, NEGATIVE, GROUND, np.zeros((40, 33), np.uint32))
