"""The shape of a row on its way: how an operator changes it, and whether the row keeps its numbers in their order.

The first size of every tensor counts the rows, and is not part of a `Row`.
"""

from __future__ import annotations

from math import prod

import numpy as np

from visualnn.files.foreign.onnx.model import Node, Tensor
from visualnn.files.foreign.onnx.tensors import Array, numbers

Row = tuple[int | None, ...] | None  # None inside: a size that is not known
BATCH = -(2**40)  # stands for the number of rows where a model works with shapes
SMALL = 64  # numbers of a shape
ARRANGING = ("Flatten", "Reshape", "Squeeze", "Unsqueeze")  # give rows another shape
BY_ELEMENT = {
    *("Identity", "Dropout", "Cast", "Add", "Sub", "Sum", "Mul", "Div", "Neg", "Max", "Min", "Clip", "Where", "Erf"),
    *("Relu", "LeakyRelu", "PRelu", "Elu", "Celu", "Gelu", "Swish", "Softplus", "Tanh", "Sigmoid", "Softmax"),
    *("HardSigmoid", "HardSwish", "BatchNormalization", "Scaler"),
}  # leave the shape of a row as it is


def sizes_of(node: Node, row: tuple[int | None, ...]) -> Array:
    """What the operator Shape says of a tensor with such rows."""
    sizes = [BATCH, *(size or 0 for size in row)]
    start, end = node.whole("start", 0), node.whole("end", len(sizes))
    return np.array(sizes[start:end], dtype=np.int64)


def shape_after(kind: str, node: Node, rows: tuple[Row, ...], constants: list[Array | Tensor | None]) -> Row:
    """The shape of a row after an operator; None if it is not known, or if rows do not stay rows."""
    row = rows[0]
    if kind in ("Gemm", "MatMul"):
        weights = constants[1] if len(constants) > 1 else None
        dims = () if weights is None else weights.dims if isinstance(weights, Tensor) else weights.shape
        return (dims[0 if kind == "Gemm" and node.whole("transB", 0) else 1],) if len(dims) == 2 else None
    if kind in ARRANGING:
        return None if row is None else _reshaped(kind, node, row, constants)
    return next((row for row in rows if row is not None), None) if kind in BY_ELEMENT else None


def _reshaped(kind: str, node: Node, row: tuple[int | None, ...], constants: list[Array | Tensor | None]) -> Row:
    size = None if None in row else prod(size or 0 for size in row)
    if kind == "Flatten":
        axis = node.whole("axis", 1)
        return (size,) if axis == 1 or axis == -len(row) else None
    values = _whole(constants[1]) if len(constants) > 1 else None
    if kind == "Reshape":
        return _as_shape(values, row, size, copies=not node.whole("allowzero", 0))
    axes = (
        values
        if values is None
        else [axis + len(row) + 1 + (kind == "Unsqueeze") if axis < 0 else axis for axis in values]
    )
    if kind == "Unsqueeze" and axes == [len(row) + 1]:
        return (*row, 1)
    if kind == "Squeeze" and axes and all(0 < axis <= len(row) and row[axis - 1] == 1 for axis in axes):
        return tuple(size for place, size in enumerate(row, start=1) if place not in axes)
    return None


def _as_shape(values: list[int] | None, row: tuple[int | None, ...], size: int | None, *, copies: bool) -> Row:
    """A row of the shape that Reshape asks for, if the first of its sizes still counts the rows."""
    if not values or size is None:
        return row if values == [-1, 1] and row == (1,) else None
    first, *rest = values
    if copies:
        rest = [row[place] or 0 if value == 0 and place < len(row) else value for place, value in enumerate(rest)]
    known = prod(value for value in rest if value != -1)
    if rest.count(-1) == 1 and known > 0 and size % known == 0:
        rest = [size // known if value == -1 else value for value in rest]
    counts_rows = first == BATCH or first == -1 or (first == 0 and copies)
    whole = prod(rest) == size and min(rest, default=0) > 0
    return tuple(rest) if whole and counts_rows and values.count(-1) <= 1 else None


def _whole(values: Array | Tensor | None) -> list[int] | None:
    """A short list of whole numbers."""
    if isinstance(values, Tensor):
        values = numbers(values) if prod(values.dims) <= SMALL else None
    if values is None or values.dtype.kind != "i" or values.size > SMALL:
        return None
    return [int(value) for value in values.ravel()]
