"""The numbers of a Keras model's columns: kernels and biases, with all that scales and shifts made part of them.

Worked out in 64 bits, from numbers of whatever type the layer's policy says that they are stored in.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np

from visualnn.files.errors import Damage
from visualnn.files.fields import finite
from visualnn.files.foreign.adoption import Dense
from visualnn.files.foreign.keras.chain import Chain, Column, Scale
from visualnn.files.foreign.keras.graph import Part, short
from visualnn.files.foreign.keras.hdf5 import TYPES, Array, Hdf5
from visualnn.nn.network import Matrix, Vector

LAYERS, OLD_LAYERS = "layers", "_layer_checkpoint_dependencies"  # what the groups of layers lie in
LEAST_SPREAD = 1e-7  # that Normalization divides by
EPSILON = 1e-3  # of BatchNormalization where nothing else is said
WHOLE = "float32"  # what a mixed policy stores


def filled(chain: Chain, weights: Hdf5) -> list[Dense]:
    """The layers with their weights (inputs, outputs), biases and activations. Raises `Damage`."""
    store = Store(weights)
    with np.errstate(all="ignore"):  # what is or becomes no finite number is found out when the network is made
        return [(*_column(column, store), column.activation) for column in chain.columns]


def policy(part: Part) -> str:
    """The name of a layer's policy of types; nothing where it says none."""
    value = part.config.values.get("dtype")
    if isinstance(value, dict):
        value = value["config"].get("name") if isinstance(value.get("config"), dict) else None
    return value if isinstance(value, str) else ""


class Store:
    """What a layer has stored, by its number."""

    def __init__(self, weights: Hdf5) -> None:
        self._weights = weights
        self._is_old = not weights.has(LAYERS) and weights.has(OLD_LAYERS)

    def __call__(self, part: Part, number: int, shape: tuple[int, ...]) -> Array:
        """One of the variables of a layer, of the type that its policy says."""
        name = policy(part)
        kind = WHOLE if name.startswith("mixed_") else name or None
        if kind is not None and kind not in TYPES:
            raise Damage(f"{part} computes in {short(name)}; only whole weights can be shown")
        path = part.path.replace(LAYERS, OLD_LAYERS) if self._is_old else part.path
        return self._weights.array(f"{path}/vars/{number}", shape, kind)


def _column(column: Column, store: Store) -> tuple[Matrix, Vector]:
    part, units = column.part, column.units
    w = store(part, 0, (column.inputs, units)).astype(np.float64)
    biased = part.config.values.get("use_bias", True) is not False
    b = store(part, 1, (units,)).astype(np.float64) if biased else np.zeros(units)
    if column.before:
        scale, shift = _together(column.before, store)
        w, b = w * scale[:, None], b + shift @ w
    if column.after:
        scale, shift = _together(column.after, store)
        w, b = w * scale, b * scale + shift
    return w, b


def _together(scales: Sequence[Scale], store: Store) -> tuple[Vector, Vector]:
    """Several of them, one after the other, as one."""
    size = prod(scales[0].shape)
    scale, shift = np.ones(size), np.zeros(size)
    for each in scales:
        factor, addend = _scaled(each, store)
        scale, shift = scale * factor, shift * factor + addend
    return scale, shift


def _scaled(scale: Scale, store: Store) -> tuple[Vector, Vector]:
    """Factor and addend for each number of a row."""
    match scale.part.kind:
        case "Rescaling":
            pair = (_given(scale, "scale", 1.0), _given(scale, "offset", 0.0))
        case "Normalization":
            pair = _normalized(scale, store)
        case _:
            pair = _batch_normalized(scale, store)
    return _row(scale, pair[0]), _row(scale, pair[1])


def _normalized(scale: Scale, store: Store) -> tuple[Array, Array]:
    part, shape = scale.part, scale.shape
    axes = _axes(scale)
    kept = tuple(shape[axis - 1] for axis in axes)
    across = tuple(size if axis in axes else 1 for axis, size in enumerate(shape, start=1))
    if part.config.values.get("mean") is not None:
        mean, variance = _given(scale, "mean", 0.0), _given(scale, "variance", 1.0)
    else:
        mean, variance = (store(part, k, kept).astype(np.float64).reshape(across) for k in (0, 1))
    spread = np.maximum(np.sqrt(variance), LEAST_SPREAD)
    if part.config.values.get("invert") is True:
        return spread, mean
    return 1.0 / spread, -mean / spread


def _batch_normalized(scale: Scale, store: Store) -> tuple[Array, Array]:
    part, size = scale.part, scale.shape[-1]
    if _axes(scale) != (len(scale.shape),):
        raise Damage(f"{part} works along another axis than the last")
    epsilon = part.config.number("epsilon") if "epsilon" in part.config else EPSILON
    learned = [part.config.values.get(key, True) is not False for key in ("scale", "center")]
    stored = [store(part, k, (size,)).astype(np.float64) for k in range(2 + sum(learned))]
    gamma = stored.pop(0) if learned[0] else np.ones(size)
    beta = stored.pop(0) if learned[1] else np.zeros(size)
    mean, variance = stored
    factor = gamma / np.sqrt(variance + epsilon)
    return factor, beta - mean * factor


def _axes(scale: Scale) -> tuple[int, ...]:
    """The axes of a row that a layer keeps apart, counted from 1 as Keras does, for whom 0 are the rows."""
    value = scale.part.config.values.get("axis", -1)
    found, count = value if isinstance(value, list) else [] if value is None else [value], len(scale.shape)
    axes = [axis + count + 1 if type(axis) is int and axis < 0 else axis for axis in found]
    if not all(type(axis) is int and 1 <= axis <= count for axis in axes) or len(set(axes)) != len(axes):
        raise scale.part.config.wrong("axis", "an axis of its rows")
    return tuple(sorted(axes))


def _given(scale: Scale, key: str, default: float) -> Array:
    """Numbers that stand in the description itself."""
    value: Any = scale.part.config.values.get(key)
    if isinstance(value, dict) and value.get("class_name") == "__numpy__" and isinstance(value.get("config"), dict):
        value = value["config"].get("value")
    listed = value if isinstance(value, list) else [default if value is None else value]
    numbers = [finite(each) for each in listed]
    if None in numbers:
        raise scale.part.config.wrong(key, "a number or a list of numbers")
    return np.array(numbers, dtype=np.float64)


def _row(scale: Scale, values: Array) -> Vector:
    try:
        return np.broadcast_to(values, scale.shape).ravel()
    except ValueError:
        rows = "×".join(map(str, scale.shape))
        raise Damage(f"{scale.part} has {values.size:,} numbers for rows of {rows}") from None
