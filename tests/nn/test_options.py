from __future__ import annotations

from dataclasses import fields, replace
from math import inf, nan
from typing import Any

import pytest

from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import LOSSES
from visualnn.nn.initializers import INITIALIZERS
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options, same_run
from visualnn.nn.schedule import Schedule

OTHER: dict[str, Any] = {  # another value for each field
    "optimizer": Optimizer("sgd"),
    "loss": "mae",
    "batch_size": 7,
    "initializer": "zeros",
    "seed": 1,
    "goal": 0.5,
    "initializer_scale": 0.3,
    "schedule": Schedule("step"),
    "l1": 0.1,
    "l2": 0.1,
    "dropout": 0.5,
    "clip_value": 1.0,
    "clip_norm": 1.0,
    "precision": "float32",
    "epochs": 20,
    "patience": 5,
}
STOPS = ("goal", "epochs", "patience")


def test_nothing_extra_happens_unless_it_is_asked_for():
    plain = Options()
    assert plain.optimizer == Optimizer("adam", rate=0.1)
    assert plain.schedule == Schedule("constant")
    assert (plain.batch_size, plain.goal, plain.clip_value, plain.clip_norm) == (None, None, None, None)
    assert (plain.epochs, plain.patience) == (None, None)
    assert plain.l1 == plain.l2 == plain.dropout == plain.optimizer.weight_decay == plain.schedule.warmup == 0
    assert plain.precision == "float64"


def test_clipping_is_on_when_either_limit_is_set():
    assert not Options().is_clipped
    assert Options(clip_value=1.0).is_clipped
    assert Options(clip_norm=1.0).is_clipped


@pytest.mark.parametrize("field", [field.name for field in fields(Options)])
def test_a_run_may_go_on_with_another_rate_or_stop_and_nothing_else(field: str):
    run = Options()
    changed = replace(run, **{field: OTHER[field]})
    assert changed != run
    assert same_run(run, changed) == same_run(changed, run) == (field in STOPS)
    faster = replace(changed, optimizer=replace(changed.optimizer, rate=0.7), goal=0.1, epochs=7, patience=None)
    assert same_run(changed, faster)
    assert same_run(run, faster) == (field in STOPS)


def test_every_name_there_is_can_be_chosen():
    for loss in LOSSES:
        assert Options(loss=loss).loss == loss
    for initializer in INITIALIZERS:
        assert Options(initializer=initializer).initializer == initializer
    assert Options(initializer="constant", initializer_scale=-2.0).initializer_scale == -2.0
    assert Options(seed=2**63 - 1, dropout=0.0, clip_norm=inf).seed == 2**63 - 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"loss": "magic"}, f"There is no loss “magic”. Known: {', '.join(LOSSES)}."),
        ({"initializer": "magic"}, f"There is no initializer “magic”. Known: {', '.join(INITIALIZERS)}."),
        ({"precision": "float16"}, "There is no precision “float16”. Known: float64, float32."),
        ({"batch_size": 0}, "The batch size must be at least 1, not 0."),
        ({"epochs": 0}, "The number of epochs must be at least 1, not 0."),
        ({"patience": 0}, "The patience must be at least 1, not 0."),
        ({"seed": -1}, "The seed must be a whole number from 0 to 2⁶³ − 1, not -1."),
        ({"seed": 2**63}, "The seed must be a whole number from 0 to 2⁶³ − 1, not 9223372036854775808."),
        ({"l1": -0.1}, "l1 must be a number from 0, not -0.1."),
        ({"l1": nan}, "l1 must be a number from 0, not nan."),
        ({"l2": inf}, "l2 must be a number from 0, not inf."),
        ({"dropout": 1.0}, "dropout must be at least 0 and below 1, not 1.0."),
        ({"dropout": -0.1}, "dropout must be at least 0 and below 1, not -0.1."),
        ({"dropout": nan}, "dropout must be at least 0 and below 1, not nan."),
        ({"clip_value": 0.0}, "clip_value must be above 0, not 0.0."),
        ({"clip_value": nan}, "clip_value must be above 0, not nan."),
        ({"clip_norm": -1.0}, "clip_norm must be above 0, not -1.0."),
        ({"initializer_scale": inf}, "initializer_scale must be a number from -1e+100 to 1e+100, not inf."),
        ({"initializer_scale": nan}, "initializer_scale must be a number from -1e+100 to 1e+100, not nan."),
        (
            {"initializer": "normal", "initializer_scale": -0.1},
            "initializer_scale must be a number from 0 to 1e+100, not -0.1.",
        ),
    ],
)
def test_options_that_cannot_train_are_refused_in_one_sentence(wrong: dict[str, Any], sentence: str):
    with pytest.raises(VisualNNError) as caught:
        Options(**wrong)
    assert str(caught.value) == sentence
