"""The connections' picture: the same at every density of the screen, by Qt or by compiled code."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage

from visualnn.gui.views.network import ground
from visualnn.nn.network import Network, neuron_names
from visualnn.nn.trace import trace
from visualnn.scene import look, network, playback
from visualnn.scene.arrangement import layout
from visualnn.scene.frame import Field, Links
from visualnn.scene.kernels import raster
from visualnn.scene.traffic import curves_at

LOOK = look.load("dark")


@pytest.fixture(params=[True, False], ids=["compiled", "plain"])
def compiled(request, monkeypatch):
    """With the kernels and without them."""
    assert raster.load()
    if not request.param:
        monkeypatch.setattr(raster, "loaded", lambda: False)
    return request.param


def connections(*sizes):
    net = Network.of(*sizes)
    w = np.random.default_rng(0).normal(0, 0.2, net.parameter_count)
    made = trace(net, w, np.linspace(1, 2, sizes[0]))
    place = layout(net, 920.0, 616.0)
    items = network.ground(place, playback.whole(made), neuron_names(net), LOOK, network.Style())
    return place, items


def rgb(image: QImage, x: float, y: float) -> np.ndarray:
    color = image.pixelColor(int(x), int(y))
    return np.array([color.red(), color.green(), color.blue()])


@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 2.0])
def test_the_strongest_connection_is_where_its_curve_is(qapp, compiled, ratio):
    place, items = connections(2, 100, 90, 1)
    image = ground.drawn(place, items, LOOK, ratio).image
    assert (image.width(), image.height()) == (round(920 * ratio), round(616 * ratio))
    links = next(each for each in items if isinstance(each, Links) and each.layer == 1)
    strongest = int(np.argmax(links.width))
    color = np.array([LOOK["pos" if links.sign[strongest] > 0 else "neg"] >> shift & 255 for shift in (16, 8, 0)])
    for share in (0.08, 0.5, 0.92):
        x, y = curves_at(links, np.full(len(links), share))[strongest] * ratio
        apart = min(np.abs(rgb(image, x, y + dy) - color).sum() for dy in (-1, 0, 1))
        assert apart < 90, share


def test_a_field_lies_between_its_columns_only(qapp, compiled):
    place, items = connections(2, 100, 90, 1)
    field = next(each for each in items if isinstance(each, Field))
    image = ground.drawn(place, (field,), LOOK, 1.0).image
    canvas = np.array([LOOK["canvas"] >> shift & 255 for shift in (16, 8, 0)])
    between = [rgb(image, field.x0 + 100, y) for y in range(150, 450)]
    assert np.mean([np.abs(color - canvas).sum() > 20 for color in between]) > 0.3
    assert all((rgb(image, x, y) == canvas).all() for x in (field.x0 - 4, field.x1 + 4) for y in range(150, 450, 7))


def test_a_few_connections_need_no_picture(qapp):
    place, items = connections(2, 3, 1)
    assert ground.drawn(place, items, LOOK, 2.0).image is None
