import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn import metrics
from visualnn.nn.data import Dataset
from visualnn.nn.network import Network
from visualnn.nn.trace import predict
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
