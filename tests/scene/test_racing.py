"""Who leads and who was first, in words; how runners are told apart; whom a race begins with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop
from visualnn.scene.names import OPTIMIZERS as NAMES
from visualnn.scene.racing import (
    COLORS,
    LETTERS,
    MOST,
    USUAL_RATES,
    Lane,
    at_usual_rate,
    first_racers,
    five_optimizers,
    five_rates,
    marks,
    names,
    next_racer,
    verdict,
)

NAN = float("nan")
LABELS = {name: label for name, (label, _spelling) in NAMES.items()}


def lane(name: str, update: int, loss: float, stop: Stop | None = Stop.DONE) -> Lane:
    return Lane(name, update=update, loss=loss, stop=stop)


def test_the_winner_and_how_far_behind_the_second_was():
    lanes = [lane("Momentum", 174, 0.0099, Stop.GOAL), lane("Adam", 133, 0.0098, Stop.GOAL), lane("SGD", 200, 0.3)]
    assert verdict(lanes, 0.01) == "Adam was first below 0.01, at update 133. Momentum needed 41 more."


def test_while_the_second_is_on_its_way_it_is_told_where_it_is():
    lanes = [lane("SGD", 140, 0.4), lane("Adam", 133, 0.0098, Stop.GOAL), lane("Momentum", 140, 0.0234)]
    assert verdict(lanes, 0.01) == "Adam was first below 0.01, at update 133. Momentum is at 0.0234."


def test_two_may_be_first_together():
    lanes = [lane("SGD", 40, 0.09, Stop.GOAL), lane("Adam", 40, 0.08, Stop.GOAL)]
    assert verdict(lanes, 0.1) == "SGD and Adam were first below 0.1, both at update 40."


def test_who_is_out_is_named():
    lanes = [lane("SGD", 12, NAN, Stop.DIVERGED), lane("Adam", 20, 0.3)]
    assert verdict(lanes, None) == "Adam leads, at 0.300. SGD is out: no number any more."
    alone = [lane("SGD", 12, NAN, Stop.DIVERGED), lane("Adam", 9, 0.01, Stop.GOAL)]
    assert verdict(alone, 0.1) == "Adam was first below 0.1, at update 9. Nobody else will."
    assert verdict(lanes[:1], None) == "No loss is a number any more. Try smaller rates."


def test_before_the_first_update_nobody_leads():
    assert verdict([lane("SGD", 0, 1.0), lane("Adam", 0, 1.0)], 0.1).startswith("All start at the same weights.")
    assert verdict([lane("SGD", 5, 1.0), lane("Adam", 5, 1.0)], None) == "Nobody leads."


def test_letters_are_those_of_the_optimizers():
    found = marks(["sgd", "adam", "rmsprop"])
    assert [mark.letter for mark in found] == ["S", "A", "R"]
    assert [mark.color for mark in found] == ["sgd", "adam", "rmsprop"]


def test_equal_optimizers_are_numbered_and_have_colours_of_their_own():
    found = marks(["adam", "adam", "adam", "sgd", "lion"])
    assert [mark.letter for mark in found] == ["1", "2", "3", "4", "5"]
    assert len({mark.color for mark in found}) == 5
    assert found[0].color == "adam"


def test_no_two_runners_look_alike_whoever_races():
    for first in OPTIMIZERS:
        for second in OPTIMIZERS:
            found = marks([first, second, "adam", "nadam", "adagrad"])
            assert len({mark.letter for mark in found}) == 5
            assert {mark.color for mark in found} == set(COLORS)


def test_every_optimizer_can_race():
    assert set(LETTERS) == set(USUAL_RATES) == set(OPTIMIZERS)
    assert len(set(LETTERS.values())) == len(LETTERS)


def test_runners_with_the_same_optimizer_are_called_by_their_rate():
    racers = five_rates(Options(Optimizer("adam", 0.02)))
    assert names(racers, LABELS)[:2] == ("Adam 0.002", "Adam 0.006")
    assert names(five_optimizers(Options()), LABELS) == ("SGD", "Momentum", "Adam", "RMSprop", "AdaGrad")


@pytest.mark.parametrize("preset", [five_optimizers, five_rates])
def test_presets_change_nothing_but_optimizer_and_rate(preset):
    options = Options(Optimizer("adam", 0.02), batch_size=16, l2=0.1, seed=4)
    racers = preset(options)
    assert len(racers) == MOST
    assert len({racer.optimizer for racer in racers}) == MOST
    assert {replace(racer, optimizer=options.optimizer) for racer in racers} == {options}


def test_a_race_begins_with_the_present_way_to_train():
    options = Options(Optimizer("lion", 0.007))
    assert first_racers(options)[0] == options
    assert next_racer(first_racers(options)).optimizer.name not in {o.optimizer.name for o in first_racers(options)}
    assert at_usual_rate(options, "sgd").optimizer.rate == USUAL_RATES["sgd"]


def test_rates_are_told_in_three_digits_and_who_is_alike_has_a_number():
    thirds = [Options(Optimizer("sgd", rate=rate)) for rate in (1 / 12, 0.05)]
    assert names(thirds, {"sgd": "SGD"}) == ("SGD 0.0833", "SGD 0.05")
    swings = [Options(Optimizer("momentum", rate=0.02, momentum=each)) for each in (0.9, 0.5)]
    assert names(swings, {"momentum": "Momentum"}) == ("Momentum 0.02 (1)", "Momentum 0.02 (2)")
