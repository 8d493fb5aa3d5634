"""Our loops on the GPU against the readable loop in 64 bits: how wrong an update is, and whether it is always the same.

Optimizers that divide have a large eps here: with a tiny one they turn the rounding of a slope near 0 into a whole
step. Rates are high, so that what updates change is more than the last digits of a weight.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Any

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.device import Device
from visualnn.nn.functions import HIDDEN_ACTIVATIONS
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import Loop, Task
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.nn.training import Training

GPU = "visualnn.nn.kernels.gpu"
ENDS = (
    ("linear", "mse"),
    ("softmax", "cross_entropy"),
    ("sigmoid", "binary_cross_entropy"),
    ("tanh", "hinge"),
    ("linear", "huber"),
    ("softplus", "mae"),
)
LIMIT, LIMIT_TF32 = 3e-5, 2e-2  # of the relative error of what some updates change; the processor has up to 6e-6
PLAIN = ("sgd", "momentum", "nesterov")  # optimizers that do not divide; their steps are short
EVERYTHING = {"l1": 1e-3, "l2": 1e-2, "dropout": 0.3, "clip_value": 0.5, "clip_norm": 0.5}


@dataclass(frozen=True, slots=True)
class Check:
    """A small task for one family of kernels."""

    family: str  # “block”, “grid”
    sizes: tuple[int, ...]
    hidden: str
    output: str
    loss: str
    rule: str
    batch: int = 13
    rows: int = 60
    updates: int = 10
    everything: bool = False  # penalties, dropout, clipping, a schedule, a mask, shortcuts
    tf32: bool = False

    @property
    def name(self) -> str:
        """Such as “block 2-9-9-3 relu → softmax, cross_entropy, adam”."""
        more = [word for word, is_so in (("everything", self.everything), ("TF32", self.tf32)) if is_so]
        shape = "-".join(map(str, self.sizes))
        return ", ".join(
            [f"{self.family} {shape} {self.hidden} → {self.output}", self.loss, self.rule, f"batch {self.batch}", *more]
        )

    @property
    def limit(self) -> float:
        """Of the error."""
        return LIMIT_TF32 if self.tf32 else LIMIT

    def training(self) -> Training:
        """Always the same numbers."""
        rng = np.random.default_rng(len(self.name))
        layers = [*((n, self.hidden) for n in self.sizes[1:-1]), (self.sizes[-1], self.output)]
        network = Network(self.sizes[0], tuple(Layer(*layer) for layer in layers), shortcut=int(self.everything))
        inputs = rng.normal(size=(self.rows, network.inputs))
        data = Dataset("check", inputs, self._targets(rng, network.outputs), ())
        w = rng.normal(scale=0.8 / np.sqrt(max(self.sizes)), size=network.parameter_count)
        mask = mask_of(network, [(1, 1)], [0, network.parameter_count // 2]) if self.everything else None
        return Training(network, data, self._options(), w, mask=mask)

    def _options(self) -> Options:
        rate, eps = (0.05, 1e-8) if self.rule in PLAIN else (0.01, 1e-2)
        schedule = Schedule("cosine", period=20, warmup=3) if self.everything else Schedule()
        more: dict[str, Any] = EVERYTHING if self.everything else {}
        rule = Optimizer(self.rule, rate=rate, eps=eps, weight_decay=0.1)
        return Options(rule, loss=self.loss, batch_size=self.batch, precision="float32", schedule=schedule, **more)

    def _targets(self, rng: np.random.Generator, outputs: int) -> Any:
        if self.loss in ("mse", "mae", "huber"):
            return rng.normal(size=(self.rows, outputs))
        if self.loss == "cross_entropy":
            return np.eye(outputs)[rng.integers(outputs, size=self.rows)]
        return rng.integers(0, 2, size=(self.rows, outputs)).astype(float)


def _of(family: str, sizes: tuple[int, ...], **more: Any) -> list[Check]:
    """Every hidden activation, loss and optimizer at least once."""
    found = []
    for i, hidden in enumerate(HIDDEN_ACTIVATIONS):
        output, loss = ENDS[i % len(ENDS)]
        found.append(Check(family, sizes, hidden, output, loss, OPTIMIZERS[i % len(OPTIMIZERS)], **more))
    return found


CHECKS: tuple[Check, ...] = (
    *_of("block", (2, 9, 9, 3)),
    Check("block", (2, 8, 8, 1), "tanh", "linear", "mse", "adam", batch=60),
    Check("block", (2, 7, 7, 7, 3), "tanh", "softmax", "cross_entropy", "momentum", everything=True),
    Check("block", (2, 64, 64, 2), "relu", "softmax", "cross_entropy", "adam", batch=64, rows=150),
    *_of("grid", (19, 70, 33, 10), batch=37, rows=100),
    Check("grid", (20, 40, 40, 40, 7), "tanh", "softmax", "cross_entropy", "momentum", batch=37, everything=True),
    Check("grid", (784, 128, 64, 10), "relu", "softmax", "cross_entropy", "adam", batch=64, rows=200),
    Check("grid", (1000, 1000, 1000), "relu", "softmax", "cross_entropy", "adam", 512, 1100, updates=3),
    Check("grid", (19, 70, 33, 10), "relu", "softmax", "cross_entropy", "sgd", 37, 100, tf32=True),
    Check("grid", (1000, 1000, 1000), "relu", "softmax", "cross_entropy", "sgd", 512, 1100, updates=3, tf32=True),
)
SIMULATED: tuple[Check, ...] = tuple(
    replace(check, sizes=tuple(min(size, 4) for size in check.sizes[-4:]), batch=5, rows=8, updates=2)
    for check in (CHECKS[0], *(check for check in CHECKS if check.everything), CHECKS[-1])
)


def of(device: str) -> tuple[Check, ...]:
    """All of them, or the few small ones that the simulator is tried with."""
    return CHECKS if device == "cuda" else SIMULATED


def answer(index: int, device: str) -> dict[str, Any]:
    """The error of one check, and whether the same updates in two calls give the same bits."""
    check = of(device)[index]
    training = check.training()
    w = _after(_loop(check, training.task), training, [check.updates])
    again = _after(_loop(check, training.task), training, [1, check.updates - 1])
    expected = _after(reference.Loop(training.task), training, [check.updates])
    change = float(np.linalg.norm(expected - training.start))
    error = float(np.linalg.norm(w - expected)) / change
    return {
        "deviation": error,
        "met": bool(error <= check.limit),  # NaN is not
        "same_bits": bool(np.array_equal(w, again)),
    }


def _after(loop: Loop, training: Training, calls: list[int]) -> Any:
    """The parameters after some calls from the start."""
    training.restart()
    for updates in calls:
        training.curve.room(training.updates + updates)
        control, curve = training.control, training.curve
        loop.run(training.order, training.state, control, curve.values, curve.stride, updates)
    return training.state.parameters.copy()


def _loop(check: Check, task: Task) -> Loop:
    """The family that is asked for, whichever would be chosen for so small a task."""
    if check.family == "block":
        loop: Loop = import_module(f"{GPU}.fleet").BlockLoop(task)
    else:
        loop = import_module(f"{GPU}.grid").GridLoop(task, Device("cuda", tf32=check.tf32))
    return loop
