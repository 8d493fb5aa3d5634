"""Every number is marked by its place, so that after an operation each can be asked where it comes from."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.nn import surgery
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Layer, Network
from visualnn.nn.surgery import Surgery

NET = Network.of(2, 3, 4, 1, hidden="tanh")
NEW = -1.0


def marks(network: Network) -> np.ndarray:
    """Every parameter's own place in the flat vector."""
    return np.arange(float(network.parameter_count))


def moved(change: Surgery) -> np.ndarray:
    """Where each parameter of the new network comes from."""
    return change.parameters(marks(change.before), np.full(change.after.parameter_count, NEW))


def layers(change: Surgery) -> list[tuple[list[list[float]], list[float]]]:
    return [(w.tolist(), b.tolist()) for w, b in change.after.views(moved(change))]


def own(network: Network, layer: int) -> tuple[list[list[float]], list[float]]:
    w, b = network.views(marks(network))[layer]
    return w.tolist(), b.tolist()


def test_a_layer_grows_at_its_end():
    change = surgery.with_units(NET, 1, 4)
    assert change.after == Network.of(2, 4, 4, 1, hidden="tanh")
    first, second, third = layers(change)
    assert first == ([[0, 1, 2, NEW], [3, 4, 5, NEW]], [6, 7, 8, NEW])
    assert second == ([*own(NET, 1)[0], [NEW] * 4], own(NET, 1)[1])
    assert third == own(NET, 2)


def test_a_layer_loses_its_last_neurons():
    first, second, third = layers(surgery.with_units(NET, 1, 1))
    assert first == ([[0], [3]], [6])
    assert second == (own(NET, 1)[0][:1], own(NET, 1)[1])
    assert third == own(NET, 2)


def test_one_neuron_goes_and_the_others_close_up():
    change = surgery.without_neuron(NET, 1, 1)
    assert change.after.sizes == (2, 2, 4, 1)
    first, second, third = layers(change)
    assert first == ([[0, 2], [3, 5]], [6, 8])
    assert second == ([own(NET, 1)[0][0], own(NET, 1)[0][2]], own(NET, 1)[1])
    assert third == own(NET, 2)
    assert change.silent(frozenset({(1, 0), (1, 1), (1, 2), (0, 1), (2, 3)})) == {(1, 0), (1, 1), (0, 1), (2, 3)}
    assert change.cut(frozenset({(0, 0, 1), (0, 0, 2), (1, 2, 3), (1, 1, 3)})) == {(0, 0, 1), (1, 1, 3)}


def test_a_new_layer_is_like_its_neighbour():
    change = surgery.with_layer(NET, 2)
    assert change.after == Network(2, (*NET.layers[:2], Layer(4, "tanh"), NET.layers[2]))
    first, second, third, last = layers(change)
    assert (first, second) == (own(NET, 0), own(NET, 1))
    assert third == ([[NEW] * 4] * 4, [NEW] * 4)
    assert last == ([[NEW]] * 4, own(NET, 2)[1])  # a neuron keeps its bias
    assert surgery.with_layer(NET, 0).after.layers[0] == NET.layers[0]
    assert surgery.with_layer(NET, 1).after.layers[1] == NET.layers[0]
    assert surgery.with_layer(NET, 0, 7, "elu").after.layers[0] == Layer(7, "elu")


def test_the_first_hidden_layer_has_four_neurons():
    assert surgery.with_layer(Network.of(2, 1), 0).after == Network.of(2, 4, 1)


def test_a_layer_is_taken_out():
    change = surgery.without_layer(NET, 1)
    assert change.after == Network.of(2, 4, 1, hidden="tanh")
    first, last = layers(change)
    assert first == ([[NEW] * 4] * 2, own(NET, 1)[1])
    assert last == own(NET, 2)
    assert change.cut(frozenset({(0, 0, 0), (1, 2, 3), (2, 3, 0)})) == {(1, 3, 0)}
    assert surgery.without_layer(Network.of(2, 3, 1), 1).after == Network.of(2, 1)


def test_typed_sizes_keep_what_fits_from_the_left():
    first, second, third, last = layers(change := surgery.with_sizes(NET, (2, 5, 3)))
    assert change.after == Network.of(2, 2, 5, 3, 1, hidden="tanh")
    assert first == ([[0, 1], [3, 4]], [6, 7])
    assert second == ([[*row, NEW] for row in own(NET, 1)[0][:2]], [*own(NET, 1)[1], NEW])
    assert third == ([[NEW] * 3] * 5, [NEW] * 3)
    assert last == ([[NEW]] * 3, own(NET, 2)[1])
    assert layers(surgery.with_sizes(NET, (3, 4))) == [own(NET, layer) for layer in range(3)]
    assert surgery.with_sizes(NET, ()).after == Network.of(2, 1)
    assert surgery.with_sizes(Network.of(2, 1), (8,)).after == Network.of(2, 8, 1)


def test_shortcuts_are_kept():
    deep = Network(2, (Layer(4), Layer(4), Layer(1, "linear")), shortcut=1)
    for change in (surgery.with_units(deep, 1, 5), surgery.with_layer(deep, 1), surgery.with_sizes(deep, (4, 4))):
        assert change.after.shortcut == 1
    assert surgery.with_layer(deep, 1).after.shortcuts == (None, None, 1, 2, None)


