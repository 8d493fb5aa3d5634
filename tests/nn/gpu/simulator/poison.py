"""Memory that nobody has written yet: NaN, and integers that are no index of anything."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import numpy as np

HUGE = 0x7B


def poisoned(array: np.ndarray) -> np.ndarray:
    """The same array, with what nobody should ever read."""
    if array.dtype.kind == "f":
        array.fill(np.nan)
    else:
        array.view(np.uint8).fill(HUGE)
    return array


def dtype_of(declared: Any) -> np.dtype:
    """NumPy's type for Numba's, or for NumPy's own."""
    return np.dtype(getattr(declared, "name", declared))


def local_array(shape: Any, dtype: Any, alignment: int | None = None) -> np.ndarray:
    """``cuda.local.array``."""
    return poisoned(np.empty(shape, dtype_of(dtype)))


def poisoning(make: Callable[..., Any]) -> Callable[..., Any]:
    """Numba's function for new memory on the device, or pinned on the host, with poison in it."""

    @functools.wraps(make)
    def made(*args: Any, **options: Any) -> Any:
        array = make(*args, **options)
        poisoned(getattr(array, "_ary", array))
        return array

    return made
