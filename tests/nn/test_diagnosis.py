"""Each trouble on a small real training that has it, and none of them on those that are well."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
import pytest

from visualnn.nn.curve import CurveView
from visualnn.nn.data import Dataset, circles, number_pairs, xor_points
from visualnn.nn.diagnosis import (
    CURVE_POINTS,
    Crawling,
    DeadUnits,
    GradientTrouble,
    Plateau,
    constant_loss,
    crawling,
    dead_units,
    gradient_trouble,
    layer_name,
    number,
    overfitting,
    plateau,
)
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.metrics import score
from visualnn.nn.network import Layer, Network, neuron_names
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.statistics import Statistics, statistics
from visualnn.nn.training import Training

ADDER = Network.of(2, 3, 1)
NAMES = neuron_names(ADDER)
PAIRS, POSITIVE = number_pairs(), number_pairs(1, 5)


class Look(NamedTuple):
    dead: DeadUnits | None
    gradient: GradientTrouble | None
    plateau: Plateau | None
    crawling: Crawling | None


def look(training: Training) -> Look:
    """What there is to say of this moment. Makes an update."""
    network, before, updates = training.network, training.parameters.copy(), training.updates
    curve = training.curve.view(updates)
    training.run(1)
    change = training.parameters - before
    seen = statistics(network, before, change, training.dataset, training.options.loss)
    baseline, length = constant_loss(training.dataset.targets, training.options.loss), training.epoch_length
    return Look(
        dead_units(network, seen),
        gradient_trouble(network, seen),
        plateau(curve, seen, baseline, length),
        crawling(curve, seen, baseline, length),
    )


def trained(updates: int, optimizer: Optimizer, data: Dataset = PAIRS, network: Network = ADDER, **options) -> Training:
    training = Training(network, data, Options(optimizer, **options))
    training.run(updates)
    return training


@cache
def moons() -> Dataset:
    rng = np.random.default_rng(0)
    angle, side = rng.uniform(0, np.pi, 200), np.arange(200) % 2
    x = np.column_stack([np.cos(angle), np.sin(angle)]) * np.where(side == 0, 1.0, -1.0)[:, None]
    x += np.outer(side, [1.0, 0.5]) + rng.normal(0, 0.1, (200, 2))
    return Dataset("moons", x, side[:, None].astype(np.float64), ("x", "y"), classification=True)


def deep(depth: int, activation: str) -> Network:
    return Network.of(2, *[16] * depth, 1, hidden=activation, output="sigmoid")


def at_birth(network: Network, initializer: str, seed: int = 0, scale: float = 0.05) -> Statistics:
    w = initial_parameters(network, initializer, seed, scale)
    return statistics(network, w, np.zeros_like(w), moons(), "binary_cross_entropy")


HEALTHY = {
    "the adder": (Optimizer("adam", rate=0.1), PAIRS, ADDER, {}),
    "the adder in batches": (Optimizer("adam", rate=0.1), PAIRS, ADDER, {"batch_size": 10}),
    "xor": (
        Optimizer("adam", rate=0.05),
        xor_points(),
        Network.of(2, 4, 1, hidden="tanh", output="sigmoid"),
        {"loss": "binary_cross_entropy", "batch_size": 10},
    ),
    "circles, slowly": (
        Optimizer("sgd", rate=0.1),
        circles(),
        Network.of(2, 4, 1, hidden="tanh", output="sigmoid"),
        {"loss": "binary_cross_entropy", "batch_size": 10},
    ),
    "ten layers of ReLU": (
        Optimizer("sgd", rate=0.1),
        moons(),
        deep(10, "relu"),
        {"loss": "binary_cross_entropy", "initializer": "he_normal"},
    ),
    "ten layers of tanh": (
        Optimizer("sgd", rate=0.1),
        moons(),
        deep(10, "tanh"),
        {"loss": "binary_cross_entropy"},
    ),
}


@pytest.mark.parametrize("name", HEALTHY)
def test_no_alarm_where_all_is_well(name: str):
    optimizer, data, network, options = HEALTHY[name]
    training = Training(network, data, Options(optimizer, **options))
    for moment in (0, 20, 100, 200, 400, 600):
        training.run(moment - training.updates)
        assert look(training) == (None, None, None, None), moment


@pytest.mark.parametrize("batch", [1, 16, None])
def test_noise_that_cannot_be_learned_is_no_plateau(batch: int | None):
    rng = np.random.default_rng(0)
    x = rng.uniform(0, 4, (256, 2))
    noisy = Dataset("noisy", x, x.sum(axis=1, keepdims=True) + rng.normal(0, 0.5, (256, 1)), ("a", "b"))
    training = trained(800, Optimizer("sgd", rate=0.02), noisy, Network.of(2, 1), batch_size=batch)
    assert look(training) == (None, None, None, None)


@pytest.mark.parametrize("rate", [0.03, 0.05, 0.1])
def test_too_great_a_rate_kills_every_relu_and_the_loss_stays_at_the_variance(rate: float):
    found = look(trained(1000, Optimizer("sgd", rate=rate), POSITIVE, seed=11))
    assert found.dead == DeadUnits(((0, 0), (0, 1), (0, 2)), 3, 0)
    assert found.dead.sentence(NAMES) == "Every neuron of the hidden layer is 0 for all rows: no slope gets through."
    assert found.plateau.loss == pytest.approx(4.0, abs=1e-6)
    assert found.plateau.baseline == 4.0
    assert found.plateau.answers_constant
    assert found.plateau.updates >= 400
    assert (found.gradient, found.crawling) == (None, None)
    assert found.plateau.sentence(NAMES).endswith("updates: the network gives every row the same answer.")


def test_some_dead_neurons():
    found = look(trained(0, Optimizer("sgd", rate=0.01), POSITIVE, seed=11))  # two of three are born so
    assert found.dead == DeadUnits(((0, 0), (0, 1)), 3, None)
    assert found.dead.sentence(NAMES) == "2 of 3 ReLU neurons are 0 for all rows: c, d."


def test_a_shortcut_leads_around_dead_layers():
    layers = (*[Layer(3)] * 4, Layer(1, "linear"))
    for shortcut, blocked in ((0, 2), (2, None)):
        network = Network(2, layers, shortcut=shortcut)
        w = initial_parameters(network, "he_normal", 0)
        network.views(w)[0].b[:] = network.views(w)[1].b[:] = network.views(w)[3].b[:] = 9.0
        network.views(w)[2].b[:] = -1e3
        seen = statistics(network, w, w, PAIRS, "mse")
        assert dead_units(network, seen).blocked == blocked


@pytest.mark.parametrize("depth", [5, 10, 20, 100])
def test_slopes_vanish_in_deep_sigmoids(depth: int):
    network = deep(depth, "sigmoid")
    found = gradient_trouble(network, at_birth(network, "glorot_uniform"))
    assert found.vanishing
    assert 0.1**depth < found.ratio < 0.25 ** (depth - 1)  # sigmoid's slope is a quarter at most
    assert len(found.slope_norms) == len(found.gradient_norms) == depth + 1
    assert found.sentence(neuron_names(network)).endswith("times smaller when it arrives at hidden layer 1.")


def test_vanished_slopes_are_seen_when_the_net_has_settled_too():
    options = {"loss": "binary_cross_entropy"}
    training = trained(300, Optimizer("sgd", rate=0.5), moons(), deep(10, "sigmoid"), **options)
    found = look(training)
    assert found.gradient.ratio < 1e-5
    assert found.plateau.answers_constant
    assert found.plateau.loss == pytest.approx(0.693147, abs=1e-6)


@pytest.mark.parametrize(("scale", "vanishing"), [(0.1, True), (1.0, False)])
@pytest.mark.parametrize("depth", [10, 50])
def test_first_weights_too_small_or_too_large_for_the_depth(depth: int, scale: float, vanishing: bool):
    network = deep(depth, "relu")
    found = gradient_trouble(network, at_birth(network, "normal", scale=scale))
    assert found.vanishing is vanishing
    if not vanishing:
        assert "times larger" in found.sentence(neuron_names(network))


@pytest.mark.parametrize("depth", [1, 2, 5, 10, 20, 50, 100])
@pytest.mark.parametrize(("activation", "initializer"), [("relu", "he_normal"), ("tanh", "glorot_uniform")])
def test_no_alarm_for_depth_with_fitting_first_weights(depth: int, activation: str, initializer: str):
    network = deep(depth, activation)
    assert gradient_trouble(network, at_birth(network, initializer)) is None


def test_a_tiny_rate_crawls():
    found = look(trained(500, Optimizer("sgd", rate=1e-6), POSITIVE, seed=11))
    assert 3000 < found.crawling.updates < 4500  # measured: 5.49 at 500, 3.88 at 3,000
    assert found.crawling.ratio < 1e-4
    assert found.plateau is None
    assert found.crawling.sentence(NAMES) == "At this pace the loss needs 3,630 more updates to halve."


def test_a_rate_so_small_that_nothing_moves():
    found = look(trained(500, Optimizer("sgd", rate=1e-9), POSITIVE, seed=11))
    assert found.crawling is None
    assert found.plateau.is_steep
    assert found.plateau.sentence(NAMES).endswith("though the slope is not small: the rate may be too small.")


def test_bouncing_from_side_to_side():
    bowl = Training(
        Network.of(2, 1), number_pairs(-2, 2), Options(Optimizer("sgd", rate=0.25)), np.array([0, 1.5, 0.0])
    )
    bowl.run(300)  # curvature 4 both ways, critical rate 0.5: at that the weights swap sides for ever
    assert look(bowl) == (None, None, None, None)
    bowl.set_rate(0.5)
    bowl.restart()
    bowl.run(300)
    found = look(bowl).plateau
    assert found.loss == pytest.approx(2.5)
    assert found.sentence(NAMES).endswith("though the slope is not small: the rate may be too large.")


def test_xor_without_bends_stands_still():
    linear = Network.of(2, 3, 1, hidden="linear", output="sigmoid")
    found = look(trained(500, Optimizer("sgd", rate=0.5), xor_points(), linear, loss="binary_cross_entropy"))
    assert found.plateau is not None
    assert found.crawling is None


def test_no_plateau_while_the_loss_moves_again():
    seen = at_birth(ADDER, "he_normal")
    still = np.full(1000, 4.0)
    moving = still.copy()
    moving[-60:] = np.linspace(4.0, 3.0, 60)
    assert plateau(CurveView(still, 1), seen, 4.0).updates == 800
    assert plateau(CurveView(moving, 1), seen, 4.0) is None
    assert plateau(CurveView(still[:99], 1), seen, 4.0) is None
    assert plateau(CurveView(still, 1), seen, 400.0) is None  # good enough
    assert plateau(CurveView(np.full(1000, np.nan), 1), seen, 4.0) is None
    assert plateau(CurveView(still[:200], 50), seen, 4.0).updates == 6400


def sine() -> tuple[Dataset, Dataset]:
    rng = np.random.default_rng(0)
    x = np.sort(rng.uniform(-1, 1, 12))[:, None]
    test_x = np.linspace(-1, 1, 201)[:, None]
    noisy = Dataset("sine", x, np.sin(np.pi * x) + rng.normal(0, 0.25, 12)[:, None], ("x",))
    return noisy, Dataset("sine", test_x, np.sin(np.pi * test_x), ("x",))


def losses(l2: float, updates: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Update, train loss and test loss every 25 updates of the lesson's net."""
    train, test = sine()
    network = Network.of(1, 64, 64, 1, hidden="tanh")
    training = Training(network, train, Options(Optimizer("adam", rate=0.01), l2=l2 / 2))
    rows = []
    for update in range(0, updates + 1, 25):
        training.run(update - training.updates)
        rows.append((update, training.full_loss(), score(network, training.parameters, test, "mse").loss))
    return tuple(np.array(rows, dtype=np.float64).T)


