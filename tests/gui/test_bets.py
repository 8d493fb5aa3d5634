"""Bets: one a race, before it is seen; what became of it, and how many were right."""

from __future__ import annotations

import pytest

from tests.scene.landscape.races import race_of
from visualnn.gui.bets import Bets
from visualnn.gui.views.contest.content import Bet
from visualnn.scene.landscape.verdict import NOBODY


@pytest.fixture
def bets():
    return Bets()


def given(bets, race, answer):
    bets.begin()
    assert bets.bet(race, 0) == Bet()
    bets.give(answer)
    return bets.bet(race, 0)


def test_before_the_start_one_is_asked_and_the_answer_is_lit(bets):
    race = race_of("race-ravine")
    assert given(bets, race, 2) == Bet(is_open=True, is_given=True, answer=2)


def test_a_right_bet_is_told_and_counted_once_somebody_is_there(bets):
    race = race_of("race-ravine")
    given(bets, race, 2)
    assert bets.bet(race, 10) == Bet(False, True, 2, "Nobody has arrived yet. You bet on Nesterov.")
    assert bets.bet(race, 14) == Bet(False, True, 2, "Right: Nesterov was first.", "1 of 1 bets right")


def test_a_bet_on_nobody_is_right_where_nobody_arrives(bets):
    race = race_of("race-rastrigin")
    given(bets, race, NOBODY)
    told = bets.bet(race, race.updates)
    assert (told.sentence, told.count) == ("Right: nobody arrived.", "1 of 1 bets right")


def test_who_has_no_idea_is_neither_right_nor_wrong(bets):
    race = race_of("race-ravine")
    given(bets, race, None)
    assert bets.bet(race, 70) == Bet(False, True, None)


def test_without_a_goal_the_lowest_in_the_end_is_bet_on(bets):
    race = race_of("step-length")
    given(bets, race, 0)
    assert bets.bet(race, 50).sentence == "The race is not over yet. You bet on SGD."
    assert bets.bet(race, 100).sentence == "Right: SGD was lowest."


def test_who_has_seen_the_end_cannot_bet_any_more(bets):
    race = race_of("race-ravine")
    assert bets.bet(race, 70) is None
    assert bets.bet(race, 0) is None
    bets.begin()
    assert bets.bet(race, 0) == Bet()


def test_all_bets_are_counted(bets):
    for name, answer in (("race-ravine", 2), ("race-ravine", 0), ("race-twins", None)):
        race = race_of(name)
        given(bets, race, answer)
        last = bets.bet(race, race.updates)
        assert last.count == ("" if answer is None else last.count)
    given(bets, race_of("race-saddle"), 1)
    assert bets.bet(race_of("race-saddle"), 540).count == "2 of 3 bets right"


def test_one_runner_is_nothing_to_bet_on(bets):
    assert bets.bet(race_of("rate-right"), 0) is None
    assert bets.bet(None, 0) is None
