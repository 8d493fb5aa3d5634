"""Real models of Keras 3 and what Keras predicts with them, beside what the networks made of their files say.

    python tests/bench/keras_models.py --keras PYTHON           (PYTHON has keras and jax)
    python tests/bench/keras_models.py --keras PYTHON --samples (writes tests/files/foreign/samples as well)

Prints the largest difference of each model: in 32 bits, as Keras computes by itself, and in 64, where some of
its functions still take a step through 32. Not a test.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

SAMPLES = Path(__file__).parents[1] / "files" / "foreign" / "samples"
KEPT = (
    "all_activations",
    "shortcuts",
    "normalized",
    "pictures",
    "batch_normalized",
    "nested",
)  # whose files are samples
AS_WRITTEN = "pictures"
ROWS = 64
HIDDEN = ("relu", "elu", "gelu", "silu", "softplus", "tanh", "sigmoid", "hard_tanh", "hard_sigmoid", "hard_silu")


def main() -> None:
    """Both halves: with Keras in another Python, and without it in this one."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keras", required=True, metavar="PYTHON")
    parser.add_argument("--samples", action="store_true")
    parser.add_argument("--make", metavar="FOLDER", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.make:
        make(Path(options.make))
        return
    with tempfile.TemporaryDirectory() as folder:
        environment = {"KERAS_BACKEND": "jax", "JAX_ENABLE_X64": "1"} | os.environ
        command = [options.keras, __file__, "--keras", options.keras, "--make", folder]
        subprocess.run(command, check=True, env=environment, stderr=subprocess.DEVNULL)
        compare(Path(folder))
        if options.samples:
            keep(Path(folder))


# -- without Keras -----------------------------------------------------------------------------------------------


def compare(folder: Path) -> None:
    """Prints a line for each model."""
    sys.path.insert(0, str(Path(__file__).parents[2]))
    from visualnn.files.foreign import formats
    from visualnn.nn.metrics import predict

    print(f"{'model':34} {'largest difference':>20} {'of values up to':>16}")
    worst: dict[str, float] = {}
    for path in sorted(folder.glob("*.keras")):
        project = formats.read(path)
        with np.load(path.with_suffix(".npz")) as arrays:
            x, y = arrays["x"].astype(np.float64), arrays["y"].astype(np.float64)
        miss = np.abs(predict(project.network, project.parameters, x.reshape(len(x), -1)) - y).max()
        bits = path.stem.split(".")[-1]
        worst[bits] = max(worst.get(bits, 0.0), miss / max(1.0, np.abs(y).max()))
        print(f"{path.stem:34} {miss:20.3g} {np.abs(y).max():16.3g}")
    words = ", ".join(f"{bits} {miss:.2g}" for bits, miss in worst.items())
    print(f"largest difference as a share of the largest value: {words}")


def keep(folder: Path) -> None:
    """The smallest models, and what Keras predicts, as samples for the tests."""
    told: dict[str, Any] = {}
    for name in KEPT:
        path = folder / f"{name}.float32.keras"
        (SAMPLES / f"{name}.keras").write_bytes(path.read_bytes() if name == AS_WRITTEN else packed(path))
        with np.load(path.with_suffix(".npz")) as arrays:
            told[name] = {"x": arrays["x"][:4].tolist(), "y": arrays["y"][:4].tolist()}
    (SAMPLES / "keras.json").write_text(json.dumps(told) + "\n", "utf-8")


def packed(path: Path) -> bytes:
    """The same parts, packed; Keras does not pack them."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(path) as archive, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as smaller:
        for entry in archive.infolist():
            smaller.writestr(entry, archive.read(entry), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


# -- with Keras --------------------------------------------------------------------------------------------------


def make(folder: Path) -> None:
    """Saves every model with random weights, once of 32 bits and once of 64."""
    import keras

    for bits in ("float32", "float64"):
        keras.config.set_floatx(bits)
        keras.config.set_dtype_policy(bits)
        for name, build in MODELS.items():
            keras.utils.set_random_seed(len(name))
            keras.backend.clear_session()
            model = build(keras, keras.layers)
            rng = np.random.default_rng(len(name))
            model.set_weights(
                [_random(rng, w, v.path) for w, v in zip(model.get_weights(), model.weights, strict=True)]
            )
            x = rng.normal(size=(ROWS, *model.input_shape[1:])).astype(bits)
            path = folder / f"{name}.{bits}.keras"
            model.save(path)
            again = keras.models.load_model(path)  # as it lies in the file
            y = keras.ops.convert_to_numpy(again(keras.ops.convert_to_tensor(x, dtype=bits)))
            np.savez(path.with_suffix(".npz"), x=x, y=y)


def _random(rng: np.random.Generator, like: np.ndarray, path: str) -> np.ndarray:
    if like.dtype.kind != "f":
        return like
    values = rng.normal(size=like.shape) * (2.0 / np.sqrt(len(like)) if like.ndim == 2 else 1.0)
    return (np.abs(values) + 0.1 if "variance" in path else values).astype(like.dtype)


def _activations(k: Any, L: Any) -> Any:
    return k.Sequential([k.Input((3,)), *(L.Dense(4, activation=name) for name in HIDDEN), L.Dense(2)])


def _layers_of_activations(k: Any, L: Any) -> Any:
    made = (L.ReLU(), L.LeakyReLU(0.01), L.ELU(), L.Activation("swish"), L.ReLU(negative_slope=0.01))
    inside = [each for layer in made for each in (L.Dense(4), layer)]
    return k.Sequential([k.Input((3,)), *inside, L.Dense(3), L.Softmax()])


def _compiled(k: Any, L: Any) -> Any:
    model = k.Sequential([k.Input((4,)), L.Dense(5, "tanh", kernel_regularizer="l2"), L.Dense(1, "sigmoid")])
    model.compile(k.optimizers.SGD(0.05, momentum=0.9, nesterov=True), k.losses.BinaryCrossentropy())
    model.fit(np.zeros((2, 4)), np.zeros((2, 1)), verbose=0)
    return model


def _shortcuts(k: Any, L: Any) -> Any:
    start = x = L.Dense(4, "tanh")(source := k.Input((3,)))
    for _ in range(3):
        y = L.Dense(4, "relu")(L.Dense(4, "tanh")(x))
        x = L.Add()([x, y])
    assert start is not x
    return k.Model(source, L.Dense(2)(x))


def _every_shortcut(k: Any, L: Any) -> Any:
    x = L.Dense(5, "elu", name="z")(source := k.Input((2,), name="s"))
    for number in range(4):
        x = L.Add(name=f"a{number}")([L.Dropout(0.5)(L.Dense(5, "tanh", name=f"d{number}")(x)), x])
    return k.Model(source, L.Dense(3, "softmax", name="last")(x))


def _functional(k: Any, L: Any) -> Any:
    x = L.Dense(6, "silu", name="dense_7")(L.Flatten()(source := k.Input((2, 3))))
    return k.Model(source, L.Activation("softmax")(L.Dropout(0.1)(L.Dense(4, name="dense")(x))))


def _nested(k: Any, L: Any) -> Any:
    inner = k.Sequential([k.Input((5,)), L.Dense(4, "gelu"), k.Sequential([k.Input((4,)), L.Dense(3, "tanh")])])
    x = inner(L.Dense(5)(source := k.Input((3,))))
    source2 = k.Input((3,))
    tail = k.Model(source2, L.Dense(2, "relu")(source2))
    return k.Model(source, L.Dense(1)(tail(x)))


def _adapted(k: Any, L: Any, axis: Any, shape: tuple[int, ...]) -> Any:
    layer = L.Normalization(axis=axis)
    layer.adapt(np.random.default_rng(1).normal(2.0, 3.0, (50, *shape)))
    return k.Sequential([k.Input(shape), layer, L.Flatten(), L.Dense(3, "tanh"), L.Dense(2)])


def _batch_normalized(k: Any, L: Any) -> Any:
    inside = [L.Dense(4), L.BatchNormalization(), L.ReLU(), L.BatchNormalization(scale=False), L.Dense(4, "tanh")]
    ends = [L.BatchNormalization(center=False), L.Dense(2), L.BatchNormalization(), L.Rescaling(3.0, 1.0)]
    return k.Sequential([k.Input((3,)), L.BatchNormalization(), *inside, *ends])


def _wide(k: Any, L: Any) -> Any:
    return k.Sequential([k.Input((1001,)), L.Dense(1100, "relu"), L.Dense(10, "softmax")])


MODELS: dict[str, Callable[[Any, Any], Any]] = {
    "linear": lambda k, L: k.Sequential([k.Input((2,)), L.Dense(1)]),
    "article": lambda k, L: k.Sequential([k.Input((2,)), L.Dense(3, "relu"), L.Dense(1)]),
    "all_activations": _activations,
    "activation_layers": _layers_of_activations,
    "activation_objects": lambda k, L: k.Sequential(
        [k.Input((2,)), L.Dense(3, activation=L.LeakyReLU(0.01)), L.Dense(1, activation=k.activations.hard_sigmoid)]
    ),
    "without_biases": lambda k, L: k.Sequential(
        [k.Input((3,)), L.Dense(4, "tanh", use_bias=False), L.Dense(2, use_bias=False)]
    ),
    "softmax": lambda k, L: k.Sequential([k.Input((4,)), L.Dense(8, "relu"), L.Dense(3, "softmax")]),
    "compiled": _compiled,
    "dropout": lambda k, L: k.Sequential(
        [k.Input((3,)), L.Dense(5, "relu"), L.Dropout(0.25), L.Dense(4, "relu"), L.Dropout(0.25), L.Dense(2)]
    ),
    "noise": lambda k, L: k.Sequential(
        [k.Input((3,)), L.GaussianNoise(0.1), L.Dense(5, "elu"), L.GaussianDropout(0.25), L.Dense(2)]
    ),
    "pictures": lambda k, L: k.Sequential(
        [k.Input((4, 4, 1)), L.Rescaling(1 / 255), L.Flatten(), L.Dense(3, "relu"), L.Dense(2, "softmax")]
    ),
    "reshaped": lambda k, L: k.Sequential([k.Input((2, 6)), L.Reshape((-1,)), L.Dense(3, "relu"), L.Dense(2)]),
    "rescaled": lambda k, L: k.Sequential(
        [k.Input((3,)), L.Rescaling([1.0, 2.0, 0.5], offset=[0.1, 0.2, -3.0]), L.Dense(3, "tanh"), L.Dense(1)]
    ),
    "normalized": lambda k, L: _adapted(k, L, -1, (3,)),
    "normalized_whole": lambda k, L: _adapted(k, L, None, (3,)),
    "normalized_axes": lambda k, L: _adapted(k, L, (1, 2), (2, 3, 2)),
    "normalized_last": lambda k, L: _adapted(k, L, -1, (2, 3)),
    "normalized_given": lambda k, L: k.Sequential(
        [k.Input((2,)), L.Normalization(mean=[1.0, -2.0], variance=[4.0, 0.25]), L.Dense(3, "tanh"), L.Dense(1)]
    ),
    "denormalized": lambda k, L: k.Sequential(
        [k.Input((2,)), L.Dense(2), L.Normalization(mean=[1.0, -2.0], variance=[4.0, 0.25], invert=True)]
    ),
    "batch_normalized": _batch_normalized,
    "functional": _functional,
    "shortcuts": _shortcuts,
    "every_shortcut": _every_shortcut,
    "nested": _nested,
    "deep": lambda k, L: k.Sequential([k.Input((3,)), *(L.Dense(3, "tanh") for _ in range(40)), L.Dense(1)]),
    "wide": _wide,
}


if __name__ == "__main__":
    main()
