"""The loop for wide networks against the readable one."""

from __future__ import annotations

import os

os.environ["NUMBA_ENABLE_CUDASIM"] = "1"

import numpy as np
import pytest

from visualnn.nn.data import Dataset
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import (
    DONE,
    Control,
    Loop,
    State,
    Task,
)
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars


@pytest.fixture
def grid(simulator):
    from visualnn.nn.kernels.gpu import grid

    return grid


def machine():
    from visualnn.nn.kernels.gpu.products import Tile
    from visualnn.nn.kernels.gpu.steps import Machine

    return Machine((Tile(8, 8, 4, 4, 4, 1), Tile(16, 16, 8, 8, 8, 2)), (0.9, 1.0), 8, 16, 4, 4, 2)


def run(loop: Loop, task: Task, parameters: np.ndarray, updates: int) -> tuple[int, State, np.ndarray]:
    """Some updates from these parameters; why it ended, the state, the losses."""
    order = Order(task.rows, task.batch, task.options.seed)
    state, losses = (
        State(parameters.copy(), task.options.optimizer.memory(parameters.size), fresh_scalars()),
        np.full(updates, np.nan),
    )
    control = Control(parameters.size, task.options.optimizer.rate, None)
    return loop.run(order, state, control, losses, 1, updates), state, losses


def test_first(grid):
    rng = np.random.default_rng(0)
    network = Network.of(5, 19, 11, 3, hidden="tanh")
    options = Options(optimizer=Optimizer("adam", rate=1e-2, eps=1e-2), loss="mse", batch_size=7, precision="float32")
    task = Task.of(network, options, Dataset("random", rng.normal(size=(18, 5)), rng.normal(size=(18, 3)), ()))
    w = rng.normal(0, 0.5, network.parameter_count)
    why, state, losses = run(grid.GridLoop(task, machine=machine()), task, w, 4)
    why2, state2, losses2 = run(reference.Loop(task), task, w, 4)
    assert why == why2 == DONE
    print(losses, losses2)
    np.testing.assert_allclose(losses, losses2, rtol=1e-5)
    np.testing.assert_allclose(state.parameters, state2.parameters, atol=1e-5)