def test_overfitting_is_told_with_the_update_to_go_back_to():
    updates, train, test = losses(0.0, 1500)
    assert test[16] == pytest.approx(0.0324126, rel=1e-3)  # the lesson's best, at 400
    found = overfitting(updates, train, test)
    assert 250 <= found.best_update <= 500
    assert found.test > 1.2 * found.best_test
    assert found.train < found.best_train
    assert found.sentence(NAMES).startswith(f"Since update {found.best_update} the test loss rises, from 0.03")
    assert overfitting(updates[:18], train[:18], test[:18]) is None  # it cannot be known yet


def test_weight_decay_keeps_from_overfitting():
    assert overfitting(*losses(1e-2, 1000)) is None


def test_curves_that_show_no_overfitting():
    updates = np.arange(100.0)
    falling, rising = 1.0 / (1.0 + updates), 0.1 + 0.01 * updates
    assert overfitting(updates, falling, rising) is not None
    assert overfitting(updates, rising, rising) is None  # it does not even learn
    assert overfitting(updates, falling, falling) is None
    assert overfitting(updates, falling, falling + np.where(updates % 50 == 49, 3.0, 0.0)) is None  # single spikes
    few = slice(CURVE_POINTS - 1)
    assert overfitting(updates[few], falling[few], rising[few]) is None
    assert overfitting(updates, falling, np.full(100, np.nan)) is None


def test_the_loss_of_the_best_constant_answer():
    y = np.array([[0.0], [0.0], [0.0], [1.0]])
    entropy = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    assert constant_loss(POSITIVE.targets, "mse") == POSITIVE.targets.var()
    assert constant_loss(y, "mae") == 0.25  # always saying 0, the median
    assert constant_loss(y, "binary_cross_entropy") == pytest.approx(entropy)
    assert constant_loss(np.hstack([y, 1 - y]), "cross_entropy") == pytest.approx(entropy)
    assert constant_loss(y, "hinge") == 0.5  # −1 for all: the one row misses by 2
    assert constant_loss(np.zeros((3, 1)), "binary_cross_entropy") == pytest.approx(0.0, abs=1e-9)


def test_words():
    assert [layer_name(k, NAMES) for k in range(2)] == ["the hidden layer", "the output layer"]
    assert layer_name(1, neuron_names(deep(3, "relu"))) == "hidden layer 2"
    assert [number(x) for x in (0.0324126, -4, 1234567, 999.96, 1e12, -81400.2)] == [
        "0.0324",
        "−4",
        "1,230,000",
        "1e+03",
        "1e+12",
        "−81,400",
    ]
