"""The search for a rate: what it says, whom it follows, and when it ends."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.files import examples
from visualnn.gui.clock import FrameClock
from visualnn.gui.tuner import Tuner
from visualnn.scene.landscape import wishes
from visualnn.scene.landscape.examples import find

NOWHERE = np.zeros(2)  # a formula has its own start


@pytest.fixture
def tuner(qapp):
    tuner = Tuner(FrameClock())
    yield tuner
    tuner.rest()


@pytest.fixture(scope="module")
def project():
    return examples.load("xor")


@pytest.fixture
def prospect(project):
    return wishes.of_example(find("race-ravine"), project)


def search(tuner, project, prospect, place=0):
    tuner.start(project, prospect, NOWHERE, place)
    tuner.finish()
    return tuner.search


def test_the_best_of_all_rates_that_were_tried_is_told(tuner, project, prospect):
    found = search(tuner, project, prospect)
    assert found.is_over
    assert found.done == found.count == len(found.trials)
    assert found.best == min((each for each in found.trials if each.updates), key=lambda each: each.updates).rate
    assert found.sentence.startswith(f"Best of {found.count} rates tried for SGD: ")
    assert found.sentence.endswith(": 0.945, 42 updates.")


def test_where_no_rate_arrives_that_is_said(tuner, project):
    found = search(tuner, project, wishes.of_example(find("shelf"), project))
    assert found.best is None
    assert found.sentence == "None of 22 rates from 1e−4 to 10 gets SGD below 1e−6 in 3,000 updates."


def test_a_start_below_the_goal_needs_no_rate(tuner, project):
    there = replace(wishes.of_example(find("rate-right"), project), start=(1.0, 1.0))
    found = search(tuner, project, there)
    assert (found.best, found.sentence) == (None, "The start is below 1e−6 already. Any rate will do.")


def test_without_a_goal_nothing_is_tried(tuner, project, prospect):
    tuner.start(project, replace(prospect, goal=None), NOWHERE, 0)
    assert (tuner.search, tuner.busy) == (None, False)


def test_it_follows_its_runner_to_another_place(tuner, project, prospect):
    search(tuner, project, prospect, 2)
    tuner.follow(project, replace(prospect, runners=prospect.runners[1:]), NOWHERE)
    assert tuner.search.runner == 1
    assert tuner.search.is_over


@pytest.mark.parametrize(
    "other",
    [
        lambda prospect: replace(prospect, goal=0.1),
        lambda prospect: replace(prospect, start=(1.0, 1.0)),
        lambda prospect: replace(prospect, runners=prospect.runners[1:]),
        lambda prospect: replace(prospect, classic="bowl"),
    ],
    ids=["goal", "start", "runner", "surface"],
)
def test_what_nobody_asks_any_more_ends(tuner, project, prospect, other):
    tuner.start(project, prospect, NOWHERE, 0)
    tuner.follow(project, other(prospect), NOWHERE)
    assert tuner.search is None


def test_the_distance_of_the_race_and_its_window_do_not_matter(tuner, project, prospect):
    tuner.start(project, prospect, NOWHERE, 0)
    tuner.follow(project, replace(prospect.farther(), is_log=False), NOWHERE)
    assert tuner.search is not None


def test_a_search_that_is_cancelled_is_gone(tuner, project, prospect):
    tuner.start(project, prospect, NOWHERE, 0)
    tuner.cancel()
    tuner.finish()
    assert tuner.search is None
