"""A surface: where its points are seen, how high they are, and what colour they have."""

from dataclasses import replace
from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualnn.files.examples import load
from visualnn.files.fresh import fresh_project
from visualnn.nn import metrics
from visualnn.nn.data import Recipe
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.scene import look
from visualnn.scene.surface import (
    CELLS,
    INNER,
    STRIPS,
    TALL,
    Orbit,
    ground_of,
    points,
    strip_colors,
    surface_of,
)

TURNS = st.floats(-3.1, 3.1)
TILTS = st.floats(0.15, 1.3)
COORDINATES = st.floats(-1, 1)


@pytest.fixture
def adder():
    return load("adder")


def by_matrix(orbit, u, v, h):
    """The same by multiplying rotations: about the upright axis, then about the one to the right."""
    turned = np.array([[cos(orbit.turn), -sin(orbit.turn), 0], [sin(orbit.turn), cos(orbit.turn), 0], [0, 0, 1]])
    a = orbit.tilt
    tilted = np.array([[1, 0, 0], [0, cos(a), -sin(a)], [0, sin(a), cos(a)]])
    right, _away, up = tilted @ turned @ np.array([u, v, TALL * h])
    return right, -up


@settings(max_examples=30)
@given(TURNS, TILTS, COORDINATES, COORDINATES, COORDINATES)
def test_points_are_seen_where_two_rotations_bring_them(turn, tilt, u, v, h):
    orbit = Orbit(turn, tilt)
    assert orbit.seen(u, v, h) == pytest.approx(by_matrix(orbit, u, v, h), abs=1e-12)


@settings(max_examples=30)
@given(TURNS, TILTS)
def test_lines_come_from_the_farthest_to_the_nearest(turn, tilt):
    orbit, side = Orbit(turn, tilt), np.linspace(-1, 1, CELLS + 1)
    depth = orbit.far_first(orbit.depth(side[None, :], side[:, None]))
    assert (np.diff(depth.mean(axis=1)) < 0).all()
    across = orbit.far_first(points(orbit, np.zeros((CELLS + 1, CELLS + 1))))[..., 0]
    assert np.abs(np.diff(across, axis=1)).min() >= 2 / CELLS * cos(pi / 4) - 1e-9  # lines run across the picture


def test_dragging_turns_and_tilts_within_bounds():
    orbit = Orbit()
    assert orbit.dragged(10, 0).turn < orbit.turn
    assert orbit.dragged(0, 10).tilt > orbit.tilt
    assert orbit.dragged(0, 10_000).tilt == orbit.dragged(0, 20_000).tilt < pi / 2
    assert orbit.dragged(0, -10_000).tilt > 0
    assert -pi <= orbit.dragged(100_000, 0).turn <= pi


def test_heights_are_what_the_network_says(adder):
    surface = surface_of(adder, adder.parameters, ground_of(adder.data))
    xs, ys = surface.ground.plane.grid(CELLS + 1)
    assert (xs[0], xs[-1], ys[0], ys[-1]) == (-8, 8, 8, -8)
    for row, column in ((20, 20), (4, 30), (16, 16)):
        pair = np.array([[xs[column], ys[::-1][row]]])
        assert surface.said[row, column] == pytest.approx(
            metrics.predict(adder.network, adder.parameters, pair)[0, 0], rel=1e-5, abs=1e-5
        )
        assert surface.ground.rule[row, column] == pair.sum()


def test_the_rows_lie_on_the_inner_half_of_the_grid(adder):
    plane = ground_of(adder.data).plane
    xs, _ys = plane.grid(CELLS + 1)
    assert xs[INNER][[0, -1]].tolist() == [-4, 4]


def test_the_height_axis_holds_the_rule_and_its_ticks_are_true(adder):
    ground = ground_of(adder.data)
    assert (ground.up.low, ground.up.high) == (-16, 16)
    assert [tick.value for tick in ground.up.ticks] == [-10, 0, 10]
    assert ground.heights(np.array([-16.0, 0.0, 16.0, 40.0])).tolist() == [-1, 0, 1, 1]


def test_rows_stand_on_the_surface_where_no_formula_is_known():
    data = made(Recipe("houses"))
    ground = ground_of(data)
    assert ground.rule is None
    assert len(ground.rows) == data.rows
    u, v, h = ground.rows[0]
    plane = ground.plane
    assert plane.left + (u + 1) / 2 * (plane.right - plane.left) == pytest.approx(data.inputs[0, 0])
    assert plane.bottom + (v + 1) / 2 * (plane.top - plane.bottom) == pytest.approx(data.inputs[0, 1])
    assert ground.up.value((h + 1) / 2) == pytest.approx(data.targets[0, 0])


def test_scaled_rows_have_the_same_ground():
    plain, scaled = (ground_of(made(Recipe("houses", scaled=scaled))) for scaled in (False, True))
    assert plain.plane.data == pytest.approx(scaled.plane.data)
    assert plain.rows == pytest.approx(scaled.rows)


def test_strips_are_blue_above_0_orange_below_and_faded_beyond_the_rows(adder):
    ground, colors = ground_of(adder.data), look.load("dark")
    surface = replace(surface_of(adder, adder.parameters, ground), said=ground.rule)
    orbit = Orbit(0.0)  # the farthest strip has the largest second numbers
    plain, faded = strip_colors(surface, colors, orbit)
    assert plain.shape == faded.shape == (STRIPS, CELLS)
    red, blue = ((plain[k] >> shift) & 255 for k, shift in ((STRIPS - 1, 16), (0, 0)))
    assert red[0] > (plain[STRIPS - 1, 0] & 255)
    assert blue[-1] > ((plain[0, -1] >> 16) & 255)
    panel = np.array([(colors["panel"] >> shift) & 255 for shift in (16, 8, 0)])

    def away(pixel):
        return np.abs(np.array([(int(pixel) >> shift) & 255 for shift in (16, 8, 0)]) - panel).sum()

    assert away(faded[0, -1]) < 0.5 * away(plain[0, -1])


def test_a_diverged_network_has_no_surface(adder):
    ground = ground_of(adder.data)
    assert surface_of(adder, adder.parameters, ground).is_finite
    assert not surface_of(adder, np.full(13, np.nan), ground).is_finite


def test_masked_parts_are_missing(adder):
    silent = adder.with_silent(1, 0, True)
    ground = ground_of(adder.data)
    expected = metrics.predict(silent.network, silent.parameters, np.array([[2.0, 2.0]]), silent.mask)[0, 0]
    surface = surface_of(silent, silent.parameters, ground)
    assert surface.said[20, 20] == pytest.approx(expected, rel=1e-5)


def test_fresh_networks_of_one_layer_are_flat():
    project = fresh_project("Plane", Network.of(2, 1), made(Recipe("difference")), Options())
    said = surface_of(project, np.array([1.0, 2.0, 3.0]), ground_of(project.data)).said
    assert np.diff(said, n=2, axis=0) == pytest.approx(0, abs=1e-5)
    assert np.diff(said, n=2, axis=1) == pytest.approx(0, abs=1e-5)
