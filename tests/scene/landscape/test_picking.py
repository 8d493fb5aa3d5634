"""Which point is under a pixel, and what hides it."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.scene.kernels.terrain import choose, plain
from visualnn.scene.landscape.camera import HOME, Camera, view
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.picking import are_hidden, height, pick, pick_floor
from visualnn.scene.landscape.relief import FLOOR, TALL, relief

SIZE = 900, 640


def on_surface(made, points):
    flat = made.world(points)
    return np.column_stack([flat, height(ground(made), flat)])


@pytest.mark.parametrize("point", [(0.3, 1.4), (-1.5, 0.2), (1.9, 2.5)])
def test_what_is_picked_is_the_point_drawn_there(kernels, bowl, point):
    seen = view(Camera(-2.2, 1.2), SIZE)
    x, y, _ = seen.seen(on_surface(bowl, [point]))[0]
    hit = pick(bowl, seen, x, y)
    assert hit is not None
    assert (hit.x, hit.y) == pytest.approx(point, abs=1e-3)
    assert hit.loss == pytest.approx(point[0] ** 2 + (point[1] - 1) ** 2, abs=0.01)


def test_of_two_points_behind_each_other_the_nearer_one_is_picked(kernels):
    made = relief(on_grid(lambda x, y: np.exp(-8 * (x**2 + (y - 1) ** 2))), WINDOW, logarithmic=False)
    seen = view(Camera(-2.2, 0.15), SIZE)
    behind = on_surface(made, [(0.45, 1.6)])
    assert are_hidden(made, seen, behind).tolist() == [True]
    x, y, _ = seen.seen(behind)[0]
    hit = pick(made, seen, x, y)
    assert hit is not None
    assert hit.x < 0.3


def test_beside_the_surface_and_in_holes_nothing_is_picked(kernels):
    losses = on_grid(lambda x, y: 0 * x + 1)
    losses[:, 10:30] = np.nan
    made = relief(losses + on_grid(lambda x, y: x), WINDOW, logarithmic=False)
    seen = view(HOME, SIZE)
    assert pick(made, seen, 3, 3) is None
    x, y, _ = seen.seen(np.array([0.0, 0.0, TALL / 2]))
    assert pick(made, seen, x, y) is None


def test_the_map_is_picked_where_it_is():
    made = relief(on_grid(lambda x, y: x), WINDOW, logarithmic=False)
    seen = view(HOME, SIZE)
    x, y, _ = seen.seen(np.array([*made.world([(1.2, -0.5)])[0], FLOOR]))
    assert pick_floor(made, seen, x, y) == pytest.approx((1.2, -0.5))
    assert pick_floor(made, seen, 1, 1) is None


def test_from_above_everything_on_the_surface_is_seen_and_nothing_of_the_map(kernels, hilly):
    seen = view(Camera(0.3, 1.5), SIZE)
    points = on_surface(hilly, np.random.default_rng(1).uniform((-1.9, -0.9), (1.9, 2.9), (40, 2)))
    assert not are_hidden(hilly, seen, points).any()
    points[:, 2] = FLOOR
    assert are_hidden(hilly, seen, points).all()


def test_the_map_is_seen_past_the_edge_of_the_surface(kernels, hilly):
    near = np.array([[-0.97, -0.97, FLOOR]])
    assert not are_hidden(hilly, view(Camera(HOME.turn, 0.3), SIZE), near).any()


def test_both_kernels_hide_the_same(compiled, hilly, monkeypatch):
    seen = view(Camera(-2.2, 0.3), SIZE)
    points = np.random.default_rng(2).uniform((-1, -1, FLOOR), (1, 1, TALL), (300, 3))
    points[:150] = on_surface(hilly, np.random.default_rng(3).uniform((-2, -1), (2, 3), (150, 2)))
    answers = []
    for kernels in (plain, compiled):
        monkeypatch.setattr(choose.SWITCH, "used", kernels)
        answers.append(are_hidden(hilly, seen, points))
    assert np.array_equal(*answers)
    assert 20 < answers[0].sum() < 280