def test_one_layer_gets_new_weights():
    flat = surgery.with_fresh_layer(NET, marks(NET), 2, np.full((3, 4), NEW))
    views = NET.views(flat)
    assert (views[1].w == NEW).all()
    assert not views[1].b.any()
    for layer in (0, 2):
        assert (views[layer].w.tolist(), views[layer].b.tolist()) == own(NET, layer)
    assert surgery.weights_into(NET, marks(NET), 2).tolist() == own(NET, 1)[0]


def test_only_one_activation_changes():
    changed = surgery.with_activation(NET, 3, "sigmoid")
    assert changed.activations == ("tanh", "tanh", "sigmoid")
    assert changed.sizes == NET.sizes


@st.composite
def changes(draw: st.DrawFn) -> Surgery:
    """Any operation on any network."""
    sizes = draw(st.lists(st.integers(1, 4), min_size=2, max_size=5))
    network, hidden, units = Network.of(*sizes), len(sizes) - 2, st.integers(1, 5)
    choices: list[Callable[[], Surgery]] = [
        lambda: surgery.with_layer(network, draw(st.integers(0, hidden)), draw(st.none() | units)),
        lambda: surgery.with_sizes(network, tuple(draw(st.lists(units, max_size=4)))),
    ]
    if hidden:
        column = draw(st.integers(1, hidden))
        choices += [
            lambda: surgery.with_units(network, column, draw(units)),
            lambda: surgery.without_layer(network, column),
        ]
        if network.sizes[column] > 1:
            choices.append(lambda: surgery.without_neuron(network, column, draw(st.integers(0, sizes[column] - 1))))
    return draw(st.sampled_from(choices))()


@given(changes())
def test_what_is_switched_off_goes_where_its_numbers_go(change: Surgery):
    before, after, flat = change.before, change.after, moved(change).tolist()
    for layer, (units_in, units_out) in enumerate(zip(before.sizes, before.sizes[1:], strict=False)):
        for source in range(units_in):
            for neuron in range(units_out):
                mark = before.weight_index(layer, source, neuron)
                now = {after.weight_index(*place) for place in change.cut(frozenset({(layer, source, neuron)}))}
                assert now == ({flat.index(mark)} if mark in flat else set())
        for neuron in range(units_out):
            mark = before.bias_index(layer, neuron)
            now = {after.bias_index(c - 1, n) for c, n in change.silent(frozenset({(layer + 1, neuron)}))}
            assert now == ({flat.index(mark)} if mark in flat else set())


@given(changes())
def test_nothing_is_doubled_and_what_is_new_is_known(change: Surgery):
    flat = moved(change)
    stayed = flat[flat != NEW]
    assert len(set(stayed.tolist())) == stayed.size
    assert change.adds == (flat == NEW).any()
    assert not flat.flags.writeable


def test_what_is_switched_off_moves_as_one():
    silent, cut = frozenset({(0, 1), (1, 2), (2, 3)}), frozenset({(1, 0, 0), (1, 2, 3), (2, 3, 0)})
    change = surgery.with_layer(NET, 0)
    assert change.silent(silent) == {(0, 1), (2, 2), (3, 3)}
    assert change.cut(cut) == {(2, 0, 0), (2, 2, 3), (3, 3, 0)}


@pytest.mark.parametrize(
    ("operation", "said"),
    [
        (lambda: surgery.with_units(NET, 1, 0), "A layer can have 1 to 100,000 neurons, not 0."),
        (lambda: surgery.with_units(NET, 1, 100_001), "A layer can have 1 to 100,000 neurons, not 100,001."),
        (lambda: surgery.with_units(NET, 0, 3), "There is no hidden layer 0; the network 2-3-4-1 has 2."),
        (lambda: surgery.with_units(NET, 3, 3), "There is no hidden layer 3; the network 2-3-4-1 has 2."),
        (lambda: surgery.without_neuron(NET, 1, 3), "Hidden layer 1 has no neuron 4; it has 3."),
        (
            lambda: surgery.without_neuron(Network.of(2, 1, 1), 1, 0),
            "Hidden layer 1 has only this neuron; remove the layer instead.",
        ),
        (lambda: surgery.with_layer(NET, 3), "A layer can be added after columns 0 to 2, not after 3."),
        (lambda: surgery.with_layer(NET, 1, 0), "A layer can have 1 to 100,000 neurons, not 0."),
        (lambda: surgery.with_layer(NET, 1, 3, "softmax"), "“softmax” is for the output layer only."),
        (lambda: surgery.without_layer(NET, 3), "There is no hidden layer 3; the network 2-3-4-1 has 2."),
        (lambda: surgery.with_sizes(NET, (3, 0)), "A layer can have 1 to 100,000 neurons, not 0."),
        (lambda: surgery.with_activation(NET, 0, "relu"), "There is no layer 0; the network 2-3-4-1 has 3."),
        (lambda: surgery.with_activation(NET, 1, "softmax"), "“softmax” is for the output layer only."),
        (lambda: surgery.weights_into(NET, marks(NET), 4), "There is no layer 4; the network 2-3-4-1 has 3."),
    ],
)
def test_what_cannot_be_is_said_in_one_sentence(operation: Callable[[], object], said: str):
    with pytest.raises(VisualNNError) as caught:
        operation()
    assert str(caught.value) == said
