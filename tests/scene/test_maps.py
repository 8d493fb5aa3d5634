"""Maps: where the data lie, what is coloured how, and what the lines are."""

from dataclasses import replace

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn import metrics
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.scene import look
from visualnn.scene.maps import map_of, map_pixels, plane_around, plane_of


def test_the_plane_has_a_margin_around_the_data():
    plane = plane_around(np.array([[-4.0, 0.0], [4.0, 2.0]]), 0.125)
    assert (plane.left, plane.right, plane.bottom, plane.top) == (-5, 5, -0.25, 2.25)
    assert plane.data == (-4, 4, 0, 2)
    assert plane.shares(np.array([[-5.0, 2.25], [0.0, -0.25]])).tolist() == [[0, 0], [0.5, 1]]
    xs, ys = plane.grid(3)
    assert xs.tolist() == [-5, 0, 5]
    assert ys.tolist() == [2.25, 1, -0.25]


def test_data_on_a_line_still_make_a_plane():
    plane = plane_around(np.array([[1.0, 3.0], [2.0, 3.0]]), 0.1)
    assert plane.bottom < 3 < plane.top


@pytest.mark.parametrize("name", ["dark", "light"])
def test_maps_are_orange_below_0_and_blue_above(name):
    colors = look.load(name)
    pixels = map_pixels(np.array([[-1.0, 0.0, 1.0, 5.0, np.nan]]), colors)[0]
    ground = colors.mix("canvas", "raised", 0.5)
    assert pixels[0] == 0xFF000000 | look.blend(ground, colors["neg"], 0.5)
    assert pixels[2] == pixels[3] == 0xFF000000 | look.blend(ground, colors["pos"], 0.5)
    channels = [[(int(p) >> shift) & 255 for shift in (16, 8, 0)] for p in (pixels[1], pixels[4], ground)]
    assert np.abs(np.diff(channels, axis=0)).max() <= 4


def test_the_lines_of_a_classifier_are_its_boundary():
    project = load("circles")
    plane = plane_of(project)
    (boundary,) = map_of(project, project.parameters, plane, look.load("dark")).contours
    spots = boundary.segments.mean(axis=1)
    x = plane.left + spots[:, 0] * (plane.right - plane.left)
    y = plane.top + spots[:, 1] * (plane.bottom - plane.top)
    out = metrics.predict(project.network, project.parameters, np.column_stack([x, y]))
    assert out == pytest.approx(metrics.DECISION, abs=0.02)


def test_numbers_have_lines_at_round_values():
    project = load("adder")
    picture = map_of(project, project.parameters, plane_of(project), look.load("dark"))
    assert {line.level for line in picture.contours} <= {-8.0, -4.0, 0.0, 4.0, 8.0}
    assert picture.pixels.shape == (56, 56)


def test_with_hinge_the_boundary_is_where_the_output_is_0():
    project = replace(load("circles"), network=Network.of(2, 1), options=Options(loss="hinge"), parameters=np.zeros(3))
    plane = plane_of(project)
    (boundary,) = map_of(project, np.array([1.0, 0.0, 0.1]), plane, look.load("dark")).contours
    x = plane.left + boundary.segments[..., 0] * (plane.right - plane.left)
    assert x == pytest.approx(-0.1, abs=1e-6)  # maps are made in single precision
