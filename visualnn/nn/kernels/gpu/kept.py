"""Which kernels are in the cache, compiled for this GPU. Asked without Numba, by who tells what there is."""

from __future__ import annotations

from pathlib import Path

from visualnn import gpu, kernel_cache

PACKAGE = Path(__file__).parent
FAMILIES = ("block", "grid")


def mark(family: str) -> str:
    """What the cache knows the kernels of a family by: they are compiled for one kind of GPU."""
    major, minor = gpu.probe().capability
    return f"{family}-sm{major}{minor}"


def is_kept(family: str) -> bool:
    """Whether no start has to wait for the kernels of a family. Nothing is made. Raises `ImportError` without Numba."""
    made = kernel_cache.planned()
    return made is not None and made.is_dir() and kernel_cache.is_filled(PACKAGE, mark(family))


def note(family: str) -> None:
    """Remembers that the kernels of a family are compiled."""
    kernel_cache.note_filled(PACKAGE, mark(family))
