"""The orders of the rows in the epochs of a launch, as a kernel reads them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.kernels.arguments import Task
from visualnn.nn.order import Order

ROOM = 1 << 22  # numbers of all the lines of a launch: 16 MB


def epochs_of(task: Task, t: int, count: int) -> range:
    """The epochs that the updates t + 1 … t + count belong to; one for ever with a full batch."""
    return (
        range(t // task.epoch_length, (t + count - 1) // task.epoch_length + 1) if task.epoch_length > 1 else range(1)
    )


def most_updates(task: Task) -> int:
    """How many updates there is room for the orders of."""
    return max(1, ROOM // task.rows) * task.epoch_length if task.epoch_length > 1 else ROOM


def lines(task: Task, order: Order, t: int, count: int) -> NDArray[np.int32]:
    """The order of each of these epochs, (epochs, rows); the last of them is drawn in `order`, which goes on there.

    Epoch e of the data is ``lines[e − t // epoch_length]``. With a full batch: the rows as they come.
    """
    return order.drawn(epochs_of(task, t, count)).astype(np.int32)
