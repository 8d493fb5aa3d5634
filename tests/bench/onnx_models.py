"""ONNX models made by the real tools, and how far our predictions are from onnxruntime's.

Not part of the suite: it needs what VisualNN never does. Three steps, each in the interpreter that has the tool::

    python tests/bench/onnx_models.py torch|keras|sklearn|tf FOLDER   # makes models with it
    python tests/bench/onnx_models.py run FOLDER                      # asks onnxruntime for their answers
    python tests/bench/onnx_models.py check FOLDER                    # reads them, compares, prints

`write FOLDER` makes random networks of every activation and writes them, for `run` and `check` to compare.
`samples FOLDER` puts a few of the models and the first answers to them where the tests find them.
"""

from __future__ import annotations

import json
import os
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np

ROWS = 20


# -- torch -------------------------------------------------------------------------------------------------------------


def torch_models() -> Iterator[tuple[str, Any, tuple[int, ...], dict[str, Any]]]:
    """A name, a module, the shape of a row, and how to export it."""
    from torch import nn

    class Residual(nn.Module):
        def __init__(self, width: int, *, before: bool = False) -> None:
            super().__init__()
            self.into, self.one, self.two = nn.Linear(4, width), nn.Linear(width, width), nn.Linear(width, width)
            self.out, self.f, self.before = nn.Linear(width, 2), nn.Tanh(), before

        def forward(self, x: Any) -> Any:
            x = self.f(self.into(x))
            for layer in (self.one, self.two):
                x = self.f(layer(x) + x) if self.before else self.f(layer(x)) + x
            return self.out(x)

    hidden = {
        "relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "gelu": nn.GELU, "silu": nn.SiLU,
        "softplus": nn.Softplus, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "hard_tanh": nn.Hardtanh,
        "hard_sigmoid": nn.Hardsigmoid, "hard_silu": nn.Hardswish, "linear": nn.Identity,
    }  # fmt: skip

    def plain(kind: Any, *last: Any) -> Any:
        return nn.Sequential(nn.Linear(4, 7), kind(), nn.Linear(7, 5), kind(), nn.Linear(5, 3), *last)

    for name, kind in hidden.items():
        yield name, plain(kind), (4,), {}
    for name in ("gelu", "hard_silu", "silu", "hard_sigmoid"):
        yield f"{name}_13", plain(hidden[name]), (4,), {"opset_version": 13}
        yield f"{name}_20", plain(hidden[name]), (4,), {"opset_version": 20}
    yield "softmax", plain(nn.ReLU, nn.Softmax(dim=-1)), (4,), {}
    yield "softmax_1", plain(nn.ReLU, nn.Softmax(dim=1)), (4,), {}
    yield "sigmoid_end", plain(nn.ReLU, nn.Sigmoid()), (4,), {}
    yield "flatten", nn.Sequential(nn.Flatten(), nn.Linear(64, 8), nn.ReLU(), nn.Linear(8, 10)), (1, 8, 8), {}
    yield (
        "wide",
        nn.Sequential(nn.Linear(4, 600), nn.ReLU(), nn.Linear(600, 300), nn.ReLU(), nn.Linear(300, 2)),
        (4,),
        {},
    )
    yield "dropout", nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 1)), (4,), {}
    norm = nn.Sequential(nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 1))
    norm(__import__("torch").randn(50, 4) * 3 + 1)
    yield "norm", norm, (4,), {}
    yield "no_bias", nn.Sequential(nn.Linear(4, 8, bias=False), nn.Tanh(), nn.Linear(8, 2, bias=False)), (4,), {}
    yield "residual", Residual(6), (4,), {}
    yield "residual_before", Residual(6, before=True), (4,), {}
    yield "double", plain(nn.Tanh).double(), (4,), {}
    yield "relu6", plain(nn.ReLU6), (4,), {}
    yield "gelu_tanh", plain(lambda: nn.GELU(approximate="tanh")), (4,), {}
    yield "leaky_02", plain(lambda: nn.LeakyReLU(0.2)), (4,), {}
    yield "log_softmax", plain(nn.ReLU, nn.LogSoftmax(dim=-1)), (4,), {}
    yield "conv", nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(), nn.Linear(72, 3)), (1, 8, 8), {}
    yield "selu", plain(nn.SELU), (4,), {}
    yield "mish", plain(nn.Mish), (4,), {}
    yield "layer_norm", nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.Linear(8, 2)), (4,), {}


