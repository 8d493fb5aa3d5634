"""Loops wait for the GPU where they have to: what is under way may be as late as can be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest

from tests.nn.gpu.examples import SMALL, task_of
from tests.nn.gpu.runs import Fixed
from tests.nn.gpu.simulator import Launches, installed
from tests.nn.gpu.simulator.streams import Event
from visualnn.nn.device import DeviceError
from visualnn.nn.kernels.arguments import SHOT_HEAD, SHOT_UPDATE, Control, State, Task
from visualnn.nn.kernels.gpu.door import cuda
from visualnn.nn.kernels.gpu.fleet import BlockLoop, FleetLoop
from visualnn.nn.kernels.gpu.grid import GridLoop
from visualnn.nn.kernels.gpu.lots import FEW
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars

UPDATES = 5


def every(number: int) -> bool:
    return True


def first(number: int) -> bool:
    return number == 0


def others(number: int) -> bool:
    return number > 0


Loop = Callable[[], list[np.ndarray]]
Run = Callable[[list[Order], list[State], list[Control], list[np.ndarray]], object]


@cuda.jit
def doubled(numbers):
    numbers[cuda.threadIdx.x] *= 2


@pytest.fixture
def late(simulator: Launches) -> Launches:
    simulator.streams.is_late = every
    return simulator


@pytest.mark.usefixtures("late")
def test_what_is_under_way_has_not_come():
    stream, there = cuda.stream(), cuda.to_device(np.arange(4, dtype=np.float32))
    here = cuda.pinned_array(4, np.float32)
    doubled[1, 4, stream](there)
    there.copy_to_host(here, stream=stream)
    assert np.isnan(here).all()
    stream.synchronize()
    assert here.tolist() == [0, 2, 4, 6]


@pytest.mark.usefixtures("late")
def test_what_has_not_been_fetched_can_be_spoilt():
    stream, pinned, plain = cuda.stream(), cuda.pinned_array(2, np.float32), np.zeros(2, np.float32)
    pinned[:] = 0
    ours, safe = (cuda.device_array(2, np.float32) for _ in range(2))
    ours.copy_to_device(pinned[:], stream=stream)
    safe.copy_to_device(plain, stream=stream)
    pinned[0], plain[0] = 7, 7
    assert safe.copy_to_host(stream=stream).tolist() == [0, 0]
    assert ours.copy_to_host().tolist() == [7, 0]


@pytest.mark.usefixtures("late")
def test_a_stream_waits_for_a_point_in_another():
    one, other, point = cuda.stream(), cuda.stream(), cuda.event()
    there, here = cuda.to_device(np.ones(2, np.float32)), cuda.pinned_array(2, np.float32)
    doubled[1, 2, one](there)
    point.record(one)
    doubled[1, 2, one](there)
    point.wait(other)
    there.copy_to_host(here, stream=other)
    other.synchronize()
    assert here.tolist() == [2, 2]
    cuda.synchronize()
    assert there.copy_to_host().tolist() == [4, 4]


def ran(run: Run, tasks: Sequence[Task]) -> list[np.ndarray]:
    """What some updates leave of each network, with a shot that was wanted before."""
    chance, size = np.random.default_rng(1), tasks[0].network.parameter_count
    orders = [Order(task.rows, task.batch, task.options.seed) for task in tasks]
    states = [
        State(chance.normal(0, 0.5, size), task.options.optimizer.memory(size), fresh_scalars()) for task in tasks
    ]
    controls, losses = [Control(size, 0.05, None) for _ in tasks], [np.zeros(UPDATES) for _ in tasks]
    begun = [state.parameters.astype(np.float32) for state in states]
    for control in controls:
        control.ask()
    run(orders, states, controls, losses)
    shots = [control.take() for control in controls]
    for shot, parameters in zip(shots, begun, strict=True):
        assert shot is not None
        assert shot[SHOT_UPDATE] == 0
        np.testing.assert_array_equal(shot[SHOT_HEAD:], parameters)
    return [*(array for state in states for array in state), *losses, *(order.words for order in orders)]


def by_block() -> list[np.ndarray]:
    task = task_of((3, 4, 2), output="softmax", loss="cross_entropy", optimizer="adam", clip_norm=0.1)
    loop = BlockLoop(task, 32)
    loop.fleet.chunk = Fixed(1)
    return ran(lambda *all_of: loop.fleet.run(*all_of, [1], [UPDATES]), [task])


def by_fleet() -> list[np.ndarray]:
    """So many seeds that the GPU draws their orders beside the updates."""
    task = task_of((2, 3, 1), output="tanh", loss="mse", optimizer="sgd")
    tasks = [replace(task, options=replace(task.options, seed=seed)) for seed in range(FEW + 1)]
    loop = FleetLoop(tasks, 32)
    loop.chunk = Fixed(1)
    return ran(lambda *all_of: loop.run(*all_of, [1] * len(tasks), [UPDATES] * len(tasks)), tasks)


def by_grid() -> list[np.ndarray]:
    task = task_of((5, 18, 3), output="linear", loss="mse", optimizer="adam")
    loop = GridLoop(task, machine=SMALL)
    loop.chunk = Fixed(1)
    return ran(lambda *each: loop.run(*(of_one for [of_one] in each), 1, UPDATES), [task])


@pytest.mark.parametrize("loop", [by_block, by_fleet, by_grid])
@pytest.mark.parametrize("which", [every, first, others])
def test_it_does_not_matter_which_streams_are_late(simulator: Launches, loop: Loop, which: Callable[[int], bool]):
    at_once = loop()
    with installed() as another:
        another.streams.is_late = which
        for found, expected in zip(loop(), at_once, strict=True):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize(
    ("wait", "which", "loop"),
    [
        ("synchronize", every, by_block),
        ("synchronize", every, by_grid),
        ("wait", first, by_block),
        ("wait", first, by_grid),
        ("wait", others, by_fleet),
    ],
)
def test_who_does_not_wait_is_noticed(
    simulator: Launches, monkeypatch: pytest.MonkeyPatch, wait: str, which: Callable[[int], bool], loop: Loop
):
    simulator.streams.is_late = which
    monkeypatch.setattr(Event, wait, lambda *_: None)
    with pytest.raises((AssertionError, DeviceError, LookupError)):
        loop()
