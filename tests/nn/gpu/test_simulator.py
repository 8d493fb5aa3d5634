"""The simulator notices what the real machine would punish, at times."""

from __future__ import annotations

import numpy as np
import pytest
from numba import cuda, float32

from tests.nn.gpu.simulator import SCHEDULES, Launches, Schedule

pytestmark = pytest.mark.usefixtures("simulator")


@cuda.jit
def neighbours(out, is_safe):
    """Every thread takes what the next one brought."""
    shared = cuda.shared.array(64, float32)
    at = cuda.threadIdx.x
    shared[at] = cuda.blockIdx.x * 100 + at
    if is_safe:
        cuda.syncthreads()
    out[cuda.blockIdx.x, at] = shared[(at + 1) % cuda.blockDim.x]


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_memory_is_shared_by_a_block_and_by_no_other(simulator: Launches, schedule: Schedule) -> None:
    simulator.schedule = schedule
    out = np.zeros((3, 40))
    neighbours[3, 40](out, True)
    np.testing.assert_array_equal(out, [[block * 100 + (at + 1) % 40 for at in range(40)] for block in range(3)])
