from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scene.samples import adder_story, networks, parameters_of, traced
from visualnn.files import examples
from visualnn.nn.functions import losses_for
from visualnn.nn.network import Layer, Network, neuron_names
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.trace import trace
from visualnn.scene.formula import Part, plain, step_words
from visualnn.scene.sentences import Story, sentence
from visualnn.scene.timeline import Timeline

ARTICLE = {
    0: "The inputs are 2 and 2. Press play to follow them.",
    1: "2 times its weight 0.99 makes 1.98.",
    2: "2 times its weight 1.026 makes 2.05.",
    3: "Neuron c adds them up: 4.03.",
    4: "The bias ≈ 0 moves the sum to 4.03.",
    5: "ReLU lets 4.03 through unchanged.",
    7: "2 times its weight −0.895 makes −1.79.",
    8: "Neuron d adds them up: −1.76.",
    9: "The bias −0.07 moves the sum to −1.83.",
    10: "ReLU clips −1.83 to 0: neuron d passes nothing on.",
    13: "Neuron e adds them up: 3.27.",
    17: "0 times its weight 1.17 makes 0.00.",
    19: "Neuron f adds them up: 3.99.",
    20: "The network says 2 + 2 = 3.99.",
    21: "It should be 4. It misses by −0.0104.",
    22: "Squared, the loss is 0.000108.",
    23: "A larger output would lower the loss: slope −0.0208.",
    24: "A larger weight c→f lowers the loss: slope −0.0840.",
    25: "The weight d→f does not matter for this row: slope 0.",
    31: "ReLU was open here: the slope −0.0165 passes through.",
    32: "ReLU was closed here, so no slope gets through.",
    43: "Weight a→c goes from 0.991 to 1.091: one step of Adam.",
    50: "The bias of d stays at −0.068: its slope is 0.",
}
BACKPROP = {
    20: "The network says 1 + 2 = 2.50.",
    21: "It should be 3. It misses by −0.500.",
    22: "Squared, the loss is 0.250.",
    23: "A larger output would lower the loss: slope −1.00.",
    35: "A larger weight b→c lowers the loss: slope −1.20.",
    44: "Weight b→c goes from 1.000 to 1.024: minus rate times slope.",
    54.9: "The bias of f goes from 0.000 to 0.020: minus rate times slope.",
    55: "Same inputs again: the loss falls from 0.250 to 0.0383.",
}


@pytest.mark.parametrize(("number", "text"), ARTICLE.items())
def test_the_article(number: int, text: str) -> None:
    assert plain(sentence(adder_story(), number)) == text


@pytest.mark.parametrize(("number", "text"), BACKPROP.items())
def test_backprop_by_hand(number: int, text: str) -> None:
    project = examples.load("backprop")
    story = Story(traced(project), Timeline(project.network, "mse"), project.names, adding=True)
    assert plain(sentence(story, number)) == text


def test_numbers_carry_the_role_of_their_sign() -> None:
    assert sentence(adder_story(), 7) == (
        Part("2", "pos"), Part(" times its weight "), Part("−0.895", "neg"),
        Part(" makes "), Part("−1.79", "neg"), Part("."),
    )  # fmt: skip
    assert sentence(adder_story(), 10)[1] == Part("−1.83", "neg")


@pytest.mark.parametrize(("t", "step"), [(0.001, 1), (0.999, 1), (1.0, 1), (1.5, 2), (53.01, 54), (99.0, 55)])
def test_a_sentence_stands_from_the_beginning_of_its_step_to_the_end(t: float, step: int) -> None:
    assert sentence(adder_story(), t) == sentence(adder_story(), step)


def test_negative_terms_stand_in_brackets() -> None:
    story = adder_story()
    made = trace(story.trace.network, story.trace.parameters, np.array([2.0, -3.0]))
    text = plain(sentence(replace(story, trace=made, timeline=Timeline(made.network)), 20))
    assert text.startswith("The network says 2 + (−3) = ")


def test_a_class_is_told_in_per_cent() -> None:
    project = examples.load("xor")
    story = Story(traced(project), Timeline(project.network), project.names, classification=True)
    assert plain(sentence(story, len(story.timeline))).endswith("% sure that this is blue.")


