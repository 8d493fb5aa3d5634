"""Axes: handsome ticks, and every value on them."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from visualnn.scene.scales import loss_scale, share_scale, signed_scale, tick_text, update_scale, value_scale


def texts(scale):
    return [tick.text for tick in scale.ticks]


@pytest.mark.parametrize(
    ("value", "text"),
    [(10, "10"), (0.3, "0.3"), (0.001, "0.001"), (1e-6, "1e−6"), (3e-4, "3e−4"), (0, "0"), (-4, "−4")],
)
def test_ticks_are_written_short_with_a_true_minus(value, text):
    assert tick_text(value) == text


def test_handsome_losses():
    assert texts(loss_scale(0.149, 0.75, True)) == ["0.1", "0.3", "1"]
    assert texts(loss_scale(1e-4, 0.9, True)) == ["1e−4", "0.001", "0.01", "0.1", "1"]
    assert texts(loss_scale(0.59, 26, False)) == ["0", "10", "20", "30"]
    assert texts(loss_scale(0.0, 0.0, False))[0] == "0"


def test_handsome_updates():
    assert texts(update_scale(0)) == ["0", "5", "10"]
    assert texts(update_scale(236)) == ["0", "100", "200", "300"]
    assert texts(update_scale(1_234_567)) == ["0", "500,000", "1 M", "1.5 M"]


@given(st.integers(0, 10**12))
def test_the_axis_of_updates_holds_the_last_one_and_is_not_much_longer(last):
    scale = update_scale(last)
    assert scale.holds(last)
    assert last <= 10 or scale.high <= 1.7 * last
    assert 3 <= len(scale.ticks) <= 6


@given(st.floats(1e-300, 1e300), st.floats(1e-300, 1e300))
def test_a_log_axis_holds_its_losses_and_a_few_ticks(a, b):
    low, high = min(a, b), max(a, b)
    scale = loss_scale(low, high, True)
    assert scale.low <= low * (1 + 1e-6)
    assert scale.high >= high * (1 - 1e-6)
    assert 2 <= len(scale.ticks) <= 6
    assert all(0 <= scale.share(tick.value) <= 1 for tick in scale.ticks)


@given(st.floats(0, 1), st.booleans())
def test_a_share_goes_there_and_back(share, is_log):
    scale = loss_scale(0.003, 0.7, is_log)
    assert scale.share(scale.value(share)) == pytest.approx(share, abs=1e-9)


def test_a_loss_of_0_lies_at_the_bottom_of_a_log_axis():
    scale = loss_scale(0.01, 1, True)
    assert scale.share(0.0) == 0
    assert scale.share(np.array([0.0, 0.01, 1.0])).tolist() == [0, 0, 1]


@pytest.mark.parametrize(("low", "first"), [(0.0, "0 %"), (0.49, "0 %"), (0.5, "50 %"), (0.93, "90 %")])
def test_an_axis_of_shares_begins_where_its_last_percents_can_be_seen(low, first):
    scale = share_scale(low)
    assert texts(scale)[0] == first
    assert texts(scale)[-1] == "100 %"
    assert scale.holds(low)


def test_handsome_values():
    assert texts(value_scale(-1.3, 2.2)) == ["−2", "0", "2"]
    assert (value_scale(-1.3, 2.2).low, value_scale(-1.3, 2.2).high) == (-2, 3)
    assert texts(value_scale(-0.1, 0.1)) == ["−0.1", "−0.05", "0", "0.05", "0.1"]
    assert texts(value_scale(7.0, 7.0)) == ["4", "8", "12"]


@given(st.floats(-1e300, 1e300), st.floats(-1e300, 1e300))
def test_an_axis_of_values_holds_them_and_a_few_ticks(a, b):
    low, high = min(a, b), max(a, b)
    scale = value_scale(low, high)
    nearly = 1e-6 * (high / 2 - low / 2)  # a millionth of a chart
    assert scale.low <= low + nearly
    assert scale.high >= high - nearly
    assert 2 <= len(scale.ticks) <= 7


def test_handsome_numbers_of_very_different_sizes():
    assert texts(signed_scale(-2.0, 30.0, 1e-3)) == ["−0.1", "0", "0.1", "10"]
    assert texts(signed_scale(0.0, 5.0, 0.5)) == ["0", "1"]


@given(st.floats(-1e6, 1e6), st.floats(1e-6, 1))
@example(0.0, 0.001953125)
def test_a_signed_axis_goes_there_and_back(value, linear):
    scale = signed_scale(-1e6, 1e6, linear)
    share = scale.share(value)
    assert 0 <= share <= 1
    assert scale.share(scale.value(share)) == pytest.approx(share, abs=1e-9)
    assert scale.share(0.0) == pytest.approx(0.5)
    assert scale.share(np.array([-1e6, 1e6])).tolist() == [0, 1]
    assert scale.holds(value)
    assert len(scale.ticks) <= 9
