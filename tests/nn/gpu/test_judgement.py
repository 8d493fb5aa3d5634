"""What frames an update of a wide network: the rows of its batch, their loss, and whether to go on."""

from __future__ import annotations

import numpy as np
import pytest

from tests.nn.gpu.simulator import SCHEDULES
from visualnn.nn import order
from visualnn.nn.functions import ACTIVATIONS, loss_backward, losses_for
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import DIVERGED, GOAL, RUNNING
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule, fresh_scalars, note_loss

PAIRS = [(activation, loss) for activation in ACTIVATIONS for loss in losses_for(activation)]
assert RUNNING != GOAL != DIVERGED


@pytest.fixture
def wide(simulator):
    from tests.nn.gpu import wide

    return wide


def bench_of(
    wide, network: Network, *, rows: int = 20, t: int = 0, goal: float | None = None, scale: float = 0.5, **others
):
    others = {"optimizer": Optimizer("sgd", rate=0.1), "batch_size": 11, **others}
    task = wide.task_of(network, Options(precision="float32", **others), rows)
    w = wide.parameters_of(network, scale)
    return wide.Bench(task, w, t=t, goal=goal), task, w


def numbers_of(task, t: int = 0) -> np.ndarray:
    return order.rows_of(task.rows, task.batch, task.options.seed, t)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("t", [0, 1, 2, 5])
def test_rows_are_collected_by_the_order_of_their_epoch(wide, simulator, schedule, t: int):
    from visualnn.nn.kernels.gpu.places import AT, A

    simulator.schedule = schedule
    bench, task, _ = bench_of(wide, Network.of(9, 3), t=t)
    bench.launch("gather")
    found = bench.column(0, A)
    expected = task.inputs[numbers_of(task, t)].astype(np.float32)
    np.testing.assert_array_equal(found, wide.framed(expected, found.shape))
    np.testing.assert_array_equal(bench.column(0, AT), found.T)


@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_every_loss_judges_every_activation_that_it_fits(wide, activation: str, loss: str):
    from visualnn.nn.kernels.gpu.places import DT, LOSSES, D

    bench, task, w = bench_of(wide, Network.of(3, 4, 9, output=activation), loss=loss, t=1)
    bench.launch("gather", "forward", "judge", "decide")
    rows = numbers_of(task, 1)
    z, a = reference.forward(task.network, w, task.inputs[rows])
    expected = loss_backward(loss, activation, z[-1], a[-1], task.targets[rows])
    found = bench.column(2, D)
    np.testing.assert_allclose(found, wide.framed(expected, found.shape), atol=1e-6)
    np.testing.assert_array_equal(bench.column(2, DT), found.T)
    value = reference.mean_loss(task.network, w, task.inputs[rows], task.targets[rows], loss)
    np.testing.assert_allclose(bench.read(bench.ground.head(LOSSES), (1,)), value, rtol=2e-6)


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("loss", ["cross_entropy", "mse"])
def test_a_team_meets_for_softmax(wide, simulator, schedule, loss: str):
    from visualnn.nn.kernels.gpu.places import D

    simulator.schedule = schedule
    bench, task, w = bench_of(wide, Network.of(3, 11, output="softmax"), loss=loss, scale=30.0)
    bench.launch("gather", "forward", "judge")
    rows = numbers_of(task)
    z, a = reference.forward(task.network, w, task.inputs[rows])
    found = bench.column(1, D)
    expected = loss_backward(loss, "softmax", z[-1], a[-1], task.targets[rows])
    np.testing.assert_allclose(found, wide.framed(expected, found.shape), atol=2e-6)


def test_an_update_goes_on_above_the_goal_and_ends_below_it(wide):
    bench, task, w = bench_of(wide, Network.of(3, 4, 2))
    bench.launch("gather", "forward", "judge", "decide")
    assert bench.status() == [0, 0, 1]
    rows = numbers_of(task)
    loss = reference.mean_loss(task.network, w, task.inputs[rows], task.targets[rows], "mse")
    for goal, expected in ((loss * 1.001, [GOAL, 0, 0]), (loss * 0.999, [0, 0, 1])):
        bench = wide.Bench(task, w, goal=goal)
        bench.launch("gather", "forward", "judge", "decide")
        assert bench.status() == expected


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e30])
def test_a_loss_that_is_not_finite_ends_it(wide, value: float):
    _, task, w = bench_of(wide, Network.of(3, 4, 2, hidden="linear"))
    w[2] = value
    bench = wide.Bench(task, w)
    bench.launch("gather", "forward", "judge", "decide")
    assert bench.status() == [DIVERGED, 0, 0]


def test_the_plateau_rule_is_that_of_the_reference(wide):
    from visualnn.nn import schedule as schedules
    from visualnn.nn.kernels.gpu.places import BAD_EPOCHS, BEST, EPOCH_LOSS, FACTOR

    rule = Schedule("plateau", gamma=0.5, patience=1, floor=0.2)
    bench, task, w = bench_of(wide, Network.of(3, 4, 2), schedule=rule)
    scalars, fields = fresh_scalars(), (FACTOR, BEST, BAD_EPOCHS, EPOCH_LOSS)
    for t in range(14):
        bench.memory.turn[1:2].copy_to_device(np.array([t % 2], dtype=np.uint32))
        bench.memory.status.copy_to_device(np.zeros(3, dtype=np.int32))
        bench.launch("forward", "judge", "decide")
        from visualnn.nn.kernels.gpu.places import LOSSES

        note_loss(rule, t, task.epoch_length, float(bench.read(bench.ground.head(LOSSES), (1,))[0]), scalars)
        found = bench.scores()[list(fields)]
        expected = scalars[[schedules.FACTOR, schedules.BEST, schedules.BAD_EPOCHS, schedules.EPOCH_LOSS]]
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert scalars[schedules.FACTOR] == pytest.approx(0.2)
    assert w.size
