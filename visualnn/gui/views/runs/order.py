"""By what the list of runs can be sorted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, isfinite

from visualnn.runs import Run
from visualnn.scene.comparison import last_known

ORDERS = {
    "newest": "Newest first",
    "oldest": "Oldest first",
    "train": "Train loss",
    "test": "Test loss",
    "updates": "Longest",
    "name": "Name",
}
SHORT = {"newest": "Newest", "oldest": "Oldest", "train": "Train loss", "test": "Test loss", "updates": "Longest"}


def train_loss(run: Run) -> float:
    """Over all rows where that was measured, else over those of the next update."""
    measured = last_known(run.readings.train_loss)
    return run.loss if measured is None else measured


def test_loss(run: Run) -> float | None:
    """Over the rows held back; None where there are none."""
    return last_known(run.readings.test_loss)


def _low_first(value: float | None) -> float:
    return value if value is not None and isfinite(value) else inf


KEYS: dict[str, Callable[[Run], object]] = {
    "newest": lambda run: -run.number,
    "oldest": lambda run: run.number,
    "train": lambda run: _low_first(train_loss(run)),
    "test": lambda run: _low_first(test_loss(run)),
    "updates": lambda run: -run.update,
    "name": lambda run: run.name.casefold(),
}


def ordered(runs: Sequence[Run], order: str) -> list[Run]:
    """The runs so sorted; where two are equal, the newer one first."""
    newest = sorted(runs, key=lambda run: -run.number)
    return sorted(newest, key=KEYS[order])
