"""Keras: ``fit`` without shuffling, on the fastest of its backends that is installed."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from visualnn.bench.job import Run, UnavailableError, passes
from visualnn.bench.workload import Workload

BACKENDS = ("jax", "torch", "tensorflow")
LOSSES = {"mse": "mean_squared_error", "cross_entropy": "categorical_crossentropy"}

_keras: Any = None


def begin(threads: int) -> str:
    """Its version and backend; the threads are chosen by the environment."""
    global _keras
    found = [name for name in BACKENDS if find_spec(name)]
    if not found and find_spec("keras"):
        raise UnavailableError(f"it has no backend ({', '.join(BACKENDS)}).")
    os.environ.setdefault("KERAS_BACKEND", found[0] if found else BACKENDS[0])
    _keras = import_module("keras")
    return f"{_keras.__version__} on {_keras.backend.backend()}"


def prepare(workload: Workload, variant: str) -> Run:
    """What runs updates."""
    inputs, targets, layers = workload.problem()
    x, y = inputs.astype(np.float32), targets.astype(np.float32)
    names = [workload.hidden] * (len(layers) - 1) + [workload.output]
    dense = [_keras.layers.Dense(n, activation=name) for n, name in zip(workload.sizes[1:], names, strict=True)]
    model = _keras.Sequential([_keras.Input((workload.sizes[0],)), *dense])
    model.set_weights([part for layer in layers for part in layer])
    model.compile(optimizer=_rule(workload), loss=LOSSES[workload.loss])

    def run(updates: int) -> int:
        count, length = passes(updates, workload.batches)
        rows = length * workload.batch
        model.fit(x[:rows], y[:rows], batch_size=workload.batch, epochs=count, shuffle=False, verbose=0)
        return count * length

    return run


def _rule(workload: Workload) -> Any:
    if workload.optimizer == "adam":
        return _keras.optimizers.Adam(learning_rate=workload.rate, epsilon=1e-8)  # everybody else's
    return _keras.optimizers.SGD(learning_rate=workload.rate)
