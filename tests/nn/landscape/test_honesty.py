"""The table of how honest each kind of plane is.

It was made with another trainer: the network that adds from seed 11 on the pairs of 0…4, the others from seed 0 and
weights of He's; its paths hold a moment for every max(1, updates // 200) updates.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.demos import rows
from visualnn.nn.data import Dataset
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import choose
from visualnn.nn.landscape import plane
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.path import Path, shadow
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Training

NETWORK = Network.of(2, 3, 1)
RUNS = {"sgd": (0.03, 400), "momentum": (0.01, 400), "adam": (0.1, 300)}
TABLE = rows.demos()["landscape-honesty"]


def data() -> Dataset:
    return rows.grid(range(5))


def run(rule: str) -> tuple[Training, np.ndarray]:
    rate, updates = RUNS[rule]
    return trained(Training(NETWORK, data(), Options(Optimizer(rule, rate=rate), seed=11)), updates)


def trained(training: Training, updates: int) -> tuple[Training, np.ndarray]:
    moments = [training.parameters.copy()]
    while training.updates < updates:
        training.run(min(max(1, updates // 200), updates - training.updates))
        moments.append(training.parameters.copy())
    return training, np.array(moments)


def drawn(training: Training, moments: np.ndarray, cut: Plane) -> Path:
    return shadow(Ground(training.task, cut), moments)


@pytest.mark.parametrize(
    ("rule", "kept", "start"),
    [
        ("sgd", TABLE["adder_231_sgd"]["pca_var2"], TABLE["adder_231_sgd"]["start_true_vs_surface"]),
        ("momentum", TABLE["adder_231_momentum"]["pca_var2"], TABLE["adder_231_momentum"]["start"]),
        ("adam", TABLE["adder_231_adam"]["pca_var2"], TABLE["adder_231_adam"]["start"]),
    ],
)
def test_main_directions(rule: str, kept: float, start: list[float]):
    training, moments = run(rule)
    cut = plane.of_path(moments)
    path = drawn(training, moments, cut)
    assert cut.kept == pytest.approx(kept, abs=5.1e-4)
    assert path.losses[0] == pytest.approx(start[0], abs=5.1e-3)
    assert path.floors[0] == pytest.approx(start[1], abs=5.1e-3)


def test_main_directions_of_the_spirals():
    network, options = (
        Network.of(2, 16, 16, 1, output="sigmoid"),
        Options(Optimizer("adam", rate=0.01), "binary_cross_entropy", initializer="he_normal"),
    )
    training, moments = trained(Training(network, rows.spirals(), options), 300)
    cut = plane.of_path(moments)
    path = drawn(training, moments[:1], cut)
    assert cut.kept == pytest.approx(0.991, abs=5.1e-4)
    assert (path.losses[0], path.floors[0]) == (pytest.approx(0.707, abs=6e-4), pytest.approx(0.650, abs=6e-4))


def test_digits_of_which_random_directions_show_next_to_nothing(compiled_kernel, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(choose, "_ready", set(compiled_kernel))
    told, network = TABLE["digits_64_32_10"], Network.of(64, 32, 10, output="softmax")
    options = Options(Optimizer("sgd", rate=0.1), "cross_entropy", 32, initializer="he_normal")
    training, moments = trained(Training(network, rows.all_digits(), options), 1350)
    cut = plane.of_path(moments)
    path = drawn(training, moments[:1], cut)
    assert cut.kept == pytest.approx(told["pca_var2"], abs=5.1e-4)
    assert [path.losses[0], path.floors[0]] == pytest.approx(told["start_pca"], abs=5.1e-4)
    shares = []
    for seed in range(20):
        across = plane.random(network, moments[-1], np.random.default_rng(1000 + seed)).of(moments)
        shares.append(across.kept)
        assert drawn(training, moments[:1], across).floors[0] == pytest.approx(told["start_random"][1], rel=0.2)
    assert min(shares) < min(told["random_kept"])
    assert max(shares) > max(told["random_kept"])
    assert max(shares) < 0.01


def test_two_weights_of_a_whole_run():
    training, moments = run("sgd")
    cut = plane.two_weights(NETWORK, moments[-1], 2, 5, ("wae", "wbe")).of(moments)
    assert cut.kept == pytest.approx(0.807, abs=5.1e-4)
    assert drawn(training, moments, cut).floors[0] == pytest.approx(2.44, abs=5.1e-3)


def test_two_weights_of_dead_neurons_keep_nothing():
    training, moments = run("sgd")
    cut = plane.two_weights(NETWORK, moments[-1], 0, 4, ("wac", "wbd")).of(moments)
    assert cut.kept == 0.0
    assert not np.ptp(moments[:, [0, 4]], axis=0).any()
    assert drawn(training, moments, cut).floors[0] == pytest.approx(training.full_loss(), rel=1e-9)
    assert drawn(training, moments, cut).floors[0] == pytest.approx(1e-6, rel=0.15)


def test_random_directions_keep_little_and_the_ball_would_float():
    training, moments = run("sgd")
    shares, floors = [], []
    for seed in range(100):
        cut = plane.random(NETWORK, moments[-1], np.random.default_rng(1000 + seed)).of(moments)
        shares.append(cut.kept)
        floors.append(drawn(training, moments[:1], cut).floors[0])
    low, high = np.quantile(shares, [0.05, 0.95])
    assert all(low < share < high for share in TABLE["random_filter_normalised_231"]["path_variance_kept"])
    assert np.median(shares) < 0.25
    low, high = np.quantile(floors, [0.02, 0.98])
    assert all(low < floor < high for floor in TABLE["random_filter_normalised_231"]["start"][1])
    assert np.median(floors) < 0.2 * training.curve.view(1).losses[0]


def test_the_seed_of_the_first_weights_draws_these_again_and_no_random_direction():
    network = Network.of(64, 32, 10)
    start = initial_parameters(network, "he_normal", 0)
    whole_way = np.vstack([start, np.zeros_like(start)])
    drawn_again, other = (
        plane.random(network, start, np.random.default_rng(seed)).of(whole_way).kept for seed in (0, 1000)
    )
    assert drawn_again > 0.9
    assert other < 0.02
