"""What is measured: networks, batches and optimizers, with data and first weights that are the same for everybody."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

LARGE = 1e6  # floating-point operations of an update from which a second thread may pay
MAP_POINTS = 100  # a map is 100 × 100, as Playground's


class Problem(NamedTuple):
    """The numbers of a workload."""

    inputs: Array  # (rows, inputs)
    targets: Array  # (rows, outputs); classes are one-hot
    layers: list[tuple[Array, Array]]  # first weights (inputs, outputs) and biases (outputs,)


@dataclass(frozen=True, slots=True)
class Workload:
    """Updates of one network on one machine; of kind “maps” pictures of what its neurons answer instead."""

    name: str
    sizes: tuple[int, ...]
    batch: int
    optimizer: str = "sgd"
    hidden: str = "relu"
    output: str = "linear"
    rate: float = 0.01
    rows: int = 1000
    kind: str = "training"
    contended: bool = False  # another process keeps one core busy

    @classmethod
    def of(cls, values: dict[str, Any]) -> Workload:
        """What `values` made of it."""
        return cls(**{**values, "sizes": tuple(values["sizes"])})

    def values(self) -> dict[str, Any]:
        """As JSON knows it."""
        return asdict(self)

    @property
    def loss(self) -> str:
        """Cross-entropy for classes, else the mean squared error."""
        return "cross_entropy" if self.output == "softmax" else "mse"

    @property
    def batches(self) -> int:
        """Updates in one pass through the rows."""
        return self.rows // self.batch

    @property
    def flops(self) -> int:
        """Of one update's matrix products: forward, and backward to the weights and, but for the first, the inputs."""
        products = [m * n for m, n in zip(self.sizes, self.sizes[1:], strict=False)]
        return 2 * self.batch * (3 * sum(products) - products[0])

    @property
    def large(self) -> bool:
        """Whether a second thread may pay, and the share of the machine's peak is of interest."""
        return self.kind == "training" and self.flops >= LARGE

    def describe(self) -> str:
        """Such as “2-3-1 relu, batch 1, SGD”."""
        shape = "-".join(map(str, self.sizes))
        if len(self.sizes) > 10:
            shape = f"{self.sizes[0]}-{len(self.sizes) - 2}x{self.sizes[1]}-{self.sizes[-1]}"
        if self.kind == "maps":
            return f"{shape} {self.hidden}, every neuron's map of {MAP_POINTS}x{MAP_POINTS} points"
        name = {"sgd": "SGD", "adam": "Adam"}[self.optimizer]
        crowd = ", one core taken by another process" if self.contended else ""
        return f"{shape} {self.hidden} → {self.output}, batch {self.batch}, {name}{crowd}"

    def problem(self) -> Problem:
        """Always the same numbers: normal inputs, a noisy sum or a sign or random classes to learn, He's weights."""
        rng = np.random.default_rng(0)
        inputs = rng.normal(size=(self.rows, self.sizes[0]))
        gain = 2.0 if self.hidden == "relu" else 1.0
        layers = [
            (rng.normal(scale=np.sqrt(gain / m), size=(m, n)), np.zeros(n))
            for m, n in zip(self.sizes, self.sizes[1:], strict=False)
        ]
        return Problem(inputs, self._targets(rng, inputs), layers)

    def _targets(self, rng: np.random.Generator, inputs: Array) -> Array:
        if self.output == "softmax":
            return np.asarray(np.eye(self.sizes[-1])[rng.integers(self.sizes[-1], size=self.rows)])
        if self.output == "tanh":
            return np.sign(inputs[:, :1] * inputs[:, 1:2])
        return np.asarray(inputs.sum(axis=1, keepdims=True) + rng.normal(scale=0.1, size=(self.rows, 1)))


def _wide() -> tuple[Workload, ...]:
    return tuple(
        Workload(f"wide-b{batch}-{rule}", (1000, 1000, 1000, 10), batch, rule, output="softmax", rate=rate, rows=4096)
        for batch in (32, 128, 512)
        for rule, rate in (("sgd", 0.01), ("adam", 1e-4))
    )


WORKLOADS: tuple[Workload, ...] = (
    Workload("w1-b1-sgd", (2, 3, 1), 1),
    Workload("w1-b10-sgd", (2, 3, 1), 10),
    Workload("w1-b10-adam", (2, 3, 1), 10, "adam", rate=0.001),
    Workload("w2", (2, 4, 2, 1), 10, hidden="tanh", output="tanh"),
    Workload("w2max", (2, *[8] * 6, 1), 10, hidden="tanh", output="tanh"),
    Workload("digits", (64, 32, 10), 32, "adam", output="softmax", rate=0.001, rows=4096),
    Workload("mnist", (784, 128, 64, 10), 128, "adam", output="softmax", rate=1e-4, rows=4096),
    *_wide(),
    Workload("deep", (64, *[64] * 100, 10), 32, output="softmax", rate=1e-4, rows=4096),
    Workload("maps", (2, *[8] * 6, 1), 1, hidden="tanh", output="tanh", kind="maps"),
    Workload("contended", (1000, 1000, 1000, 10), 32, output="softmax", rows=4096, contended=True),
)


def chosen(words: list[str]) -> list[Workload]:
    """The workloads named, each by its name or by the beginning of several: “wide”. Raises `KeyError` for a word."""
    found: set[str] = set()
    for word in words:
        names = {w.name for w in WORKLOADS if w.name == word or w.name.startswith(f"{word}-")}
        if not names:
            raise KeyError(word)
        found |= names
    return [workload for workload in WORKLOADS if workload.name in found]
