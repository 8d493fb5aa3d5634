"""A run's losses: the latest, the nearest, and as few points as can be drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.scene.record import EMPTY, Record, significant, thinned
from visualnn.scene.scales import update_scale


def record():
    return Record(np.array([0, 4, 8]), np.array([8.0, 2.0, 0.5]))


def test_what_was_recorded_later_is_left_out():
    shown = record().until(6, 1.25)
    assert shown.updates.tolist() == [0, 4, 6]
    assert shown.losses.tolist() == [8, 2, 1.25]
    assert shown.sentence() == "Update 6: loss 1.250"


def test_nothing_is_trained_before_the_first_update():
    assert Record().until(0, 15.6).sentence() == EMPTY
    assert Record().nearest(3.0) is None


def test_the_nearest_point_has_a_label():
    assert record().nearest(5.9) == 1
    assert record().nearest(1e9) == 2
    assert record().label(1) == "2.000 at update 4"


def test_a_run_breaks_at_the_first_loss_that_is_no_number():
    assert record().broken_at() is None
    assert Record(np.arange(3), np.array([1.0, np.inf, np.nan])).broken_at() == 1


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


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1492, "0.1492"),
        (26.04, "26.04"),
        (1.0, "1.000"),
        (9.99996, "10.00"),
        (12345.0, "12,345"),
        (2e7, "2.000e7"),
        (3.1e-6, "3.100e−6"),
        (-0.5, "−0.5000"),
        (0.0, "0"),
        (float("nan"), "not a number"),
        (float("inf"), "∞"),
    ],
)
def test_four_significant_digits(value, text):
    assert significant(value) == text
