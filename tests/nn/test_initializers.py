from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from visualnn.nn.initializers import INITIALIZERS, SCALE, SCALED, draw, initial_parameters
from visualnn.nn.network import Network

RANDOM = [kind for kind in INITIALIZERS if kind not in ("constant", "zeros")]
DEVIATIONS = {  # of a matrix with 200 inputs and 300 outputs, as the papers ask for
    "glorot_uniform": np.sqrt(2 / 500),
    "glorot_normal": np.sqrt(2 / 500),
    "he_uniform": np.sqrt(2 / 200),
    "he_normal": np.sqrt(2 / 200),
    "lecun_uniform": np.sqrt(1 / 200),
    "lecun_normal": np.sqrt(1 / 200),
    "orthogonal": np.sqrt(1 / 300),
    "uniform": 0.3 / np.sqrt(3),  # the scale is the bound
    "normal": 0.3,
}


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("seed", [0, 1, 11])
def test_the_starts_of_the_reference_runs(goldens: dict[str, Any], seed: int):
    run = next(run for run in goldens["pairs"] if run["seed"] == seed)
    expected = np.concatenate([np.ravel(part) for part in run["init_params"]])
    start = initial_parameters(Network.of(2, 3, 1), "glorot_uniform", seed)
    np.testing.assert_allclose(start, expected, atol=5e-11)  # they are printed with ten decimals


@pytest.mark.parametrize("kind", RANDOM)
def test_the_spread_is_what_the_papers_ask_for(kind: str):
    w, deviation = draw(kind, rng(), 200, 300, 0.3), DEVIATIONS[kind]
    assert w.shape == (200, 300)
    assert w.mean() == pytest.approx(0, abs=deviation / 50)
    assert w.std() == pytest.approx(deviation, rel=0.01)
    uniform = kind.endswith("uniform")
    kurtosis = ((w / w.std()) ** 4).mean()  # 9/5 for uniform, 3 for normal numbers
    assert kurtosis == pytest.approx(1.8 if uniform else 3.0, abs=0.1)
    if uniform:
        assert 0.999 * deviation * np.sqrt(3) < np.abs(w).max() <= deviation * np.sqrt(3)


@pytest.mark.parametrize("recipe", ["glorot", "he", "lecun"])
def test_fewer_inputs_mean_greater_weights(recipe: str):
    few, many = (draw(f"{recipe}_normal", rng(), n, 1000).std() for n in (10, 1000))
    assert few / many == pytest.approx(np.sqrt(2000 / 1010) if recipe == "glorot" else 10, rel=0.05)


@pytest.mark.parametrize(("fan_in", "fan_out"), [(5, 5), (40, 7), (7, 40), (1, 9), (9, 1), (1, 1)])
def test_orthogonal_weights_turn_and_do_not_stretch(fan_in: int, fan_out: int):
    w = draw("orthogonal", rng(3), fan_in, fan_out)
    gram = w.T @ w if fan_in >= fan_out else w @ w.T
    np.testing.assert_allclose(gram, np.eye(min(fan_in, fan_out)), rtol=0, atol=1e-12)
    assert w.shape == (fan_in, fan_out)
    assert w.flags.c_contiguous


def test_every_orthogonal_matrix_is_as_likely():
    signs = [np.sign(np.linalg.det(draw("orthogonal", rng(seed), 3, 3))) for seed in range(400)]
    entries = np.array([draw("orthogonal", rng(seed), 3, 3) for seed in range(400)])
    assert np.mean(signs) == pytest.approx(0, abs=0.15)  # turns and reflections
    np.testing.assert_allclose(entries.mean(axis=0), 0, atol=0.1)
    np.testing.assert_allclose((entries**2).mean(axis=0), 1 / 3, atol=0.06)


def test_the_scale_is_a_bound_a_deviation_or_a_value():
    assert SCALED == ("uniform", "normal", "constant")
    assert np.abs(draw("uniform", rng(), 100, 100, 0.7)).max() == pytest.approx(0.7, rel=1e-3)
    assert draw("normal", rng(), 100, 100, 0.7).std() == pytest.approx(0.7, rel=0.02)
    assert (draw("constant", rng(), 4, 5, -0.7) == -0.7).all()
    assert (draw("constant", rng(), 4, 5) == SCALE).all()
    for kind in SCALED:
        assert np.array_equal(draw(kind, rng(), 9, 9, 0.6), 2 * draw(kind, rng(), 9, 9, 0.3))


@pytest.mark.parametrize("kind", [kind for kind in INITIALIZERS if kind not in SCALED])
def test_the_others_have_no_scale(kind: str):
    assert np.array_equal(draw(kind, rng(), 9, 4, 0.6), draw(kind, rng(), 9, 4, 0.3))


@pytest.mark.parametrize("kind", RANDOM)
def test_a_seed_gives_the_same_weights_and_zero_biases(kind: str):
    network = Network.of(3, 4, 2)
    start = initial_parameters(network, kind, 5)
    assert np.array_equal(start, initial_parameters(network, kind, 5))
    assert not np.array_equal(start, initial_parameters(network, kind, 6))
    assert all((b == 0).all() and (w != 0).all() for w, b in network.views(start))


def test_zeros_and_constants_need_no_seed():
    network = Network.of(3, 4, 2)
    assert not initial_parameters(network, "zeros", 5).any()
    constant = initial_parameters(network, "constant", 5, 0.5)
    assert np.array_equal(constant, initial_parameters(network, "constant", 6, 0.5))
    assert all((b == 0).all() and (w == 0.5).all() for w, b in network.views(constant))


def test_layers_are_drawn_one_after_the_other():
    network, one = Network.of(3, 4, 2), rng(8)
    first, second = network.views(initial_parameters(network, "lecun_normal", 8))
    assert np.array_equal(first.w, one.normal(0, np.sqrt(1 / 3), (3, 4)))
    assert np.array_equal(second.w, one.normal(0, np.sqrt(1 / 4), (4, 2)))


def test_unknown_names_are_refused():
    with pytest.raises(ValueError, match="magic"):
        draw("magic", rng(), 1, 1)
