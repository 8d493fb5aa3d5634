"""The program in plain Python, run in an interpreter without any library: the window's answers and its losses."""

from __future__ import annotations

import ast
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.lessons import NASTY, answers, difference, executed, projects, run_of
from visualnn.exchange import python_loop, python_program, start
from visualnn.files.examples import load
from visualnn.nn.data import circles, random_rows
from visualnn.nn.errors import VisualNNError
from visualnn.nn.history import Progress
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Training
from visualnn.project import Project, new_project

BARE = ("-S",)  # without the packages that are installed


def ran(project: Project, folder, inputs: np.ndarray, *wanted: str) -> dict:
    files = python_program.files(project)
    return executed(files, folder, "network.py", inputs, "curve", *wanted, bare=BARE)


def check(project: Project, folder, tolerance: float = 1e-9) -> dict:
    """The same answers to the bit, and the same losses."""
    inputs = np.concatenate(
        [project.data.inputs[:3], np.random.default_rng(4).normal(0, 3, (2, project.network.inputs))]
    )
    found = ran(project, folder, inputs)
    assert [np.ravel(answer).tolist() for answer in found["answers"]] == answers(project, inputs)
    losses, _weights = run_of(project, len(found["curve"]))
    assert difference(found["curve"], losses) < tolerance
    return found


@settings(max_examples=40)
@given(project=projects())
def test_the_answers_are_the_windows_and_so_are_the_losses(project: Project, tmp_path_factory):
    length = start.epoch_length(project)
    assert len(check(project, tmp_path_factory.mktemp("program"))["curve"]) == 4 * length


def lesson(rule: str, **others) -> Project:
    """A 2-4-3-1 network with 30 rows, five batches an epoch, for a hundred updates."""
    network = Network.of(2, 4, 3, 1, hidden="tanh", output="sigmoid")
    options = Options(Optimizer(rule, 0.02), "binary_cross_entropy", batch_size=6, seed=11, epochs=20, **others)
    rng = np.random.default_rng(8)
    return new_project("A lesson", network, circles(30), options, rng.normal(0, 1, network.parameter_count))


@pytest.mark.parametrize("rule", ["sgd", "nesterov", "rmsprop", "adam", "nadam", "lion"])
def test_a_hundred_updates_are_those_of_the_window(rule: str, tmp_path):
    assert len(check(lesson(rule), tmp_path)["curve"]) == 100


def test_a_long_program_trains_as_well(tmp_path):
    network = Network(3, (*[Layer(9, "gelu")] * 5, Layer(2, "softmax")), shortcut=2)
    options = Options(Optimizer("adamw", 0.002, weight_decay=0.05), "cross_entropy", clip_norm=0.5, epochs=100)
    data = replace(random_rows(3, 2, 12), targets=np.eye(2)[np.arange(12) % 2])
    project = new_project("Long", network, data, options, np.zeros(network.parameter_count))
    project = replace(project, silent=frozenset({(1, 2), (3, 0), (0, 1)}), cut=frozenset({(0, 0, 0), (4, 2, 5)}))
    assert "dense(" in python_program.program(project)
    check(project, tmp_path)


def test_a_run_that_was_left_goes_on_in_the_middle_of_an_epoch(tmp_path):
    project = lesson("nadam")
    training = Training(project.network, project.data, project.options)
    training.run(37)
    progress = Progress(training.checkpoint(), training.start, training.curve.view(37))
    left = replace(project.with_parameters(training.parameters), progress=progress)
    assert left.resumable is progress
    found = ran(left, tmp_path, project.data.inputs[:2])
    losses, _weights = run_of(project, 100)
    assert len(found["curve"]) == 63
    assert difference(found["curve"], losses[37:]) < 1e-9


def test_a_run_ends_at_its_goal_or_when_the_test_loss_gets_no_better(tmp_path):
    project = lesson("adam", goal=0.69)
    found = ran(project, tmp_path, project.data.inputs[:1])
    losses, _weights = run_of(project, 100)
    assert found["curve"][-1] < 0.69 <= min(losses)
    assert len(found["curve"]) - 1 == len(losses) < 100
    data = replace(project.data, test_inputs=project.data.inputs[:4], test_targets=1.0 - project.data.targets[:4])
    tired = replace(lesson("adam", patience=2), data=data)
    assert len(ran(tired, tmp_path, project.data.inputs[:1])["curve"]) % 5 == 0
    assert len(ran(tired, tmp_path, project.data.inputs[:1])["curve"]) < 100


