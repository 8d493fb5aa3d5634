"""The arrows that are drawn at a ball are what the optimizer does there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.nn.landscape.descent import Descent
from visualnn.nn.landscape.moments import DRIVEN, SCALED, rates, step, velocity
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.track import Track
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update, look_ahead, look_ahead_product
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule

NEAR = 1e-15  # relative: a product of three is rounded in another order
SCHEDULES = [Schedule(), Schedule("plateau", patience=1, gamma=0.5), Schedule("step", period=7, warmup=4)]


def track_of(rule: str, schedule: Schedule = SCHEDULES[0], *, rate: float = 0.01, decay: float = 0.0) -> Track:
    options = Options(Optimizer(rule, rate=rate, weight_decay=decay), schedule=schedule)
    descent = Descent(CLASSICS["himmelblau"], options, (-0.5, -1.0))
    descent.run(40)
    return descent.track


def moments(track: Track) -> range:
    return range(len(track.updates) - 1)


@pytest.mark.parametrize("rule", DRIVEN)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_the_velocity_is_what_an_update_subtracts_if_the_slope_becomes_0(rule: str, schedule: Schedule):
    track = track_of(rule, schedule)
    options = track.options
    for k in moments(track):
        w, memory = track.places[k].copy(), track.memory[k].copy()
        apply_update(options.optimizer, w, np.zeros(2), memory, k + 1, rate=track.rates[k])
        found = velocity(options, track, k)
        np.testing.assert_allclose(found, w - track.places[k], rtol=1e-9, atol=1e-14)  # a difference of larger numbers


def test_the_velocity_of_each_rule_is_its_formula():
    for rule, formula in {
        "momentum": lambda o, m, _t: o.momentum * m[0],
        "nesterov": lambda o, m, _t: o.momentum * o.momentum * m[0],
        "adam": lambda o, m, t: (
            o.beta1 * m[0] / (1 - o.beta1**t) / (np.sqrt(o.beta2 * m[1] / (1 - o.beta2**t)) + o.eps)
        ),
        "lion": lambda o, m, _t: np.sign(m[0]),
    }.items():
        track = track_of(rule)
        for k in moments(track):
            way = -0.01 * formula(track.options.optimizer, track.memory[k], k + 1)
            np.testing.assert_allclose(velocity(track.options, track, k), way, rtol=NEAR)


@pytest.mark.parametrize("rule", DRIVEN)
def test_before_the_first_update_nothing_is_remembered(rule: str):
    track = track_of(rule)
    assert velocity(track.options, track, 0) == (0.0, 0.0)


@pytest.mark.parametrize("rule", SCALED)
@pytest.mark.parametrize("schedule", SCHEDULES)
def test_a_step_is_the_rates_times_the_direction(rule: str, schedule: Schedule):
    track = track_of(rule, schedule, rate=0.05)
    for k in moments(track):
        way, memory = np.zeros(2), track.memory[k].copy()
        apply_update(track.options.optimizer, way, track.slopes[k], memory, k + 1, rate=track.rates[k])
        ahead = direction(track.options.optimizer, track.slopes[k], memory, k + 1)
        found = rates(track.options, track, k)
        np.testing.assert_allclose(-np.array(found) * ahead, way, rtol=NEAR)
        np.testing.assert_allclose(step(track, k), way, rtol=1e-8, atol=1e-14)


def direction(rule: Optimizer, g: np.ndarray, memory: np.ndarray, t: int) -> np.ndarray:
    """What the rates are multiplied with; `memory` after the update."""
    if rule.name in ("adagrad", "rmsprop"):
        return g
    if rule.name != "nadam":
        return memory[0] / (1 - rule.beta1**t)
    now, following, product = (
        look_ahead(rule.beta1, t),
        look_ahead(rule.beta1, t + 1),
        look_ahead_product(rule.beta1, t),
    )
    return (1 - now) / (1 - product) * g + following / (1 - product * following) * memory[0]


def test_weight_decay_is_in_neither():
    plain, shrinking = track_of("adam"), track_of("adam", decay=0.1)
    k = 0
    assert velocity(shrinking.options, shrinking, k) == velocity(plain.options, plain, k)
    assert rates(shrinking.options, shrinking, k) == rates(plain.options, plain, k)
    later = 20
    moved = -np.array(rates(shrinking.options, shrinking, later)) * direction(
        shrinking.options.optimizer, shrinking.slopes[later], shrinking.memory[later + 1], later + 1
    )
    decayed = shrinking.places[later] * -(0.01 * 0.1)
    np.testing.assert_allclose(step(shrinking, later), moved + decayed, rtol=1e-8)


def test_who_has_no_such_memory_has_no_such_arrow():
    for rule in OPTIMIZERS:
        track = track_of(rule)
        assert (velocity(track.options, track, 3) is None) == (rule in ("sgd", "adagrad", "rmsprop"))
        assert (rates(track.options, track, 3) is None) == (rule in ("sgd", "momentum", "nesterov", "lion"))


def test_networks_have_none_and_diverged_ones_neither():
    track = track_of("adam")
    network = replace(track, slopes=None, memory=None, rates=None)
    assert velocity(track.options, network, 0) is None
    assert rates(track.options, network, 0) is None


@pytest.mark.parametrize("rule", ["momentum", "adam"])
def test_where_the_loss_is_no_number_there_is_no_next_update(rule: str):
    exploded = Descent(CLASSICS["himmelblau"], Options(Optimizer(rule, rate=1e150)), (-0.5, -1.0))
    exploded.run(10)
    track = exploded.track
    last = len(track.updates) - 1
    assert not np.isfinite(track.losses[last])
    assert velocity(track.options, track, last) is None
    assert rates(track.options, track, last) is None
    assert velocity(track.options, track, 0) == (0.0, 0.0)


def test_a_step_is_known_where_the_next_update_is():
    track = track_of("sgd")
    np.testing.assert_array_equal(step(track, 3), track.places[4] - track.places[3])
    assert step(track, 40) is None
    thinned = replace(track, updates=track.updates[::2], places=track.places[::2], losses=track.losses[::2])
    assert step(thinned, 3) is None
