from __future__ import annotations

import numpy as np

from visualnn.scene.frame import Box, Frame, Links, Place, Spot, Text

NEURON, WEIGHT = Place("neuron", 1, 0), Place("weight", 1, 0, 1)


def test_the_topmost_spot_is_hit() -> None:
    frame = Frame(100, 50, (), (Spot(WEIGHT, 20, 20, 20, 10), Spot(NEURON, 24, 20, 40, 40)))
    assert frame.at(20, 20) == WEIGHT
    assert frame.at(30, 25) == WEIGHT
    assert frame.at(31, 20) == NEURON
    assert frame.at(20, 26) == NEURON
    assert frame.at(60, 20) is None


def test_texts_are_told_in_order() -> None:
    items = (Text(0, 0, "a", 13, 400, 0), Box(0, 0, 2, 2, 1), Text(0, 0, "b", 13, 400, 0))
    assert Frame(10, 10, items).texts() == ["a", "b"]
    assert Frame(10, 10, items).at(0, 0) is None


def test_links_know_how_many_they_are() -> None:
    ends = np.zeros((3, 2))
    assert len(Links(ends, ends, np.ones(3), np.zeros(3, np.uint32))) == 3


def test_places_are_compared_by_value() -> None:
    assert Place("weight", 1, 0, 1) == WEIGHT
    assert len({Place("weight", 1, 0, 1), WEIGHT, NEURON}) == 2
