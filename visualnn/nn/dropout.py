"""Which neurons are silent in which update: random, but the same for every kernel, thread and way of running.

Each neuron of each row has a number of its own, hashed with 32-bit integers (Wellons' ``lowbias32``); it is silent if
that is below the share. What is left is scaled up by 1/(1 − share), so that sums keep their size ("inverted" dropout).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.network import Matrix, Network

UNIT_STEP, ROW_STEP = 0x9E3779B9, 0x85EBCA6B


def mixed(x: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """A hash of 32 bits."""
    x = (x ^ (x >> np.uint32(16))) * np.uint32(0x7FEB352D)
    x = (x ^ (x >> np.uint32(15))) * np.uint32(0x846CA68B)
    return x ^ (x >> np.uint32(16))


def update_key(seed: int, t: int) -> int:
    """What makes the numbers of update t + 1 differ from those of the others."""
    word = (seed * 0x9E3779B97F4A7C15 + t * 0xD1B54A32D192ED03) & 0xFFFFFFFFFFFFFFFF
    word ^= word >> 32
    return int(mixed(np.array([word & 0xFFFFFFFF], dtype=np.uint32))[0])


def threshold(share: float) -> int:
    """The hash from which on a neuron is heard."""
    return min(0xFFFFFFFF, int(share * 2.0**32))


def gates(network: Network, share: float, key: int, rows: int) -> list[Matrix | None]:
    """For each column what its activations are multiplied with, (rows, units): hidden neurons only, None for others."""
    found: list[Matrix | None] = [None]
    first = network.inputs
    for units in network.sizes[1:-1]:
        numbers = np.arange(first, first + units, dtype=np.uint32) * np.uint32(UNIT_STEP)
        of_row = np.arange(rows, dtype=np.uint32)[:, None] * np.uint32(ROW_STEP)
        heard = mixed(numbers + of_row + np.uint32(key)) >= np.uint32(threshold(share))
        found.append(heard / (1.0 - share))
        first += units
    return [*found, None]
