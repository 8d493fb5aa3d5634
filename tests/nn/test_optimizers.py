from __future__ import annotations

from math import inf, nan, sqrt

import numpy as np
import pytest

from visualnn.nn.errors import VisualNNError
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update

GRADIENTS = [0.5, -0.25, 2.0, 0.0, -1e-3]


def walk(optimizer: Optimizer) -> list[float]:
    w, memory = np.array([1.0]), optimizer.memory(1)
    path = []
    for t, g in enumerate(GRADIENTS, start=1):
        apply_update(optimizer, w, np.array([g]), memory, t)
        path.append(float(w[0]))
    return path


def test_sgd():
    w, path = 1.0, []
    for g in GRADIENTS:
        w -= 0.1 * g
        path.append(w)
    assert walk(Optimizer("sgd", rate=0.1)) == path


def test_momentum():
    w, v, path = 1.0, 0.0, []
    for g in GRADIENTS:
        v = 0.8 * v + g
        w -= 0.1 * v
        path.append(w)
    assert walk(Optimizer("momentum", rate=0.1, momentum=0.8)) == path


def test_adam():
    w, m, v, path = 1.0, 0.0, 0.0, []
    for t, g in enumerate(GRADIENTS, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w -= 0.1 * (m / (1 - 0.9**t)) / (sqrt(v / (1 - 0.999**t)) + 1e-8)
        path.append(w)
    assert walk(Optimizer("adam", rate=0.1)) == pytest.approx(path, rel=1e-14)


def test_adams_first_step_is_as_long_as_the_rate():
    assert walk(Optimizer("adam", rate=0.1))[0] == pytest.approx(0.9)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_gradient_is_left_alone_and_the_memory_starts_empty(name: str):
    optimizer = Optimizer(name)
    w, g, memory = np.ones(3), np.array([1.0, -2.0, 3.0]), optimizer.memory(3)
    assert memory.shape == ({"sgd": 0, "momentum": 1, "adam": 2}[name], 3)
    assert not memory.any()
    apply_update(optimizer, w, g, memory, 1)
    assert g.tolist() == [1.0, -2.0, 3.0]
    assert (np.sign(w - 1) == -np.sign(g)).all()


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": "magic"},
        {"rate": 0.0},
        {"rate": -1.0},
        {"rate": nan},
        {"rate": inf},
        {"momentum": 1.0},
        {"beta1": -0.1},
        {"beta2": nan},
        {"eps": 0.0},
    ],
)
def test_values_that_cannot_train_are_refused_in_one_sentence(wrong: dict):
    with pytest.raises(VisualNNError, match=r"\.$"):
        Optimizer(**wrong)
