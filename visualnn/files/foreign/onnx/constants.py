"""Operators whose inputs are all constant, worked out: weights that are turned round, numbers put together.

What comes out is never larger than what went in, so that no model can ask for more memory than it fills itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from visualnn.files.foreign.onnx.model import Node, Tensor
from visualnn.files.foreign.onnx.tensors import CODES, DOUBLE, FLOAT, HALF, INT32, INT64, Array


class Unknown(Exception):
    """What an operator makes of its constants is not known here."""


Fold = Callable[[Node, Sequence[Array]], Array]


def value_of(node: Node) -> Tensor | Array | None:
    """What the operator Constant says; None if it is neither numbers nor a tensor."""
    attributes = node.attributes
    if "value" in attributes:
        message = attributes["value"].message(5)
        return None if message is None else Tensor.of(message, node.outputs[0])
    if "value_float" in attributes:
        return np.array(attributes["value_float"].real(2), dtype=np.float32)
    if "value_int" in attributes:
        return np.array(attributes["value_int"].whole(3), dtype=np.int64)
    if "value_floats" in attributes:
        return attributes["value_floats"].numbers(7, "<f4")
    if "value_ints" in attributes:
        return np.array(attributes["value_ints"].wholes(8), dtype=np.int64)
    return None


def _cast(node: Node, arrays: Sequence[Array]) -> Array:
    kind = node.whole("to", 0)
    if kind not in (FLOAT, DOUBLE, HALF, INT32, INT64):
        raise ValueError("a kind that is not known")
    with np.errstate(over="ignore", invalid="ignore"):
        return arrays[0].astype(CODES[kind])


def _transpose(node: Node, arrays: Sequence[Array]) -> Array:
    return arrays[0].transpose(node.wholes("perm"))


def _reshape(node: Node, arrays: Sequence[Array]) -> Array:
    values, shape = arrays[0], arrays[1].astype(np.int64).ravel().tolist()
    if not node.whole("allowzero", 0):
        shape = [values.shape[place] if size == 0 else size for place, size in enumerate(shape)]
    return values.reshape(shape)


def _flatten(node: Node, arrays: Sequence[Array]) -> Array:
    axis = node.whole("axis", 1)
    first = np.prod(arrays[0].shape[:axis], dtype=np.int64)
    return arrays[0].reshape(int(first), -1)


def _axes(node: Node, arrays: Sequence[Array]) -> tuple[int, ...] | None:
    return tuple(arrays[1].astype(np.int64).ravel().tolist()) if len(arrays) > 1 else node.wholes("axes")


def _squeeze(node: Node, arrays: Sequence[Array]) -> Array:
    return np.squeeze(arrays[0], axis=_axes(node, arrays))


def _unsqueeze(node: Node, arrays: Sequence[Array]) -> Array:
    return np.expand_dims(arrays[0], _axes(node, arrays) or ())


def _gather(node: Node, arrays: Sequence[Array]) -> Array:
    values, places = arrays
    if values.ndim != 1 or places.ndim > 1 or places.size > values.size:
        raise ValueError("more than a few numbers of a list")
    return values[places.astype(np.int64)]


def _concat(node: Node, arrays: Sequence[Array]) -> Array:
    return np.concatenate(arrays, axis=node.whole("axis", 0))


def _elementwise(formula: Callable[..., Array]) -> Fold:
    def fold(_node: Node, arrays: Sequence[Array]) -> Array:
        shape = np.broadcast_shapes(*(array.shape for array in arrays))
        if np.prod(shape, dtype=np.float64) > max(array.size for array in arrays):
            raise ValueError("more numbers than went in")
        if any(array.dtype.kind != "f" for array in arrays):
            raise ValueError("numbers that are no floats")
        with np.errstate(all="ignore"):
            return np.asarray(formula(*arrays))

    return fold


PLAIN: dict[str, Fold] = {
    "Identity": lambda _node, arrays: arrays[0],
    "Cast": _cast,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "Gather": _gather,
    "Concat": _concat,
    "Neg": _elementwise(np.negative),
    "Sqrt": _elementwise(np.sqrt),
    "Reciprocal": _elementwise(np.reciprocal),
    "Add": _elementwise(np.add),
    "Sub": _elementwise(np.subtract),
    "Mul": _elementwise(np.multiply),
    "Div": _elementwise(np.divide),
}


def _checked(fold: Fold) -> Fold:
    def checked(node: Node, arrays: Sequence[Array]) -> Array:
        try:
            return fold(node, arrays)
        except (ValueError, IndexError, TypeError, OverflowError) as error:  # NumPy says what does not fit
            raise Unknown from error

    return checked


FOLDS = {kind: _checked(fold) for kind, fold in PLAIN.items()}
