from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn.nn.by_hand import CROSS_ENTROPIES
from visualnn.nn.functions import loss_rows
from visualnn.nn.kernels import reference
from visualnn.nn.mask import Mask, mask_of
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.passes import predict, row_loss
from visualnn.nn.trace import trace

ARTICLE = Network.of(2, 3, 1)


def flat(w1: Any, b1: Any, w2: Any, b2: Any) -> np.ndarray:
    return np.concatenate([np.ravel(part).astype(np.float64) for part in (w1, b1, w2, b2)])


@pytest.fixture(scope="module")
def article(goldens: dict[str, Any]) -> np.ndarray:
    params = goldens["article"]["params"]
    return flat(params["W1"], params["b1"], params["W2"], params["b2"])


def test_two_and_two_make_the_articles_number(article: np.ndarray):
    seen = trace(ARTICLE, article, np.array([2.0, 2.0]))
    hidden, output = seen.layers
    assert seen.output.tolist() == [3.9895875277625037]
    np.testing.assert_allclose(hidden.z, [4.03369508, -1.83017214, 3.26525986], atol=5e-9)
    np.testing.assert_allclose(hidden.a, [4.03369508, 0, 3.26525986], atol=5e-9)
    np.testing.assert_allclose(output.products[:, 0], [3.2039478673, 0, 0.7856489505], atol=5e-11)
    np.testing.assert_allclose(
        hidden.products, [[1.9814158, 0.02835008, 1.76093888], [2.0529854, -1.7900622, 1.5048754]], atol=1e-12
    )
    assert seen.loss is seen.target is seen.gradient is seen.updated is None
    assert seen.slopes == ()


def test_every_case_of_the_article(goldens: dict[str, Any], article: np.ndarray):
    for case in goldens["article"]["cases"]:
        answer = predict(ARTICLE, article, np.array([case["a"], case["b"]], dtype=np.float64))[0]
        assert answer == pytest.approx(case["output"], rel=1e-9)


def test_the_forward_pass_adds_as_a_person_would(article: np.ndarray):
    (w1, b1), (w2, b2) = ARTICLE.views(article)
    x = [0.1, 0.7]
    hidden = [max(0.0, x[0] * w1[0, j] + x[1] * w1[1, j] + b1[j]) for j in range(3)]
    answer = hidden[0] * w2[0, 0] + hidden[1] * w2[1, 0] + hidden[2] * w2[2, 0] + b2[0]
    assert predict(ARTICLE, article, np.array(x))[0] == answer


@pytest.mark.parametrize(("rate", "after"), [(0.01, 3.99669701), (0.02, 4.00380962), (0.1, 4.0608)])
def test_one_update_of_the_articles_network(article: np.ndarray, rate: float, after: float):
    seen = trace(ARTICLE, article, np.array([2.0, 2.0]), target=np.array([4.0]), optimizer=Optimizer("sgd", rate=rate))
    assert seen.slopes[-1].da.item() == pytest.approx(-0.020825, abs=5e-7)
    digits = 5e-5 if rate == 0.1 else 5e-9
    assert predict(ARTICLE, seen.updated, np.array([2.0, 2.0]))[0] == pytest.approx(after, abs=digits)
    assert seen.loss_after == row_loss(ARTICLE, seen.updated, seen.x, seen.target, "mse")


def test_backpropagation_by_hand(goldens: dict[str, Any]):
    card = goldens["by_hand"]
    params, sample, forward, backward = card["params"], card["sample"], card["forward"], card["backward"]
    parameters = flat(params["W1"], params["b1"], params["W2"], params["b2"])
    x, target = np.array([sample["a"], sample["b"]]), np.array([sample["target"]])
    seen = trace(ARTICLE, parameters, x, target=target)
    hidden, output = seen.layers
    assert hidden.z.tolist() == forward["z"]
    assert hidden.a.tolist() == forward["h"]
    assert output.products[:, 0].tolist() == forward["contrib"]
    assert (seen.output.item(), seen.loss) == (forward["f"], forward["loss"])
    expected = flat(backward["dW1"], backward["db1"], backward["dW2"], backward["db2"])
    np.testing.assert_allclose(seen.gradient, expected, atol=1e-15)
    np.testing.assert_allclose(seen.slopes[0].dz, backward["dz"])
    assert seen.slopes[1].da.item() == backward["dL_df"]
    assert (seen.gradient**2).sum() == pytest.approx(backward["grad_norm_sq_of_f"])
    for rate, after in card["after"].items():
        step = trace(ARTICLE, parameters, x, target=target, optimizer=Optimizer("sgd", rate=float(rate)))
        assert predict(ARTICLE, step.updated, x)[0] == pytest.approx(after, abs=5e-5)


BENDS = {"relu": (0,), "leaky_relu": (0,), "hard_tanh": (-1, 1), "hard_sigmoid": (-3, 3), "hard_silu": (-3, 3)}


