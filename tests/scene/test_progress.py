"""The sentence about a run says how far it is, what the loss does and what the network answers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tests.scene.samples import adder
from visualnn.files import examples
from visualnn.nn.curve import CurveView
from visualnn.nn.data import Dataset
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import SOURCES, made
from visualnn.nn.trace import Trace, trace
from visualnn.nn.training import Snapshot, Stop
from visualnn.project import Project, new_project
from visualnn.scene.formula import plain
from visualnn.scene.progress import sentence


def snapshot(losses: list[float], *, update: int | None = None, stop: Stop | None = None) -> Snapshot:
    """A run whose last loss is the present one."""
    update = len(losses) - 1 if update is None else update
    curve = CurveView(np.array(losses[:-1]), 1)
    return Snapshot(update, update, losses[-1], adder().parameters, curve, update, curve, stop)


def traced(project: Project) -> Trace:
    return trace(project.network, project.parameters, project.sample)


def said(shot: Snapshot, *, running: bool = False, project: Project | None = None) -> str:
    project = project or adder()
    return plain(sentence(project, shot, traced(project), running))


def test_before_the_first_update():
    assert said(snapshot([0.5])) == "Random weights, seed 0. It says 2 + 2 = 3.99. Press play to train."
    assert said(snapshot([0.5]), running=True) == "Training starts."


def test_the_seed_is_the_projects():
    project = adder().with_options(replace(adder().options, seed=42))
    assert said(snapshot([0.5]), project=project).startswith("Random weights, seed 42.")


@pytest.mark.parametrize(
    ("losses", "words"),
    [
        ([8.0, 4.0, 2.0, 1.0], "Update 3: loss 1.00 and falling."),
        ([1.0, 2.0, 4.0, 8.0], "Update 3: loss 8.00 and rising."),
        ([2.0, 2.0, 2.0, 2.001], "Update 3: loss 2.00 and hardly moving."),
        ([2.0, 1.0], "Update 1: loss 1.00."),
    ],
)
def test_the_trend_while_it_runs(losses, words):
    assert said(snapshot(losses), running=True) == words


def test_the_trend_looks_a_tenth_of_the_run_back():
    losses = [1.0 - 0.001 * i for i in range(100)]
    assert said(snapshot(losses), running=True) == "Update 99: loss 0.901 and falling."
    slow = [1.0 - 0.0001 * i for i in range(100)]
    assert "hardly moving" in said(snapshot(slow), running=True)


def test_standing_still_it_says_what_the_network_answers():
    assert said(snapshot([2.0, 1.0, 0.123456])) == "Update 2: loss 0.123. It says 2 + 2 = 3.99."


def test_many_updates_have_separators():
    assert said(snapshot([1.0, 0.5], update=12345)).startswith("Update 12,345: loss")


def test_the_goal():
    shot = snapshot([1.0, 1e-11], update=287, stop=Stop.GOAL)
    assert said(shot) == "Trained: after 287 updates the loss is 1.00e−11. It says 2 + 2 = 3.99."
    assert said(shot, running=True).startswith("Update 287")


def test_a_run_that_diverged():
    shot = snapshot([1.0, float("nan")], update=7, stop=Stop.DIVERGED)
    assert said(shot) == "Training stopped: after update 7 the loss is no longer a number."
    assert said(shot, running=True) == said(shot)


def test_a_classifier_speaks_of_its_point():
    project = examples.load("xor")
    assert " For this point it says " in said(snapshot([1.0, 0.5]), project=project)


@pytest.mark.parametrize(("recipe", "noun"), [("reviews", "review"), ("cats_dogs", "picture"), ("circles", "point")])
def test_a_row_is_called_what_it_is(recipe, noun):
    project = examples.load("xor").with_data(made(SOURCES[recipe].recipe))
    assert f" For this {noun} it says " in said(snapshot([1.0, 0.5]), project=project)
    counted = plain(sentence(project, snapshot([1.0, 0.5]), traced(project), True, right=(3, 4)))
    assert counted.endswith(f" 3 of 4 training {noun}s are right.")


def test_other_networks_just_answer():
    project = examples.load("backprop")
    assert " It says " in said(snapshot([1.0, 0.5]), project=project)


def test_of_several_answers_the_strongest_is_named() -> None:
    network = Network.of(2, 3, output="softmax")
    data = Dataset("three", np.eye(3)[:, :2], np.eye(3), ("a", "b"), classification=True)
    parameters = np.array([0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.1, 2.0, 0.3])
    project = new_project("three", network, data, Options(loss="cross_entropy"), parameters)
    text = said(snapshot([1.0, 0.5]), project=project)
    assert text.endswith(f"Its strongest answer is d: {traced(project).output[1]:.2f}.")
