"""Numbers by their place on the stage."""

from __future__ import annotations

import pytest

from tests.scene.samples import adder
from visualnn.gui.edits import describe, editable, number_at, parameter_index, with_number
from visualnn.nn.errors import VisualNNError
from visualnn.scene.frame import Place

A, D = Place("neuron", 0, 0), Place("neuron", 1, 1)
BD, BIAS_F, GATE = Place("weight", 1, 1, 1), Place("bias", 2, 0), Place("gate", 1, 0)


@pytest.mark.parametrize(
    ("place", "expected"), [(None, False), (A, True), (D, False), (BD, True), (BIAS_F, True), (GATE, False)]
)
def test_what_can_be_edited(place, expected):
    assert editable(place) is expected


@pytest.mark.parametrize(
    ("place", "words"), [(A, "Input a"), (D, "Neuron d"), (BD, "Weight b→d"), (BIAS_F, "Bias of f"), (GATE, "Neuron c")]
)
def test_places_in_words(place, words):
    assert describe(adder(), place) == words


@pytest.mark.parametrize("place", [A, BD, BIAS_F])
def test_a_number_changes_at_its_place_only(place):
    before = adder()
    after = with_number(before, place, 7.5)
    assert number_at(after, place) == 7.5
    changed = [i for i, (a, b) in enumerate(zip(before.parameters, after.parameters, strict=True)) if a != b]
    assert changed == ([] if place == A else [parameter_index(before, place)])
    assert after.sample.tolist() == ([7.5, 2.0] if place == A else [2.0, 2.0])
    assert number_at(before, place) != 7.5


def test_the_articles_numbers_lie_where_they_should():
    assert number_at(adder(), BD) == pytest.approx(-0.8950311)
    assert number_at(adder(), BIAS_F) == pytest.approx(-9.29e-6)


@pytest.mark.parametrize("place", [A, BD])
@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_not_finite_is_refused(place, value):
    with pytest.raises(VisualNNError):
        with_number(adder(), place, value)
