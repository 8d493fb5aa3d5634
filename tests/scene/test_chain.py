"""The chain rule link by link: what is multiplied is the slope, and “=” is only where the product shows it."""

from __future__ import annotations

from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.formulas import amount, rounds_to
from tests.scene.samples import networks, parameters_of
from visualnn.files import examples
from visualnn.nn.functions import losses_for
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Layer, Network, neuron_names
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.trace import Batch, Trace, trace
from visualnn.scene.chain import chain
from visualnn.scene.formula import plain
from visualnn.scene.frame import Place
from visualnn.scene.inspection import Inspection, inspect
from visualnn.scene.timeline import Timeline


def worked_card(rate: float = 0.02, name: str = "sgd") -> Trace:
    project = examples.load("backprop")
    target, optimizer = np.array([3.0]), Optimizer(name, rate)
    return trace(project.network, project.parameters, project.sample, target=target, optimizer=optimizer)


def at(made: Trace, kind: str, place: Place, *, chosen: bool = False) -> Inspection:
    timeline = Timeline(made.network, made.loss_name, made.batch is not None)
    steps = (timeline.step(number) for number in range(1, len(timeline) + 1))
    step = next(step for step in steps if step.kind == kind and (chosen or step.place == place))
    return inspect(made, neuron_names(made.network), place, step, chosen=chosen)


def cards(shown: Inspection) -> list[tuple[str, str, str, str]]:
    return [(link.title, "; ".join(link.details), link.symbol, link.value.text) for link in shown.links]


def test_the_worked_card_link_by_link():
    shown = at(worked_card(), "slope_weight", Place("weight", 1, 0, 1))
    assert (shown.title, shown.subtitle, shown.heading) == (
        "Weight b → c",
        "now 1.00",
        "How the loss reacts, link by link",
    )
    assert cards(shown) == [
        ("output misses by", "2 × (2.50 − 3.00)", "∂loss / ∂f", "−1.00"),
        ("passes back through", "weight c→f", "∂f / ∂c", "0.60"),
        ("ReLU is open", "sum 2.50 > 0", "ReLU′", "1.00"),
        ("arrives with input", "b", "∂sum / ∂w", "2.00"),
    ]
    assert (shown.total.label, shown.total.equal, shown.total.result.text) == ("Slope of this weight", "=", "−1.20")
    assert (shown.outlook.title, shown.outlook.aside) == ("Next: the update", "rate 0.02")
    assert plain(shown.outlook.formula) == "1.000 − 0.02 × (−1.20) = 1.024"


def test_a_closed_relu_lets_nothing_through():
    shown = at(worked_card(), "slope_weight", Place("weight", 1, 1, 1))
    assert cards(shown)[2] == ("ReLU is closed", "sum −0.50 ≤ 0", "ReLU′", "0")
    assert (shown.total.result.text, plain(shown.outlook.formula)) == ("0", "0.250 − 0.02 × 0 = 0.250")


def test_a_bias_counts_as_it_is():
    shown = at(worked_card(), "slope_bias", Place("bias", 1, 2))
    assert cards(shown)[-1] == ("counts as it is", "× 1", "∂sum / ∂bias", "1.00")
    assert shown.total.label == "Slope of this bias"


def test_a_neuron_at_work_ends_before_its_activation_a_chosen_one_behind():
    place = Place("neuron", 1, 0)
    arriving, chosen = at(worked_card(), "slope_neuron", place), at(worked_card(), "slope_weight", place, chosen=True)
    assert (len(arriving.links), arriving.total.label) == (2, "Slope of its output")
    assert (len(chosen.links), chosen.total.label) == (3, "Slope of its sum")
    assert arriving.outlook is chosen.outlook is None


def test_links_are_hidden_until_the_pass_has_made_them():
    made, place = worked_card(), Place("weight", 1, 0, 1)
    timeline, names = Timeline(made.network, "mse"), neuron_names(made.network)
    shown = {number: inspect(made, names, place, timeline.step(number), chosen=True) for number in (23, 30, 31, 35)}
    values = {number: [link.value.text for link in found.links] for number, found in shown.items()}
    assert values[23] == values[30] == ["−1.00", "0.60", "…", "2.00"]
    assert values[31] == values[35] == ["−1.00", "0.60", "1.00", "2.00"]
    assert [found.total.result.text for found in shown.values()] == ["…", "…", "−1.20", "−1.20"]
    assert [found.outlook is None for found in shown.values()] == [True, True, False, False]


@pytest.mark.parametrize("loss", ["mse", "binary_cross_entropy"])
def test_a_slope_is_named_by_what_the_loss_reacts_to(loss):
    net = Network(1, (Layer(1, "sigmoid"),))
    made = trace(net, np.array([0.5, 0.0]), np.array([3.0]), target=np.array([1.0]), loss=loss)
    shown = at(made, "slope_output", Place("neuron", 1, 0))
    assert shown.total.label == ("Slope of its output" if loss == "mse" else "Slope of its sum")