def make_torch(folder: Path) -> None:
    """Each model by both exporters; the newer one with its weights in a file beside it where it is large."""
    import torch

    torch.manual_seed(0)
    for name, module, shape, manner in torch_models():
        module.eval()
        row = torch.zeros((2, *shape), dtype=next(module.parameters()).dtype)
        for way, dynamo in (("script", False), ("dynamo", True)):
            path = folder / f"torch_{way}_{name}.onnx"
            size: dict[str, Any] = (
                {"dynamic_shapes": ({0: torch.export.Dim("batch")},)}
                if dynamo
                else {"dynamic_axes": {"input": {0: "batch"}}}
            )
            export = dict(input_names=["input"], output_names=["output"], dynamo=dynamo, **size, **manner)
            try:
                torch.onnx.export(module, (row,), str(path), external_data=name == "wide", **export)
            except Exception as error:  # noqa: BLE001  # what the tool cannot do
                _tell(path, error)


# -- Keras -------------------------------------------------------------------------------------------------------------


def keras_models() -> Iterator[tuple[str, Any]]:
    """A name and a model."""
    import keras
    from keras import layers

    def plain(hidden: Any, output: Any = None) -> Any:
        dense = [layers.Dense(7, hidden), layers.Dense(5, hidden), layers.Dense(3, output)]
        return keras.Sequential([keras.Input((4,)), *dense])

    for name in ("relu", "elu", "silu", "softplus", "tanh", "sigmoid", "hard_tanh", "hard_sigmoid", "hard_silu"):
        yield name, plain(name)
    yield "linear", plain(None)
    yield "gelu", plain(lambda x: keras.activations.gelu(x, approximate=False))
    yield "gelu_tanh", plain(lambda x: keras.activations.gelu(x, approximate=True))
    yield "gelu_keras", plain("gelu")
    yield "leaky_relu", plain(lambda x: keras.activations.leaky_relu(x, negative_slope=0.01))
    yield "leaky_02", plain("leaky_relu")
    yield "softmax", plain("relu", "softmax")
    yield "sigmoid_end", plain("tanh", "sigmoid")
    yield "selu", plain("selu")
    flat = [keras.Input((8, 8)), layers.Flatten(), layers.Dense(8, "relu"), layers.Dense(10, "softmax")]
    yield "flatten", keras.Sequential(flat)
    scaled = [keras.Input((8, 8, 1)), layers.Rescaling(1 / 255), layers.Flatten(), layers.Dense(5, "relu")]
    yield "rescaling", keras.Sequential(scaled)
    dropped = [keras.Input((4,)), layers.Dense(8, "relu"), layers.Dropout(0.5), layers.Dense(1)]
    yield "dropout", keras.Sequential(dropped)
    norm = layers.BatchNormalization()
    yield (
        "norm",
        keras.Sequential([keras.Input((4,)), layers.Dense(8), norm, layers.Activation("relu"), layers.Dense(1)]),
    )
    rng = np.random.default_rng(1)
    norm.set_weights([rng.uniform(0.5, 2, 8) for _ in range(4)])
    between = layers.BatchNormalization()
    yield "norm_after", keras.Sequential([keras.Input((4,)), layers.Dense(8, "relu"), between, layers.Dense(1)])
    standard = layers.Normalization(mean=[1.0, 2.0, 3.0, 4.0], variance=[4.0, 1.0, 0.25, 9.0])
    yield "normalization", keras.Sequential([keras.Input((4,)), standard, layers.Dense(5, "tanh"), layers.Dense(1)])
    a = keras.Input((4,))
    x = layers.Dense(6, "tanh")(a)
    x = layers.Add()([layers.Dense(6, "tanh")(x), x])
    yield "residual", keras.Model(a, layers.Dense(2)(x))
    yield "no_bias", keras.Sequential([keras.Input((4,)), layers.Dense(6, "tanh", use_bias=False), layers.Dense(2)])


