"""Whether an NVIDIA card could be of use, in one sentence. Numba is not asked: it would take a third of a second."""

from __future__ import annotations

import ctypes
import sys

from visualnn.health.parts import is_here

DRIVERS = {"linux": "libcuda.so.1", "win32": "nvcuda.dll"}
PACKAGE, MODULE = "numba-cuda", "numba_cuda"
NOW = "training uses the processor"  # which is all that this version can


def sentence(platform: str = sys.platform) -> str:
    """The state of the driver and of the package."""
    driver = DRIVERS.get(platform)
    if driver is None:
        return f"This system has no CUDA; {NOW}."
    if not _loads(driver):
        return f"No NVIDIA driver is to be found ({driver}); {NOW}."
    package = f"{PACKAGE} is installed" if is_here(MODULE) else f"the package {PACKAGE} is not"
    return f"The NVIDIA driver is there ({driver}), {package}; {NOW} in this version."


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
