"""Sine, cosine and logarithm as JavaScript engines compute them, to the last bit and on every machine.

They follow fdlibm 5.3 (Sun Microsystems 1993, https://www.netlib.org/fdlibm), whose constants these are. The C library
beneath Python is as near to the truth, but rounds otherwise in one case out of thirty.
"""

from __future__ import annotations

import struct
from functools import reduce
from math import pi

SINE = (
    -1.66666666666666324348e-01,
    8.33333333332248946124e-03,
    -1.98412698298579493134e-04,
    2.75573137070700676789e-06,
    -2.50507602534068634195e-08,
    1.58969099521155010221e-10,
)
COSINE = (
    4.16666666666666019037e-02,
    -1.38888888888741095749e-03,
    2.48015872894767294178e-05,
    -2.75573143513906633035e-07,
    2.08757232129817482790e-09,
    -1.13596475577881948265e-11,
)
ODD = 6.666666666666735130e-01, 2.857142874366239149e-01, 1.818357216161805012e-01, 1.479819860511658591e-01
EVEN = 3.999999999940941908e-01, 2.222219843214978396e-01, 1.531383769920937332e-01
LN2, LN2_REST = 6.93147180369123816490e-01, 1.90821492927058770002e-10
QUARTER, QUARTER_REST = 1.57079632673412561417e00, 6.07710050650619224932e-11  # of a turn, π/2
FINER, FINER_REST = 6.07710050630396597660e-11, 2.02226624879595063154e-21  # the rest once more
QUARTERS_A_RADIAN = 6.36619772367581382433e-01
TINY = 2.0**-27
ONE = 0x3FF00000  # the high word of 1


def sin(x: float) -> float:
    """The sine of an angle of less than 2¹⁹ quarter turns."""
    quarter, y, rest = _reduced(x)
    return (_sine, _cosine, _minus_sine, _minus_cosine)[quarter % 4](y, rest)


def cos(x: float) -> float:
    """The cosine of an angle of less than 2¹⁹ quarter turns."""
    quarter, y, rest = _reduced(x)
    return (_cosine, _minus_sine, _minus_cosine, _sine)[quarter % 4](y, rest)


def log(x: float) -> float:
    """The natural logarithm of a normal number above 0: x = 2ᵏ·(1 + f), f as near to 0 as can be."""
    high = _high(x)
    k, high = (high >> 20) - 1023, high & 0xFFFFF
    up = (high + 0x95F64) & 0x100000
    k, f = k + (up >> 20), _with_high(x, high | (up ^ ONE)) - 1.0
    if (high + 2) & 0xFFFFF < 3:  # |f| below 2⁻²⁰
        r = f * f * (0.5 - 0.33333333333333333 * f)
        return k * LN2 - ((r - k * LN2_REST) - f) if k else f - r
    s = f / (2.0 + f)
    z = s * s
    w = z * z
    r = z * _polynomial(ODD, w) + w * _polynomial(EVEN, w)
    if (high - 0x6147A) | (0x6B851 - high) > 0:
        half = 0.5 * f * f
        return k * LN2 - ((half - (s * (half + r) + k * LN2_REST)) - f) if k else f - (half - s * (half + r))
    return k * LN2 - ((s * (f - r) - k * LN2_REST) - f) if k else f - s * (f - r)


def _reduced(x: float) -> tuple[int, float, float]:
    """How many quarter turns an angle has, and what is left, in two parts of which the second is tiny."""
    if abs(x) <= pi / 4:
        return 0, x, 0.0
    size = abs(x)
    quarters = 1 if _high(size) < 0x4002D97C else int(size * QUARTERS_A_RADIAN + 0.5)
    left, rest = size - quarters * QUARTER, quarters * QUARTER_REST
    y = left - rest
    near = _high(size) == _high(quarters * (pi / 2))  # a whole number of them: digits are lost
    if near or (quarters >= 32 and (_high(size) >> 20) - (_high(abs(y)) >> 20) > 16):
        before, step = left, quarters * FINER
        left = before - step
        rest = quarters * FINER_REST - ((before - left) - step)
        y = left - rest
    tail = (left - y) - rest
    return (quarters, y, tail) if x > 0 else (-quarters, -y, -tail)


def _sine(x: float, rest: float) -> float:
    """Of an angle within an eighth of a turn."""
    if abs(x) < TINY:
        return x
    z = x * x
    v, r = z * x, _polynomial(SINE[1:], z)
    return x - ((z * (0.5 * rest - v * r) - rest) - v * SINE[0]) if rest else x + v * (SINE[0] + z * r)


def _cosine(x: float, rest: float) -> float:
    """Of an angle within an eighth of a turn."""
    if abs(x) < TINY:
        return 1.0
    z, high = x * x, _high(abs(x))
    r = z * _polynomial(COSINE, z)
    if high < 0x3FD33333:
        return 1.0 - (0.5 * z - (z * r - x * rest))
    part = 0.28125 if high > 0x3FE90000 else struct.unpack(">d", struct.pack(">II", high - 0x200000, 0))[0]
    return float((1.0 - part) - ((0.5 * z - part) - (z * r - x * rest)))


def _minus_sine(x: float, rest: float) -> float:
    return -_sine(x, rest)


def _minus_cosine(x: float, rest: float) -> float:
    return -_cosine(x, rest)


def _polynomial(coefficients: tuple[float, ...], z: float) -> float:
    return reduce(lambda found, c: c + z * found, reversed(coefficients))


def _high(x: float) -> int:
    """The upper 32 bits of a number."""
    return int(struct.unpack(">II", struct.pack(">d", x))[0])


def _with_high(x: float, high: int) -> float:
    return float(struct.unpack(">d", struct.pack(">I", high) + struct.pack(">d", x)[4:])[0])
