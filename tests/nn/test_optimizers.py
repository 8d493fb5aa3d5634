from __future__ import annotations

from math import inf, nan, sqrt
from typing import Any

import numpy as np
import pytest

from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels import reference
from visualnn.nn.network import Network
from visualnn.nn.optimizers import MEMORY_SLOTS, OPTIMIZERS, Optimizer, apply_update, look_ahead, look_ahead_product

GRADIENTS = [0.5, -0.25, 2.0, 0.0, -1e-3]


def walk(optimizer: Optimizer) -> list[float]:
    w, memory = np.array([1.0]), optimizer.memory(1)
    path = []
    for t, g in enumerate(GRADIENTS, start=1):
        apply_update(optimizer, w, np.array([g]), memory, t)
        path.append(float(w[0]))
    return path


def test_sgd():
    w, path = 1.0, []
    for g in GRADIENTS:
        w -= 0.1 * g
        path.append(w)
    assert walk(Optimizer("sgd", rate=0.1)) == path


@pytest.mark.parametrize("name", ["momentum", "nesterov"])
def test_momentum(name: str):
    w, v, path = 1.0, 0.0, []
    for g in GRADIENTS:
        v = 0.8 * v + g
        w -= 0.1 * (g + 0.8 * v if name == "nesterov" else v)
        path.append(w)
    assert walk(Optimizer(name, rate=0.1, momentum=0.8)) == path


def test_adagrad_and_rmsprop():
    for name, kept, share in (("adagrad", 1.0, 1.0), ("rmsprop", 0.9, 0.1)):
        w, s, path = 1.0, 0.0, []
        for g in GRADIENTS:
            s = kept * s + share * g * g
            w -= 0.1 * g / (sqrt(s) + 1e-6)
            path.append(w)
        assert walk(Optimizer(name, rate=0.1, rho=0.9, eps=1e-6)) == pytest.approx(path, rel=1e-14)


@pytest.mark.parametrize("name", ["adam", "adamw"])
def test_adam(name: str):
    w, m, v, path = 1.0, 0.0, 0.0, []
    for t, g in enumerate(GRADIENTS, start=1):
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        w -= 0.1 * (m / (1 - 0.9**t)) / (sqrt(v / (1 - 0.999**t)) + 1e-8)
        path.append(w)
    assert walk(Optimizer(name, rate=0.1)) == pytest.approx(path, rel=1e-14)


def test_lion():
    w, m, path = 1.0, 0.0, []
    for g in GRADIENTS:
        w -= 0.1 * np.sign(0.9 * m + 0.1 * g)
        m = 0.99 * m + 0.01 * g
        path.append(w)
    assert walk(Optimizer("lion", rate=0.1, beta2=0.99)) == path


def test_adams_first_step_is_as_long_as_the_rate():
    for name in ("adam", "adamw", "lion", "adagrad"):
        assert walk(Optimizer(name, rate=0.1))[0] == pytest.approx(0.9)


def test_nadam_looks_further_ahead_with_time():
    assert look_ahead(0.9, 1) == pytest.approx(0.9 * (1 - 0.5 * 0.96**0.004), rel=1e-15)
    assert look_ahead(0.9, 10) < look_ahead(0.9, 1000) < look_ahead(0.9, 10**6) <= 0.9
    product = 1.0
    for t in range(1, 40):
        product *= look_ahead(0.9, t)
        assert look_ahead_product(0.9, t) == product
    assert look_ahead_product(0.0, 5) == 0.0
    assert 0.0 <= look_ahead_product(0.9, 10**5) < 1e-300


def test_nadam_computes_the_product_it_is_not_given():
    optimizer, g = Optimizer("nadam"), np.array([0.3, -2.0])
    given, own = (np.ones(2), optimizer.memory(2)), (np.ones(2), optimizer.memory(2))
    product = 1.0
    for t in range(1, 20):
        product *= look_ahead(0.9, t)
        apply_update(optimizer, given[0], g, given[1], t, product=product)
        apply_update(optimizer, own[0], g, own[1], t)
    assert np.array_equal(given[0], own[0])


