"""How a network is to be trained, as one frozen value."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from math import isfinite

from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import LOSSES
from visualnn.nn.initializers import INITIALIZERS, SCALE
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.schedule import Schedule

PRECISIONS = ("float64", "float32")
MAX_SCALE = 1e100  # of weights to start with


@dataclass(frozen=True, slots=True)
class Options:
    """How to train. Raises `VisualNNError` on values that cannot train.

    `batch_size` None means all rows. A run stops by itself at a loss of `goal`, after so many `epochs`, or when for
    `patience` epochs no test loss was better than the best (Keras' EarlyStopping); None: it does not. The penalties
    are added to the gradient, not to the loss that is shown: l1·Σ|w| + l2·Σw² over the weights, not the biases (Keras'
    regularizers). `dropout` is the share of hidden neurons that are silent in each update (Srivastava et al. 2014).
    The gradient is clipped value by value first, then by its norm (Pascanu et al. 2013); None: not at all.
    """

    optimizer: Optimizer = field(default_factory=Optimizer)
    loss: str = "mse"
    batch_size: int | None = None
    initializer: str = "glorot_uniform"
    seed: int = 0
    goal: float | None = None
    initializer_scale: float = SCALE
    schedule: Schedule = field(default_factory=Schedule)
    l1: float = 0.0
    l2: float = 0.0
    dropout: float = 0.0
    clip_value: float | None = None
    clip_norm: float | None = None
    precision: str = "float64"
    epochs: int | None = None
    patience: int | None = None

    def __post_init__(self) -> None:
        for label, name, known in (
            ("loss", self.loss, LOSSES),
            ("initializer", self.initializer, INITIALIZERS),
            ("precision", self.precision, PRECISIONS),
        ):
            if name not in known:
                raise VisualNNError(f"There is no {label} “{name}”. Known: {', '.join(known)}.")
        if self.batch_size is not None and self.batch_size < 1:
            raise VisualNNError(f"The batch size must be at least 1, not {self.batch_size}.")
        for label, limit in (("number of epochs", self.epochs), ("patience", self.patience)):
            if limit is not None and limit < 1:
                raise VisualNNError(f"The {label} must be at least 1, not {limit}.")
        if not 0 <= self.seed < 2**63:
            raise VisualNNError(f"The seed must be a whole number from 0 to 2⁶³ − 1, not {self.seed}.")
        for label in ("l1", "l2"):
            if not (isfinite(getattr(self, label)) and getattr(self, label) >= 0):
                raise VisualNNError(f"{label} must be a number from 0, not {getattr(self, label)}.")
        if not 0 <= self.dropout < 1:
            raise VisualNNError(f"dropout must be at least 0 and below 1, not {self.dropout}.")
        for label in ("clip_value", "clip_norm"):
            if getattr(self, label) is not None and not getattr(self, label) > 0:
                raise VisualNNError(f"{label} must be above 0, not {getattr(self, label)}.")
        least = 0.0 if self.initializer in ("uniform", "normal") else -MAX_SCALE
        if not least <= self.initializer_scale <= MAX_SCALE:
            raise VisualNNError(
                f"initializer_scale must be a number from {least:g} to {MAX_SCALE:g}, not {self.initializer_scale}."
            )

    @property
    def is_clipped(self) -> bool:
        """Whether the gradient is changed as a whole before it is applied."""
        return self.clip_value is not None or self.clip_norm is not None


def same_run(a: Options, b: Options) -> bool:
    """Whether options differ at most in what may change while a run goes on: the rate and when to stop."""
    rate = replace(a.optimizer, rate=b.optimizer.rate)
    return replace(a, optimizer=rate, goal=b.goal, epochs=b.epochs, patience=b.patience) == b
