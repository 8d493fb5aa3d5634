"""What is looked at first, what a file says of it, and what follows the network's options."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.files import examples
from visualnn.nn.options import Options
from visualnn.scene.landscape import wishes
from visualnn.scene.landscape.examples import EXAMPLES, find
from visualnn.scene.landscape.prospect import FARTHEST, Prospect


@pytest.fixture(scope="module")
def adder():
    return examples.load("adder")


def test_first_are_the_weights_into_the_first_neuron_and_the_present_optimizer(adder):
    first = wishes.first(adder)
    assert (first.kind, first.pair, first.updates, first.goal) == ("weights", (0, 3), 200, 0.001)
    assert [each.optimizer.name for each in first.runners] == ["adam", "sgd", "momentum"]
    assert first.runners[0] == adder.options


@pytest.mark.parametrize(("name", "updates"), [("digits", 200), ("deep", 100), ("million", 20)])
def test_a_race_that_takes_long_is_short_at_first(name, updates):
    assert wishes.first_distance(examples.load(name)) == updates


def test_a_race_goes_on_twice_as_far_until_it_is_far_enough():
    far = Prospect(updates=7000)
    assert far.can_go_on
    assert far.farther().updates == FARTHEST
    assert not far.farther().can_go_on
    assert far.farther().farther().updates == FARTHEST


@pytest.mark.parametrize("kind", ["weights", "slice", "path", "random"])
def test_a_file_remembers_what_was_looked_at(adder, kind):
    wished = replace(wishes.first(adder), kind=kind, pair=(2, 5))
    found, example = wishes.read(wishes.surface_text(adder, wished, None), adder)
    assert (found.kind, found.pair, example) == (kind, (2, 5), None)


def test_a_file_remembers_an_example(adder):
    text = wishes.surface_text(adder, wishes.first(adder), find("race-twins"))
    assert wishes.read(text, adder)[1] is find("race-twins")


@pytest.mark.parametrize("text", ["", "weights", "weights wzz,wac", "weights wac,wac", "example none", "formula", "?"])
def test_what_cannot_be_understood_is_the_first_sight(adder, text):
    found, example = wishes.read(text, adder)
    assert (found.pair, example) == (wishes.first(adder).pair, None)


def test_all_run_with_the_networks_new_options_each_with_its_own_optimizer(adder):
    wished = replace(wishes.first(adder), runners=wishes.first(adder).runners[1:])
    other = adder.with_options(replace(adder.options, batch_size=8))
    found = wishes.following(wished, adder, other)
    assert [each.batch_size for each in found.runners] == [8, 8]
    assert [each.optimizer for each in found.runners] == [each.optimizer for each in wished.runners]


def test_who_has_chosen_no_runners_races_the_present_way_to_train(adder):
    wished = wishes.first(adder)
    faster = adder.options.optimizer.renamed("nesterov")
    found = wishes.following(wished, adder, adder.with_options(replace(adder.options, optimizer=faster)))
    assert [each.optimizer.name for each in found.runners] == ["nesterov", "sgd", "momentum"]


def test_a_runner_whose_way_to_train_was_kept_stays_where_it_is(adder):
    wished = wishes.first(adder)
    kept = adder.with_options(wished.runners[1])
    assert wishes.following(wished, adder, kept).runners[1].optimizer == wished.runners[1].optimizer
    assert [e.optimizer.name for e in wishes.following(wished, adder, kept).runners] == ["adam", "sgd", "momentum"]


def test_the_goal_follows_unless_another_was_chosen(adder):
    higher = adder.with_options(replace(adder.options, goal=0.5))
    assert wishes.following(wishes.first(adder), adder, higher).goal == 0.5
    chosen = replace(wishes.first(adder), goal=0.1)
    assert wishes.following(chosen, adder, higher).goal == 0.1


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda each: each.id)
def test_an_example_stands_for_its_runners_on_its_surface(adder, example):
    subject = wishes.subject(example, adder)
    found = wishes.of_example(example, subject)
    assert [each.optimizer for each in found.runners] == [each.optimizer for each in example.runners]
    assert (found.start, found.updates, found.goal) == (example.start, example.updates, example.goal)
    assert found.is_of_two


def test_two_numbers_are_put_in_place_and_all_others_stay(adder):
    found = wishes.place_in(adder, replace(wishes.first(adder), pair=(1, 4)), np.array([7.0, 8.0]))
    assert (found[1], found[4]) == (7.0, 8.0)
    others = [place for place in range(13) if place not in (1, 4)]
    np.testing.assert_array_equal(found[others], adder.parameters[others])


def test_a_model_of_two_weights_has_them_in_place():
    subject = wishes.subject(find("race-twins"), examples.load("adder"))
    prospect = wishes.of_example(find("race-twins"), subject)
    found = wishes.place_in(subject, prospect, np.array([0.6, 2.6]))
    assert sorted(found.tolist())[-2:] != [0.6, 0.6]
    assert {0.6, 2.6} <= set(found.tolist())
    assert prospect.runners[0].seed == Options().seed
