"""The Python side of `block`: fleets, snapshots, flags, failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.nn.gpu.runs import Fixed
from visualnn.nn.data import Dataset
from visualnn.nn.device import DeviceError
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import (
    DIVERGED,
    DONE,
    GOAL,
    GOAL_LOSS,
    RATE,
    SEQUENCE,
    SHOT_HEAD,
    SHOT_LOSS,
    SHOT_SEQUENCE,
    SHOT_UPDATE,
    STOP,
    STOPPED,
    UPDATE,
    Control,
    State,
    Task,
)
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars

pytestmark = pytest.mark.usefixtures("simulator")
NETWORK = Network.of(2, 4, 3, 1, hidden="tanh")
RULE = Optimizer("adam", rate=0.02, eps=1e-3)
FULL = "[2] Call to cuMemAlloc results in CUDA_ERROR_OUT_OF_MEMORY"


class Arguments:
    """What a call of a fleet is given, for networks of these rates and seeds."""

    def __init__(self, rates: Sequence[float], seeds: Sequence[int], options: Options | None = None) -> None:
        rng = np.random.default_rng(0)
        data = Dataset("d", rng.normal(0, 1, (13, 2)), rng.normal(0, 1, (13, 1)), ())
        options = options or Options(RULE, batch_size=5, dropout=0.2, precision="float32")
        self.tasks = [
            Task.of(NETWORK, replace(options, seed=seed, optimizer=replace(options.optimizer, rate=rate)), data)
            for rate, seed in zip(rates, seeds, strict=True)
        ]
        size = NETWORK.parameter_count
        self.orders = [Order(13, task.batch, task.options.seed) for task in self.tasks]
        starts = [np.random.default_rng(seed).normal(0, 0.5, size).astype("float32") for seed in seeds]
        self.states = [State(w.astype(float), options.optimizer.memory(size), fresh_scalars()) for w in starts]
        self.controls = [Control(size, rate, None) for rate in rates]
        self.losses = [np.full(60, np.nan) for _ in rates]
        self.strides = [1] * len(rates)

    def fleet(self, chunk: int = 4) -> Any:
        from visualnn.nn.kernels.gpu.fleet import FleetLoop

        fleet = FleetLoop(self.tasks, 8)
        fleet.chunk = Fixed(chunk)
        return fleet

    def run(self, fleet: Any, updates: Sequence[int]) -> list[int]:
        return fleet.run(self.orders, self.states, self.controls, self.losses, self.strides, updates)

    def run_plainly(self, updates: Sequence[int]) -> list[int]:
        """One after the other, by the readable loop."""
        each = zip(self.tasks, self.orders, self.states, self.controls, self.losses, self.strides, updates, strict=True)
        return [reference.Loop(task).run(*arguments) for task, *arguments in each]

    def updates(self) -> list[int]:
        return [int(control.flags[UPDATE]) for control in self.controls]

    def assert_near(self, exact: Arguments) -> None:
        for i, state in enumerate(self.states):
            np.testing.assert_allclose(state.parameters, exact.states[i].parameters, rtol=1e-4, atol=1e-5)
            np.testing.assert_allclose(state.memory, exact.states[i].memory, rtol=1e-3, atol=1e-5)
            np.testing.assert_allclose(state.scalars, exact.states[i].scalars)
            np.testing.assert_allclose(self.losses[i], exact.losses[i], rtol=1e-4)
            assert (self.orders[i].line == exact.orders[i].line).all()
            assert self.orders[i].epoch == exact.orders[i].epoch
            assert (self.orders[i].words[:5] == exact.orders[i].words[:5]).all()
        assert self.updates() == exact.updates()


@pytest.mark.parametrize("chunk", [3, 40])
@pytest.mark.parametrize("seeds", [(0, 0, 7, 7), (1, 2, 3, 2)])
def test_networks_of_several_rates_and_seeds(chunk: int, seeds: tuple[int, ...]):
    ours, exact = (Arguments([0.01, 0.03, 0.01, 0.03], seeds) for _ in range(2))
    updates = [9, 9, 12, 2]
    assert ours.run(ours.fleet(chunk), updates) == exact.run_plainly(updates) == [DONE] * 4
    ours.assert_near(exact)
    assert len({state.parameters.tobytes() for state in ours.states}) == 4


def test_a_network_in_a_fleet_is_that_network_alone():
    together = Arguments([0.01, 0.03, 0.02], [0, 5, 7])
    together.run(together.fleet(), [9, 9, 9])
    alone = Arguments([0.03], [5])
    alone.run(alone.fleet(2), [9])
    assert np.array_equal(together.states[1].parameters, alone.states[0].parameters)
    assert np.array_equal(together.losses[1], alone.losses[0], equal_nan=True)


def test_many_seeds_are_drawn_by_the_gpu(simulator):
    ours, exact = (Arguments([0.02] * 3, [4, 5, 6], Options(RULE, batch_size=4, precision="float32")) for _ in range(2))
    plain = Arguments([0.02] * 3, [4, 5, 6], Options(RULE, batch_size=4, precision="float32"))
    plain.run_plainly([0, 30, 0])
    for each in (ours, exact):
        each.controls[1].dials[GOAL_LOSS] = np.sort(plain.losses[1])[4] * 1.0001
    assert ours.run(ours.fleet(9), [30] * 3) == exact.run_plainly([30] * 3) == [DONE, GOAL, DONE]
    assert 0 < ours.updates()[1] < 30
    ours.assert_near(exact)
    assert simulator.count == 2 * 4  # a launch draws, a launch trains


def test_each_ends_by_itself():
    options = Options(replace(RULE, name="sgd"), batch_size=5, precision="float32")
    ours, exact, plain = (Arguments([0.02, 0.02, 1e30, 0.02], [0, 1, 2, 3], options) for _ in range(3))
    plain.run_plainly([0, 20, 0, 0])
    for each in (ours, exact):
        each.controls[1].dials[GOAL_LOSS] = np.sort(plain.losses[1])[3] * 1.0001
        each.controls[3].flags[STOP] = 1
    found, expected = ours.run(ours.fleet(3), [20, 20, 20, 20]), exact.run_plainly([20, 20, 20, 20])
    assert found == expected == [DONE, GOAL, DIVERGED, STOPPED]
    assert ours.updates()[1] == exact.updates()[1] > 0
    assert 0 < ours.updates()[2] <= exact.updates()[2]  # 32 bits are full earlier than 64
    assert (ours.updates()[0], ours.updates()[3]) == (20, 0)


@pytest.mark.parametrize("seeds", [(0, 1, 0), (0, 1, 2)])
def test_calls_go_on_where_those_before_ended(seeds: tuple[int, ...]):
    ours, exact = (Arguments([0.01, 0.03, 0.02], seeds) for _ in range(2))
    fleet = ours.fleet(3)
    for updates in ([4, 4, 4], [5, 5, 5], [4, 7, 1], [0, 3, 1]):
        ours.run(fleet, updates)
        exact.run_plainly(updates)
    ours.assert_near(exact)


def test_nothing_to_do_takes_no_launch(simulator):
    ours = Arguments([0.01], [0])
    assert ours.run(ours.fleet(), [0]) == [DONE]
    assert simulator.count == 0


def test_the_rate_and_the_flag_are_read_at_every_launch():
    ours = Arguments([0.02, 0.02], [0, 1])
    fleet, launch = ours.fleet(2), None
    launch = fleet.launch
    seen = []

    def told(*arguments: Any) -> None:
        launch(*arguments)
        seen.append(ours.controls[0].dials[RATE])
        if len(seen) == 2:
            ours.controls[0].dials[RATE] = 0.5
        if len(seen) == 3:
            ours.controls[1].flags[STOP] = 1

    fleet.launch = told
    assert ours.run(fleet, [10, 10]) == [DONE, STOPPED]
    assert ours.updates() == [10, 6]
    exact = Arguments([0.02, 0.02], [0, 1])
    exact.run_plainly([4, 6])
    exact.controls[0].dials[RATE] = 0.5
    exact.run_plainly([6, 0])
    ours.controls[0].dials[RATE] = 0.5
    ours.assert_near(exact)


def test_a_shot_is_of_one_moment():
    ours, plain = (Arguments([0.02, 0.03], [0, 1]) for _ in range(2))
    ours.run(ours.fleet(4), [4, 4])
    before = ours.states[1].parameters.copy()
    ours.controls[1].ask()
    ours.run(ours.fleet(4), [8, 8])
    shot = ours.controls[1].take()
    assert shot is not None
    assert shot[SHOT_UPDATE] == 4
    assert shot[SHOT_SEQUENCE] == ours.controls[1].flags[SEQUENCE] == 1
    assert shot[SHOT_LOSS] == ours.losses[1][4]
    assert np.array_equal(shot[SHOT_HEAD:], before)
    assert ours.controls[0].flags[SEQUENCE] == 0
    plain.run(plain.fleet(4), [12, 12])
    assert np.array_equal(plain.states[1].parameters, ours.states[1].parameters)  # whoever looks changes nothing


def test_room_for_shots_is_made_once(monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels.gpu import fleet

    made, ours = [], Arguments([0.02, 0.03], [0, 1])
    loop, shots = ours.fleet(4), fleet.Shots
    monkeypatch.setattr(fleet, "Shots", lambda size: made.append(size) or shots(size))
    for _ in range(3):
        ours.controls[1].ask()
        ours.run(loop, [4, 4])
        ours.controls[1]._again = 0.0
        assert ours.controls[1].take() is not None
    assert made == [NETWORK.parameter_count]


def test_losses_are_kept_at_the_stride_of_each_curve():
    ours, exact = (Arguments([0.02, 0.03], [0, 1]) for _ in range(2))
    for each in (ours, exact):
        each.strides = [1, 3]
    fleet = ours.fleet(4)
    for updates in ([5, 5], [9, 9]):
        ours.run(fleet, updates)
        exact.run_plainly(updates)
    ours.assert_near(exact)


@pytest.mark.parametrize("failing", ["launch", "wait", "take"])
def test_a_failure_leaves_everything_as_it_was(failing: str, monkeypatch: pytest.MonkeyPatch):
    from visualnn.nn.kernels.gpu import launches, voyage

    ours = Arguments([0.02, 0.03], [0, 1])
    fleet = ours.fleet(3)
    ours.run(fleet, [5, 5])
    before = [(state.parameters.copy(), state.memory.copy(), state.scalars.copy()) for state in ours.states]
    orders, calls = [order.copy() for order in ours.orders], []

    def fails(of: Any, name: str, at: int) -> None:
        works = getattr(of, name)

        def failing(*arguments: Any) -> Any:
            calls.append(name)
            if len(calls) == at:
                raise RuntimeError(FULL)
            return works(*arguments)

        monkeypatch.setattr(of, name, failing)

    if failing == "launch":
        fails(fleet, "launch", 3)
    elif failing == "wait":
        fails(launches.Room, "wait", 2)
    else:
        fails(voyage.Voyage, "_take", 1)
    with pytest.raises(DeviceError, match="memory of the GPU is full"):
        ours.run(fleet, [20, 20])
    assert ours.updates() == [5, 5]
    for state, kept in zip(ours.states, before, strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(state, kept, strict=True))
    for order, kept_order in zip(ours.orders, orders, strict=True):
        assert (order.line == kept_order.line).all()
        assert (order.words == kept_order.words).all()
        assert order.epoch == kept_order.epoch


def test_a_network_that_fits_into_no_block_is_told():
    from visualnn.nn.kernels.gpu.fleet import FleetLoop

    network = Network.of(2, 300, 300, 1)
    data = Dataset("d", np.zeros((4, 2)), np.zeros((4, 1)), ())
    with pytest.raises(DeviceError, match="too large for one block"):
        FleetLoop([Task.of(network, Options(precision="float32"), data)])


def test_launches_learn_how_long_they_take(simulator):
    ours = Arguments([0.02], [0])
    fleet = ours.fleet()
    seen: list[tuple[int, float]] = []
    fleet.chunk.measured = lambda updates, seconds: seen.append((updates, seconds))
    ours.run(fleet, [10])
    assert [updates for updates, _seconds in seen] == [4, 4, 2]
    assert simulator.count == 3
    assert all(seconds > 0.0 for _updates, seconds in seen)
