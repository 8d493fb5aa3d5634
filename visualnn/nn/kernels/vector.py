"""Vectors of numbers as values of compiled code: what the processor does to 16 floats, or 8 doubles, at once.

A `Vec` lives in registers. It is loaded from a place in an array, calculated with like a number (``+ − * /``, `fma`,
`maximum`, `where_positive`, …) and stored again. LLVM translates the operations for any processor: one instruction
each with AVX-512, two with AVX2, four with NEON. The functions here take plain floats as well, so that one formula
serves both.

Nothing here is fast-math: sums keep their order, except `total` and `totals`, which add the lanes of vectors pair by
pair, and NaN and infinity go through everything.
"""

from __future__ import annotations

import operator
from typing import Any

from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.core.datamodel import models
from numba.core.typing.templates import AbstractTemplate, infer_global, signature
from numba.extending import intrinsic, lower_builtin, register_model

from visualnn.nn.kernels.room import WIDTH

LANES = {types.float32: WIDTH["float32"], types.float64: WIDTH["float64"]}

compiled = njit(nogil=True, _nrt=False, error_model="numpy", no_cpython_wrapper=True, no_cfunc_wrapper=True)
inlined = njit(
    nogil=True,
    _nrt=False,
    error_model="numpy",
    no_cpython_wrapper=True,
    no_cfunc_wrapper=True,
    forceinline=True,
)


class VecType(types.Type):
    """So many lanes of one kind of float."""

    def __init__(self, dtype: Any) -> None:
        self.dtype, self.lanes = dtype, LANES[dtype]
        super().__init__(f"Vec({dtype},{self.lanes})")


@register_model(VecType)
class _VecModel(models.PrimitiveModel):
    def __init__(self, dmm: Any, fe_type: VecType) -> None:
        super().__init__(dmm, fe_type, ir.VectorType(_float(fe_type.dtype), fe_type.lanes))


def _float(dtype: Any) -> ir.Type:
    return ir.FloatType() if dtype == types.float32 else ir.DoubleType()


def _llvm(numba_type: Any) -> ir.Type:
    """The LLVM type of a float or a vector."""
    if isinstance(numba_type, VecType):
        return ir.VectorType(_float(numba_type.dtype), numba_type.lanes)
    return _float(numba_type)


def _is_number(numba_type: Any) -> bool:
    return isinstance(numba_type, VecType) or numba_type in LANES


def _splat(builder: Any, value: Any, vector: ir.VectorType) -> Any:
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), value, ir.Constant(ir.IntType(32), 0))
    lanes = ir.Constant(ir.VectorType(ir.IntType(32), vector.count), [0] * vector.count)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), lanes)


def _constant(kind: ir.Type, value: float) -> ir.Constant:
    return ir.Constant(kind, [value] * kind.count if isinstance(kind, ir.VectorType) else value)


def _call(builder: Any, name: str, arguments: list[Any]) -> Any:
    """One of LLVM's own functions, such as sqrt, for the type of the first argument."""
    kind = arguments[0].type
    base = kind.element if isinstance(kind, ir.VectorType) else kind
    suffix = ("f32" if isinstance(base, ir.FloatType) else "f64") if base in (ir.FloatType(), ir.DoubleType()) else ""
    name = f"llvm.{name}.{f'v{kind.count}' if isinstance(kind, ir.VectorType) else ''}{suffix}"
    function = ir.FunctionType(kind, [kind] * len(arguments))
    return builder.call(cgutils.get_or_insert_function(builder.module, function, name), arguments)


