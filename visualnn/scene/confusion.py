"""Which class is taken for which, and the rows behind every count.

Counts are (truth, said). Rows are counted over the whole data set: those to learn from first, then those held back.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from visualnn.nn import metrics
from visualnn.nn.data import Dataset
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene.rows import class_name

UNKNOWN = -1  # said where a network gives no numbers
VOWELS = frozenset("aefhilmnorsx8AEFHILMNORSX")  # letters and digits that are said with a vowel first

Classes = NDArray[np.intp]
Counts = NDArray[np.int64]


@dataclass(frozen=True, eq=False, slots=True)
class Confusion:
    """Truth and answer of some rows, the first of which is number `first` of the data set."""

    names: tuple[str, ...]
    truth: Classes
    said: Classes
    first: int
    counts: Counts

    def rows(self, truth: int, said: int) -> NDArray[np.intp]:
        """The rows behind a count, from the first to the last."""
        return np.flatnonzero((self.truth == truth) & (self.said == said)) + self.first

    def after(self, truth: int, said: int, row: int | None) -> tuple[int, int, int] | None:
        """The row behind a count that follows a given one, its place among them, and how many there are."""
        rows = self.rows(truth, said)
        if not rows.size:
            return None
        place = 0 if row is None else int(np.searchsorted(rows, row, side="right")) % rows.size
        return int(rows[place]), place + 1, rows.size

    @property
    def total(self) -> int:
        """How many rows there are."""
        return self.truth.size

    @property
    def right(self) -> int:
        """How many of them are taken for what they are."""
        return int(np.trace(self.counts))

    def truths(self, truth: int) -> int:
        """How many rows are of a class."""
        return int((self.truth == truth).sum())

    def recall(self, truth: int) -> float | None:
        """The share of a class's rows that are right; None if there are none."""
        rows = self.truths(truth)
        return float(self.counts[truth, truth] / rows) if rows else None

    def precision(self, said: int) -> float | None:
        """The share that is right of the rows taken for a class; None if there are none."""
        rows = int(self.counts[:, said].sum())
        return float(self.counts[said, said] / rows) if rows else None

    def sentence(self, truth: int, said: int) -> str:
        """A count in words: “8 of 35 rows that are a 9 are taken for a 4.”"""
        count, rows = int(self.counts[truth, said]), self.truths(truth)
        are = "is" if count == 1 else "are"
        those = f"{count:,} of {rows:,} row{'' if rows == 1 else 's'} that {'is' if rows == 1 else 'are'}"
        ending = f"{are} right" if truth == said else f"{are} taken for {with_article(self.names[said])}"
        return f"{those} {with_article(self.names[truth])} {ending}."


def with_article(name: str) -> str:
    """“a 9”, “an 8”; names of more than a letter as they are."""
    if len(name) != 1 or not name.isalnum():
        return name
    return f"an {name}" if name in VOWELS else f"a {name}"


@np.errstate(all="ignore")  # a diverged network overflows
def confusion_of(project: Project, parameters: Vector, *, held: bool = False) -> Confusion:
    """Of the rows to learn from, or of those held back."""
    data = project.data
    rows = data.held if held and data.held is not None else data
    out = metrics.predict(project.network, parameters, rows.inputs, project.mask)
    said = metrics.classes(out, metrics.decision(project.options.loss))
    said[~np.isfinite(out).all(axis=1)] = UNKNOWN
    truth = metrics.classes(rows.targets)
    names = class_names(data, project.network.outputs)
    counts = np.zeros((len(names),) * 2, dtype=np.int64)
    np.add.at(counts, (truth[said >= 0], said[said >= 0]), 1)
    return Confusion(names, truth, said, data.rows if rows is not data else 0, counts)


def confusions_of(project: Project, parameters: Vector) -> tuple[Confusion, ...]:
    """Of the rows to learn from, and of those held back if there are any."""
    sets = (False, True) if project.data.tests else (False,)
    return tuple(confusion_of(project, parameters, held=held) for held in sets)


def class_names(data: Dataset, outputs: int) -> tuple[str, ...]:
    """What the classes are called; a single output tells two of them apart."""
    return tuple(class_name(data, index) for index in range(max(2, outputs)))
