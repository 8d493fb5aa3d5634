"""Handwritten digits: rows that no formula makes, so that their numbers come with the program."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import numpy as np

from visualnn import assets
from visualnn.files.errors import FileError
from visualnn.nn.data import Dataset

ROWS = 1437  # to learn from; the other 360 of the file are for a test
DARKEST = 16
NAMES = tuple("0123456789")


@cache
def digits() -> Dataset:
    """Pictures of 8 × 8 pixels from 0 to 1, read once, and for each a 1 in the column of its digit.

    The writers are mixed; in the file one follows the other.
    """
    try:
        content = assets.read_bytes("data", "digits.npz")
    except assets.AssetError as error:
        raise FileError(str(error)) from error
    with np.load(BytesIO(content), allow_pickle=False) as stored:
        pixels, labels = stored["pixels"], stored["labels"]
    chosen = np.random.default_rng(0).permutation(len(pixels))[:ROWS]
    inputs, targets = pixels[chosen] / float(DARKEST), np.eye(len(NAMES))[labels[chosen]]
    names = tuple(f"p{i + 1}" for i in range(inputs.shape[1]))
    return Dataset("digits", inputs, targets, names, classification=True, image=(8, 8), classes=NAMES)
