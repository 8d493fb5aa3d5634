"""The moving average: TensorBoard's, and of every value that is a number."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.scene.smoothing import MOST_POINTS, SMOOTHINGS, group, smoothed


def by_the_weights(values, smoothing):
    """The same as a weighted mean: every older value counts `smoothing` times as much as the next."""
    result = []
    for t in range(1, len(values) + 1):
        weights = smoothing ** np.arange(t - 1, -1, -1, dtype=float)
        result.append(float(weights @ values[:t] / weights.sum()))
    return result


@pytest.mark.parametrize("smoothing", SMOOTHINGS)
def test_older_values_count_less_and_less(smoothing):
    values = np.random.default_rng(0).normal(size=40)
    updates, calm = smoothed(np.arange(40), values, smoothing)
    assert updates.tolist() == list(range(40))
    assert calm == pytest.approx(by_the_weights(values, smoothing))


def test_three_values_by_hand():
    _, calm = smoothed(np.arange(3), np.array([1.0, 2.0, 4.0]), 0.5)
    assert calm.tolist() == pytest.approx([1, (0.5 + 2) / 1.5, (0.25 + 1 + 4) / 1.75])


def test_what_is_no_number_does_not_count():
    values = np.array([1.0, np.nan, 3.0, np.inf, 2.0])
    _, calm = smoothed(np.arange(5), values, 0.6)
    assert np.isnan(calm[[1, 3]]).all()
    assert calm[[0, 2, 4]] == pytest.approx(by_the_weights(values[np.isfinite(values)], 0.6))


def test_a_long_line_is_smoothed_in_groups_of_the_same_size():
    values = np.random.default_rng(1).normal(size=4001)
    values[8:16] = np.nan
    updates, calm = smoothed(np.arange(4001) * 3, values, 0.9)
    means = [values[start : start + 8] for start in range(0, 4001, 8)]
    known = [float(part.mean()) for part in means if np.isfinite(part).all()]
    assert updates[:2].tolist() == [21, 45]
    assert updates[-1] == 12_000
    assert np.isnan(calm[1])
    assert calm[np.isfinite(calm)] == pytest.approx(by_the_weights(np.array(known), 0.9))


@given(st.integers(0, 10**7))
def test_never_more_than_a_thousand_points(size):
    count = group(size)
    assert -(-size // count) <= MOST_POINTS
    assert count & (count - 1) == 0
    assert count == 1 or size > MOST_POINTS * count // 2
