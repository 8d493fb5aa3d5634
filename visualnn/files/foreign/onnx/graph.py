"""The nodes of a model made ready to be understood: what is constant is worked out, what changes no number is skipped.

Each tensor is constant, or comes from the input. Of the latter it is known which operator made it, out of what, how
many layers lie before it, and the shape of a row of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import prod
from pathlib import Path

import numpy as np

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.constants import FOLDS, Unknown, value_of
from visualnn.files.foreign.onnx.inputs import check_inputs
from visualnn.files.foreign.onnx.model import STANDARD, Node, Port, Tensor, quoted
from visualnn.files.foreign.onnx.shapes import ARRANGING, BATCH, Row, shape_after, sizes_of
from visualnn.files.foreign.onnx.tensors import BRAIN, HALF, REALS, Array, numbers
from visualnn.nn.network import MAX_PARAMETERS

SAME = ("Identity", "Dropout", "Cast")  # change no number of a row
DENSE = ("Gemm", "MatMul")
SHAPING = (*DENSE, *ARRANGING)
MOST = MAX_PARAMETERS + 1_000_000  # numbers that are read of a file
MOST_MADE = 1_000_000  # numbers that are worked out of fewer


@dataclass(frozen=True, eq=False)
class Step:
    """An operator on the way from the input; its data and constants by their true names."""

    node: Node
    kind: str
    inputs: tuple[str, ...]
    rows: tuple[Row, ...]  # the shape of a row of each input; None for constants, and where it is not known

    def __str__(self) -> str:
        return str(self.node)


@dataclass(eq=False)
class Graph:
    """What is known of the tensors; filled by `add`, node after node."""

    source: str  # the input
    tensors: dict[str, Tensor]
    folder: Path | None = None
    constants: dict[str, Array] = field(default_factory=dict)
    steps: dict[str, Step] = field(default_factory=dict)
    depth: dict[str, int] = field(default_factory=dict)
    rows: dict[str, Row] = field(default_factory=dict)
    unknown: dict[str, str] = field(default_factory=dict)  # constants, and what makes them
    half: bool = False  # numbers of 16 bits on the way
    read: int = 0  # numbers of the file that were looked at
    _made: int = 0  # numbers that were worked out of these
    _same: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, port: Port, tensors: dict[str, Tensor], folder: Path | None = None) -> Graph:
        """A graph that has its input alone."""
        graph = cls(port.name, tensors, folder)
        graph.depth[port.name], graph.rows[port.name] = 0, None if port.shape is None else port.shape[1:]
        return graph

    def true(self, name: str) -> str:
        """The first name of what may have several."""
        return self._same.get(name, name)

    def is_constant(self, name: str) -> bool:
        """Whether a tensor does not depend on the input."""
        return name in self.tensors or name in self.constants or name in self.unknown

    def is_data(self, name: str) -> bool:
        """Whether a tensor depends on the input."""
        return self.true(name) in self.depth

    def array(self, name: str) -> Array:
        """The numbers of a constant. Raises `Damage` if they cannot be known, or are too many."""
        if name in self.unknown:
            raise Damage(f"{self.unknown[name]} cannot be shown here")
        if name not in self.constants:
            tensor = self.tensors[name]
            if tensor.is_beside:
                self._count(prod(tensor.dims))  # before they are read
            values = numbers(tensor, self.folder)
            if not tensor.is_beside:
                self._count(values.size)
            self.constants[name] = values
        return self.constants[name]

    def _count(self, values: int) -> None:
        self.read += values
        if self.read > MOST:
            raise Damage(f"it holds more than {MOST:,} numbers")

    def finite(self, name: str) -> Array:
        """The same, of which none may be NaN or infinite."""
        values = self.array(name)
        if values.dtype.kind not in "fiu" or not np.isfinite(values).all():
            raise Damage(f"its tensor {quoted(name)} holds a value that is not a finite number")
        return values

    def number(self, name: str) -> float | None:
        """A constant that is a single number; None for everything else."""
        if not self.is_constant(name) or name in self.unknown:
            return None
        if name in self.tensors and prod(self.tensors[name].dims) != 1:
            return None
        values = self.array(name)
        return float(values.ravel()[0]) if values.size == 1 and values.dtype.kind in "fiu" else None

    def add(self, node: Node) -> None:
        """One more node. Raises `Damage` if it does not fit the others."""
        given = [name for name in node.inputs if name]
        for name in given:
            if not (self.is_constant(name) or self.is_data(name)):
                raise Damage(f"{node} takes {quoted(name)}, which nothing before it makes")
        for name in node.outputs:
            if name and (self.is_constant(name) or self.is_data(name)):
                raise Damage(f"{node} makes {quoted(name)}, which is there already")
        if node.outputs and any(map(self.is_data, given)):
            self._add_step(node)
        elif node.outputs:
            self._add_constant(node)

    def _add_constant(self, node: Node) -> None:
        first, *rest = node.outputs
        self.unknown |= {name: str(node) for name in rest}
        value = value_of(node) if node.kind == "Constant" else None
        if isinstance(value, Tensor):
            self.tensors[first] = value
            self.half |= value.kind in (HALF, BRAIN)
        elif value is not None:
            self.constants[first] = value
        elif node.domain != STANDARD or node.kind not in FOLDS or any(name in self.unknown for name in node.inputs):
            self.unknown[first] = next((self.unknown[name] for name in node.inputs if name in self.unknown), str(node))
        else:
            self._fold(node)

    def _fold(self, node: Node) -> None:
        """Works out what comes of constants; where that is not known it may not matter."""
        try:
            values = FOLDS[node.kind](node, [self.array(name) for name in node.inputs if name])
        except Unknown:
            self.unknown[node.outputs[0]] = str(node)
            return
        self._made += values.size if values.base is None else 0
        if self._made > MOST_MADE + 2 * self.read:
            raise Damage(f"it makes more than {self._made:,} numbers of {self.read:,} that it holds")
        self.constants[node.outputs[0]] = values

    def _add_step(self, node: Node) -> None:
        check_inputs(node)
        inputs = tuple([self._same.get(name, name) for name in node.inputs])
        step = Step(node, node.known_as, inputs, tuple([self.rows.get(name) for name in node.inputs]))
        first, *rest = node.outputs
        if step.kind == "Shape" and step.rows[0] is not None and None not in step.rows[0]:
            self.constants[first] = sizes_of(node, step.rows[0])
            return
        constants = self._constants(node) if step.kind in SHAPING else []
        self.rows[first] = shape_after(step.kind, node, step.rows, constants)
        if self._keeps(step, first):
            self._same[first] = step.inputs[0]
        else:
            self.steps[first] = step
            deepest = max(self.depth.get(name, 0) for name in step.inputs)
            self.depth[first] = deepest + (step.kind in DENSE)
        for name in rest:
            self.steps[name], self.depth[name] = step, self.depth.get(first, 0)

    def _constants(self, node: Node) -> list[Array | Tensor | None]:
        """The constants among the inputs, those of the file unread."""
        return [self.constants.get(name, self.tensors.get(name)) for name in node.inputs]

    def _keeps(self, step: Step, output: str) -> bool:
        """Whether an operator leaves every number of a row what and where it was."""
        if step.kind == "Cast":
            kind = step.node.whole("to", 0)
            self.half |= kind in (HALF, BRAIN)
            return kind in REALS
        if step.kind == "Dropout":
            mode = step.inputs[2] if len(step.inputs) > 2 else ""
            if mode and (not self.is_constant(mode) or bool(self.array(mode).any())):
                raise Damage(f"{step} is of a network in training")
            return True
        if step.kind in ARRANGING:
            return self.rows[output] is not None
        return step.kind in SAME


def graph_of(port: Port, nodes: tuple[Node, ...], tensors: dict[str, Tensor], folder: Path | None) -> Graph:
    """All nodes, in their order."""
    graph = Graph.of(port, dict(tensors), folder)
    graph.half = any(tensor.kind in (HALF, BRAIN) for tensor in tensors.values())
    for node in nodes:
        graph.add(node)
    return graph


__all__ = ["BATCH", "DENSE", "Graph", "Step", "graph_of"]
