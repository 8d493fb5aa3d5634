"""The sentence below the stage, and what became of bets."""

from __future__ import annotations

import re

import numpy as np
import pytest

from tests.scene.landscape.races import race, race_of, track
from visualnn.scene.landscape.examples import EXAMPLES
from visualnn.scene.landscape.standing import Race
from visualnn.scene.landscape.verdict import ALL_OUT, BEFORE, NOBODY, outcome, verdict

NAN = float("nan")
WINDOW = (-5.0, 5.0, -5.0, 5.0)


def test_before_the_start():
    assert verdict(race_of("race-twins"), 0) == BEFORE
    assert BEFORE == "Choose runners, then press play. All start at the same weights."
    assert verdict(race(track([3.0])), 5) == BEFORE  # nothing is known yet
    assert verdict(Race((), (), ()), 0) == BEFORE


def test_the_sentence_of_the_picture():
    assert verdict(race_of("race-twins"), 60) == "SGD leads. Momentum shot past and found the other valley."


@pytest.mark.parametrize(
    ("name", "t", "sentence"),
    [
        ("race-twins", 5, "SGD leads."),
        ("race-twins", 25, "SGD leads. Momentum and Adam shot past."),
        ("race-twins", 70, "Adam was first below 0.001, at update 66. Momentum shot past and found the other valley."),
        ("race-twins", 148, "Adam was first below 0.001, at update 66. Momentum needed 82 more."),
        ("race-ravine", 50, "Nesterov was first below 0.001, at update 14. SGD needed 29 more."),
        ("rate-per-weight", 80, "RMSprop and Adam were first below 0.001, both at update 66. AdaGrad needed 11 more."),
        ("race-rosenbrock", 200, "Momentum leads."),
        ("race-rosenbrock", 7, "AdaGrad leads. Adam left the picture."),
        ("race-rastrigin", 600, "Nobody got below 0.001. AdaGrad came closest, at 1.99."),
        ("wells", 300, "Nobody got below 0.06. All are caught in a higher valley."),
        ("momentum-escapes", 30, "Momentum 0.01 leads. It shot past and found the other valley."),
        ("big-step", 200, "SGD 0.12 leads. SGD 0.05 is caught in a higher valley."),
        ("rates", 22, "SGD 0.0833 was first below 1e−6, at update 21. SGD 0.099 and SGD 0.105 bounce."),
        ("shelf", 20, "Nobody leads."),
        ("shelf", 60, "Nobody has moved for 50 updates."),
        ("shelf", 200, "Nobody got below 1e−6. Nobody has moved for 200 updates."),
        ("step-length", 100, "SGD has the lowest loss, 7.06e−8."),
        ("rate-right", 10, "The loss falls."),
        ("rate-right", 40, "SGD is below 1e−6 at update 37."),
        ("rate-critical", 15, "SGD bounces. Its loss falls."),
        ("rate-critical", 100, "SGD bounces."),
        ("rate-critical", 200, "SGD did not get below 1e−6. It bounces."),
        ("rate-far-too-great", 10, "SGD left the picture. Its loss rises."),
        ("zeros", 10, "SGD is at 20.00."),
    ],
)
def test_how_the_examples_stand(name: str, t: int, sentence: str):
    assert verdict(race_of(name), t) == sentence


def test_who_is_out_is_said_before_anything_else():
    leader, lost = track([3.0, 2.0, 1.0]), track([3.0, 9.0, NAN], rule="adam")
    contest = race(leader, lost, updates=10)
    assert verdict(contest, 1) == "SGD leads."
    assert verdict(contest, 2) == "SGD leads. Adam is out: no number any more."
    assert verdict(race(leader, lost, goal=1.5, updates=10), 2) == (
        "SGD was first below 1.5, at update 2. Adam is out: no number any more."
    )


def test_where_all_are_out():
    lost = [track([3.0, NAN], rule=rule) for rule in ("sgd", "adam")]
    assert verdict(race(*lost, updates=10), 1) == ALL_OUT
    assert verdict(race(lost[0], updates=10), 1) == "SGD is out: no number any more. Try a smaller rate."


def test_a_lead_that_cannot_be_seen_is_none():
    contest = race(track([3.0, 1.0]), track([3.0, 1.0001], rule="adam"), updates=10)
    assert verdict(contest, 1) == "Nobody leads."
    assert verdict(race(track([3.0, 1.0]), track([3.0, 1.1], rule="adam"), updates=10), 1) == "SGD leads."


