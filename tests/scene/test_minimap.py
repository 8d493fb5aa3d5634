"""The map of a deep network as numbers: which pixel has which colour, how high a bar is, what is said of a column."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from visualnn.scene import look
from visualnn.scene.minimap import (
    MinimapContent,
    Strip,
    bar_boxes,
    bars,
    fitting,
    heat_pixels,
    heat_shades,
    plan,
    pooled,
)

DARK = look.load("dark")
GROUND = 0xFF000000 | DARK["raised"]
FLOATS = st.floats(allow_nan=True, allow_infinity=True)


def content(*columns, slopes=None, opened=()):
    titles = tuple(f"Hidden {index}" for index in range(len(columns)))
    return MinimapContent(tuple(np.array(column, dtype=float) for column in columns), slopes, opened, titles)


def pixels(*columns, width=1, height=4):
    edges = np.arange(len(columns) + 1) * width
    return heat_pixels(content(*columns).activations, edges, height, DARK)


# -- colours -----------------------------------------------------------------------------------------------------------


def test_blue_is_above_0_orange_below_and_0_is_exactly_the_ground():
    blue, orange, zero = pixels([5.0], [-0.2], [0.0], height=1)[0].tolist()
    shades = heat_shades(DARK)
    assert (blue, orange, zero) == (shades[-1], shades[0], GROUND)


def test_every_column_is_compared_with_its_own_largest():
    made = pixels([1.0, 0.5], [100.0, 50.0], height=2)
    assert (made[:, 0] == made[:, 1]).all()
    assert made[0, 0] != made[1, 0]


def test_cells_fill_the_columns_between_the_edges():
    made = heat_pixels(content([1, -1], [0], [1, 0, -1]).activations, np.array([10, 12, 13, 16]), 6, DARK)
    top, bottom = heat_shades(DARK)[[-1, 0]].tolist()
    assert made.shape == (6, 6)
    assert made[:, 0].tolist() == made[:, 1].tolist() == [top] * 3 + [bottom] * 3
    assert set(made[:, 2].tolist()) == {GROUND}
    assert made[:, 5].tolist() == [top, top, GROUND, GROUND, bottom, bottom]


def test_one_strong_neuron_among_thousands_is_seen():
    values = np.zeros((1, 5000))
    values[0, 1234] = -3
    assert pooled(values, 50)[0].tolist() == [0] * 12 + [-3] + [0] * 37


def test_more_columns_than_pixels_are_pooled_as_well():
    columns = [[0.0]] * 300
    columns[150] = [-2.0]
    edges = np.floor(np.linspace(0, 100, 301) + 0.5).astype(np.intp)
    made = heat_pixels(content(*columns).activations, edges, 1, DARK)
    assert made.shape == (1, 100)
    assert np.flatnonzero(made[0] != GROUND).tolist() == [50]


@given(st.lists(arrays.arrays(float, st.integers(1, 9), elements=FLOATS), min_size=1, max_size=4))
def test_no_number_is_too_wild_for_a_colour(columns):
    made = pixels(*columns)
    assert set(made.ravel().tolist()) <= set(heat_shades(DARK).tolist())


# -- bars --------------------------------------------------------------------------------------------------------------


def test_bars_end_a_decade_below_the_smallest():
    made = bars((1e-2, 1.0, 1e-1))
    assert made.shares == pytest.approx([1 / 3, 1, 2 / 3])
    assert made.ends == (1e-2, 1.0)


def test_equal_slopes_are_equally_high():
    assert bars((0.3, 0.3)).shares.tolist() == [1, 1]


def test_vanishing_slopes_are_yellow_and_none_at_all_is_red():
    made = bars((1.0, 1e-5, 1e-7, 0.0, float("nan"), float("inf")))
    assert made.roles == ("act", "act", "warn", "bad", "bad", "bad")
    assert made.shares[3:].tolist() == [0, 1, 1]
    assert made.ends == (1e-7, 1.0)


@given(st.lists(FLOATS.map(abs), min_size=1, max_size=6))
def test_no_slope_is_too_wild_for_a_bar(slopes):
    made = bars(tuple(slopes))
    assert ((made.shares >= 0) & (made.shares <= 1)).all()
    assert [share > 0 for share in made.shares.tolist()] == [slope != 0 for slope in slopes]


def test_bars_stand_under_their_columns_with_gaps_between():
    places = plan(content(*[[1.0]] * 5, slopes=(1.0, 0.0, 1.0, 1e-9)), (480, 188), ratio=2)
    strip = Strip(200, 300)
    boxes = bar_boxes(places, strip, np.array([1.0, 0.0, 0.5, 1e-9])) * 2
    lefts, tops, widths, heights = boxes.T
    assert lefts.tolist() == places.edges[1:-1].tolist()
    assert (lefts + widths < places.edges[2:]).all()
    assert (tops + heights).tolist() == [300] * 4
    assert heights.tolist() == [100, 0, 50, 2]


# -- places ------------------------------------------------------------------------------------------------------------


def test_columns_are_found_where_they_stand():
    places = plan(content(*[[1.0]] * 100, slopes=(1.0,) * 99), (861, 188), ratio=1.5)
    middles = (places.edges[:-1] + places.edges[1:]) / 2 / 1.5
    assert [places.column_at(x) for x in middles.tolist()] == list(range(100))
    assert places.column_at(-5) == 0
    assert places.column_at(5000) == 99
    assert places.holds(middles[50], places.heat.top / 1.5 + 1)
    assert places.holds(middles[50], places.bars.bottom / 1.5 - 1)
    assert not places.holds(middles[50], places.heat.bottom / 1.5 + 1)
    assert not places.holds(5.0, places.heat.top / 1.5 + 1)


def test_cells_are_equally_high_where_that_costs_little():
    assert fitting(50, 24, most=60) == 48
    assert fitting(50, 40, most=60) == 40
    assert fitting(50, 30, most=60) == 60
    assert fitting(50, 200, most=60) == 50
    assert plan(content(*[[1.0] * 24] * 9, slopes=(1.0,) * 8), (860, 188)).heat.height % 24 == 0


def test_without_slopes_the_colours_have_all_the_room():
    shown = content(*[[1.0] * 24] * 9, slopes=(1.0,) * 8)
    with_bars, without = plan(shown, (860, 188)), plan(replace(shown, slopes=None), (860, 188))
    assert without.bars is None
    assert without.heat.height > with_bars.heat.height
    assert without.heat.bottom <= with_bars.bars.bottom


# -- words -------------------------------------------------------------------------------------------------------------


def test_open_columns_side_by_side_are_one_run():
    assert content(*[[1.0]] * 9, opened=(7, 0, 1, 2, 8, 4, 4, 99)).runs() == ((0, 2), (4, 4), (7, 8))


def test_a_column_is_told_with_its_largest_its_zeros_and_its_slope():
    shown = content([0.5], [-1.32, 0, 0, 1], [0, 1], [1, np.nan], slopes=(0.00214, 1e-9, 0.0))
    assert shown.label(0) == "Hidden 0 · largest 0.50 · none of 1 is 0"
    assert shown.label(1) == "Hidden 1 · largest −1.32 · 2 of 4 are 0 · slope norm 0.0021"
    assert shown.label(2) == "Hidden 2 · largest 1.00 · 1 of 2 is 0 · slope norm 1.0e−9, vanishing"
    assert shown.label(3) == "Hidden 3 · largest 1.00 · none of 2 is 0 · 1 is no number · slope norm 0"
