"""What Numba has no words for, in the GPU's own: loads of neighbours, copies that take place later, tensor cores.

A copy moves four numbers, whose places are multiples of four, from the GPU's memory into a block's, and can be waited
for by the thread that asked for it. Processors before compute capability 8.0 copy at once and wait for nothing. Tensor
cores multiply matrices of 16×8 and 8×8 numbers, which the 32 threads of a warp hold in pieces that PTX calls fragments.

While kernels are simulated, the simulator of the tests knows these things by the same names.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np

from visualnn.nn.kernels.gpu.door import SIMULATED, cuda, intrinsic

COPIES_LATER = (8, 0)  # the compute capability from which on

COPY = "cp.async.cg.shared.global [$0], [$1], 16;"
COPY_AT_ONCE = """{
.reg .f32 %v0, %v1, %v2, %v3;
ld.global.v4.f32 {%v0, %v1, %v2, %v3}, [$1];
st.shared.v4.f32 [$0], {%v0, %v1, %v2, %v3};
}"""
COMMIT = "cp.async.commit_group;"
WAIT = "cp.async.wait_group 2;"
ROUND = "cvt.rna.tf32.f32 $0, $1;"
PRODUCT = """mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32
{$0, $1, $2, $3}, {$4, $5, $6, $7}, {$8, $9}, {$10, $11, $12, $13};"""


def _simulated() -> tuple[Any, ...]:
    """The functions, as the simulator has them while a kernel runs."""

    def copy(target: Any, at: Any, source: Any, begin: Any) -> None:
        cuda.copy_async(target, at, source, begin)

    def commit() -> None:
        cuda.copy_commit()

    def wait() -> None:
        cuda.copy_wait(2)

    def rounded(x: Any) -> Any:
        return cuda.to_tf32(x).view(np.float32)

    def mma(*fragments: Any) -> Any:
        return cuda.mma_tf32(*(number.view(np.uint32) for number in fragments[:6]), *fragments[6:])

    def one(array: Any, at: Any, apart: Any) -> Any:
        return array[int(at) + int(apart)]

    def four(array: Any, at: Any, apart: Any) -> Any:
        begin = int(at) + int(apart)
        if begin % 4:
            raise IndexError(f"four numbers from {begin}")
        return array[begin : begin + 4]

    def put(array: Any, at: Any, apart: Any, value: Any) -> None:
        array[int(at) + int(apart)] = value

    return copy, commit, wait, rounded, mma, one, four, put


def _assembled() -> tuple[Any, ...]:
    """The functions, as code of LLVM and lines of assembler."""
    from llvmlite import ir
    from numba import types

    single, word, long = ir.FloatType(), ir.IntType(32), ir.IntType(64)

    def line(builder: Any, kind: Any, text: str, constraints: str, arguments: Any, *, has_effect: bool = True) -> Any:
        return builder.call(ir.InlineAsm(kind, text, constraints, side_effect=has_effect), arguments)

    def address(context: Any, builder: Any, kind: Any, array: Any, place: Any, *, space: int) -> Any:
        """Where an element lies, as a number of this space: 1 is the GPU's memory, 3 the block's."""
        data = context.make_array(kind)(context, builder, array).data
        at = builder.gep(data, [builder.zext(place, long)])
        opaque = getattr(at.type, "is_opaque", False)
        pointer = ir.PointerType(addrspace=space) if opaque else ir.PointerType(at.type.pointee, space)
        return builder.ptrtoint(builder.addrspacecast(at, pointer), word if space == 3 else long)

    def is_late() -> bool:
        """Whether the processor that is compiled for copies later."""
        flags = import_module("numba.cuda.core.targetconfig").ConfigStack.top_or_none()
        return flags is None or tuple(flags.compute_capability)[:2] >= COPIES_LATER

    def waiting(text: str) -> Any:
        def typed(_typing: Any) -> Any:
            def generate(context: Any, builder: Any, _signature: Any, _arguments: Any) -> Any:
                if is_late():
                    line(builder, ir.FunctionType(ir.VoidType(), []), text, "~{memory}", [])
                return context.get_dummy_value()

            return types.void(), generate

        return intrinsic(typed)

    @intrinsic
    def copy(_typing: Any, target: Any, at: Any, source: Any, begin: Any) -> Any:
        """Copies source[begin : begin + 4] to target[at : at + 4]."""

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            to = address(context, builder, signature.args[0], arguments[0], arguments[1], space=3)
            out_of = address(context, builder, signature.args[2], arguments[2], arguments[3], space=1)
            text, kind = COPY if is_late() else COPY_AT_ONCE, ir.FunctionType(ir.VoidType(), [word, long])
            line(builder, kind, text, "r,l,~{memory}", [to, out_of])
            return context.get_dummy_value()

        return types.void(target, types.uint32, source, types.uint32), generate

    @intrinsic
    def rounded(_typing: Any, x: Any) -> Any:
        """A number with a mantissa of 10 bits."""

        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            bits = line(builder, ir.FunctionType(word, [single]), ROUND, "=r,f", arguments, has_effect=False)
            return builder.bitcast(bits, single)

        return types.float32(types.float32), generate

    @intrinsic
    def mma(
        _typing: Any, a0: Any, a1: Any, a2: Any, a3: Any, b0: Any, b1: Any, c0: Any, c1: Any, c2: Any, c3: Any
    ) -> Any:
        """a·b + c of a warp: four numbers of a, two of b, four of c for each thread."""

        def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            factors = [builder.bitcast(number, word) for number in arguments[:6]]
            kind = ir.FunctionType(ir.LiteralStructType([single] * 4), [word] * 6 + [single] * 4)
            text, constraints = PRODUCT.replace("\n", " "), "=f,=f,=f,=f,r,r,r,r,r,r,f,f,f,f"
            found = line(builder, kind, text, constraints, [*factors, *arguments[6:]], has_effect=False)
            return packed(builder, [builder.extract_value(found, k) for k in range(4)])

        return types.UniTuple(types.float32, 4)(*[types.float32] * 10), generate

    def packed(builder: Any, numbers: Any) -> Any:
        together = ir.Constant(ir.ArrayType(single, len(numbers)), ir.Undefined)
        for k, number in enumerate(numbers):
            together = builder.insert_value(together, number, k)
        return together

    def begin(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        """Where array[at + apart] lies, such that `apart`, which the compiler knows, goes into the instruction."""
        data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
        return builder.gep(builder.gep(data, [builder.zext(arguments[1], long)]), [arguments[2]])

    @intrinsic
    def one(_typing: Any, array: Any, at: Any, apart: Any) -> Any:
        """array[at + apart]."""

        def generate(*known: Any) -> Any:
            return known[1].load(begin(*known))

        return array.dtype(array, types.uint32, types.int64), generate

    @intrinsic
    def four(_typing: Any, array: Any, at: Any, apart: Any) -> Any:
        """array[at + apart : at + apart + 4], which begins at a multiple of four."""

        def generate(*known: Any) -> Any:
            builder, vector = known[1], ir.VectorType(single, 4)
            found = builder.load(builder.bitcast(begin(*known), ir.PointerType(vector)), align=16)
            return packed(builder, [builder.extract_element(found, ir.Constant(word, k)) for k in range(4)])

        return types.UniTuple(types.float32, 4)(array, types.uint32, types.int64), generate

    @intrinsic
    def put(_typing: Any, array: Any, at: Any, apart: Any, value: Any) -> Any:
        """Lets array[at + apart] be this."""

        def generate(*known: Any) -> Any:
            known[1].store(known[3][3], begin(*known))
            return known[0].get_dummy_value()

        return types.void(array, types.uint32, types.int64, types.float32), generate

    return copy, waiting(COMMIT), waiting(WAIT), rounded, mma, one, four, put


copy, commit, wait, rounded, mma, one, four, put = _simulated() if SIMULATED else _assembled()
