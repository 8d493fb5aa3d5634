"""Numba's simulator in place of a GPU, to try the command itself. No figure of it counts.

Warps, copies that take place later and tensor cores are known to the simulator of the tests only, which a checkout has.
"""

from __future__ import annotations

import os
from contextlib import ExitStack
from importlib import import_module

from visualnn import gpu

VARIABLE = "NUMBA_ENABLE_CUDASIM"
PRETENDED = gpu.Gpu(
    usable=True,
    sentence="Numba's simulator stands in for a GPU: no figure counts.",
    name="Numba's simulator",
    driver="13.0",
    capability=(9, 0),
    memory_bytes=1 << 34,
    multiprocessors=4,
    shared_bytes=232_448,
)
BLOCKS = 4  # of kernels that walk through memory; hundreds take seconds here
_kept = ExitStack()


def pretend() -> None:
    """From now on this process believes that there is a GPU."""
    gpu.probe = lambda: PRETENDED
    try:
        simulator = import_module("tests.nn.gpu.simulator")
    except ModuleNotFoundError:  # Numba's own will have to do
        return
    _kept.enter_context(simulator.installed())
    steps = import_module("visualnn.nn.kernels.gpu.steps")
    for name in ("MACHINE", "TENSOR_MACHINE"):
        setattr(steps, name, getattr(steps, name)._replace(most_blocks=BLOCKS))


def environment(given: dict[str, str]) -> dict[str, str]:
    """The variables with which a process of ours simulates."""
    return {**given, VARIABLE: "1"}


def is_wanted() -> bool:
    """Whether this process is to simulate."""
    return os.environ.get(VARIABLE, "0") not in ("", "0")
