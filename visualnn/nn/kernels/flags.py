"""Single numbers in memory that several threads read and write, and a place to write a shot to.

A flag that is loaded is as it is now, and nothing after it is read before it; whatever was written before a flag is
stored is there for whoever sees it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from visualnn.nn.kernels.vector import _place


@intrinsic
def load_flag(typing: Any, flags: Any, slot: Any) -> Any:
    """A flag as it is now."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load_atomic(_place(context, builder, flags, *arguments), "acquire", 8)

    return types.int64(flags, types.intp), generate


@intrinsic
def store_flag(typing: Any, flags: Any, slot: Any, value: Any) -> Any:
    """Sets a flag."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store_atomic(arguments[2], _place(context, builder, flags, *arguments[:2]), "release", 8)
        return context.get_dummy_value()

    return types.void(flags, types.intp, types.int64), generate


@intrinsic
def add_to_flag(typing: Any, flags: Any, slot: Any, value: Any) -> Any:
    """Adds to a flag; what it was before."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.atomic_rmw("add", _place(context, builder, flags, *arguments[:2]), arguments[2], "acq_rel")

    return types.int64(flags, types.intp, types.int64), generate


@intrinsic
def put(typing: Any, address: Any, index: Any, value: Any) -> Any:
    """Writes a double to the array that begins at this address."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        pointer = builder.inttoptr(arguments[0], ir.DoubleType().as_pointer())
        builder.store(arguments[2], builder.gep(pointer, [arguments[1]]))
        return context.get_dummy_value()

    return types.void(types.int64, types.intp, types.float64), generate


@intrinsic
def breathe(typing: Any) -> Any:
    """Tells the processor that this thread is waiting."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        machine, nothing = binding.get_process_triple().split("-")[0], ir.VoidType()
        if machine in ("x86_64", "i686"):
            kind = ir.FunctionType(nothing, [])
            builder.call(cgutils.get_or_insert_function(builder.module, kind, "llvm.x86.sse2.pause"), [])
        elif machine in ("aarch64", "arm64"):
            kind = ir.FunctionType(nothing, [ir.IntType(32)])
            hint = cgutils.get_or_insert_function(builder.module, kind, "llvm.aarch64.hint")
            builder.call(hint, [ir.Constant(ir.IntType(32), 1)])
        return context.get_dummy_value()

    return types.void(), generate
