"""The Keras project: its network gives the window's answers, and its programs say what they should.

Keras itself runs them in `tests/bench/exchange.py`; here a twin of it in NumPy does what model.py asks for.
"""

from __future__ import annotations

import ast
import runpy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange import keras_twin
from tests.exchange.lessons import NASTY, answers, projects
from tests.exchange.projects import project as numbered
from tests.exchange.projects import state_of
from visualnn.exchange import keras, rows
from visualnn.exchange.keras import training, words
from visualnn.exchange.start import start_of
from visualnn.files.examples import load
from visualnn.nn.data import circles
from visualnn.nn.functions import HIDDEN_ACTIVATIONS
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.project import Project, new_project


def said(project: Project, folder: Path, inputs: np.ndarray, **arguments) -> np.ndarray:
    """What the network of model.py says."""
    for name, content in keras.files(project).items():
        (folder / name).write_bytes(content)
    with keras_twin.installed():
        model = runpy.run_path(str(folder / "model.py"))
        return model["fill"](model["build"](**arguments), model["loaded"]("weights.npz")).predict(inputs)


@given(project=projects())
def test_the_network_gives_the_answers_of_the_window(project: Project, tmp_path_factory):
    inputs = np.random.default_rng(3).normal(0, 2, (4, project.network.inputs))
    found = said(project, tmp_path_factory.mktemp("keras"), inputs)
    assert np.allclose(found, answers(project, inputs), rtol=1e-12, atol=1e-13)


@given(project=projects())
def test_every_program_can_be_read(project: Project):
    for name, content in keras.files(project).items():
        if name.endswith(".py"):
            tree = ast.parse(content)
            imported = {
                alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
            }
            used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert imported <= used


def test_all_activations_and_what_is_silent_behind_a_shortcut(tmp_path):
    network = Network(3, (*[Layer(4, name) for name in HIDDEN_ACTIVATIONS], Layer(2, "softmax")), shortcut=2)
    weights = np.random.default_rng(1).normal(0, 1, network.parameter_count)
    data = replace(circles(8), inputs=np.ones((8, 3)), targets=np.eye(2)[np.arange(8) % 2], input_names=())
    project = new_project("All", network, data, Options(loss="cross_entropy"), weights)
    project = project.with_silent(1, 2, True).with_silent(3, 0, True).with_silent(0, 1, True).with_cut(4, 1, 1, True)
    inputs = np.random.default_rng(2).normal(0, 2, (5, 3))
    assert np.allclose(said(project, tmp_path, inputs), answers(project, inputs), rtol=1e-12)
    sums = said(project, tmp_path, inputs, logits=True)
    e = np.exp(sums)
    assert np.allclose(e / e.sum(axis=1, keepdims=True), answers(project, inputs), rtol=1e-12)


def test_training_begins_where_the_windows_would_and_keeps_what_is_cut():
    fresh = load("adder")
    assert {"weights.npz", "start.npz"} <= set(keras.files(fresh))
    assert 'loaded("start.npz")' in keras.files(fresh)["train.py"].decode()
    trained = replace(fresh.with_parameters(fresh.parameters), cut=frozenset({(0, 0, 1)}))
    made = keras.files(trained)
    assert "start.npz" not in made
    assert "mask.npz" in made
    assert "kernel_constraint=Kept(w)" in made["train.py"].decode()


def test_a_run_that_was_left_does_the_epochs_that_are_left():
    number = next(number for number in range(60) if state_of(number) == "resumed")
    project = numbered(number, updates=20)
    start = start_of(project)
    left = training.epochs(project, start)
    assert 0 < left < start.epochs
    assert f"epochs={left}" in keras.files(project)["train.py"].decode()
    assert "is not taken along" in keras.files(project)["README.md"].decode()


@pytest.mark.parametrize(
    ("options", "word"),
    [
        (Options(Optimizer("adam")), "epsilon"),
        (Options(Optimizer("momentum"), schedule=Schedule("step")), "velocity"),
        (Options(Optimizer("sgd"), schedule=Schedule("plateau")), "plateau"),
        (Options(Optimizer("sgd"), clip_norm=1.0, clip_value=1.0), "one way"),
        (Options(Optimizer("nadam")), "looks ahead"),
    ],
)
def test_the_readme_says_what_keras_counts_otherwise(options: Options, word: str):
    network = Network.of(2, 3, 1)
    project = new_project("A net", network, circles(20), options, np.zeros(13))
    (sentence,) = words.arithmetic(project)
    assert word in sentence
    assert sentence in keras.files(project)["README.md"].decode()
    assert "So are the losses" not in keras.files(project)["README.md"].decode()
    plain = replace(project, options=Options(Optimizer("sgd")))
    assert "So are the losses" in keras.files(plain)["README.md"].decode()


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
    made = keras.files(replace(plain.renamed(name), data=replace(plain.data, **texts)))
    for file, content in keras.files(plain).items():
        if file.endswith(".py"):
            assert but_for_classes(made[file]) == but_for_classes(content)
    assert made["README.md"].decode().count("\n#") == 4
    assert len(made[rows.TABLE].decode().splitlines()) >= 21
