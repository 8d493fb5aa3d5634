"""Every claim about a runner is one that its track shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.scene.landscape.races import race, race_of, track
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.track import Track
from visualnn.scene.landscape.marks import Minimum
from visualnn.scene.landscape.telling import BOUNCES, CAUGHT, LEFT, OUT, RESTS, SHOT, facts, other, said, still, valleys

WINDOW = (-5.0, 5.0, -5.0, 5.0)
TWO = (Minimum(-2.0, 0.0, 1.0), Minimum(2.0, 0.0, 0.0))


def fact(given: Track, t: int | None = None, **more):
    return facts(race(given, **more), given.last if t is None else t)[0]


def falling(count: int, first: float = 10.0) -> list[float]:
    return (first * 0.97 ** np.arange(count)).tolist()


def circle(count: int) -> list[tuple[float, float]]:
    """A way that neither stops nor turns back."""
    return [(np.cos(0.1 * k), np.sin(0.1 * k)) for k in range(count)]


def test_of_a_runner_that_simply_runs_nothing_is_told():
    assert fact(track(falling(60), circle(60)), window=WINDOW) is None


def test_no_number_any_more():
    lost = track([1.0, 2.0, np.inf], [(0, 0), (1, 1), (np.inf, 0)])
    assert fact(lost) == OUT
    assert fact(lost, 1) is None


def test_outside_the_picture_and_back_in_it():
    there_and_back = track([3.0, 2.9, 2.8], [(0, 0), (6, 0), (1, 0)])
    assert fact(there_and_back, 1, window=WINDOW) == LEFT
    assert fact(there_and_back, 2, window=WINDOW) is None
    assert fact(there_and_back, 1) is None  # no picture is known


def test_to_and_fro_for_ever_is_bouncing():
    jumps = track([1.25] * 40, [(0.75, 0.75), (1.25, 1.25)] * 20)
    assert fact(jumps, window=WINDOW) == BOUNCES
    assert fact(jumps, 11, window=WINDOW) is None  # too early to say


def test_jumps_that_settle_quickly_or_are_not_seen_are_none():
    settling = track(falling(40), [((-0.8) ** k, 0.0) for k in range(40)])
    assert fact(settling, 20, window=WINDOW) is None
    tiny = track(falling(40), [(1e-4 * (-1) ** k, 0.0) for k in range(40)])
    assert fact(tiny, window=WINDOW) is None


def test_jumps_that_grow_bounce_until_they_leave():
    growing = track([1.0] * 30, [((-1.1) ** k * 0.5, 0.0) for k in range(30)])
    assert fact(growing, 20, window=WINDOW) == BOUNCES
    assert fact(growing, 29, window=WINDOW) == LEFT


def test_a_straight_way_on_does_not_bounce():
    assert fact(track(falling(40), [(0.1 * k, 0.0) for k in range(40)])) is None


def test_of_a_thinned_track_no_bouncing_is_told():
    places = [(0.75, 0.75), (1.25, 1.25)] * 20
    assert fact(track([1.25] * 40, places, updates=range(0, 80, 2)), window=WINDOW) is None


def test_a_loss_that_rises_again_shot_past():
    losses = [10.0, 5.0, 1.0, 1.5, 2.5, 2.0]
    past = track(losses, circle(6))
    assert [fact(past, t) for t in range(6)] == [None, None, None, None, SHOT, SHOT]


def test_it_is_no_news_for_ever():
    past = track([10.0, 5.0, 1.0, 2.5, *[2.4 * 0.999**k for k in range(200)]], circle(204))
    assert fact(past, 50) == SHOT
    assert fact(past, 52) == SHOT
    assert fact(past, 53) is None


def test_a_rise_above_the_start_or_by_nothing_is_none():
    assert fact(track([1.0, 3.0, 9.0], circle(3))) is None  # it has never been lower
    assert fact(track([100.0, 1e-9, 1e-4], circle(3))) is None


def test_a_loss_that_rises_by_chance_is_none():
    losses = [10.0, 5.0, 1.0, 2.5]
    noisy = track(losses, circle(4))
    for change in ({"batch_size": 4}, {"dropout": 0.2}):
        options = replace(noisy.options, **change)
        assert fact(Track(options, noisy.updates, noisy.places, noisy.losses)) is None


@pytest.mark.parametrize(("t", "told"), [(49, None), (50, 50), (99, 50), (100, 100), (260, 200), (1200, 1000)])
def test_how_long_it_has_not_moved(t: int, told: int | None):
    resting = track([20.0] * 1201, [(-0.5, 0.5)] * 1201)
    found = fact(resting, t, window=WINDOW)
    assert found == (None if told is None else still(told))
    assert (None if found is None else found.number) == told


def test_a_small_movement_is_one_and_an_invisible_one_is_none():
    crawling = track([20.0] * 101, [(1e-4 * k, 0.0) for k in range(101)])
    assert fact(crawling, window=WINDOW) is None
    trembling = track([20.0] * 101, [(1e-7 * (k % 3), 0.0) for k in range(101)])
    assert fact(trembling, window=WINDOW) == still(100)


def test_a_trip_in_between_is_a_movement():
    trip = track([20.0] * 101, [(1.0, 0.0) if k == 70 else (0.0, 0.0) for k in range(101)])
    assert fact(trip, window=WINDOW) is None
    assert fact(trip, 69, window=WINDOW) == still(50)


def test_a_network_s_weights_are_looked_at_too():
    still_net = track([4.0] * 60, [(0.1,) * 13] * 60)
    assert fact(still_net) == still(50)
    jumping = track([4.0] * 60, [(0.5 * (k % 2),) * 13 for k in range(60)])
    assert fact(jumping) == BOUNCES


def test_of_a_very_large_network_only_the_loss_is_told():
    large = track([10.0, *[4.0] * 60], np.zeros((61, 3000)))
    assert fact(large) is None
    assert fact(track([10.0, 1.0, 4.0], np.zeros((3, 3000)))) == SHOT


def test_a_long_rest_of_many_weights_is_told_as_far_as_it_is_looked_for():
    assert fact(track([4.0] * 401, np.zeros((401, 1500)))).number == 50


def test_at_rest_in_a_minimum_it_is_said_whether_that_is_the_lowest():
    high = track([9.0, *[1.0] * 60], [(-4.0, 0.0), *[(-2.0, 0.0)] * 60])
    low = track([9.0, *[0.0] * 60], [(4.0, 0.0), *[(2.0, 0.0)] * 60])
    beside = track([9.0, *[1.5] * 60], [(-4.0, 0.0), *[(-2.3, 0.0)] * 60])
    assert fact(high, minima=TWO, window=WINDOW) == CAUGHT
    assert fact(low, minima=TWO, window=WINDOW) == RESTS
    assert fact(beside, minima=TWO, window=WINDOW) == still(50)


def test_who_is_in_another_valley_than_most_found_the_other():
    left = [track([9.0, *falling(20, 1.5)], [(-4.0, 0), *[(-2.0 - 0.01 * k, 0) for k in range(20)]]) for _ in range(2)]
    right = track([9.0, *falling(20, 0.8)], [(-4.0, 0), *[(2.0 + 0.01 * k, 0) for k in range(20)]], rule="adam")
    contest = race(*left, right, minima=TWO, window=WINDOW)
    assert facts(contest, 20)[:2] == (None, None)
    assert facts(contest, 20)[2] == other(contest, shot=False)
    assert facts(contest, 5)[2] is None  # it has only just come


def test_of_two_it_is_who_is_farther_from_the_start():
    left = track([9.0, *falling(20, 1.5)], [(-4.0, 0), *[(-2.0 - 0.01 * k, 0) for k in range(20)]])
    right = track([9.0, *falling(20, 0.8)], [(-4.0, 0), *[(2.0 + 0.01 * k, 0) for k in range(20)]], rule="adam")
    contest = race(left, right, minima=TWO, window=WINDOW)
    assert facts(contest, 20) == (None, other(contest, shot=False))


def test_who_is_between_two_or_still_high_is_in_no_valley():
    left = track([9.0, *falling(20, 1.5)], [(-4.0, 0), *[(-2.0 - 0.01 * k, 0) for k in range(20)]])
    between = track([9.0, *falling(20, 1.0)], [(-4.0, 0), *[(0.1 + 0.01 * k, 0) for k in range(20)]], rule="adam")
    high = track([9.0, *falling(20, 8.0)], [(-4.0, 0), *[(2.0 + 0.01 * k, 0) for k in range(20)]], rule="momentum")
    assert facts(race(left, between, high, minima=TWO, window=WINDOW), 20) == (None, None, None)


def test_momentum_found_the_other_valley_of_the_twins():
    contest = race_of("race-twins")
    assert facts(contest, 60)[1] == other(contest, shot=True)
    assert other(contest, shot=True).one == "shot past and found the other valley"
    assert facts(contest, 107)[1] == other(contest, shot=False)


def test_the_two_cycle_of_the_double_well_bounces():
    assert facts(race_of("big-step"), 300)[0] == BOUNCES
    assert facts(race_of("rate-critical"), 200)[0] == BOUNCES


def test_the_five_in_the_higher_well_are_caught_there():
    assert facts(race_of("wells"), 300) == (CAUGHT,) * 5


def test_on_the_saddle_and_on_the_dead_shelf_nothing_moves():
    assert facts(race_of("saddle-twins"), 2000)[0] == still(1000)
    assert facts(race_of("shelf"), 200) == (still(200),) * 3


# -- valleys and words -----------------------------------------------------------------------------------------------


def test_a_floor_that_is_flat_along_itself_has_no_separate_valleys():
    assert valleys(CLASSICS["valley"]) == ()
    assert valleys(CLASSICS["plateau"]) == ()
    counts = {name: len(valleys(CLASSICS[name])) for name in ("bowl", "twins", "sine", "himmelblau", "rosenbrock")}
    assert counts == {"bowl": 1, "twins": 2, "sine": 3, "himmelblau": 4, "rosenbrock": 1}


def test_where_there_are_more_than_two_it_is_another_valley():
    three = race(track([1.0]), minima=(*TWO, Minimum(0.0, 3.0, 0.0)))
    assert other(three, shot=False).one == "found another valley"
    assert other(three, shot=True).many == "shot past and found other valleys"


@pytest.mark.parametrize(
    ("names", "everyone", "sentence"),
    [
        (["SGD"], False, "SGD bounces."),
        (["SGD"], True, "SGD bounces."),
        (["SGD", "Adam"], False, "SGD and Adam bounce."),
        (["SGD", "Adam"], True, "Both bounce."),
        (["SGD", "Adam", "Lion"], True, "All bounce."),
        (["SGD", "Adam", "Lion"], False, "Three bounce."),
    ],
)
def test_several_share_a_sentence(names: list[str], everyone: bool, sentence: str):
    assert said(names, BOUNCES, everyone=everyone) == sentence


def test_all_who_do_not_move_are_nobody_who_moves():
    assert said(["SGD", "Adam"], still(50), everyone=True) == "Nobody has moved for 50 updates."
    assert said(["SGD", "Adam"], still(1000), everyone=False) == "SGD and Adam have not moved for 1,000 updates."
