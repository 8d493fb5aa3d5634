"""The compiled kernel against the readable one."""

from __future__ import annotations

import subprocess
import sys
import threading

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn.nn.data import number_pairs
from visualnn.nn.kernels import choose, reference
from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    ERA,
    GOAL,
    RATE,
    RUNNING,
    SEQUENCE,
    SHOT_ERA,
    SHOT_HEAD,
    SHOT_LOSS,
    SHOT_UPDATE,
    SHOT_WHY,
    STOP,
    STOPPED,
    UPDATE,
    WANTED,
    Control,
    Data,
    Plan,
    State,
)
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update
from visualnn.nn.trace import forward

PRECISION = 1e-12  # relative to the largest slope


@pytest.fixture(scope="session")
def cpu(_compiled_kernel):
    from visualnn.nn.kernels import cpu

    return cpu


def call(train, problem: Problem, optimizer: Optimizer, updates: int, batch: int) -> tuple[int, State, np.ndarray]:
    """Some updates from the problem's parameters; why it ended, the state, the losses."""
    rows = problem.dataset.rows
    rng = np.random.default_rng(0)
    epochs = 1 + updates // -(-rows // batch)
    order = np.array([rng.permutation(rows) for _ in range(epochs)])
    parameters = problem.parameters.copy()
    state = State(parameters, optimizer.memory(parameters.size))
    losses = np.full(updates, np.nan)
    plan = Plan.of(problem.network, problem.loss, optimizer)
    control = Control.of(parameters.size, optimizer.rate, None)
    why = train(plan, Data.of(problem.dataset, order, batch), state, control, losses, 1, updates)
    return why, state, losses


def close(actual: np.ndarray, expected: np.ndarray, precision: float) -> bool:
    scale = max(1e-3, np.abs(expected).max(initial=0.0))
    return bool((np.abs(actual - expected) <= precision * scale).all())


@settings(deadline=None)
@given(problems(), st.integers(1, 5))
def test_gradients_agree(cpu, problem: Problem, width: int):
    network, parameters, dataset, loss = problem
    expected_loss, expected = reference.gradient(network, parameters, dataset.inputs, dataset.targets, loss)
    plan, data = Plan.of(network, loss, Optimizer()), Data.of(dataset, np.zeros((1, 1), dtype=np.int64), dataset.rows)
    g = np.full_like(parameters, np.nan)
    work = cpu.workspace(plan.sizes, width)  # narrower than the rows are many: several blocks
    value = cpu.gradient(plan, data, np.arange(dataset.rows), parameters, g, work)
    assert value == pytest.approx(expected_loss, rel=PRECISION, abs=PRECISION)
    assert close(g, expected, PRECISION)


@settings(deadline=None, max_examples=20)
@given(problems(max_units=40, max_rows=300))
def test_gradients_of_wider_networks_agree(cpu, problem: Problem):
    network, parameters, dataset, loss = problem
    expected_loss, expected = reference.gradient(network, parameters, dataset.inputs, dataset.targets, loss)
    assume(np.isfinite(expected_loss))
    plan, data = Plan.of(network, loss, Optimizer()), Data.of(dataset, np.zeros((1, 1), dtype=np.int64), dataset.rows)
    g = np.full_like(parameters, np.nan)
    value = cpu.gradient(plan, data, np.arange(dataset.rows), parameters, g, cpu.workspace(plan.sizes, cpu.BLOCK))
    assert value == pytest.approx(expected_loss, rel=PRECISION, abs=PRECISION)
    assert close(g, expected, PRECISION)


@settings(deadline=None)
@given(problems(), st.sampled_from(OPTIMIZERS), st.integers(1, 12), st.integers(1, 15))
def test_short_runs_agree(cpu, problem: Problem, optimizer: str, batch: int, updates: int):
    chosen = Optimizer(optimizer, rate=1e-3, eps=1e-3)  # with a tiny eps Adam turns rounding into whole steps
    why, state, losses = call(cpu.train, problem, chosen, updates, batch)
    expected_why, expected, expected_losses = call(reference.train, problem, chosen, updates, batch)
    assert why == expected_why == DONE
    assert close(losses, expected_losses, 1e-10)
    assert close(state.parameters, expected.parameters, 1e-10)
    assert close(state.memory, expected.memory, 1e-10)


@settings(deadline=None)
@given(st.sampled_from(OPTIMIZERS), st.integers(0, 2**32), st.integers(1, 10_000))
def test_updates_agree_to_the_last_bit(cpu, name: str, seed: int, t: int):
    rng = np.random.default_rng(seed)
    optimizer = Optimizer(name, rate=float(rng.uniform(1e-4, 1)), momentum=0.8, beta1=0.85, beta2=0.99, eps=1e-7)
    w, g = rng.normal(0, 1, (2, 9))
    memory = np.abs(rng.normal(0, 1, optimizer.memory(9).shape))
    expected_w, expected_memory = w.copy(), memory.copy()
    apply_update(optimizer, expected_w, g, expected_memory, t)
    constants = np.array([0.8, 0.85, 0.99, 1e-7])
    w, g = np.ascontiguousarray(w), np.ascontiguousarray(g)
    cpu.apply_update(OPTIMIZERS.index(name), constants, optimizer.rate, w, g, memory, t)
    assert np.array_equal(w, expected_w)
    assert np.array_equal(memory, expected_memory)


