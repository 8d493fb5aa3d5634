"""The training loop as a value-like object: its state and `run(updates)`. No thread, no Qt."""

from __future__ import annotations

from dataclasses import dataclass, field

from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import LOSSES
from visualnn.nn.initializers import INITIALIZERS
from visualnn.nn.optimizers import Optimizer


@dataclass(frozen=True, slots=True)
class Options:
    """How to train. Raises `VisualNNError` on values that cannot train.

    `batch_size` None means all rows. `goal` is a loss at which the window stops by itself (None: never).
    """

    optimizer: Optimizer = field(default_factory=Optimizer)
    loss: str = "mse"
    batch_size: int | None = None
    initializer: str = "glorot_uniform"
    seed: int = 0
    goal: float | None = None

    def __post_init__(self) -> None:
        if self.loss not in LOSSES:
            raise VisualNNError(f"There is no loss “{self.loss}”. Known: {', '.join(LOSSES)}.")
        if self.initializer not in INITIALIZERS:
            raise VisualNNError(f"There is no initializer “{self.initializer}”. Known: {', '.join(INITIALIZERS)}.")
        if self.batch_size is not None and self.batch_size < 1:
            raise VisualNNError(f"The batch size must be at least 1, not {self.batch_size}.")
        if not 0 <= self.seed < 2**63:
            raise VisualNNError(f"The seed must be a whole number from 0, not {self.seed}.")
