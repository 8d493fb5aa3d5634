from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from visualnn.nn.data import number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import grid
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.plane import two_weights
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window, around
from visualnn.nn.metrics import score
from visualnn.nn.network import Network
from visualnn.nn.options import Options

WINDOW = Window(-2.0, 1.5, -1.0, 3.0)


class Counting:
    """A surface that remembers where it was asked."""

    cost = 2**23 // 100  # so that a portion has a hundred points

    def __init__(self) -> None:
        self.asked: list[tuple[float, float]] = []

    def heights(self, xs: np.ndarray, ys: np.ndarray) -> np.ndarray:
        self.asked += zip(xs.tolist(), ys.tolist(), strict=True)
        return xs + 10 * ys


def test_pictures_become_finer_and_no_place_is_computed_twice():
    surface = Counting()
    portions = list(grid.survey(surface, WINDOW, 97))
    sizes = [portion.grid.size for portion in portions if portion.grid is not None]
    assert sizes == [25, 49, 97]
    assert len(surface.asked) == len(set(surface.asked)) == 97 * 97
    assert [portion.places for portion in portions] == [97 * 97] * len(portions)
    assert all(0 < after.done - before.done <= 100 for before, after in pairwise(portions))
    assert portions[-1].done == 97 * 97


def test_every_picture_is_that_of_its_window_row_by_row_from_below():
    for portion in grid.survey(Counting(), WINDOW, 97):
        if portion.grid is not None:
            xs, ys = np.meshgrid(portion.grid.xs, portion.grid.ys)
            np.testing.assert_allclose(portion.grid.heights, xs + 10 * ys, rtol=1e-12)
            assert (portion.grid.xs[0], portion.grid.xs[-1]) == (-2.0, 1.5)
            assert (portion.grid.ys[0], portion.grid.ys[-1]) == (-1.0, 3.0)


def test_who_lets_go_has_computed_no_more():
    surface = Counting()
    survey = grid.survey(surface, WINDOW, 97)
    next(survey)
    survey.close()
    assert len(surface.asked) == 100


@pytest.mark.parametrize(("size", "strides"), [(25, [1]), (97, [4, 2, 1]), (101, [4, 2, 1]), (100, [1]), (2, [1])])
def test_the_steps_from_coarse_to_fine(size: int, strides: list[int]):
    assert grid.strides(size) == strides
    assert grid.losses(Counting(), WINDOW, size).size == size


@pytest.mark.parametrize("size", [1, 0, 5000])
def test_sizes_that_make_no_picture_are_told(size: int):
    with pytest.raises(VisualNNError, match="from 2 to 2,001"):
        next(grid.survey(Counting(), WINDOW, size))


def test_a_network_s_grid_is_its_score_everywhere(way: str):
    network, data = Network.of(2, 3, 1), number_pairs()
    parameters = initial_parameters(network, "glorot_uniform", 4)
    plane = two_weights(network, parameters, 0, 3, ("wac", "wbc"))
    found = grid.losses(Ground(Task.of(network, Options(), data), plane), WINDOW, 26)
    expected = [[score(network, plane.point(x, y), data, "mse").loss for x in found.xs] for y in found.ys]
    np.testing.assert_allclose(found.heights, expected, rtol=1e-12)


def test_the_lowest_place_of_the_bowl():
    found = grid.losses(CLASSICS["bowl"], Window(-1, 3, -1, 3), 25)
    assert found.lowest == (1.0, 1.0, 0.0)
    assert found.unknown == 0
    assert not found.is_flat


@pytest.mark.filterwarnings("ignore:overflow")
def test_places_without_a_finite_height_are_counted_and_passed_over():
    found = grid.losses(CLASSICS["rosenbrock"], Window(-1e160, 1e160, -1, 1), 3)
    assert found.unknown == 6
    assert found.lowest == (0.0, 0.0, 1.0)
    nowhere = grid.losses(CLASSICS["rosenbrock"], Window(1e160, 2e160, -1, 1), 3)
    assert nowhere.lowest is None
    assert not nowhere.is_flat


def test_a_dead_shelf_is_flat():
    shelf = grid.losses(CLASSICS["valley"], Window(-3, -1, -1, 1), 25)
    assert shelf.is_flat
    assert shelf.lowest is not None
    assert shelf.lowest[2] == 20.0


@pytest.mark.parametrize(
    ("edges", "said"),
    [
        ((1.0, 1.0, 0.0, 1.0), "no width: it goes from 1 to 1"),
        ((0.0, 1.0, 2.0, -2.0), "no height: it goes from 2 to -2"),
        ((0.0, np.inf, 0.0, 1.0), "finite ends"),
        ((np.nan, 1.0, 0.0, 1.0), "finite ends"),
        ((-1.5e308, 1.5e308, 0.0, 1.0), "finite ends"),
        ((1.0, np.nextafter(1.0, 2.0), 0.0, 1.0), "too few numbers"),
    ],
)
def test_windows_that_show_nothing_are_told(edges: tuple[float, ...], said: str):
    with pytest.raises(VisualNNError, match=said):
        Window(*edges)


def test_a_window_around_a_path_has_room_and_never_no_width():
    path = np.array([[0.0, 5.0], [4.0, 5.0], [2.0, 5.0]])
    assert around(path) == Window(-1.0, 5.0, 4.0, 6.0)
    assert around(np.array([[np.nan, 1.0]])) == around(np.zeros((1, 2))) == Window(-1e-3, 1e-3, -1e-3, 1e-3)
    assert around(np.zeros((1, 2)), least=(2.0, 3.0)) == Window(-2.0, 2.0, -3.0, 3.0)
    assert around(path).holds(np.array([[0.0, 5.0], [9.0, 5.0]])).tolist() == [True, False]