def make_keras(folder: Path) -> None:
    """Each model by Keras' own export, with the backend that is set."""
    import keras

    for name, model in keras_models():
        _fill(model)
        path = folder / f"keras_{keras.backend.backend()}_{name}.onnx"
        try:
            model.export(str(path), format="onnx", verbose=False)
        except Exception as error:  # noqa: BLE001
            _tell(path, error)


def make_tf(folder: Path) -> None:
    """Each model by Keras' export with TensorFlow, and by tf2onnx."""
    import tensorflow as tf
    import tf2onnx

    make_keras(folder)
    for name, model in keras_models():
        _fill(model)
        path = folder / f"tf2onnx_{name}.onnx"
        signature = (tf.TensorSpec((None, *model.input_shape[1:]), tf.float32, name="x"),)
        try:
            function = tf.function(lambda x, model=model: model(x, training=False), input_signature=signature)
            tf2onnx.convert.from_function(function, signature, opset=15, output_path=str(path))
        except Exception as error:  # noqa: BLE001
            _tell(path, error)


def _tell(path: Path, error: Exception) -> None:
    print(f"{path.name}: {type(error).__name__}: {str(error).splitlines()[0][:100]}")


def _fill(model: Any) -> None:
    """Weights that use all of an activation; Keras exports what was called before."""
    rng = np.random.default_rng(0)
    model(np.zeros((1, *model.input_shape[1:]), np.float32))
    for layer in model.layers:
        if type(layer).__name__ == "Dense":
            layer.set_weights([rng.normal(0, 0.5, w.shape) for w in layer.get_weights()])


# -- scikit-learn ------------------------------------------------------------------------------------------------------


def sklearn_models() -> Iterator[tuple[str, Any, Any, dict[str, Any]]]:
    """A name, a fitted model, the rows, and how to convert it."""
    from sklearn.datasets import load_diabetes, load_iris
    from sklearn.neural_network import MLPClassifier, MLPRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import MinMaxScaler, StandardScaler

    (x, y), (r, t) = load_iris(return_X_y=True), load_diabetes(return_X_y=True)
    t = t / 100
    size = {"hidden_layer_sizes": (6, 5), "max_iter": 60, "random_state": 0}
    plain = {"zipmap": False}
    for act in ("identity", "logistic", "tanh", "relu"):
        yield f"classifier_{act}", MLPClassifier(activation=act, **size).fit(x, y), x, plain
        yield f"regressor_{act}", MLPRegressor(activation=act, **size).fit(r, t), r, {}
    yield "zipmap", MLPClassifier(**size).fit(x, y), x, {}
    yield "columns", MLPClassifier(**size).fit(x, y), x, {"zipmap": "columns"}
    yield "binary", MLPClassifier(**size).fit(x, y == 1), x, plain
    yield "binary_zipmap", MLPClassifier(**size).fit(x, np.where(y == 1, "yes", "no")), x, {}
    yield "labels", MLPClassifier(**size).fit(x, np.stack([y == 0, y < 2, y == 2], 1)), x, plain
    yield "strings", MLPClassifier(**size).fit(x, np.array(["a", "b", "c"])[y]), x, plain
    yield "two_outputs", MLPRegressor(**size).fit(r, np.stack([t, -t], 1)), r, {}
    yield "scaled", make_pipeline(StandardScaler(), MLPClassifier(**size)).fit(x, y), x, plain
    yield "scaled_regressor", make_pipeline(StandardScaler(), MLPRegressor(**size)).fit(r, t), r, {}
    yield "min_max", make_pipeline(MinMaxScaler(), MLPClassifier(**size)).fit(x, y), x, plain


