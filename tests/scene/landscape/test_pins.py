"""The gradient, what an optimizer remembers, the chosen runner, and the pointer's place."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.scene import look
from visualnn.scene.frame import Arrow, Box, Line
from visualnn.scene.landscape.camera import Camera, view
from visualnn.scene.landscape.drape import LIFT
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import Marks, Moment, Slope, trail
from visualnn.scene.landscape.overlay import overlay
from visualnn.scene.landscape.picking import height
from visualnn.scene.landscape.pins import ARM, DOWNHILL, RATES, SHORTEST, WHITE, pointed
from visualnn.scene.landscape.relief import FLOOR, relief

SIZE = 900, 640
LOOK = look.load("dark")
ABOVE = Camera(-np.pi / 2, 1.5)  # x to the right, y away from the eye
PINK, BLUE = 0xFF00AA, 0x0000FF


def loss(x, y):
    return x**2 + (y - 1) ** 2


@pytest.fixture
def plain():
    """Level: what is drawn upon it is as long as it is."""
    return relief(on_grid(lambda x, y: 0 * x + 1.0), WINDOW)


def drawn(made, camera=ABOVE, **marks):
    return overlay(made, camera, SIZE, LOOK, marks=Marks(**marks)).items


def lines(items, color):
    return [item.points for item in items if isinstance(item, Line) and item.color == color]


def on_screen(made, x, y, camera=ABOVE):
    flat = made.world([(x, y)])
    z = float(height(ground(made), flat)[0])
    return view(camera, SIZE).spot(*flat[0].tolist(), z + 2 * LIFT)[:2]


def test_the_velocity_is_as_long_as_the_way_it_takes(plain):
    items = drawn(plain, moment=Moment(-1.0, 1.0, velocity=(0.8, 0.4)))
    shaft = lines(items, WHITE)[0]
    assert shaft[0] == pytest.approx(on_screen(plain, -1.0, 1.0))
    assert shaft[-1] == pytest.approx(on_screen(plain, -0.2, 1.4))
    assert "velocity" in overlay(plain, ABOVE, SIZE, LOOK, marks=Marks(moment=Moment(-1, 1, (0.8, 0.4)))).texts()


def test_of_a_tiny_velocity_the_way_is_told(plain):
    shaft = lines(drawn(plain, moment=Moment(0.0, 1.0, velocity=(0.0, -1e-4))), WHITE)[0]
    assert shaft[-1] == pytest.approx(on_screen(plain, 0.0, 1.0 - 2 * SHORTEST))


def test_a_velocity_that_leads_out_of_the_picture_ends_at_its_rim(plain):
    shaft = lines(drawn(plain, moment=Moment(1.0, 1.0, velocity=(3.0, 0.0))), WHITE)[0]
    assert shaft[-1] == pytest.approx(on_screen(plain, 2.0, 1.0))


@pytest.mark.parametrize("velocity", [None, (0.0, 0.0), (np.nan, 1.0), (np.inf, 0.0)])
def test_without_a_velocity_there_is_no_arrow(plain, velocity):
    items = drawn(plain, moment=Moment(0.0, 1.0, velocity=velocity))
    assert not [item for item in items if isinstance(item, Arrow)]


def test_downhill_and_velocity_are_told_apart_by_colour_and_word(bowl):
    marks = Marks(slope=Slope(1.0, 1.0, (2.0, 0.0)), moment=Moment(1.0, 1.0, velocity=(0.0, 0.5)))
    frame = overlay(bowl, ABOVE, SIZE, LOOK, marks=marks)
    assert {"downhill", "velocity"} <= set(frame.texts())
    down, way = lines(frame.items, DOWNHILL)[0], lines(frame.items, WHITE)[0]
    assert down[-1][0] < down[0][0] - 20
    assert way[-1][1] < way[0][1] - 20


def test_the_rates_are_arms_along_the_axes_as_long_as_they_are_to_each_other(plain):
    items = drawn(plain, moment=Moment(0.0, 1.0, rates=(0.02, 0.1)))
    arms = np.array([(line[0], line[-1]) for line in lines(items, RATES)])
    ends = {tuple(np.round(end, 3)) for end in arms[:, 1].tolist()}
    meant = [(2 * ARM * 0.2, 0), (-2 * ARM * 0.2, 0), (0, 2 * ARM), (0, -2 * ARM)]
    assert ends == {tuple(np.round(on_screen(plain, x, 1 + y), 3)) for x, y in meant}
    texts = overlay(plain, ABOVE, SIZE, LOOK, marks=Marks(moment=Moment(0, 1, rates=(0.02, 0.1)))).texts()
    assert "rates" in texts


@pytest.mark.parametrize("rates", [None, (0.0, 0.0), (np.nan, 0.1), (0.1, np.inf), (-0.1, 0.1)])
def test_rates_that_are_none_draw_nothing(plain, rates):
    assert not lines(drawn(plain, moment=Moment(0.0, 1.0, rates=rates)), RATES)


def test_a_moment_beside_the_picture_draws_nothing(plain):
    assert drawn(plain, moment=Moment(9.0, 1.0, (1.0, 0.0), (0.1, 0.2))) == drawn(plain)


def test_the_chosen_path_lies_above_the_others_is_wider_and_they_are_calmer(plain):
    points = np.array([(-1.0, 1.0), (1.0, 1.0)])
    trails = trail(points, np.ones(2), PINK, "Adam"), trail(points[::-1], np.ones(2), BLUE, "Sgd")
    usual = drawn(plain, trails=trails)
    chosen = drawn(plain, trails=trails, selected=0)
    assert [item.width for item in usual if isinstance(item, Line) and item.color in (PINK, BLUE)] == [2.6, 2.6]
    own = [place for place, item in enumerate(chosen) if isinstance(item, Line) and item.color == PINK]
    assert chosen[own[0]].width > 2.6
    assert not [item for item in chosen if isinstance(item, Line) and item.color == BLUE]
    widths = [item.width for item in chosen[: own[0]] if isinstance(item, Line)]
    assert 2.6 * 0.9 in widths
    discs = [item.fill for item in chosen if isinstance(item, Box) and item.radius > 8]
    assert discs == [BLUE, PINK]


def test_beads_stay_where_they_are_while_the_path_grows(plain):
    points = np.column_stack([np.linspace(-1.5, 1.5, 40), np.ones(40)])

    def beads(count):
        path = trail(points[:count], np.ones(count), PINK, "Adam")
        return [(item.x, item.y) for item in drawn(plain, trails=(path,)) if isinstance(item, Box) and item.radius < 5]

    for count in (5, 20, 39):
        assert beads(count) == beads(40)[: len(beads(count))]
    assert len(beads(40)) > 20


def test_the_pointers_place_hangs_down_to_the_map_as_far_as_that_is_seen(bowl):
    seen = view(Camera(-2.2, 0.74), SIZE)
    items = list(pointed(bowl, seen, LOOK, (-1.95, -0.95)))
    dashes = next(item for item in items if isinstance(item, Line) and item.dash)
    flat = bowl.world([(-1.95, -0.95)])[0].tolist()
    assert dashes.points[-1] == pytest.approx(seen.spot(*flat, FLOOR)[:2])
    hidden = list(pointed(bowl, seen, LOOK, (0.0, 1.0)))
    assert all(isinstance(item, Box) for item in hidden)
    assert len(hidden) == 2
    assert not list(pointed(bowl, seen, LOOK, (9.0, 1.0)))
