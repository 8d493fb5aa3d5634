"""Four neighbouring numbers of an array at once, as the GPU loads them by one instruction.

The compiler does not find out by itself that four loads are neighbours.
"""

from __future__ import annotations

from typing import Any

from visualnn.nn.kernels.gpu.door import SIMULATED, inlined, intrinsic


def _simulated() -> Any:
    @inlined
    def four(array: Any, place: Any) -> Any:
        assert place % 4 == 0
        return array[place], array[place + 1], array[place + 2], array[place + 3]

    return four


def _loaded() -> Any:
    from llvmlite import ir
    from numba import types

    @intrinsic
    def four(_typing: Any, array: Any, _place: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            data = context.make_array(signature.args[0])(context, builder, arguments[0]).data
            at = builder.gep(data, [builder.zext(arguments[1], ir.IntType(64))])
            vector = ir.VectorType(ir.FloatType(), 4)
            if getattr(at.type, "is_opaque", False):
                loaded = builder.load(at, typ=vector, align=16)
            else:
                loaded = builder.load(builder.bitcast(at, vector.as_pointer(at.type.addrspace)), align=16)
            parts = [builder.extract_element(loaded, ir.Constant(ir.IntType(32), k)) for k in range(4)]
            return context.make_tuple(builder, signature.return_type, parts)

        return types.UniTuple(types.float32, 4)(array, types.uint32), generate

    return four


four: Any = _simulated() if SIMULATED else _loaded()
