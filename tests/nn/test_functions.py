from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from visualnn.nn.functions import (
    ACTIVATIONS,
    DISTANCES,
    HIDDEN_ACTIVATIONS,
    LOSSES,
    activate,
    activation_backward,
    activation_slope,
    loss_backward,
    loss_rows,
    losses_for,
    output_slope,
    sigmoid,
    softmax,
    softplus,
)

H = 1e-6
numbers = st.floats(-5, 5)
rows_of_three = arrays(np.float64, (2, 3), elements=numbers)
FITTING = [(activation, loss) for activation in ACTIVATIONS for loss in losses_for(activation)]
BENDS = {
    "relu": [0.0],
    "leaky_relu": [0.0],
    "elu": [0.0],
    "hard_tanh": [-1.0, 1.0],
    "hard_sigmoid": [-3.0, 3.0],
    "hard_silu": [-3.0, 3.0],
}


def away_from(places: list[float], values: np.ndarray) -> None:
    for place in places:
        assume((np.abs(values - place) > 10 * H).all())


@given(st.sampled_from(HIDDEN_ACTIVATIONS), rows_of_three)
def test_slopes_are_those_of_finite_differences(activation: str, z: np.ndarray):
    away_from(BENDS.get(activation, []), z)
    measured = (activate(activation, z + H) - activate(activation, z - H)) / (2 * H)
    np.testing.assert_allclose(activation_slope(activation, z, activate(activation, z)), measured, atol=1e-8)


@given(st.sampled_from(ACTIVATIONS), rows_of_three, rows_of_three)
def test_backward_is_the_chain_rule(activation: str, z: np.ndarray, da: np.ndarray):
    away_from(BENDS.get(activation, []), z)
    dz = activation_backward(activation, z, activate(activation, z), da)
    for place in np.ndindex(z.shape):
        nudge = np.zeros_like(z)
        nudge[place] = H
        change = (activate(activation, z + nudge) - activate(activation, z - nudge)) / (2 * H)
        assert dz[place] == pytest.approx((da * change).sum(), abs=1e-7)


@given(st.sampled_from(FITTING), rows_of_three, st.integers(0, 2**32))
def test_the_losses_slopes_are_those_of_finite_differences(pair: tuple[str, str], z: np.ndarray, seed: int):
    activation, loss = pair
    away_from(BENDS.get(activation, []), z)
    y, a = np.random.default_rng(seed).dirichlet(np.ones(3), 2), activate(activation, z)
    if loss == "mae":
        away_from([0.0], a - y)
    if loss == "hinge":
        away_from([1.0], (2 * y - 1) * a)

    def value(z: np.ndarray) -> float:
        return loss_rows(loss, z, activate(activation, z), y).mean()

    dz = loss_backward(loss, activation, z, a, y)
    for place in np.ndindex(z.shape):
        nudge = np.zeros_like(z)
        nudge[place] = H
        assert dz[place] == pytest.approx((value(z + nudge) - value(z - nudge)) / (2 * H), abs=1e-7)


@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
def test_values_and_slopes_are_pytorchs_at_the_bends_too(torch: dict[str, Any], activation: str):
    z, expected = np.array(torch["points"]["z"]), torch["points"]["activations"][activation]
    assert {*BENDS.get(activation, [])} <= {*z}
    a = activate(activation, z)
    np.testing.assert_allclose(a, expected["a"], rtol=1e-12, atol=1e-15)
    np.testing.assert_allclose(activation_slope(activation, z, a), expected["slope"], rtol=1e-12, atol=1e-15)


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
    nan = np.array([[np.nan, 1.0]])
    for activation in ACTIVATIONS:
        assert np.isnan(activate(activation, nan)[0, 0])
    for loss in LOSSES:
        assert np.isnan(loss_rows(loss, nan, nan, np.ones((1, 2)))).all()


@given(rows_of_three)
def test_probabilities(z: np.ndarray):
    np.testing.assert_allclose(softmax(z).sum(axis=-1), 1.0)
    np.testing.assert_allclose(sigmoid(z) + sigmoid(-z), 1.0)


