"""What goes across the lanes of vectors: their sums, and squares of numbers turned round."""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from visualnn.nn.kernels.vector import LANES, VecType, _align, _place, _vector_place


@intrinsic
def total(typing: Any, x: Any) -> Any:
    """The sum of the lanes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vector, width = arguments[0], x.lanes
        while width > 1:
            width //= 2
            upper = [i + width if i < width else i for i in range(x.lanes)]
            vector = builder.fadd(vector, _shuffled(builder, vector, vector, upper))
        return builder.extract_element(vector, ir.Constant(ir.IntType(32), 0))

    return x.dtype(x), generate


def _shuffled(builder: Any, x: Any, y: Any, lanes: list[int]) -> Any:
    return builder.shuffle_vector(x, y, ir.Constant(ir.VectorType(ir.IntType(32), len(lanes)), lanes))


@intrinsic
def totals(typing: Any, array: Any, index: Any) -> Any:
    """A vector of the sums of as many vectors as it has lanes, that lie one after another from this place on."""
    lanes = LANES[array.dtype]

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        vectors = []
        for i in range(lanes):
            index = builder.add(arguments[1], ir.Constant(ir.IntType(64), i * lanes))
            loaded = builder.load(_vector_place(context, builder, array, arguments[0], index))
            loaded.align = _align(array)
            vectors.append(loaded)
        step = 1  # in each round pairs of vectors become one, and their lanes are added in pairs
        while len(vectors) > 1:
            even = [i if not i & step else lanes + i - step for i in range(lanes)]
            odd = [i + step if not i & step else lanes + i for i in range(lanes)]
            vectors = [
                builder.fadd(_shuffled(builder, x, y, even), _shuffled(builder, x, y, odd))
                for x, y in zip(vectors[::2], vectors[1::2], strict=True)
            ]
            step *= 2
        return vectors[0]

    return VecType(array.dtype)(array, types.intp), generate


def _transposed(builder: Any, vectors: list[Any]) -> list[Any]:
    """As many vectors as each has lanes, turned round."""
    lanes = len(vectors)
    low = [i // 2 + (i % 2) * lanes for i in range(lanes)]
    high = [lane + lanes // 2 for lane in low]
    rounds = lanes
    while rounds > 1:
        pairs = list(zip(vectors[: lanes // 2], vectors[lanes // 2 :], strict=True))
        vectors = [_shuffled(builder, x, y, half) for x, y in pairs for half in (low, high)]
        rounds //= 2
    return vectors


@intrinsic
def transpose(typing: Any, source: Any, rows: Any, first: Any, shift: Any, out: Any, start: Any, step: Any) -> Any:
    """Turns a square of lanes × lanes round: its rows begin at ``source[rows[first + i] + shift]``.

    They become columns of `out`, whose rows begin at `start` and lie `step` apart.
    """
    lanes, intp = LANES[source.dtype], types.intp

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        source_, rows_, first_, shift_, out_, start_, step_ = arguments
        vectors = []
        for i in range(lanes):
            at = _place(context, builder, rows, rows_, builder.add(first_, ir.Constant(ir.IntType(64), i)))
            index = builder.add(builder.load(at), shift_)
            loaded = builder.load(_vector_place(context, builder, source, source_, index))
            loaded.align = _align(source)
            vectors.append(loaded)
        for i, vector in enumerate(_transposed(builder, vectors)):
            index = builder.add(start_, builder.mul(step_, ir.Constant(ir.IntType(64), i)))
            stored = builder.store(vector, _vector_place(context, builder, out, out_, index))
            stored.align = _align(out)
        return context.get_dummy_value()

    return types.void(source, rows, intp, intp, out, intp, intp), generate
