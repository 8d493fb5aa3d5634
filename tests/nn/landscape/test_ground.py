"""Every height is the loss that everybody else computes at these parameters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn.nn.data import Dataset, number_pairs
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import choose
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape.ground import Ground, plain_heights, sampled
from visualnn.nn.landscape.plane import Plane, random, two_weights
from visualnn.nn.mask import mask_of
from visualnn.nn.metrics import score
from visualnn.nn.network import Layer, Network
from visualnn.nn.options import Options
from visualnn.nn.training import Training

NEAR = 1e-12  # relative: sums are added in another order, nothing else


def plane_through(parameters: np.ndarray, seed: int, scale: float = 1.0) -> Plane:
    u, v = np.random.default_rng(seed).normal(0.0, scale, (2, parameters.size))
    return Plane(parameters.copy(), u, v, "random", ("u", "v"))


def agree(found: np.ndarray, expected: np.ndarray, floor: float = 0.0) -> None:
    """Finite places to `NEAR`; the others are the same places."""
    known = np.isfinite(expected)
    np.testing.assert_array_equal(np.isfinite(found), known)
    np.testing.assert_allclose(found[known], expected[known], rtol=NEAR, atol=floor)


@settings(max_examples=80)
@given(
    problem=problems(max_units=20, max_rows=40),
    seed=st.integers(0, 2**32),
    silent=st.booleans(),
    compiled=st.booleans(),
)
def test_heights_are_the_score_of_the_parameters_there(
    compiled_heights: choose.Kind, problem: Problem, seed: int, silent: bool, compiled: bool
):
    network, rng = problem.network, np.random.default_rng(seed)
    mask = None
    if silent and len(network.sizes) > 2:
        hidden = (int(rng.integers(1, len(network.sizes) - 1)), 0)
        mask = mask_of(network, [hidden], [int(rng.integers(network.parameter_count))])
    task = Task.of(network, Options(loss=problem.loss), problem.dataset, mask)
    plane, (xs, ys) = plane_through(problem.parameters, seed), rng.normal(0, 1, (2, 7))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(choose, "_ready", {compiled_heights} if compiled else set())
        found = Ground(task, plane).heights(xs, ys)
    expected = [
        score(network, plane.point(x, y), problem.dataset, problem.loss, mask).loss for x, y in zip(xs, ys, strict=True)
    ]
    agree(found, np.array(expected), floor=1e-15)


@pytest.mark.parametrize("rows", [1, 7, 8, 9, 16, 17, 100])
def test_any_number_of_rows_counts_each_once(way: str, rows: int):
    rng = np.random.default_rng(rows)
    network = Network.of(3, 5, 2, hidden="tanh")
    data = Dataset("some", rng.normal(0, 1, (rows, 3)), rng.normal(0, 1, (rows, 2)), ())
    plane = plane_through(rng.normal(0, 1, network.parameter_count), 1)
    found = Ground(Task.of(network, Options(), data), plane).heights(np.array([0.3]), np.array([-0.7]))
    expected = score(network, plane.point(0.3, -0.7), data, "mse").loss
    assert found == pytest.approx(expected, rel=NEAR)


@pytest.mark.parametrize("sizes", [(30, 40, 10), (4, 9, 5)])
def test_the_loss_that_training_keeps_of_a_batch_is_the_height_to_the_bit(
    compiled_heights: choose.Kind,
    compiled_kernel: frozenset[choose.Kind],
    monkeypatch: pytest.MonkeyPatch,
    sizes: tuple[int, int, int],
):
    monkeypatch.setattr(choose, "_ready", {*compiled_kernel, compiled_heights})
    rng, network = np.random.default_rng(0), Network.of(*sizes, output="softmax")
    classes = np.eye(sizes[-1])[rng.integers(0, sizes[-1], 70)]
    data = Dataset("some", rng.normal(0, 1, (70, sizes[0])), classes, (), classification=True)
    options = Options(loss="cross_entropy")
    for seed in range(5):
        start = initial_parameters(network, "glorot_uniform", seed)
        training = Training(network, data, options, start)
        training.run(1)
        plane = two_weights(network, start, 3, 50, ("x", "y"))
        height = Ground(training.task, plane).heights(start[[3]], start[[50]])[0]
        assert height == training.curve.view(1).losses[0]


@settings(max_examples=40)
@given(problem=problems(max_units=20, max_rows=40), seed=st.integers(0, 2**32), silent=st.booleans())
def test_the_kernels_for_narrow_and_wide_networks_agree(
    compiled_heights: choose.Kind, problem: Problem, seed: int, silent: bool
):
    from visualnn.nn.kernels import surveys

    network, rng = problem.network, np.random.default_rng(seed)
    mask = mask_of(network, parameters=[int(rng.integers(network.parameter_count))]) if silent else None
    task = Task.of(network, Options(loss=problem.loss), problem.dataset, mask)
    plane, (xs, ys) = plane_through(problem.parameters, seed), rng.normal(0, 1, (2, 5))
    ways = plane.origin, plane.u, plane.v
    narrow, wide = (surveys.heights_for(task, family, ways).at(xs, ys) for family in ("lane", "tile"))
    agree(narrow, wide, floor=1e-15)


@pytest.mark.parametrize("sizes", [(2, 3, 1), (30, 40, 10)])
def test_another_plane_shares_what_is_compiled_and_leaves_the_first_as_it_was(way: str, sizes: tuple[int, ...]):
    rng, network = np.random.default_rng(0), Network.of(*sizes)
    data = Dataset("some", rng.normal(0, 1, (20, sizes[0])), rng.normal(0, 1, (20, sizes[-1])), ())
    task, planes = (
        Task.of(network, Options(), data),
        [plane_through(rng.normal(0, 0.5, network.parameter_count), seed) for seed in range(3)],
    )
    xs, ys = rng.normal(0, 1, (2, 9))
    first, fresh = Ground(task, planes[0]), [Ground(task, plane).heights(xs, ys) for plane in planes]
    before = first.over(planes[1]).heights(xs, ys)
    np.testing.assert_array_equal(first.heights(xs, ys), fresh[0])
    others = [first.over(plane) for plane in planes]
    for ground, expected in zip([*others, *others[::-1]], [*fresh, *fresh[::-1]], strict=True):
        np.testing.assert_array_equal(ground.heights(xs, ys), expected)
    np.testing.assert_array_equal(before, fresh[1])
    assert others[1].plane is planes[1]


def test_heights_are_the_losses_of_training_without_dropout_and_penalties(way: str):
    network, data = Network.of(2, 3, 1), number_pairs()
    options = Options(l1=0.1, l2=0.1, dropout=0.5, batch_size=4, precision="float32")
    training = Training(network, data, options)
    plane = two_weights(network, training.parameters, 0, 9, ("wac", "wcf"))
    ground = Ground(training.task, plane)
    x, y = training.parameters[[0]], training.parameters[[9]]
    assert ground.heights(x, y) == pytest.approx(training.full_loss(), rel=NEAR)
    assert ground.loss(training.parameters) == training.full_loss()


def test_what_overflows_stays_what_it_is(way: str):
    network, data = Network.of(2, 3, 1), number_pairs()
    task = Task.of(network, Options(), data)
    plane = two_weights(network, np.full(13, 1e200), 0, 9, ("x", "y"))
    found = Ground(task, plane).heights(np.array([1e200, np.nan, 1.0]), np.array([1e200, 0.0, 1.0]))
    assert not np.isfinite(found).any()
    calm = two_weights(network, np.zeros(13), 0, 9, ("x", "y"))
    assert np.isfinite(Ground(task, calm).heights(np.array([1e60]), np.array([1e60]))).all()


def test_where_a_neuron_is_dead_its_weights_do_not_matter(way: str):
    network, data = Network.of(2, 3, 1), number_pairs()
    parameters = initial_parameters(network, "glorot_uniform", 0)
    parameters[network.bias_index(0, 1)] = -1e3
    plane = two_weights(network, parameters, 1, network.weight_index(1, 1, 0), ("wad", "wdf"))
    xs, ys = np.random.default_rng(0).normal(0, 1, (2, 50))
    assert np.ptp(Ground(Task.of(network, Options(), data), plane).heights(xs, ys)) == 0.0


def test_shortcuts_out_of_silent_neurons_carry_nothing(way: str):
    network = Network(2, (Layer(4, "tanh"), Layer(4, "tanh"), Layer(4, "tanh"), Layer(1, "linear")), shortcut=1)
    rng, data = np.random.default_rng(0), number_pairs()
    parameters, mask = rng.normal(0, 1, network.parameter_count), mask_of(network, [(1, 2), (2, 0)])
    task = Task.of(network, Options(), data, mask)
    plane, (xs, ys) = plane_through(parameters, 3), rng.normal(0, 1, (2, 20))
    expected = [score(network, plane.point(x, y), data, "mse", mask).loss for x, y in zip(xs, ys, strict=True)]
    agree(Ground(task, plane).heights(xs, ys), np.array(expected))


def test_the_slopes_of_the_true_height_are_those_of_finite_differences():
    network, data = Network.of(2, 4, 1, hidden="tanh"), number_pairs()
    parameters = initial_parameters(network, "glorot_uniform", 1)
    ground = Ground(Task.of(network, Options(l2=1.0), data), two_weights(network, parameters, 0, 1, ("x", "y")))
    ways = np.eye(parameters.size) * 1e-6
    expected = [(ground.loss(parameters + way) - ground.loss(parameters - way)) / 2e-6 for way in ways]
    np.testing.assert_allclose(ground.gradient(parameters), expected, rtol=1e-5, atol=1e-7)


def test_a_sample_of_the_rows_is_always_the_same_and_of_few_rows_all():
    task = Task.of(Network.of(2, 3, 1), Options(), number_pairs())
    assert sampled(task, task.rows) is task
    first, again = sampled(task, 10), sampled(task, 10)
    assert first.rows == 10
    np.testing.assert_array_equal(first.inputs, again.inputs)
    assert {tuple(row) for row in first.inputs} <= {tuple(row) for row in task.inputs}
    assert (first.inputs.sum(axis=1) == first.targets[:, 0]).all()


def test_many_points_are_taken_in_parts_that_do_not_matter():
    network = Network.of(2, 16, 16, 1, output="sigmoid")
    rng = np.random.default_rng(0)
    data = Dataset("some", rng.normal(0, 1, (500, 2)), rng.integers(0, 2, (500, 1)).astype(float), ())
    task = Task.of(network, Options(loss="binary_cross_entropy"), data)
    plane = random(network, initial_parameters(network, "glorot_uniform", 0), rng)
    xs, ys = rng.normal(0, 1, (2, 300))
    whole = plain_heights(task, plane, xs, ys)
    one_by_one = [plain_heights(task, plane, xs[k : k + 1], ys[k : k + 1])[0] for k in range(0, 300, 29)]
    np.testing.assert_allclose(whole[::29], one_by_one, rtol=NEAR)


def test_another_precision_or_batch_size_has_the_same_heights(way: str):
    network, data = Network.of(2, 3, 1), number_pairs()
    plane = plane_through(initial_parameters(network, "glorot_uniform", 0), 0)
    task, xs = Task.of(network, Options(), data), np.linspace(-1, 1, 9)
    other = replace(task, options=Options(precision="float32", batch_size=3))
    np.testing.assert_array_equal(Ground(task, plane).heights(xs, xs), Ground(other, plane).heights(xs, xs))
