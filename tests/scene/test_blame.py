"""What an advice is about is lit on the stage."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.samples import ARTICLE, adder, adder_trace
from visualnn.nn.network import Network, neuron_names
from visualnn.nn.trace import trace
from visualnn.scene.arrangement import layout
from visualnn.scene.frame import Box, Frame, Line, Links, Text
from visualnn.scene.look import Look, load
from visualnn.scene.network import Style, frame
from visualnn.scene.playback import whole

SIZE = (920.0, 616.0)


@pytest.fixture(params=["dark", "light"])
def look(request: pytest.FixtureRequest) -> Look:
    return load(request.param)


def drawn(look: Look, style: Style) -> Frame:
    return frame(layout(ARTICLE, *SIZE), whole(adder_trace()), adder().names, look, style)


def circles(made: Frame, color: int) -> list[Box]:
    return [item for item in made.items if isinstance(item, Box) and item.edge == color and item.radius > 20]


def test_dead_neurons_have_a_dashed_grey_ring(look: Look):
    dead = frozenset({(1, 0), (1, 2)})
    rings = circles(drawn(look, Style(dead=dead)), look["zero"])
    assert [ring.dashed for ring in rings] == [True, True]
    column = layout(ARTICLE, *SIZE).column(1)
    assert [ring.y for ring in rings] == [column.y_of(0), column.y_of(2)]


def test_instead_of_its_empty_map_a_dead_neuron_shows_its_function(look: Look):
    empty = np.full((4, 4), look["zero"], dtype=np.uint32)
    maps = [empty] * 6

    def curves(style: Style) -> list[Line]:
        made = frame(layout(ARTICLE, *SIZE), whole(adder_trace()), adder().names, look, style, maps=maps)
        return [item for item in made.items if isinstance(item, Line) and item.color == look["text3"]]

    assert not curves(Style())
    assert len(curves(Style(dead=frozenset({(1, 1)})))) == 1


def test_while_the_advice_is_shown_the_ring_is_red(look: Look):
    dead = frozenset({(1, 0), (1, 1), (1, 2)})
    made = drawn(look, Style(dead=dead, blamed=dead))
    assert [ring.dashed for ring in circles(made, look["bad"])] == [True] * 3
    assert not circles(made, look["zero"])


def test_a_neuron_that_is_blamed_and_alive_has_a_whole_red_ring(look: Look):
    [ring] = circles(drawn(look, Style(blamed=frozenset({(2, 0)}))), look["bad"])
    assert not ring.dashed


def test_a_weight_that_is_blamed_is_red_with_its_number(look: Look):
    made = drawn(look, Style(blamed_links=frozenset({(1, 2, 0)})))
    colors = {
        (links.layer, int(source), int(neuron)): int(color)
        for links in made.ground
        if isinstance(links, Links)
        for source, neuron, color in zip(links.source, links.neuron, links.color, strict=True)
    }
    assert [link for link, color in colors.items() if color == look["bad"]] == [(1, 2, 0)]
    [pill] = [item for item in made.items if isinstance(item, Box) and item.edge == look["bad"]]
    assert "0.24" in [item.text for item in made.items if isinstance(item, Text) and abs(item.y - pill.y) < 1]


def test_nothing_is_red_without_an_advice(look: Look):
    made = drawn(look, Style())
    assert not [item for item in made.items if isinstance(item, Box) and item.edge == look["bad"]]


def test_small_neurons_have_rings_too(look: Look):
    network = Network.of(2, 100, 1)
    parameters = np.random.default_rng(0).normal(0, 0.3, network.parameter_count)
    seen = whole(trace(network, parameters, np.array([1.0, 2.0])))
    blamed = frozenset((1, neuron) for neuron in range(0, 100, 2))
    made = frame(layout(network, *SIZE), seen, neuron_names(network), look, Style(blamed=blamed))
    rings = [item for item in made.items if isinstance(item, Box) and item.edge == look["bad"]]
    column = layout(network, *SIZE).column(1)
    assert [ring.y for ring in rings] == [column.y_of(neuron) for neuron in range(0, 100, 2)]
