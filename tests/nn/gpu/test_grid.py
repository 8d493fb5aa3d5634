"""The loop for wide networks against the readable one."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from tests.nn.gpu.runs import Fixed, Ran, run
from visualnn.nn.device import Device, DeviceError
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    GOAL,
    SHOT_HEAD,
    SHOT_LOSS,
    SHOT_UPDATE,
    STOP,
    STOPPED,
    UPDATE,
    Control,
    State,
    Task,
)
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import SCHEDULES, Schedule, fresh_scalars

NETWORK = Network.of(5, 19, 11, 3, hidden="tanh")
DEEP = Network(4, (*[Layer(9, "tanh")] * 4, Layer(3, "softmax")), shortcut=2)
EVERYTHING = {
    "loss": "cross_entropy",
    "l1": 0.01,
    "l2": 0.02,
    "dropout": 0.3,
    "clip_value": 0.1,
    "clip_norm": 0.3,
    "schedule": Schedule("plateau", gamma=0.5, patience=0, warmup=3),
}


@pytest.fixture
def wide(simulator):
    from tests.nn.gpu import wide

    return wide


def options(rule: Optimizer | None = None, **others) -> Options:
    return Options(optimizer=rule or Optimizer("adam", rate=1e-2, eps=1e-2), precision="float32", seed=3, **others)


def loop_of(wide, task: Task, chunk: int = 3, *tiles):
    """A loop with launches of so many updates."""
    from visualnn.nn.kernels.gpu.grid import GridLoop

    loop = GridLoop(task, machine=wide.machine(*(tiles or (wide.PLAIN, wide.GROUPED))))
    loop.chunk = Fixed(chunk)
    return loop


def everything(wide) -> Task:
    given = options(Optimizer("nadam", rate=0.02, eps=1e-2, weight_decay=0.1), batch_size=7, **EVERYTHING)
    return wide.task_of(DEEP, given, 18, mask=mask_of(DEEP, [(2, 4)], [7, 50]))


def same(a: Ran, b: Ran) -> None:
    """To the bit."""
    assert (a.why, a.update) == (b.why, b.update)
    for own, other in zip((*a.state, a.losses), (*b.state, b.losses), strict=True):
        np.testing.assert_array_equal(own, other)
    for name in ("line", "words", "epoch"):
        np.testing.assert_array_equal(getattr(a.order, name), getattr(b.order, name))


def close(found: Ran, expected: Ran, precision: float = 2e-5) -> None:
    assert (found.why, found.update) == (expected.why, expected.update)
    np.testing.assert_allclose(found.losses, expected.losses, rtol=precision)
    np.testing.assert_allclose(found.state.parameters, expected.state.parameters, atol=precision)
    np.testing.assert_allclose(found.state.memory, expected.state.memory, atol=precision)
    np.testing.assert_allclose(found.state.scalars, expected.state.scalars, rtol=precision)
    np.testing.assert_array_equal(found.order.line, expected.order.line)
    np.testing.assert_array_equal(found.order.words, expected.order.words)
    assert found.order.epoch == expected.order.epoch


@pytest.mark.parametrize("batch", [7, 18, None])
@pytest.mark.parametrize("stride", [1, 2])
def test_runs_agree_with_the_reference(wide, batch: int | None, stride: int):
    task = wide.task_of(NETWORK, options(batch_size=batch), 18)
    w = wide.parameters_of(NETWORK)
    close(run(loop_of(wide, task), task, w, 7, stride=stride), run(reference.Loop(task), task, w, 7, stride=stride))


@pytest.mark.parametrize("name", [name for name in OPTIMIZERS if name not in ("adam", "lion")])
def test_runs_with_every_optimizer_agree(wide, name: str):
    rule = Optimizer(name, rate=1e-2, eps=1e-2, weight_decay=0.1)
    task, w = wide.task_of(NETWORK, options(rule, batch_size=7), 18), wide.parameters_of(NETWORK)
    close(run(loop_of(wide, task), task, w, 4), run(reference.Loop(task), task, w, 4))


def test_a_run_with_everything_agrees(wide):
    task, w = everything(wide), wide.parameters_of(DEEP)
    found, expected = run(loop_of(wide, task, 4), task, w, 14), run(reference.Loop(task), task, w, 14)
    close(found, expected, 1e-4)
    assert found.state.scalars[0] < 1.0  # the plateau rule has decided something


@pytest.mark.parametrize("name", SCHEDULES)
def test_runs_with_every_schedule_agree(wide, name: str):
    rule = Schedule(name, period=3, warmup=2, patience=0, floor=0.1)
    task = wide.task_of(NETWORK, options(batch_size=9, schedule=rule), 18)
    w = wide.parameters_of(NETWORK)
    close(run(loop_of(wide, task), task, w, 8), run(reference.Loop(task), task, w, 8))


def test_tensor_cores_come_close(wide):
    task, w = wide.task_of(NETWORK, options(batch_size=7), 18), wide.parameters_of(NETWORK)
    loop = loop_of(wide, task, 3, wide.TENSOR)
    found, expected = run(loop, task, w, 3), run(reference.Loop(task), task, w, 3)
    np.testing.assert_allclose(found.losses, expected.losses, rtol=2e-3)
    np.testing.assert_allclose(found.state.parameters, expected.state.parameters, atol=2e-3)
    assert np.abs(found.state.parameters - expected.state.parameters).max() > 1e-6


def test_tensor_cores_are_used_where_they_are_and_wanted(wide, monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels.gpu import grid, steps

    used = []
    monkeypatch.setattr(grid, "Memory", lambda _task, machine, _most: used.append(machine) or pytest.fail.Exception)
    task = wide.task_of(NETWORK, options(), 18)
    for tf32 in (False, True):
        with pytest.raises(DeviceError):
            grid.GridLoop(task, Device("cuda", tf32=tf32))
    assert used == [steps.MACHINE, steps.TENSOR_MACHINE]


@pytest.mark.parametrize("calls", [(1, 5), (3, 3), (1, 2, 3)])
def test_a_split_run_is_the_same_to_the_bit(wide, calls: tuple[int, ...]):
    task, w = everything(wide), wide.parameters_of(DEEP)
    whole = run(loop_of(wide, task, 4), task, w, 6)
    same(run(loop_of(wide, task, 2), task, w, 6, calls=calls), whole)


def test_another_loop_goes_on_to_the_bit(wide):
    task, w = everything(wide), wide.parameters_of(DEEP)
    whole = run(loop_of(wide, task, 4), task, w, 6)
    loops = [loop_of(wide, task, 4) for _ in range(2)]
    same(run(loops[0], task, w, 6, calls=(4, 2), loops=loops), whole)


@pytest.mark.parametrize("at", [0, 1, 5])
def test_the_goal_is_met_at_the_exact_update(wide, at: int):
    task, w = wide.task_of(NETWORK, options(Optimizer("sgd", rate=0.05)), 18), wide.parameters_of(NETWORK)
    losses = run(reference.Loop(task), task, w, 8).losses
    assert (np.diff(losses) < 0).all()
    goal = float((losses[at] + losses[at - 1]) / 2) if at else float(losses[0] + 1)
    found, expected = (run(loop, task, w, 8, goal=goal) for loop in (loop_of(wide, task), reference.Loop(task)))
    assert (found.why, found.update) == (GOAL, at)
    close(found, expected)


def test_what_diverges_stays_as_it_was_computed_from(wide):
    task = wide.task_of(NETWORK, options(Optimizer("sgd", rate=1e9), batch_size=7), 18)
    w = wide.parameters_of(Network.of(5, 19, 11, 3))
    task = Task(Network.of(5, 19, 11, 3, hidden="linear"), task.options, task.inputs, task.targets)
    found = run(loop_of(wide, task, 2), task, w, 12)
    assert found.why == DIVERGED
    assert 1 <= found.update < 8
    fewer = run(loop_of(wide, task, 2), task, w, found.update)
    assert fewer.why == DONE
    np.testing.assert_array_equal(found.state.parameters, fewer.state.parameters)
    assert not np.isfinite(found.losses[found.update])
    assert np.isnan(found.losses[found.update + 1 :]).all()


def begin(task: Task, w: np.ndarray, goal: float | None = None) -> tuple[Order, State, Control]:
    state = State(w.copy(), task.options.optimizer.memory(w.size), fresh_scalars())
    order = Order(task.rows, task.batch, task.options.seed)
    return order, state, Control(w.size, task.options.optimizer.rate, goal)


def test_a_stop_is_seen_between_two_launches(wide, monkeypatch: pytest.MonkeyPatch):
    task, w = wide.task_of(NETWORK, options(batch_size=7), 18), wide.parameters_of(NETWORK)
    loop, (order, state, control) = loop_of(wide, task, 2), begin(task, w)
    measured = loop.chunk.measured
    monkeypatch.setattr(loop.chunk, "measured", lambda *a: (measured(*a), control.flags.__setitem__(STOP, 1)))
    assert loop.run(order, state, control, np.full(100, np.nan), 1, 100) == STOPPED
    assert control.flags[UPDATE] == 4  # two launches were under way
    expected = run(reference.Loop(task), task, w, 4)
    np.testing.assert_allclose(state.parameters, expected.state.parameters, atol=2e-5)
    np.testing.assert_array_equal(order.line, expected.order.line)
    before = state.parameters.copy()
    assert loop.run(order, state, control, np.full(100, np.nan), 1, 100) == STOPPED
    np.testing.assert_array_equal(state.parameters, before)


def test_shots_are_of_one_update(wide):
    task, w = everything(wide), wide.parameters_of(DEEP)
    loop, (order, state, control) = loop_of(wide, task, 2), begin(task, w)
    losses = np.full(10, np.nan)
    assert loop.run(order, state, control, losses, 1, 4) == DONE
    control.ask()
    assert loop.run(order, state, control, losses, 1, 4) == DONE
    shot = control.take()
    expected = run(loop_of(wide, task, 2), task, w, 4)
    assert (shot[SHOT_UPDATE], shot[SHOT_LOSS]) == (4, losses[4])
    np.testing.assert_array_equal(shot[SHOT_HEAD:], reference.kept(expected.state.parameters, task.mask))


def test_the_rate_is_read_for_every_launch(wide):
    task, w = wide.task_of(NETWORK, options(Optimizer("sgd", rate=0.1)), 18), wide.parameters_of(NETWORK)
    loop, (order, state, control) = loop_of(wide, task), begin(task, w)
    control.dials[0] = 0.0
    assert loop.run(order, state, control, np.zeros(3), 1, 3) == DONE
    np.testing.assert_array_equal(state.parameters, w)


@pytest.mark.parametrize("launches", [3, 12, 40])
def test_where_the_gpu_fails_nothing_has_changed(wide, simulator, monkeypatch: pytest.MonkeyPatch, launches: int):
    task, w = everything(wide), wide.parameters_of(DEEP)
    loop, (order, state, control) = loop_of(wide, task, 2), begin(task, w)
    assert loop.run(order, state, control, np.zeros(20), 1, 3) == DONE
    before = [array.copy() for array in (*state, order.line, order.words, order.epoch)]
    real, left = simulator.run, [launches]

    def failing(*arguments):
        left[0] -= 1
        if left[0] < 0:
            raise RuntimeError("[719] Call to cuLaunchKernel results in CUDA_ERROR_LAUNCH_FAILED")
        real(*arguments)

    monkeypatch.setattr(simulator, "run", failing)
    with pytest.raises(DeviceError, match="stopped") as caught:
        loop.run(order, state, control, np.zeros(20), 1, 6)
    assert caught.value.is_lost
    assert control.flags[UPDATE] == 3
    for own, kept in zip((*state, order.line, order.words, order.epoch), before, strict=True):
        np.testing.assert_array_equal(own, kept)
    monkeypatch.undo()
    control.flags[UPDATE] = 3
    assert reference.Loop(task).run(order, state, control, np.zeros(20), 1, 2) == DONE


def test_a_network_that_is_too_large_is_refused(wide):
    from visualnn.nn.kernels.gpu import places

    task = wide.task_of(Network.of(3, 100_000, 2), options(), 4)
    big = Task(Network.of(100_000, 1500, 2), task.options, np.zeros((1, 100_000)), np.zeros((1, 2)))
    places.ground_of(big, (32, 64, 128), 10)
    bigger = Task(Network.of(1, 1400, *[1400] * 90, 2), task.options, np.zeros((1, 1)), np.zeros((1, 2)))
    with pytest.raises(DeviceError, match="too large"):
        places.ground_of(bigger, (32, 64, 8192), 10)


def test_it_runs_in_the_only_thread_that_trains(wide):
    task, w = wide.task_of(NETWORK, options(batch_size=7), 18), wide.parameters_of(NETWORK)
    found = []
    thread = threading.Thread(target=lambda: found.append(run(loop_of(wide, task), task, w, 3)))
    thread.start()
    thread.join()
    same(found[0], run(loop_of(wide, task), task, w, 3))


def test_loops_of_every_tile_have_all_products(wide, monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels.gpu import grid

    small = wide.machine(wide.PLAIN, wide.GROUPED)
    monkeypatch.setattr(grid, "MACHINE", small)
    task, used = wide.task_of(Network.of(1, 1, 1), options(), 1), []
    for loop in grid.loops_of_every_tile(task, Device("cuda")):
        assert run(loop, task, np.ones(4), 1).why == DONE
        used += [(step.kernel.fn.__name__, step.threads) for step in loop.update._steps]
    products = {(kind, tile.threads) for kind in ("forward", "backward", "gradient") for tile in small.tiles}
    assert products <= set(used)