def _place(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    data = context.make_array(array_type)(context, builder, array).data
    return builder.gep(data, [index], inbounds=True)


def _vector_place(context: Any, builder: Any, array_type: Any, array: Any, index: Any) -> Any:
    pointer = _place(context, builder, array_type, array, index)
    return builder.bitcast(pointer, _llvm(VecType(array_type.dtype)).as_pointer())


def _align(array_type: Any) -> int:
    return 4 if array_type.dtype == types.float32 else 8


@intrinsic
def load(typing: Any, array: Any, index: Any) -> Any:
    """The vector that begins at this place of a one-dimensional array."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        loaded = builder.load(_vector_place(context, builder, array, *arguments))
        loaded.align = _align(array)
        return loaded

    return VecType(array.dtype)(array, types.intp), generate


@intrinsic
def store(typing: Any, array: Any, index: Any, vector: Any) -> Any:
    """Puts a vector at this place."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        stored = builder.store(arguments[2], _vector_place(context, builder, array, *arguments[:2]))
        stored.align = _align(array)
        return context.get_dummy_value()

    return types.void(array, types.intp, VecType(array.dtype)), generate


@intrinsic
def lanes_of(typing: Any, array: Any) -> Any:
    """How many numbers of this array a vector holds."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return ir.Constant(ir.IntType(64), LANES[array.dtype])

    return types.intp(array), generate


@intrinsic
def splat(typing: Any, value: Any) -> Any:
    """The vector that has this float in all lanes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _splat(builder, arguments[0], _llvm(signature.return_type))

    return VecType(value)(value), generate


@intrinsic
def item(typing: Any, array: Any, index: Any) -> Any:
    """What stands at this place, which is not negative: unlike ``array[index]`` nobody looks."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.load(_place(context, builder, array, *arguments))

    return array.dtype(array, types.intp), generate


@intrinsic
def put_item(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Puts a number at this place, which is not negative."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        builder.store(arguments[2], _place(context, builder, array, *arguments[:2]))
        return context.get_dummy_value()

    return types.void(array, types.intp, array.dtype), generate


@intrinsic
def spread(typing: Any, array: Any, index: Any) -> Any:
    """The vector that has the number at this place in all lanes."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value = builder.load(_place(context, builder, array, *arguments))
        return _splat(builder, value, _llvm(signature.return_type))

    return VecType(array.dtype)(array, types.intp), generate


@intrinsic
def like(typing: Any, number: Any, value: Any) -> Any:
    """A value as a number of the same kind as `number`."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        kind = _llvm(number)
        base = kind.element if isinstance(kind, ir.VectorType) else kind
        narrow = context.cast(builder, arguments[1], signature.args[1], types.float64)
        if isinstance(base, ir.FloatType):
            narrow = builder.fptrunc(narrow, base)
        return _splat(builder, narrow, kind) if isinstance(kind, ir.VectorType) else narrow

    return number(number, value), generate


def _register_operator(function: Any, instruction: str) -> None:
    @infer_global(function)
    class Template(AbstractTemplate):
        def generic(self, args: Any, kws: Any) -> Any:
            if len(args) == 2 and isinstance(args[0], VecType) and args[0] == args[1]:
                return signature(args[0], *args)
            return None

    @lower_builtin(function, VecType, VecType)
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return getattr(builder, instruction)(*arguments)


for _function, _instruction in (
    (operator.add, "fadd"),
    (operator.sub, "fsub"),
    (operator.mul, "fmul"),
    (operator.truediv, "fdiv"),
):
    _register_operator(_function, _instruction)


@infer_global(operator.neg)
class _Negative(AbstractTemplate):
    def generic(self, args: Any, kws: Any) -> Any:
        return signature(args[0], *args) if len(args) == 1 and isinstance(args[0], VecType) else None


@lower_builtin(operator.neg, VecType)
def _lower_negative(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
    return builder.fneg(arguments[0])


@intrinsic
def fma(typing: Any, x: Any, y: Any, z: Any) -> Any:
    """x·y + z, rounded once where the processor can."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _call(builder, "fmuladd", list(arguments))

    return x(x, x, x), generate


@intrinsic
def root(typing: Any, x: Any) -> Any:
    """√x."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _call(builder, "sqrt", list(arguments))

    return x(x), generate


@intrinsic
def absolute(typing: Any, x: Any) -> Any:
    """|x|."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _call(builder, "fabs", list(arguments))

    return x(x), generate


@intrinsic
def rounded(typing: Any, x: Any) -> Any:
    """The nearest whole number, still as a float."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _call(builder, "rint", list(arguments))

    return x(x), generate


@intrinsic
def signed_like(typing: Any, x: Any, y: Any) -> Any:
    """|x| with the sign of y."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _call(builder, "copysign", list(arguments))

    return x(x, x), generate


@intrinsic
def where_positive(typing: Any, x: Any, yes: Any, no: Any) -> Any:
    """`yes` where x > 0, else `no`; also `no` where x is NaN."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero = _constant(arguments[0].type, 0.0)
        return builder.select(builder.fcmp_ordered(">", arguments[0], zero), arguments[1], arguments[2])

    return x(x, x, x), generate


@intrinsic
def above_zero(typing: Any, x: Any) -> Any:
    """x where it is above 0, else 0; NaN stays NaN."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        zero = _constant(arguments[0].type, 0.0)
        return builder.select(builder.fcmp_ordered("<=", arguments[0], zero), zero, arguments[0])

    return x(x), generate


@intrinsic
def maximum(typing: Any, x: Any, y: Any) -> Any:
    """The larger one; y where one of them is NaN."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return builder.select(builder.fcmp_ordered(">", *arguments), *arguments)

    return x(x, x), generate


@intrinsic
def power_of_two(typing: Any, n: Any) -> Any:
    """2ⁿ for whole n within the exponents of normal numbers."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, bias, shift = (32, 127, 23) if _base(n) == types.float32 else (64, 1023, 52)
        whole = _integers(arguments[0].type, bits)
        i = builder.add(builder.fptosi(arguments[0], whole), _integer_constant(whole, bias))
        return builder.bitcast(builder.shl(i, _integer_constant(whole, shift)), arguments[0].type)

    return n(n), generate


@intrinsic
def exponent(typing: Any, x: Any) -> Any:
    """e of x = m·2ᵉ with ½ ≤ m < 1, for positive normal x."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, bias, shift = (32, 126, 23) if _base(x) == types.float32 else (64, 1022, 52)
        whole = _integers(arguments[0].type, bits)
        i = builder.lshr(builder.bitcast(arguments[0], whole), _integer_constant(whole, shift))
        return builder.sitofp(builder.sub(i, _integer_constant(whole, bias)), arguments[0].type)

    return x(x), generate


@intrinsic
def mantissa(typing: Any, x: Any) -> Any:
    """m of x = m·2ᵉ with ½ ≤ m < 1, for positive normal x."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        bits, keep, half = (
            (32, 0x007FFFFF, 0x3F000000) if _base(x) == types.float32 else (64, 0x000FFFFFFFFFFFFF, 0x3FE0000000000000)
        )
        whole = _integers(arguments[0].type, bits)
        i = builder.and_(builder.bitcast(arguments[0], whole), _integer_constant(whole, keep))
        return builder.bitcast(builder.or_(i, _integer_constant(whole, half)), arguments[0].type)

    return x(x), generate


def _base(number: Any) -> Any:
    return number.dtype if isinstance(number, VecType) else number


def _integers(kind: ir.Type, bits: int) -> ir.Type:
    return ir.VectorType(ir.IntType(bits), kind.count) if isinstance(kind, ir.VectorType) else ir.IntType(bits)


def _integer_constant(kind: ir.Type, value: int) -> ir.Constant:
    return ir.Constant(kind, [value] * kind.count if isinstance(kind, ir.VectorType) else value)
