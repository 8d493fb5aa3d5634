"""Takes a graph apart from its end to its beginning: activation, layer, activation, layer, and so on to the input.

What is not a chain of fully connected layers is named by the operator that is in the way.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from visualnn.files.errors import Damage
from visualnn.files.foreign.adoption import Dense
from visualnn.files.foreign.onnx.activations import KNOWN, activation
from visualnn.files.foreign.onnx.graph import DENSE, Graph, Step
from visualnn.files.foreign.onnx.scales import UNCHANGED, Scale, scale_of
from visualnn.files.foreign.onnx.tensors import Array
from visualnn.nn.network import MAX_LAYERS

MOST_NAMED = 12  # operators in a sentence
MOST_SCALED = 100  # operators one after the other that only scale and shift
MOST_SHARED = 1_000_000  # weights that a file need not hold for each layer anew
HINTS = {"LogSoftmax": "; a network that ends with Softmax, or before it, can"}


class Skip(NamedTuple):
    """An Add of what an earlier column gave: its tensor, and the operator."""

    source: str
    step: Step


@dataclass(eq=False)
class Chain:
    """Layers from the last to the first; `columns` are the tensors of their activations."""

    layers: list[Dense] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)
    skips: dict[int, Skip] = field(default_factory=dict)  # by the place in `layers`
    folded: list[Step] = field(default_factory=list)
    silent: dict[int, Array] = field(default_factory=dict)  # by the place in `layers`: 0 for what is silent
    numbers: int = 0  # weights

    def add(self, layer: Dense, column: str) -> None:
        """One more layer, before those that are there."""
        self.numbers += layer[0].size
        if len(self.layers) == MAX_LAYERS:
            raise Damage(f"it has more than {MAX_LAYERS:,} layers")
        self.layers.append(layer)
        self.columns.append(column)

    def feed(self, scale: Scale) -> None:
        """What is done to the inputs of the first layer so far becomes part of its weights."""
        if not scale.changes:
            return
        if not self.layers:
            raise Damage(f"{scale.steps[0]} after the last activation cannot be shown here")
        w, b, name = self.layers[-1]
        for values in (scale.scale, scale.shift):
            if np.size(values) not in (1, len(w)):
                raise Damage(f"{scale.steps[-1]} does not fit the layer after it")
        self.layers[-1] = (*scale.before(w, b), name)
        self.folded.extend(scale.steps)


def chain(graph: Graph, end: str) -> Chain:
    """The layers that lead from the input to the tensor `end`."""
    found, name = Chain(), graph.true(end)
    while True:
        column, (scale, name) = name, _scaled(graph, name)
        if name == graph.source:
            found.feed(scale)
            return found
        step = graph.steps.get(name)
        if step is None:  # an operator that takes a constant where it should take its data
            raise Damage(f"{scale.steps[-1]} cannot be shown here")
        if step.kind in DENSE:  # a layer without activation
            name = _add_dense(graph, found, (step, scale, "linear"), name)
            continue
        if _silences(scale) and any(skip.source == column for skip in found.skips.values()):
            found.silent[len(found.layers)] = np.asarray(scale.scale)
        else:
            found.feed(scale)
            column = name
        name = _add_column(graph, found, (column, name))


def _silences(scale: Scale) -> bool:
    """Whether neurons are switched off, and nothing else is done."""
    return np.size(scale.scale) > 1 and not np.any(scale.shift) and bool(np.isin(scale.scale, (0.0, 1.0)).all())


def _add_column(graph: Graph, found: Chain, tensors: tuple[str, str]) -> str:
    """The layer whose activations are the second tensor, with what a shortcut adds; returns what feeds it.

    The first is what later shortcuts bring of it: without the silent neurons, if there are any.
    """
    column, name = tensors
    skip, whole = _skip(graph, name), name
    if skip is not None:
        name, found.skips[len(found.layers)] = skip
    act = activation(graph, name)
    scale, z = _scaled(graph, name if act is None else act.z)
    step = graph.steps.get(z)
    if step is None or step.kind not in DENSE:
        raise _in_the_way(graph, graph.steps[whole] if act is None else graph.steps[name], step)
    return _add_dense(graph, found, (step, scale, "linear" if act is None else act.name), column)


def _in_the_way(graph: Graph, step: Step, before: Step | None) -> Damage:
    """What stands where a layer should be: `step` is the activation after it, or the same."""
    if before is None:
        return Damage(f"{step} stands before the first layer, which cannot be shown here")
    if step is not before and before.kind == "Add" and all(map(graph.is_data, before.inputs)):
        return Damage(f"{before} adds earlier results before an activation; here a shortcut is added after it")
    if step is not before and activation(graph, _output(before)) is not None:
        return Damage(f"{step} follows {before} without a layer between them, which cannot be shown here")
    return _unknown(graph, before)


def _unknown(graph: Graph, step: Step) -> Damage:
    """An operator makes no activation: because of itself, or of one before it that is not known at all."""
    between, waiting = [step], list(step.inputs)
    while waiting and len(between) < MOST_NAMED:
        inner = graph.steps.get(waiting.pop())
        if inner is not None and inner.kind not in DENSE and inner not in between:
            between.append(inner)
            waiting.extend(inner.inputs)
    strange = next((inner for inner in between[::-1] if inner.kind not in KNOWN), None)
    if strange is not None or len(between) == 1:
        strange = strange or step
        return Damage(f"{strange} cannot be shown here{HINTS.get(strange.kind, '')}")
    kinds = ", ".join(dict.fromkeys(inner.kind for inner in between[:0:-1]))
    return Damage(f"{step}, together with {kinds}, makes no activation that can be shown here")


def _output(step: Step) -> str:
    return step.node.outputs[0]


def _add_dense(graph: Graph, found: Chain, parts: tuple[Step, Scale, str], column: str) -> str:
    step, scale, name = parts
    w, b = _weights(graph, step)
    for values in (scale.scale, scale.shift):
        if np.size(values) not in (1, w.shape[1]):
            raise Damage(f"{scale.steps[0]} does not fit the layer before it")
    if scale.changes:
        found.folded.extend(inner for inner in scale.steps if inner.kind not in ("Add", "Sub"))
    if found.numbers + w.size > MOST_SHARED + graph.read:
        raise Damage(f"its layers use the same {graph.read:,} numbers again and again")
    found.add((*scale.after(w, b), name), column)
    return step.inputs[0]


def _scaled(graph: Graph, name: str) -> tuple[Scale, str]:
    """The tensor behind operators that only scale and shift; an activation made of such ones is none of them."""
    scale = UNCHANGED
    while True:
        step = graph.steps.get(name)
        if step is None or step.kind in DENSE or activation(graph, name) is not None:
            return scale, name
        inner = scale_of(graph, step)
        if inner is None:
            return scale, name
        if len(scale.steps) == MOST_SCALED:
            raise Damage(f"{step} is one of more than {MOST_SCALED} in a row that only scale and shift")
        scale, name = scale.of(inner[0]), graph.true(inner[1])


def _skip(graph: Graph, name: str) -> tuple[str, Skip] | None:
    """The way that an Add of two results goes on by, the one with more layers, and the other."""
    step = graph.steps[name]
    if step.kind not in ("Add", "Sum") or len(step.inputs) != 2 or not all(map(graph.is_data, step.inputs)):
        return None
    if step.rows[0] != step.rows[1]:
        raise Damage(f"{step} adds rows of different shapes, which cannot be shown here")
    way, other = sorted(step.inputs, key=lambda tensor: graph.depth[tensor], reverse=True)
    return way, Skip(other, step)


def _weights(graph: Graph, step: Step) -> tuple[Array, Array]:
    """Weights (inputs, outputs) and biases of a layer."""
    if len(step.inputs) < 2 or not graph.is_data(step.inputs[0]) or not graph.is_constant(step.inputs[1]):
        raise Damage(f"{step} has no constant weights on its right, and cannot be shown here")
    row, w = step.rows[0], graph.finite(step.inputs[1])
    if w.ndim != 2:
        raise Damage(f"{step} has weights of {w.ndim} dimensions; a layer has 2")
    before = graph.steps.get(step.inputs[0])
    if row is None and before is not None:
        raise _unknown(graph, before)
    if row is None or len(row) != 1:
        shape = "an unknown shape" if row is None else "×".join("?" if size is None else f"{size:,}" for size in row)
        raise Damage(f"{step} works on rows of {shape}; a layer here takes a plain row of numbers")
    w, b = (w, np.zeros(w.shape[1])) if step.kind == "MatMul" else _of_gemm(graph, step, w)
    if row[0] not in (None, len(w)):
        raise Damage(f"{step} is given rows of {row[0]:,} numbers, but has weights for {len(w):,}")
    return w, b


def _of_gemm(graph: Graph, step: Step, w: Array) -> tuple[Array, Array]:
    node = step.node
    if node.whole("transA", 0):
        raise Damage(f"{step} turns its rows into columns, which cannot be shown here")
    alpha, beta = node.real("alpha", 1.0), node.real("beta", 1.0)
    if not (np.isfinite(alpha) and np.isfinite(beta)):
        raise Damage(f"{step} has a factor that is not a finite number")
    w = w.T if node.whole("transB", 0) else w
    if alpha != 1.0:
        w = w.astype(np.float64) * alpha
    return w, _bias(graph, step, w.shape[1]) * (beta if beta != 1.0 else 1)


def _bias(graph: Graph, step: Step, units: int) -> Array:
    name = step.inputs[2] if len(step.inputs) > 2 else ""
    if not name:
        return np.zeros(units)
    if not graph.is_constant(name):
        raise Damage(f"{step} adds another result of the network, which cannot be shown here")
    b = graph.finite(name)
    if b.size not in (1, units) or (b.ndim == 2 and len(b) != 1) or b.ndim > 2:
        raise Damage(f"{step} has biases of {b.size:,} numbers for {units:,} units")
    return np.broadcast_to(b.ravel(), units)
