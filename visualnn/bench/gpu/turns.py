"""How a run on a GPU is timed. PyTorch's process reads this, too.

A call of one of our loops brings the state to the GPU and back, which the window pays once for many thousand updates,
and a benchmark would pay in every short turn. So a turn is two runs, a short one and a long one: the difference is what
updates take, and what is left of the short one is the call.
"""

from __future__ import annotations

from typing import Any

from visualnn.bench.job import FIRST_S, Run, take_turn

LONGER = 4  # times the short run
MOST = 1 << 22  # updates of a run to warm up with


class Watch:
    """Times runs of one competitor; warmed up when it is made."""

    def __init__(self, run: Run, *, longer: int = LONGER) -> None:
        self._run, self._longer = run, longer
        first = take_turn(run, 1)  # compiles, allocates, captures
        self.first_s = first.wall_s
        self.us, updates = 1e6 * first.wall_s, 1
        while True:
            timed = self._timed(updates)
            self.us = timed["us"]
            if self.us * timed["updates"] * 1e-6 >= FIRST_S or updates >= MOST:
                return
            updates *= self._longer

    def turn(self, seconds: float) -> dict[str, Any]:
        """A turn of about so many seconds."""
        return self._timed(max(1, round(seconds * 1e6 / self.us / (1 + self._longer))))

    def _timed(self, updates: int) -> dict[str, Any]:
        short, long = take_turn(self._run, updates), take_turn(self._run, updates * self._longer)
        more, difference = long.updates - short.updates, long.wall_s - short.wall_s
        whole_us = long.wall_s / long.updates * 1e6
        us = difference / more * 1e6 if more > 0 and difference > 0 else whole_us
        return {
            "us": us,
            "whole_us": whole_us,  # of the long run, with what its call takes
            "call_ms": max(0.0, long.wall_s - us * long.updates * 1e-6) * 1e3,
            "updates": short.updates + long.updates,
            "wall_s": short.wall_s + long.wall_s,
            "cpu_s": short.cpu_s + long.cpu_s,
        }
