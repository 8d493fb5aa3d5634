"""What is to be seen of one set of parameters: the numbers and one picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from visualnn.gui.views.output.metric import Marks, Metric, metrics_of
from visualnn.nn import metrics
from visualnn.nn.data import Dataset
from visualnn.nn.network import Vector
from visualnn.nn.training import Snapshot
from visualnn.project import Project
from visualnn.scene.outputs import Kind

Draw = Callable[[Project, Vector], object]  # makes a picture for a set of parameters


class Scores(Protocol):
    """How well the rows to learn from do at an update, and those held back, measured elsewhere."""

    @property
    def update(self) -> int:
        """The update."""

    @property
    def train(self) -> metrics.Score:
        """Of the rows to learn from, perhaps not of all."""

    @property
    def test(self) -> metrics.Score | None:
        """Of those held back."""


@dataclass(frozen=True, eq=False)
class Sight:
    """All of the same update, which while a large training runs may be a little past."""

    of: Project
    kind: Kind | None
    update: int | None
    metrics: tuple[Metric, ...]
    picture: object


@dataclass(frozen=True, eq=False)
class Wish:
    """What is asked for; `scores` may be known from elsewhere."""

    project: Project
    parameters: Vector
    snapshot: Snapshot | None
    kind: Kind | None
    draw: Draw | None
    scores: Scores | None = None

    def sight(self) -> Sight:
        """Have it made."""
        project, snapshot = self.project, self.snapshot
        update = None if snapshot is None else snapshot.update
        data, held = project.data, project.data.held
        by_batch = (project.options.batch_size or data.rows) < data.rows
        known = self._known(update)
        train = self._marks(data, None if known is None else known.train)
        test = None if held is None else self._marks(held, None if known is None else known.test)
        drawn = None if self.draw is None else self.draw(project, self.parameters)
        return Sight(project, self.kind, update, metrics_of(project, train, test, update, by_batch), drawn)

    def _known(self, update: int | None) -> Scores | None:
        """Scores measured elsewhere, if they are of this update and of every row."""
        scores = self.scores
        if scores is None or scores.update != update or scores.train.rows != self.project.data.rows:
            return None
        return scores if scores.test is None or scores.test.rows == self.project.data.tests else None

    def _marks(self, data: Dataset, known: metrics.Score | None) -> Marks:
        loss = self.project.options.loss
        score = known or self._score(data, loss)
        if data.classification:
            return Marks(score, None)
        return Marks(score, sqrt((score if loss == "mse" else self._score(data, "mse")).loss))

    def _score(self, data: Dataset, loss: str) -> metrics.Score:
        return metrics.score(self.project.network, self.parameters, data, loss, self.project.mask)