def min_distance_to_a_kink(problem: Problem, mask: Mask | None = None) -> float:
    """How near the first row comes to where an activation or the loss bends."""
    network = problem.network
    passes = trace(network, problem.parameters, problem.dataset.inputs[0], mask=mask).layers
    heard = [np.ones(n) for n in network.sizes] if mask is None else mask.columns(network)
    found = [
        np.abs(p.z[units > 0] - at).min(initial=1.0)
        for p, name, units in zip(passes, network.activations, heard[1:], strict=True)
        for at in BENDS.get(name, ())
    ]
    a, y = passes[-1].a, problem.dataset.targets[0]
    if problem.loss == "mae":
        found.append(np.abs(a - y).min())
    if problem.loss == "hinge":
        found.append(np.abs(1 - (2 * y - 1) * a).min())
    return min(found, default=1.0)


@given(problems(max_units=4))
def test_every_slope_is_that_of_finite_differences(problem: Problem):
    assume(min_distance_to_a_kink(problem) > 1e-4)
    network, parameters, dataset, loss = problem
    x, y = dataset.inputs[0], dataset.targets[0]
    seen = trace(network, parameters, x, target=y, loss=loss)
    h = 1e-6
    for k in range(parameters.size):
        low, high = parameters.copy(), parameters.copy()
        low[k], high[k] = low[k] - h, high[k] + h
        measured = (row_loss(network, high, x, y, loss) - row_loss(network, low, x, y, loss)) / (2 * h)
        scale = max(1.0, abs(seen.loss), abs(seen.gradient[k]))
        assert seen.gradient[k] == pytest.approx(measured, abs=1e-6 * scale)


