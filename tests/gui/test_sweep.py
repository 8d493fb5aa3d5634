"""A sweep that is played: pace, end, restart, other networks, and what is taken from it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.gui.clock import FrameClock
from visualnn.gui.sweep import BASE_PACE, SweepPlayer
from visualnn.nn.device import Device, DeviceError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels import accelerator, reference
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.training import Training
from visualnn.project import Project

PATIENCE_MS = 20_000
FRAME_S = 0.016
FAST = float("inf")


@pytest.fixture
def project() -> Project:
    project = load("circles")
    return replace(project, options=replace(project.options, goal=None, seed=4))


@pytest.fixture
def clock(qapp: Any, stopped_clock: None) -> FrameClock:
    return FrameClock()


@pytest.fixture
def player(clock: FrameClock) -> Iterator[SweepPlayer]:
    player = SweepPlayer(clock)
    player.rate_count, player.seed_count = 3, 2
    yield player
    player.close()


@pytest.fixture
def until(clock: FrameClock, qtbot: Any) -> Callable[[Callable[[], bool]], None]:
    """Lets frames pass until something is so."""

    def wait(condition: Callable[[], bool]) -> None:
        def check() -> bool:
            clock.advance(FRAME_S)
            return condition()

        qtbot.waitUntil(check, timeout=PATIENCE_MS)

    return wait


@pytest.fixture
def begun(player: SweepPlayer, project: Project, until) -> SweepPlayer:
    """A sweep of which the start is seen."""
    player.open(project)
    until(lambda: player.standing is not None)
    return player


def test_all_rates_stand_around_the_projects_own_and_the_seeds_begin_with_it(begun, project):
    assert begun.field.seeds == (4, 5)
    assert begun.field.rates == (0.01, 0.03, 0.1)
    assert begun.center == project.options.optimizer.rate


def test_played_it_goes_as_fast_as_its_pace_and_rests_at_its_end(begun, until):
    begun.set_distance(40)
    begun.play()
    until(lambda: not begun.running)
    assert begun.update == 40
    assert begun.is_over


def test_its_pace_is_that_of_the_clock(begun, clock, until):
    begun.set_speed(10.0)
    begun.play()
    for _ in range(25):
        clock.advance(FRAME_S)
        begun._sweep.wait_idle()
    begun.pause()
    begun.finish()
    due = 25 * FRAME_S * BASE_PACE * 10
    assert due - 15 <= begun.update <= due


def test_at_full_speed_it_goes_to_the_end(begun, until):
    begun.set_speed(FAST)
    begun.set_distance(300)
    begun.play()
    until(lambda: not begun.running)
    assert begun.update == 300


def test_paused_it_rests_where_it_is(begun, until):
    begun.set_speed(FAST)
    begun.set_distance(10**9)
    begun.play()
    until(lambda: begun.update > 0)
    begun.pause()
    begun.finish()
    here = begun.update
    assert not begun.running
    assert 0 < here < 10**9
    begun.step(10)
    begun.finish()
    assert begun.update == here + 10


def test_played_at_the_end_it_begins_anew(begun, until):
    begun.go(30)
    begun.finish()
    begun.set_distance(30)
    assert begun.is_over
    begun.play()
    until(lambda: begun.update < 30)
    until(lambda: not begun.running)
    assert begun.update == 30


def test_back_at_the_start_all_stand_still(begun):
    begun.go(30)
    begun.finish()
    begun.restart()
    begun.finish()
    assert begun.update == 0
    assert not begun.running


def test_what_is_taken_is_the_training_itself(begun, project):
    begun.go(50)
    begun.finish()
    weights, options = begun.taken(4)
    assert (options.optimizer.rate, options.seed) == (0.03, 5)
    single = Training(project.network, project.data, options)
    single.run(50)
    assert np.array_equal(weights, single.parameters)
    updates, losses = begun.curve(4)
    assert np.array_equal(updates, np.arange(51))
    assert np.array_equal(losses[:-1], single.curve.view(50).losses)
    assert losses[-1] == single.loss
    start, _options = begun.begun(4)
    assert np.array_equal(start, single.start)


def with_rate(project: Project, rate: float, seed: int = 4) -> Project:
    optimizer = replace(project.options.optimizer, rate=rate)
    return project.with_options(replace(project.options, optimizer=optimizer, seed=seed))


def test_a_rate_among_those_of_a_sweep_that_has_begun_is_no_other_sweep(begun, project):
    begun.go(10)
    begun.finish()
    before = begun._sweep
    begun.open(with_rate(project, begun.field.rates[-1], seed=99))
    assert begun._sweep is before
    begun.open(project.with_options(replace(project.options, batch_size=10)))
    assert begun._sweep is not before


def test_around_a_rate_that_it_does_not_have_there_is_another_sweep(begun, project):
    begun.go(10)
    begun.finish()
    begun.open(with_rate(project, 1e-4))
    assert begun.field.rates == (3e-5, 1e-4, 3e-4)
    assert begun.field.seeds == (4, 5)


def test_before_it_begins_it_follows_the_rate_and_the_seed(begun, project):
    begun.open(with_rate(project, begun.field.rates[-1], seed=99))
    assert begun.field.rates[1] == begun.center
    assert begun.field.seeds == (99, 100)


def test_other_counts_are_those_around_the_newest_rate(begun, project):
    begun.go(10)
    begun.finish()
    newest = begun.field.rates[-1]
    begun.open(with_rate(project, newest, seed=99))
    begun.set_counts(5, 1)
    assert begun.field.rates[2] == newest
    assert begun.field.seeds == (99,)


def test_other_counts_are_another_sweep(begun, until):
    begun.go(10)
    begun.finish()
    begun.set_counts(5, 1)
    until(lambda: begun.standing is not None)
    assert len(begun.field) == 5
    assert begun.update == 0


def test_a_network_that_is_too_large_is_refused_in_words(player):
    player.open(load("million"))
    assert "GB" in player.trouble or "MB" in player.trouble
    assert player.standing is None
    player.play()
    assert not player.running


def test_closed_it_leaves_no_thread_and_no_clock(begun, clock):
    begun.play()
    begun.close()
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("sweep")]
    assert not clock._held


def test_at_rest_it_does_not_hold_the_clock(begun, clock, until):
    begun.go(5)
    until(lambda: not clock._held)
    assert begun.update == 5


def test_what_goes_wrong_in_the_thread_is_told_and_nothing_goes_on(begun, until, monkeypatch):
    told: list[str] = []
    begun.failed.connect(told.append)

    def broken(*_arguments: object) -> None:
        raise VisualNNError("There is no room for this.")

    monkeypatch.setattr("visualnn.engine.sweep.moment_of", broken)
    begun.play()
    until(lambda: bool(told))
    assert told == ["There is no room for this."]
    assert begun.trouble == told[0]
    assert not begun.running
    assert begun.standing is None
    begun.play()
    assert not begun.running


def test_it_says_where_it_computes_and_tells_of_a_gpu_that_fails(player, project, until, monkeypatch):
    fails: list[bool] = []

    class Card:
        def __init__(self, tasks: Sequence[Task]) -> None:
            self._loops = [reference.Loop(task) for task in tasks]

        def run(self, *each: Sequence[Any]) -> list[int]:
            if fails:
                raise DeviceError("The GPU was taken away.")
            return [loop.run(*rest) for loop, *rest in zip(self._loops, *each, strict=True)]

    for name in ("ready", "in_blocks"):
        monkeypatch.setattr(accelerator, name, lambda _task: True)
    monkeypatch.setattr(accelerator, "GpuFleet", Card)
    told: list[str] = []
    player.noticed.connect(told.append)
    player.open(project, Device("cuda"))
    until(lambda: player.standing is not None)
    player.go(5)
    until(lambda: player.update == 5)
    assert player.where == "on the GPU"
    fails.append(True)
    player.go(10)
    until(lambda: player.update == 10)
    assert told == ["The GPU was taken away. Training goes on on the processor."]
    assert player.where == "on the processor"
