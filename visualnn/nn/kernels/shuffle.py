"""The order of the rows of many epochs at once: exactly what ``Generator.permutation`` draws, more than twice as fast.

NumPy's default generator is PCG64 (O'Neill 2014), of which every 64 bits make two numbers of 32; `permutation` is the
shuffle of Fisher and Yates, whose random places are tried until one is not beyond the end.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.extending import intrinsic

from visualnn.nn.kernels.vector import inlined

MULTIPLIER = 0x2360ED051FC65DA44385DF649FCCF645
LOW = 0xFFFFFFFFFFFFFFFF
HIGH_WORD, LOW_WORD, HIGH_STEP, LOW_STEP, HAS_HALF, HALF = range(6)  # places in the generator's state


@intrinsic
def _advanced(typing: Any, high: Any, low: Any, high_step: Any, low_step: Any) -> Any:
    """PCG64's next state, and the 64 bits it gives: state · multiplier + step, its halves combined and rotated."""
    word = types.uint64

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        double, single = ir.IntType(128), ir.IntType(64)

        def joined(upper: Any, lower: Any) -> Any:
            shifted = builder.shl(builder.zext(upper, double), ir.Constant(double, 64))
            return builder.or_(shifted, builder.zext(lower, double))

        product = builder.mul(joined(*arguments[:2]), ir.Constant(double, MULTIPLIER))
        state = builder.add(product, joined(*arguments[2:]))
        upper = builder.trunc(builder.lshr(state, ir.Constant(double, 64)), single)
        lower = builder.trunc(state, single)
        mixed, turn = builder.xor(upper, lower), builder.lshr(upper, ir.Constant(single, 58))
        back = builder.and_(builder.sub(ir.Constant(single, 64), turn), ir.Constant(single, 63))
        bits = builder.or_(builder.lshr(mixed, turn), builder.shl(mixed, back))
        return context.make_tuple(builder, signature.return_type, [upper, lower, bits])

    return types.UniTuple(word, 3)(word, word, word, word), generate


@inlined
def _try(number, mask, i, out, line):
    """Swaps place i with the one that a random number names, if that is not beyond it; no branch depends on chance."""
    drawn = number & mask
    fits = drawn <= i
    j = drawn if fits else i
    out[line, i], out[line, j] = out[line, j], out[line, i]
    return i - np.uint64(fits)


@njit(nogil=True, _nrt=False, cache=True, error_model="numpy")
def _permute(state, out):
    """Fills each line of `out` with a permutation of its places, and moves the state on."""
    high, low = state[HIGH_WORD], state[LOW_WORD]
    high_step, low_step = state[HIGH_STEP], state[LOW_STEP]
    has_half, half = state[HAS_HALF], state[HALF]
    none, one = np.uint64(0), np.uint64(1)
    for k in range(out.shape[0]):
        line, i, mask = np.uint64(k), np.uint64(out.shape[1] - 1), one
        while mask < i:
            mask = mask << one | one
        for place in range(out.shape[1]):
            out[k, place] = place
        while i > none:
            end = mask >> one  # down to here all random numbers have as many bits
            if has_half:
                i, has_half = _try(half, mask, i, out, line), none
            while i > end:
                high, low, bits = _advanced(high, low, high_step, low_step)
                i = _try(bits & np.uint64(0xFFFFFFFF), mask, i, out, line)
                half = bits >> np.uint64(32)
                if i > end:
                    i = _try(half, mask, i, out, line)
                else:
                    has_half = one
            mask = end
    state[HIGH_WORD], state[LOW_WORD], state[HAS_HALF], state[HALF] = high, low, has_half, half


def permutations(rng: np.random.Generator, rows: int, count: int) -> np.ndarray[Any, np.dtype[np.int64]]:
    """As many permutations of 0 … rows − 1, one a line, as ``rng.permutation(rows)`` would draw one after another."""
    generator: Any = rng.bit_generator
    told = generator.state
    word, step = told["state"]["state"], told["state"]["inc"]
    parts = [word >> 64, word & LOW, step >> 64, step & LOW, told["has_uint32"], told["uinteger"]]
    state = np.array(parts, dtype=np.uint64)
    out = np.empty((count, rows), dtype=np.int64)
    _permute(state, out)
    parts = state.tolist()
    told["state"]["state"] = parts[HIGH_WORD] << 64 | parts[LOW_WORD]
    told["has_uint32"], told["uinteger"] = parts[HAS_HALF], parts[HALF]
    generator.state = told
    return out
