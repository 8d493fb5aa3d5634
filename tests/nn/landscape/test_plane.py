"""Planes against NumPy's singular values, Pythagoras, and least squares."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.landscape.plane import Plane, coordinates, kept, of_path, outside, random, two_weights
from visualnn.nn.landscape.slope import slope
from visualnn.nn.network import Network

NETWORK = Network.of(2, 3, 1)


def walk(moments: int, size: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(0, 1, (moments, size)).cumsum(axis=0)


def some(seed: int, size: int = 13) -> Plane:
    origin, u, v = np.random.default_rng(seed).normal(0, 1, (3, size))
    return Plane(origin, u, v, "random", ("u", "v"))


def test_two_weights_are_the_coordinates_to_the_bit():
    parameters = initial_parameters(NETWORK, "glorot_uniform", 0)
    plane = two_weights(NETWORK, parameters, 0, 9, ("wac", "wcf"))
    x, y = 0.1 + 0.2, -1.0 / 3.0
    moved = parameters.copy()
    moved[[0, 9]] = x, y
    np.testing.assert_array_equal(plane.point(x, y), moved)
    np.testing.assert_array_equal(coordinates(plane, moved[None]), [[x, y]])
    assert outside(plane, moved[None]) == 0.0
    assert plane.is_exact


@pytest.mark.parametrize(("i", "j", "said"), [(0, 13, "none at place 13"), (-1, 2, "place -1"), (4, 4, "wac twice")])
def test_two_weights_that_are_not_there_are_told(i: int, j: int, said: str):
    with pytest.raises(VisualNNError, match=said):
        two_weights(NETWORK, np.zeros(13), i, j, ("wac", "wbc"))


@pytest.mark.parametrize(("moments", "size"), [(200, 13), (50, 300), (3, 2), (2, 5)])
def test_main_directions_keep_what_the_two_largest_singular_values_hold(moments: int, size: int):
    path = walk(moments, size)
    plane = of_path(path)
    values = np.linalg.svd(path - path[-1], compute_uv=False)
    assert plane.kept == pytest.approx((values[:2] ** 2).sum() / (values**2).sum(), rel=1e-12)
    assert kept(plane, path) == pytest.approx(plane.kept, rel=1e-12)
    np.testing.assert_allclose([plane.u @ plane.u, plane.v @ plane.v, plane.u @ plane.v], [1, 1, 0], atol=1e-12)
    left, s, right = np.linalg.svd(path - path[-1], full_matrices=False)
    near = path[-1] + (left[:, :2] * s[:2]) @ right[:2]
    np.testing.assert_allclose(outside(plane, path), np.linalg.norm(path - near, axis=1), atol=1e-10)
    points = coordinates(plane, path)
    np.testing.assert_allclose([plane.point(x, y) for x, y in points], near, atol=1e-10)
    np.testing.assert_allclose(points[-1], 0.0, atol=1e-12)
    assert points[0, 0] < 0


def test_no_other_plane_through_the_end_keeps_more():
    path = walk(60, 13)
    best = of_path(path).kept
    for seed in range(30):
        u, v = np.random.default_rng(seed).normal(0, 1, (2, 13))
        assert kept(Plane(path[-1].copy(), u, v, "random", ("u", "v")), path) < best


def test_a_walk_at_random_keeps_nine_tenths():
    """So does any long walk in many dimensions; about its mean it is 6/π² + 6/(4π²) = 0.76."""
    about_end, about_mean = [], []
    for seed in range(20):
        path = walk(200, 500, seed)
        about_end.append(of_path(path).kept)
        values = np.linalg.svd(path - path.mean(axis=0), compute_uv=False) ** 2
        about_mean.append(values[:2].sum() / values.sum())
    assert np.mean(about_end) == pytest.approx(8 / np.pi**2 * (1 + 1 / 9), abs=0.01)
    assert np.mean(about_mean) == pytest.approx(6 / np.pi**2 * (1 + 1 / 4), abs=0.01)


def test_tiny_and_enormous_paths_have_directions_too():
    path = walk(20, 13)
    expected = of_path(path).kept
    for scale in (1e-200, 1e200):
        plane = of_path(path * scale)
        assert plane.kept == pytest.approx(expected, rel=1e-9)
        assert kept(plane, path * scale) == pytest.approx(expected, rel=1e-9)


def test_a_path_along_a_line_gets_a_second_direction_across_it():
    way = np.random.default_rng(0).normal(0, 1, 13)
    plane = of_path(np.linspace(0, 1, 30)[:, None] * way)
    assert plane.kept == pytest.approx(1.0, rel=1e-12)
    np.testing.assert_allclose([plane.u @ plane.v, plane.v @ plane.v], [0, 1], atol=1e-12)
    assert np.isfinite(plane.v).all()


def test_what_is_not_finite_is_left_out_of_a_path():
    path = walk(30, 13)
    broken = np.vstack([path, np.full(13, np.nan), np.full(13, np.inf)])
    np.testing.assert_array_equal(of_path(broken).u, of_path(path).u)


@pytest.mark.parametrize(
    ("path", "said"),
    [
        (np.ones((5, 13)), "does not move"),
        (np.ones((1, 13)), "does not move"),
        (np.full((3, 13), np.nan), "No moment"),
        (walk(5, 1), "at least two weights"),
    ],
)
def test_a_path_without_a_plane_is_told(path: np.ndarray, said: str):
    with pytest.raises(VisualNNError, match=said):
        of_path(path)


def test_random_directions_are_as_long_as_the_weights_into_each_neuron_and_leave_biases():
    network = Network.of(4, 7, 3)
    parameters = np.random.default_rng(5).normal(0, 1, network.parameter_count)
    plane = random(network, parameters, np.random.default_rng(0))
    for way in (plane.u, plane.v):
        for (w, _b), (drawn, none) in zip(network.views(parameters), network.views(way.copy()), strict=True):
            np.testing.assert_allclose(np.linalg.norm(drawn, axis=0), np.linalg.norm(w, axis=0), rtol=1e-12)
            assert not none.any()
    assert not np.array_equal(plane.u, plane.v)
    again = random(network, parameters, np.random.default_rng(0))
    np.testing.assert_array_equal(plane.u, again.u)


def test_random_directions_of_a_network_of_zeros_are_told():
    with pytest.raises(VisualNNError, match="All weights are 0"):
        random(NETWORK, np.zeros(13), np.random.default_rng(0))


def test_the_nearest_point_of_an_oblique_plane_is_that_of_least_squares():
    plane, path = some(0), walk(20, 13, seed=7)
    basis = np.stack([plane.u, plane.v], axis=1)
    expected, *_rest = np.linalg.lstsq(basis, (path - plane.origin).T, rcond=None)
    np.testing.assert_allclose(coordinates(plane, path), expected.T, rtol=1e-10)
    q, _r = np.linalg.qr(basis)
    ways = path - path[-1]
    inside = ((ways @ q) ** 2).sum() / (ways**2).sum()
    assert kept(plane, path) == pytest.approx(inside, rel=1e-10)


def test_parallel_directions_span_nothing():
    u = np.random.default_rng(0).normal(0, 1, 13)
    with pytest.raises(VisualNNError, match="no plane"):
        coordinates(Plane(np.zeros(13), u, -2 * u, "random", ("u", "v")), np.ones((1, 13)))


def test_a_path_that_does_not_move_is_kept_whole():
    assert kept(some(1), np.ones((4, 13))) == 1.0


def test_a_gradient_is_split_at_a_plane():
    plane, g = some(2), np.random.default_rng(9).normal(0, 1, 13)
    seen = slope(plane, g)
    assert seen.inside**2 + seen.outside**2 == pytest.approx(g @ g, rel=1e-12)
    assert seen.share_outside == pytest.approx(seen.outside**2 / (g @ g), rel=1e-12)
    assert seen.directions == 11
    shadow = seen.along[0] * plane.u + seen.along[1] * plane.v
    np.testing.assert_allclose([(g - shadow) @ plane.u, (g - shadow) @ plane.v], 0.0, atol=1e-12)
    own = two_weights(NETWORK, np.zeros(13), 3, 7, ("x", "y"))
    assert slope(own, g).along == pytest.approx((g[3], g[7]), rel=1e-15)
    assert slope(own, np.zeros(13)).share_outside == 0.0
    assert slope(own, g * 1e200).share_outside == pytest.approx(slope(own, g).share_outside)
