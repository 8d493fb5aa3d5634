"""Where the cells of a sweep lie."""

from __future__ import annotations

from itertools import pairwise

import pytest

from visualnn.scene.sweep_board import Board


@pytest.mark.parametrize("size", [(704, 588), (920, 620), (2140, 1420)])
@pytest.mark.parametrize("shape", [(5, 1), (11, 6), (11, 12), (22, 12)])
@pytest.mark.parametrize("scale", [1.0, 1.5, 2.0])
def test_cells_are_alike_lie_apart_and_stay_inside(size, shape, scale):
    board = Board.within(size, *shape, lines=3, scale=scale)
    assert (len(board.xs), len(board.ys)) == shape
    for places, side in ((board.xs, board.width), (board.ys, board.height)):
        assert all(b - a > side for a, b in pairwise(places))
    assert board.width > 10
    assert board.height > 10
    left, top, _wide, _high = board.box(0)
    assert left > 40
    assert top > 50
    right, bottom = left + board.size[0] / scale, top + board.size[1] / scale
    assert right <= size[0]
    assert bottom + 3 * 22 <= size[1]


def test_every_point_of_a_cell_finds_it_and_none_between():
    board = Board.within((920, 620), 11, 6)
    for index in (0, 10, 37, 65):
        left, top, wide, high = board.box(index)
        assert board.at(left + 1, top + 1) == index
        assert board.at(left + wide - 1, top + high - 1) == index
    left, top, wide, _high = board.box(0)
    assert board.at(left + wide + 1, top + 4) is None
    assert board.at(4, 4) is None


def test_map_and_curve_share_a_cell_and_do_not_overlap():
    for rows in (4, 6, 12):
        board = Board.within((920, 620), 11, rows)
        assert board.map is not None
        x, y, wide, high = board.map
        left, top, across, down = board.curve
        assert left >= x + wide or top >= y + high
        assert left + across <= board.width
        assert top + down <= board.height
    assert Board.within((920, 620), 11, 12).is_flat
    assert Board.within((2140, 1420), 11, 12).is_flat, "wide cells have room beside a large map"
    assert not Board.within((920, 620), 11, 4).is_flat


def test_without_a_map_the_curve_has_all_of_the_cell():
    board = Board.within((920, 620), 11, 6, maps=False)
    assert board.map is None
    assert board.curve[2] > board.width - 8


def test_larger_letters_have_more_room_around_the_cells():
    plain, large = Board.within((1280, 700), 11, 6, lines=3), Board.within((1280, 700), 11, 6, lines=3, letters=1.28)
    assert large.origin[1] == pytest.approx(1.28 * plain.origin[1], abs=1)
    assert 700 - large.bottom >= 1.28 * 3 * 22
    assert large.height < plain.height
