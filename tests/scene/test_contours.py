"""Contours: lines where a grid has one value, and none where it has no line."""

import numpy as np
import pytest

from visualnn.scene.contours import contour, contour_levels, joined


def test_handsome_levels():
    assert contour_levels(8.0) == (-8, -4, 0, 4, 8)
    assert contour_levels(1.0) == pytest.approx((-0.8, -0.4, 0, 0.4, 0.8))
    assert contour_levels(0.0) == (0,)


def test_the_contour_of_a_plain_slope_is_a_straight_line():
    grid = np.tile(np.arange(6.0), (4, 1))
    lines = contour(grid, 2.5)
    assert (lines[..., 0] == 2.5).all()
    assert sorted(lines[..., 1].ravel().tolist()) == [0, 1, 1, 2, 2, 3]


def test_the_contour_of_a_bowl_is_one_closed_ring():
    x, y = np.meshgrid(np.linspace(-1, 1, 41), np.linspace(-1, 1, 41))
    lines = contour(np.hypot(x, y), 0.5)
    assert np.hypot(*(lines / 20 - 1).reshape(-1, 2).T) == pytest.approx(0.5, abs=2e-3)
    (ring,) = joined(lines)
    assert ring[0].tolist() == ring[-1].tolist()
    assert len(ring) > 70


def test_open_lines_are_joined_from_end_to_end():
    x, _y = np.meshgrid(np.linspace(-2, 2, 30), np.linspace(-1, 1, 30))
    lines = joined(contour(np.abs(x), 1.0))
    assert sorted(len(line) for line in lines) == [30, 30]


@pytest.mark.parametrize("saddle", [[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]])
@pytest.mark.parametrize("level", [0.4, 0.6])
def test_a_saddle_is_cut_so_that_its_middle_stays_on_its_side(saddle, level):
    grid = np.array(saddle)
    lines = contour(grid, level)
    assert len(lines) == 2
    corners = {(0, 0): grid[0, 0], (1, 0): grid[0, 1], (0, 1): grid[1, 0], (1, 1): grid[1, 1]}
    for line in lines:
        x, y = np.rint(line.mean(axis=0) + (line.mean(axis=0) - 0.5) * 0.01)
        assert (corners[int(x), int(y)] > level) != (grid.mean() > level)


def test_no_contour_where_nothing_is_finite_or_all_is_plain():
    assert len(contour(np.full((5, 5), np.nan), 0.0)) == 0
    plain = np.maximum(np.tile(np.arange(-5.0, 6.0), (11, 1)), 0)
    assert len(contour(plain, 0.0)) == 0
    assert len(contour(plain, 0.5)) == 10
