"""The compiled loops against the readable one."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn.nn.data import Dataset, number_pairs
from visualnn.nn.kernels import choose, reference
from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    ERA,
    GOAL,
    RATE,
    SEQUENCE,
    SHOT_ERA,
    SHOT_HEAD,
    SHOT_LOSS,
    SHOT_SEQUENCE,
    SHOT_UPDATE,
    STOP,
    STOPPED,
    UPDATE,
    WANTED,
    Control,
    Loop,
    State,
    Task,
)
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import SCHEDULES, Schedule, fresh_scalars

FAMILIES = ("lane", "tile")
Make = Callable[[Task], Loop]


@pytest.fixture(scope="session")
def cpu(compiled_kernel):
    from visualnn.nn.kernels import cpu

    return cpu


@pytest.fixture(params=FAMILIES)
def make(request: pytest.FixtureRequest, cpu) -> Make:
    """Makes one kind of compiled loop."""
    return lambda task: cpu.loop_for(task, request.param, 1)


def fresh(task: Task, parameters: np.ndarray) -> State:
    """The state before the first update."""
    return State(parameters.copy(), task.options.optimizer.memory(parameters.size), fresh_scalars())


def run(loop: Loop, task: Task, parameters: np.ndarray, updates: int) -> tuple[int, State, np.ndarray]:
    """Some updates from these parameters; why it ended, the state, the losses."""
    order = Order(task.rows, task.batch, task.options.seed)
    state, losses = fresh(task, parameters), np.full(updates, np.nan)
    control = Control(parameters.size, task.options.optimizer.rate, None)
    return loop.run(order, state, control, losses, 1, updates), state, losses


def close(actual: np.ndarray, expected: np.ndarray, precision: float) -> bool:
    scale = max(1e-3, np.abs(expected).max(initial=0.0))
    return bool((np.abs(actual - expected) <= precision * scale).all())


def check(make: Make, task: Task, parameters: np.ndarray, updates: int, precision: float = 1e-10) -> None:
    """Both loops do the same."""
    why, state, losses = run(make(task), task, parameters, updates)
    expected_why, expected, expected_losses = run(reference.Loop(task), task, parameters, updates)
    if not np.isfinite(expected_losses).all() or np.abs(expected.parameters).max() > 1e6:
        reject()
    assert why == expected_why == DONE
    assert close(losses, expected_losses, precision)
    assert close(state.parameters, expected.parameters, precision)
    if precision < 1e-6:  # the slopes of a saturated neuron, 1 − a², keep few digits in 32 bits
        assert close(state.memory, expected.memory, precision)
    np.testing.assert_allclose(state.scalars, expected.scalars, rtol=1e-9)


# With a tiny eps Adam turns rounding into whole steps; Lion takes the sign of what rounding leaves and is seen alone.
CALM = {name: Optimizer(name, rate=1e-3, eps=1e-2, weight_decay=0.1) for name in OPTIMIZERS if name != "lion"}


@settings(max_examples=60)
@given(
    problem=problems(),
    optimizer=st.sampled_from(list(CALM)),
    batch=st.integers(1, 12),
    updates=st.integers(1, 12),
)
def test_short_runs_agree(cpu, problem: Problem, optimizer: str, batch: int, updates: int):
    options = Options(optimizer=CALM[optimizer], loss=problem.loss, batch_size=batch)
    task = Task.of(problem.network, options, problem.dataset)
    for family in FAMILIES:
        check(lambda task, f=family: cpu.loop_for(task, f, 1), task, problem.parameters, updates)


@settings(max_examples=40)
@given(problem=problems(max_units=40, max_rows=90), batch=st.integers(1, 90))
def test_runs_of_wider_networks_agree(cpu, problem: Problem, batch: int):
    options = Options(optimizer=Optimizer("sgd", rate=1e-4), loss=problem.loss, batch_size=batch)
    task = Task.of(problem.network, options, problem.dataset)
    for family in FAMILIES:
        check(lambda task, f=family: cpu.loop_for(task, f, 1), task, problem.parameters, 3)


@settings(max_examples=60)
@given(
    problem=problems(),
    l1=st.sampled_from([0.0, 0.01]),
    l2=st.sampled_from([0.0, 0.02]),
    dropout=st.sampled_from([0.0, 0.4]),
    clip_value=st.sampled_from([None, 0.05]),
    clip_norm=st.sampled_from([None, 0.5]),
    schedule=st.sampled_from(SCHEDULES),
    cut=st.sets(st.integers(0, 400), max_size=4),
    silent=st.booleans(),
)
def test_runs_with_everything_agree(
    cpu, problem: Problem, l1, l2, dropout, clip_value, clip_norm, schedule, cut, silent
):
    network = problem.network
    options = Options(
        Optimizer("momentum", rate=1e-3),
        loss=problem.loss,
        batch_size=5,
        seed=3,
        schedule=Schedule(schedule, period=3, warmup=2, patience=1),
        l1=l1,
        l2=l2,
        dropout=dropout,
        clip_value=clip_value,
        clip_norm=clip_norm,
    )
    neurons = [(1, 0)] if silent and len(network.sizes) > 2 else []
    mask = mask_of(network, neurons, {index % network.parameter_count for index in cut})
    task = Task.of(network, options, problem.dataset, mask)
    for family in FAMILIES:
        check(lambda task, f=family: cpu.loop_for(task, f, 1), task, problem.parameters, 9)


@settings(max_examples=25)
@given(problem=problems(max_units=20, max_rows=40), optimizer=st.sampled_from(["sgd", "adam"]))
def test_single_precision_is_as_near_as_it_can_be(cpu, problem: Problem, optimizer: str):
    rule = Optimizer(optimizer, rate=1e-3, eps=1e-2)
    options = Options(optimizer=rule, loss=problem.loss, batch_size=7, precision="float32")
    task = Task.of(problem.network, options, problem.dataset)
    for family in FAMILIES:
        check(lambda task, f=family: cpu.loop_for(task, f, 1), task, problem.parameters, 5, 3e-5)


@settings(max_examples=60)
@given(problem=problems(), updates=st.integers(1, 30), schedule=st.sampled_from(SCHEDULES))
def test_one_row_at_a_time_agrees(cpu, problem: Problem, updates: int, schedule: str):
    chosen = Schedule(schedule, period=3, warmup=2, patience=1)
    options = Options(Optimizer("sgd", rate=1e-3), problem.loss, batch_size=1, schedule=chosen)
    task = Task.of(problem.network, options, problem.dataset)
    check(lambda task: cpu.loop_for(task, "lane", 1), task, problem.parameters, updates)
    is_simple = problem.network.activations[-1] != "softmax" and not problem.network.shortcut
    assert isinstance(cpu.loop_for(task, "lane", 1), cpu.OnlineLoop) == is_simple


def test_lion_follows_the_signs(make: Make):
    network = Network.of(2, 5, 1, hidden="tanh")
    data = Dataset("d", np.random.default_rng(0).normal(0, 1, (40, 2)), np.ones((40, 1)), ())
    parameters = np.random.default_rng(1).normal(0, 1, network.parameter_count)
    task = Task.of(network, Options(Optimizer("lion", rate=1e-3).renamed("lion"), batch_size=8), data)
    check(make, task, parameters, 20)


@settings(max_examples=40)
@given(problems(), st.sampled_from([np.nan, np.inf, -np.inf]), st.integers(0, 2**32))
def test_what_is_not_finite_ends_a_run_alike(cpu, problem: Problem, value: float, place: int):
    problem.parameters[place % problem.parameters.size] = value
    task = Task.of(problem.network, Options(Optimizer("sgd", rate=1e-3), loss=problem.loss), problem.dataset)
    expected_why, _expected, expected_losses = run(reference.Loop(task), task, problem.parameters, 2)
    for family in FAMILIES:
        why, _state, losses = run(cpu.loop_for(task, family, 1), task, problem.parameters, 2)
        assert why == expected_why
        assert np.isfinite(losses).tolist() == np.isfinite(expected_losses).tolist()


@pytest.fixture(scope="session")
def shuffled(cpu):
    """The compiled way to the order of an epoch."""
    from numba import njit

    from visualnn.nn.kernels import shuffle

    @njit
    def go_to(epoch, line, words, wanted):
        shuffle.go_to(epoch, line, words, wanted)

    return go_to


@given(seed=st.integers(0, 2**32), rows=st.integers(2, 200), epochs=st.lists(st.integers(1, 4), min_size=1))
def test_rows_are_shuffled_as_numpy_does(shuffled, seed: int, rows: int, epochs: list[int]):
    ours, numpys, rng = Order(rows, 1, seed), Order(rows, 1, seed), np.random.default_rng(10_000 + seed)
    epoch = -1
    for further in epochs:
        drawn = [rng.permutation(rows) for _ in range(further)]
        epoch += further
        shuffled(ours.epoch, ours.line, ours.words, epoch)
        numpys.go_to(epoch)
        assert ours.line.tolist() == numpys.line.tolist() == drawn[-1].tolist()
        assert ours.words[:5].tolist() == numpys.words[:5].tolist()


@pytest.mark.parametrize("batch", [1, 16, 40, 100])
def test_two_threads_give_the_numbers_of_one(cpu, batch: int, monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels import wide

    monkeypatch.setattr(wide, "PARALLEL_FLOPS", 0.0)
    rng = np.random.default_rng(0)
    network = Network.of(20, 70, 30, 10, output="softmax")
    data = Dataset("d", rng.normal(0, 1, (130, 20)), np.eye(10)[rng.integers(0, 10, 130)], ())
    options = Options(Optimizer("adam", 1e-3), "cross_entropy", batch, dropout=0.2, clip_norm=1.0, l2=1e-3)
    for chosen in (options, replace(options, dropout=0.0, clip_norm=None, l2=0.0)):
        task = Task.of(network, chosen, data)
        parameters = rng.normal(0, 0.3, network.parameter_count)
        states = [run(cpu.loop_for(task, "tile", threads), task, parameters, 300)[1] for threads in (1, 2, 3)]
        first = states[0].parameters
        for state in states[1:]:
            assert np.array_equal(state.parameters, first)


@pytest.mark.parametrize("optimizer", ["momentum", "adam", "lion"])
def test_what_is_cut_stays_cut_whatever_the_optimizer_remembers(make: Make, optimizer: str):
    network = Network.of(2, 3, 1, hidden="tanh")
    mask = mask_of(network, parameters=[0, 9])
    task = Task.of(network, Options(Optimizer(optimizer, 0.01)), number_pairs(), mask)
    found = []
    for loop in (make(task), reference.Loop(task)):
        state = fresh(task, np.linspace(-1, 1, 13))
        state.memory[:] = 0.5
        losses = np.zeros(6)
        loop.run(Order(81, 81, 0), state, Control(13, 0.01, None), losses, 1, 6)
        found.append((losses, state.parameters))
    np.testing.assert_allclose(found[0][0], found[1][0], rtol=1e-9)
    np.testing.assert_allclose(found[0][1], found[1][1], rtol=1e-9)


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "adagrad"])
def test_a_tiny_eps_is_no_zero_in_32_bits(make: Make, optimizer: str):
    data = Dataset("d", np.array([[1.0, 0.0]] * 4), np.zeros((4, 1)), ())
    options = Options(Optimizer(optimizer, 0.01, eps=1e-50), precision="float32")
    task = Task.of(Network.of(2, 3, 1), options, data)
    why, state, _losses = run(make(task), task, np.linspace(-1, 1, 13), 20)
    assert why == DONE
    assert np.isfinite(state.parameters).all()


def test_threads_that_cannot_start_leave_none_behind(cpu, monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels import wide

    monkeypatch.setattr(wide, "PARALLEL_FLOPS", 0.0)
    start, begun = threading.Thread.start, []

    def second_fails(thread: threading.Thread) -> None:
        begun.append(thread)
        if len(begun) == 2:
            raise RuntimeError("can't start new thread")
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", second_fails)
    task, state, control = small()
    with pytest.raises(RuntimeError, match="start new thread"):
        cpu.loop_for(task, "tile", 3).run(Order(81, 81, 0), state, control, np.zeros(9), 1, 9)
    assert not begun[0].is_alive()


def test_a_tile_is_the_plain_product(cpu):
    from visualnn.nn.kernels import microtile
    from visualnn.nn.kernels.room import aligned

    rng = np.random.default_rng(0)
    for name, width in (("adding_tile", 16), ("adding_half_tile", 8)):
        compiled = getattr(microtile, name)
        call = _calling(compiled)
        a, b, out = (aligned(900, "float64") for _ in range(3))
        for array in (a, b, out):
            array[:] = rng.normal(0, 1, array.size)
        expected = out.copy()
        arguments = (a, 3, 2, 31, 100, b, 5, 33, 200, 4, 2)
        microtile.plain_tile(*arguments, expected, 7, 40, -0.5, width)
        call(*arguments, out, 7, 40, -0.5)
        np.testing.assert_allclose(out, expected, rtol=0, atol=1e-13)


def _calling(tile):
    from numba import njit

    @njit
    def call(a, a_at, a_row, a_step, a_panel, b, b_at, b_step, b_panel, count, panels, out, at, row, scale):
        tile(a, a_at, a_row, a_step, a_panel, b, b_at, b_step, b_panel, count, panels, out, at, row, scale)

    return call


def small(goal: float | None = None) -> tuple[Task, State, Control]:
    """The article's network on pairs, ready to be trained."""
    task = Task.of(Network.of(2, 3, 1), Options(), number_pairs())
    state = fresh(task, np.linspace(-1, 1, 13))
    return task, state, Control(13, task.options.optimizer.rate, goal)


