"""Stand-ins for what kernels do by inline assembler: tensor cores, and copies that take place later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from greenlet import getcurrent

from tests.nn.gpu.simulator.fibres import WARP

ROWS, COLUMNS, DEPTH = 16, 8, 8  # of a product of tensor cores


def to_tf32(x: np.float32) -> np.uint32:
    """The bits of a number with a mantissa of 10 bits, the nearest one; ties go away from zero."""
    return np.uint32((int(np.float32(x).view(np.uint32)) + 0x1000) & 0xFFFFE000)


def mma_tf32(*fragments: Any) -> tuple[np.float32, ...]:
    """``mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32``: four bits of a, two of b, four numbers of c, per lane."""
    fibre = getcurrent()
    everyone = fibre.block.warp(fibre.number // WARP, 0xFFFFFFFF).join(fibre.lane, fragments)
    group, inner = fibre.lane // 4, fibre.lane % 4
    lanes_of_b = [[everyone[column * 4 + k % 4][4 + k // 4] for k in range(DEPTH)] for column in range(COLUMNS)]
    results = []
    for at, (row, column) in enumerate((r, 2 * inner + c) for r in (group, group + 8) for c in (0, 1)):
        a = [everyone[row % 8 * 4 + k % 4][row // 8 + 2 * (k // 4)] for k in range(DEPTH)]
        product = np.dot(_number(a), _number(lanes_of_b[column]))
        results.append(np.float32(float(fragments[6 + at]) + product))
    return tuple(results)


def _number(bits: list[Any]) -> np.ndarray:
    return (np.array(bits, np.uint32) & np.uint32(0xFFFFE000)).view(np.float32).astype(np.float64)


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
    getcurrent().copies.append([])


def copy_wait(pending: int) -> None:
    """``cp.async.wait_group``: waits until no more than so many of the last groups are pending."""
    copies: list[list[Callable[[], None]]] = getcurrent().copies
    while len(copies) - 1 > pending:
        for copy in copies.pop(0):
            copy()


CORES = (to_tf32, mma_tf32, copy_async, copy_commit, copy_wait)
