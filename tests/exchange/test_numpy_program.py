"""The NumPy project, run in an interpreter of its own: the window's answers and its losses but for rounding."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.lessons import NASTY, answers, difference, projects, run_of
from tests.exchange.projects import project as numbered
from tests.exchange.projects import state_of, training_of
from visualnn.exchange import numpy_program, rows
from visualnn.exchange.numpy_program import functions
from visualnn.files.examples import load
from visualnn.nn.data import circles
from visualnn.nn.functions import (
    ACTIVATIONS,
    HIDDEN_ACTIVATIONS,
    LOSSES,
    activate,
    activation_slope,
    loss_backward,
    loss_rows,
    losses_for,
)
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.project import Project, new_project

RUNNER = """\
import json, runpy, sys
sys.path.insert(0, ".")
import model
inputs = json.loads(sys.argv[1])
sys.stdout, out = sys.stderr, sys.stdout
said = model.answers(model.loaded("weights.npz"), inputs).tolist()
curve = runpy.run_path("train.py", run_name="__main__")["curve"]
print(json.dumps({"answers": said, "curve": list(map(float, curve))}), file=out)
"""


def ran(project: Project, folder: Path, inputs: np.ndarray) -> dict:
    for name, content in numpy_program.files(project).items():
        (folder / name).write_bytes(content)
    return said(folder, "-W", "ignore", "-c", RUNNER, json.dumps(inputs.tolist()))


def said(folder: Path, *arguments: str) -> dict:
    command = [sys.executable, "-I", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def check(project: Project, folder: Path) -> list[float]:
    inputs = np.concatenate(
        [project.data.inputs[:3], np.random.default_rng(4).normal(0, 3, (2, project.network.inputs))]
    )
    found = ran(project, folder, inputs)
    assert np.allclose(found["answers"], answers(project, inputs), rtol=1e-12, atol=1e-13)
    losses, _weights = run_of(project, len(found["curve"]))
    assert difference(found["curve"], losses) < 1e-9
    return found["curve"]


@settings(max_examples=20)
@given(project=projects())
def test_answers_and_losses_are_those_of_the_window(project: Project, tmp_path_factory):
    check(project, tmp_path_factory.mktemp("project"))


@pytest.mark.parametrize("rule", ["momentum", "adagrad", "adam", "adamw", "nadam", "lion"])
def test_a_hundred_updates_are_those_of_the_window(rule: str, tmp_path):
    network = Network.of(2, 4, 3, 1, hidden="tanh", output="sigmoid")
    options = Options(Optimizer(rule, 0.02), "binary_cross_entropy", batch_size=6, seed=11, epochs=20)
    weights = np.random.default_rng(8).normal(0, 1, network.parameter_count)
    assert len(check(new_project("A lesson", network, circles(30), options, weights), tmp_path)) == 100


LEFT = [number for number in range(60) if state_of(number) == "resumed"][:4]


@pytest.mark.parametrize("number", LEFT)
def test_a_run_that_was_left_goes_on(number: int, tmp_path):
    project = numbered(number, updates=20, precision="float64")
    assert project.resumable is not None
    found = ran(project, tmp_path, project.data.inputs[:1])
    training = training_of(project)
    training.run(len(found["curve"]))
    losses = training.curve.view(training.updates).losses[-len(found["curve"]) :]
    assert difference(found["curve"], losses.tolist()) < 1e-9


def test_digits_are_recognised_and_learned_as_in_the_window(tmp_path):
    digits = load("digits")
    assert len(check(replace(digits, options=replace(digits.options, epochs=2)), tmp_path)) == 90


def test_the_programs_answer_on_the_command_line(tmp_path):
    project = load("adder")
    project = replace(project, options=replace(project.options, epochs=5))
    for name, content in numpy_program.files(project).items():
        (tmp_path / name).write_bytes(content)
    runs = [["predict.py", "2", "2"], ["predict.py", "--trained", "2", "2"], ["train.py"], ["predict.py", "2", "x"]]
    done = [subprocess.run([sys.executable, *run], cwd=tmp_path, capture_output=True, text=True) for run in runs]
    assert float(done[0].stdout) == pytest.approx(answers(project, np.array([[2.0, 2.0]]))[0][0], rel=1e-14)
    assert "python train.py makes it" in done[1].stderr
    assert done[2].stdout.startswith("update 1: loss ")
    assert "That is not a number" in done[3].stderr
    assert (tmp_path / "losses.csv").read_text().splitlines()[0] == "update,loss"
    trained = subprocess.run([sys.executable, *runs[1]], cwd=tmp_path, capture_output=True, text=True)
    _losses, weights = run_of(project, 5)
    expected = answers(project.with_parameters(weights), np.array([[2.0, 2.0]]))[0][0]
    assert float(trained.stdout) == pytest.approx(expected, rel=1e-12)


@given(seed=st.integers(0, 2**32), name=st.sampled_from(ACTIVATIONS))
def test_the_functions_are_those_of_the_window(seed: int, name: str):
    z = np.random.default_rng(seed).normal(0, 4, (3, 4))
    names = functions.needed(f"{name} {name}_slope")
    space: dict = {"np": np, "math": __import__("math")}
    exec(functions.written(names), space)
    a = space[name](z)
    assert np.allclose(a, activate(name, z), rtol=1e-15, atol=0)
    if name in HIDDEN_ACTIVATIONS:
        assert np.array_equal(space[f"{name}_slope"](z, a) + 0.0 * z, activation_slope(name, z, a))


@given(seed=st.integers(0, 2**32), output=st.sampled_from(ACTIVATIONS), loss=st.sampled_from(LOSSES))
def test_the_losses_are_those_of_the_window(seed: int, output: str, loss: str):
    loss = loss if loss in losses_for(output) else losses_for(output)[0]
    rng = np.random.default_rng(seed)
    z, y = rng.normal(0, 3, (3, 4)), rng.integers(0, 2, (3, 4)).astype(float)
    text = functions.loss_slope(loss, output)
    space: dict = {"np": np, "math": __import__("math")}
    exec("\n\n".join([functions.written(functions.needed(text)), functions.loss(loss), text]), space)
    a = activate(output, z)
    assert np.allclose(space["losses"](z, a, y), loss_rows(loss, z, a, y), rtol=1e-14)
    assert np.allclose(space["loss_slope"](z, a, y), loss_backward(loss, output, z, a, y), rtol=1e-13, atol=1e-16)


def but_for_classes(program: bytes) -> str:
    """What a program says, but for the names of the classes, which have to be texts."""
    tree = ast.parse(program)
    for line in list(tree.body):
        if isinstance(line, ast.Assign) and ast.unparse(line.targets[0]) == "CLASSES":
            assert all(isinstance(name, str) and name.isprintable() for name in ast.literal_eval(line.value))
            tree.body.remove(line)
    return ast.dump(tree)


@given(name=NASTY, headings=st.lists(NASTY, min_size=3, max_size=3), classes=st.lists(NASTY, min_size=2, max_size=2))
def test_no_name_becomes_code(name: str, headings: list[str], classes: list[str]):
    plain = new_project("plain", Network.of(2, 3, 1), circles(20), Options(), np.zeros(13))
    texts = {
        "name": name,
        "input_names": tuple(headings[:2]),
        "output_names": (headings[2],),
        "classes": tuple(classes),
    }
    made = numpy_program.files(replace(plain.renamed(name), data=replace(plain.data, **texts)))
    for file, content in numpy_program.files(plain).items():
        if file.endswith(".py"):
            assert but_for_classes(made[file]) == but_for_classes(content)
    assert made["README.md"].decode().count("\n#") == 4
    assert len(made[rows.TABLE].decode().splitlines()) >= 21


def test_alike_layers_are_counted():
    assert functions.listed(("tanh", "relu")) == "(tanh, relu)"
    assert functions.listed(("relu",) * 9 + ("tanh",)) == "(relu,) * 9 + (tanh,)"
    assert eval(functions.listed(("all",))) == (all,)
