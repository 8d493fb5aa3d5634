"""Two threads, or more, that work on one update: who is there, and a place where all wait for each other.

A thread joins by calling the loop and leaves by returning; the first, which leads, asks at the beginning of each update
whether all are there and goes on alone where they are not. So starting a thread delays nothing, and one that the system
has put aside for another program is sent away until there may be room again. Results do not depend on who was there:
the team shares out neurons, and each sum is made by one thread.
"""

from __future__ import annotations

from visualnn.nn.kernels.flags import add_to_flag, breathe, load_flag, store_flag
from visualnn.nn.kernels.vector import compiled, inlined

# Places in a team's array of int64; those that are waited for are on a cache line of their own
PRESENT = 0  # helpers that have joined
TURN = 8  # counts updates; helpers wait for it to change
ARRIVED = 16  # counts arrivals at meetings, never set back
LEAVING = 24  # 1: helpers are sent away for a while
OVER = 32  # 1: helpers go home
BASE = 41  # arrivals before this update
VERDICT = 42  # 0: the update goes on; else it ends here
LATE = 48  # how long all have waited at the meetings of the last updates
FIRST = 45  # where the rows of this update lie in the order,
COUNT = 46  # how many rows,
KEY = 47  # and what its dropout is drawn from
PLACES = 56

HOME, AWAY = 0, 1  # why a helper returns


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
