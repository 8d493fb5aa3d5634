from __future__ import annotations

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn.nn.data import Dataset, number_pairs
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import reference
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Layer, Network
from visualnn.nn.statistics import (
    BINS,
    HISTOGRAM_VALUES,
    dead_units,
    histogram,
    sample,
    saturated_units,
    statistics,
    sum_slopes,
)

NET = Network.of(2, 3, 1)
PAIRS = number_pairs()
HIDDEN = [0.9907079, 0.01417504, 0.88046944, 1.0264927, -0.8950311, 0.7524377, -0.00070612, -0.06846002, -0.00055442]
ARTICLE = np.array([*HIDDEN, 0.794296, 1.1687347, 0.2406084, -9.29e-06])  # the article's 2-3-1


def test_the_numbers_of_each_layer():
    change = -0.1 * ARTICLE
    seen = statistics(NET, ARTICLE, change, PAIRS, "mse", update=7)
    _loss, g = reference.gradient(NET, ARTICLE, PAIRS.inputs, PAIRS.targets, "mse")
    z, a = reference.forward(NET, ARTICLE, PAIRS.inputs)
    assert (seen.update, seen.rows) == (7, 81)
    for k, (layer, own, slope) in enumerate(zip(seen.layers, NET.views(ARTICLE), NET.views(g), strict=True)):
        assert layer.weight_norm == pytest.approx(np.sqrt((own.w**2).sum()))
        assert layer.bias_norm == pytest.approx(np.sqrt((own.b**2).sum()))
        assert layer.gradient_norm == pytest.approx(np.sqrt((slope.w**2).sum() + (slope.b**2).sum()))
        assert layer.change_norm == pytest.approx(0.1 * np.hypot(layer.weight_norm, layer.bias_norm))
        assert layer.update_ratio == pytest.approx(0.1)
        assert layer.activation_mean == pytest.approx(a[k + 1].mean())
        assert layer.activation_std == pytest.approx(a[k + 1].std())
        assert (layer.units, layer.dead, layer.saturated) == (own.b.size, (), ())
        assert layer.weights.counts.sum() == own.w.size
        assert layer.gradients.counts.sum() == own.w.size + own.b.size
        assert layer.activations.counts.sum() == 81 * own.b.size
        assert layer.activations.edges[0] == pytest.approx(a[k + 1].min(), abs=1e-12)
        assert layer.activations.edges[-1] == pytest.approx(a[k + 1].max())
    assert seen.gradient_norm == pytest.approx(np.linalg.norm(g))
    assert seen.update_ratio == pytest.approx(0.1)
    assert seen.layers[1].slope_norm == pytest.approx(np.linalg.norm(2 * (z[1] - PAIRS.targets) / 81))


