"""A race: the same start, the same rows, the same number of updates for everybody."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.gui.clock import FrameClock
from visualnn.gui.race import Race
from visualnn.gui.race_page import RacePage
from visualnn.gui.views.race import RaceView
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training
from visualnn.project import Project
from visualnn.scene.racing import first_racers, five_optimizers, five_rates

PATIENCE_MS = 20_000
FRAME_S = 0.016


@pytest.fixture
def project() -> Project:
    project = load("circles")
    return replace(project, options=replace(project.options, batch_size=20, goal=None, seed=4))


@pytest.fixture
def clock(qapp: Any, stopped_clock: None) -> FrameClock:
    return FrameClock()


@pytest.fixture
def race(clock: FrameClock) -> Iterator[Race]:
    race = Race(clock)
    yield race
    race.close()


@pytest.fixture
def until(clock: FrameClock, qtbot: Any) -> Callable[[Callable[[], bool]], None]:
    """Lets frames pass until something is so."""

    def wait(condition: Callable[[], bool]) -> None:
        def check() -> bool:
            clock.advance(FRAME_S)
            return condition()

        qtbot.waitUntil(check, timeout=PATIENCE_MS)

    return wait


def alone(project: Project, options: Options, updates: int, start: np.ndarray | None = None) -> Training:
    """The same training by itself."""
    training = Training(project.network, project.data, options, start)
    training.run(updates)
    return training


def updates(race: Race) -> list[int]:
    return [lane.update for lane in race.lanes]


def test_all_begin_at_the_same_weights(race: Race, project: Project):
    race.open(project, five_optimizers(project.options))
    start = race.lanes[0].parameters
    assert np.any(start != 0)
    for lane in race.lanes:
        assert np.array_equal(lane.parameters, start)
        assert lane.update == 0
    assert len({lane.loss for lane in race.lanes}) == 1


def test_every_runner_trains_as_it_would_alone(race: Race, project: Project, until):
    racers = five_optimizers(project.options)
    race.open(project, racers)
    race.step(40)
    until(lambda: updates(race) == [40] * 5)
    for lane, options in zip(race.lanes, racers, strict=True):
        expected = alone(project, options, 40)
        np.testing.assert_allclose(lane.parameters, expected.parameters, rtol=1e-9, atol=1e-12)
        assert lane.loss == pytest.approx(expected.loss, rel=1e-9)


def test_other_seeds_and_goals_of_a_runner_do_not_count(race: Race, project: Project):
    odd = replace(project.options, seed=9, goal=5.0, epochs=1)
    race.open(project, [project.options, odd])
    assert {options.seed for options in race.options} == {4}
    assert {options.goal for options in race.options} == {None}
    assert {options.epochs for options in race.options} == {None}


def test_nobody_is_ever_seen_ahead(race: Race, project: Project, until):
    race.open(project, first_racers(project.options))
    seen: list[list[int]] = []
    race.lanes_changed.connect(lambda: seen.append(updates(race)))
    race.set_speed(float("inf"))
    race.play()
    until(lambda: race.update > 60)
    race.rest_now()
    assert len(seen) > 3
    assert all(len(set(each)) == 1 for each in seen)


def test_the_pace_is_that_of_the_clock(race: Race, project: Project, until):
    race.open(project, first_racers(project.options))
    race.set_speed(10.0)
    race.play()
    until(lambda: race.update >= 30)
    race.pause()
    until(lambda: not race._busy)
    frames = race._clock.now / FRAME_S
    assert race.update <= 10 * 30 * frames * FRAME_S + 1
    assert not race.running


def test_the_goal_ends_the_race_for_who_has_reached_it(race: Race, project: Project, until):
    project = replace(project, options=replace(project.options, batch_size=None))
    racers = five_rates(replace(project.options, optimizer=Optimizer("adam", 0.05)))
    race.open(project, racers)
    race.set_goal(0.3)
    race.step(400)
    until(lambda: not race._busy)
    for lane, options in zip(race.lanes, racers, strict=True):
        judge = Training(project.network, project.data, replace(options, goal=0.3))
        stop = judge.run(400)
        assert lane.update == judge.updates
        assert lane.finished == (stop is Stop.GOAL)
    assert sum(lane.finished for lane in race.lanes) >= 2


def test_a_race_in_which_all_have_arrived_is_over(race: Race, project: Project, until):
    race.open(project, first_racers(project.options))
    race.set_goal(10.0)
    race.play()
    until(lambda: not race.running)
    assert all(lane.finished and lane.update == 0 for lane in race.lanes)
    race.play()  # who goes on wants to see what comes then
    assert race.goal is None
    until(lambda: race.update > 3)
    race.rest_now()


def test_who_diverges_is_out_and_the_others_go_on(race: Race, until):
    project = load("adder").with_activation(1, "leaky_relu")
    calm, wild = (replace(project.options, optimizer=Optimizer("sgd", rate), goal=None) for rate in (0.001, 10.0))
    race.open(project, [wild, calm])
    race.step(300)
    until(lambda: not race._busy)
    assert race.lanes[0].out
    assert race.lanes[0].update < 300
    assert race.lanes[1].update == 300
    assert np.isfinite(race.lanes[1].loss)


def test_a_new_runner_catches_up(race: Race, project: Project, until):
    racers = first_racers(project.options)
    race.open(project, racers[:2])
    race.step(25)
    until(lambda: updates(race) == [25, 25])
    kept = race.lanes[0]
    race.set_racers([racers[0], racers[2]])
    assert race.lanes[0].parameters is kept.parameters
    until(lambda: updates(race) == [25, 25])
    expected = alone(project, racers[2], 25)
    np.testing.assert_allclose(race.lanes[1].parameters, expected.parameters, rtol=1e-9, atol=1e-12)


def test_same_start_goes_back_for_all(race: Race, project: Project, until):
    race.open(project, first_racers(project.options))
    start = race.lanes[0].parameters
    race.step(10)
    until(lambda: updates(race) == [10] * 3)
    race.same_start()
    until(lambda: updates(race) == [0] * 3)
    assert all(np.array_equal(lane.parameters, start) for lane in race.lanes)
    race.step(10)
    until(lambda: updates(race) == [10] * 3)


def test_a_race_can_begin_at_weights_of_its_own(race: Race, project: Project, until):
    start = np.full(project.network.parameter_count, 0.3)
    race.open(project, first_racers(project.options), start)
    race.step(5)
    until(lambda: updates(race) == [5] * 3)
    expected = alone(project, project.options, 5, start)
    np.testing.assert_allclose(race.lanes[0].parameters, expected.parameters, rtol=1e-9, atol=1e-12)


def test_a_closed_race_has_no_thread_and_no_clock(race: Race, clock: FrameClock, project: Project):
    race.open(project, five_optimizers(project.options))
    runners = [racer.runner for racer in race._racers]
    race.play()
    race.close()
    assert {str(runner.state) for runner in runners} == {"closed"}
    assert race.lanes == ()
    assert not clock._held


@pytest.fixture
def page(clock: FrameClock, qtbot: Any, project: Project) -> Iterator[RacePage]:
    view = RaceView()
    qtbot.addWidget(view)
    view.resize(360, 700)
    view.show()
    page = RacePage(view, clock)
    page.open(project)
    yield page
    page.close()


def test_the_page_asks_and_the_race_obeys(page: RacePage, until):
    page.view.choose_preset("rates")
    assert len(page.race.lanes) == len(page.view.rows) == 5
    page.view.controls.step.click()
    until(lambda: updates(page.race) == [1] * 5)
    assert page.view.head.note() == "update 1"
    page.view.controls.play.click()
    assert page.race.running
    assert page.view.controls.play.is_playing()
    page.view.hide()
    assert not page.race.running


def test_weights_that_are_kept_come_with_their_options(page: RacePage, qtbot: Any, until):
    page.race.step(7)
    until(lambda: updates(page.race) == [7] * 3)
    with qtbot.waitSignal(page.adopt_requested) as kept:
        page.view.rows[1].keep_requested.emit()
    assert kept.args[0] is page.race.lanes[1].parameters
    assert kept.args[1] == page.race.options[1]


def test_opening_the_same_project_again_leaves_the_race_as_it_is(page: RacePage, project: Project, until):
    page.race.step(7)
    until(lambda: updates(page.race) == [7] * 3)
    page.open(project)
    assert page.race.update == 7
    page.open(replace(project, options=replace(project.options, seed=5)))
    assert page.race.update == 0
