"""How many inputs an operator takes: one too many would be dropped in silence."""

from __future__ import annotations

from visualnn.files.errors import Damage
from visualnn.files.foreign.onnx.model import Node

ONE = (
    *(
        "Identity",
        "Cast",
        "Flatten",
        "Shape",
        "Neg",
        "Erf",
        "Erfc",
        "Relu",
        "LeakyRelu",
        "Elu",
        "Celu",
        "Gelu",
        "Swish",
    ),
    *("Softplus", "Tanh", "Sigmoid", "HardSigmoid", "HardSwish", "Softmax", "Scaler", "ZipMap", "ArgMax", "Binarizer"),
)
TWO = (
    *("MatMul", "Add", "Sub", "Mul", "Div", "PRelu", "Greater", "GreaterOrEqual", "Reshape", "Unsqueeze"),
    "ArrayFeatureExtractor",
)
COUNTS = {
    **dict.fromkeys(ONE, (1, 1)),
    **dict.fromkeys(TWO, (2, 2)),
    "Gemm": (2, 3),
    "Clip": (1, 3),
    "Dropout": (1, 3),
    "Squeeze": (1, 2),
    "Where": (3, 3),
    "BatchNormalization": (5, 5),
}


def check_inputs(node: Node) -> None:
    """Raises `Damage` if an operator has fewer or more inputs than it takes, or one left out that it needs."""
    if node.known_as not in COUNTS:
        return
    least, most = COUNTS[node.known_as]
    if not least <= len(node.inputs) <= most or not all(node.inputs[:least]):
        wanted = str(least) if least == most else f"{least} to {most}"
        raise Damage(f"{node} has {sum(map(bool, node.inputs))} inputs; it takes {wanted}")
