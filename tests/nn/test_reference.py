from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from visualnn.nn.data import Dataset
from visualnn.nn.functions import ACTIVATIONS, DISTANCES, HIDDEN_ACTIVATIONS, HUBER_DELTA, losses_for
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.mask import Mask, mask_of
from visualnn.nn.network import Layer, Network
from visualnn.nn.options import Options
from visualnn.nn.penalties import add_penalties

ALL = slice(None)
H = 1e-5
FITTING = [(activation, loss) for activation in ACTIVATIONS for loss in losses_for(activation)]
PENALTIES = {"no penalty": {}, "l1": {"l1": 0.03}, "l2": {"l2": 0.05}}
BENDS = {
    "relu": [0.0],
    "leaky_relu": [0.0],
    "elu": [0.0],  # its slope has a bend there, as Huber's loss has at 1
    "hard_tanh": [-1.0, 1.0],
    "hard_sigmoid": [-3.0, 3.0],
    "hard_silu": [-3.0, 3.0],
}


class Place(NamedTuple):
    """A task, and where and when its slope is looked at."""

    task: Task
    parameters: np.ndarray
    t: int


def height(place: Place, parameters: np.ndarray) -> float:
    """What the gradient is the slope of: the loss and the penalties, of the parameters that are not cut."""
    task = place.task
    w = reference.kept(parameters, task.mask)
    weights = np.concatenate([pair.w.ravel() for pair in task.network.views(w)])
    penalty = task.options.l1 * np.abs(weights).sum() + task.options.l2 * (weights**2).sum()
    return reference.batch_loss(task, parameters, ALL, place.t) + penalty


def sides(place: Place, parameters: np.ndarray) -> bytes:
    """On which side of every bend everything is: of the activations, of the loss, and of |w|."""
    task, gates = place.task, reference.gates_of(place.task, place.t, place.task.rows)
    z, a = reference.forward(task.network, reference.kept(parameters, task.mask), task.inputs, gates)
    found = [np.sign(s - bend) for s, f in zip(z, task.network.activations, strict=True) for bend in BENDS.get(f, ())]
    if task.options.loss == "mae":
        found.append(np.sign(a[-1] - task.targets))
    if task.options.loss == "huber":
        found.append(np.sign(np.abs(a[-1] - task.targets) - HUBER_DELTA))
    if task.options.loss == "hinge":
        found.append(np.sign(1.0 - (2.0 * task.targets - 1.0) * a[-1]))
    if task.options.l1:
        found.append(np.sign(parameters))
    return b"".join((part + 0.0).tobytes() for part in found)


def check_slopes(place: Place) -> np.ndarray:
    """Compares the gradient with central differences; gives up where a step would cross a bend.

    Differences over H and over twice as much together are free of what a strongly bent loss adds to one alone.
    """
    loss, g = reference.batch_gradient(place.task, place.parameters, ALL, place.t)
    assert loss == reference.batch_loss(place.task, place.parameters, ALL, place.t)
    measured, here = np.empty_like(g), sides(place, place.parameters)
    for i in range(g.size):
        once, twice = (difference(place, i, step, here) for step in (H, 2 * H))
        measured[i] = (4 * once - twice) / 3
    np.testing.assert_allclose(g, measured, rtol=0, atol=2e-8 * (1.0 + abs(loss) + np.abs(measured).max()))
    return g


def difference(place: Place, i: int, step: float, here: bytes) -> float:
    """The slope along one parameter from a step behind a place to one ahead of it."""
    ahead, behind = place.parameters.copy(), place.parameters.copy()
    ahead[i] += step
    behind[i] -= step
    assume(sides(place, ahead) == here == sides(place, behind))
    return (height(place, ahead) - height(place, behind)) / (2 * step)


def some_targets(rng: np.random.Generator, loss: str, rows: int, outputs: int) -> np.ndarray:
    if loss in DISTANCES:
        return rng.normal(0, 1.5, (rows, outputs))
    if loss == "cross_entropy":
        return rng.dirichlet(np.ones(outputs), rows)
    return rng.integers(0, 2, (rows, outputs)).astype(np.float64)


def some_mask(draw: st.DrawFn, network: Network) -> Mask | None:
    columns = [(c, n) for c, units in enumerate(network.sizes[:-1]) for n in range(units)]
    neurons = draw(st.lists(st.sampled_from(columns), max_size=2))
    return mask_of(network, neurons, draw(st.lists(st.integers(0, network.parameter_count - 1), max_size=3)))


@st.composite
def places(draw: st.DrawFn, output: str, loss: str, **penalty: float) -> Place:
    """Any network that ends like this, on some rows, with all that can be switched on."""
    units = st.integers(1, 4)
    width = draw(st.one_of(st.none(), units))  # the same for all hidden layers, where shortcuts can land
    hidden = [
        Layer(draw(units) if width is None else width, activation)
        for activation in draw(st.lists(st.sampled_from(HIDDEN_ACTIVATIONS), max_size=4))
    ]
    network = Network(draw(units), (*hidden, Layer(draw(units), output)), draw(st.integers(0, 2)))
    rng, rows = np.random.default_rng(draw(st.integers(0, 2**32))), draw(st.integers(1, 5))
    inputs, targets = rng.normal(0, 1, (rows, network.inputs)), some_targets(rng, loss, rows, network.outputs)
    options = Options(loss=loss, dropout=draw(st.sampled_from([0.0, 0.3])), seed=draw(st.integers(0, 99)), **penalty)
    task = Task.of(network, options, Dataset("random", inputs, targets, ()), some_mask(draw, network))
    return Place(task, rng.normal(0, 0.8, network.parameter_count), draw(st.integers(0, 1000)))


