from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import MAX_UNITS, Layer, Network, neuron_names


def test_the_articles_network_has_nine_weights_and_four_biases():
    network = Network.of(2, 3, 1)
    assert (network.parameter_count, network.connection_count) == (13, 9)
    assert network.sizes == (2, 3, 1)
    assert network.activations == ("relu", "linear")
    assert str(network) == "2-3-1"


def test_parse_reads_what_str_writes():
    assert Network.parse(" 2-16-16-1 ", hidden="tanh") == Network.of(2, 16, 16, 1, hidden="tanh")


@pytest.mark.parametrize("text", ["2,16,1", "2, 16, 1", "2×16×1", "2 x 16 X 1", "2–16–1", "2−16−1", "2 -16- 1\n"])
def test_parse_takes_sizes_as_people_write_them(text: str):
    assert Network.parse(text) == Network.of(2, 16, 1)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "“” is not a network; write its sizes like 2-3-1."),
        ("abc", "“abc” is not a network; write its sizes like 2-3-1."),
        ("2-3-y", "“2-3-y” is not a network; write its sizes like 2-3-1."),
        ("2", "“2” is a single size; a network has inputs and outputs, like 2-3-1."),
        ("2--1", "In “2--1” a size is missing; write one for every layer, like 2-3-1."),
        ("2-", "In “2-” a size is missing; write one for every layer, like 2-3-1."),
        ("2-3.5-1", "A layer has a whole number of neurons, not 3.5."),
        ("2-0-1", "A layer can have 1 to 100,000 neurons, not 0."),
        ("2-1000000000-1", "A layer can have 1 to 100,000 neurons, not 1,000,000,000."),
        ("2-" + "9" * 5000, f"A layer can have 1 to 100,000 neurons, not “{'9' * 39}…”."),
        ("99999-99999", "This network would have 9,999,900,000 parameters; the limit is 200,000,000."),
        ("-".join(["1"] * 10_002), "A network can have up to 10,000 layers, not 10,001."),
    ],
)
def test_parse_says_what_is_wrong(text: str, said: str):
    with pytest.raises(VisualNNError) as caught:
        Network.parse(text)
    assert str(caught.value) == said


@given(st.text(alphabet="0123456789-–×x,. a\n²٣") | st.text())
def test_any_text_is_a_network_or_one_sentence(text: str):
    try:
        assert Network.parse(text).parameter_count >= 2
    except VisualNNError as error:
        said = str(error)
    else:
        said = "Fine."
    assert said.endswith(".")
    assert len(said) < 120


@pytest.mark.parametrize(
    "make",
    [
        lambda: Network(2, ()),
        lambda: Network.of(2),
        lambda: Network.of(2, 0, 1),
        lambda: Network.of(2, MAX_UNITS + 1, 1),
        lambda: Network.of(MAX_UNITS, MAX_UNITS),
        lambda: Network(2, (Layer(1, "cosine"),)),
        lambda: Network(2, (Layer(2, "softmax"), Layer(1, "linear"))),
        lambda: Network(2, (Layer(2), Layer(1)), shortcut=-1),
    ],
)
def test_what_cannot_be_a_network_is_refused_in_one_sentence(make):
    with pytest.raises(VisualNNError, match=r"\.$"):
        make()


@given(st.lists(st.integers(1, 7), min_size=2, max_size=5))
def test_views_cover_the_flat_vector_once_and_in_order(sizes: list[int]):
    network = Network.of(*sizes)
    parameters = np.arange(network.parameter_count, dtype=np.float64)
    views = network.views(parameters)
    assert np.array_equal(np.concatenate([part.ravel() for pair in views for part in pair]), parameters)
    assert all(np.shares_memory(part, parameters) for pair in views for part in pair)
    for layer, (w, b) in enumerate(views):
        for source, neuron in np.ndindex(w.shape):
            assert w[source, neuron] == network.weight_index(layer, source, neuron)
        assert [network.bias_index(layer, neuron) for neuron in range(b.size)] == b.tolist()


def test_views_refuse_another_length():
    with pytest.raises(VisualNNError, match="13 parameters, not 12"):
        Network.of(2, 3, 1).views(np.zeros(12))


def test_small_networks_are_lettered_like_the_articles():
    assert neuron_names(Network.of(2, 3, 1)) == (("a", "b"), ("c", "d", "e"), ("f",))
    assert neuron_names(Network.of(2, 3, 1), ("x", "y")) == (("x", "y"), ("c", "d", "e"), ("f",))


@pytest.mark.parametrize("inputs", [("x", "x"), ("x", "x", "y"), ("x",), ("x", "l"), ("x", "")])
def test_names_of_the_data_that_do_not_tell_the_inputs_apart_are_not_taken(inputs: tuple[str, ...]):
    assert neuron_names(Network.of(2, 3, 1), inputs) == (("a", "b"), ("c", "d", "e"), ("f",))


@given(st.lists(st.integers(1, 30), min_size=2, max_size=5))
def test_names_are_unique_identifiers(sizes: list[int]):
    columns = neuron_names(Network.of(*sizes))
    names = [name for column in columns for name in column]
    assert [len(column) for column in columns] == sizes
    assert len(set(names)) == len(names)
    assert all(name.isidentifier() for name in names)


def net(*sizes: int, shortcut: int) -> Network:
    return replace(Network.of(*sizes), shortcut=shortcut)


def test_shortcuts_land_on_every_kth_hidden_layer_after_the_first():
    assert net(9, 4, 4, 4, 4, 1, shortcut=0).shortcuts == (None,) * 6
    assert net(9, 4, 4, 4, 4, 1, shortcut=1).shortcuts == (None, None, 1, 2, 3, None)
    assert net(9, 4, 4, 4, 4, 4, 1, shortcut=2).shortcuts == (None, None, None, 1, None, 3, None)
    assert net(9, 4, 4, 4, 4, 4, 1, shortcut=4).shortcuts == (None, None, None, None, None, 1, None)
    assert net(9, 4, 4, 1, shortcut=100).shortcuts == (None,) * 4


def test_shortcuts_need_layers_of_one_width():
    assert net(4, 4, 3, 3, 4, 4, shortcut=1).shortcuts == (None, None, None, 2, None, None)
    assert net(4, 4, 3, 4, 4, 4, shortcut=2).shortcuts == (None, None, None, 1, None, None)


@given(st.lists(st.integers(1, 3), min_size=2, max_size=9), st.integers(0, 9))
def test_shortcuts_join_hidden_columns_only_and_leave_the_parameters_alone(sizes: list[int], k: int):
    network = net(*sizes, shortcut=k)
    assert len(network.shortcuts) == len(sizes)
    for column, source in enumerate(network.shortcuts):
        if source is not None:
            assert 1 <= source == column - k < column < len(sizes) - 1
            assert sizes[source] == sizes[column]
    assert network.parameter_count == Network.of(*sizes).parameter_count
    assert network.offsets == Network.of(*sizes).offsets
