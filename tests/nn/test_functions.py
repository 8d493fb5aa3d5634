from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from visualnn.nn.functions import (
    ACTIVATIONS,
    HIDDEN_ACTIVATIONS,
    LOSSES,
    activate,
    activation_backward,
    activation_slope,
    loss_backward,
    loss_rows,
    losses_for,
    sigmoid,
    softmax,
)

H = 1e-6
numbers = st.floats(-5, 5)
rows_of_three = arrays(np.float64, (2, 3), elements=numbers)
FITTING = [(activation, loss) for activation in ACTIVATIONS for loss in losses_for(activation)]


def away_from_the_kink(activation: str, z: np.ndarray) -> None:
    if activation in ("relu", "leaky_relu"):
        assume((np.abs(z) > 10 * H).all())


@given(st.sampled_from(HIDDEN_ACTIVATIONS), rows_of_three)
def test_slopes_are_those_of_finite_differences(activation: str, z: np.ndarray):
    away_from_the_kink(activation, z)
    measured = (activate(activation, z + H) - activate(activation, z - H)) / (2 * H)
    np.testing.assert_allclose(activation_slope(activation, z, activate(activation, z)), measured, atol=1e-8)


@given(st.sampled_from(ACTIVATIONS), rows_of_three, rows_of_three)
def test_backward_is_the_chain_rule(activation: str, z: np.ndarray, da: np.ndarray):
    away_from_the_kink(activation, z)
    dz = activation_backward(activation, z, activate(activation, z), da)
    for place in np.ndindex(z.shape):
        nudge = np.zeros_like(z)
        nudge[place] = H
        change = (activate(activation, z + nudge) - activate(activation, z - nudge)) / (2 * H)
        assert dz[place] == pytest.approx((da * change).sum(), abs=1e-7)


@given(st.sampled_from(FITTING), rows_of_three, st.integers(0, 2**32))
def test_the_losses_slopes_are_those_of_finite_differences(pair: tuple[str, str], z: np.ndarray, seed: int):
    activation, loss = pair
    away_from_the_kink(activation, z)
    y = np.random.default_rng(seed).dirichlet(np.ones(3), 2)

    def value(z: np.ndarray) -> float:
        return loss_rows(loss, z, activate(activation, z), y).mean()

    dz = loss_backward(loss, activation, z, activate(activation, z), y)
    for place in np.ndindex(z.shape):
        nudge = np.zeros_like(z)
        nudge[place] = H
        assert dz[place] == pytest.approx((value(z + nudge) - value(z - nudge)) / (2 * H), abs=1e-7)


@pytest.mark.parametrize(("activation", "loss"), FITTING)
def test_a_very_sure_network_stays_finite(activation: str, loss: str):
    z = np.array([[1000.0, -1000.0], [-1000.0, 1000.0]])
    a, y = activate(activation, z), np.array([[0.0, 1.0], [0.0, 1.0]])
    for values in (a, loss_rows(loss, z, a, y), loss_backward(loss, activation, z, a, y)):
        assert np.isfinite(values).all()


def test_cross_entropies_of_very_wrong_answers_grow_with_the_sum():
    z, y = np.array([[1000.0, -1000.0]]), np.array([[0.0, 1.0]])
    assert loss_rows("binary_cross_entropy", z, sigmoid(z), y).item() == 1000.0
    assert loss_rows("cross_entropy", z, softmax(z), y).item() == 2000.0


def test_relus_slope_at_zero_is_zero_and_nan_stays_nan():
    assert activation_slope("relu", np.zeros(1), np.zeros(1)) == 0
    for activation in ACTIVATIONS:
        assert np.isnan(activate(activation, np.array([[np.nan, 1.0]]))[0, 0])


@given(rows_of_three)
def test_probabilities(z: np.ndarray):
    np.testing.assert_allclose(softmax(z).sum(axis=-1), 1.0)
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1.0)


def test_losses_by_hand():
    a, y = np.array([[2.5, 1.0]]), np.array([[3.0, 3.0]])
    assert loss_rows("mse", a, a, y).item() == (0.25 + 4) / 2
    zero = np.zeros((1, 2))
    assert loss_rows("binary_cross_entropy", zero, sigmoid(zero), np.array([[0.0, 1.0]])).item() == np.log(2)
    assert loss_rows("cross_entropy", zero, softmax(zero), np.array([[0.0, 1.0]])).item() == np.log(2)


def test_the_natural_loss_comes_first():
    assert losses_for("sigmoid") == ("binary_cross_entropy", "mse")
    assert losses_for("softmax") == ("cross_entropy", "mse")
    assert losses_for("tanh") == ("mse",)
    assert {loss for activation in ACTIVATIONS for loss in losses_for(activation)} == set(LOSSES)


def test_unknown_names_are_refused():
    one = np.ones((1, 1))
    with pytest.raises(ValueError, match="cosine"):
        activate("cosine", one)
    with pytest.raises(ValueError, match="mixes its units"):
        activation_slope("softmax", one, one)
    with pytest.raises(ValueError, match="hinge"):
        loss_rows("hinge", one, one, one)
    with pytest.raises(ValueError, match="hinge"):
        loss_backward("hinge", "linear", one, one, one)
