"""Weights alone: safetensors in PyTorch and back, JSON in scikit-learn and back, beside our predictions.

PYTHON needs torch, safetensors and scikit-learn. Each program runs in a fresh interpreter somewhere else and knows
nothing but the files.
"""

from __future__ import annotations

import subprocess
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np

from tests.exchange.projects import project
from visualnn.files.documents import open_document
from visualnn.files.foreign import plain_json, state_dict
from visualnn.files.foreign.adoption import Hints
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import HIDDEN_ACTIVATIONS
from visualnn.nn.metrics import predict
from visualnn.project import Project

ROWS = 64
TORCH = """\
import sys, numpy as np, torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import nn
PARTS = {"relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "gelu": nn.GELU, "silu": nn.SiLU,
         "softplus": nn.Softplus, "tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "hard_tanh": nn.Hardtanh,
         "hard_sigmoid": nn.Hardsigmoid, "hard_silu": nn.Hardswish, "linear": nn.Identity,
         "softmax": lambda: nn.Softmax(-1)}
rows = np.load("rows.npz")
for name in rows:
    with safe_open(f"{name}.safetensors", "pt") as file:
        names = file.metadata()["activations"].split(",")
    state = load_file(f"{name}.safetensors")
    layers = []
    for place, activation in enumerate(names):
        outputs, inputs = state[f"{2 * place}.weight"].shape
        layers += [nn.Linear(inputs, outputs), PARTS[activation]()]
    model = nn.Sequential(*layers).double()
    model.load_state_dict(state)
    with torch.no_grad():
        np.save(f"{name}.npy", model(torch.from_numpy(rows[name])).numpy())
    theirs = {f"module.net.{key}": value for key, value in model.state_dict().items()}
    save_file(theirs, f"{name}-back.safetensors", metadata={"activations": ",".join(names)})
    for kind in ("float32", "float16", "bfloat16"):
        short = nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Linear(5, 2)).to(getattr(torch, kind))
        save_file(short.state_dict(), f"{kind}.safetensors")
        with torch.no_grad():
            np.save(f"{kind}.npy", short.double()(torch.ones(1, 3, dtype=torch.float64)).numpy())
"""
SKLEARN = """\
import json, warnings, numpy as np
from sklearn.neural_network import MLPClassifier, MLPRegressor
warnings.simplefilter("ignore")
x = np.random.default_rng(0).normal(size=(200, 3))
np.save("x.npy", x)
total = x.sum(1)
answers = {"numbers": np.c_[total, x[:, 0] ** 2], "two": (total > 0).astype(int), "three": np.digitize(total, (-1, 1))}
for activation in ("identity", "logistic", "tanh", "relu"):
    for kind, y in answers.items():
        make = MLPRegressor if kind == "numbers" else MLPClassifier
        m = make(hidden_layer_sizes=(8, 5), activation=activation, max_iter=50, random_state=0).fit(x, y)
        said = m.predict(x) if kind == "numbers" else m.predict_proba(x)[:, 1:] if kind == "two" else m.predict_proba(x)
        np.save(f"{kind}-{activation}.npy", said)
        weights = {"coefs": [w.tolist() for w in m.coefs_], "intercepts": [b.tolist() for b in m.intercepts_]}
        said = {"activation": m.activation, "out_activation": m.out_activation_}
        json.dump({**weights, **said}, open(f"{kind}-{activation}.json", "w"))
"""


def main(python: str, projects: int) -> None:
    """Print the largest difference of a prediction for each way there and back."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        made = _exported(folder, projects)
        _run(python, TORCH, folder)
        _run(python, SKLEARN, folder)
        print(f"safetensors, {len(made)} projects: predictions in PyTorch differ by {_out(folder, made):.1e}")
        print(f"  as PyTorch writes them: {_back(folder, made)} of {len(made)} come back to the bit")
        for kind in ("float32", "float16", "bfloat16"):
            found = open_document(str(folder / f"{kind}.safetensors"), Hints("tanh", "linear"))
            print(f"  {kind}: predictions differ by {_apart(found, np.ones((1, 3)), folder / f'{kind}.npy'):.1e}")
        theirs = sorted(folder.glob("*-*.json"))
        x = np.load(folder / "x.npy")
        most = max(_apart(open_document(str(path)), x, path.with_suffix(".npy")) for path in theirs)
        print(f"JSON of scikit-learn, {len(theirs)} networks: predictions differ by {most:.1e}")
        same = sum(_same(open_document(str(folder / f"{name}.json")), each) for name, each in made.items())
        print(f"JSON of our own: {same} of {len(made)} come back to the bit")


def _exported(folder: Path, projects: int) -> dict[str, Project]:
    """Networks that a Sequential can be, with every activation among them."""
    made, rows = {}, {}
    for number in range(projects):
        each = project(number, updates=20)
        names = tuple(f"x{place}" for place in range(each.network.inputs))
        data = replace(each.data, input_names=names)
        each = replace(each, network=replace(each.network, shortcut=0), data=data)
        try:
            content = state_dict.content(each)
        except VisualNNError as error:
            print(f"{number}: {error}")
            continue
        name = f"{number}"
        made[name], rows[name] = each, np.random.default_rng(number).normal(size=(ROWS, each.network.inputs))
        (folder / f"{name}.safetensors").write_bytes(content)
        (folder / f"{name}.json").write_bytes(plain_json.content(each))
    np.savez(folder / "rows.npz", **rows)
    used = {activation for each in made.values() for activation in each.network.activations}
    print(f"activations: {len(used & set(HIDDEN_ACTIVATIONS))} of {len(HIDDEN_ACTIVATIONS)}, with softmax {len(used)}")
    return made


def _run(python: str, program: str, folder: Path) -> None:
    subprocess.run([python, "-I", "-c", program], cwd=folder, check=True)


def _out(folder: Path, made: dict[str, Project]) -> float:
    rows = np.load(folder / "rows.npz")
    return max(_difference(each, rows[name], folder / f"{name}.npy") for name, each in made.items())


def _back(folder: Path, made: dict[str, Project]) -> int:
    return sum(_same(open_document(str(folder / f"{name}-back.safetensors")), each) for name, each in made.items())


def _same(found: Project, given: Project) -> bool:
    """Whether the weights that work, and the network, are those that were given."""
    kept = given.parameters if given.mask is None else given.mask.kept(given.parameters)
    return found.network == given.network and found.parameters.tobytes() == kept.tobytes()


def _apart(found: Project, x: np.ndarray, theirs: Path) -> float:
    return float(np.abs(predict(found.network, found.parameters, x) - np.load(theirs)).max())


def _difference(each: Project, x: np.ndarray, theirs: Path) -> float:
    """The largest, where numbers beyond 1 count by their size."""
    ours = predict(each.network, each.parameters, x, each.mask)
    return float((np.abs(ours - np.load(theirs)) / np.maximum(1.0, np.abs(ours))).max())
