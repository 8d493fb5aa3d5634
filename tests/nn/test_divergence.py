from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.curve import CurveView
from visualnn.nn.data import Dataset, number_pairs
from visualnn.nn.diagnosis import Names
from visualnn.nn.divergence import (
    Divergence,
    affordable_rows,
    critical_rate,
    divergence,
    last_healthy,
    part_of,
    place,
    safe_rate,
    sharpness,
)
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network, neuron_names
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training

PLANE, NET = Network.of(2, 1), Network.of(2, 3, 1)
NAMES: Names = neuron_names(NET)
START = np.array([-1.0, 2.5, 0.0])
BOWL = number_pairs(0, 4)  # curvatures 4 and 20 for its two weights


def bowl(name: str, rate: float, **options: object) -> Training:
    mask = mask_of(PLANE, parameters=[2])
    return Training(PLANE, BOWL, Options(Optimizer(name, rate=rate), **options), START, mask=mask)


def exploded(training: Training, updates: int = 5000) -> Divergence | None:
    """Lets it explode, and goes back to see how."""
    twin = Training(training.network, training.dataset, training.options, training.start, mask=training.task.mask)
    training.run(updates)
    since = min(last_healthy(training.curve.view(training.updates), 0), training.updates - 1)
    twin.run(since)
    before = twin.parameters.copy()
    twin.run(1)
    rate = training.rate
    return divergence(twin.task, before, twin.parameters, since=since, update=since + 1, rate=rate)


@pytest.mark.parametrize("rate", [0.101, 0.105, 0.15, 3.0, 1e100])
def test_plain_descent_in_a_bowl(rate: float):
    found = exploded(bowl("sgd", rate))
    assert found.sharpness == pytest.approx(20.0, rel=1e-6)
    assert found.safe_rate == pytest.approx(0.09)  # the limit is 0.1
    assert found.loss_before < 2 * 13.5 < 2 * found.loss_after
    assert found.update == found.since + 1
    g = reference.gradient(PLANE, np.array([*_weights(found), 0.0]), BOWL.inputs, BOWL.targets, "mse")[1]
    assert found.change == pytest.approx(-rate * g[found.parameter], rel=1e-6)


def _weights(found: Divergence) -> tuple[float, float]:
    """Both weights before the explosion; after some bouncing along the steep diagonal only its side is left."""
    twin = bowl("sgd", found.rate)
    twin.run(found.since)
    assert twin.parameters[found.parameter] == found.before
    return tuple(twin.parameters[:2])


@pytest.mark.parametrize(("name", "limit"), [("momentum", 0.19), ("nesterov", 3.8 / 56)])
def test_momentum_in_a_bowl(name: str, limit: float):
    for rate in (1.02 * limit, 2 * limit):
        training = bowl(name, rate)
        found = exploded(training)
        assert training.full_loss() > 1e6 or not np.isfinite(training.full_loss())
        assert found.safe_rate == pytest.approx(0.9 * limit, rel=1e-6)
    calm = bowl(name, found.safe_rate)
    calm.run(2000)
    assert calm.full_loss() < 1e-9


@pytest.mark.parametrize("name", ["adam", "rmsprop", "adagrad", "lion", "nadam", "adamw"])
def test_rules_with_a_rate_for_each_parameter_are_tried(name: str):
    training = Training(NET, number_pairs(), Options(Optimizer(name, rate=1e160)))
    found = exploded(training, 50)
    assert training.updates == 1
    assert found.update == 1
    assert not np.isfinite(found.loss_after)
    assert 1e-4 < found.safe_rate < 10
    calm = Training(NET, number_pairs(), Options(Optimizer(name, rate=found.safe_rate)))
    assert calm.run(200) is Stop.DONE


@pytest.mark.parametrize("rate", [0.3, 10.0, 1e200])
def test_a_relu_net(rate: float):
    training = Training(NET, number_pairs(), Options(Optimizer("sgd", rate=rate), seed=1))
    found = exploded(training)
    assert not np.isfinite(training.loss)
    again = Training(NET, number_pairs(), Options(Optimizer("sgd", rate=found.safe_rate), seed=1))
    assert again.run(1000) is Stop.DONE
    assert again.full_loss() < 3.0
    assert found.sentence(NAMES).startswith(f"Update {found.update} moved weight ")


def test_what_did_not_explode_is_none():
    training = bowl("sgd", 0.05)
    before = training.parameters.copy()
    training.run(1)
    told = {"since": 0, "update": 1, "rate": 0.05}
    assert divergence(training.task, before, training.parameters, **told) is None
    assert divergence(training.task, np.full(3, np.nan), training.parameters, **told) is None
    assert divergence(training.task, training.parameters, before, **told) is not None


def test_the_parameter_that_is_no_longer_a_number_comes_first():
    after = np.array([1e9, np.nan, np.inf])
    found = divergence(bowl("sgd", 1.0).task, START, after, since=4, update=5, rate=1.0)
    assert (found.parameter, found.layer, found.source, found.neuron) == (1, 0, 1, 0)
    assert found.before == 2.5
    assert np.isnan(found.after)


