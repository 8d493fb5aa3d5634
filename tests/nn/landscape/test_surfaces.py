from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.landscape import grid
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window


def test_all_are_there():
    assert list(CLASSICS) == [
        "bowl", "valley", "twins", "sine", "double_well", "saddle", "ravine", "plateau", "rosenbrock", "beale",
        "himmelblau", "styblinski_tang", "rastrigin", "ackley",
    ]  # fmt: skip
    assert all(classic.name == name for name, classic in CLASSICS.items())


@pytest.mark.parametrize("name", CLASSICS)
def test_slopes_are_those_of_the_heights(name: str):
    classic, step = CLASSICS[name], 1e-6
    x0, x1, y0, y1 = classic.window
    for x, y in np.random.default_rng(0).uniform((x0, y0), (x1, y1), (20, 2)):
        by_x = (classic.heights(x + step, y) - classic.heights(x - step, y)) / (2 * step)
        by_y = (classic.heights(x, y + step) - classic.heights(x, y - step)) / (2 * step)
        scale = 1.0 + abs(classic.heights(x, y))
        np.testing.assert_allclose(classic.slopes(x, y), [by_x, by_y], rtol=1e-5, atol=1e-7 * scale)


@pytest.mark.parametrize("name", CLASSICS)
def test_a_descent_is_told_the_heights_and_slopes_of_the_surface(name: str):
    classic, rng = CLASSICS[name], np.random.default_rng(0)
    x0, x1, y0, y1 = classic.window
    points = np.vstack([rng.uniform((x0, y0), (x1, y1), (50, 2)), rng.normal(0, 1e100, (5, 2)), [[0, 0], [1e300, -1]]])
    heights, slopes = classic.heights(*points.T), classic.slopes(*points.T).T
    for point, height, slope in zip(points, heights, slopes, strict=True):
        loss, told = classic.loss_and_slopes(point)
        np.testing.assert_allclose([loss, *told], [height, *slope], rtol=1e-15)


@pytest.mark.parametrize("name", CLASSICS)
def test_minima_have_no_slope_and_higher_ground_around_them(name: str):
    classic, (x0, x1, y0, y1) = CLASSICS[name], CLASSICS[name].window
    around = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    for x, y, loss in classic.minima:
        assert x0 < x < x1
        assert y0 < y < y1
        assert loss == classic.heights(x, y)
        np.testing.assert_allclose(classic.slopes(x, y), 0.0, atol=1e-12)
        ring = classic.heights(x + 1e-3 * np.cos(around), y + 1e-3 * np.sin(around))
        assert (ring >= loss).all()


@pytest.mark.parametrize("name", [name for name in CLASSICS if name not in ("plateau", "valley")])
def test_nothing_in_the_window_is_lower_than_the_lowest_minimum(name: str):
    classic = CLASSICS[name]
    found = grid.losses(classic, Window(*classic.window), 97)
    lowest = min(loss for _x, _y, loss in classic.minima)
    assert found.lowest is not None
    assert found.lowest[2] >= lowest - 1e-12


@pytest.mark.parametrize("name", CLASSICS)
def test_many_points_at_once_are_the_same_as_one_by_one(name: str):
    classic, rng = CLASSICS[name], np.random.default_rng(1)
    xs, ys = rng.normal(0, 2, (2, 3, 4))
    found = classic.heights(xs, ys)
    assert found.shape == (3, 4)
    single = [float(classic.heights(x, y)) for x, y in zip(xs.ravel(), ys.ravel(), strict=True)]
    np.testing.assert_allclose(found.ravel(), single, rtol=1e-14)


@pytest.mark.parametrize("name", CLASSICS)
def test_far_out_nothing_is_said_but_infinity_or_no_number(name: str):
    far = CLASSICS[name].heights(np.array([1e200, -1e200, np.nan]), np.array([1e200, 1e200, 0.0]))
    assert far.shape == (3,)
    assert np.isnan(far[2]) or name == "valley"
    assert np.isfinite(CLASSICS[name].slopes(*CLASSICS[name].start)).all()


def test_values_of_the_literature():
    at = {name: CLASSICS[name].heights for name in CLASSICS}
    assert at["rosenbrock"](-1.2, 1.0) == pytest.approx(24.2)
    assert at["himmelblau"](0.0, 0.0) == 170.0
    assert at["beale"](1.0, 1.0) == pytest.approx(1.5**2 + 2.25**2 + 2.625**2)
    assert at["styblinski_tang"](0.0, 0.0) == 78.33233
    assert at["rastrigin"](0.5, 0.5) == pytest.approx(40.5)
    assert at["ackley"](1.0, 1.0) == pytest.approx(3.6253849384403627)
    assert at["plateau"](0.0, 0.0) == 0.25
    assert at["saddle"](0.0, 0.0) == 1.0