@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize(("output", "loss"), FITTING)
def test_the_gradient_is_that_of_finite_differences(output: str, loss: str, penalty: str):
    @settings(max_examples=4)
    @given(places(output, loss, **PENALTIES[penalty]))
    def check(place: Place) -> None:
        check_slopes(place)

    check()


@pytest.mark.parametrize("hidden", HIDDEN_ACTIVATIONS)
def test_it_is_so_with_shortcuts_a_mask_dropout_and_penalties_together(hidden: str):
    network = Network(3, (*[Layer(4, hidden)] * 4, Layer(2, "softmax")), shortcut=1)
    mask = mask_of(network, [(0, 1), (2, 3)], [0, 70])
    options = Options(loss="cross_entropy", dropout=0.25, l1=0.01, l2=0.02, seed=5)

    @settings(max_examples=5)
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        rng = np.random.default_rng(seed)
        inputs, targets = rng.normal(0, 1, (6, 3)), some_targets(rng, "cross_entropy", 6, 2)
        task = Task.of(network, options, Dataset("random", inputs, targets, ()), mask)
        g = check_slopes(Place(task, rng.normal(0, 0.8, network.parameter_count), seed % 1000))
        assert (g[mask.parameters == 0] == 0).all()

    check()


def test_the_gradient_without_options_is_the_plain_one():
    rng = np.random.default_rng(0)
    network = Network.of(2, 3, 1)
    x, y, w = rng.normal(0, 1, (5, 2)), rng.normal(0, 1, (5, 1)), rng.normal(0, 1, 13)
    loss, g = reference.gradient(network, w, x, y, "mse")
    task = Task.of(network, Options(), Dataset("random", x, y, ()))
    batch_loss, batch_g = reference.batch_gradient(task, w, ALL, 7)
    assert loss == batch_loss == reference.mean_loss(network, w, x, y, "mse")
    assert np.array_equal(g, batch_g)
    first, second = (reference.gradient(network, w, x[rows], y[rows], "mse") for rows in ([0, 1], [2, 3, 4]))
    np.testing.assert_allclose(g, (2 * first[1] + 3 * second[1]) / 5, rtol=1e-12)


@pytest.mark.parametrize("number", range(len(FITTING)))
def test_the_gradient_is_pytorchs(torch: dict[str, Any], number: int):
    fixed = torch["gradients"]
    case = fixed["cases"][number]
    assert (case["output"], case["loss"]) == FITTING[number]
    activations = [case["hidden"]] * (len(fixed["sizes"]) - 2) + [case["output"]]
    layers = (Layer(n, f) for n, f in zip(fixed["sizes"][1:], activations, strict=True))
    network = Network(fixed["sizes"][0], tuple(layers), fixed["shortcut"])
    assert any(network.shortcuts)
    targets = fixed["numbers" if case["loss"] in DISTANCES else "classes"]
    data = Dataset("torch", np.array(fixed["inputs"]), np.array(targets), ())
    options = Options(loss=case["loss"], l1=case["l1"], l2=case["l2"])
    loss, g = reference.batch_gradient(Task.of(network, options, data), np.array(fixed["parameters"]), ALL, 0)
    assert loss == pytest.approx(case["value"], rel=1e-12)
    np.testing.assert_allclose(g, case["gradient"], rtol=1e-12, atol=1e-15)


def test_the_gradient_is_clipped_after_penalties_and_mask():
    network = Network.of(1, 1)
    data = Dataset("one", np.array([[1.0]]), np.array([[0.0]]), ())
    w = np.array([10.0, 10.0])  # slope of the loss 2·20 for both; the weight's penalty 2·10·10 on top
    plain = Task.of(network, Options(l2=10.0), data)
    assert reference.batch_gradient(plain, w, ALL, 0)[1].tolist() == [240.0, 40.0]
    clipped = Task.of(network, Options(l2=10.0, clip_value=100.0), data)
    assert reference.batch_gradient(clipped, w, ALL, 0)[1].tolist() == [100.0, 40.0]
    cut = Task.of(network, Options(l2=10.0, clip_norm=1.0), data, mask_of(network, parameters=[0]))
    np.testing.assert_allclose(reference.batch_gradient(cut, w, ALL, 0)[1], [0.0, 1.0], rtol=1e-6)