def test_the_strongest_of_several_answers() -> None:
    net = Network.of(1, 3, output="softmax")
    made = trace(net, np.array([1.0, 3.0, 2.0, 0.0, 0.0, 0.0]), np.array([1.0]))
    story = Story(made, Timeline(net), neuron_names(net))
    assert plain(sentence(story, len(story.timeline))) == "The strongest answer is c: 0.665."


def told(net: Network, parameters: list[float], x: float, target: float, loss: str, kind: str, layer: int = 0) -> str:
    """The sentence of the first step of a kind."""
    made = trace(net, np.array(parameters), np.array([x]), target=np.array([target]), loss=loss, optimizer=Optimizer())
    story = Story(made, Timeline(net, loss), neuron_names(net))
    return plain(sentence(story, story.timeline.find(kind, layer, 0)))


@pytest.mark.parametrize(
    ("loss", "says", "target", "miss", "text"),
    [
        ("mae", 2.0, 5.0, "It should be 5. It misses by −3.00.", "Without its sign, this is the loss: 3.00."),
        ("huber", 2.0, 1.5, "It should be 1.5. It misses by 0.500.", "Half its square is the loss: 0.125."),
        (
            "huber",
            2.0,
            5.0,
            "It should be 5. It misses by −3.00.",
            "It misses by more than 1, so the loss is that less one half: 2.50.",
        ),
        (
            "hinge",
            0.25,
            1.0,
            "It should be at least 1. It misses that by 0.750.",
            "What is missing is the loss: 0.750.",
        ),
        ("hinge", 0.25, 0.0, "It should be at most −1. It misses that by 1.25.", "What is missing is the loss: 1.25."),
        ("hinge", 2.0, 1.0, "It should be at least 1, and it is.", "What is missing is the loss: 0.00."),
    ],
)
def test_what_a_loss_is_made_of(loss: str, says: float, target: float, miss: str, text: str) -> None:
    assert told(Network.of(1, 1), [says, 0.0], 1.0, target, loss, "miss") == miss
    assert told(Network.of(1, 1), [says, 0.0], 1.0, target, loss, "loss") == text


@pytest.mark.parametrize("loss", ["mse", "mae", "huber", "hinge"])
def test_the_slope_of_an_output_is_told_as_one(loss: str) -> None:
    text = told(Network.of(1, 1), [0.5, 0.0], 1.0, 1.0, loss, "slope_output")
    assert text.startswith("A larger output would lower the loss: slope −")


@pytest.mark.parametrize(
    ("activation", "z", "text"),
    [
        ("hard_tanh", 0.5, "Hard tanh lets 0.50 through unchanged."),
        ("hard_tanh", 2.0, "Hard tanh turns 2.00 into 1.00."),
        ("elu", 2.0, "ELU lets 2.00 through unchanged."),
        ("silu", -1.0, "SiLU turns −1.00 into −0.269."),
    ],
)
def test_what_an_activation_does(activation: str, z: float, text: str) -> None:
    net = Network.of(1, 1, 1, hidden=activation)
    assert told(net, [z, 0.0, 1.0, 0.0], 1.0, 3.0, "mse", "activate") == text


@pytest.mark.parametrize(
    ("activation", "z", "text"),
    [
        ("hard_tanh", 0.5, "Hard tanh was open here: the slope −5.00 passes through."),
        ("hard_tanh", 2.0, "Hard tanh is level here, so no slope gets through."),
        ("sigmoid", 0.0, "Sigmoid lets −1.25 of the slope −5.00 through."),
        ("silu", -2.0, "SiLU turns the slope −6.48 into 0.588."),
    ],
)
def test_what_an_activation_does_to_a_slope(activation: str, z: float, text: str) -> None:
    net = Network.of(1, 1, 1, hidden=activation)
    target = 2.5 + trace(net, np.array([z, 0.0, 1.0, 0.0]), np.array([1.0])).output.item()
    target = 3.0 if activation == "silu" else target
    assert told(net, [z, 0.0, 1.0, 0.0], 1.0, target, "mse", "slope_gate") == text


