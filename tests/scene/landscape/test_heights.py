"""The finer field."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, hills, on_grid
from visualnn.scene.landscape.heights import field, ground, refined
from visualnn.scene.landscape.relief import MIDDLE, TALL, relief


def test_every_computed_point_is_kept_exactly():
    rng = np.random.default_rng(3)
    shares = rng.uniform(size=(7, 11))
    fine, holes = refined(shares)
    rows, columns = ((length - 1) // (small - 1) for length, small in zip(fine.shape, shares.shape, strict=True))
    assert np.array_equal(fine[::rows, ::columns], shares)
    assert min(fine.shape) >= 180
    assert not holes.any()


def test_between_two_points_nothing_is_higher_or_lower():
    rng = np.random.default_rng(4)
    shares = rng.uniform(size=(2, 9)).repeat(2, axis=0)[:2]
    shares[1] = shares[0]
    fine = refined(shares)[0][0]
    step = (fine.size - 1) // 8
    for k in range(8):
        part = fine[k * step : (k + 1) * step + 1]
        assert part.min() >= shares[0, k : k + 2].min() - 1e-12
        assert part.max() <= shares[0, k : k + 2].max() + 1e-12


def test_a_smooth_surface_is_met_between_its_points_too():
    window = (-2, 2, -1, 3)
    fine, _ = refined(on_grid(hills, 41))
    true = on_grid(hills, fine.shape[0], window)
    assert np.abs(fine - true).max() < 0.01 * np.ptp(true)


def test_a_hole_reaches_to_the_next_known_points():
    shares = np.full((5, 5), 0.5)
    shares[2, 2] = np.nan
    fine, holes = refined(shares)
    step = (fine.shape[0] - 1) // 4
    inner = np.zeros_like(holes)
    inner[step + 1 : 3 * step, step + 1 : 3 * step] = True
    assert np.array_equal(holes, inner)
    assert fine == pytest.approx(np.full(fine.shape, 0.5))


def test_slopes_are_those_of_the_world(kernels):
    made = field(relief(on_grid(lambda x, y: x + 2 * y), WINDOW, logarithmic=False))
    assert made[..., 1] == pytest.approx(np.full(made.shape[:2], TALL / 2 / 3), rel=1e-4)
    assert made[..., 2] == pytest.approx(np.full(made.shape[:2], TALL / 3), rel=1e-4)


def test_a_flat_surface_is_flat_and_evenly_lit(kernels):
    made = field(relief(np.full((9, 9), 3.0), WINDOW))
    assert made[..., 0] == pytest.approx(np.full(made.shape[:2], MIDDLE))
    assert np.ptp(made[..., 3]) < 1e-6


def test_a_wall_takes_light_from_what_is_behind_it(kernels):
    made = field(relief(on_grid(lambda x, y: (abs(x) < 0.1) * 1.0), WINDOW, logarithmic=False))
    light = made[made.shape[0] // 2, :, 3]
    middle = light.size // 2
    behind, before = light[middle + light.size // 12], light[middle - light.size // 12]
    assert behind < before < light[2]


def test_both_kernels_light_alike(compiled, hilly, monkeypatch):
    from visualnn.scene.kernels.terrain import choose, plain
    from visualnn.scene.landscape.heights import lighted

    z = np.ascontiguousarray(ground(hilly)[::4, ::4])
    lights = []
    for kernels in (plain, compiled):
        monkeypatch.setattr(choose.SWITCH, "used", kernels)
        lights.append(lighted(z, 0.05))
    assert lights[0] == pytest.approx(lights[1], abs=1e-4)