def test_penalties_are_on_the_weights_only_and_not_in_the_loss():
    network = Network.of(2, 1)
    w, g = np.array([2.0, -3.0, 5.0]), np.zeros(3)
    add_penalties(network, w, g, 0.5, 0.25)
    assert g.tolist() == [0.5 + 1.0, -0.5 - 1.5, 0.0]
    data = Dataset("one", np.ones((1, 2)), np.ones((1, 1)), ())
    heavy = Task.of(network, Options(l1=1.0, l2=1.0), data)
    assert reference.batch_loss(heavy, w, ALL, 0) == (2 - 3 + 5 - 1) ** 2


def test_a_shortcut_adds_the_activations_of_the_layer_it_comes_from():
    network = Network(1, (Layer(2), Layer(2), Layer(2), Layer(1, "linear")), shortcut=2)
    assert network.shortcuts == (None, None, None, 1, None)
    w = np.random.default_rng(1).normal(0, 1, network.parameter_count)
    z, a = reference.forward(network, w, np.array([[1.5]]))
    assert np.array_equal(a[2], np.maximum(z[1], 0))
    assert np.array_equal(a[3], np.maximum(z[2], 0) + a[1])
    assert np.array_equal(a[4], z[3])


def test_a_silent_neuron_is_as_if_it_were_not_there():
    small, large = Network.of(2, 2, 1, hidden="tanh"), Network.of(2, 3, 1, hidden="tanh")
    rng = np.random.default_rng(2)
    w = rng.normal(0, 1, large.parameter_count)
    without = np.delete(w, [1, 4, 7, 10])  # from a, from b, bias, to the output
    data = Dataset("random", rng.normal(0, 1, (5, 2)), rng.normal(0, 1, (5, 1)), ())
    options = Options(l1=0.1, l2=0.1, clip_norm=0.5)
    masked = reference.batch_gradient(Task.of(large, options, data, mask_of(large, [(1, 1)])), w, ALL, 0)
    plain = reference.batch_gradient(Task.of(small, options, data), without, ALL, 0)
    assert masked[0] == pytest.approx(plain[0], rel=1e-14)
    np.testing.assert_allclose(np.delete(masked[1], [1, 4, 7, 10]), plain[1], rtol=1e-12)
    assert not masked[1][[1, 4, 7, 10]].any()


@pytest.mark.parametrize("hidden", ["sigmoid", "softplus", "elu"])
def test_silent_neurons_answer_0_whatever_their_activation_and_shortcuts(hidden: str):
    network = Network(2, (Layer(3, hidden), Layer(3, hidden), Layer(1, "linear")), shortcut=1)
    task = Task.of(
        network,
        Options(),
        Dataset("random", np.ones((4, 2)), np.ones((4, 1)), ()),
        mask_of(network, [(0, 1), (2, 0)]),
    )
    w = np.random.default_rng(0).normal(0, 1, network.parameter_count)
    _z, a = reference.forward(network, reference.kept(w, task.mask), task.inputs, reference.gates_of(task, 0, 4))
    assert not a[0][:, 1].any()
    assert not a[2][:, 0].any()
    assert a[2][:, 1:].all()


def test_dropout_silences_other_neurons_in_each_update_and_scales_up_the_rest():
    network = Network.of(2, 50, 1, hidden="softplus")
    data = Dataset("random", np.ones((20, 2)), np.ones((20, 1)), ())
    task = Task.of(network, Options(dropout=0.25, seed=4), data)
    w = initial_parameters(network, "glorot_uniform", 4)
    plain = reference.forward(network, w, task.inputs)[1]
    gates = reference.gates_of(task, 3, 20)
    heard = reference.forward(network, w, task.inputs, gates)[1]
    assert np.array_equal(heard[1] == 0, gates[1] == 0)
    np.testing.assert_allclose(heard[1][heard[1] != 0], (plain[1] / 0.75)[heard[1] != 0])
    assert reference.batch_loss(task, w, ALL, 3) == reference.batch_gradient(task, w, ALL, 3)[0]
    assert reference.batch_loss(task, w, ALL, 3) != reference.batch_loss(task, w, ALL, 4)


@pytest.mark.parametrize("number", range(30))
def test_gradients_vanish_and_explode_as_the_demonstration_says(goldens: dict[str, Any], number: int):
    run = goldens["norms"][number]
    rng, half = np.random.default_rng(0), np.linspace(0, np.pi, 100)
    moons = [np.cos(half), np.sin(half)], [1 - np.cos(half), 0.5 - np.sin(half)]
    points = np.concatenate([np.transpose(moon) for moon in moons]) + rng.normal(0, 0.1, (200, 2))
    classes = np.repeat([[0.0], [1.0]], 100, axis=0)
    network = Network.of(2, *[16] * run["depth"], 1, hidden=run["activation"], output="sigmoid")
    kind, scale = ("normal", float(run["init"][6:])) if run["init"].startswith("normal") else (run["init"], 0.05)
    w = initial_parameters(network, kind, 0, scale)
    _loss, g = reference.gradient(network, w, points, classes, "binary_cross_entropy")
    norms = [np.linalg.norm(pair.w) for pair in network.views(g)]
    expected = [run["grad_first"], run["grad_mid"], run["grad_last"]]
    np.testing.assert_allclose([norms[0], norms[len(norms) // 2], norms[-1]], expected, rtol=6e-6)