def make_sklearn(folder: Path) -> None:
    """Each model by skl2onnx; one more in double precision."""
    import sklearn
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import DoubleTensorType

    for name, model, x, manner in sklearn_models():
        options = {"options": {id(_last(model)): manner}} if manner else {}
        path = folder / f"sklearn_{name}.onnx"
        path.write_bytes(to_onnx(model, x[:1].astype(np.float32), target_opset=17, **options).SerializeToString())
        if name in ("classifier_tanh", "regressor_relu", "scaled"):
            kind = [("X", DoubleTensorType([None, x.shape[1]]))]
            content = to_onnx(model, initial_types=kind, **options).SerializeToString()
            path.with_name(f"sklearn_{name}_double.onnx").write_bytes(content)
    print("scikit-learn", sklearn.__version__)


def _last(model: Any) -> Any:
    return model[-1] if hasattr(model, "steps") else model


# -- VisualNN ----------------------------------------------------------------------------------------------------------


def write(folder: Path) -> None:
    """Random networks of every activation, with what they say to the rows that `run` will take."""
    from visualnn.files.foreign.adoption import adopted
    from visualnn.files.foreign.onnx import writer
    from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS
    from visualnn.nn.network import Layer, Network
    from visualnn.nn.passes import predict

    rng = np.random.default_rng(5)
    for name in ACTIVATIONS:
        for shortcut in (0, 1, 2):
            hidden = name if name in HIDDEN_ACTIVATIONS else "tanh"
            network = Network(4, (*[Layer(6, hidden)] * 5, Layer(3, name)), shortcut)
            project = adopted("Random", network, rng.normal(0, 0.6, network.parameter_count))
            path = folder / f"ours_{name}_{shortcut}.onnx"
            path.write_bytes(writer.content(project))
            ours = [predict(network, project.parameters, row).tolist() for row in _rows((4,)).astype(np.float32)]
            path.with_suffix(".ours").write_text(json.dumps(ours))


def _rows(shape: tuple[int, ...]) -> Any:
    return np.random.default_rng(3).normal(0, 2, (ROWS, *shape))


# -- onnxruntime -------------------------------------------------------------------------------------------------------


def run(folder: Path) -> None:
    """The answers of onnxruntime to random rows, beside each model."""
    import onnxruntime

    for path in sorted(folder.glob("*.onnx")):
        try:
            session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
        except Exception as error:  # noqa: BLE001  # what onnxruntime cannot do
            _tell(path, error)
            continue
        if len(session.get_inputs()) > 1:  # tf2onnx leaves constants outside now and then
            continue
        entry = session.get_inputs()[0]
        kind = np.float64 if "double" in entry.type else np.float32
        shape = [size for size in entry.shape[1:] if isinstance(size, int)]
        rows = _rows(tuple(shape)).astype(kind)
        try:
            answers = session.run(None, {entry.name: rows})
        except Exception:  # noqa: BLE001  # a batch of one
            single = [session.run(None, {entry.name: row[None]})[0][0] for row in rows]
            answers = [np.stack(single)]
        numbers = [a for a in answers if isinstance(a, np.ndarray) and a.dtype.kind == "f"]
        if len(numbers) > 1 and all(a.ndim == 1 or a.shape[1] == 1 for a in numbers):
            numbers = [np.stack([a.ravel() for a in numbers], 1)]
        if not numbers:  # a map from class to probability
            numbers = [np.array([list(row.values()) for row in answers[-1]])]
        said = {"inputs": rows.reshape(ROWS, -1).tolist(), "outputs": numbers[0].reshape(ROWS, -1).tolist()}
        path.with_suffix(".json").write_text(json.dumps(said))