@pytest.fixture(params=["reference", *FAMILIES])
def every(request: pytest.FixtureRequest) -> Make:
    """Makes each of the loops."""
    if request.param == "reference":
        return reference.Loop
    cpu = request.getfixturevalue("cpu")
    return lambda task: cpu.loop_for(task, request.param, 1)


@pytest.mark.parametrize("place", range(13))
def test_a_parameter_that_is_no_number_is_noticed_at_once(every: Make, place: int):
    task, state, control = small()
    state.parameters[place] = np.nan
    assert every(task).run(Order(81, 81, 0), state, control, np.zeros(5), 1, 5) == DIVERGED
    assert control.flags[UPDATE] == 0


def test_the_rate_is_read_before_every_update(every: Make):
    task, state, control = small()
    control.dials[RATE] = 1e-300
    start = state.parameters.copy()
    assert every(task).run(Order(81, 81, 0), state, control, np.zeros(5), 1, 5) == DONE
    np.testing.assert_allclose(state.parameters, start, rtol=0, atol=1e-290)


def test_the_goal_stops_before_the_update(every: Make):
    task, state, control = small(goal=np.inf)
    start = state.parameters.copy()
    assert every(task).run(Order(81, 81, 0), state, control, np.zeros(5), 1, 5) == GOAL
    assert np.array_equal(state.parameters, start)
    assert control.flags[UPDATE] == 0


