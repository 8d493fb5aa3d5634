"""Who runs next: a schedule says in which order threads go on that may.

A simulated thread runs until it meets others at a barrier; nobody interrupts it.  That finds every race between two
threads all the same, if there is a schedule in which the one is first and another in which the other is: `AHEAD` and
`BEHIND` are such a pair.  Both let a thread, a warp or a block run as far as barriers allow before the next one gets
its turn, the one from the first to the last, the other from the last to the first.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

Group = Sequence[Any]


@dataclass(frozen=True)
class Schedule:
    """An order of threads.

    `ordered` sorts those that a barrier lets go; they go before all who were waiting for their turn if `is_greedy`,
    else after them.  `copies_early` says when an asynchronous copy takes place: at once, or when it is waited for.
    """

    name: str
    ordered: Callable[[Group], list[Any]]
    is_greedy: bool = True
    copies_early: bool = False

    def __repr__(self) -> str:
        return self.name


def _backwards(group: Group) -> list[Any]:
    return list(reversed(group))


def shuffled(seed: int) -> Schedule:
    """Another order at every barrier, the same for the same seed."""
    chance = random.Random(seed)

    def ordered(group: Group) -> list[Any]:
        return chance.sample(group, len(group))

    return Schedule(f"shuffled({seed})", ordered, is_greedy=bool(seed % 2), copies_early=bool(seed // 2 % 2))


AHEAD = Schedule("ahead", list)
BEHIND = Schedule("behind", _backwards, copies_early=True)
TOGETHER = Schedule("together", list, is_greedy=False)
SCHEDULES = (AHEAD, BEHIND)
