"""The strongest of many connections are found without sorting them all."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.scene.kernels.raster import strongest


def ranked(matrix, count, rows=None):
    """The same by sorting."""
    strength = np.abs(matrix * (1 if rows is None else rows[:, None])).ravel()
    strength = np.where(np.isnan(strength), 0, strength)
    chosen = np.sort(np.argsort(-strength, kind="stable")[:count])
    return chosen[np.argsort(strength[chosen], kind="stable")]


@pytest.mark.parametrize("count", [0, 1, 40, 5_999, 6_000, 10_000])
def test_they_are_those_of_a_sorted_matrix(kernels, rng, count):
    matrix = rng.standard_normal((60, 100)).astype(np.float32)
    assert np.array_equal(strongest(matrix, count), ranked(matrix, count))


def test_rows_weigh_their_connections(kernels, rng):
    matrix, rows = rng.standard_normal((30, 50)).astype(np.float32), rng.standard_normal(30).astype(np.float32)
    rows[4] = 0
    assert np.array_equal(strongest(matrix, 77, rows), ranked(matrix, 77, rows))


def test_the_first_of_equals_are_taken(kernels):
    matrix = np.array([[1.0, -2.0, 2.0, -1.0], [2.0, 1.0, 0.0, 5.0]], np.float32)
    assert strongest(matrix, 3).tolist() == [1, 2, 7]
    assert strongest(np.ones((20, 30)), 4).tolist() == [0, 1, 2, 3]


def test_what_is_not_a_number_comes_first_and_infinity_last(kernels):
    matrix = np.array([[np.nan, -np.inf, 3.0, -0.0]])
    assert strongest(matrix, 2).tolist() == [2, 1]
    assert strongest(matrix, 4).tolist() == [0, 3, 2, 1]


def test_two_threads_find_the_same(compiled, rng, monkeypatch):
    from visualnn.scene.kernels import halves

    monkeypatch.setattr(halves, "WORTHWHILE", 1)
    monkeypatch.setattr(halves, "THREADS", 2)
    matrix = rng.standard_normal((61, 40)).astype(np.float32)
    assert np.array_equal(strongest(matrix, 33), ranked(matrix, 33))
