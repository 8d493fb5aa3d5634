"""Multiplications with addition that depend on nothing, as many as the processor can do; see `peak`."""

from __future__ import annotations

from numba import njit

from visualnn.nn.kernels.vector import fma, lanes_of, load, store


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def turn(values, rounds):
    """Twelve chains of fused multiply-adds; what comes out is kept, so that nothing is left out."""
    lanes = lanes_of(values)
    x, y = load(values, 0), load(values, lanes)
    a, b, c, d = x, y, x, y
    e, f, g, h = x, y, x, y
    i, j, k, l = x, y, x, y  # noqa: E741
    for _ in range(rounds):
        a, b, c, d = fma(a, x, y), fma(b, x, y), fma(c, x, y), fma(d, x, y)
        e, f, g, h = fma(e, x, y), fma(f, x, y), fma(g, x, y), fma(h, x, y)
        i, j, k, l = fma(i, x, y), fma(j, x, y), fma(k, x, y), fma(l, x, y)  # noqa: E741
    store(values, 2 * lanes, a + b + c + d + e + f + g + h + i + j + k + l)
