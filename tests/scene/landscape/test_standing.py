"""Where runners are at a moment, who won, and the scoreboard."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.races import race, race_of, track
from visualnn.nn.training import Stop
from visualnn.scene.landscape.standing import (
    is_over,
    is_same,
    label,
    lane_at,
    lowest_of,
    scoreboard,
    stamp,
    standings,
    winners,
)

NAN = float("nan")


def test_a_runner_is_where_it_was_after_the_last_known_update():
    slow = track([4.0, 3.0, 2.0, 1.0], updates=[0, 10, 20, 25])
    assert [lane_at(slow, t, None)[0] for t in (0, 9, 10, 24, 25, 99)] == [0, 0, 1, 2, 3, 3]
    assert lane_at(slow, 99, None) == (3, None)


def test_below_the_goal_it_rests_even_if_it_would_have_gone_on():
    runner = track([4.0, 2.0, 0.5, 3.0])
    assert lane_at(runner, 1, 1.0) == (1, None)
    assert lane_at(runner, 2, 1.0) == (2, Stop.GOAL)
    assert lane_at(runner, 3, 1.0) == (2, Stop.GOAL)
    assert lane_at(runner, 3, None) == (3, None)


def test_what_is_no_number_stays_where_it_became_none():
    assert lane_at(track([4.0, 8.0, np.inf]), 2, 1.0) == (2, Stop.DIVERGED)
    assert lane_at(track([4.0, 8.0, NAN]), 1, 1.0) == (1, None)
    assert lane_at(track([4.0, NAN, NAN, NAN]), 3, 1.0) == (1, Stop.DIVERGED)
    assert lane_at(track([4.0, 8.0], stop=Stop.DIVERGED), 1, None) == (1, Stop.DIVERGED)
    assert lane_at(track([4.0, 8.0], stop=Stop.DIVERGED), 0, None) == (0, None)


def test_rows_get_name_mark_place_and_the_losses_before():
    one, other = track([3.0, 2.0, 1.0]), track([3.0, 2.5, 2.0], rule="adam")
    lanes = standings(race(one, other, goal=1.5), 2)
    assert [(lane.name, lane.mark.letter, lane.update, lane.loss) for lane in lanes] == [
        ("SGD", "S", 2, 1.0),
        ("Adam", "A", 2, 2.0),
    ]
    assert [lane.finished for lane in lanes] == [True, False]
    np.testing.assert_array_equal(lanes[1].parameters, other.places[2])
    assert lanes[1].curve.losses.tolist() == [3.0, 2.5]
    assert lanes[1].options is other.options


def test_the_curve_of_a_thinned_track_keeps_its_updates():
    thinned = track([5.0, 4.0, 3.0, 2.0], updates=[0, 4, 8, 9])
    [lane] = standings(race(thinned), 9)
    assert (lane.curve.losses.tolist(), lane.curve.stride) == ([5.0, 4.0, 3.0], 4)
    uneven = track([5.0, 4.5, 4.0, 3.0, 2.0], updates=[0, 2, 4, 8, 9])  # dense at first
    [lane] = standings(race(uneven), 9)
    assert lane.curve.updates.tolist() == [0, 4, 8]
    assert lane.curve.losses.tolist() == [5.0, 4.0, 3.0]
    [lane] = standings(race(uneven), 3)
    assert lane.curve.losses.tolist() == [5.0]


def test_a_curve_whose_moments_fit_no_grid_is_left_out():
    [lane] = standings(race(track([5.0, 4.0, 3.0, 2.0], updates=[0, 3, 5, 9])), 9)
    assert lane.curve.losses.size == 0


def test_at_the_start_there_is_nothing_before():
    [lane] = standings(race(track([5.0])), 0)
    assert lane.curve.losses.size == 0
    assert lane.update == 0


def test_a_race_is_over_at_its_distance_or_when_nobody_can_go_on():
    going, there, out = track([3.0, 2.0, 1.5]), track([3.0, 0.5, 0.1]), track([3.0, NAN])
    assert not is_over(race(going, there, goal=1.0, updates=2), 1)
    assert is_over(race(going, there, goal=1.0, updates=2), 2)
    assert is_over(race(there, out, goal=1.0, updates=100), 1)
    assert not is_over(race(there, out, goal=1.0, updates=100), 0)


def test_the_scoreboard_has_arrivals_first_then_losses_then_who_is_out():
    late, early = track([3.0, 2.0, 0.9]), track([3.0, 0.8, 2.0], rule="adam")
    far, lost = track([3.0, 2.0, 2.9], rule="momentum"), track([3.0, 1.5, NAN], rule="rmsprop")
    near = track([3.0, 2.0, 1.1], rule="adagrad")
    rows = scoreboard(race(lost, far, late, near, early, goal=1.0), 2)
    assert [row.name for row in rows] == ["Adam", "SGD", "AdaGrad", "Momentum", "RMSprop"]
    assert [row.rank for row in rows] == [1, 2, 3, 4, 5]
    assert [row.arrival for row in rows] == [1, 2, None, None, None]
    assert [row.lowest for row in rows] == [0.8, 0.9, 1.1, 2.0, 1.5]
    assert rows[0].loss == 0.8
    assert rows[0].rate == 0.1
    assert np.isnan(rows[-1].loss)


def test_ties_are_ties():
    a, b, c = track([3.0, 0.9]), track([3.0, 0.8], rule="adam"), track([3.0, 2.0], rule="momentum")
    d = track([3.0, 2.0 + 1e-9], rule="rmsprop")
    rows = scoreboard(race(a, b, c, d, goal=1.0), 1)
    assert [row.rank for row in rows] == [1, 1, 3, 3]
    lost = scoreboard(race(track([1.0, NAN]), track([1.0, np.inf], rule="adam"), c), 1)
    assert [(row.name, row.rank) for row in lost] == [("Momentum", 1), ("SGD", 2), ("Adam", 2)]


def test_an_arrival_is_not_known_before_it():
    row = scoreboard(race(track([3.0, 2.0, 0.5]), goal=1.0), 1)[0]
    assert (row.arrival, row.lowest, row.loss) == (None, 2.0, 2.0)


def test_the_lowest_loss_is_not_there_where_none_was_a_number():
    lost = race(track([np.inf, NAN]))
    assert np.isnan(lowest_of(lost, 0, 0))
    assert lowest_of(race(track([3.0, 1.0, 2.0])), 0, 2) == 1.0
    assert lowest_of(race(track([3.0, 1.0, NAN])), 0, 2) == 1.0


def test_with_a_goal_who_is_first_below_it_wins():
    contest = race(track([3.0, 2.0, 0.9]), track([3.0, 0.8, 2.0], rule="adam"), goal=1.0)
    assert winners(contest, 0) is None
    assert winners(contest, 1) == (1,)
    assert winners(contest, 2) == (1,)
    nobody = race(track([3.0, 2.0]), track([3.0, 2.5], rule="adam"), goal=1.0)
    assert winners(nobody, 0) is None
    assert winners(nobody, 1) == ()


def test_without_a_goal_the_lowest_at_the_distance_wins():
    contest = race(track([3.0, 2.0, 1.0]), track([3.0, 0.8, 2.0], rule="adam"))
    assert winners(contest, 1) is None
    assert winners(contest, 2) == (0,)
    assert winners(race(track([3.0, 1.0]), track([3.0, 1.0], rule="adam")), 1) == (0, 1)
    assert winners(race(track([3.0, NAN])), 1) == ()


def test_the_race_of_the_twins_stands_as_the_picture_shows_it():
    lanes = standings(race_of("race-twins"), 60)
    assert [f"{lane.loss:.4f}" for lane in lanes] == ["0.0040", "0.0107", "0.0059"]
    assert [lane.mark.letter for lane in lanes] == ["S", "M", "A"]


@pytest.mark.parametrize(("a", "b", "same"), [(1.0, 1.0 + 1e-7, True), (1.0, 1.001, False), (0.0, 0.0, True)])
def test_losses_that_look_the_same_are_told_as_the_same(a: float, b: float, same: bool):
    assert is_same(a, b) is same
    assert is_same(b, a) is same


def test_labels():
    assert label(60, 200) == "Update 60 of 200"
    assert label(1500, 12000) == "Update 1,500 of 12,000"
    assert stamp(1200) == "surface at update 1,200"
