"""What the processes of all competitors have in common: what they are asked, and how a turn is timed."""

from __future__ import annotations

from collections.abc import Callable
from time import perf_counter, process_time
from typing import NamedTuple

Run = Callable[[int], int]  # does about so many updates, and returns how many when all are really done

FIRST_S = 0.02  # a run this long says how fast a competitor is


class UnavailableError(Exception):
    """A competitor cannot take part; a sentence that says why."""


class Turn(NamedTuple):
    """One timed run."""

    updates: int
    wall_s: float
    cpu_s: float  # of this process, all threads


def take_turn(run: Run, updates: int) -> Turn:
    """Runs and times."""
    cpu, start = process_time(), perf_counter()
    done = run(updates)
    return Turn(done, perf_counter() - start, process_time() - cpu)


def warm_up(run: Run) -> Turn:
    """Runs more and more updates, until they take long enough to be timed."""
    updates = 1
    take_turn(run, updates)  # the first compiles, allocates, reads from disk
    while (turn := take_turn(run, updates)).wall_s < FIRST_S:
        updates = max(turn.updates, updates) * 2
    return turn


def updates_for(seconds: float, last: Turn) -> int:
    """How many updates will take about so long, after what the last turn took."""
    return max(1, round(last.updates * seconds / last.wall_s))


def passes(updates: int, length: int) -> tuple[int, int]:
    """The same in whole passes of `length` updates, or one shorter pass: how many passes, and updates in each."""
    return (1, updates) if updates < length else (round(updates / length), length)
