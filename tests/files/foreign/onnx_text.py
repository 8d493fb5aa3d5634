"""Small ONNX models for tests, their operators as text and their numbers as arrays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import numpy_helper
from onnx.reference import ReferenceEvaluator

from visualnn.files.foreign.onnx import reader
from visualnn.nn.network import Matrix
from visualnn.nn.passes import predict
from visualnn.project import Project

SAMPLES = Path(__file__).with_name("samples") / "onnx"
RNG = np.random.default_rng(4)
W, V, U = (RNG.normal(0, 0.7, shape).astype(np.float32) for shape in ((4, 5), (5, 5), (5, 3)))
B, C = RNG.normal(0, 0.7, 5).astype(np.float32), RNG.normal(0, 0.7, 3).astype(np.float32)
ROWS = RNG.normal(0, 2, (6, 4)).astype(np.float32)
FIRST, LAST = "h = Gemm(x, w, b)", "y = Gemm(a, u, c)"


def model(body: str, *, opset: int = 17, shape: str = "N,4", kind: str = "float", **arrays: Any) -> onnx.ModelProto:
    """The model whose operators are `body`, from x to y; w, v, u, b, c are there, others as they are given."""
    head = f'<ir_version: 8, opset_import: ["" : {opset}, "ai.onnx.ml" : 3, "mine" : 1]>'
    made = onnx.parser.parse_model(f"{head} g ({kind}[{shape}] x) => ({kind}[N,M] y) {{ {body} }}")
    known = {"w": W, "v": V, "u": U, "b": B, "c": C} | {name: np.asarray(values) for name, values in arrays.items()}
    used = {name for node in made.graph.node for name in node.input}
    tensors = [numpy_helper.from_array(values, name) for name, values in known.items() if name in used]
    made.graph.initializer.extend(tensors)
    return made


def number(value: float) -> Any:
    return np.float32(value)


def read(made: onnx.ModelProto, folder: Path | None = None) -> Project:
    return reader.decoded(made.SerializeToString(), "a model", folder)


def theirs(made: onnx.ModelProto, rows: Matrix = ROWS) -> Matrix:
    """What ONNX's reference makes of the rows."""
    return np.asarray(ReferenceEvaluator(made).run(None, {"x": rows})[0])


def ours(project: Project, rows: Matrix = ROWS) -> Matrix:
    flat = rows.reshape(len(rows), -1).astype(np.float64)
    return np.array([predict(project.network, project.parameters, row, project.mask) for row in flat])
