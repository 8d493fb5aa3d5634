"""What every neuron says all over the plane, compiled and readable alike."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from tests.nn.problems import Problem, problems
from visualnn.nn import maps
from visualnn.nn.kernels import choose, reference
from visualnn.nn.mask import mask_of
from visualnn.nn.metrics import plane
from visualnn.nn.network import Network


@settings(max_examples=60)
@given(problems(max_units=30, max_rows=70))
def test_compiled_and_readable_maps_agree(compiled_kernel, problem: Problem):
    x = problem.dataset.inputs
    found = maps.activations(problem.network, problem.parameters, x)
    a = reference.forward(problem.network, problem.parameters, x)[1][1:]
    expected = np.concatenate([column.T for column in a])
    assert found.dtype == np.float32
    assert found.shape == expected.shape
    np.testing.assert_allclose(found, expected, rtol=0, atol=3e-5 * max(1.0, np.abs(expected).max()))


def test_rows_are_ys_and_the_last_map_is_the_answer(kernel: str):
    network = Network.of(2, 4, 3, hidden="tanh", output="softmax")
    parameters = np.random.default_rng(0).normal(0, 1, network.parameter_count)
    xs, ys = np.linspace(-2, 2, 7), np.linspace(-1, 1, 5)
    found = maps.neuron_maps(network, parameters, xs, ys)
    assert found.shape == (7, 5, 7)
    np.testing.assert_allclose(found[-3:], plane(network, parameters, xs, ys).transpose(2, 0, 1), atol=1e-6)


def test_silent_neurons_and_cut_connections_show(kernel: str):
    network = Network.of(2, 2, 1)
    mask = mask_of(network, [(1, 0)], [network.weight_index(0, 0, 1)])
    found = maps.neuron_maps(network, np.ones(network.parameter_count), np.array([3.0]), np.array([4.0]), mask)
    assert found.ravel().tolist() == [0.0, 5.0, 6.0]


@pytest.mark.filterwarnings("error")
def test_a_diverged_network_has_maps_too(kernel: str):
    network = Network.of(2, 3, 1)
    found = maps.neuron_maps(network, np.full(network.parameter_count, np.nan), np.zeros(3), np.zeros(3))
    assert np.isnan(found).all()


def test_before_the_kernel_is_loaded_maps_are_drawn_in_numpy(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choose, "_ready", set())
    assert choose.maps() is None
    network = Network.of(2, 3, 1)
    assert maps.neuron_maps(network, np.zeros(13), np.zeros(2), np.zeros(3)).shape == (4, 3, 2)
