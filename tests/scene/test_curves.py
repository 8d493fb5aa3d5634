from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.nn.functions import ACTIVATIONS, activate
from visualnn.scene.curves import TITLES, activation_curve


def test_every_activation_has_a_title_and_a_curve() -> None:
    assert set(TITLES) == set(ACTIVATIONS)
    assert all(title and what for title, what in TITLES.values())


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_curve_stays_in_its_box_and_falls_only_where_it_dips(name: str) -> None:
    points = activation_curve(name).points
    assert (points[0][0], points[-1][0]) == (-1, 1)
    assert all(-1 <= v <= 1 for point in points for v in point)
    assert all(x0 < x1 for (x0, _), (x1, _) in pairwise(points))
    falling = any(y0 > y1 for (_, y0), (_, y1) in pairwise(points))
    assert falling == (name in ("gelu", "silu", "hard_silu"))


@pytest.mark.parametrize("name", [name for name in ACTIVATIONS if name != "softmax"])
def test_the_dot_rides_on_the_curve(name: str) -> None:
    curve = activation_curve(name)
    xs, ys = np.array(curve.points).T
    for z in np.linspace(-curve.reach, curve.reach, 31):
        x, y = curve.at(z, float(activate(name, np.array([z]))[0]))
        assert y == pytest.approx(np.interp(x, xs, ys), abs=0.01)


@given(st.sampled_from(ACTIVATIONS), st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
def test_the_dot_never_leaves_the_box(name: str, z: float, a: float) -> None:
    x, y = activation_curve(name).at(z, a)
    assert -1 <= x <= 1
    assert -1 <= y <= 1


def test_relu_bends_at_zero() -> None:
    curve = activation_curve("relu")
    assert curve.points[1] == (0, curve.zero_y)
    assert curve.at(-3.0, 0.0)[1] == curve.zero_y
    assert curve.at(3.0, 3.0)[1] > curve.zero_y