@given(rows_of_three)
def test_soft_and_hard_relatives(z: np.ndarray):
    np.testing.assert_allclose(softplus(z) - softplus(-z), z, atol=1e-14)
    np.testing.assert_allclose(activate("silu", z), z * sigmoid(z), atol=1e-14)
    np.testing.assert_allclose(activate("gelu", z) - activate("gelu", -z), z, atol=1e-14)
    np.testing.assert_allclose(activate("hard_silu", z), z * activate("hard_sigmoid", z), atol=1e-14)
    assert np.array_equal(activate("elu", z)[z > 0], z[z > 0])


def test_activations_by_hand():
    z = np.array([-4.0, -0.5, 0.0, 0.5, 4.0])
    assert activate("hard_tanh", z).tolist() == [-1, -0.5, 0, 0.5, 1]
    assert activate("hard_sigmoid", z).tolist() == [0, 2.5 / 6, 0.5, 3.5 / 6, 1]
    assert activate("hard_silu", z).tolist() == [0, -0.5 * 2.5 / 6, 0, 0.5 * 3.5 / 6, 4]
    assert activate("leaky_relu", z).tolist() == [-0.04, -0.005, 0, 0.5, 4]
    np.testing.assert_allclose(activate("elu", z), [np.exp(-4) - 1, np.exp(-0.5) - 1, 0, 0.5, 4])
    assert softplus(np.zeros(1)).item() == np.log(2)
    assert activate("gelu", np.array([1.0])).item() == pytest.approx(0.8413447460685429)  # Φ(1)


def test_losses_by_hand():
    a, y = np.array([[2.5, 1.0]]), np.array([[3.0, 3.0]])
    assert loss_rows("mse", a, a, y).item() == (0.25 + 4) / 2
    assert loss_rows("mae", a, a, y).item() == (0.5 + 2) / 2
    assert loss_rows("huber", a, a, y).item() == (0.5 * 0.25 + (2 - 0.5)) / 2
    zero, classes = np.zeros((1, 2)), np.array([[0.0, 1.0]])
    assert loss_rows("binary_cross_entropy", zero, sigmoid(zero), classes).item() == np.log(2)
    assert loss_rows("cross_entropy", zero, softmax(zero), classes).item() == np.log(2)
    assert loss_rows("hinge", zero, zero, classes).item() == 1.0
    sides = np.array([[-0.25, 3.0]])  # right, but not far enough; right and far
    assert loss_rows("hinge", sides, sides, classes).item() == 0.75 / 2


def test_slopes_of_losses_by_hand():
    a, y = np.array([[1.0, 2.0, 3.5]]), np.array([[1.0, 2.5, 1.0]])
    assert output_slope("mse", a, y).tolist() == [[0, -1, 5]]
    assert output_slope("mae", a, y).tolist() == [[0, -1, 1]]
    assert output_slope("huber", a, y).tolist() == [[0, -0.5, 1]]
    classes = np.array([[1.0, 1.0, 0.0]])
    assert output_slope("hinge", np.array([[1.0, 0.5, -0.5]]), classes).tolist() == [[0, -1, 1]]


def test_one_great_miss_counts_less_for_the_absolute_and_hubers_loss():
    y, near, far = np.zeros((1, 1)), np.full((1, 1), 0.1), np.full((1, 1), 100.0)
    costs = {loss: (loss_rows(loss, far, far, y) / loss_rows(loss, near, near, y)).item() for loss in DISTANCES}
    assert costs["mae"] == pytest.approx(1e3)
    assert costs["huber"] == pytest.approx(99.5 / 0.005)
    assert costs["mse"] == pytest.approx(1e6)


def test_the_natural_loss_comes_first():
    assert losses_for("sigmoid") == ("binary_cross_entropy", "mse", "mae", "huber")
    assert losses_for("softmax") == ("cross_entropy", "mse", "mae", "huber")
    assert losses_for("tanh") == losses_for("linear") == ("mse", "mae", "huber", "hinge")
    assert {loss for activation in ACTIVATIONS for loss in losses_for(activation)} == set(LOSSES)


def test_unknown_names_are_refused():
    one = np.ones((1, 1))
    with pytest.raises(KeyError, match="cosine"):
        activate("cosine", one)
    with pytest.raises(KeyError, match="softmax"):
        activation_slope("softmax", one, one)  # it mixes its units
    for loss in ("cosine", ""):
        with pytest.raises(ValueError, match="unknown loss"):
            loss_rows(loss, one, one, one)
        with pytest.raises(ValueError, match="unknown loss"):
            loss_backward(loss, "linear", one, one, one)
