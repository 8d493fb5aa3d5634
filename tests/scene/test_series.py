"""As few points as can be drawn, and dashes of a line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.scene.scales import update_scale
from visualnn.scene.series import LONGEST_DASHED, dashed, thinned


@given(st.integers(0, 3000), st.integers(1, 40), st.integers(0, 2**32 - 1))
def test_thinning_keeps_every_columns_extremes_and_at_most_two_points(count, stride, seed):
    rng = np.random.default_rng(seed)
    x, y = np.arange(count) * stride, rng.normal(size=count)
    end = update_scale(int(x[-1]) if count else 0).high
    thin_x, thin_y = thinned(x, y, end, 50)
    assert (np.diff(thin_x) >= 0).all()
    edges = np.arange(1, 50) * (end / 50)
    column, thin_column = np.searchsorted(edges, x, "right"), np.searchsorted(edges, thin_x, "right")
    for k in np.unique(column):
        kept = thin_y[thin_column == k]
        assert kept.min() == y[column == k].min()
        assert kept.max() == y[column == k].max()
        assert kept.size <= 2 or count <= 100


def test_what_is_not_a_number_becomes_a_gap():
    y = np.ones(1000)
    y[300:700] = np.inf
    y[650] = -np.inf
    _x, thin = thinned(np.arange(1000), y, 1000.0, 20)
    assert np.isnan(thin[len(thin) // 2])
    assert np.nanmax(thin) == 1


def drawn(x, y, joined):
    """How long all pieces are together, and where each begins."""
    pieces = np.hypot(np.diff(x), np.diff(y))[joined[:-1]]
    starts = x[np.flatnonzero(joined & ~np.concatenate([[False], joined[:-1]]))]
    return float(pieces.sum()), starts.tolist()


def test_a_line_of_20_px_has_three_dashes():
    length, starts = drawn(*dashed(np.array([0.0, 20.0]), np.zeros(2), (4.0, 3.0)))
    assert starts == [0, 7, 14]
    assert length == pytest.approx(12)


def test_a_dash_bends_with_its_line():
    x, y, joined = dashed(np.array([0.0, 3.0, 3.0]), np.array([0.0, 0.0, 4.0]), (5.0, 5.0))
    assert (3.0, 0.0) in zip(x.tolist(), y.tolist(), strict=True)
    assert drawn(x, y, joined)[0] == pytest.approx(5)


def test_there_is_no_dash_in_a_gap():
    x, y, joined = dashed(np.array([0.0, 4.0, 8.0, 12.0]), np.array([0.0, 0.0, np.nan, 0.0]), (1.0, 1.0))
    assert np.isfinite(x).all()
    assert np.isfinite(y).all()
    assert drawn(x, y, joined)[0] == pytest.approx(2)


@pytest.mark.parametrize("count", [0, 1])
def test_what_is_no_line_has_no_dashes(count):
    assert not dashed(np.zeros(count), np.zeros(count), (4.0, 3.0))[2].any()


def test_a_line_without_numbers_has_no_dashes():
    assert not dashed(np.arange(3.0), np.full(3, np.nan), (4.0, 3.0))[2].any()


def test_dashes_of_a_ragged_line_are_counted_across():
    x, y = np.arange(300.0), np.tile([0.0, 100.0], 150)
    assert np.abs(np.diff(y)).sum() > LONGEST_DASHED
    assert dashed(x, y, (4.0, 3.0))[0].size < 500
