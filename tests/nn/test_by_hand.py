from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from tests.nn.problems import Problem, problems
from visualnn.nn import by_hand
from visualnn.nn.functions import ACTIVATIONS, activate, activation_slope, loss_backward, loss_rows
from visualnn.nn.kernels import reference

SUMS = np.concatenate([np.linspace(-9, 9, 181), [0.0, -0.0, 1e-9, -1e-9, 800.0, -800.0]])


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_by_hand_and_by_numpy_differ_in_the_last_bit_at_most(name: str):
    np.testing.assert_allclose(by_hand.activations(name, SUMS), activate(name, SUMS), rtol=4e-15, atol=1e-300)


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_slopes_by_hand_are_those_of_numpy(name: str):
    a = activate(name, SUMS)
    np.testing.assert_allclose(by_hand.slope(name, SUMS, a), activation_slope(name, SUMS, a), rtol=1e-14, atol=1e-16)


@given(problems())
def test_losses_and_their_slopes_are_those_of_numpy(problem: Problem):
    network, parameters, dataset, loss = problem
    y, activation = dataset.targets[0], network.activations[-1]
    z, a = (values[-1] for values in reference.forward(network, parameters, dataset.inputs[:1]))
    by_numpy = loss_rows(loss, z, a, y[None])[0]
    assert by_hand.loss(loss, z[0], a[0], y) == pytest.approx(by_numpy, rel=1e-12, abs=1e-14)
    dz = loss_backward(loss, activation, z, a, y[None])[0]
    np.testing.assert_allclose(by_hand.loss_slopes(loss, activation, z[0], a[0], y)[1], dz, rtol=1e-12, atol=1e-15)


def test_a_loss_of_nothing_is_0_and_not_below():
    z = np.array([0.0, 0.0])
    assert str(by_hand.loss("cross_entropy", z, np.array([0.5, 0.5]), np.zeros(2))) == "0.0"


@pytest.mark.parametrize("shape", [(1, 1), (700, 1), (2, 300), (600, 127), (600, 128), (90, 1000)])
def test_sums_go_from_left_to_right_however_large_the_layer(shape: tuple[int, int]):
    rng = np.random.default_rng(1)
    x, w = rng.normal(0, 1, shape[0]), rng.normal(0, 1, shape)
    one_by_one = [by_hand.added(x[i] * w[i, n] for i in range(shape[0])) for n in range(shape[1])]
    assert by_hand.add_up(x, w).tolist() == one_by_one


def test_an_infinite_sum_is_no_reason_to_stop():
    z = np.array([np.inf, -np.inf, np.nan])
    for name in ACTIVATIONS:
        with np.errstate(all="ignore"):
            assert by_hand.activations(name, z).shape == (3,)
