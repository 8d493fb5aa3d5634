"""Two threads, or more, that work on one update: who is there, and a place where all wait for each other.

A thread joins by calling the loop and leaves by returning; the first, which leads, asks at the beginning of each update
whether all are there and goes on alone where they are not. So starting a thread delays nothing, and one that the system
has put aside for another program is sent away until there may be room again. Results do not depend on who was there:
the team shares out neurons, and each sum is made by one thread.
"""

from __future__ import annotations

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
