"""From which side a relief is looked at first."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.nn.landscape.grid import losses
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window
from visualnn.scene.landscape.camera import HOME, view
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import NOTHING, Marks, trail
from visualnn.scene.landscape.picking import are_hidden
from visualnn.scene.landscape.relief import relief
from visualnn.scene.landscape.standpoint import facing

SIZE = 900.0, 640.0


def seen_share(made, camera) -> float:
    z = ground(made)
    at = np.linspace(-1, 1, len(z))
    x, y = np.meshgrid(at, at)
    points = np.column_stack([x.ravel(), y.ravel(), z.ravel() + 0.006])
    return float((~are_hidden(made, view(camera, SIZE), points)).mean())


def test_where_all_sides_show_the_same_one_stays_at_home(kernels):
    assert facing(relief(on_grid(lambda x, y: np.hypot(x, y - 1)), WINDOW), NOTHING) == HOME


def test_a_cliff_is_not_looked_at_from_behind(kernels):
    made = relief(on_grid(lambda x, y: np.tanh(-8 * (x + y - 1))), WINDOW, logarithmic=False)
    found = facing(made, NOTHING)
    assert (found.turn - HOME.turn) % (pi / 2) == pytest.approx(0)
    assert seen_share(made, found) > 0.9 > 0.7 > seen_share(made, HOME)


def test_a_path_behind_a_hill_is_reason_enough(kernels):
    made = relief(on_grid(lambda x, y: np.exp(-9 * (x + 0.3) ** 2 - 9 * (y - 0.7) ** 2)), WINDOW, logarithmic=False)
    points = np.array([(0.2, 1.2), (0.4, 1.4)])
    behind = trail(points, np.zeros(2), 0, "Adam")
    assert facing(made, NOTHING) == HOME
    assert facing(made, Marks((behind,))) != HOME


@pytest.mark.parametrize("name", CLASSICS)
def test_no_surface_hides_much_of_itself(compiled, name):
    surface = CLASSICS[name]
    made = relief(losses(surface, Window(*surface.window), 41).heights, surface.window)
    assert seen_share(made, facing(made, NOTHING)) > 0.6


def test_where_nothing_is_one_looks_from_home(kernels):
    assert facing(relief(np.full((3, 3), np.nan), WINDOW), NOTHING) == HOME