def test_a_shortcut_is_told() -> None:
    net = Network(1, (Layer(1, "relu"), Layer(1, "relu"), Layer(1, "linear")), shortcut=1)
    parameters = [2.0, 0.0, -1.0, 0.0, 1.0, 0.0]
    assert told(net, parameters, 1.0, 0.0, "mse", "activate", 1) == "ReLU clips −2.00 to 0."
    assert told(net, parameters, 1.0, 0.0, "mse", "shortcut", 1) == "The shortcut from b adds 2.00: c passes on 2.00."


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimizer_has_its_words(name: str) -> None:
    made = trace(Network.of(1, 1), np.ones(2), np.ones(1), target=np.zeros(1), optimizer=Optimizer().renamed(name))
    story = Story(made, Timeline(made.network, "mse"), neuron_names(made.network))
    text = plain(sentence(story, story.timeline.find("update_weight", 0, 0)))
    assert text.startswith("Weight a→b goes from 1.000")
    assert text.endswith(", with weight decay.") == (name == "adamw")
    assert len({step_words(Optimizer(other)) for other in OPTIMIZERS}) == len(OPTIMIZERS)


def test_a_step_too_small_to_be_seen_is_not_called_flat() -> None:
    made = trace(Network.of(1, 1), np.ones(2), np.ones(1), target=np.zeros(1), optimizer=Optimizer("sgd", 1e-30))
    story = Story(made, Timeline(made.network, "mse"), neuron_names(made.network))
    text = plain(sentence(story, story.timeline.find("update_weight", 0, 0)))
    assert text == "Weight a→b stays at 1.000: the step is too small."


def test_a_loss_that_stays_does_not_rise() -> None:
    net = Network.of(1, 1)
    made = trace(net, np.array([2.0, 0.0]), np.array([1.0]), target=np.array([2.0]), optimizer=Optimizer("sgd"))
    story = Story(made, Timeline(net, "mse"), neuron_names(net))
    assert plain(sentence(story, len(story.timeline))) == "Same inputs again: the loss stays at 0.00."


@given(networks(), st.integers(0, 99), st.data())
def test_every_step_of_every_network_has_a_sentence(net: Network, seed: int, data: st.DataObject) -> None:
    loss = data.draw(st.sampled_from(losses_for(net.activations[-1])))
    target = np.eye(net.outputs)[0]
    x = np.random.default_rng(seed).normal(0, 2, net.inputs)
    made = trace(net, parameters_of(net, seed), x, target=target, loss=loss, optimizer=Optimizer("adam"))
    story = Story(made, Timeline(net, loss), neuron_names(net))
    for number in range(len(story.timeline) + 1):
        text = plain(sentence(story, number))
        assert text.endswith(".")
        assert "{" not in text
        assert "-" not in text.replace("cross-entropy", "")


LONG_SUMS = ("digits", "million", "deep")  # no number of decimals makes so many products add up as they are written


@pytest.mark.parametrize("name", [name for name in examples.IDS if name not in LONG_SUMS])
def test_products_as_written_add_up_to_the_sum_as_written(name: str) -> None:
    project = examples.load(name)
    network = project.network
    traced = trace(network, project.parameters, project.sample)
    story = Story(traced, Timeline(network), neuron_names(network), project.data.rule == "sum")
    products: list[Decimal] = []
    for number in range(1, len(story.timeline) + 1):
        step = story.timeline.step(number)
        words = sentence(story, number)
        if step.kind == "multiply":
            products.append(_written(words[-2].text))
        elif step.kind == "sum":
            total = _written(words[1].text)
            assert sum(products, Decimal(0)).quantize(total) == total
            products = []


def _written(text: str) -> Decimal:
    return Decimal(0) if "≈" in text else Decimal(text.replace("−", "-").replace(",", ""))


@pytest.mark.parametrize(
    ("t", "text"),
    [
        (7.5, "Hidden layer: 3 sums of 2 products each, then ReLU."),
        (17.0, "Output: 1 sum of 3 products."),
        (20.0, "The network says 2 + 2 = 3.99."),
        (21.5, "Squared, the loss is 0.000108."),
        (25.5, "Output: slopes come back to 3 weights and 1 bias."),
        (45.5, "Hidden layer: 6 weights and 3 biases take their step."),
        (55.0, "Same inputs again: too large a step, the loss rises from 0.000108 to 2.06."),
    ],
)
def test_whole_layers_at_work_are_said_at_once(t: float, text: str) -> None:
    assert plain(sentence(adder_story(), t, flowing=True)) == text
