"""Paths laid over the surface, and kept while they grow."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.scene.landscape import drape
from visualnn.scene.landscape.drape import CELL, LIFT, MOST, STEP, rope
from visualnn.scene.landscape.heights import ground
from visualnn.scene.landscape.marks import trail
from visualnn.scene.landscape.picking import height
from visualnn.scene.landscape.relief import relief

BLUE = 0x0000FF


def loss(x, y):
    return x**2 + (y - 1) ** 2


@pytest.fixture(autouse=True)
def _nothing_is_kept():
    drape._kept.clear()


@pytest.fixture
def walk() -> np.ndarray:
    """A walk that leaves the window and comes back."""
    steps = np.random.default_rng(0).normal(0, 0.18, (300, 2))
    return np.asarray(np.cumsum(steps, axis=0) + np.array([0.0, 1.0]))


def of(points, count=None):
    return trail(points[:count], loss(*points[:count].T), BLUE, "Adam")


def laid(made, points):
    """Not from what is kept."""
    drape._kept.clear()
    return rope(made, of(points))


def assert_same(a, b):
    for one, two in ((a.points, b.points), (a.starts, b.starts), (a.until, b.until), (a.standing, b.standing)):
        assert np.allclose(one, two, rtol=0, atol=1e-9, equal_nan=True)


def test_a_rope_lies_on_the_surface_in_close_points_and_passes_every_update(bowl, walk):
    made = laid(bowl, walk)
    inside = np.abs(bowl.world(walk)).max(axis=1) <= 1
    assert 20 < inside.sum() < 280
    assert made.points[:, 2] == pytest.approx(height(ground(bowl), made.points[:, :2]) + LIFT, abs=0.004)
    pace = np.linalg.norm(np.diff(made.points[:, :2], axis=0), axis=1)
    assert pace[~made.starts[1:]].max() <= STEP * (1 + 1e-9)
    apart = np.linalg.norm(made.points[None, :, :2] - bowl.world(walk[inside])[:, None], axis=-1).min(axis=1)
    assert apart.max() < 2 * CELL


def test_where_it_leaves_the_square_it_ends_at_the_rim(bowl):
    made = laid(bowl, np.array([(0.0, 1.0), (4.0, 1.0), (4.0, 2.0), (0.0, 2.0)]))
    assert made.starts.sum() == 2
    second = int(np.flatnonzero(made.starts)[1])
    assert made.points[second - 1, :2] == pytest.approx((1.0, 0.0))
    assert made.points[second, :2] == pytest.approx((1.0, 0.5))


def test_a_stretch_whose_ends_lie_both_outside_is_drawn_where_it_crosses(bowl):
    made = laid(bowl, np.array([(-9.0, 1.0), (9.0, 1.0)]))
    assert made.points[[0, -1], :2] == pytest.approx(np.array([(-1.0, 0.0), (1.0, 0.0)]))


def test_a_path_that_grows_is_the_same_as_one_that_is_laid_at_once(bowl, walk):
    whole = laid(bowl, walk)
    drape._kept.clear()
    for count in range(1, len(walk) + 1):
        grown = rope(bowl, of(walk, count))
    assert_same(grown, whole)
    assert len(drape._kept) == 1


def test_stepping_back_shows_what_was_there(bowl, walk):
    whole = laid(bowl, walk)
    for count in (299, 150, 40, 2, 1):
        cut = whole.cut(count)
        assert_same(cut, laid(bowl, walk[:count]))
        assert cut.updates == count


def test_only_what_is_new_of_a_path_is_laid(bowl, walk, monkeypatch):
    rope(bowl, of(walk, 200))
    counts = []
    standing = drape._standing
    monkeypatch.setattr(drape, "_standing", lambda made, path: counts.append(len(path[0])) or standing(made, path))
    rope(bowl, of(walk, 201))
    rope(bowl, of(walk, 120))
    rope(bowl, of(walk, 201))
    assert counts == [1]


def test_paths_with_the_same_beginning_are_not_taken_for_each_other(bowl, walk):
    other = walk.copy()
    other[1:] += 0.3
    one, two = rope(bowl, of(walk)), rope(bowl, of(other))
    assert not np.allclose(one.points[-1], two.points[-1])
    assert_same(rope(bowl, of(walk)), one)
    assert_same(rope(bowl, of(other)), two)


def test_on_another_relief_it_is_laid_anew(bowl, walk):
    flat = relief(on_grid(lambda x, y: 0 * x + 1.0), WINDOW)
    rope(bowl, of(walk))
    assert rope(flat, of(walk)).points[:, 2].max() != rope(bowl, of(walk)).points[:, 2].max()


def test_a_very_long_path_has_no_more_points_than_can_be_drawn(bowl):
    there_and_back = np.array([(-1.9, 1.0), (1.9, 1.0)] * 3000)
    made = rope(bowl, of(there_and_back))
    assert len(made.points) <= MOST
    assert made.coarse > 1
    assert len(made.until) == 6000


def test_a_path_that_stays_is_one_point(bowl):
    made = laid(bowl, np.repeat([(0.5, 1.0)], 5000, axis=0) + np.linspace(0, 1e-5, 5000)[:, None])
    assert len(made.points) <= 2


def test_losses_that_are_no_numbers_leave_a_gap(bowl):
    points = np.array([(-1.0, 1.0), (-0.5, 1.0), (0.0, 1.0), (0.5, 1.0), (1.0, 1.0)])
    losses = loss(*points.T)
    losses[2] = np.nan
    made = rope(bowl, trail(points, losses, BLUE))
    assert made.starts.sum() == 2
    assert not ((made.points[:, 0] > -0.24) & (made.points[:, 0] < 0.24)).any()


def test_no_path_at_all_is_no_trouble(bowl):
    assert len(rope(bowl, of(np.array([(0.0, 1.0)]))).points) == 0
    beside = np.array([(9.0, 9.0), (np.nan, 1.0), (np.inf, 0.0)])
    assert len(rope(bowl, trail(beside, np.ones(3), BLUE)).points) == 0