def test_sentences_name_the_parameter():
    found = exploded(Training(NET, number_pairs(), Options(Optimizer("sgd", rate=0.3), seed=1)))
    assert found.sentence(NAMES) == "Update 2 moved weight c→f from 1.31 to −6.73."
    assert place(NET, 8) == (0, None, 2)
    assert [place(NET, k) for k in (0, 5, 6, 9, 12)] == [
        (0, 0, 0),
        (0, 1, 2),
        (0, None, 0),
        (1, 0, 0),
        (1, None, 0),
    ]


@pytest.mark.parametrize("loss", ["mse", "huber"])
def test_sharpness_is_the_largest_eigenvalue_of_the_hessian(loss: str):
    network = Network.of(2, 3, 1, hidden="tanh")
    training = Training(network, number_pairs(-2, 2), Options(Optimizer("sgd", rate=0.05), loss=loss, seed=3))
    training.run(200)
    w, task = training.parameters, training.task
    rows = []
    for k in range(w.size):
        step = 1e-5 * np.eye(w.size)[k]
        gradients = [reference.batch_gradient(task, w + way * step, slice(None), 0)[1] for way in (1, -1)]
        rows.append((gradients[0] - gradients[1]) / 2e-5)
    eigenvalues = np.linalg.eigvalsh(0.5 * (np.array(rows) + np.array(rows).T))
    assert sharpness(task, w) == pytest.approx(eigenvalues[-1], rel=0.02)


def test_sharpness_where_the_strongest_curvature_is_downwards():
    x = np.array([[1.0]])
    network = Network.of(1, 1, 1, hidden="linear")  # f = w₂w₁: saddle at 0 with curvatures ±2y
    task = Task.of(network, Options(Optimizer("sgd", rate=0.1)), Dataset("one", x, np.array([[3.0]]), ("x",)))
    w = np.array([0.3, 0.0, -0.2, 0.0])
    hessian = np.array([2 * 0.04, 2 * (2 * 0.3 * -0.2 - 3), 0.0, 2 * 0.09])
    assert np.linalg.eigvalsh(np.array([[hessian[0], hessian[1]], [hessian[1], hessian[3]]]))[0] < -6
    assert sharpness(task, w) > 0


def test_sharpness_says_nothing_where_gradients_are_clipped_or_all_is_flat():
    assert sharpness(bowl("sgd", 0.1, clip_norm=1.0).task, START) is None
    dead = np.zeros(13)
    NET.views(dead)[0].b[:] = -1.0
    flat = Task.of(NET, Options(Optimizer("sgd", rate=0.1)), number_pairs())
    assert sharpness(flat, dead) == pytest.approx(2.0)  # only the last bias still acts


def test_weight_decay_bends_too():
    task = bowl("sgd", 0.1, l2=1.0).task
    assert sharpness(task, START) == pytest.approx(22.0)
    decayed = Options(Optimizer("sgd", rate=0.1, weight_decay=2.0))
    assert sharpness(Task.of(PLANE, decayed, BOWL, mask_of(PLANE, parameters=[2])), START) == pytest.approx(22.0)


def test_critical_rates():
    assert critical_rate(Optimizer("sgd", rate=1), 20.0) == pytest.approx(0.1)
    assert critical_rate(Optimizer("momentum", rate=1), 20.0) == pytest.approx(0.19)
    assert critical_rate(Optimizer("adam", rate=1), 20.0) is None


def test_no_rate_is_safe_where_nothing_is_finite():
    task = bowl("sgd", 0.1).task
    assert safe_rate(task, np.array([1e200, 1e200, 0.0]), rate=1.0, sharpness=None) is None


@pytest.mark.parametrize(
    ("losses", "first", "epoch", "expected"),
    [
        ([4, 3, 2, 1, 9, 99, 999], 0, 1, 3),
        ([4, 7, 2, 7, 9, 99, 999], 0, 1, 3),
        ([1, 9, 99, 999], 0, 1, 0),
        ([4, 3, 2, 1, 9, 99, 999], 2, 1, 3),
        ([4, 3, 2, 1, 9, 99, 999], 5, 1, 5),
        ([4, 3, 2, 1, 9, 99, 999], 99, 1, 99),
        ([5, 0.1, 5, 0.1, 5, 0.1, 5, 0.1, 5, 5, 5, 5, 20, 200, 2000, 2e4], 0, 4, 11),
        ([np.nan, np.nan, 4, 3, 9, 99], 2, 1, 3),
        ([np.nan, np.nan], 0, 1, 0),
        ([], 0, 1, 0),
    ],
)
def test_the_last_healthy_update(losses: list[float], first: int, epoch: int, expected: int):
    assert last_healthy(CurveView(np.array(losses, dtype=np.float64), 1), first, epoch) == expected


def test_the_last_healthy_update_of_a_thinned_curve():
    curve = CurveView(np.array([4.0, 3, 2, 1, 9, 99]), 8)
    assert last_healthy(curve, 0) == 24
    assert last_healthy(curve, 9) == 24
    assert last_healthy(curve, 30) == 30


def test_part_of_a_task():
    task = Task.of(NET, Options(batch_size=10), number_pairs())
    part = part_of(task, np.arange(20, 60), 10)
    assert (part.rows, part.batch, part.epoch_length) == (10, 10, 1)
    assert np.array_equal(part.inputs, task.inputs[20:60:4])
    assert part_of(task, slice(None)).rows == 81
    assert affordable_rows(NET) > 10**5
    assert affordable_rows(Network.of(1000, 1000, 1000, 10)) < 10
