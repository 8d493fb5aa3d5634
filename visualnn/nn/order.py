"""In which order an epoch goes through the rows: each in its own, reproducible from the seed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.kernels import choose

ORDER_ENTRIES = 2**18  # row numbers prepared for one call of a kernel: 2 MB, some milliseconds of shuffling


class Order:
    """The order of the rows in each epoch, drawn as they are needed and forgotten when they are past."""

    def __init__(self, rows: int, batch: int, seed: int) -> None:
        self.rows, self.batch, self.seed = rows, batch, seed
        self.restart()

    def restart(self) -> None:
        """Back to the first epoch."""
        self._rng = np.random.default_rng(10_000 + self.seed)
        self._first = 0  # the epoch of the table's first line
        self._table = np.empty((0, self.rows), dtype=np.int64)
        if self.batch == self.rows:
            self._table = np.arange(self.rows, dtype=np.int64)[None]

    def table(self, update: int, updates: int) -> tuple[NDArray[np.int64], int]:
        """The orders from the epoch of `update` on, and how many updates they last, `updates` at the most."""
        if self.batch == self.rows:
            return self._table, updates
        length = -(-self.rows // self.batch)
        epoch = update // length
        count = min((update + updates - 1) // length - epoch + 1, max(1, ORDER_ENTRIES // self.rows))
        self._prepare(epoch, count)
        return self._table[epoch - self._first :], min(updates, (epoch + count) * length - update)

    def _prepare(self, epoch: int, count: int) -> None:
        for _ in range(self._first + len(self._table), epoch):  # passed over, after a jump
            self._rng.permutation(self.rows)
        kept = self._table[epoch - self._first :]
        if len(kept) < count:
            drawn = choose.permutations(self._rng, self.rows, count - len(kept))
            self._first, self._table = epoch, np.concatenate([kept, drawn]) if len(kept) else drawn
