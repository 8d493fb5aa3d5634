from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.nn.data import (
    TEACHER_RANK,
    Dataset,
    cats_dogs,
    checkerboard,
    circles,
    drawn_sums,
    gaussians,
    houses,
    moons,
    noisy_sine,
    number_differences,
    number_pairs,
    plane,
    random_rows,
    spirals,
    xor_points,
)
from visualnn.nn.metrics import score
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


def test_pairs_may_be_missed_by_noise_or_only_some_of_them():
    some = number_pairs(rows=20, seed=1)
    assert {tuple(pair) for pair in some.inputs} < {tuple(pair) for pair in number_pairs().inputs}
    assert (some.rows, some.rule) == (20, "sum")
    noisy = number_pairs(noise=0.5)
    assert noisy.rule is None  # a rule would say another answer than the rows
    assert 0.3 < (noisy.targets - number_pairs().targets).std() < 0.7
    assert np.array_equal(noisy.inputs, number_pairs().inputs)


def test_differences_are_how_far_two_numbers_are_apart():
    data = number_differences()
    assert (data.rows, data.targets.var()) == (25, pytest.approx(1.44))
    assert np.array_equal(data.targets[:, 0], np.abs(data.inputs[:, 0] - data.inputs[:, 1]))
    assert data.target_of(np.array([-3.0, 4.5])).tolist() == [7.5]


def test_drawn_sums_are_those_that_the_lessons_were_measured_on():
    rng = np.random.default_rng(0)
    inputs = rng.uniform(0, 4, (256, 2))
    data = drawn_sums()
    assert np.array_equal(data.inputs, inputs)
    assert np.allclose(data.targets[:, 0], inputs.sum(axis=1) + rng.normal(0, 0.5, 256))


def test_noise_blurs_points_and_leaves_their_classes():
    assert np.array_equal(xor_points(noise=0.2).targets, xor_points().targets)
    assert (xor_points(noise=0.2).rule, xor_points(noise=0.2).target_of(np.zeros(2))) == (None, None)
    assert np.array_equal(checkerboard(noise=0.1).targets, checkerboard().targets)
    wide, narrow = circles(noise=0.2), circles(noise=0.0)
    ring = narrow.targets[:, 0] == 0
    assert np.allclose(np.hypot(*narrow.inputs[ring].T), 0.85)
    assert np.hypot(*wide.inputs[ring].T).std() > 0.1


def test_a_checkerboard_has_classes_in_turn_with_a_gap_between_them():
    data = checkerboard(rows=1000)
    squares = np.floor((data.inputs + 1.0) * 2.0)
    assert set(squares.ravel()) == {0.0, 1.0, 2.0, 3.0}
    assert np.array_equal(squares.sum(axis=1) % 2, data.targets[:, 0])
    assert np.abs(data.inputs * 2.0 - np.round(data.inputs * 2.0)).min() >= 0.07


@pytest.mark.parametrize("make", [spirals, moons, gaussians])
def test_an_odd_number_of_points_is_kept_too(make):
    data = make(rows=101)
    assert (data.rows, data.targets.sum()) == (101, 50)


def test_a_plane_is_half_the_sum():
    data = plane()
    assert np.allclose(data.targets[:, 0], (data.inputs[:, 0] + data.inputs[:, 1]) / 2)
    assert data.target_of(np.array([3.0, 1.0])).tolist() == [2.0]
    assert (plane(noise=0.2).rule, data.output_names) == (None, ("height",))


def test_the_noisy_sine_is_the_one_that_the_lessons_were_measured_on():
    data = noisy_sine()
    first, last = (-0.994523, -0.598463), (0.870145, 0.484608)
    assert np.column_stack([data.inputs, data.targets])[[0, -1]] == pytest.approx(np.array([first, last]), abs=1e-6)
    assert (data.rows, data.tests) == (12, 201)
    assert np.allclose(data.test_targets, np.sin(np.pi * data.test_inputs))
    network, options = Network.of(1, 2, 1, hidden="tanh"), Options(Optimizer("adam", 0.01))
    training = Training(network, data, options)
    for update, train, test in ((0, 0.394826, 0.312493), (100, 0.180655, 0.193418)):
        training.run(update - training.updates)
        assert training.full_loss() == pytest.approx(train, rel=1e-5)
        assert score(network, training.parameters, data.held, "mse").loss == pytest.approx(test, rel=1e-5)


