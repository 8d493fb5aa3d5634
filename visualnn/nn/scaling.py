"""Columns brought to mean 0 and spread 1 before a network sees them.

Means and spreads are those of the rows to learn from; test rows and what is typed go through the same formula, so that
nothing is known of them beforehand. The spread is the standard deviation, Σ(x − mean)² / rows under the root, and 1 for
a column that does not vary.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.network import Matrix, Vector


@dataclass(frozen=True, eq=False)
class Scaling:
    """Mean and spread of each column; read-only. Answers that are classes have means of 0 and spreads of 1."""

    mean: Vector  # (inputs,)
    spread: Vector  # (inputs,), above 0
    target_mean: Vector  # (outputs,)
    target_spread: Vector  # (outputs,), above 0

    def __post_init__(self) -> None:
        for array in (self.mean, self.spread, self.target_mean, self.target_spread):
            array.setflags(write=False)

    @classmethod
    def of(cls, inputs: Matrix, targets: Matrix, *, numbers: bool = True) -> Scaling:
        """The scaling of raw rows to learn from; `numbers`: the answers are numbers, and scaled too."""
        outputs = targets.shape[1]
        unchanged = np.zeros(outputs), np.ones(outputs)
        return cls(*_of_columns(inputs), *(_of_columns(targets) if numbers else unchanged))

    def apply(self, inputs: Matrix) -> Matrix:
        """Raw inputs as the network sees them; one row or many."""
        return np.asarray((inputs - self.mean) / self.spread)

    def undo(self, inputs: Matrix) -> Matrix:
        """Inputs as they were before."""
        return np.asarray(inputs * self.spread + self.mean)

    def apply_targets(self, targets: Matrix) -> Matrix:
        """Raw answers as the network learns them."""
        return np.asarray((targets - self.target_mean) / self.target_spread)

    def undo_targets(self, targets: Matrix) -> Matrix:
        """What the network says in the units of the data."""
        return np.asarray(targets * self.target_spread + self.target_mean)

    @property
    def arrays(self) -> tuple[Vector, Vector, Vector, Vector]:
        """Everything it is made of."""
        return self.mean, self.spread, self.target_mean, self.target_spread


def _of_columns(values: Matrix) -> tuple[Vector, Vector]:
    varies = (values != values[:1]).any(axis=0)
    mean = np.where(varies, values.mean(axis=0), values[0])
    spread = np.where(varies, values.std(axis=0), 1.0)
    return mean, np.where((spread > 0) & np.isfinite(spread), spread, 1.0)
