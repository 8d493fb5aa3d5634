"""scikit-learn's MLP: whole passes of ``partial_fit``, so that what a call costs is spread over many updates."""

from __future__ import annotations

from typing import Any

import numpy as np
import sklearn
from sklearn.neural_network import MLPClassifier, MLPRegressor

from visualnn.bench.job import Run, passes
from visualnn.bench.workload import Array, Workload


def begin(threads: int) -> str:
    """Its version; the threads are chosen by the environment."""
    return str(sklearn.__version__)


def prepare(workload: Workload, variant: str) -> Run:
    """What runs updates."""
    inputs, targets, layers = workload.problem()
    classes = workload.output == "softmax"
    x = inputs[: workload.batches * workload.batch].astype(np.float32)
    y = targets.argmax(axis=1) if classes else targets.ravel().astype(np.float32)
    known = {"classes": np.arange(targets.shape[1])} if classes else {}
    model = _model(workload)
    model.partial_fit(x[: workload.batch], y[: workload.batch], **known)
    _set(model, layers)

    def run(updates: int) -> int:
        count, length = passes(updates, workload.batches)
        rows = length * workload.batch
        for _ in range(count):
            model.partial_fit(x[:rows], y[:rows])
        return count * length

    return run


def _model(workload: Workload) -> Any:
    halved = workload.output != "softmax" and workload.optimizer == "sgd"  # its squared error is half of ours
    kind = MLPClassifier if workload.output == "softmax" else MLPRegressor
    return kind(
        hidden_layer_sizes=workload.sizes[1:-1],
        activation=workload.hidden,
        solver=workload.optimizer,
        alpha=0.0,
        batch_size=workload.batch,
        learning_rate_init=workload.rate * (2 if halved else 1),
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
    )


def _set(model: Any, layers: list[tuple[Array, Array]]) -> None:
    """In place: the optimizer holds these very arrays."""
    for (w, b), coefficients, intercepts in zip(layers, model.coefs_, model.intercepts_, strict=True):
        coefficients[:], intercepts[:] = w, b
