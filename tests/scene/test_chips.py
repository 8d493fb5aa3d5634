"""The row of steps: what stands on each chip, and that only what is looked at is worked out."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn.network import Network, neuron_names
from visualnn.nn.trace import trace
from visualnn.scene import chips as module
from visualnn.scene.chips import Chips
from visualnn.scene.sentences import Story
from visualnn.scene.timeline import Timeline

ADDER_TEXTS = [
    "a × wac", "b × wbc", "Σ c", "+ bias c", "ReLU c",
    "a × wad", "b × wbd", "Σ d", "+ bias d", "ReLU d",
    "a × wae", "b × wbe", "Σ e", "+ bias e", "ReLU e",
    "c × wcf", "d × wdf", "e × wef", "Σ f", "+ bias f",
    "miss", "loss",
    "∂ f", "∂ wcf", "∂ wdf", "∂ wef", "∂ bias f", "∂ c", "∂ d", "∂ e", "∂ Σ c", "∂ Σ d", "∂ Σ e",
    "∂ wac", "∂ wbc", "∂ wad", "∂ wbd", "∂ wae", "∂ wbe", "∂ bias c", "∂ bias d", "∂ bias e",
    "wac", "wbc", "wad", "wbd", "wae", "wbe", "bias c", "bias d", "bias e", "wcf", "wdf", "wef", "bias f",
]  # fmt: skip


def row(name: str, most_singly: int = module.MOST_SINGLY) -> Chips:
    project = load(name)
    loss, optimizer = project.options.loss, project.options.optimizer
    target = project.data.target_of(project.sample)
    made = trace(project.network, project.parameters, project.sample, target=target, loss=loss, optimizer=optimizer)
    return Chips(Story(made, Timeline(project.network, loss), project.names), most_singly)


@pytest.fixture
def worked() -> Chips:
    """The row of the worked card."""
    return row("backprop")


def test_every_step_of_the_adder_has_its_text():
    chips = row("adder")
    assert [chips.chip(index).text for index in range(len(chips))] == ADDER_TEXTS


def test_a_chip_and_its_step_find_each_other(worked):
    assert [worked.index_of(worked.number_of(index)) for index in range(55)] == list(range(55))
    assert worked.index_of(0) == -1
    assert worked.phases == (("Forward", 0), ("Loss", 20), ("Backward", 22), ("Update", 42))


def test_a_result_has_the_sign_of_its_number(worked):
    slope = worked.result(ADDER_TEXTS.index("∂ wbc")).value
    assert (slope.text, slope.role) == ("−1.20", "neg")


def test_an_update_says_which_way_the_number_went(worked):
    results = [worked.result(ADDER_TEXTS.index(name, 42)) for name in ("wbc", "wad")]
    assert [(each.value.text, each.arrow) for each in results] == [("1.02", "↑"), ("−1.00", "")]


def test_a_step_is_spoken_with_its_number_and_sentence():
    assert row("adder").spoken(9) == "Step 10 of 55, Forward: ReLU clips −1.83 to 0: neuron d passes nothing on."


def test_longer_names_are_written_apart():
    chips = row("digits")
    assert chips.chip(0).text == "x1→h1_1"
    assert chips.chip(67).text == "x1→h1_2"


def test_where_there_are_too_many_steps_there_is_a_chip_for_each_layer():
    chips = row("adder", most_singly=20)
    assert [chips.chip(index).text for index in range(len(chips))] == [
        "Hidden 1 forward", "Output forward", "Miss and loss",
        "Output backward", "Hidden 1 backward", "Hidden 1 update", "Output update",
    ]  # fmt: skip
    assert [chips.index_of(number) for number in (0, 1, 15, 16, 20, 21, 22, 23, 55)] == [-1, 0, 0, 1, 1, 2, 2, 3, 6]
    assert chips.spoken(1) == "Step 20 of 55, Forward: Output forward."
    assert chips.result(1) is None


def test_no_chip_is_worked_out_twice(worked, monkeypatch):
    asked = []
    true = module.record
    monkeypatch.setattr(module, "record", lambda story, number: asked.append(number) or true(story, number))
    for _ in range(3):
        worked.result(5)
    assert asked == [6]


def test_a_row_without_a_target_ends_with_the_answer():
    network = Network.of(2, 2, 1)
    made = trace(network, np.full(network.parameter_count, 0.5), np.array([1.0, 2.0]))
    chips = Chips(Story(made, Timeline(network), neuron_names(network)))
    assert chips.phases == (("Forward", 0),)
    assert len(chips) == 14