def test_of_who_leads_it_is_not_said_that_it_shot_past():
    past = track([10.0, 1.0, 2.5, 2.0])
    contest = race(past, track([10.0, 9.0, 8.0, 7.0], rule="adam"), updates=10)
    assert verdict(contest, 3) == "SGD leads."
    also = race(past, track([10.0, 1.0, 9.0, 7.0], rule="adam"), updates=10)
    assert verdict(also, 3) == "SGD leads. Adam shot past."


def test_of_who_leads_something_is_said_where_there_is_nothing_about_the_others():
    jumps = track([9.0, *[1.0] * 20], [(0.0, 0.0), *[(0.75, 0.75), (1.25, 1.25)] * 10])
    other = track([9.0, *[8.0] * 20], [(0.1 * k, 0.0) for k in range(21)], rule="adam")
    assert verdict(race(jumps, other, updates=50, window=WINDOW), 20) == "SGD leads. It bounces."


def test_standing_still_is_told_for_as_long_as_all_of_them_have():
    first = track([9.0] * 301, [(0.0, 0.0)] * 301)
    later = track([9.0] * 301, [(0.01 * min(k, 220), 0.0) for k in range(301)], rule="adam")
    leader = track([9.0, *[1.0] * 300], [(0.01 * k, 0.0) for k in range(301)], rule="momentum")
    contest = race(first, later, leader, updates=900, window=WINDOW)
    assert verdict(contest, 300) == "Momentum leads. SGD and Adam have not moved for 50 updates."
    assert verdict(contest, 230) == "Momentum leads. SGD has not moved for 200 updates."


def test_the_end_without_a_goal():
    a, b = track([3.0, 1.0]), track([3.0, 2.0], rule="adam")
    assert verdict(race(a, b), 1) == "SGD has the lowest loss, 1.00."
    assert verdict(race(a, track([3.0, 1.0], rule="adam")), 1) == "Nobody is lowest."
    assert verdict(race(a), 1) == "SGD is at 1.00."


def test_who_came_closest_need_not_be_closest_now():
    contest = race(track([9.0, 2.0, 8.0]), track([9.0, 6.0, 5.0], rule="adam"), goal=1.0)
    assert verdict(contest, 2) == "Nobody got below 1. SGD came closest, at 2.00."


def test_alone_and_not_there():
    assert verdict(race(track([9.0, 6.0]), goal=1.0), 1) == "SGD did not get below 1. Its loss is 6.00."


@pytest.mark.parametrize("name", [example.id for example in EXAMPLES])
def test_at_every_moment_there_are_one_or_two_short_sentences(name: str):
    contest = race_of(name)
    for t in np.unique(np.linspace(0, contest.updates, 60).astype(int)).tolist():
        sentences = re.split(r"(?<=[.])\s", verdict(contest, t))
        assert 1 <= len(sentences) <= 2
        assert all(2 <= len(sentence.split()) <= 14 and sentence.endswith(".") for sentence in sentences), sentences


# -- bets ------------------------------------------------------------------------------------------------------------


def test_a_bet_is_open_until_somebody_arrives():
    contest = race_of("race-twins")
    assert outcome(contest, 2, 65) == (None, "Nobody has arrived yet. You bet on Adam.")
    assert outcome(contest, 2, 66) == (True, "Right: Adam was first.")
    assert outcome(contest, 0, 66) == (False, "Adam was first, not SGD.")
    assert outcome(contest, NOBODY, 20) == (None, "Nobody has arrived yet. You bet on nobody.")
    assert outcome(contest, NOBODY, 66) == (False, "Somebody arrived: Adam was first.")


def test_where_nobody_arrives_only_who_bet_on_nobody_is_right():
    contest = race_of("race-ackley")
    assert outcome(contest, NOBODY, 600) == (True, "Right: nobody arrived.")
    assert outcome(contest, 4, 600) == (False, "Nobody arrived, not even Adam.")


def test_two_may_be_right_together():
    contest = race_of("rate-per-weight")
    assert outcome(contest, 3, 66) == (True, "Right: RMSprop and Adam were first.")
    assert outcome(contest, 0, 66) == (False, "RMSprop and Adam were first, not SGD.")


def test_without_a_goal_the_end_decides():
    contest = race(track([3.0, 1.0]), track([3.0, 2.0], rule="adam"))
    assert outcome(contest, 0, 0) == (None, "The race is not over yet. You bet on SGD.")
    assert outcome(contest, 0, 1) == (True, "Right: SGD was lowest.")
    assert outcome(contest, 1, 1) == (False, "SGD was lowest, not Adam.")
