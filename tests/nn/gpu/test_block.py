"""The kernel that trains a network in one block, simulated, against the readable loop."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.nn.gpu.runs import Fixed, run
from tests.nn.gpu.simulator import SCHEDULES as ORDERS_OF_THREADS
from tests.nn.gpu.simulator import Launches, installed
from tests.nn.problems import Problem, problems
from visualnn.nn.data import Dataset
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS, losses_for
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import DIVERGED, DONE, GOAL, Control, State, Task
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import SCHEDULES, Schedule, fresh_scalars

pytestmark = pytest.mark.usefixtures("simulator")
THREADS = 8
NEAR = 3e-5  # of the largest number: float32 after some updates
CALM = Optimizer("sgd", rate=1e-2)


def block_loop(task: Task, threads: int = THREADS, chunk: int = 5):
    """The loop, with launches of so many updates."""
    from visualnn.nn.kernels.gpu.fleet import BlockLoop

    loop = BlockLoop(task, threads)
    loop.fleet.chunk = Fixed(chunk)
    return loop


def assert_near(actual: np.ndarray, exact: np.ndarray, room: float = NEAR) -> None:
    scale = max(1e-2, np.abs(exact).max(initial=0.0))
    assert np.abs(actual - exact).max(initial=0.0) <= room * scale


def check(task: Task, parameters: np.ndarray, updates: int, *, threads: int = THREADS, room: float = NEAR) -> None:
    """Both loops do the same."""
    exact = run(reference.Loop(task), task, parameters, updates)
    if not np.isfinite(exact.losses).all() or np.abs(exact.state.parameters).max() > 1e4:
        reject()
    found = run(block_loop(task, threads), task, parameters, updates)
    assert found.why == exact.why == DONE
    assert_near(found.losses, exact.losses, room)
    assert_near(found.state.parameters - parameters, exact.state.parameters - parameters, 20 * room)
    assert_near(found.state.parameters, exact.state.parameters, room)
    assert_near(found.state.memory, exact.state.memory, 20 * room)
    np.testing.assert_allclose(found.state.scalars, exact.state.scalars, rtol=1e-5)
    assert (found.order.line == exact.order.line).all()
    assert found.order.epoch == exact.order.epoch


def task_of(network: Network, options: Options, rows: int = 13, targets: np.ndarray | None = None) -> Task:
    rng = np.random.default_rng(0)
    inputs = rng.normal(0, 1, (rows, network.inputs))
    if targets is None:
        targets = np.eye(network.outputs)[rng.integers(0, network.outputs, rows)]
    return Task.of(network, replace(options, precision="float32"), Dataset("d", inputs, targets, ()))


def parameters_of(network: Network, scale: float = 0.7) -> np.ndarray:
    return np.random.default_rng(1).normal(0, scale, network.parameter_count).astype(np.float32).astype(np.float64)


@pytest.mark.parametrize("output", ACTIVATIONS)
def test_every_activation_with_every_loss_that_fits(output: str):
    hidden = HIDDEN_ACTIVATIONS[ACTIVATIONS.index(output) % len(HIDDEN_ACTIVATIONS)]
    network = Network(2, (Layer(3, hidden), Layer(5, "tanh"), Layer(3, output)))
    for loss in losses_for(output):
        task = task_of(network, Options(CALM, loss, batch_size=5))
        check(task, parameters_of(network), 4)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer(name: str):
    network = Network.of(2, 5, 3, 1, hidden="tanh")
    rule = Optimizer(name, rate=1e-2, eps=1e-2, weight_decay=0.1)
    check(task_of(network, Options(rule, batch_size=4)), parameters_of(network), 7)


@pytest.mark.parametrize("name", ["momentum", "adam"])
def test_the_memory_of_an_optimizer_may_lie_outside_of_the_block(name: str, monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels.gpu import fit, fleet

    network = Network.of(2, 5, 3, 1, hidden="tanh")
    task = task_of(network, Options(Optimizer(name, rate=1e-2, eps=1e-2), batch_size=4))
    layout = fit.best_layout(task, 1 << 20, THREADS)
    assert layout.has_memory
    monkeypatch.setattr(fleet, "shared_limit", lambda: layout.bytes - 4)
    assert not block_loop(task).fleet.layout.has_memory
    check(task, parameters_of(network), 7)


@settings(max_examples=25)
@given(problem=problems(max_units=5, max_rows=9), batch=st.integers(1, 9), updates=st.integers(1, 6))
def test_short_runs_agree(problem: Problem, batch: int, updates: int):
    options = Options(Optimizer("momentum", rate=1e-3), problem.loss, batch, precision="float32")
    check(Task.of(problem.network, options, problem.dataset), problem.parameters, updates)


@settings(max_examples=25)
@given(
    problem=problems(max_units=5, max_rows=9),
    l1=st.sampled_from([0.0, 0.01]),
    l2=st.sampled_from([0.0, 0.02]),
    dropout=st.sampled_from([0.0, 0.4]),
    clip_value=st.sampled_from([None, 0.05]),
    clip_norm=st.sampled_from([None, 0.5]),
    schedule=st.sampled_from(SCHEDULES),
    cut=st.sets(st.integers(0, 200), max_size=4),
    silent=st.booleans(),
)
def test_runs_with_everything_agree(problem: Problem, l1, l2, dropout, clip_value, clip_norm, schedule, cut, silent):
    network = problem.network
    options = Options(
        Optimizer("momentum", rate=1e-3),
        problem.loss,
        batch_size=4,
        seed=3,
        schedule=Schedule(schedule, period=3, warmup=2, patience=1),
        l1=l1,
        l2=l2,
        dropout=dropout,
        clip_value=clip_value,
        clip_norm=clip_norm,
        precision="float32",
    )
    neurons = [(1, 0)] if silent and len(network.sizes) > 2 else []
    mask = mask_of(network, neurons, {index % network.parameter_count for index in cut})
    check(Task.of(network, options, problem.dataset, mask), problem.parameters, 9)


@pytest.mark.parametrize("sizes", [(3, 17, 18, 2), (16, 16, 16), (1, 19), (20, 33, 1)])
def test_wide_columns_of_odd_sizes(sizes: tuple[int, ...]):
    network = Network.of(*sizes, hidden="tanh")
    options = Options(Optimizer("adam", rate=1e-2, eps=1e-2), batch_size=5)
    check(task_of(network, options, 9), parameters_of(network, 0.3), 3, threads=16)
    check(task_of(network, replace(options, clip_norm=0.1, l2=0.01), 9), parameters_of(network, 0.3), 3)


@pytest.mark.parametrize("batch", [1, 2, 31, 33, 70])
def test_batches_of_every_length(batch: int):
    network = Network.of(2, 3, 2, hidden="relu", output="softmax")
    check(task_of(network, Options(CALM, "cross_entropy", batch), 70), parameters_of(network), 3, threads=64)


def test_a_deep_network_with_shortcuts():
    network = Network(3, (*[Layer(3, "tanh")] * 7, Layer(2, "linear")), shortcut=2)
    assert any(source is not None for source in network.shortcuts)
    for dropout in (0.0, 0.3):
        check(task_of(network, Options(CALM, batch_size=4, dropout=dropout)), parameters_of(network, 0.4), 5)


@pytest.mark.parametrize("order", ORDERS_OF_THREADS)
def test_the_bits_are_the_same_whichever_threads_are_ahead(simulator: Launches, order):
    network = Network.of(2, 6, 17, 16, 3, hidden="tanh", output="softmax")
    options = Options(Optimizer("adam", 0.01), "cross_entropy", 5, dropout=0.2, clip_norm=0.2)
    task = task_of(network, options)
    found = [run(block_loop(task), task, parameters_of(network), 4)]
    simulator.schedule = order
    found.append(run(block_loop(task), task, parameters_of(network), 4))
    assert np.array_equal(found[0].state.parameters, found[1].state.parameters)
    assert np.array_equal(found[0].losses, found[1].losses)


def test_however_a_run_is_split_the_bits_are_the_same():
    network = Network.of(2, 4, 3, 1, hidden="tanh")
    plateau = Schedule("plateau", patience=0, gamma=0.5)
    options = Options(Optimizer("nadam", 0.05), batch_size=5, dropout=0.2, schedule=plateau)
    task, parameters = task_of(network, options), parameters_of(network)
    whole = run(block_loop(task, chunk=100), task, parameters, 23)
    assert whole.state.scalars[0] < 1.0
    for chunk in (1, 4):
        split = run(block_loop(task, chunk=chunk), task, parameters, 23)
        assert all(np.array_equal(a, b) for a, b in zip(split.state, whole.state, strict=True))
        assert np.array_equal(split.losses, whole.losses)
    by_calls = run(block_loop(task, chunk=4), task, parameters, 23, calls=(3, 9, 11))
    assert all(np.array_equal(a, b) for a, b in zip(by_calls.state, whole.state, strict=True))
    assert np.array_equal(by_calls.losses, whole.losses)


def test_threads_change_no_bit():
    network = Network.of(2, 17, 16, 2, hidden="tanh")
    task = task_of(network, Options(Optimizer("adam", 0.01), batch_size=6))
    found = [run(block_loop(task, threads), task, parameters_of(network), 3) for threads in (4, 8, 64)]
    assert all(np.array_equal(each.state.parameters, found[0].state.parameters) for each in found)


@pytest.mark.parametrize("chunk", [1, 3, 50])
@pytest.mark.parametrize("stride", [1, 3])
def test_a_goal_ends_a_run_at_the_update_that_reached_it(chunk: int, stride: int):
    network = Network.of(2, 4, 1, hidden="tanh")
    task, parameters = task_of(network, Options(Optimizer("sgd", 0.05), batch_size=5)), parameters_of(network)
    exact = run(reference.Loop(task), task, parameters, 40)
    goal = np.sort(exact.losses)[6] * 1.0001
    exact = run(reference.Loop(task), task, parameters, 40, goal=goal, stride=stride)
    found = run(block_loop(task, chunk=chunk), task, parameters, 40, goal=goal, stride=stride)
    assert exact.why == found.why == GOAL
    assert found.update == exact.update > 0
    assert_near(found.state.parameters, exact.state.parameters)
    np.testing.assert_allclose(found.losses, exact.losses, rtol=1e-5)  # what comes after it is NaN in both
    assert (found.order.line == exact.order.line).all()
    assert found.order.epoch == exact.order.epoch


@pytest.mark.parametrize("chunk", [2, 50])
def test_what_diverges_keeps_the_parameters_that_did(chunk: int):
    network = Network.of(2, 4, 1, hidden="relu")
    task, parameters = task_of(network, Options(Optimizer("sgd", 30.0), batch_size=5)), parameters_of(network)
    found = run(block_loop(task, chunk=chunk), task, parameters, 60)
    assert found.why == DIVERGED
    assert 0 < found.update < 60
    assert not np.isfinite(found.losses[found.update])
    assert np.isfinite(found.losses[: found.update]).all()
    assert np.isnan(found.losses[found.update + 1 :]).all()
    again = run(block_loop(task, chunk=chunk), task, parameters, found.update)
    assert again.why == DONE
    assert np.array_equal(again.state.parameters, found.state.parameters, equal_nan=True)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_what_is_not_finite_at_first_ends_a_run_before_it_begins(value: float):
    network = Network.of(2, 4, 3, output="softmax")
    for loss in losses_for("softmax"):
        task, parameters = task_of(network, Options(CALM, loss)), parameters_of(network)
        parameters[-1] = value
        exact = run(reference.Loop(task), task, parameters, 2)
        found = run(block_loop(task), task, parameters, 2)
        assert (found.why, found.update) == (exact.why, exact.update)


@pytest.mark.parametrize("optimizer", ["momentum", "adam", "lion"])
def test_what_is_cut_stays_cut_whatever_the_optimizer_remembers(optimizer: str):
    network = Network.of(2, 3, 1, hidden="tanh")
    mask = mask_of(network, parameters=[0, 9])
    plain = task_of(network, Options(Optimizer(optimizer, 0.01)))
    task = Task(network, plain.options, plain.inputs, plain.targets, mask)
    found = []
    for loop in (block_loop(task), reference.Loop(task)):
        state = State(np.linspace(-1, 1, 13), task.options.optimizer.memory(13) + 0.5, fresh_scalars())
        control = Control(13, 0.01, None)
        loop.run(Order(task.rows, task.batch, 0), state, control, np.zeros(6), 1, 6)
        found.append(state)
    np.testing.assert_allclose(found[0].parameters, found[1].parameters, rtol=1e-5)
    assert found[0].parameters[[0, 9]].tolist() == np.linspace(-1, 1, 13)[[0, 9]].tolist()


def test_a_tiny_eps_is_no_zero_in_32_bits():
    network = Network.of(2, 3, 1)
    for name in ("adam", "rmsprop", "adagrad"):
        task = task_of(network, Options(Optimizer(name, 0.01, eps=1e-50)), 4, np.zeros((4, 1)))
        found = run(block_loop(task), task, np.linspace(-1, 1, 13), 8)
        assert found.why == DONE
        assert np.isfinite(found.state.parameters).all()


def test_a_training_moves_to_the_gpu_and_back():
    network = Network.of(2, 5, 1, hidden="tanh")
    task, parameters = (
        task_of(network, Options(Optimizer("adam", 0.01, eps=1e-3), batch_size=4)),
        parameters_of(network),
    )
    exact = run(reference.Loop(task), task, parameters, 12)
    loops = (reference.Loop(task), block_loop(task), reference.Loop(task))
    found = run(loops[0], task, parameters, 12, calls=(3, 5, 4), loops=loops)
    assert_near(found.state.parameters, exact.state.parameters)
    assert_near(found.losses, exact.losses)
    np.testing.assert_allclose(found.state.scalars, exact.state.scalars)
    assert (found.order.line == exact.order.line).all()


def test_which_networks_train_in_one_block():
    from visualnn.nn.kernels.gpu.fit import family_of

    def family(sizes: tuple[int, ...], batch: int, shared_kb: int = 227) -> str:
        return family_of(task_of(Network.of(*sizes), Options(batch_size=batch), 2000), shared_kb * 1024)

    assert family((2, 8, 8, 1), 32) == family((2, 64, 64, 2), 64) == "block"
    assert family((2, 8, 8, 1), 32, 48) == "block"
    assert family((2, 64, 64, 2), 64, 48) == "grid"
    assert family((784, 128, 64, 10), 64) == family((2, 1000, 1000, 2), 8) == family((2, 8, 8, 1), 2000) == "grid"


def test_the_simulator_would_notice_a_read_of_nothing():
    network = Network.of(2, 3, 1)
    task = task_of(network, Options(CALM))
    with installed():
        loop = block_loop(task)
        assert np.isnan(loop.fleet.store.copy_to_host()).all()