def test_the_stop_flag(every: Make):
    task, state, control = small()
    control.flags[STOP] = 1
    assert every(task).run(Order(81, 81, 0), state, control, np.zeros(5), 1, 5) == STOPPED


def test_only_every_strideth_loss_is_kept(every: Make):
    found = []
    for stride in (1, 3):
        task, state, control = small()
        losses = np.full(-(-10 // stride), np.nan)
        loop = every(task)
        loop.run(Order(81, 81, 0), state, control, losses, stride, 4)
        loop.run(Order(81, 81, 0), state, control, losses, stride, 6)
        found.append(losses)
    assert np.array_equal(found[1], found[0][::3])


def test_a_shot_is_made_when_it_is_wanted(every: Make):
    task, state, control = small()
    control.flags[ERA] = 7
    loop = every(task)
    loop.run(Order(81, 81, 0), state, control, np.zeros(9), 1, 3)
    assert control.take() is None
    control.ask()
    assert control.take() is None
    parameters, losses = state.parameters.copy(), np.zeros(9)
    loop.run(Order(81, 81, 0), state, control, losses, 1, 3)
    assert control.flags[WANTED] == 0
    shot = control.take()
    found = (shot[SHOT_UPDATE], shot[SHOT_LOSS], shot[SHOT_SEQUENCE], shot[SHOT_ERA])
    assert found == (3, losses[3], control.flags[SEQUENCE], 7)
    assert np.array_equal(shot[SHOT_HEAD:], parameters)
    assert control.take() is None


def test_a_long_call_obeys_the_flags_without_returning(make: Make):
    task, state, control = small()
    losses, ended = np.zeros(2), []
    loop = make(task)
    arguments = (Order(81, 81, 0), state, control, losses, 2**61, 2**62)
    thread = threading.Thread(target=lambda: ended.append(loop.run(*arguments)))
    thread.start()
    while control.flags[UPDATE] < 10:
        pass
    for _ in range(50):
        control.ask()
        while (shot := control.take()) is None:
            pass
        assert np.isfinite(shot).all()
    control.flags[STOP] = 1
    thread.join()
    assert ended == [STOPPED]


def test_numba_is_not_imported_before_it_is_asked_for():
    code = (
        "import sys, visualnn.engine.runner, visualnn.nn.training, visualnn.nn.trace\n"
        "assert 'numba' not in sys.modules and 'PySide6' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize("problem", [ImportError("no numba"), RuntimeError("cannot cache"), OSError("read-only")])
def test_without_numba_training_stays_on_the_readable_loop(
    cpu, problem: Exception, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    def fail(*_kind: str) -> None:
        raise problem

    monkeypatch.setattr(choose, "_ready", set())
    monkeypatch.setattr(cpu, "warm", fail)
    assert not choose.load()
    task, _state, _control = small()
    assert isinstance(choose.best(reference.Loop(task), task), reference.Loop)
    assert "will be slower" in caplog.text