def test_other_optimizers_say_their_step():
    outlook = at(worked_card(name="adam"), "slope_weight", Place("weight", 1, 0, 1)).outlook
    assert (outlook.aside, plain(outlook.formula)) == ("Adam, rate 0.02", "1.000 − (−0.020) = 1.020")


def test_several_ways_come_back_as_one_link():
    net = Network(1, (Layer(1, "relu"), Layer(5, "linear")))
    parameters = np.array([1.0, 0.0, 0.5, -1.0, 2.0, 0.25, 3.0, *[0.0] * 5])
    made = trace(net, parameters, np.array([2.0]), target=np.zeros(5))
    title, details, symbol, value = cards(at(made, "slope_neuron", Place("neuron", 1, 0)))[0]
    assert (title, symbol, value) == ("comes back to b", "∂loss / ∂b", "11.45")
    assert details == "−0.80 × (−1.00) via d; + 1.60 × 2.00 via e; + 2.40 × 3.00 via g; and 2 more"


def test_a_shortcut_brings_something_back():
    net = Network(1, (Layer(1, "tanh"), Layer(1, "tanh"), Layer(1, "linear")), shortcut=1)
    made = trace(net, np.array([0.5, 0.1, 1.0, 0.0, 1.0, 0.0]), np.array([1.0]), target=np.array([0.0]))
    shown = at(made, "slope_neuron", Place("neuron", 1, 0))
    assert shown.links[0].details[-1].endswith("by the shortcut")


def test_a_cross_entropy_begins_at_the_sum():
    net = Network(1, (Layer(1, "sigmoid"),))
    made = trace(net, np.array([0.0, 0.0]), np.array([3.0]), target=np.array([1.0]), loss="binary_cross_entropy")
    shown = at(made, "slope_weight", Place("weight", 1, 0, 0))
    assert cards(shown) == [
        ("answer minus target", "0.50 − 1.00", "∂loss / ∂sum", "−0.50"),
        ("arrives with input", "a", "∂sum / ∂w", "3.00"),
    ]


def test_what_is_cut_has_no_slope():
    project = examples.load("backprop")
    mask = mask_of(project.network, parameters=[project.network.weight_index(0, 1, 0)])
    target, optimizer = np.array([3.0]), Optimizer("sgd", 0.02)
    made = trace(project.network, project.parameters, project.sample, target=target, optimizer=optimizer, mask=mask)
    shown = at(made, "slope_weight", Place("weight", 1, 0, 1))
    assert cards(shown)[-1][0] == "switched off"
    assert (shown.total.result.text, shown.outlook) == ("0", None)


def test_in_a_batch_the_mean_goes_into_the_update():
    project = examples.load("backprop")
    batch = Batch(np.array([[1.0, 2.0], [2.0, 1.0]]), np.array([[3.0], [4.0]]))
    made = trace(project.network, project.parameters, batch=batch, optimizer=Optimizer("sgd", 0.02))
    shown = at(made, "slope_weight", Place("weight", 1, 0, 1))
    assert (shown.total.label, shown.total.result.text) == ("This row’s slope", "−1.20")
    index = project.network.weight_index(0, 1, 0)
    mean = float(made.mean_gradient[index])
    assert [(row.label, amount(row.exact)) for row in shown.after] == [("Mean of 2 rows", mean)]
    assert float(made.updated[index]) == pytest.approx(amount(plain(shown.outlook.formula[-1:])), abs=5e-4)


# -- any network -------------------------------------------------------------------------------------------------------


@st.composite
def passes(draw: st.DrawFn) -> Trace:
    net = draw(networks())
    loss = draw(st.sampled_from(losses_for(net.activations[-1])))
    scale, random = draw(st.sampled_from((1e-6, 1.0, 50.0))), np.random.default_rng(draw(st.integers(0, 99)))
    target = np.eye(net.outputs)[random.integers(net.outputs)]
    x, parameters = random.normal(0, scale, net.inputs), parameters_of(net, draw(st.integers(0, 99)))
    return trace(net, parameters, x, target=target, loss=loss, optimizer=Optimizer("sgd", 0.1))


@given(passes())
def test_the_links_multiply_to_the_slope(made):
    names = neuron_names(made.network)
    for column in range(1, len(made.network.sizes)):
        dw, db = made.slopes[column - 1].dw, made.slopes[column - 1].db
        for n in range(made.network.sizes[column]):
            sources = range(made.network.sizes[column - 1])
            places = [(Place("bias", column, n), db[n]), *((Place("weight", column, n, i), dw[i, n]) for i in sources)]
            for place, slope in places:
                shown = chain(made, names, place)
                assert prod(amount(link.exact) for link in shown.links) == pytest.approx(float(slope), rel=1e-9)
                if shown.equal == "=":
                    assert rounds_to(prod(amount(link.value.text) for link in shown.links), shown.text)
