"""Cats and dogs of 16 × 16 pixels, painted by formula: pictures that no simple rule tells apart.

A face is an ellipse with two ears, two eyes and a nose, moved, turned and scaled a little, painted at four times its
size and averaged. Cats have pointed ears above the head; dogs have hanging ears beside it, and a bright snout.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.dataset import Dataset
from visualnn.nn.network import Matrix

SIDE, FINE = 16, 4  # pixels; painted pixels in each
NAMES = ("cat", "dog")
HEAD, HANGING, SNOUT, DARK = 0.75, 0.55, 0.9, 0.1  # brightness
GRAIN = 0.06  # noise of the pixels
SIDES = (-1, 1)

Mask = NDArray[np.bool_]


def cats_dogs(rows: int = 600, seed: int = 0, noise: float = GRAIN) -> tuple[Matrix, Matrix]:
    """Pictures as rows of pixels from 0 to 1, cats and dogs in turn, and 1 for each dog."""
    rng = np.random.default_rng(seed)
    kinds = np.arange(rows) % 2
    pictures = [face(bool(kind), rng, noise).ravel() for kind in kinds]
    return np.array(pictures).reshape(rows, SIDE * SIDE), kinds[:, None].astype(np.float64)


def as_dataset(train: tuple[Matrix, Matrix], test: tuple[Matrix, Matrix]) -> Dataset:
    """Pictures to learn from and others to test on."""
    names = tuple(f"p{i + 1}" for i in range(SIDE * SIDE))
    return Dataset(
        "cats_dogs", *train, names, True, None, (SIDE, SIDE), NAMES, test_inputs=test[0], test_targets=test[1]
    )


def face(is_dog: bool, rng: np.random.Generator, noise: float = GRAIN) -> Matrix:
    """One picture, (16, 16)."""
    x, y = _place(rng)
    paint = np.zeros(x.shape)
    paint[_ellipse(x, y, 0.27, 0.25)] = HEAD
    for side in SIDES:
        (_hanging_ear if is_dog else _pointed_ear)(paint, x - side * (0.29 if is_dog else 0.17), y, rng)
        paint[_ellipse(x - side * 0.11, y + 0.05, 0.035, 0.035)] = DARK
    if is_dog:
        paint[_ellipse(x, y - 0.13, 0.13, 0.11)] = SNOUT
    paint[_ellipse(x, y - (0.08 if is_dog else 0.06), 0.04, 0.03)] = DARK
    picture = _lit(paint, rng).reshape(SIDE, FINE, SIDE, FINE).mean((1, 3))
    return np.asarray(np.clip(picture * rng.uniform(0.7, 1.1) + rng.normal(0.0, noise, picture.shape), 0.0, 1.0))


def _place(rng: np.random.Generator) -> tuple[Matrix, Matrix]:
    """Where each painted pixel lies from the middle of the face, which is moved, turned and scaled."""
    right = np.arange(SIDE * FINE) / (SIDE * FINE)
    down = right[:, None]
    across, below = 0.5 + rng.uniform(-0.1, 0.1), 0.56 + rng.uniform(-0.1, 0.1)
    size, turn = rng.uniform(0.8, 1.15), rng.uniform(-0.25, 0.25)
    cos, sin = np.cos(turn), np.sin(turn)
    x, y = (right - across) * cos + (down - below) * sin, -(right - across) * sin + (down - below) * cos
    return x / size, y / size


def _pointed_ear(paint: Matrix, x: Matrix, y: Matrix, rng: np.random.Generator) -> None:
    height, foot = rng.uniform(0.18, 0.28), -0.2
    down = y - (foot - height)  # from the tip
    paint[(y < foot + 0.06) & (down > 0) & (np.abs(x) < 0.11 * down / (height + 0.06))] = HEAD


def _hanging_ear(paint: Matrix, x: Matrix, y: Matrix, rng: np.random.Generator) -> None:
    length = rng.uniform(0.14, 0.24)
    paint[_ellipse(x, y + 0.02 - rng.uniform(-0.05, 0.08), 0.075, length)] = HANGING


def _ellipse(x: Matrix, y: Matrix, width: float, height: float) -> Mask:
    return np.asarray((x / width) ** 2 + (y / height) ** 2 < 1.0)


def _lit(paint: Matrix, rng: np.random.Generator) -> Matrix:
    """Some pictures are darker. One number is drawn and not used: the pictures stay those that were measured."""
    if rng.random() >= 0.3:
        return paint
    rng.random()
    return np.asarray(paint * rng.uniform(0.6, 1.0))
