from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.nn.errors import VisualNNError
from visualnn.nn.mask import check_places, mask_of
from visualnn.nn.network import Network

NET = Network.of(2, 3, 2, 1)
NEURONS = [(c, n) for c, units in enumerate(NET.sizes[:-1]) for n in range(units)]


def test_nothing_switched_off_is_no_mask():
    assert mask_of(NET) is None
    assert mask_of(NET, [], []) is None


def test_a_silent_neuron_is_cut_off_on_both_sides():
    mask = mask_of(NET, [(1, 2)])
    cut = [NET.weight_index(0, source, 2) for source in range(2)]
    cut += [NET.bias_index(0, 2), *(NET.weight_index(1, 2, target) for target in range(2))]
    assert np.flatnonzero(mask.parameters == 0).tolist() == sorted(cut)
    assert [column.tolist() for column in mask.columns(NET)] == [[1, 1], [1, 1, 0], [1, 1], [1]]


def test_a_silent_input_has_no_bias_to_cut():
    mask = mask_of(NET, [(0, 1)])
    cut = [NET.weight_index(0, 1, target) for target in range(3)]
    assert np.flatnonzero(mask.parameters == 0).tolist() == cut
    assert mask.units.tolist() == [1, 0, 1, 1, 1, 1, 1, 1]


def test_a_cut_connection_leaves_its_neurons_alone():
    mask = mask_of(NET, parameters=[4, 4, 8])
    assert np.flatnonzero(mask.parameters == 0).tolist() == [4, 8]
    assert mask.units.all()


@given(st.lists(st.sampled_from(NEURONS), max_size=4), st.lists(st.integers(0, NET.parameter_count - 1), max_size=4))
def test_masks_add_up_and_hold_only_0_and_1(neurons: list[tuple[int, int]], parameters: list[int]):
    masks = [mask_of(NET, [neuron]) for neuron in neurons] + [mask_of(NET, parameters=[i]) for i in parameters]
    together = mask_of(NET, neurons, parameters)
    assert (together is None) == (not masks)
    if together is not None:
        assert np.array_equal(together.parameters, np.prod([mask.parameters for mask in masks], axis=0))
        assert np.array_equal(together.units, np.prod([mask.units for mask in masks], axis=0))
        assert {*together.parameters, *together.units} <= {0.0, 1.0}
        assert together.parameters.shape == (NET.parameter_count,)
        assert together.units.shape == (sum(NET.sizes),)


def test_a_mask_cannot_be_changed():
    mask = mask_of(NET, [(1, 0)])
    for array in (mask.parameters, mask.units):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.5


@pytest.mark.parametrize("neuron", [(3, 0), (-1, 0), (4, 0), (1, 3), (1, -1), (0, 2)])
def test_output_neurons_and_neurons_that_are_not_there_are_refused(neuron: tuple[int, int]):
    sentence = f"^There is no neuron {neuron[1]} in column {neuron[0]} that could be switched off.$"
    with pytest.raises(VisualNNError, match=sentence):
        mask_of(NET, [neuron])


@pytest.mark.parametrize("index", [-1, NET.parameter_count])
def test_connections_that_are_not_there_are_refused(index: int):
    with pytest.raises(VisualNNError, match=f"^There is no connection {index} that could be cut.$"):
        mask_of(NET, parameters=[index])


def test_what_is_cut_counts_as_exactly_0():
    kept = mask_of(NET, [(1, 2)], [0]).kept(np.full(NET.parameter_count, -np.inf))
    cut = mask_of(NET, [(1, 2)], [0]).parameters == 0
    assert set(kept[~cut]) == {-np.inf}
    assert not np.signbit(kept[cut]).any()
    assert (kept[cut] == 0).all()


@pytest.mark.parametrize("place", [(3, 0, 0), (-1, 0, 0), (0, 2, 0), (0, -1, 0), (0, 0, 3), (2, 0, -1)])
def test_places_that_are_not_there_are_refused(place: tuple[int, int, int]):
    check_places(NET, frozenset({(0, 1), (2, 1)}), frozenset({(0, 1, 2), (2, 1, 0)}))
    layer, source, neuron = place
    with pytest.raises(VisualNNError, match=f"^There is no connection {source}→{neuron} in layer {layer} that could"):
        check_places(NET, frozenset(), frozenset({place}))
    with pytest.raises(VisualNNError, match=r"^There is no neuron 0 in column 3 that could be switched off\.$"):
        check_places(NET, frozenset({(3, 0)}), frozenset())
