from __future__ import annotations

from visualnn.scene.frame import Box, Frame, Place, Spot, Text

NEURON, WEIGHT = Place("neuron", 1, 0), Place("weight", 1, 0, 1)


def test_the_topmost_spot_is_hit() -> None:
    frame = Frame(100, 50, (), (), spots=(Spot(WEIGHT, 20, 20, 20, 10), Spot(NEURON, 24, 20, 40, 40)))
    assert frame.at(20, 20) == WEIGHT
    assert frame.at(30, 25) == WEIGHT
    assert frame.at(31, 20) == NEURON
    assert frame.at(20, 26) == NEURON
    assert frame.at(60, 20) is None


def test_texts_are_told_in_order() -> None:
    items = (Text(0, 0, "a", 13, 400, 0), Box(0, 0, 2, 2, 1), Text(0, 0, "b", 13, 400, 0))
    assert Frame(10, 10, (), items).texts() == ["a", "b"]
    assert Frame(10, 10, (), items).at(0, 0) is None


def test_what_is_around_and_what_moves_is_told_too() -> None:
    a, b, c = (Text(0, 0, text, 13, 400, 0) for text in "abc")
    assert Frame(10, 10, (), (a,), (b,), (c,)).texts() == ["a", "b", "c"]


def test_places_are_compared_by_value() -> None:
    assert Place("weight", 1, 0, 1) == WEIGHT
    assert len({Place("weight", 1, 0, 1), WEIGHT, NEURON}) == 2
