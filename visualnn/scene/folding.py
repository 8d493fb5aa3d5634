"""Which columns of a deep network are open; what lies between them is folded into a card that says how many."""

from __future__ import annotations

from itertools import pairwise

ENDS = 3  # columns at either end of a deep network that stay open
LEAST_MIDDLE, MOST_MIDDLE = 2, 4
CARD = 1.4  # how much room a card takes, in columns


def at_first(columns: int, most: int) -> tuple[int, ...]:
    """All columns if they fit into the room of `most`, else both ends and some in the middle."""
    if columns <= most:
        return tuple(range(columns))
    return around(columns, most, columns // 2)


def around(columns: int, most: int, column: int) -> tuple[int, ...]:
    """Both ends, and a run of columns around this one."""
    if columns <= most:
        return tuple(range(columns))
    middle = min(max(int(most - 2 * ENDS - 2 * CARD), LEAST_MIDDLE), MOST_MIDDLE)
    first = min(max(column - middle // 2, 1), columns - 1 - middle)
    ends = [*range(ENDS), *range(columns - ENDS, columns)]
    return tuple(sorted({*ends, *range(first, first + middle)}))


def without(opened: tuple[int, ...], columns: int, column: int) -> tuple[int, ...]:
    """A hidden column folded away; inputs and outputs stay."""
    return tuple(each for each in opened if each != column or each in (0, columns - 1))


def folded(opened: tuple[int, ...]) -> tuple[tuple[int, int], ...]:
    """The first and the last column of each card."""
    return tuple((left + 1, right - 1) for left, right in pairwise(opened) if right > left + 1)