@pytest.mark.parametrize("number", range(19))
def test_fifty_updates_are_pytorchs(torch: dict[str, Any], number: int):
    fixed = torch["runs"]
    case = fixed["cases"][number]
    assert case["options"] == case["schedule"] == {}  # the others are for test_training
    network = Network.of(*fixed["sizes"], hidden=fixed["activations"][0], output=fixed["activations"][1])
    x, y, w = (np.array(fixed[key]) for key in ("inputs", "targets", "parameters"))
    optimizer = Optimizer(**case["optimizer"])
    memory = optimizer.memory(w.size)
    for t in range(1, 51):
        apply_update(optimizer, w, reference.gradient(network, w, x, y, fixed["loss"])[1], memory, t)
        if str(t) in case["parameters"]:
            np.testing.assert_allclose(w, case["parameters"][str(t)], rtol=1e-10)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_weight_decay_shrinks_every_parameter_before_the_step(name: str):
    plain, decaying = Optimizer(name, rate=0.5), Optimizer(name, rate=0.5, weight_decay=0.2)
    memories = plain.memory(3), plain.memory(3)
    shrunk, w = np.array([1.0, -2.0, 3.0]), np.array([1.0, -2.0, 3.0])
    for t in (1, 2, 3):
        g = np.array([0.3, -0.1 * t, 0.0])
        shrunk *= 1.0 - 0.5 * 0.2
        apply_update(plain, shrunk, g, memories[0], t)
        apply_update(decaying, w, g, memories[1], t)
    np.testing.assert_allclose(w, shrunk, rtol=1e-15)
    assert np.array_equal(*memories)
    assert w[2] == pytest.approx(3.0 * 0.9**3)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_the_gradient_is_left_alone_and_the_memory_starts_empty(name: str):
    optimizer = Optimizer(name)
    w, g, memory = np.ones(3), np.array([1.0, -2.0, 3.0]), optimizer.memory(3)
    slots = {"sgd": 0, "adam": 2, "adamw": 2, "nadam": 2}.get(name, 1)
    assert memory.shape == (slots, 3) == (MEMORY_SLOTS[name], 3)
    assert not memory.any()
    apply_update(optimizer, w, g, memory, 1)
    assert g.tolist() == [1.0, -2.0, 3.0]
    assert (np.sign(w - 1) == -np.sign(g)).all()


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_another_rate_stands_in_for_the_optimizers_and_may_be_0(name: str):
    slow, fast = Optimizer(name, rate=0.1, weight_decay=0.3), Optimizer(name, rate=0.7, weight_decay=0.3)
    w, other, g = np.ones(2), np.ones(2), np.array([1.0, -0.5])
    memories = slow.memory(2), fast.memory(2)
    apply_update(slow, w, g, memories[0], 1)
    apply_update(fast, other, g, memories[1], 1, rate=0.1)
    assert np.array_equal(w, other)
    assert np.array_equal(*memories)
    apply_update(fast, other, g, memories[1], 2, rate=0.0)
    assert np.array_equal(w, other)
    assert MEMORY_SLOTS[name] == 0 or not np.array_equal(*memories)


def test_another_rule_keeps_rate_and_momentum_and_gets_its_own_constants():
    tuned = Optimizer("adam", rate=0.03, momentum=0.5, beta1=0.1, eps=1.0)
    assert tuned.renamed("nesterov") == Optimizer("nesterov", rate=0.03, momentum=0.5)
    assert tuned.renamed("adagrad").eps == 1e-10
    assert tuned.renamed("adamw").weight_decay == 0.01
    assert tuned.renamed("lion").beta2 == 0.99
    assert tuned.renamed("lion").renamed("adam") == Optimizer("adam", rate=0.03, momentum=0.5)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "magic"}, "There is no optimizer “magic”. Known: sgd, momentum, .*, lion."),
        ({"rate": 0.0}, "The learning rate must be a number above 0, not 0.0."),
        ({"rate": -1.0}, "above 0, not -1.0."),
        ({"rate": nan}, "above 0, not nan."),
        ({"rate": inf}, "above 0, not inf."),
        ({"momentum": 1.0}, "momentum must be at least 0 and below 1, not 1.0."),
        ({"beta1": -0.1}, "beta1 must be at least 0 and below 1, not -0.1."),
        ({"beta2": nan}, "beta2 must be at least 0 and below 1, not nan."),
        ({"rho": 1.5}, "rho must be at least 0 and below 1, not 1.5."),
        ({"eps": 0.0}, "eps must be a number above 0, not 0.0."),
        ({"eps": nan}, "eps must be a number above 0, not nan."),
        ({"eps": inf}, "eps must be a number above 0, not inf."),
        ({"weight_decay": -0.1}, "weight_decay must be a number from 0, not -0.1."),
        ({"weight_decay": inf}, "weight_decay must be a number from 0, not inf."),
        ({"weight_decay": nan}, "weight_decay must be a number from 0, not nan."),
    ],
)
def test_values_that_cannot_train_are_refused_in_one_sentence(wrong: dict, sentence: str):
    with pytest.raises(VisualNNError, match=f"{sentence}$"):
        Optimizer(**wrong)
