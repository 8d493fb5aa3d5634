"""Who goes ahead: what is known of a landscape after a while, and what is computed again when a wish changes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.files import examples
from visualnn.gui.clock import FrameClock
from visualnn.gui.scout import Scout
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.landscape.window import Window
from visualnn.scene.landscape import fulfilment, wishes
from visualnn.scene.landscape.examples import find

FRAME_S = 0.016


@pytest.fixture
def clock(qapp):
    return FrameClock()


@pytest.fixture
def scout(clock):
    scout = Scout(clock)
    yield scout
    scout.rest()


@pytest.fixture(scope="module")
def adder():
    return examples.load("adder")


def origin(project):
    options = project.options
    return initial_parameters(project.network, options.initializer, options.seed, options.initializer_scale)


def look(scout, project, prospect):
    scout.look(project, prospect, origin(project))
    scout.finish()


def test_two_weights_are_raced_on_and_the_paths_lie_on_the_surface(scout, adder):
    look(scout, adder, wishes.first(adder))
    assert [track.last for track in scout.tracks] == [200, 200, 200]
    assert scout.relief is not None
    assert scout.terrain.names == ("w_ac", "w_bc")
    path = scout.path(0)
    surface = scout.terrain.surface
    found = surface.heights(path.points[:, 0].copy(), path.points[:, 1].copy())
    np.testing.assert_allclose(path.losses, found, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("kind", ["slice", "path", "random"])
def test_all_weights_are_raced_with_and_the_surface_is_a_slice(scout, adder, kind):
    look(scout, adder, replace(wishes.first(adder), kind=kind))
    assert scout.tracks[0].places.shape == (201, 13)
    assert scout.terrain.kind == ("weights" if kind == "slice" else kind)
    assert (scout.path(0) is None) == (kind == "random")


def test_the_main_directions_are_those_of_the_runner_that_is_looked_at(scout, adder):
    look(scout, adder, replace(wishes.first(adder), kind="path"))
    first = scout.terrain.plane
    scout.select(1)
    scout.finish()
    second = scout.terrain.plane
    assert first is not second
    np.testing.assert_array_equal(second.origin, scout.tracks[1].places[-1])


def test_a_slice_goes_through_the_weights_of_this_moment(scout, adder):
    look(scout, adder, replace(wishes.first(adder), kind="slice"))
    scout.seek(7)
    scout.finish()
    i, j = scout.prospect.pair
    place = scout.tracks[0].places[7]
    np.testing.assert_array_equal(scout.terrain.plane.point(place[i], place[j]), place)
    assert scout.path(1) is None, "only the one that is looked at lies in it"


def test_another_rate_is_another_race_of_that_runner_only(scout, adder):
    prospect = wishes.first(adder)
    look(scout, adder, prospect)
    before, surface = scout.tracks, scout.relief
    faster = replace(prospect.runners[1], optimizer=replace(prospect.runners[1].optimizer, rate=0.2))
    look(scout, adder, prospect.with_runner(1, faster))
    np.testing.assert_array_equal(scout.tracks[0].places, before[0].places)
    assert not np.array_equal(scout.tracks[1].places, before[1].places)
    assert scout.relief is surface


def test_another_start_is_another_race_on_the_same_surface(scout, adder):
    prospect = wishes.first(adder)
    look(scout, adder, prospect)
    surface = scout.relief
    look(scout, adder, replace(prospect, start=(0.5, 0.5)))
    assert all(track.places[0].tolist() == [0.5, 0.5] for track in scout.tracks)
    assert scout.relief is surface


def test_a_longer_race_goes_on_with_the_one_before(scout, adder):
    prospect = wishes.first(adder)
    look(scout, adder, prospect)
    before = scout.tracks
    look(scout, adder, prospect.farther())
    assert [track.last for track in scout.tracks] == [400, 400, 400]
    for short, long in zip(before, scout.tracks, strict=True):
        np.testing.assert_array_equal(short.places, long.places[:201])


def test_a_window_that_is_asked_for_is_looked_at(scout, adder):
    prospect = wishes.first(adder)
    look(scout, adder, prospect)
    found = scout.relief.window
    look(scout, adder, replace(prospect, window=Window(-3, 3, -2, 2)))
    assert scout.relief.window == (-3, 3, -2, 2)
    look(scout, adder, prospect)
    assert scout.relief.window == found


def test_heights_are_drawn_otherwise_without_computing_them_again(scout, adder):
    prospect = wishes.first(adder)
    look(scout, adder, prospect)
    grid = scout.seen.grid
    assert scout.relief.is_log
    look(scout, adder, replace(prospect, is_log=False))
    assert not scout.relief.is_log
    assert scout.seen.grid is grid


def test_a_race_is_played_at_thirty_updates_a_second_and_stops_at_its_end(scout, clock, adder):
    look(scout, adder, wishes.first(adder))
    scout.play()
    for _ in range(100):
        clock.advance(0.01)
    assert scout.t == pytest.approx(30, abs=1)
    assert scout.playing
    for _ in range(1000):
        clock.advance(0.01)
    assert (scout.t, scout.playing) == (200, False)


def test_at_full_speed_a_race_takes_about_a_second(scout, clock, adder):
    look(scout, adder, wishes.first(adder))
    scout.set_speed(float("inf"))
    scout.play()
    for _ in range(50):
        clock.advance(0.01)
    assert 80 <= scout.t <= 120


def test_the_clock_rests_when_all_is_known_and_nobody_plays(scout, clock, adder):
    look(scout, adder, wishes.first(adder))
    clock.advance(FRAME_S)
    assert not scout.busy
    assert not clock.is_running()


def test_what_cannot_be_is_said_and_the_next_wish_is_fulfilled(scout, adder):
    prospect = wishes.first(adder)
    look(scout, adder, replace(prospect, pair=(1, 1)))
    assert scout.trouble == "A surface needs two different weights, not w_ad twice."
    assert scout.relief is None
    look(scout, adder, prospect)
    assert scout.trouble == ""
    assert scout.relief is not None


def test_an_example_is_looked_at_like_any_other(scout, adder):
    example = find("race-twins")
    look(scout, wishes.subject(example, adder), wishes.of_example(example, wishes.subject(example, adder)))
    assert [round(float(track.losses[60]), 4) for track in scout.tracks] == [0.0040, 0.0107, 0.0059]
    assert scout.relief.window == (-1.5, 4.5, -1.5, 4.5)


def test_paths_are_there_although_the_surface_was_computed_before_the_race(scout, adder):
    example = find("race-rosenbrock")
    scout.look(adder, wishes.of_example(example, adder), origin(adder))
    scout._land.wait()
    scout.finish()
    assert [len(scout.path(place).points) for place in range(5)] == [3001] * 5


def test_a_moment_that_is_asked_for_before_it_is_known_is_looked_at_as_soon_as_it_is(scout, adder):
    scout.look(adder, wishes.first(adder), origin(adder))
    scout.seek(150)
    assert scout.t == 0
    scout.finish()
    assert scout.t == 150
    look(scout, adder, scout.prospect.farther())
    scout.step(100)
    assert scout.t == 250


def test_what_was_not_finished_is_made_when_somebody_comes_back(scout, clock, adder):
    prospect = wishes.first(adder)
    scout.look(adder, prospect, origin(adder))
    while scout.relief is None:
        clock.advance(FRAME_S)
    scout.forget()
    look(scout, adder, prospect)
    assert scout.progress is None
    assert not scout.busy


def test_a_surface_that_cannot_be_is_no_trouble_to_the_next_one(scout, adder, monkeypatch):
    def none(*_arguments):
        raise VisualNNError("There is none.")

    with monkeypatch.context() as patch:
        patch.setattr(fulfilment, "terrain", none)
        look(scout, adder, replace(wishes.first(adder), kind="path"))
    assert (scout.trouble, scout.relief) == ("There is none.", None)
    scout.select(1)
    scout.finish()
    assert scout.trouble == ""
    assert scout.relief is not None


def test_weights_that_do_not_matter_to_the_race_may_change(scout, adder):
    prospect = wishes.first(adder)
    look(scout, adder, prospect)
    scout.seek(50)
    i, j = prospect.pair
    parameters = np.array(adder.parameters)
    parameters[[i, j]] = 0.25
    before = scout.tracks
    look(scout, adder.with_parameters(parameters), prospect)
    assert (scout.tracks, scout.t) == (before, 50)
    parameters = np.array(parameters)
    parameters[12] = 2.0
    look(scout, adder.with_parameters(parameters), prospect)
    assert scout.tracks is not before
    assert scout.t == 0


def test_a_moving_surface_says_which_moment_it_belongs_to(scout, adder):
    look(scout, adder, replace(wishes.first(adder), kind="slice"))
    scout.seek(7)
    assert scout.seen_at == 0
    scout.finish()
    assert scout.seen_at == 7


def test_a_surface_that_nobody_waits_for_is_left_out_until_it_is_asked_for_again(scout, clock, adder):
    scout.look(adder, wishes.first(adder), origin(adder))
    while not scout.race_is_ready:
        clock.advance(FRAME_S)
    scout.seen = None
    scout.stop_refining()
    scout.finish()
    assert scout.relief is None
    assert scout.trouble.startswith("This surface was not computed")
    scout.fit()
    scout.finish()
    assert scout.trouble == ""
    assert scout.relief is not None
