"""Stand-ins for what kernels do by inline assembler: tensor cores, and copies that take place later."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from greenlet import getcurrent

from tests.nn.gpu.simulator.fibres import WARP

ALL = 0xFFFFFFFF
ROWS, COLUMNS, DEPTH = 16, 8, 8  # of a product of tensor cores


def to_tf32(x: np.float32) -> np.uint32:
    """The bits of a number with a mantissa of 10 bits, the nearest one; ties go away from zero."""
    return np.uint32((int(np.float32(x).view(np.uint32)) + 0x1000) & 0xFFFFE000)


def mma_tf32(*fragments: Any) -> tuple[np.float32, ...]:
    """``mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32``: four bits of a, two of b, four numbers of c, per lane."""
    fibre = getcurrent()
    brought = fibre.block.warp(fibre.number // WARP, ALL).join(fibre.lane, fragments)
    product = brought.once(_multiplied)
    row, column = fibre.lane // 4, fibre.lane % 4 * 2
    return product[row, column], product[row, column + 1], product[row + 8, column], product[row + 8, column + 1]


def _multiplied(brought: dict[int, tuple[Any, ...]]) -> np.ndarray:
    """a·b + c of a warp, from the pieces of its lanes: how they lie is in the description of PTX, m16n8k8."""
    a, b, c = np.empty((ROWS, DEPTH), np.uint32), np.empty((DEPTH, COLUMNS), np.uint32), np.empty((ROWS, COLUMNS))
    for lane, pieces in brought.items():
        group, place = lane // 4, lane % 4
        for i in range(4):
            a[group + i % 2 * 8, place + i // 2 * 4] = pieces[i]
            c[group + i // 2 * 8, place * 2 + i % 2] = pieces[6 + i]
        for i in range(2):
            b[place + i * 4, group] = pieces[4 + i]
    return (_numbers(a) @ _numbers(b) + c).astype(np.float32)


def _numbers(bits: np.ndarray) -> np.ndarray:
    """What tensor cores read: they do not look at the last 13 bits."""
    return (bits & np.uint32(0xFFFFE000)).view(np.float32).astype(np.float64)


def copy_async(target: np.ndarray, at: int, source: np.ndarray, begin: int, count: int = 4) -> None:
    """``cp.async``: so many neighbours of flat arrays, at once or when they are waited for, as the schedule says."""
    fibre = getcurrent()
    at, begin = int(at), int(begin)
    if at % count or begin % count or at + count > target.size or begin + count > source.size:
        raise IndexError(f"{count} numbers from {begin} of {source.size} to {at} of {target.size}")

    def copy() -> None:
        target[at : at + count] = source[begin : begin + count]

    if fibre.block.crowd.schedule.copies_early:
        copy()
    else:
        fibre.copies[-1].append(copy)


def copy_commit() -> None:
    """``cp.async.commit_group``: what was asked for up to here is one group."""
    if not _is_ignored():
        getcurrent().copies.append([])


def copy_wait(pending: int) -> None:
    """``cp.async.wait_group``: waits until no more than so many of the last groups are pending."""
    if _is_ignored():
        return
    copies: list[list[Callable[[], None]]] = getcurrent().copies
    while len(copies) - 1 > pending:
        for copy in copies.pop(0):
            copy()


def _is_ignored() -> bool:
    frame = sys._getframe(2)
    return getcurrent().block.crowd.is_ignored((frame.f_code.co_filename, frame.f_lineno))


CORES = (to_tf32, mma_tf32, copy_async, copy_commit, copy_wait)
