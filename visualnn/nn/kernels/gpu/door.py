"""The only door to numba.cuda: NVIDIA's package numba-cuda, or the simulator that the tests choose.

Raises `DeviceError` when it is imported where that cannot be. Four things stand between us and the package:

* it redirects ``numba.cuda`` to itself by a ``.pth`` file, which Python does not read in every folder of modules;
* it asks NumPy for a name that NumPy 2.5 has no more (NVIDIA/numba-cuda#907), and for others that are about to go;
* without its libraries it fails in several ways when it is imported, some of which are no ImportError;
* it gives memory back in whichever thread Python drops it, where the driver may refuse that: `give_back_quietly`.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from visualnn import kernel_cache
from visualnn.nn.device import DeviceError

log = logging.getLogger(__name__)

REDIRECTOR = "_numba_cuda_redirector"
GONE = "row_stack"  # from NumPy 2.5; the package asks for it while it is imported

os.environ.setdefault("NUMBA_CUDA_LOW_OCCUPANCY_WARNINGS", "0")  # one block is what a small network wants
kernel_cache.install()


def _imported() -> Any:
    """numba.cuda."""
    if find_spec(REDIRECTOR) is not None:
        import_module(REDIRECTOR)
    lacks_name = not hasattr(np, GONE)
    if lacks_name:
        setattr(np, GONE, np.vstack)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = import_module("numba.cuda")
            if found.implementation == "NVIDIA" and not _is_simulated():
                import_module("numba.cuda.np.arrayobj")  # here it asks NumPy, and not before
                kernel_cache.lead(import_module("numba.cuda.dispatcher").CUDACacheImpl)
                give_back_quietly(import_module("numba.cuda.cudadrv.driver"))
            return found
    finally:
        if lacks_name:
            delattr(np, GONE)


def _is_simulated() -> bool:
    return bool(import_module("numba").config.ENABLE_CUDASIM)


def give_back_quietly(driver: Any) -> None:
    """What is dropped in a thread that does not use the GPU waits for one that does, instead of being lost.

    Where the driver has failed, nothing can be given back, and nobody is to hear of every single array.
    """
    queue = driver._PendingDeallocs
    clear = queue.clear

    def cleared(pending: Any) -> None:
        try:
            code, context = driver.binding.cuCtxGetCurrent()
            if not int(code) and int(context):
                clear(pending)
        except Exception:
            log.debug("Memory of the GPU could not be given back", exc_info=True)

    queue.clear = cleared


try:
    cuda: Any = _imported()
    SIMULATED = _is_simulated()
    from numba import float32, int32, uint32, uint64

    if SIMULATED:  # those of Numba take five times as long
        float32, int32, uint32, uint64 = np.float32, np.int32, np.uint32, np.uint64
    intrinsic: Any = None if SIMULATED else import_module("numba.cuda.extending").intrinsic  # for lines of assembler
except Exception as problem:
    raise DeviceError(f"The GPU package cannot be used: {problem or type(problem).__name__}") from problem
if not SIMULATED and getattr(cuda, "implementation", "") != "NVIDIA":
    raise DeviceError("The GPU package numba-cuda is not installed. Type: pip install “visualnn[gpu]”")

__all__ = ["SIMULATED", "cuda", "float32", "inlined", "int32", "intrinsic", "kernel", "uint32", "uint64"]


def kernel(threads: int, blocks: int = 1) -> Callable[[Callable[..., None]], Any]:
    """Makes a kernel of a function that is launched with at most so many threads a block; kept in our cache.

    So many blocks are to fit into one processor of the GPU at once.
    """
    if SIMULATED:
        return lambda function: cuda.jit(function)
    return lambda function: cuda.jit(function, cache=True, launch_bounds=(threads, blocks))


def inlined(function: Callable[..., Any]) -> Any:
    """Makes a function for kernels; its calls cost nothing."""
    return cuda.jit(function, device=True)
