from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from visualnn.nn.initializers import INITIALIZERS, draw, initial_parameters
from visualnn.nn.network import Network


@pytest.mark.parametrize("seed", [0, 1, 11])
def test_the_starts_of_the_reference_runs(goldens: dict[str, Any], seed: int):
    run = next(run for run in goldens["pairs"] if run["seed"] == seed)
    expected = np.concatenate([np.ravel(part) for part in run["init_params"]])
    start = initial_parameters(Network.of(2, 3, 1), "glorot_uniform", seed)
    np.testing.assert_allclose(start, expected, atol=5e-11)  # they are printed with ten decimals


@pytest.mark.parametrize(
    ("kind", "deviation"),
    [
        ("glorot_uniform", np.sqrt(2 / 500)),
        ("glorot_normal", np.sqrt(2 / 500)),
        ("he_uniform", np.sqrt(2 / 200)),
        ("he_normal", np.sqrt(2 / 200)),
    ],
)
def test_the_spread_is_what_the_papers_ask_for(kind: str, deviation: float):
    w = draw(kind, np.random.default_rng(0), 200, 300)
    assert w.mean() == pytest.approx(0, abs=deviation / 50)
    assert w.std() == pytest.approx(deviation, rel=0.01)
    if kind.endswith("uniform"):
        assert np.abs(w).max() <= deviation * np.sqrt(3)


@pytest.mark.parametrize("kind", INITIALIZERS)
def test_a_seed_gives_the_same_weights_and_zero_biases(kind: str):
    network = Network.of(3, 4, 2)
    start = initial_parameters(network, kind, 5)
    assert np.array_equal(start, initial_parameters(network, kind, 5))
    assert not np.array_equal(start, initial_parameters(network, kind, 6))
    assert all((b == 0).all() and (w != 0).all() for w, b in network.views(start))


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="zeros"):
        draw("zeros", np.random.default_rng(0), 1, 1)
