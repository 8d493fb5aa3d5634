from __future__ import annotations

from math import cos, inf, nan, pi
from typing import Any

import numpy as np
import pytest

from visualnn.nn.errors import VisualNNError
from visualnn.nn.schedule import (
    BAD_EPOCHS,
    BEST,
    EPOCH_LOSS,
    FACTOR,
    SCHEDULES,
    Schedule,
    factor,
    fresh_scalars,
    note_loss,
)


def factors(schedule: Schedule, losses: list[float], epoch_length: int = 1) -> list[float]:
    """What multiplies the rate of each update, when these are its losses."""
    scalars, found = fresh_scalars(), []
    for t, loss in enumerate(losses):
        found.append(factor(schedule, t, scalars))
        note_loss(schedule, t, epoch_length, loss, scalars)
    return found


@pytest.mark.parametrize("number", range(14))
def test_the_rates_are_pytorchs(torch: dict[str, Any], number: int):
    case = torch["schedules"][number]
    losses = case.get("losses", [1.0] * len(case["rates"]))
    rates = case["rate"] * np.array(factors(Schedule(**case["schedule"]), losses))
    np.testing.assert_allclose(rates, case["rates"], rtol=1e-12, atol=1e-16)


@pytest.mark.parametrize("number", [10, 11, 12])
@pytest.mark.parametrize("epoch_length", [2, 5])
def test_a_plateau_is_one_of_the_mean_losses_of_epochs(torch: dict[str, Any], number: int, epoch_length: int):
    case = torch["schedules"][number]
    wobble = np.linspace(-0.5, 0.5, epoch_length)  # its mean is 0
    losses = (np.array(case["losses"])[:, None] + wobble).ravel().tolist()
    rates = case["rate"] * np.array(factors(Schedule(**case["schedule"]), losses, epoch_length))
    np.testing.assert_allclose(rates, np.repeat(case["rates"], epoch_length), rtol=1e-12)


def test_by_hand():
    ones = [1.0] * 8
    assert factors(Schedule(), ones) == ones
    assert factors(Schedule("step", period=3, gamma=0.5), ones) == [1, 1, 1, 0.5, 0.5, 0.5, 0.25, 0.25]
    assert factors(Schedule("exponential", period=2, gamma=0.25), ones) == [0.5**t for t in range(8)]
    expected = [1, (1 + cos(pi / 4)) / 2, 0.5, (1 - cos(pi / 4)) / 2, 0, 0, 0, 0]
    assert factors(Schedule("cosine", period=4), ones) == pytest.approx(expected, abs=1e-16)
    assert factors(Schedule(warmup=4), ones) == [0.25, 0.5, 0.75, 1, 1, 1, 1, 1]
    assert factors(Schedule(warmup=1), ones) == ones


def test_a_plateau_by_hand():
    """An epoch of the same loss, or of one that is lower by a hair, is a bad one; after `patience` more it falls."""
    schedule = Schedule("plateau", gamma=0.5, patience=1)
    assert factors(schedule, [1.0, 1.0, 0.99995, 0.5, 0.5, 0.4, 0.4, 0.4, 0.4]) == [
        1,
        1,
        1,
        0.5,
        0.5,
        0.5,
        0.5,
        0.5,
        0.25,
    ]
    impatient = Schedule("plateau", gamma=0.5, patience=0)
    assert factors(impatient, [1.0, 1.0, 1.0, 0.5, nan, inf]) == [1, 1, 0.5, 0.25, 0.25, 0.125]


@pytest.mark.parametrize("name", ["step", "exponential", "cosine", "plateau"])
def test_the_floor_is_where_the_factor_stays(name: str):
    schedule = Schedule(name, period=10, gamma=0.3, patience=0, floor=0.2)
    path = factors(schedule, [1.0] * 100)
    assert path[0] == 1
    assert min(path) == pytest.approx(0.2, abs=1e-15)
    assert path[60:] == [path[-1]] * 40
    assert path == sorted(path, reverse=True)


@pytest.mark.parametrize("name", SCHEDULES)
def test_warm_up_multiplies_any_schedule(name: str):
    plain, warm = ({"name": name, "period": 5, "patience": 1, "warmup": n} for n in (0, 8))
    losses = [1.0] * 20
    ramp = np.minimum(1.0, np.arange(1, 21) / 8)
    np.testing.assert_allclose(factors(Schedule(**warm), losses), ramp * factors(Schedule(**plain), losses), rtol=1e-15)


def test_only_the_plateau_remembers_losses():
    for name in SCHEDULES:
        scalars = fresh_scalars()
        note_loss(Schedule(name), 0, 2, 3.0, scalars)
        assert np.array_equal(scalars, fresh_scalars()) == (name != "plateau")
    assert scalars[EPOCH_LOSS] == 3.0
    note_loss(Schedule("plateau"), 1, 2, 5.0, scalars)
    assert scalars[[FACTOR, BEST, BAD_EPOCHS, EPOCH_LOSS]].tolist() == [1.0, 4.0, 0.0, 0.0]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "magic"}, "There is no schedule “magic”. Known: constant, step, exponential, cosine, plateau."),
        ({"period": 0}, "The period of a schedule must be at least 1 update, not 0."),
        ({"gamma": 0.0}, "gamma must be above 0 and at most 1, not 0.0."),
        ({"gamma": 1.1}, "gamma must be above 0 and at most 1, not 1.1."),
        ({"gamma": nan}, "gamma must be above 0 and at most 1, not nan."),
        ({"warmup": -1}, "Warm-up and patience cannot be below 0."),
        ({"patience": -1}, "Warm-up and patience cannot be below 0."),
        ({"floor": -0.1}, "The floor of a schedule must be from 0 to 1, not -0.1."),
        ({"floor": nan}, "The floor of a schedule must be from 0 to 1, not nan."),
    ],
)
def test_values_that_make_no_schedule_are_refused_in_one_sentence(wrong: dict[str, Any], sentence: str):
    with pytest.raises(VisualNNError, match=f"^{sentence}$"):
        Schedule(**wrong)
