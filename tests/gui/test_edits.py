"""Numbers by their place on the stage."""

from __future__ import annotations

import pytest

from tests.scene.samples import adder
from visualnn.gui import edits
from visualnn.gui.edits import describe, editable, number_at, parameter_index, switched, with_number
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


@pytest.mark.parametrize(
    ("place", "off", "on"),
    [
        (BD, "Cut the connection", "Restore the connection"),
        (D, "Switch the neuron off", "Switch the neuron on"),
        (GATE, "Switch the neuron off", "Switch the neuron on"),
        (A, "Switch the neuron off", "Switch the neuron on"),
    ],
)
def test_what_is_switched_off_is_switched_on_again(place, off, on):
    before = adder()
    there = switched(before, place)
    after = there.change(before)
    back = switched(after, place)
    assert (there.text, back.text) == (off, on)
    assert (len(after.silent), len(after.cut)) == ((0, 1) if place == BD else (1, 0))
    again = back.change(after)
    assert (again.silent, again.cut) == (before.silent, before.cut)
    assert again.parameters is before.parameters


@pytest.mark.parametrize("place", [Place("neuron", 2, 0), BIAS_F])
def test_an_output_cannot_be_switched_off(place):
    assert switched(adder(), place) is None


@pytest.mark.parametrize(
    ("edit", "sizes"),
    [
        (edits.resized(1, 8), (2, 8, 1)),
        (edits.reshaped((4, 5)), (2, 4, 5, 1)),
        (edits.layer_added(1), (2, 3, 3, 1)),
        (edits.layer_removed(1), (2, 1)),
        (edits.neuron_removed(D), (2, 2, 1)),
        (edits.activated(1, "tanh"), (2, 3, 1)),
        (edits.redrawn(1, "he_normal"), (2, 3, 1)),
    ],
    ids=lambda each: each.text if isinstance(each, edits.Edit) else "",
)
def test_another_shape_leaves_the_old_one_as_it_was(edit, sizes):
    before = adder()
    parameters = before.parameters.copy()
    assert edit.change(before).network.sizes == sizes
    assert before.network.sizes == (2, 3, 1)
    assert (before.parameters == parameters).all()


def test_only_what_is_taken_away_is_told_of():
    assert edits.layer_removed(1).said == "Layer removed."
    assert edits.neuron_removed(D).said == "Neuron removed."
    assert {each.said for each in (edits.resized(1, 2), edits.layer_added(1), switched(adder(), BD))} == {""}


@pytest.mark.parametrize("edit", [edits.resized(1, 0), edits.resized(2, 3), edits.layer_removed(2)])
def test_what_cannot_be_is_refused_in_a_sentence(edit):
    with pytest.raises(VisualNNError, match=r"^[A-Z].*\.$"):
        edit.change(adder())
