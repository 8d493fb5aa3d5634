"""How a team's threads come together: who is there, and a place where all wait for each other; see `team`."""

from __future__ import annotations

from visualnn.nn.kernels.flags import add_to_flag, breathe, load_flag, store_flag
from visualnn.nn.kernels.team import ARRIVED, BASE, LATE, LEAVING, OVER, PRESENT, TURN, VERDICT
from visualnn.nn.kernels.vector import compiled, inlined


@inlined
def portion(items, rank, size):
    """Which items are this thread's."""
    return items * rank // size, items * (rank + 1) // size


@compiled
def meet(team, size, meetings):
    """Waits until all of a team have come here as often as this thread in this update; how often that is now."""
    if size == 1:
        return meetings
    meetings += 1
    waited, target = 0, team[BASE] + size * meetings
    add_to_flag(team, ARRIVED, 1)
    while load_flag(team, ARRIVED) < target:
        breathe()
        waited += 1
    add_to_flag(team, LATE, waited)
    return meetings


@compiled
def call(team, helpers):
    """The leader begins an update, with all helpers or alone; how many work on it."""
    present = load_flag(team, PRESENT)
    if load_flag(team, LEAVING):
        if present == 0:
            store_flag(team, LEAVING, 0)
        return 1
    if helpers == 0 or present < helpers:
        return 1
    team[BASE], team[VERDICT] = load_flag(team, ARRIVED), 0
    store_flag(team, TURN, load_flag(team, TURN) + 1)
    return 1 + helpers


@compiled
def await_call(team, turn):
    """A helper waits for the update after `turn`; False if it is to leave."""
    while load_flag(team, TURN) == turn:
        if load_flag(team, OVER) or load_flag(team, LEAVING):
            add_to_flag(team, PRESENT, -1)
            return False
        breathe()
    return True
