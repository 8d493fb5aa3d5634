"""Arrays as compiled code needs them: on cache lines of their own, and of whole vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from visualnn.nn.network import Vector

Floats = np.ndarray[Any, Any]  # of the kind that is trained with, float32 or float64

WIDTH = {"float32": 16, "float64": 8}  # lanes of a vector by the name of the type of numbers
HEIGHT = 8  # lines of a tile, see `microtile`


def aligned(count: int, dtype: str) -> Floats:
    """Zeros that begin at a multiple of 64 bytes, a cache line, with a vector to spare at the end."""
    size = np.dtype(dtype).itemsize
    room = np.zeros((count + 16) * size + 64, dtype=np.uint8)
    offset = -room.ctypes.data % 64
    return room[offset : offset + (count + 16) * size].view(dtype)


@np.errstate(over="ignore")
def packed_rows(rows: Vector, precision: str, step: int) -> Floats:
    """Rows one after another, `step` places each."""
    packed = aligned(len(rows) * step, precision)[: len(rows) * step]
    packed.reshape(len(rows), step)[:, : rows.shape[1]] = rows
    return packed


@np.errstate(over="ignore")
def filled(values: Vector, precision: str) -> Floats:
    """These values, and zeros behind them."""
    copy = aligned(rounded_up(len(values), precision), precision)
    copy[: len(values)] = values
    return copy


def rounded_up(count: int, precision: str) -> int:
    """The next number of places that whole vectors fill."""
    return -(-count // WIDTH[precision]) * WIDTH[precision]


def flat(values: Vector) -> Vector:
    """These values one after another, in an array that may be written to: of the same kind whoever gives them."""
    return np.array(values, dtype=np.float64, order="C").ravel()
