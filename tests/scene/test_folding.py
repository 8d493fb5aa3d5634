from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from visualnn.scene.arrangement import LEAST_OPEN, MOST_OPEN
from visualnn.scene.folding import ENDS, MOST_MIDDLE, around, at_first, folded, without

COLUMNS, MOST = st.integers(2, 200), st.integers(LEAST_OPEN, MOST_OPEN)
SHARE = st.floats(0, 0.999)


def test_what_fits_is_open() -> None:
    assert at_first(7, 7) == around(7, 7, 3) == (0, 1, 2, 3, 4, 5, 6)
    assert folded(at_first(7, 7)) == ()


def test_a_hundred_columns_are_open_at_both_ends_and_in_the_middle() -> None:
    assert at_first(100, 9) == (0, 1, 2, 49, 50, 97, 98, 99)
    assert folded(at_first(100, 9)) == ((3, 48), (51, 96))
    assert around(100, 14, 20) == (0, 1, 2, 18, 19, 20, 21, 97, 98, 99)


def test_near_an_end_there_is_one_card() -> None:
    assert around(100, 9, 0) == (0, 1, 2, 97, 98, 99)
    assert folded(around(100, 9, 3)) == ((4, 96),)


@given(COLUMNS, MOST, SHARE)
def test_the_column_asked_for_is_open_and_so_are_both_ends(columns: int, most: int, share: float) -> None:
    column = int(share * columns)
    opened = around(columns, most, column)
    assert column in opened
    assert {*range(min(ENDS, columns)), *range(max(0, columns - ENDS), columns)} <= set(opened)
    assert all(a < b for a, b in pairwise(opened))
    if columns > most:
        assert 2 * ENDS <= len(opened) <= 2 * ENDS + MOST_MIDDLE


@given(COLUMNS, MOST, SHARE)
def test_every_column_is_open_or_under_one_card(columns: int, most: int, share: float) -> None:
    opened = around(columns, most, int(share * columns))
    under = [column for first, last in folded(opened) for column in range(first, last + 1)]
    assert sorted([*opened, *under]) == list(range(columns))


@given(st.integers(3, 60), MOST, SHARE)
def test_a_hidden_column_is_folded_away_but_never_the_data(columns: int, most: int, share: float) -> None:
    opened = at_first(columns, most)
    column = opened[int(share * len(opened))]
    left = without(opened, columns, column)
    assert (column in left) == (column in (0, columns - 1))
    assert set(opened) - set(left) <= {column}
    assert any(first <= column <= last for first, last in folded(left)) == (column not in left)


def test_a_card_between_two_layers_grows() -> None:
    assert folded(without(without((0, 1, 2, 3, 4), 5, 2), 5, 3)) == ((2, 3),)