@given(problems())
def test_the_pass_is_that_of_the_training(problem: Problem):
    network, parameters, dataset, loss = problem
    x, y = dataset.inputs[0], dataset.targets[0]
    seen = trace(network, parameters, x, target=y, loss=loss)
    z, a = reference.forward(network, parameters, x[None])
    for layer, sums, activations in zip(seen.layers, z, a[1:], strict=True):
        np.testing.assert_allclose(layer.z, sums[0], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(layer.a, activations[0], rtol=1e-12, atol=1e-12)
    assume(min_distance_to_a_kink(problem) > 1e-9)
    value, slopes = reference.gradient(network, parameters, x[None], y[None], loss)
    assert seen.loss == pytest.approx(value, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(seen.gradient, slopes, rtol=1e-11, atol=1e-11)


@given(problems())
def test_the_slope_of_an_output_is_that_of_the_loss(problem: Problem):
    network, parameters, dataset, loss = problem
    assume(loss not in CROSS_ENTROPIES and min_distance_to_a_kink(problem) > 1e-4)
    y = dataset.targets[0]
    seen = trace(network, parameters, dataset.inputs[0], target=y, loss=loss)
    for n in range(network.outputs):
        step = 1e-6 * np.eye(network.outputs)[n]
        high, low = (loss_rows(loss, seen.layers[-1].z[None], (seen.output + h)[None], y[None]) for h in (step, -step))
        assert seen.slopes[-1].da[n] == pytest.approx((high[0] - low[0]) / 2e-6, abs=1e-6 * max(1.0, seen.loss))


def test_a_shortcut_adds_the_column_it_comes_from():
    net = Network(1, (Layer(1, "tanh"), Layer(1, "relu"), Layer(1, "sigmoid"), Layer(1, "linear")), shortcut=2)
    seen = trace(net, np.array([0.5, 0.0, -2.0, 0.0, 3.0, 0.1, 1.0, 0.0]), np.array([1.0]), target=np.array([0.0]))
    first, second, third, last = seen.layers
    assert second.shortcut is None
    assert second.f is second.a
    assert third.shortcut.tolist() == first.a.tolist() == [math.tanh(0.5)]
    assert third.f.item() == 1 / (1 + math.exp(-0.1))
    assert last.x.tolist() == third.a.tolist() == [third.f.item() + math.tanh(0.5)]
    assert seen.slopes[2].da.item() == seen.slopes[3].dz.item()
    assert seen.slopes[0].da.item() == seen.slopes[2].da.item()  # the way through the closed ReLU brings nothing back


def test_a_diverged_network_can_still_be_traced():
    seen = trace(ARTICLE, np.full(13, 1e300), np.array([2.0, 2.0]), target=np.array([4.0]), optimizer=Optimizer())
    assert not np.isfinite(seen.loss)


def test_who_only_looks_at_the_answer_pays_for_nothing_else(article: np.ndarray):
    seen = trace(ARTICLE, article, np.array([2.0, 2.0]), target=np.array([4.0]), optimizer=Optimizer())
    assert seen.output.tolist() == [3.9895875277625037]
    assert not {"loss", "slopes", "gradient", "updated", "loss_after"} & set(vars(seen))
    assert seen.updated is seen.updated
    assert "loss_after" not in vars(seen)


# -- with parts switched off -------------------------------------------------------------------------------------------


@st.composite
def masked(draw: st.DrawFn) -> tuple[Problem, Mask]:
    """A problem of which something is switched off."""
    problem = draw(problems(max_units=4))
    network = problem.network
    neurons = [(c, n) for c, units in enumerate(network.sizes[:-1]) for n in range(units)]
    silent = draw(st.lists(st.sampled_from(neurons), min_size=1, max_size=3))
    return problem, mask_of(network, silent, draw(st.lists(st.integers(0, network.parameter_count - 1), max_size=3)))


@given(masked())
def test_the_pass_with_a_mask_is_that_of_the_training(made: tuple[Problem, Mask]):
    (network, parameters, dataset, loss), mask = made
    x, y = dataset.inputs[0], dataset.targets[0]
    seen = trace(network, parameters, x, target=y, loss=loss, mask=mask)
    w, gates = reference.kept(parameters, mask), reference.open_gates(network, mask)
    z, a = reference.forward(network, w, x[None], gates)
    for layer, came, sums, activations in zip(seen.layers, a[:-1], z, a[1:], strict=True):
        np.testing.assert_allclose(layer.x, came[0], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(layer.z, sums[0], rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(layer.a, activations[0], rtol=1e-12, atol=1e-12)
    assert predict(network, parameters, x, mask).tolist() == seen.output.tolist()
    assume(min_distance_to_a_kink(made[0], mask) > 1e-9)
    value, slopes = reference.gradient(network, w, x[None], y[None], loss, gates)
    assert seen.loss == pytest.approx(value, rel=1e-12, abs=1e-12)
    np.testing.assert_allclose(seen.gradient, slopes * mask.parameters, rtol=1e-11, atol=1e-11)
    np.testing.assert_array_equal(np.concatenate([p for s in seen.slopes for p in (s.dw.ravel(), s.db)]), seen.gradient)


@given(masked())
def test_every_slope_with_a_mask_is_that_of_finite_differences(made: tuple[Problem, Mask]):
    (network, parameters, dataset, loss), mask = made
    assume(min_distance_to_a_kink(made[0], mask) > 1e-4)
    x, y = dataset.inputs[0], dataset.targets[0]
    seen = trace(network, parameters, x, target=y, loss=loss, mask=mask)
    h = 1e-6
    for k in range(parameters.size):
        low, high = parameters.copy(), parameters.copy()
        low[k], high[k] = low[k] - h, high[k] + h
        up, down = (row_loss(network, moved, x, y, loss, mask) for moved in (high, low))
        scale = max(1.0, abs(seen.loss), abs(seen.gradient[k]))
        assert seen.gradient[k] == pytest.approx((up - down) / (2 * h), abs=1e-6 * scale)


@given(masked(), st.sampled_from(OPTIMIZERS))
def test_what_is_switched_off_is_0_and_stays_0(made: tuple[Problem, Mask], rule: str):
    (network, parameters, dataset, loss), mask = made
    x, y = dataset.inputs[0], dataset.targets[0]
    optimizer = Optimizer(rule, 0.01, weight_decay=0.1)
    seen = trace(network, parameters, x, target=y, loss=loss, optimizer=optimizer, mask=mask)
    off = mask.parameters == 0
    for numbers in (seen.parameters, seen.gradient, seen.updated):
        assert numbers[off].tobytes() == bytes(8 * off.sum())  # exactly 0, not −0
    assert np.concatenate([p for s in seen.layers for p in (s.w.ravel(), s.b)])[off].tobytes() == bytes(8 * off.sum())
    assert seen.loss_after == row_loss(network, seen.updated, x, y, loss, mask)
    for own, gate in zip([seen.layers[0].x, *(layer.a for layer in seen.layers)], mask.columns(network), strict=True):
        assert own[gate == 0].tobytes() == bytes(8 * (gate == 0).sum())


def test_nothing_switched_off_changes_no_bit(article: np.ndarray):
    x, y = np.array([2.0, 2.0]), np.array([4.0])
    all_on = Mask(np.ones(13), np.ones(6))
    plain, seen = (trace(ARTICLE, article, x, target=y, optimizer=Optimizer(), mask=mask) for mask in (None, all_on))
    assert (seen.output.tolist(), seen.loss, seen.loss_after) == (plain.output.tolist(), plain.loss, plain.loss_after)
    assert seen.updated.tobytes() == plain.updated.tobytes()


def test_a_silent_neuron_is_silent_on_a_shortcut_too():
    net = Network(1, (Layer(1, "linear"), Layer(1, "sigmoid"), Layer(1, "linear")), shortcut=1)
    seen = trace(net, np.ones(6), np.array([5.0]), target=np.array([0.0]), mask=mask_of(net, [(2, 0)]))
    middle = seen.layers[1]
    assert (middle.f.item(), middle.shortcut.item(), middle.a.item()) == (0.0, 0.0, 0.0)
    assert seen.output.tolist() == [1.0]
    assert seen.slopes[0].da.tolist() == [0.0]
