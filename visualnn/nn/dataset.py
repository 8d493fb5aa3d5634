"""What a network learns from, as one frozen value, and the recipe that makes such a value again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix, Vector
from visualnn.nn.scaling import Scaling

Rows = NDArray[np.intp]

NONE = np.empty((0, 0))  # rows


@dataclass(frozen=True)
class Recipe:
    """What makes a built-in data set: the same values give the same rows on every machine.

    `rows` counts those to learn from and those to test on; None: as many as the source has by itself. So with `noise`,
    whose unit is the source's own. `test_share` of the rows are held back, chosen by the `seed`; `scaled` columns have
    mean 0 and spread 1.
    """

    name: str
    rows: int | None = None
    noise: float | None = None
    seed: int = 0
    test_share: float = 0.0
    scaled: bool = False


@dataclass(frozen=True, eq=False)
class Dataset:
    """Rows of numbers. Compared by identity; the arrays are read-only.

    `rule` names the formula behind the rows, when there is one, so that a typed input has a true answer too.
    """

    name: str
    inputs: Matrix  # (rows, inputs), to learn from
    targets: Matrix  # (rows, outputs); classes are 0 or 1
    input_names: tuple[str, ...]
    classification: bool = False
    rule: str | None = None
    image: tuple[int, int] | None = None  # rows and columns, where an input row is the pixels of a picture
    classes: tuple[str, ...] = ()  # what the outputs stand for, where each is a class; or what 0 and 1 of a single one
    test_inputs: Matrix = field(default_factory=lambda: NONE)  # (tests, inputs), held back
    test_targets: Matrix = field(default_factory=lambda: NONE)  # (tests, outputs)
    output_names: tuple[str, ...] = ()
    recipe: Recipe | None = None  # what made it, if one did
    scaling: Scaling | None = None  # what was done to the numbers, targets only where they are no classes
    texts: tuple[str, ...] = ()  # what each row says in words: those of the rows, then those of the test rows

    def __post_init__(self) -> None:
        for name, like in (("test_inputs", self.inputs), ("test_targets", self.targets)):
            if not len(getattr(self, name)):
                object.__setattr__(self, name, np.empty((0, like.shape[1])))
        for array in (self.inputs, self.targets, self.test_inputs, self.test_targets):
            array.setflags(write=False)

    @property
    def rows(self) -> int:
        """How many samples there are to learn from."""
        return len(self.inputs)

    @property
    def tests(self) -> int:
        """How many samples are held back."""
        return len(self.test_inputs)

    @property
    def natural_end(self) -> tuple[str, str]:
        """Activation and loss of an output layer that suit the answers."""
        if not self.classification:
            return "linear", "mse"
        one = self.targets.shape[1] == 1
        return ("sigmoid", "binary_cross_entropy") if one else ("softmax", "cross_entropy")

    @cached_property
    def held(self) -> Dataset | None:
        """The rows held back, as a data set of their own; None if there are none."""
        if not self.tests:
            return None
        words = replace(self, test_inputs=NONE, test_targets=NONE, recipe=None, texts=self.texts[self.rows :])
        return replace(words, inputs=self.test_inputs, targets=self.test_targets)

    def parted(self, rest: Rows, tests: Rows) -> Dataset:
        """Some of the rows to learn from, and some to test on."""
        texts = tuple(self.texts[row] for row in (*rest, *tests)) if self.texts else ()
        held = replace(self, test_inputs=self.inputs[tests], test_targets=self.targets[tests], texts=texts)
        return replace(held, inputs=self.inputs[rest], targets=self.targets[rest])

    def target_of(self, x: Vector) -> Vector | None:
        """The right answer for an input: by the rule, else by looking the row up, else None."""
        if self.rule is not None:
            with np.errstate(over="ignore"):  # the right answer to huge inputs may be infinite
                return np.atleast_1d(RULES[self.rule](np.asarray(x, dtype=np.float64)))
        for inputs, targets in ((self.inputs, self.targets), (self.test_inputs, self.test_targets)):
            matches = np.flatnonzero((inputs == x).all(axis=1))
            if matches.size:
                return np.asarray(targets[matches[0]])
        return None


def sum_of(x: Vector) -> Vector:
    """All inputs added up."""
    return np.asarray(x.sum(axis=-1, keepdims=True))


def mean_of(x: Vector) -> Vector:
    """The mean of all inputs."""
    return np.asarray(x.mean(axis=-1, keepdims=True))


def difference(x: Vector) -> Vector:
    """How far the first two inputs are apart."""
    return np.asarray(np.abs(x[..., :1] - x[..., 1:2]))


def different_sides(x: Vector) -> Vector:
    """1 where the first two inputs have different signs, else 0."""
    return np.asarray((x[..., :1] * x[..., 1:2] < 0).astype(np.float64))


RULES: dict[str, Callable[[Vector], Vector]] = {
    "sum": sum_of,
    "xor": different_sides,
    "difference": difference,
    "mean": mean_of,
}
