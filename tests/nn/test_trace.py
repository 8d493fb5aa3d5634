from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given

from tests.nn.problems import Problem, problems
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.trace import predict, row_loss, trace

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


def min_distance_to_a_kink(problem: Problem) -> float:
    """How near a sum comes to where ReLU bends."""
    passes = trace(problem.network, problem.parameters, problem.dataset.inputs[0]).layers
    bent = [p.z for p, name in zip(passes, problem.network.activations, strict=True) if "relu" in name]
    return min((np.abs(z).min() for z in bent), default=1.0)


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


def test_a_diverged_network_can_still_be_traced():
    seen = trace(ARTICLE, np.full(13, 1e300), np.array([2.0, 2.0]), target=np.array([4.0]), optimizer=Optimizer())
    assert not np.isfinite(seen.loss)