def test_sums_are_added_in_the_order_of_the_trace(cpu):
    network = Network.of(7, 5, 3, hidden="relu", output="linear")
    rng = np.random.default_rng(1)
    parameters, x = rng.normal(0, 1, network.parameter_count), rng.normal(0, 1, 7)
    passes = forward(network, parameters, x)
    a, z = np.zeros((15, 1)), np.zeros((15, 1))
    a[:7, 0] = x
    a[7:12, 0] = passes[0].a
    cpu.affine(parameters, 0, a, 0, 7, z, 5, 1)
    cpu.affine(parameters, network.offsets[1][0], a, 7, 5, z, 3, 1)
    assert z[7:12, 0].tolist() == passes[0].z.tolist()
    assert z[12:, 0].tolist() == passes[1].z.tolist()


@settings(deadline=None)
@given(problems(), st.sampled_from([np.nan, np.inf, -np.inf]), st.integers(0, 2**32))
def test_what_is_not_finite_ends_a_run_alike(cpu, problem: Problem, value: float, place: int):
    problem.parameters[place % problem.parameters.size] = value
    optimizer = Optimizer("sgd", rate=1e-3)
    why, _state, losses = call(cpu.train, problem, optimizer, 3, problem.dataset.rows)
    expected_why, _expected, expected_losses = call(reference.train, problem, optimizer, 3, problem.dataset.rows)
    assert why == expected_why
    assert np.isfinite(losses).tolist() == np.isfinite(expected_losses).tolist()
    if np.isnan(value):
        assert why == DIVERGED


@pytest.mark.parametrize("place", range(13))
def test_a_parameter_that_is_no_number_is_noticed_at_once(kernel: str, place: int):
    control, state, arguments = small()
    state.parameters[place] = np.nan
    assert choose.train(*arguments, np.zeros(5), 1, 5) == DIVERGED
    assert control.flags[UPDATE] == 0


def small(goal: float | None = None) -> tuple[Control, State, tuple]:
    """The article's network on pairs, ready to be trained."""
    network, optimizer = Network.of(2, 3, 1), Optimizer()
    parameters = np.linspace(-1, 1, 13)
    control = Control.of(13, optimizer.rate, goal)
    state = State(parameters, optimizer.memory(13))
    data = Data.of(number_pairs(), np.arange(81)[None], 81)
    return control, state, (Plan.of(network, "mse", optimizer), data, state, control)


def test_the_rate_is_read_before_every_update(kernel: str):
    control, state, arguments = small()
    control.dials[RATE] = 1e-300
    start = state.parameters.copy()
    assert choose.train(*arguments, np.zeros(5), 1, 5) == DONE
    np.testing.assert_allclose(state.parameters, start, rtol=0, atol=1e-290)


def test_the_goal_stops_before_the_update(kernel: str):
    control, state, arguments = small(goal=np.inf)
    start = state.parameters.copy()
    assert choose.train(*arguments, np.zeros(5), 1, 5) == GOAL
    assert np.array_equal(state.parameters, start)
    assert control.flags[UPDATE] == 0


def test_the_stop_flag(kernel: str):
    control, _state, arguments = small()
    control.flags[STOP] = 1
    assert choose.train(*arguments, np.zeros(5), 1, 5) == STOPPED


def test_only_every_strideth_loss_is_kept(kernel: str):
    _control, _state, arguments = small()
    every = np.full(10, np.nan)
    choose.train(*arguments, every, 1, 10)
    _control, _state, arguments = small()
    third = np.full(4, np.nan)
    choose.train(*arguments, third, 3, 10)
    assert np.array_equal(third, every[::3])


def test_a_shot_is_made_when_it_is_wanted(kernel: str):
    control, state, arguments = small()
    control.flags[ERA] = 7
    choose.train(*arguments, np.zeros(9), 1, 3)
    assert control.newest(0) is None
    control.flags[WANTED] = 1
    parameters, losses = state.parameters.copy(), np.zeros(9)
    choose.train(*arguments, losses, 1, 3)
    number, shot = control.newest(0)
    assert number == control.flags[SEQUENCE] == 1
    assert control.flags[WANTED] == 0
    assert (shot[SHOT_UPDATE], shot[SHOT_LOSS], shot[SHOT_WHY], shot[SHOT_ERA]) == (3, losses[3], RUNNING, 7)
    assert np.array_equal(shot[SHOT_HEAD:], parameters)
    assert control.newest(number) is None


def test_a_long_call_obeys_the_flags_without_returning(cpu):
    control, _state, arguments = small()
    losses, ended = np.zeros(2), []
    thread = threading.Thread(target=lambda: ended.append(cpu.train(*arguments, losses, 2**61, 2**62)))
    thread.start()
    while control.flags[UPDATE] < 10:
        pass
    for wanted in range(1, 50):
        control.flags[WANTED] = 1
        while control.flags[SEQUENCE] < wanted:
            pass
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
    def fail() -> None:
        raise problem

    monkeypatch.setattr(choose, "_compiled", None)
    monkeypatch.setattr(cpu, "warm", fail)
    assert not choose.load()
    assert choose.kernel() is reference.train
    assert "will be slower" in caplog.text
