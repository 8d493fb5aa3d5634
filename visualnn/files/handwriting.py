"""Handwritten digits: rows that no formula makes, so that their numbers come with the program."""

from __future__ import annotations

from functools import cache
from io import BytesIO

import numpy as np

from visualnn import assets
from visualnn.files.errors import FileError
from visualnn.nn.dataset import Dataset, Recipe
from visualnn.nn.network import Matrix
from visualnn.nn.recipes import Source, held_of

ROWS = 1797
SHARE = 0.2  # for a test: the last 360 of the rows as they are mixed
DARKEST = 16
NAMES = tuple("0123456789")


def digits(rows: int = ROWS, seed: int = 0, test_share: float = SHARE) -> Dataset:
    """Pictures of 8 × 8 pixels from 0 to 1, and for each a 1 in the column of its digit.

    The writers are mixed by `default_rng(seed).permutation(1797)`; in the file one follows the other. The last of the
    rows are those to test on.
    """
    pixels, labels = stored()
    chosen = np.random.default_rng(seed).permutation(ROWS)[:rows]
    inputs, targets = pixels[chosen] / float(DARKEST), np.eye(len(NAMES))[labels[chosen]]
    names = tuple(f"p{i + 1}" for i in range(inputs.shape[1]))
    learned, order = rows - held_of(rows, test_share), np.arange(rows)
    data = Dataset("digits", inputs, targets, names, classification=True, image=(8, 8), classes=NAMES)
    return data.parted(order[:learned], order[learned:])


@cache
def stored() -> tuple[Matrix, Matrix]:
    """The pixels and the digits of the file, read once."""
    try:
        content = assets.read_bytes("data", "digits.npz")
    except assets.AssetError as error:
        raise FileError(str(error)) from error
    with np.load(BytesIO(content), allow_pickle=False) as file:
        return file["pixels"], file["labels"]


def _made(recipe: Recipe) -> Dataset:
    return digits(recipe.rows or ROWS, recipe.seed, recipe.test_share)


DIGITS = Source(
    name="digits",
    title="Handwritten digits",
    summary="1,797 pictures of 8 × 8 pixels",
    make=_made,
    inputs=64,
    outputs=10,
    rows=ROWS,
    fewest=100,
    most=ROWS,
    test_share=SHARE,
    credit="E. Alpaydin and C. Kaynak, UCI Machine Learning Repository, CC BY 4.0",
)