def test_a_house_costs_what_its_area_and_its_rooms_do():
    data = houses()
    rng = np.random.default_rng(0)
    area, rooms = rng.uniform(50, 250, 100), rng.integers(1, 7, 100)
    assert np.array_equal(data.inputs, np.column_stack([area, rooms]))
    assert np.allclose(data.targets[:, 0], 2 * area + 15 * rooms + 20)
    assert (data.input_names, data.output_names) == (("area", "rooms"), ("price",))
    assert 5 < (houses(noise=10.0).targets - data.targets).std() < 15


def test_cats_have_ears_above_and_dogs_beside_the_head():
    pictures, kinds = cats_dogs(40, seed=5)
    assert (pictures.shape, kinds.ravel().tolist()) == ((40, 256), [0.0, 1.0] * 20)
    assert (pictures.min(), pictures.max()) == (0.0, 1.0)
    cat, dog = (pictures[kinds[:, 0] == kind].mean(axis=0).reshape(16, 16) for kind in (0, 1))
    assert cat[2:4].mean() > 2 * dog[2:4].mean()
    sides = [0, 1, 2, 13, 14, 15]
    assert dog[7:11, sides].mean() > 2 * cat[7:11, sides].mean()
    assert dog[10:13, 6:10].mean() > cat[10:13, 6:10].mean()  # the snout


def test_cats_and_dogs_are_those_that_the_lessons_were_measured_on():
    pictures, _kinds = cats_dogs(20, seed=0)
    assert pictures.sum() == pytest.approx(895.1683990631327, rel=1e-9)
    again, _kinds = cats_dogs(10, seed=0)
    assert np.array_equal(again, pictures[:10])


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


ROW = Dataset("mine", np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0], [6.0]]), ("a", "b"))


def test_rows_that_are_held_back_are_a_data_set_of_their_own():
    assert (ROW.tests, ROW.held, ROW.test_inputs.shape, ROW.test_targets.shape) == (0, None, (0, 2), (0, 1))
    data = replace(
        ROW, test_inputs=np.array([[7.0, 8.0]]), test_targets=np.array([[9.0]]), texts=("one", "two", "three")
    )
    assert (data.rows, data.tests) == (2, 1)
    assert data.held is data.held
    assert (data.held.inputs.tolist(), data.held.targets.tolist()) == ([[7.0, 8.0]], [[9.0]])
    assert (data.held.name, data.held.input_names, data.held.texts, data.held.held) == (
        "mine",
        ("a", "b"),
        ("three",),
        None,
    )


def test_the_answer_to_a_test_row_is_known_too():
    data = replace(ROW, test_inputs=np.array([[7.0, 8.0]]), test_targets=np.array([[9.0]]))
    assert data.target_of(np.array([7.0, 8.0])).tolist() == [9.0]
    assert data.target_of(np.array([3.0, 4.0])).tolist() == [6.0]
    assert data.target_of(np.array([7.0, 9.0])) is None


def test_rows_can_be_parted_with_their_texts():
    data = replace(ROW, texts=("one", "two")).parted(np.array([1]), np.array([0]))
    assert (data.inputs.tolist(), data.test_inputs.tolist(), data.texts) == ([[3.0, 4.0]], [[1.0, 2.0]], ("two", "one"))


def test_answers_have_a_natural_end():
    assert plane().natural_end == ("linear", "mse")
    assert circles().natural_end == ("sigmoid", "binary_cross_entropy")
    assert replace(circles(), targets=np.ones((160, 2))).natural_end == ("softmax", "cross_entropy")
