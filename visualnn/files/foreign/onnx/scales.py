"""Numbers that are scaled and shifted on their way, and how a layer before or after them takes that in.

What an operator does is written as ``scale · x + shift``, each a number or one for each column. Worked out in 64 bits.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import NamedTuple

import numpy as np

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.graph import Graph, Step
from visualnn.files.foreign.onnx.tensors import Array
from visualnn.nn.network import MAX_UNITS

Amount = np.float64 | Array


class Scale(NamedTuple):
    """``scale · x + shift`` of a tensor."""

    scale: Amount
    shift: Amount
    steps: tuple[Step, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether any number comes out another."""
        return bool(np.any(self.scale != 1.0) or np.any(self.shift != 0.0))

    def of(self, inner: Scale) -> Scale:
        """This after another one."""
        if len({1, *map(np.size, (*self[:2], *inner[:2]))}) > 2:
            raise _misfit(inner.steps[0])
        with np.errstate(all="ignore"):
            scale, shift = self.scale * inner.scale, self.scale * inner.shift + self.shift
        if not (np.isfinite(scale).all() and np.isfinite(shift).all()):
            raise Damage(f"{inner.steps[0]} makes a value that is not a finite number")
        return Scale(scale, shift, self.steps + inner.steps)

    def after(self, w: Array, b: Array) -> tuple[Array, Array]:
        """The layer whose sums are scaled so."""
        if not self.changes:
            return w, b
        return w.astype(np.float64) * self.scale, b.astype(np.float64) * self.scale + self.shift

    def before(self, w: Array, b: Array) -> tuple[Array, Array]:
        """The layer whose inputs are scaled so."""
        if not self.changes:
            return w, b
        w = w.astype(np.float64)
        scale, shift = (np.broadcast_to(values, len(w)) for values in (self.scale, self.shift))
        return w * scale[:, None], b + shift @ w


UNCHANGED = Scale(np.float64(1.0), np.float64(0.0))


def scale_of(graph: Graph, step: Step) -> tuple[Scale, str] | None:
    """What an operator with constants does, and to which tensor; None if it does something else."""
    if step.kind in NAMED:
        return NAMED[step.kind](graph, step), step.inputs[0]
    if step.kind == "Neg":
        return Scale(np.float64(-1.0), np.float64(0.0), (step,)), step.inputs[0]
    if step.kind not in ("Add", "Sub", "Mul", "Div") or len(step.inputs) != 2:
        return None
    a, b = step.inputs
    if graph.is_constant(b):
        return Scale(*_with(step, _column(graph, step, 1)), (step,)), a
    if not graph.is_constant(a) or step.kind == "Div":
        return None
    value = _column(graph, step, 0)
    if step.kind == "Sub":
        return Scale(np.float64(-1.0), value, (step,)), b
    return Scale(*_with(step, value), (step,)), b


def _with(step: Step, value: Amount) -> tuple[Amount, Amount]:
    """Scale and shift of ``x ∘ value``."""
    one, none = np.float64(1.0), np.float64(0.0)
    match step.kind:
        case "Add":
            return one, value
        case "Sub":
            return one, -value
        case "Mul":
            return value, none
    with np.errstate(all="ignore"):
        return one / value, none


def _column(graph: Graph, step: Step, place: int) -> Amount:
    """A constant as one number, or as one for each column of the rows it meets."""
    values = graph.finite(step.inputs[place]).astype(np.float64)
    if values.size == 1:
        return np.float64(values.ravel()[0])
    row = step.rows[1 - place]
    shape = () if row is None else tuple(size or values.shape[-1] for size in row)
    if not 0 < prod(shape) <= MAX_UNITS or values.ndim > len(shape) + 1:
        raise _misfit(step)
    try:
        return np.broadcast_to(values, (1, *shape)).reshape(-1)
    except ValueError:
        raise _misfit(step) from None


def _misfit(step: Step) -> Damage:
    return Damage(f"{step} does not fit the rows that it is given")


def _batch_norm(graph: Graph, step: Step) -> Scale:
    if step.node.whole("training_mode", 0):
        raise Damage(f"{step} is of a network in training")
    gamma, beta, mean, variance = _vectors(graph, step, step.inputs[1:5])
    with np.errstate(all="ignore"):
        scale = gamma / np.sqrt(variance + step.node.real("epsilon", 1e-5))
    return Scale(scale, beta - scale * mean, (step,))


def _vectors(graph: Graph, step: Step, names: tuple[str, ...]) -> list[Array]:
    """Four lists of one length."""
    if len(names) != 4 or not all(map(graph.is_constant, names)):
        raise Damage(f"{step} cannot be shown here")
    found = [graph.finite(name).astype(np.float64) for name in names]
    if any(values.ndim != 1 or values.shape != found[0].shape for values in found):
        raise _misfit(step)
    return found


def _scaler(_graph: Graph, step: Step) -> Scale:
    """``(x − offset) · scale`` of ONNX's own collection of older methods."""
    attributes = step.node.attributes
    offset, scale = (
        attributes[name].numbers(7, "<f4").astype(np.float64) if name in attributes else np.array([other])
        for name, other in (("offset", 0.0), ("scale", 1.0))
    )
    if not (np.isfinite(offset).all() and np.isfinite(scale).all()):
        raise Damage(f"{step} makes a value that is not a finite number")
    if not 0 < offset.size <= MAX_UNITS or not 0 < scale.size <= MAX_UNITS or len({1, offset.size, scale.size}) > 2:
        raise _misfit(step)
    return Scale(scale, -offset * scale, (step,))


NAMED: dict[str, Callable[[Graph, Step], Scale]] = {"BatchNormalization": _batch_norm, "Scaler": _scaler}
