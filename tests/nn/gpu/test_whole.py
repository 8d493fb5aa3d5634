"""A gradient as a whole: penalties, the mask, clipping, the update."""

from __future__ import annotations

import numpy as np
import pytest

from tests.nn.gpu.simulator import SCHEDULES
from visualnn.nn import order
from visualnn.nn.kernels import reference
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update
from visualnn.nn.options import Options

ALL = ("gather", "forward", "judge", "decide", "backward", "gradient", "weigh", "measure", "apply")
NETWORK = Network.of(6, 9, 3, hidden="tanh")
WAYS = {
    "penalties": {"l1": 0.03, "l2": 0.05},
    "clipped by value": {"clip_value": 0.02},
    "clipped by norm": {"clip_norm": 0.05},
    "not too long": {"clip_norm": 50.0},
    "everything": {"l1": 0.03, "l2": 0.05, "clip_value": 0.1, "clip_norm": 0.2},
}


@pytest.fixture
def wide(simulator):
    from tests.nn.gpu import wide

    return wide


def check(wide, rule: Optimizer, mask=None, **others) -> None:
    """An update is that of the reference, with its memory, and with its padding."""
    from visualnn.nn.kernels.gpu.places import SLOT

    options = Options(optimizer=rule, batch_size=11, precision="float32", **others)
    task = wide.task_of(NETWORK, options, 20, mask=mask)
    w = wide.parameters_of(NETWORK)
    bench = wide.Bench(task, w)
    bench.launch(*ALL)
    _, g = reference.batch_gradient(task, w, order.rows_of(task.rows, task.batch, 0, 0), 0)
    memory, after = rule.memory(w.size), w.copy()
    apply_update(rule, after, g, memory, 1)
    slot = bench.ground.head(SLOT)
    for behind, values in enumerate([reference.kept(after, mask), *memory]):
        for layer, expected in enumerate(NETWORK.views(values)):
            weights, biases = bench.weights(layer + 1, behind * slot)
            np.testing.assert_allclose(weights, wide.framed(expected.w, weights.shape), atol=3e-6)
            np.testing.assert_allclose(biases, wide.framed(expected.b, biases.shape), atol=3e-6)
            if not behind:
                np.testing.assert_array_equal(bench.turned_weights(layer + 1), weights.T)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("masked", [False, True])
def test_a_gradient_is_changed_as_by_the_reference(wide, way: str, masked: bool):
    mask = mask_of(NETWORK, [(1, 4)], [2, 60]) if masked else None
    check(wide, Optimizer("sgd", rate=0.1), mask, **WAYS[way])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_applies_a_whole_gradient(wide, name: str):
    mask = mask_of(NETWORK, [(1, 4)], [2, 60])
    check(wide, Optimizer(name, rate=0.02, eps=1e-2, weight_decay=0.1), mask, clip_norm=0.5)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
def test_threads_may_come_in_any_order(wide, simulator, schedule):
    simulator.schedule = schedule
    check(wide, Optimizer("adam", rate=0.02, eps=1e-2), None, **WAYS["everything"])
