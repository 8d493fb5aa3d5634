"""Moments of a run that are kept, so that every other one is soon there again: it is replayed from the one before it.

One thread writes, others may read: what is kept never changes, and thinning makes a new list.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from visualnn.nn.curve import CurveView
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.order import Order

HISTORY_BYTES = 128 * 2**20  # at most, for all moments of a run together
MOST_MOMENTS = 1024
FEWEST_MOMENTS = 2  # even of a network that needs more room than that

_update = attrgetter("update")


@dataclass(frozen=True, eq=False, slots=True)
class Checkpoint:
    """All that a training continues from, to the bit: put it back with `Training.resume`."""

    update: int
    parameters: Vector
    memory: Matrix
    scalars: Vector
    order: Order
    rates: tuple[tuple[int, float], ...]  # from which update on which rate was set

    @property
    def size_bytes(self) -> int:
        """The memory it takes."""
        own = self.order.line.nbytes if self.order.is_shuffled else 0
        return self.parameters.nbytes + self.memory.nbytes + self.scalars.nbytes + own


@dataclass(frozen=True, eq=False, slots=True)
class Progress:
    """Where a run stands, with all that it takes to go on as if there had been no break."""

    checkpoint: Checkpoint
    start: Vector  # the weights it began with
    curve: CurveView  # the losses before `checkpoint.update`


class History:
    """Checkpoints in the order of their updates; when there is no more room, every second one goes."""

    def __init__(self, bound_bytes: int = HISTORY_BYTES, most: int = MOST_MOMENTS) -> None:
        self._bound_bytes, self._most = bound_bytes, most
        self.clear()

    def clear(self) -> None:
        """Empty."""
        self._kept: list[Checkpoint] = []
        self._spacing = 1  # updates from one to the next, at least

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def moments(self) -> tuple[Checkpoint, ...]:
        """All that is kept now."""
        return tuple(self._kept)

    @property
    def size_bytes(self) -> int:
        """The memory that all of it takes."""
        return sum(moment.size_bytes for moment in self._kept)

    def wants(self, update: int) -> bool:
        """Whether a checkpoint of this update would be far enough from those before and after it."""
        kept = self._kept
        after = bisect_right(kept, update, key=_update)
        before = kept[after - 1].update if after else update - self._spacing
        following = kept[after].update if after < len(kept) else update + self._spacing
        return update - before >= self._spacing and following - update >= self._spacing

    def keep(self, checkpoint: Checkpoint) -> None:
        """Puts one in its place; one of the same update stays as it is."""
        if self.at(checkpoint.update) is None:
            insort(self._kept, checkpoint, key=_update)
            room = min(self._most, self._bound_bytes // max(1, checkpoint.size_bytes))
            while len(self._kept) > max(room, FEWEST_MOMENTS):
                self._thin()

    def take(self, moments: Sequence[Checkpoint]) -> None:
        """Those of another history, in order."""
        self.clear()
        for moment in moments:
            self.keep(moment)

    def cut(self, update: int) -> None:
        """Forgets what comes after an update."""
        self._kept = [moment for moment in self._kept if moment.update <= update]

    def at(self, update: int) -> Checkpoint | None:
        """The checkpoint of exactly this update."""
        found = self.nearest(update)
        return found if found is not None and found.update == update else None

    def nearest(self, update: int) -> Checkpoint | None:
        """The last checkpoint that is not after an update."""
        kept = self._kept
        index = bisect_right(kept, update, key=_update)
        return kept[index - 1] if index else None

    def _thin(self) -> None:
        """Keeps the first, the last, and those between that are far enough apart."""
        self._spacing *= 2
        first, *others, last = self._kept
        thinned = [first]
        for moment in others:
            if moment.update - thinned[-1].update >= self._spacing <= last.update - moment.update:
                thinned.append(moment)
        self._kept = [*thinned, last] if len(self._kept) > FEWEST_MOMENTS else [first, last]
