"""Rows to learn from: inputs with the answers the network should give.

What they are is told by `dataset`; the built-in sets are made in `points`, `amounts` and `faces`, and are listed with
what can be chosen about them in `recipes`. The same recipe gives the same rows on every machine.
"""

from __future__ import annotations

from visualnn.nn.amounts import (
    TEACHER_RANK,
    drawn_sums,
    houses,
    noisy_sine,
    number_differences,
    number_pairs,
    plane,
    random_rows,
)
from visualnn.nn.dataset import RULES, Dataset, Recipe
from visualnn.nn.faces import cats_dogs
from visualnn.nn.points import checkerboard, circles, gaussians, moons, spirals, xor_points
from visualnn.nn.recipes import RECIPES

__all__ = [
    "RECIPES",
    "RULES",
    "TEACHER_RANK",
    "Dataset",
    "Recipe",
    "cats_dogs",
    "checkerboard",
    "circles",
    "drawn_sums",
    "gaussians",
    "houses",
    "moons",
    "noisy_sine",
    "number_differences",
    "number_pairs",
    "plane",
    "random_rows",
    "spirals",
    "xor_points",
]
