from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.data import RECIPES, Dataset, circles, number_pairs, xor_points


def test_number_pairs_are_all_pairs_with_their_sums():
    pairs = number_pairs()
    assert pairs.rows == 81
    assert pairs.inputs[0].tolist() == [-4, -4]
    assert np.array_equal(pairs.targets[:, 0], pairs.inputs.sum(axis=1))
    assert pairs.target_of(np.array([100.0, -250.0])).tolist() == [-150.0]
    assert number_pairs(1, 5).rows == 25


def test_xor_points_keep_away_from_the_axes():
    points = xor_points(rows=500)
    assert (np.abs(points.inputs) >= 0.08).all()
    assert np.array_equal(points.targets[:, 0] == 1, np.prod(points.inputs, axis=1) < 0)
    assert points.target_of(np.array([-0.5, 0.5])).tolist() == [1.0]


def test_circles_lie_inside_one_another():
    data = circles(rows=400)
    radius = np.hypot(*data.inputs.T)
    inner = data.targets[:, 0] == 1
    assert radius[inner].max() <= 0.45 < radius[~inner].min()
    assert data.target_of(data.inputs[3]).tolist() == data.targets[3].tolist()
    assert data.target_of(np.array([9.0, 9.0])) is None


@pytest.mark.parametrize("name", RECIPES)
def test_recipes_are_reproducible_and_read_only(name: str):
    one, other = RECIPES[name](), RECIPES[name]()
    assert isinstance(one, Dataset)
    assert one.name == name
    assert np.array_equal(one.inputs, other.inputs)
    assert np.array_equal(one.targets, other.targets)
    for array in (one.inputs, one.targets):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0
