"""Where points lie on a map, and what of a line lies in it."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.scene.landscape.plot import FAR, Plot, thinned, within
from visualnn.scene.landscape.windows import edges_of, is_same, panned, zoomed

PLOT = Plot(40, 30, 200, 100, (-1.0, 3.0, 0.0, 10.0))


def test_the_window_fills_the_rectangle_and_its_y_rises():
    assert PLOT.spot(-1, 0) == (40, 130)
    assert PLOT.spot(3, 10) == (240, 30)
    assert PLOT.spots([(1, 5)]).tolist() == [[140, 80]]


def test_a_spot_and_its_point_belong_together():
    for point in ((0.3, 7.1), (-1, 0), (2.9, 9)):
        assert PLOT.point(*PLOT.spot(*point)) == pytest.approx(point)


def test_a_window_without_a_width_has_its_points_in_the_middle():
    ribbon = PLOT.showing((2.0, 2.0, 0.0, 10.0))
    assert ribbon.spot(2, 10) == (140, 30)
    assert ribbon.spots([(2, 0)]).tolist() == [[140, 130]]
    assert ribbon.part((2.0, 2.0, 0.0, 5.0)) == (40, 80, 200, 50)


def test_what_is_out_of_all_measure_is_only_far_away():
    assert PLOT.spot(1e308, -1e308) == (FAR, FAR)
    assert np.abs(PLOT.spots([(1e308, -1e308), (np.inf, 0)])).max() == FAR


def test_another_window_lies_where_its_corners_lie():
    assert PLOT.part((1.0, 3.0, 5.0, 10.0)) == pytest.approx((140, 30, 100, 50))
    assert PLOT.part((-1.0, 7.0, 0.0, 10.0)) == pytest.approx((40, 30, 400, 100))


def test_a_line_is_cut_where_the_map_ends():
    inside = within(PLOT, np.array([(0.0, 80), (140, 80), (140, 500)]))
    assert [part.tolist() for part in inside] == [[[40, 80], [140, 80], [140, 130]]]


def test_a_line_that_crosses_the_map_between_two_points_is_seen():
    (part,) = within(PLOT, np.array([(0.0, 80), (1000, 80)]))
    assert part.tolist() == [[40, 80], [240, 80]]
    assert within(PLOT, np.array([(0.0, 0), (1000, 0)])) == []


def test_a_line_that_leaves_and_comes_back_is_two():
    parts = within(PLOT, np.array([(100.0, 80), (100, 10), (200, 10), (200, 80)]))
    assert [part.tolist() for part in parts] == [[[100, 80], [100, 30]], [[200, 30], [200, 80]]]


def test_where_there_is_no_number_a_line_has_a_gap():
    parts = within(PLOT, np.array([(100.0, 80), (110, 80), (np.nan, 80), (120, 80), (130, 80)]))
    assert [part.tolist() for part in parts] == [[[100, 80], [110, 80]], [[120, 80], [130, 80]]]


def test_a_line_that_stands_still_is_no_trouble():
    assert len(within(PLOT, np.array([(100.0, 80), (100, 80)]))) == 1
    assert within(PLOT, np.array([(0.0, 0), (0, 0)])) == []
    assert within(PLOT, np.zeros((1, 2))) == []


def test_close_points_are_one_but_the_ends_stay():
    line = np.column_stack([np.linspace(0, 10, 101), np.zeros(101)])
    kept = thinned(line, 1.0)
    assert 10 <= len(kept) <= 13
    assert (kept[0], kept[-1]) == ((0, 0), (10, 0))


def test_a_window_moves_by_its_own_size():
    assert edges_of(panned((0.0, 4.0, 0.0, 2.0), 0.5, -1)) == (2, 6, -2, 0)


def test_a_point_stays_where_it_is_while_its_window_shrinks():
    edges = edges_of(zoomed((0.0, 4.0, 0.0, 2.0), 2.0, (1.0, 1.0)))
    assert edges == (0.5, 2.5, 0.5, 1.5)
    before, after = PLOT.showing((0.0, 4.0, 0.0, 2.0)), PLOT.showing(edges)
    assert before.spot(1, 1) == after.spot(1, 1)


def test_there_is_an_end_to_zooming():
    assert zoomed((1.0, 1.0 + 1e-11, 0.0, 1.0), 10.0, (1.0, 0.5)) is None
    assert zoomed((-1e308, 1e308, 0.0, 1.0), 0.1, (0.0, 0.5)) is None
    assert panned((2.0, 2.0, 0.0, 1.0), 1.0, 0.0) is None


def test_windows_are_the_same_but_for_rounding():
    assert is_same((0.0, 1.0, 0.0, 0.3), (0.0, 1.0, 0.0, 0.1 + 0.2))
    assert not is_same((0.0, 1.0, 0.0, 0.3), (0.0, 1.0, 0.0, 0.31))
