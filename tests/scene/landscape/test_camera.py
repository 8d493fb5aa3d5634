"""Turning, zooming, coasting, and where points are seen."""

from __future__ import annotations

from math import pi

import numpy as np
import pytest

from visualnn.scene.landscape.camera import (
    COAST_SECONDS,
    FARTHEST,
    FLATTEST,
    HOME,
    NEAREST,
    STEEPEST,
    Camera,
    between,
    coasted,
    turned,
    view,
    zoomed,
)
from visualnn.scene.landscape.relief import FLOOR, TALL

SIZE = 900, 640


def test_a_ray_through_where_a_point_is_seen_meets_the_point():
    seen = view(Camera(0.7, 0.9, 1.4), SIZE)
    point = np.array([0.3, -0.6, 0.25])
    x, y, inverse = seen.seen(point)
    assert seen.eye + seen.ray(x, y) / inverse == pytest.approx(point)


def test_the_nearer_of_two_points_has_the_greater_inverse_distance():
    seen = view(HOME, SIZE)
    near, far = seen.seen(np.array([[-1, -1, 0], [1, 1, 0]]))
    assert near[2] > far[2]
    assert near[1] > far[1]


def test_higher_points_are_seen_higher_and_x_grows_to_the_right_at_home():
    low, high, right = view(HOME, SIZE).seen(np.array([[0, 0, 0], [0, 0, 0.5], [0.5, 0, 0]]))
    assert high[1] < low[1]
    assert high[0] == pytest.approx(low[0])
    assert right[0] > low[0]


@pytest.mark.parametrize("size", [(900, 640), (640, 440), (2560, 1600), (300, 900), (920, 620)])
def test_at_home_everything_is_on_the_screen(size):
    corners = [(x, y, z) for x in (-1, 1) for y in (-1, 1) for z in (FLOOR, TALL)]
    x, y, _ = view(HOME, size).seen(np.array(corners)).T
    assert x.min() >= 0
    assert x.max() <= size[0]
    assert y.min() >= 0
    assert y.max() <= size[1]


def test_what_is_under_the_mouse_follows_it():
    front = np.array([-0.5, -0.5, 0.0])
    before, after = (view(camera, SIZE).seen(front) for camera in (HOME, turned(HOME, 10, 0)))
    assert after[0] > before[0]
    assert turned(HOME, 0, 50).tilt > HOME.tilt


def test_nobody_looks_from_below_or_turns_over():
    assert turned(HOME, 0, -9999).tilt == FLATTEST
    assert turned(HOME, 0, 9999).tilt == STEEPEST
    assert -pi <= turned(HOME, 12345, 0).turn < pi
    assert zoomed(HOME, 99).zoom == FARTHEST
    assert zoomed(HOME, 0.01).zoom == NEAREST


def test_coasting_begins_at_the_speed_it_was_let_go_with_and_comes_to_rest():
    begin = (coasted(HOME, (100, 0), 1e-6).turn - turned(HOME, 100e-6, 0).turn) / 1e-6
    assert begin == pytest.approx(0, abs=1e-4)
    rest = coasted(HOME, (100, -50), COAST_SECONDS)
    assert coasted(HOME, (100, -50), 7.0) == rest
    late, later = (coasted(HOME, (100, 0), COAST_SECONDS - left).turn for left in (0.01, 0.0))
    assert abs(later - late) < 1e-4


def test_going_home_takes_the_shorter_way_round():
    start = Camera(3.0, 0.5, 2.0)
    end = Camera(-3.0, 0.7, 1.0)
    half = between(start, end, 0.5)
    assert abs(half.turn) == pytest.approx(pi, abs=1e-9)
    assert (half.tilt, half.zoom) == pytest.approx((0.6, 2**0.5))
    assert between(start, end, 1.0) == Camera(pytest.approx(-3.0), 0.7, 1.0)


def test_twice_as_many_pixels_show_the_same():
    seen = view(HOME, SIZE)
    points = np.array([[0.1, 0.2, 0.3]])
    assert seen.enlarged(2).seen(points)[:, :2] == pytest.approx(2 * seen.seen(points)[:, :2])


def test_an_area_without_a_size_is_no_trouble():
    assert np.isfinite(view(HOME, (0, 0)).seen(np.zeros((1, 3)))).all()
