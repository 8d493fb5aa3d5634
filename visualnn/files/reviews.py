"""Book reviews: sentences as rows of numbers, 1 where a word is in the sentence.

Words are found by a pattern in lower case; those so common that they say nothing are left out. The columns are the
words of the reviews to learn from, in the order of the alphabet: a word that is in a test review only is not known.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np

from visualnn import assets
from visualnn.files.errors import FileError
from visualnn.nn.dataset import Dataset, Recipe
from visualnn.nn.network import Matrix
from visualnn.nn.recipes import Source, chosen_tests

ROWS, EACH = 160, 80  # reviews; of each class
SHARE, FOLDS = 0.2, 5  # for a test: every fifth review of each class
WORD = re.compile(r"[a-z']+")
NAMES = ("negative", "positive")


@cache
def stored() -> dict[str, Any]:
    """What the file holds, read once."""
    try:
        content = assets.read_bytes("data", "reviews.json")
    except assets.AssetError as error:
        raise FileError(str(error)) from error
    found: dict[str, Any] = json.loads(content)
    return found


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text that say something, in their order."""
    common = stored()["stop_words"]
    return tuple(word for word in WORD.findall(text.lower()) if word not in common)


def row_of(text: str, words: Sequence[str]) -> Matrix:
    """1 for each of the words that is in the text, else 0; (words,)."""
    there = set(words_of(text))
    return np.array([float(word in there) for word in words])


def reviews(seed: int = 0, test_share: float = SHARE) -> Dataset:
    """All reviews. Of a fifth for a test the seed says which; another share is held back as from any other rows."""
    everything = _in_order()
    if test_share == SHARE:
        tests = [row for row in range(ROWS) if row % EACH % FOLDS == (FOLDS - 1 - seed) % FOLDS]
    else:
        tests = chosen_tests(ROWS, test_share, seed=seed).tolist()
    rest = [row for row in range(ROWS) if row not in set(tests)]
    return _dataset([everything[row] for row in rest], [everything[row] for row in tests])


def _in_order() -> list[tuple[str, int]]:
    """Texts and labels, the positive ones first, each class in the order in which it was split into parts."""
    parts = stored()["train"], stored()["test"]
    found: list[tuple[str, int]] = []
    for label in (1, 0):
        train, test = ([(each["text"], label) for each in part if each["label"] == label] for part in parts)
        for fold in range(len(test)):
            found += [*train[fold * (FOLDS - 1) : (fold + 1) * (FOLDS - 1)], test[fold]]
    return found


def _dataset(train: list[tuple[str, int]], test: list[tuple[str, int]]) -> Dataset:
    words = sorted({word for text, _label in train for word in words_of(text)})
    x, held = ([row_of(text, words) for text, _label in part] for part in (train, test))
    y, answers = ([[float(label)] for _text, label in part] for part in (train, test))
    return Dataset(
        "reviews",
        np.array(x),
        np.array(y),
        tuple(words),
        classification=True,
        classes=NAMES,
        test_inputs=np.array(held).reshape(len(test), len(words)),
        test_targets=np.array(answers).reshape(len(test), 1),
        texts=tuple(text for text, _label in (*train, *test)),
    )


def _made(recipe: Recipe) -> Dataset:
    return reviews(recipe.seed, recipe.test_share)


REVIEWS = Source(
    name="reviews",
    title="Book reviews",
    summary="Words as numbers: is a review glad or sorry?",
    make=_made,
    inputs=297,
    outputs=1,
    rows=ROWS,
    fewest=ROWS,
    most=ROWS,
    test_share=SHARE,
    credit="written for this program, CC0",
)
