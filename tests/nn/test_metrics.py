import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn import metrics
from visualnn.nn.data import Dataset
from visualnn.nn.network import Network
from visualnn.nn.passes import predict
from visualnn.nn.training import Training


def test_the_adder_misses_by_what_every_row_by_itself_says():
    project = load("adder")
    score = metrics.score(project.network, project.parameters, project.data, "mse")
    rows = zip(project.data.inputs, project.data.targets, strict=True)
    misses = [predict(project.network, project.parameters, x)[0] - y[0] for x, y in rows]
    assert score.rows == 81
    assert score.loss == pytest.approx(np.mean(np.square(misses)), rel=1e-9)
    assert score.mean_miss == pytest.approx(np.mean(np.abs(misses)), rel=1e-9)
    assert score.largest_miss == pytest.approx(np.max(np.abs(misses)), rel=1e-9)
    assert score.right is None


def test_the_loss_is_that_of_the_training_over_all_rows():
    project = load("xor")
    training = Training(project.network, project.data, project.options)
    training.run(30)
    score = metrics.score(project.network, training.parameters, project.data, project.options.loss)
    assert score.loss == pytest.approx(training.full_loss(), rel=1e-12)


def test_right_rows_are_counted_one_by_one():
    project = load("circles")
    training = Training(project.network, project.data, project.options)
    training.run(20)
    out = metrics.predict(project.network, training.parameters, project.data.inputs)
    right = sum((a > 0.5) == (y == 1) for a, y in zip(out[:, 0], project.data.targets[:, 0], strict=True))
    score = metrics.score(project.network, training.parameters, project.data, project.options.loss)
    assert score.right == right


def test_of_several_outputs_the_largest_names_the_class():
    out = np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.3, 0.5]])
    targets = np.eye(3)[[1, 0, 0]]
    assert metrics.is_right(out, targets).tolist() == [True, True, False]


def test_one_half_is_class_0_and_nan_is_never_right():
    out, targets = np.array([[0.5], [np.nan], [0.51]]), np.array([[0.0], [0.0], [1.0]])
    assert metrics.is_right(out, targets).tolist() == [True, False, True]


def test_with_hinge_a_single_output_above_0_is_class_1():
    out, targets = np.array([[0.2], [-0.2], [0.0], [0.7]]), np.array([[1.0], [0.0], [0.0], [0.0]])
    assert metrics.is_right(out, targets, "hinge").tolist() == [True, True, True, False]
    assert metrics.is_right(out, targets).tolist() == [False, True, True, False]
    network = Network.of(1, 1)
    data = Dataset("four", out, targets, ("x",), classification=True)
    score = metrics.score(network, np.array([1.0, 0.0]), data, "hinge")
    assert (score.right, score.confusion.tolist()) == (3, [[2, 1], [0, 1]])


def test_confusion_has_the_truth_in_its_rows():
    out = np.array([[0.1, 0.7, 0.2], [0.5, 0.3, 0.2], [0.2, 0.3, 0.5], [0.1, 0.8, 0.1], [np.nan, 0.0, 0.0]])
    targets = np.eye(3)[[1, 0, 0, 2, 2]]
    counts = metrics.confusion(out, targets)
    assert counts.tolist() == [[1, 0, 1], [0, 1, 0], [0, 1, 0]]
    assert np.trace(counts) == metrics.is_right(out, targets).sum()
    assert metrics.confusion(np.array([[0.4], [0.6]]), np.array([[1.0], [1.0]])).tolist() == [[0, 0], [1, 1]]


def test_what_is_no_class_is_not_confused():
    project = load("adder")
    assert metrics.score(project.network, project.parameters, project.data, "mse").confusion is None
    many = Network.of(1, metrics.MOST_CLASSES + 1)
    data = Dataset("many", np.ones((1, 1)), np.eye(1, many.outputs), ("x",), classification=True)
    score = metrics.score(many, np.zeros(many.parameter_count), data, "mse")
    assert (score.right, score.confusion) == (1, None)


def test_r_squared_compares_with_always_saying_the_mean():
    y = np.array([[0.0, 10.0], [1.0, 20.0], [2.0, 60.0]])
    assert metrics.r_squared(y, y) == 1
    assert metrics.r_squared(np.broadcast_to(y.mean(axis=0), y.shape), y) == pytest.approx(0, abs=1e-12)
    half = np.column_stack([y[:, 0], np.full(3, 30.0)])  # perfect, and as good as the mean
    assert metrics.r_squared(half, y) == pytest.approx(0.5)
    assert metrics.r_squared(y[::-1], y) < 0
    assert np.isnan(metrics.r_squared(np.full_like(y, np.nan), y))


@pytest.mark.parametrize("constant", [0.0, 0.1, 1e-200])
def test_without_spread_there_is_no_r_squared(constant):
    y = np.column_stack([np.arange(3.0), np.full(3, constant)])
    assert metrics.r_squared(y, y) is None


def test_a_diverged_network_is_measured_without_a_warning():
    network = Network.of(2, 3, 1)
    data = Dataset("two", np.ones((2, 2)), np.ones((2, 1)), ("a", "b"), classification=True)
    score = metrics.score(network, np.full(13, 1e300), data, "mse")
    assert not np.isfinite(score.loss)
    assert score.right == 0


def test_the_plane_has_rows_from_ys_and_columns_from_xs():
    network = Network.of(2, 1)
    out = metrics.plane(network, np.array([1.0, 10.0, 0.5]), np.array([1.0, 2.0, 3.0]), np.array([5.0, -5.0]))
    assert out[..., 0].tolist() == [[51.5, 52.5, 53.5], [-48.5, -47.5, -46.5]]