@given(seed=st.integers(0, 2**63 - 1), rows=st.integers(2, 300))
def test_the_order_of_the_rows_is_numpys(seed: int, rows: int):
    network = Network.of(1, 1)
    project = new_project("", network, random_rows(1, 1, rows), Options(seed=seed, batch_size=1), np.zeros(2))
    (text,) = python_loop.functions(project, start.start_of(project))
    space: dict = {}
    exec(text, space)
    rng = np.random.default_rng(10_000 + seed)
    for _epoch in range(3):
        assert space["permutation"](rows) == rng.permutation(rows).tolist()


@settings(max_examples=15)
@given(name=NASTY, headings=st.lists(NASTY, min_size=3, max_size=3), classes=st.lists(NASTY, min_size=2, max_size=2))
def test_no_name_becomes_code(name: str, headings: list[str], classes: list[str], tmp_path_factory):
    plain = lesson("sgd")
    plain = replace(plain, data=replace(plain.data, input_names=("one", "two")))
    texts = {
        "name": name,
        "input_names": tuple(headings[:2]),
        "output_names": (headings[2],),
        "classes": tuple(classes),
    }
    named = replace(plain.renamed(name), data=replace(plain.data, **texts))
    trees = [ast.dump(ast.parse(python_program.program(project))) for project in (plain, named)]
    assert trees[0] == trees[1]
    ran(named, tmp_path_factory.mktemp("named"), plain.data.inputs[:1])


def test_a_program_says_that_it_counts_with_more_bits():
    adder = load("adder")
    short = replace(adder, options=replace(adder.options, precision="float32"))
    said = "# VisualNN trains this network with 32-bit numbers, this program with 64 bits."
    assert said in python_program.program(short).splitlines()
    assert said not in python_program.program(adder).splitlines()


def test_only_a_program_that_keeps_its_name_names_itself():
    assert "python network.py" in python_program.program(load("digits"))
    assert "network.py" not in python_program.program(load("adder"))


def test_many_rows_lie_beside_the_program(tmp_path, monkeypatch):
    digits = load("digits")
    assert set(python_program.files(digits)) == {"network.py", "data.csv"}
    small = replace(lesson("adam"), options=replace(lesson("adam").options, epochs=3))
    monkeypatch.setattr(python_program, "MOST_TYPED", 10)
    assert set(python_program.files(small)) == {"network.py", "data.csv"}
    check(small, tmp_path)
    wide = replace(small, options=replace(small.options, dropout=0.25))
    check(wide, tmp_path)


def test_digits_are_recognised_and_learned_as_in_the_window(tmp_path):
    digits = load("digits")
    short = replace(
        digits,
        options=replace(digits.options, epochs=1),
        data=replace(digits.data, test_inputs=digits.data.test_inputs[:5], test_targets=digits.data.test_targets[:5]),
    )
    assert len(check(short, tmp_path)["curve"]) == 45


def test_a_network_that_is_too_large_is_refused_in_a_sentence():
    sentence = (
        "This network has 1,005,001 weights and biases; a program in plain Python can have 200,000. Export it as NumPy."
    )
    assert python_program.limit(load("million")) == sentence
    with pytest.raises(VisualNNError, match="Export it as NumPy"):
        python_program.files(load("million"))
    assert python_program.limit(load("deep")) == ""


def test_weights_that_have_diverged_are_refused_in_a_sentence():
    project = lesson("sgd")
    weights = np.full(project.parameters.size, np.nan)
    with pytest.raises(VisualNNError, match="no longer finite numbers"):
        python_program.files(replace(project, parameters=weights))


def test_a_run_that_diverges_ends_with_a_sentence(tmp_path):
    network = Network.of(2, 5, 1, hidden="softplus")
    options = Options(Optimizer("sgd", 1e60), epochs=50)
    project = new_project("Too fast", network, circles(10), options, np.zeros(network.parameter_count))
    found = ran(project, tmp_path, project.data.inputs[:1])
    assert len(found["curve"]) < 10
    assert not np.isfinite(found["curve"][-1])
