from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape import axes
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network, neuron_names

ADDER, DIGITS = Network.of(2, 3, 1), Network.of(64, 32, 10)
NAMES, LONG = neuron_names(ADDER), neuron_names(DIGITS)


@pytest.mark.parametrize(
    ("text", "place"),
    [("wac", 0), ("w_ac", 0), ("w_a_c", 0), (" WAC ", 0), ("wa→c", 0), ("wbe", 5), ("bd", 7), ("wdf", 10), ("bf", 12)],
)
def test_a_weight_is_found_by_its_name(text: str, place: int):
    assert axes.find(ADDER, NAMES, text) == place


@pytest.mark.parametrize("text", ["w_x3_h1_12", "wx3→h1_12", "wx3->h1_12", "wx3_h1_12"])
def test_long_names_keep_their_parts_apart(text: str):
    assert axes.find(DIGITS, LONG, text) == DIGITS.weight_index(0, 2, 11)


def test_every_place_has_a_name_that_leads_back_to_it():
    network = Network.of(3, 12, 12, 2)
    names = neuron_names(network)
    found = [axes.name_of(network, names, place) for place in range(network.parameter_count)]
    assert len(set(found)) == network.parameter_count
    assert [axes.find(network, names, name) for name in found] == list(range(network.parameter_count))


def test_what_is_not_there_is_told_with_what_is():
    with pytest.raises(VisualNNError, match=r"no weight “wac” in 64-32-10; there are w_x1_h1_1, .* and 2,380 more"):
        axes.find(DIGITS, LONG, "wac")


def test_the_first_two_are_connections_that_can_move():
    assert axes.first_two(ADDER) == (0, 1)
    assert axes.first_two(ADDER, mask_of(ADDER, [(1, 0)], [1])) == (2, 4)
    assert axes.first_two(Network.of(1, 1)) == (0, 1)
    only_biases = mask_of(ADDER, parameters=[0, 1, 2, 3, 4, 5, 9, 10, 11])
    assert axes.first_two(ADDER, only_biases) == (6, 7)
    with pytest.raises(VisualNNError, match="two weights that can move"):
        axes.first_two(Network.of(1, 1), mask_of(Network.of(1, 1), parameters=[0]))
    np.testing.assert_array_equal(ADDER.views(np.arange(13.0))[0].b, [6, 7, 8])
