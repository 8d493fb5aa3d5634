"""How many updates make a launch: as many as a desktop on the same GPU does not notice."""

from __future__ import annotations

LAUNCH_SECONDS = 0.008  # of a launch that is left to learn: half a frame of a screen, so that two may wait in line
LONGEST_SECONDS = 0.016  # of any
GROWTH = 4  # times the launch before, at most
MOST = 1 << 14  # updates, for which there is room in the tables


class Chunk:
    """Learns how long an update takes. Begins with one, for nobody knows."""

    def __init__(self, most: int = MOST) -> None:
        self.most = min(most, MOST)
        self.updates = 1

    def measured(self, updates: int, seconds: float) -> None:
        """A launch of so many updates took so long on the GPU."""
        if updates:
            fitting = int(updates * LAUNCH_SECONDS / max(seconds, 1e-7))
            self.updates = max(1, min(GROWTH * updates, fitting, self.most))
