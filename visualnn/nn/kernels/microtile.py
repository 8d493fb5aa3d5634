"""A small matrix product that stays in registers: what all the arithmetic of wide layers is made of.

``out[r, v] = Σₚ Σₖ a[r, k, p] · b[k, v, p]`` for 8 rows r and 1 or 2 vectors v. Each step k broadcasts 8 numbers of `a`
and multiplies them with the vectors of `b`, so neither has to be rearranged first: `a` may be read along rows or down
columns. With AVX-512 the 16 sums fill half of the registers; other processors, which have fewer or shorter ones, do two
rows at a time. It is LLVM's `fmuladd` throughout; `plain_tile` says the same in words, and is what the tests compare it
with.

(Goto & van de Geijn 2008 call this the inner kernel; unlike theirs it packs nothing.)
"""

from __future__ import annotations

from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.core import config
from numba.extending import intrinsic

from visualnn.nn.kernels.room import HEIGHT
from visualnn.nn.kernels.vector import LANES, VecType, _align, _call, _constant, _llvm, _place, _splat


def _rows_at_once() -> int:
    """How many rows of sums the registers of the processor hold that is compiled for."""
    if config.CPU_FEATURES is not None:
        return HEIGHT if "+avx512f" in config.CPU_FEATURES.split(",") else 2
    try:
        return HEIGHT if binding.get_host_cpu_features().get("avx512f", False) else 2
    except RuntimeError:  # LLVM knows nothing about this processor
        return 2


def make_tile(vectors: int, *, adds: bool) -> Any:
    """The product with so many vectors a row; it is stored, or with `adds` added to `out` times `scale`."""

    @intrinsic
    def tile(
        typing: Any,
        a: Any,
        a_at: Any,
        a_row: Any,
        a_step: Any,
        a_panel: Any,
        b: Any,
        b_at: Any,
        b_step: Any,
        b_panel: Any,
        count: Any,
        panels: Any,
        out: Any,
        out_at: Any,
        out_row: Any,
        scale: Any,
    ) -> Any:
        i = types.intp
        signature = types.void(a, i, i, i, i, b, i, i, i, i, i, out, i, i, a.dtype)

        def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            _generate(context, builder, a, b, out, arguments, vectors, adds)
            return context.get_dummy_value()

        return signature, generate

    return tile


def _generate(context: Any, builder: Any, a: Any, b: Any, out: Any, arguments: Any, vectors: int, adds: bool) -> None:
    a_, a_at, a_row, a_step, a_panel, b_, b_at, b_step, b_panel, count, panels, out_, out_at, out_row, scale = arguments
    rows = _rows_at_once()
    for first in range(0, HEIGHT, rows):
        shift = builder.mul(a_row, _whole(first))
        from_a = _place(context, builder, a, a_, builder.add(a_at, shift))
        from_b = _place(context, builder, b, b_, b_at)
        steps = (a_row, a_step, a_panel, b_step, b_panel)
        sums = _products(builder, a, from_a, from_b, steps, count, panels, rows, vectors)
        factor = _splat(builder, scale, _llvm(VecType(a.dtype))) if adds else None
        for n, total in enumerate(sums):
            row, vector = first + n // vectors, n % vectors
            at = builder.add(builder.mul(out_row, _whole(row)), _whole(vector * LANES[a.dtype]))
            place = _place(context, builder, out, out_, builder.add(out_at, at))
            place = builder.bitcast(place, total.type.as_pointer())
            if factor is not None:
                before = builder.load(place)
                before.align = _align(out)
                total = _call(builder, "fmuladd", [factor, total, before])
            builder.store(total, place).align = _align(out)


def _whole(number: int) -> ir.Constant:
    return ir.Constant(ir.IntType(64), number)


def _products(
    builder: Any,
    a: Any,
    from_a: Any,
    from_b: Any,
    steps: Any,
    count: Any,
    panels: Any,
    rows: int,
    vectors: int,
) -> list[Any]:
    """The sums of `rows` rows: two nested loops, over panels and within them, whose sums are LLVM values."""
    a_row, a_step, a_panel, b_step, b_panel = steps
    kind, whole = _llvm(VecType(a.dtype)), ir.IntType(64)
    before = builder.block
    over_panels = builder.append_basic_block("panels")
    within = builder.append_basic_block("within")
    next_panel, done = builder.append_basic_block("next"), builder.append_basic_block("done")
    builder.branch(over_panels)

    builder.position_at_end(over_panels)
    p, outer = builder.phi(whole), [builder.phi(kind) for _ in range(rows * vectors)]
    first_a = builder.gep(from_a, [builder.mul(p, a_panel)])
    first_b = builder.gep(from_b, [builder.mul(p, b_panel)])
    builder.branch(within)

    builder.position_at_end(within)
    k, sums = builder.phi(whole), [builder.phi(kind) for _ in range(rows * vectors)]
    at_a, at_b = builder.phi(from_a.type), builder.phi(from_b.type)
    new = _step(builder, a, at_a, at_b, a_row, sums, rows, vectors)
    following = builder.add(k, _whole(1))
    next_a, next_b = builder.gep(at_a, [a_step]), builder.gep(at_b, [b_step])
    builder.cbranch(builder.icmp_signed("<", following, count), within, next_panel)

    builder.position_at_end(next_panel)
    p_following = builder.add(p, _whole(1))
    builder.cbranch(builder.icmp_signed("<", p_following, panels), over_panels, done)

    for phi, start, again in ((k, _whole(0), following), (at_a, first_a, next_a), (at_b, first_b, next_b)):
        phi.add_incoming(start, over_panels)
        phi.add_incoming(again, within)
    for inner, of_panel, total in zip(sums, outer, new, strict=True):
        inner.add_incoming(of_panel, over_panels)
        inner.add_incoming(total, within)
        of_panel.add_incoming(_constant(kind, 0.0), before)
        of_panel.add_incoming(total, next_panel)
    p.add_incoming(_whole(0), before)
    p.add_incoming(p_following, next_panel)
    builder.position_at_end(done)
    return new


def _step(
    builder: Any, a: Any, at_a: Any, at_b: Any, a_row: Any, sums: list[Any], rows: int, vectors: int
) -> list[Any]:
    """One k: every sum with its product added."""
    kind, lanes = _llvm(VecType(a.dtype)), LANES[a.dtype]
    loaded = []
    for vector in range(vectors):
        place = builder.gep(at_b, [_whole(vector * lanes)])
        value = builder.load(builder.bitcast(place, kind.as_pointer()))
        value.align = _align(a)
        loaded.append(value)
    new = []
    for row in range(rows):
        number = builder.load(builder.gep(at_a, [builder.mul(a_row, _whole(row))]))
        factor = _splat(builder, number, kind)
        of_row = sums[row * vectors : (row + 1) * vectors]
        new += [_call(builder, "fmuladd", [factor, x, total]) for x, total in zip(loaded, of_row, strict=True)]
    return new


tile, half_tile = make_tile(2, adds=False), make_tile(1, adds=False)
adding_tile, adding_half_tile = make_tile(2, adds=True), make_tile(1, adds=True)


def plain_tile(
    a, a_at, a_row, a_step, a_panel, b, b_at, b_step, b_panel, count, panels, out, out_at, out_row, scale, width
):
    """What a tile does, for `width` numbers a row: added to `out` times `scale`."""
    for r in range(HEIGHT):
        for v in range(width):
            total = 0.0
            for p in range(panels):
                for k in range(count):
                    total += a[a_at + r * a_row + k * a_step + p * a_panel] * b[b_at + v + k * b_step + p * b_panel]
            out[out_at + r * out_row + v] += scale * total