def check(folder: Path) -> None:
    """Reads each model and prints the greatest difference, or the sentence."""
    from visualnn.files.foreign import formats
    from visualnn.nn.errors import VisualNNError
    from visualnn.nn.passes import predict

    for path in sorted(folder.glob("*.onnx")):
        try:
            project = formats.read(path)
        except VisualNNError as error:
            print(f"{path.stem:40} {error}")
            continue
        if not path.with_suffix(".json").exists():
            print(f"{path.stem:40} {project.network!s:12} is read here, but not by onnxruntime")
            continue
        said = json.loads(path.with_suffix(".json").read_text())
        ours = np.array([predict(project.network, project.parameters, np.array(row)) for row in said["inputs"]])
        theirs = np.array(said["outputs"])
        if theirs.shape[1] == 2 and ours.shape[1] == 1:
            theirs = theirs[:, 1:]
        if "two_outputs" in path.stem:  # whose Reshape makes one column of two
            theirs = theirs.reshape(ours.shape)
        if path.with_suffix(".ours").exists():  # the network as it was before it was rounded
            ours = np.array(json.loads(path.with_suffix(".ours").read_text()))
        gap, largest = np.abs(ours - theirs).max(), np.abs(theirs).max()
        kinds = " ".join(dict.fromkeys(project.network.activations))
        print(f"{path.stem:40} {project.network!s:14} {kinds:20} {gap:.1e} of {largest:.1e}: {gap / largest:.1e}")


CHOSEN = (
    *("torch_script_relu", "torch_script_gelu_13", "torch_script_hard_silu_13", "torch_script_norm"),
    *("torch_script_residual", "torch_script_double", "torch_dynamo_relu", "torch_dynamo_softplus"),
    *("keras_torch_silu", "keras_torch_flatten", "keras_torch_normalization", "keras_tensorflow_hard_sigmoid"),
    *("keras_tensorflow_hard_tanh", "tf2onnx_norm_after", "tf2onnx_gelu", "sklearn_zipmap", "sklearn_binary_zipmap"),
    *("sklearn_scaled", "sklearn_scaled_double", "sklearn_min_max", "sklearn_labels"),
)  # samples that are read
BESIDE = "torch_script_relu"  # of which the numbers are put in another file
REFUSED = ("torch_script_conv", "torch_script_relu6", "torch_script_mish", "torch_script_residual_before")


def samples(folder: Path) -> None:
    """Copies of a few models, those of PyTorch's newer exporter without the lines of code that it notes down."""
    import onnx

    target = Path(__file__).parents[1] / "files" / "foreign" / "samples" / "onnx"
    target.mkdir(parents=True, exist_ok=True)
    said = {}
    for name in CHOSEN + REFUSED:
        model = onnx.load(folder / f"{name}.onnx", load_external_data=False)
        for node in model.graph.node:
            node.ClearField("metadata_props")
        model.ClearField("metadata_props")
        (target / f"{name}.onnx").write_bytes(model.SerializeToString())
        if name == BESIDE:
            external = {"save_as_external_data": True, "size_threshold": 0, "location": f"{name}.data"}
            onnx.save(model, target / f"{name}.onnx", **external)
            (target / f"{name}.data").chmod(0o644)
        answers = folder / f"{name}.json"
        if answers.exists() and name in CHOSEN:
            known = json.loads(answers.read_text())
            said[name] = {key: np.round(rows[:3], 9).tolist() for key, rows in known.items()}
    (target / "answers.json").write_text(json.dumps(said, indent=0) + "\n")


STEPS: dict[str, Callable[[Path], None]] = {
    "torch": make_torch,
    "keras": make_keras,
    "sklearn": make_sklearn,
    "tf": make_tf,
    "write": write,
    "run": run,
    "samples": samples,
    "check": check,
}

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    target = Path(sys.argv[2])
    target.mkdir(parents=True, exist_ok=True)
    STEPS[sys.argv[1]](target)
