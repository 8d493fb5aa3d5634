"""Whether an NVIDIA card can train here, what it is, and what it trains with. Numba is not asked: it takes too long."""

from __future__ import annotations

from importlib import metadata
from typing import NamedTuple

from visualnn import gpu
from visualnn.health.kernels import Kernel
from visualnn.health.libraries import Library

PACKAGES = (
    *("numba-cuda", "cuda-bindings", "cuda-core", "cuda-pathfinder"),
    *("nvidia-nvvm", "nvidia-cuda-nvrtc", "nvidia-cuda-runtime", "nvidia-nvjitlink"),
    *("nvidia-cuda-nvcc-cu12", "nvidia-cuda-nvrtc-cu12", "nvidia-cuda-runtime-cu12", "nvidia-nvjitlink-cu12"),
)


class Cuda(NamedTuple):
    """What was found; 0 or "" where no driver says."""

    usable: bool
    sentence: str
    name: str = ""
    driver: str = ""  # the newest CUDA that it knows
    capability: str = ""
    memory: int = 0  # bytes
    multiprocessors: int = 0
    shared: int = 0  # bytes, for a block
    watchdog: bool = False
    packages: tuple[Library, ...] = ()  # those that are installed
    kernels: tuple[Kernel, ...] = ()


def cuda() -> Cuda:
    """The state of everything. Never raises."""
    found = gpu.probe()
    return Cuda(
        found.usable,
        found.sentence,
        found.name,
        found.driver,
        ".".join(map(str, found.capability)) if found.name else "",
        found.memory_bytes,
        found.multiprocessors,
        found.shared_bytes,
        found.watchdog,
        packages(),
        kernels() if found.usable else (),
    )


def packages() -> tuple[Library, ...]:
    """The packages that train on a card, and their versions."""
    return tuple(Library(name, version) for name in PACKAGES if (version := _version(name)))


def kernels() -> tuple[Kernel, ...]:
    """Those for this card; none where NumPy or Numba is missing."""
    try:
        from visualnn.nn.kernels.gpu import kept

        return tuple(Kernel(f"gpu-{family}", kept.is_kept(family)) for family in kept.FAMILIES)
    except (ImportError, OSError):
        return ()


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
