"""Numba's CUDA simulator, made strict, concurrent and fast enough to be asked about every kernel.

What Numba offers (``NUMBA_ENABLE_CUDASIM=1``) runs one block after the other, with an OS thread for every thread of
the block, gives zeros for memory that nobody wrote, and knows nothing of warps.  `installed` replaces the part that
launches kernels:

* all blocks of a launch run at once, every simulated thread a greenlet in the one thread of the test (`fibres`);
* who runs next is decided by a `Schedule`, the same each time: one that lets the first threads run as far ahead as
  barriers allow, one that lets the last, ... What is right under all of them needs no luck (`schedules`);
* memory that nobody wrote, shared, local or global, holds NaN (`poison`);
* warps meet: ``syncwarp``, shuffles, votes; tensor cores and asynchronous copies have stand-ins (`inside`, `cores`);
* streams may be as late as a GPU allows them to be (`streams`);
* a barrier that not all threads reach, or that they reach at different lines, is an error and no dead-lock.

It works with the simulator of Numba and with that of numba-cuda.
"""

from tests.nn.gpu.simulator.launch import Launches, installed
from tests.nn.gpu.simulator.schedules import AHEAD, BEHIND, SCHEDULES, TOGETHER, Schedule, shuffled

__all__ = ["AHEAD", "BEHIND", "SCHEDULES", "TOGETHER", "Launches", "Schedule", "installed", "shuffled"]
