"""Orders of the rows for many networks: those of one seed, a lot, go through the rows alike.

For a few seeds NumPy draws them while the GPU trains. For many, the GPU does, beside the launch before: NumPy would be
slower than the training.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.gpu import orders as drawing
from visualnn.nn.kernels.gpu.door import cuda
from visualnn.nn.kernels.gpu.launches import Room
from visualnn.nn.kernels.gpu.lines import epochs_of, lines, most_updates
from visualnn.nn.order import Order

FEW = 2  # lots that NumPy draws in time


class Lots(Protocol):
    """The orders of the rows of all networks of a call."""

    most: int  # updates of a launch that there is room for

    def brought(self, room: Room, counts: Sequence[int]) -> tuple[Any, list[int]]:
        """The rows of the next updates of each network on the GPU, and where the first epoch of each begins."""
        ...

    def note_end(self) -> None:
        """The oldest launch under way has ended."""
        ...

    def used(self, net: int, t: int) -> Order:
        """The order as update t + 1 leaves it, one of the launch that ended last."""
        ...


def lots_for(tasks: Sequence[Task], orders: Sequence[Order], begun: Sequence[int], stream: Any) -> Lots:
    """Whichever is faster for these networks, each of which has done so many updates."""
    seeds = {order.seed for order in orders}
    are_alike = len(set(begun)) == 1 and orders[0].is_shuffled
    if are_alike and len(seeds) > FEW and tasks[0].rows <= drawing.MOST_ROWS:
        return GpuLots(tasks[0], orders, begun[0], stream)
    return HostLots(tasks, orders, begun)


class HostLots:
    """Drawn by NumPy."""

    def __init__(self, tasks: Sequence[Task], orders: Sequence[Order], begun: Sequence[int]) -> None:
        keys = [(order.seed if order.is_shuffled else 0, t) for order, t in zip(orders, begun, strict=True)]
        first = {key: net for net, key in reversed(list(enumerate(keys)))}  # of those that go through the rows alike
        self._lots = {key: Lot(tasks[net], orders[net], begun[net]) for key, net in first.items()}
        self._lot_of = [self._lots[key] for key in keys]
        self.most = max(1, most_updates(tasks[0]) // len(self._lots))

    def brought(self, room: Room, counts: Sequence[int]) -> tuple[Any, list[int]]:
        """See `Lots`."""
        wanted = {id(lot): 0 for lot in self._lot_of}
        for lot, count in zip(self._lot_of, counts, strict=True):
            wanted[id(lot)] = max(wanted[id(lot)], count)
        found, places, at = [], {}, 0
        for lot in self._lots.values():
            places[id(lot)] = at
            if wanted[id(lot)]:
                found.append(lot.drawn(wanted[id(lot)]))
                at += found[-1].size
        return room.brought("lines", np.concatenate(found)), [places[id(lot)] for lot in self._lot_of]

    def note_end(self) -> None:
        """See `Lots`."""

    def used(self, net: int, t: int) -> Order:
        """See `Lots`."""
        return self._lot_of[net].used(t)


class Lot:
    """The order that networks of one seed have in common, and what it was before each of the last launches."""

    def __init__(self, task: Task, order: Order, t: int) -> None:
        self._task, self._order, self._t = task, order.copy(), t
        self._before: list[tuple[int, Order]] = []
        self._used: dict[int, Order] = {}  # by the epoch

    def drawn(self, count: int) -> NDArray[np.int32]:
        """The rows of the next updates, one after the other from the beginning of the first one's epoch."""
        self._before = [*self._before[-2:], (self._t, self._order.copy())]
        found = lines(self._task, self._order, self._t, count).ravel()
        self._t += count
        return found

    def used(self, t: int) -> Order:
        """The order as update t + 1 leaves it."""
        epoch = t // self._task.epoch_length
        if epoch not in self._used:
            self._used[epoch] = next(order for begun, order in reversed(self._before) if begun <= t).copy()
            self._used[epoch].go_to(epoch)
        return self._used[epoch]


class GpuLots:
    """Drawn by the GPU, for networks that have all done as many updates."""

    def __init__(self, task: Task, orders: Sequence[Order], t: int, stream: Any) -> None:
        self._task, self._t, self._stream, self._own = task, t, stream, cuda.stream()
        seeds = list(dict.fromkeys(order.seed for order in orders))
        self._lot_of = [seeds.index(order.seed) for order in orders]
        self._orders = [orders[self._lot_of.index(lot)].copy() for lot in range(len(seeds))]
        for order in self._orders:
            order.go_to(t // task.epoch_length)
        self._drawn = t // task.epoch_length  # the last epoch
        self.most = max(1, most_updates(task) // len(seeds))
        words = np.array([order.words for order in self._orders])
        kept = np.array([order.line for order in self._orders], dtype=np.int32)
        self._words, self._kept = (cuda.to_device(array, stream=self._own) for array in (words, kept))
        self._before = self._after = (self._drawn, words, kept)
        self._under_way: list[tuple[int, Any, Any]] = []
        self._used: dict[tuple[int, int], Order] = {}  # by lot and epoch

    def brought(self, room: Room, counts: Sequence[int]) -> tuple[Any, list[int]]:
        """See `Lots`."""
        epochs, rows, lots = epochs_of(self._task, self._t, max(counts)), self._task.rows, len(self._orders)
        flat = room.there("lines", (lots * len(epochs) * rows,), np.int32)
        arguments = (self._words, self._kept, flat.reshape(lots, len(epochs), rows))
        is_again = np.int32(epochs.start == self._drawn)
        drawing.draw[lots, drawing.THREADS, self._own, 4 * rows](*arguments, is_again, np.int32(len(epochs)))
        words, kept = (room.fetched(*what, self._own) for what in (("words", self._words), ("kept", self._kept)))
        room.drawn.record(self._own)
        room.drawn.wait(self._stream)
        self._t, self._drawn = self._t + max(counts), epochs[-1]
        self._under_way.append((self._drawn, words, kept))
        return flat, [lot * len(epochs) * rows for lot in self._lot_of]

    def note_end(self) -> None:
        """See `Lots`."""
        epoch, words, kept = self._under_way.pop(0)
        self._before, self._after = self._after, (epoch, words.copy(), kept.copy())

    def used(self, net: int, t: int) -> Order:
        """See `Lots`."""
        lot, epoch = self._lot_of[net], t // self._task.epoch_length
        if (lot, epoch) not in self._used:
            drawn, words, kept = self._after if epoch == self._after[0] else self._before
            order = self._orders[lot].copy()
            order.line[:], order.words[:], order.epoch[0] = kept[lot], words[lot], drawn
            order.go_to(epoch)
            self._used[lot, epoch] = order
        return self._used[lot, epoch]
