"""In which order an epoch goes through the rows: each in its own, reproducible from the seed.

The order of epoch e is the e-th ``permutation`` of ``numpy.random.default_rng(10_000 + seed)``. It is drawn when the
epoch begins, by NumPy here or by the same arithmetic in the compiled loops, so only one is ever kept.
"""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
from numpy.typing import NDArray

HIGH_WORD, LOW_WORD, HIGH_STEP, LOW_STEP, HAS_HALF, HALF = range(6)  # places in `Order.words`
LOW = 2**64 - 1


class Order:
    """The order of the rows in one epoch, and the state of the generator from which the next ones are drawn."""

    def __init__(self, rows: int, batch: int, seed: int) -> None:
        self.seed, self.is_shuffled = seed, batch < rows
        self.line = np.arange(rows, dtype=np.int64)
        self.words = np.zeros(6, dtype=np.uint64)  # PCG64's: its state, its step, and half of the last number
        self.epoch = np.zeros(1, dtype=np.int64)  # whose order `line` is; −1 before the first
        self.restart()

    def restart(self) -> None:
        """Back to before the first epoch. A full batch has one order for ever."""
        if self.is_shuffled:
            self.epoch[0] = -1
            self._keep(np.random.default_rng(10_000 + self.seed).bit_generator.state)

    def go_to(self, epoch: int) -> None:
        """Draws the order of this epoch; what lies between is drawn and forgotten."""
        if self.is_shuffled and epoch != self.epoch[0]:
            self.drawn(range(epoch, epoch + 1))

    def drawn(self, epochs: range) -> NDArray[np.int64]:
        """The orders of some epochs one after another, (epochs, rows); it is then at the last of them."""
        lines = np.empty((len(epochs), self.line.size), dtype=np.int64)
        if not self.is_shuffled:
            lines[:] = self.line
            return lines
        if epochs.start < self.epoch[0]:
            self.restart()
        rng = np.random.default_rng(0)
        rng.bit_generator.state = self._told()
        for epoch in range(int(self.epoch[0]), epochs.stop):
            if epoch > self.epoch[0]:
                self.line[:] = rng.permutation(self.line.size)
            if epoch >= epochs.start:
                lines[epoch - epochs.start] = self.line
        self._keep(rng.bit_generator.state)
        self.epoch[0] = epochs[-1]
        return lines

    def copy(self) -> Order:
        """One that goes on by itself. The one order of a full batch never changes and is shared."""
        if self.is_shuffled:
            return copy.deepcopy(self)
        return copy.copy(self)

    def take(self, other: Order) -> None:
        """Goes on where another one is."""
        for own, others in ((self.line, other.line), (self.words, other.words), (self.epoch, other.epoch)):
            own[:] = others

    def _told(self) -> dict[str, Any]:
        """The generator's state as NumPy says it."""
        words = self.words.tolist()
        state = {"state": words[HIGH_WORD] << 64 | words[LOW_WORD], "inc": words[HIGH_STEP] << 64 | words[LOW_STEP]}
        return {"bit_generator": "PCG64", "state": state, "has_uint32": words[HAS_HALF], "uinteger": words[HALF]}

    def _keep(self, told: Any) -> None:
        state, step = told["state"]["state"], told["state"]["inc"]
        self.words[:] = [state >> 64, state & LOW, step >> 64, step & LOW, told["has_uint32"], told["uinteger"]]


def rows_of(rows: int, batch: int, seed: int, update: int) -> NDArray[np.int64]:
    """Which of the rows update `update` + 1 uses; the last batch of an epoch may be short."""
    order = Order(rows, batch, seed)
    if batch >= rows:
        return order.line
    epoch, part = divmod(update, -(-rows // batch))
    order.go_to(epoch)
    return order.line[part * batch : (part + 1) * batch]