@settings(max_examples=60)
@given(problems())
def test_the_slopes_of_the_sums_make_the_gradient(problem: Problem):
    network, w, data, loss = problem
    z, a = reference.forward(network, w, data.inputs)
    dz = sum_slopes(network, w, z, a, data.targets, loss)
    _loss, g = reference.gradient(network, w, data.inputs, data.targets, loss)
    for k, slope in enumerate(network.views(g)):
        np.testing.assert_allclose(a[k].T @ dz[k], slope.w, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(dz[k].sum(axis=0), slope.b, rtol=1e-9, atol=1e-12)


def test_shortcuts_and_switched_off_neurons_count_in_the_slopes():
    network = Network(2, (*[Layer(3, "tanh")] * 4, Layer(1, "linear")), shortcut=2)
    mask = mask_of(network, neurons=[(2, 1)])
    w = initial_parameters(network, "he_normal", 3)
    seen = statistics(network, w, w, PAIRS, "mse", mask=mask)
    gates = [column[None] for column in mask.columns(network)]
    kept = reference.kept(w, mask)
    _loss, g = reference.gradient(network, kept, PAIRS.inputs, PAIRS.targets, "mse", gates)
    for layer, (dw, db) in zip(seen.layers, network.views(g), strict=True):
        assert layer.gradient_norm == pytest.approx(np.hypot(np.linalg.norm(dw), np.linalg.norm(db)))
    assert [layer.units for layer in seen.layers] == [3, 2, 3, 3, 1]
    assert seen.layers[1].activations.counts.sum() == 81 * 2


@pytest.mark.parametrize(
    ("activation", "dead"),
    [("relu", True), ("hard_silu", True), ("leaky_relu", False), ("elu", False), ("silu", False), ("linear", False)],
)
def test_dead_units(activation: str, dead: bool):
    z = np.array([[-4.0, -4.0, -3.0], [-5.0, 1e-9, -3.0]])
    assert dead_units(activation, z).tolist() == [dead, False, dead]
    assert not dead_units(activation, np.full((2, 3), np.nan)).any()


def test_a_neuron_that_is_switched_off_is_not_dead():
    w = ARTICLE.copy()
    NET.views(w)[0].b[:] = -100.0
    assert statistics(NET, w, w, PAIRS, "mse").layers[0].dead == (0, 1, 2)
    one_off = statistics(NET, w, w, PAIRS, "mse", mask=mask_of(NET, neurons=[(1, 1)])).layers[0]
    assert (one_off.dead, one_off.units, one_off.dead_share) == ((0, 2), 2, 1.0)


@pytest.mark.parametrize(
    ("activation", "flat", "steep"),
    [("tanh", 3.0, 2.9), ("sigmoid", 4.7, 4.5), ("hard_tanh", 1.1, 0.9), ("hard_sigmoid", -3.1, 2.9)],
)
def test_saturated_units_are_flat_for_nearly_every_row(activation: str, flat: float, steep: float):
    z = np.full((100, 4), flat)
    z[:5, 1], z[:6, 2], z[:, 3] = steep, steep, steep
    assert saturated_units(activation, z).tolist() == [True, True, False, False]
    assert not saturated_units("relu", z).any()


@pytest.mark.parametrize(("rows", "limit"), [(1, 5), (5, 5), (81, 9), (1000, 512), (1001, 512)])
def test_a_sample_is_even(rows: int, limit: int):
    taken = sample(rows, limit)
    assert taken.size == min(rows, limit)
    assert taken[0] == 0
    assert taken[-1] < rows
    gaps = np.diff(taken)
    assert gaps.size == 0 or gaps.max() - gaps.min() <= 1


def test_only_so_many_rows_are_looked_at():
    x = np.arange(2000.0).reshape(1000, 2)
    data = Dataset("many", x, x[:, :1], ("a", "b"))
    assert statistics(NET, ARTICLE, ARTICLE, data, "mse").rows == 512
    assert statistics(NET, ARTICLE, ARTICLE, data, "mse", limit=10).rows == 10


def test_a_histogram_counts_as_numpy_does():
    values = np.random.default_rng(0).normal(3, 2, 5000)
    ours, (counts, edges) = histogram(values), np.histogram(values, BINS)
    assert np.abs(ours.counts - counts).sum() <= 2  # a number on an edge
    np.testing.assert_allclose(ours.edges, edges)


@settings(max_examples=500)
@given(st.lists(st.floats(), max_size=20))
@example([1.7976715628035622e308])
@example([-9e299, 9e299])
@example([1.0, 1.0 + 2**-52])
@example([5e-324, 0.0])
def test_a_histogram_of_anything(numbers: list[float]):
    values = np.array(numbers)
    with np.errstate(all="raise", under="ignore"):
        found = histogram(values)
    finite = np.abs(values) < 1e300
    assert found.counts.sum() == finite.sum()
    assert found.not_finite == (~finite).sum()
    assert (np.diff(found.edges) >= 0).all()
    assert np.isfinite(found.edges).all()


def test_a_histogram_of_very_many_numbers_takes_every_kth():
    values = np.arange(5.0 * HISTOGRAM_VALUES)
    assert HISTOGRAM_VALUES // 2 < histogram(values).counts.sum() <= HISTOGRAM_VALUES


def test_a_network_that_diverged_has_statistics_too():
    w = np.full(13, np.nan)
    w[3] = np.inf
    seen = statistics(NET, w, np.zeros(13), PAIRS, "mse")
    assert seen.layers[0].weights.not_finite == 6
    assert (seen.layers[0].dead, seen.layers[0].saturated) == ((), ())
    assert not np.isfinite(seen.layers[0].weight_norm)


def test_weights_of_zero_that_move():
    seen = statistics(NET, np.zeros(13), np.ones(13), PAIRS, "mse")
    assert seen.update_ratio == np.inf
    assert statistics(NET, np.zeros(13), np.zeros(13), PAIRS, "mse").update_ratio == 0.0
