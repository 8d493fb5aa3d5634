"""The built-in data sets by name, each with what can be chosen about it, and the rows that a recipe makes.

`visualnn.files` adds the sources that come with a file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from math import ceil

import numpy as np

from visualnn.nn import amounts, faces, points
from visualnn.nn.dataset import Dataset, Recipe, Rows
from visualnn.nn.errors import VisualNNError
from visualnn.nn.scaling import Scaling

__all__ = ["RECIPES", "SOURCES", "Recipe", "Source", "chosen_tests", "held_of", "made", "scaled", "split"]

MOST_SHARE = 0.9  # of the rows that may be held back
KEPT = 32  # data sets, the last ones asked for
FORMULA = "made by formula"


@dataclass(frozen=True)
class Source:
    """Where a built-in data set comes from.

    `make` gets a recipe whose rows and noise are numbers; where it holds no rows back itself, `split` does. With
    `own_tests` it always brings test rows of its own, in addition to the rows that are asked for.
    """

    name: str
    title: str
    summary: str
    make: Callable[[Recipe], Dataset]
    inputs: int
    outputs: int
    rows: int  # by itself
    fewest: int
    most: int
    noise: float | None = None  # by itself; None: it has none
    most_noise: float = 0.0
    test_share: float = 0.0  # of its first recipe
    own_tests: bool = False
    credit: str = FORMULA

    @property
    def recipe(self) -> Recipe:
        """What it makes if nothing is chosen."""
        return Recipe(self.name, test_share=self.test_share)

    def rows_of(self, recipe: Recipe) -> int:
        """How many rows a recipe asks for."""
        return self.rows if recipe.rows is None else recipe.rows

    def noise_of(self, recipe: Recipe) -> float:
        """How much noise a recipe asks for."""
        return (self.noise or 0.0) if recipe.noise is None else recipe.noise

    def checked(self, recipe: Recipe) -> Recipe:
        """The same recipe with its numbers filled in. Raises `VisualNNError` if one of them cannot be."""
        rows, noise = self.rows_of(recipe), self.noise_of(recipe)
        if not self.fewest <= rows <= self.most:
            raise VisualNNError(f"“{self.title}” has {self.fewest:,} to {self.most:,} rows, not {rows:,}.")
        if self.noise is None and noise:
            raise VisualNNError(f"“{self.title}” has no noise.")
        if not 0 <= noise <= self.most_noise:
            raise VisualNNError(f"The noise of “{self.title}” must be from 0 to {self.most_noise:g}, not {noise:g}.")
        if not 0 <= recipe.test_share <= MOST_SHARE:
            raise VisualNNError(f"The share to test on must be from 0 to {MOST_SHARE:g}, not {recipe.test_share:g}.")
        if not 0 <= recipe.seed < 2**63:
            raise VisualNNError(f"The seed must be a whole number from 0 to 2⁶³ − 1, not {recipe.seed}.")
        return replace(recipe, rows=rows, noise=noise)


SOURCES: dict[str, Source] = {}


def source_of(recipe: Recipe) -> Source:
    """Where a recipe's rows come from. Raises `VisualNNError` naming all sources if there is none of that name."""
    if recipe.name not in SOURCES:
        raise VisualNNError(f"There are no data “{recipe.name}”. Known: {', '.join(SOURCES)}.")
    return SOURCES[recipe.name]


@lru_cache(maxsize=KEPT)
def made(recipe: Recipe) -> Dataset:
    """The rows of a recipe, the same object if asked again soon. Raises `VisualNNError` if it makes none."""
    source = source_of(recipe)
    filled = source.checked(recipe)
    data = source.make(filled)
    if filled.test_share and not data.tests:
        data = split(data, filled.test_share, seed=filled.seed)
    return replace(scaled(data) if filled.scaled else data, recipe=recipe)


def held_of(rows: int, share: float) -> int:
    """How many of the rows a share holds back: rounded up, and never all of them."""
    return min(ceil(round(share * rows, 6)), rows - 1)


def chosen_tests(rows: int, share: float, *, seed: int = 0) -> Rows:
    """Which rows are held back: the first ones of `default_rng((seed, 1)).permutation(rows)`, in their order."""
    order = np.random.default_rng((seed, 1)).permutation(rows)
    return np.sort(order[: held_of(rows, share)])


