"""How high a loss is drawn."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scene.landscape.conftest import WINDOW, on_grid
from visualnn.scene.landscape.levels import levels, ticks
from visualnn.scene.landscape.relief import CEILING, relief


def grid(*rows):
    return np.array(rows, dtype=np.float64)


def test_equal_factors_are_equal_heights_on_the_logarithmic_scale():
    made = relief(grid([0.01, 0.1], [1, 10]), WINDOW, above=1e-6)
    assert made.shares.ravel() == pytest.approx([0, 1 / 3, 2 / 3, 1], abs=1e-4)
    assert made.loss(float(made.share(0.37))) == pytest.approx(0.37)


def test_zero_has_a_height_too():
    made = relief(grid([0, 1e-6], [1, 1]), WINDOW, above=1e-6)
    assert made.shares[0, 0] == 0
    assert made.shares[0, 1] == pytest.approx(np.log10(2) / np.log10((1 + 1e-6) / 1e-6))
    assert made.loss(0.0) == 0


def test_equal_differences_are_equal_heights_on_the_linear_scale():
    made = relief(grid([0, 1], [2, 4]), WINDOW, logarithmic=False)
    assert made.shares.ravel().tolist() == [0, 0.25, 0.5, 1]


def test_what_exceeds_the_start_tenfold_is_cut_off_and_said():
    made = relief(grid([0.5, 2], [19, 500]), WINDOW, start=2.0)
    assert made.high == CEILING * 2
    assert made.is_clipped
    assert (made.shares > 1).tolist() == [[False, False], [False, True]]
    assert made.notes == ("What is above 20 is cut off.",)


def test_without_something_that_high_nothing_is_cut_off():
    made = relief(grid([0.5, 2], [3, 5]), WINDOW, start=2.0)
    assert made.high == 5
    assert not made.is_clipped
    assert made.notes == ()


def test_losses_that_are_no_numbers_are_holes_and_said():
    made = relief(grid([1, np.nan], [np.inf, 2]), WINDOW)
    assert np.isfinite(made.shares).tolist() == [[True, False], [False, True]]
    assert made.notes == ("At 2 of 4 points the loss is not a finite number: they are left open.",)


def test_nothing_but_holes_is_said():
    assert relief(np.full((3, 3), np.nan), WINDOW).notes == ("Nowhere here is the loss a finite number.",)


def test_the_same_loss_everywhere_is_flat_and_said():
    made = relief(np.full((3, 3), 0.25), WINDOW)
    assert made.is_flat
    assert np.ptp(made.shares) == 0
    assert made.notes == ("The loss is 0.25 everywhere here.",)
    assert [tick.text for tick in ticks(made)] == ["0.25"]


def test_losses_below_zero_are_drawn_as_they_are():
    made = relief(grid([-3, 1], [1, 1]), WINDOW)
    assert not made.is_log
    assert made.shares[0, 0] == 0
    assert "no logarithm" in made.notes[0]


def test_enormous_losses_have_a_scale(kernels):
    made = relief(grid([-1e308, 0], [0, 1e308]), WINDOW, logarithmic=False)
    assert made.shares.tolist() == [[0, 0.5], [0.5, 1]]
    assert len(ticks(made)) > 1


def test_one_weight_makes_a_ribbon():
    made = relief(grid([1, 2, 3]), (0, 1, 5, 5))
    assert made.losses.shape == (2, 3)
    assert made.world([(0.5, 5)]).tolist() == [[0, 0]]


def test_points_of_the_window_and_of_the_world_belong_together():
    made = relief(on_grid(lambda x, y: x), WINDOW, logarithmic=False)
    assert made.world([(-2, -1), (2, 3), (0, 1)]).tolist() == [[-1, -1], [1, 1], [0, 0]]
    assert made.point(*made.world([(0.3, 2.2)])[0]) == pytest.approx((0.3, 2.2))


@pytest.mark.parametrize(("low", "high"), [(0.0, 4.0), (0.013, 0.87), (1e-5, 9.0), (120.0, 480.5), (0.0, 3e7)])
@pytest.mark.parametrize("logarithmic", [True, False])
def test_main_contour_lines_run_at_round_losses(low, high, logarithmic):
    made = relief(grid([low, high], [low, high]), WINDOW, logarithmic=logarithmic)
    count, first, main = levels(made)
    assert 5 <= count <= 31
    numbers = [k for k in range(-200, 400) if k % main == 0 and 0.01 < (k + first) / count < 1]
    for k in numbers:
        loss = made.loss((k + first) / count) + (made.above if made.is_log else 0)
        assert float(f"{loss:.5g}") == pytest.approx(loss, rel=1e-7)


@pytest.mark.parametrize(
    ("low", "high"), [(0.0, 4.0), (0.013, 0.87), (1e-5, 9.0), (5.0, 5.001), (0.0, 1e-9), (3.0, 1e30)]
)
@pytest.mark.parametrize("logarithmic", [True, False])
def test_some_losses_are_written_beside_the_scale(low, high, logarithmic):
    made = relief(grid([low, high], [low, high]), WINDOW, logarithmic=logarithmic)
    written = ticks(made)
    assert 2 <= len(written) <= 9
    assert [tick.value for tick in written] == sorted(tick.value for tick in written)
    room = 1e-5 * (high - low) + 1e-3 * low
    assert all(low - room <= tick.value <= high + room for tick in written)


def test_a_logarithmic_bowl_is_no_needle():
    made = relief(on_grid(lambda x, y: x**2 + (y - 1) ** 2), WINDOW)
    assert made.is_log
    assert np.median(made.shares) < 0.9
    assert ticks(made)[0].text == "0"
