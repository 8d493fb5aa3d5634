from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.data import (
    RECIPES,
    TEACHER_RANK,
    Dataset,
    circles,
    gaussians,
    moons,
    number_pairs,
    random_rows,
    spirals,
    xor_points,
)
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Training


def test_number_pairs_are_all_pairs_with_their_sums():
    pairs = number_pairs()
    assert pairs.rows == 81
    assert pairs.inputs[0].tolist() == [-4, -4]
    assert np.array_equal(pairs.targets[:, 0], pairs.inputs.sum(axis=1))
    assert pairs.target_of(np.array([100.0, -250.0])).tolist() == [-150.0]
    assert number_pairs(1, 5).rows == 25


def test_xor_points_keep_away_from_the_axes():
    points = xor_points(rows=500)
    assert (np.abs(points.inputs) >= 0.08).all()
    assert np.array_equal(points.targets[:, 0] == 1, np.prod(points.inputs, axis=1) < 0)
    assert points.target_of(np.array([-0.5, 0.5])).tolist() == [1.0]


def test_circles_lie_inside_one_another():
    data = circles(rows=400)
    radius = np.hypot(*data.inputs.T)
    inner = data.targets[:, 0] == 1
    assert radius[inner].max() <= 0.45 < radius[~inner].min()
    assert data.target_of(data.inputs[3]).tolist() == data.targets[3].tolist()
    assert data.target_of(np.array([9.0, 9.0])) is None


def test_spirals_wind_one_and_a_half_times_around_the_middle():
    data = spirals(noise=0.0)
    assert (data.rows, data.classification, data.targets.sum()) == (200, True, 100)
    assert np.abs(data.inputs).max() <= 1.0
    radius, angle = np.hypot(*data.inputs.T), np.arctan2(*data.inputs.T[::-1])
    first = np.cos(angle - 3 * np.pi * radius)
    assert np.allclose(np.where(data.targets[:, 0] == 0, first, -first), 1.0)


@pytest.mark.parametrize(
    ("sizes", "losses"),
    [((2, 8, 1), (0.693234, 0.63648)), ((2, 16, 1), (0.780255, 0.63998)), ((2, 128, 1), (0.736855, 0.52677))],
)
def test_spirals_are_those_that_the_lessons_were_measured_on(sizes: tuple[int, ...], losses: tuple[float, ...]):
    network = Network.of(*sizes, hidden="relu", output="sigmoid")
    options = Options(Optimizer("adam", 0.01), "binary_cross_entropy", initializer="he_normal", seed=1)
    training = Training(network, spirals(), options)
    before = training.full_loss()
    training.run(100)
    assert (before, training.full_loss()) == pytest.approx(losses, rel=1e-5)


def test_moons_are_half_circles_one_in_the_other():
    data = moons(noise=0.0)
    upper = data.targets[:, 0] == 0
    assert np.allclose(np.hypot(*data.inputs[upper].T), 1.0)
    assert np.allclose(np.hypot(*(data.inputs[~upper] - (1.0, 0.5)).T), 1.0)
    assert data.inputs[upper, 1].min() >= -1e-12
    assert data.inputs[~upper, 1].max() <= 0.5


def test_gaussians_are_two_clouds():
    data = gaussians(rows=2000)
    one = data.targets[:, 0] == 1
    assert data.inputs[one].mean(axis=0) == pytest.approx([0.45, 0.45], abs=0.03)
    assert data.inputs[~one].mean(axis=0) == pytest.approx([-0.45, -0.45], abs=0.03)


@pytest.mark.parametrize("make", [spirals, moons, gaussians])
def test_the_first_rows_show_both_classes(make):
    assert 3 <= make().targets[:10].sum() <= 7


def test_random_rows_have_a_linear_teacher_of_any_shape():
    data = random_rows(5, 3)
    assert (data.inputs.shape, data.targets.shape) == ((256, 5), (256, 3))
    assert data.input_names == ("x1", "x2", "x3", "x4", "x5")
    weights, *_ = np.linalg.lstsq(data.inputs, data.targets)
    assert np.allclose(data.inputs @ weights, data.targets)
    assert not np.array_equal(random_rows(5, 3, seed=1).inputs, data.inputs)
    wide = random_rows(30_000, 20_000, rows=20)
    assert np.linalg.matrix_rank(wide.targets) == TEACHER_RANK
    assert 0.5 < wide.targets.std() < 2.0


@pytest.mark.parametrize("name", ["pairs", "xor", "circles", "spirals", "moons", "gaussians"])
def test_recipes_are_reproducible_and_read_only(name: str):
    one, other = RECIPES[name](), RECIPES[name]()
    assert isinstance(one, Dataset)
    assert one.name == name
    assert np.array_equal(one.inputs, other.inputs)
    assert np.array_equal(one.targets, other.targets)
    for array in (one.inputs, one.targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0