def split(data: Dataset, share: float, *, seed: int = 0) -> Dataset:
    """The same rows, a share of them held back, as `chosen_tests` says; both parts stay in their order."""
    tests = chosen_tests(data.rows, share, seed=seed)
    return data.parted(np.delete(np.arange(data.rows), tests), tests)


def scaled(data: Dataset) -> Dataset:
    """Every column with mean 0 and spread 1, answers too where they are numbers; no formula fits it any more."""
    scaling = Scaling.of(data.inputs, data.targets, numbers=not data.classification)
    return replace(
        data,
        inputs=scaling.apply(data.inputs),
        targets=scaling.apply_targets(data.targets),
        test_inputs=scaling.apply(data.test_inputs),
        test_targets=scaling.apply_targets(data.test_targets),
        scaling=scaling,
        rule=None,
    )


class Defaults(Mapping[str, Callable[[], Dataset]]):
    """What each source makes if nothing is chosen."""

    def __getitem__(self, name: str) -> Callable[[], Dataset]:
        return partial(made, SOURCES[name].recipe)

    def __iter__(self) -> Iterator[str]:
        return iter(SOURCES)

    def __len__(self) -> int:
        return len(SOURCES)


RECIPES = Defaults()


def _drawn(make: Callable[..., Dataset], noise: str = "noise") -> Callable[[Recipe], Dataset]:
    """A generator of rows, seed and noise as what a source needs; `noise` is what it calls its own."""
    return lambda recipe: make(rows=recipe.rows, seed=recipe.seed, **{noise: recipe.noise})


def _cats_dogs(recipe: Recipe) -> Dataset:
    """The faces to test on are not those of the seed, but of the next one."""
    rows, noise = recipe.rows or 0, recipe.noise or 0.0
    tests = held_of(rows, recipe.test_share)
    train = faces.cats_dogs(rows - tests, recipe.seed, noise)
    return faces.as_dataset(train, faces.cats_dogs(tests, recipe.seed + 1, noise))


_BUILT_IN = (
    Source(
        "pairs", "Add two numbers", "Every pair from −4 to 4 and its sum", _drawn(amounts.number_pairs),
        2, 1, 81, 4, 81, 0.0, 2.0,
    ),
    Source(
        "difference", "Difference of two numbers", "How far two numbers from 1 to 5 are apart",
        _drawn(amounts.number_differences), 2, 1, 25, 4, 25, 0.0, 2.0,
    ),
    Source("xor", "XOR", "Opposite corners belong together", _drawn(points.xor_points), 2, 1, 160, 8, 2000, 0.0, 0.5),
    Source("circles", "Circles", "A disc in a ring", _drawn(points.circles), 2, 1, 160, 8, 2000, 0.06, 0.4),
    Source(
        "spirals", "Two spirals", "Two arms wound around each other", _drawn(points.spirals),
        2, 1, 200, 8, 2000, 0.02, 0.2,
    ),
    Source(
        "gaussians", "Two clouds", "Gaussians: a straight line will do", _drawn(points.gaussians, "spread"),
        2, 1, 200, 8, 2000, 0.22, 0.6,
    ),
    Source(
        "moons", "Two moons", "Two half circles, one in the other", _drawn(points.moons),
        2, 1, 200, 8, 2000, 0.1, 0.5,
    ),
    Source(
        "checkerboard", "Checkerboard", "Four by four squares", _drawn(points.checkerboard),
        2, 1, 300, 16, 2000, 0.0, 0.2,
    ),
    Source("plane", "Plane", "How high a tilted plane is", _drawn(amounts.plane), 2, 1, 200, 8, 2000, 0.0, 0.5),
    Source(
        "sine", "Noisy sine", "Twelve points near a wave", _drawn(amounts.noisy_sine),
        1, 1, 12, 4, 1000, 0.25, 1.0, own_tests=True,
    ),
    Source(
        "houses", "House prices", "Area and rooms, in very different units", _drawn(amounts.houses),
        2, 1, 100, 8, 2000, 0.0, 100.0,
    ),
    Source(
        "cats_dogs", "Cats and dogs", "256 pixels painted by formula", _cats_dogs,
        256, 1, 1000, 20, 2000, faces.GRAIN, 0.5, 0.4,
    ),
)  # fmt: skip
SOURCES.update({source.name: source for source in _BUILT_IN})
