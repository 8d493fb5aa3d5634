"""Which kernels were compiled ahead or lie compiled in the cache, so that no start has to wait for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from visualnn import kernel_cache
from visualnn.health.parts import is_here


class Kernel(NamedTuple):
    """A kind of compiled loops, by its name in the cache."""

    name: str
    compiled: bool  # for this Python, this Numba and these sources


def ahead() -> str | None:
    """The level of processors whose kernels an installer brought, "" if they fit none like this one, None if none came.

    Raises `ImportError` where NumPy is missing.
    """
    from visualnn import precompiled

    folder = precompiled.place()
    if folder is None:
        return None
    try:
        index = json.loads((folder / precompiled.INDEX).read_text(encoding="utf-8"))
        return precompiled.suited(index["libraries"])
    except (OSError, ValueError, KeyError):  # an index that cannot be read is of no use either
        return ""


def is_filled(package: Path, name: str) -> bool:
    """Whether they came with an installer or are in the cache; nothing is made. Raises `ImportError` without Numba."""
    if (level := ahead()) is not None:
        return bool(level)
    made = kernel_cache.planned()
    is_there = made is not None and made.is_dir()
    return is_there and kernel_cache.is_filled(package, name)


def all_kernels() -> tuple[Kernel, ...]:
    """Those that train and those that draw; none where NumPy is missing, or Numba and no installer brought them."""
    try:
        from visualnn.nn.kernels import choose
        from visualnn.scene.kernels import choose as drawing
        from visualnn.scene.kernels.terrain import choose as terrain

        kinds = [(choose.PACKAGE, "-".join(kind)) for kind in (*choose.KINDS, choose.HEIGHTS, *choose.FLEETS)]
        kinds += [(switch.folder, switch.name) for switch in (drawing.SWITCH, terrain.SWITCH)]
        can_be_had = ahead() is not None or is_here("numba")
        return tuple(Kernel(name, is_filled(folder, name)) for folder, name in kinds) if can_be_had else ()
    except (ImportError, OSError):  # which a missing distribution is, too
        return ()
