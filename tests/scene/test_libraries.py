"""The lines of PyTorch and Keras: they compile, name every constant, and what of them needs no library is right."""

from __future__ import annotations

import ast
import math
import types
from dataclasses import replace

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.nn import initializers, optimizers, schedule
from visualnn.nn.data import circles, number_pairs, random_rows
from visualnn.nn.functions import HIDDEN_ACTIVATIONS, LOSSES, losses_for
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import rows_of
from visualnn.nn.schedule import Schedule
from visualnn.project import Project, new_project
from visualnn.scene.libraries import LIBRARIES, listing
from visualnn.scene.libraries.columns import landings

NET = Network.of(2, 4, 3, 1, hidden="tanh")


def pairs(names: tuple[str, ...]) -> list[tuple[str, str]]:
    """Every library with every name."""
    return [(library, name) for library in LIBRARIES for name in names]


def project(options: Options, network: Network = NET, data=None) -> Project:
    fits = (network.inputs, network.outputs) == (2, 1)
    data = data or (number_pairs() if fits else random_rows(network.inputs, network.outputs))
    return new_project("test", network, data, options, np.zeros(network.parameter_count))


def text(library: str, network: Network = NET, **options: object) -> str:
    made = listing(project(Options(**options), network), library)
    compile(made, library, "exec")
    return made


@pytest.mark.parametrize("library", LIBRARIES)
@pytest.mark.parametrize("name", ["adder", "xor", "circles", "spirals", "digits", "backprop", "deep"])
def test_every_example_has_its_lines(name: str, library: str):
    made = listing(load(name), library)
    ast.parse(made)
    assert max(map(len, made.splitlines())) < 80


@pytest.mark.parametrize(("library", "name"), pairs(optimizers.OPTIMIZERS))
def test_every_optimizer_has_its_rate_and_constants(library: str, name: str):
    made = text(library, optimizer=Optimizer(name, rate=0.037, momentum=0.81, beta1=0.82, beta2=0.93, eps=3e-7))
    assert ("lr=0.037" if library == "PyTorch" else "learning_rate=0.037") in made
    uses = {"momentum": ["0.81"], "nesterov": ["0.81", "nesterov=True"], "lion": ["0.82", "0.93"]}
    uses |= {key: ["0.82", "0.93", "3e-07"] for key in ("adam", "adamw", "nadam")}
    uses |= {"adagrad": ["3e-07"], "rmsprop": ["3e-07", "0.99"]}
    for constant in uses.get(name, []):
        assert constant in made


@pytest.mark.parametrize(("library", "name"), pairs(HIDDEN_ACTIVATIONS))
def test_every_activation_is_in_the_model(library: str, name: str):
    known = {"hard_silu": "hardswish", "silu": "silu", "linear": ""} if library == "PyTorch" else {"linear": ""}
    word = known.get(name, name.replace("_", "") if library == "PyTorch" or name == "leaky_relu" else name)
    made = text(library, Network.of(2, 4, 1, hidden=name))
    assert made.lower().count(word or "tanh") == (1 if word else 0)


@pytest.mark.parametrize(("library", "name"), pairs(initializers.INITIALIZERS))
def test_every_recipe_for_first_weights_has_its_name(library: str, name: str):
    made = text(library, initializer=name, initializer_scale=0.07)
    assert ("0.07" in made) == (name in initializers.SCALED)
    assert ("other random numbers" in made) == (name not in ("constant", "zeros"))
    if library == "Keras" and name in ("glorot_normal", "he_normal", "lecun_normal"):
        assert '"untruncated_normal"' in made


@pytest.mark.parametrize(("library", "loss"), pairs(LOSSES))
def test_a_cross_entropy_is_told_the_sums(library: str, loss: str):
    output = {"binary_cross_entropy": "sigmoid", "cross_entropy": "softmax"}.get(loss, "linear")
    assert loss in losses_for(output)
    made = text(library, Network.of(2, 4, 3 if output == "softmax" else 1, hidden="tanh", output=output), loss=loss)
    assert made.count("sigmoid") + made.count("softmax") == (output != "linear")  # in the comment
    if output != "linear":
        assert ("Logits" in made or "CrossEntropyLoss" in made) if library == "PyTorch" else "from_logits=True" in made


def test_a_call_without_arguments_stays_on_its_line():
    assert "loss = keras.losses.MeanAbsoluteError()\n" in text("Keras", loss="mae")


def test_what_pytorch_has_no_equal_for_is_written_out():
    assert "class Lion" in text("PyTorch", optimizer=Optimizer("lion"))
    assert "def loss_of" in text("PyTorch", loss="hinge")
    assert "w *= 1 - rate * 0.02" in text("PyTorch", optimizer=Optimizer("rmsprop", weight_decay=0.02))
    assert "weight_decay=0.02" in text("PyTorch", optimizer=Optimizer("sgd", weight_decay=0.02))
    assert "AdamW" in text("PyTorch", optimizer=Optimizer("adam", weight_decay=0.02))


@pytest.mark.parametrize("library", LIBRARIES)
def test_an_optimizer_that_decays_by_itself_is_told_not_to(library: str):
    assert "weight_decay=0.0" in text(library, optimizer=Optimizer("adamw"))


def test_where_keras_differs_a_comment_says_so():
    assert "# Epsilon is under the root" in text("Keras", optimizer=Optimizer("adagrad"))
    assert "# Keras looks ahead otherwise" in text("Keras", optimizer=Optimizer("nadam"))
    assert "# Its velocity remembers old rates" in text(
        "Keras", optimizer=Optimizer("momentum"), schedule=Schedule("step")
    )
    assert "velocity" not in text("Keras", optimizer=Optimizer("momentum"))
    assert "# 64 bits, on TensorFlow only" in text("Keras")
    assert "64 bits" not in text("Keras", precision="float32")
    assert "# Keras clips in one way only" in text("Keras", clip_norm=1.0, clip_value=0.5)
    assert "global_clipnorm=1.0" in text("Keras", clip_norm=1.0)
    assert "patience=4" in text("Keras", schedule=Schedule("plateau", patience=3))


@pytest.mark.parametrize("library", LIBRARIES)
def test_what_ends_a_run_and_what_is_added_to_the_loss(library: str):
    made = text(library, goal=0.013, patience=7, epochs=321, l1=0.0021, l2=0.0032, dropout=0.25, batch_size=16)
    for part in ("0.013", "7", "321", "0.0021", "0.0032", "Dropout(0.25)", "16"):
        assert part in made
    assert made.count("Dropout(0.25)") == len(NET.layers) - 1


def test_dropout_comes_after_hidden_layers_only():
    made = text("PyTorch", Network.of(2, 2, 2, 2, hidden="linear"), dropout=0.5)
    assert made.count("nn.Dropout") == 1  # in a part that stands for two layers
    assert "range(2)" in made
    assert made.rindex("nn.Dropout") < made.rindex("nn.Linear(2, 2),\n)")


@pytest.mark.parametrize("name", ["step", "exponential", "cosine", "constant"])
@pytest.mark.parametrize("floor", [0.0, 0.15])
def test_the_rate_of_the_lines_is_the_rate_used_here(name: str, floor: float):
    rule = Schedule(name, period=30, gamma=0.4, warmup=7, floor=floor)
    made = ast.parse(text("PyTorch", schedule=rule))
    found = [node for node in made.body if isinstance(node, ast.FunctionDef) and node.name == "factor"]
    scope: dict[str, object] = {"math": math}
    exec(compile(ast.Module(found, []), "factor", "exec"), scope)
    factor = scope["factor"]
    assert isinstance(factor, types.FunctionType)
    scalars = schedule.fresh_scalars()
    for t in (0, 1, 6, 7, 29, 30, 31, 60, 200):
        assert factor(t) == pytest.approx(schedule.factor(rule, t, scalars), rel=1e-14)


def test_the_rows_come_in_the_order_used_here():
    made = text("PyTorch", batch_size=20, seed=5)
    assert "rng.permutation(81)" in made
    assert "order.split(20)" in made
    line = next(line for line in made.splitlines() if line.startswith("rng = "))
    rng = eval(line.removeprefix("rng = "), {"np": np})
    for epoch in range(3):
        order = rng.permutation(81)
        batches = [rows_of(81, 20, 5, 5 * epoch + part) for part in range(5)]
        assert np.array_equal(order, np.concatenate(batches))


@pytest.mark.parametrize("shortcut", [1, 2, 3])
def test_shortcuts_land_where_they_do_here(shortcut: int):
    network = Network(3, (*(Layer(3, "tanh") for _ in range(7)), Layer(3, "linear")), shortcut)
    landed = [column for column, source in enumerate(network.shortcuts) if source is not None]
    assert list(eval(landings(network))) == landed
    for library in LIBRARIES:
        assert f"x[c - {shortcut}]" in text(library, network)


def test_alike_layers_are_written_once():
    network = Network.of(5, *(5 for _ in range(60)), 1, hidden="relu")
    for library in LIBRARIES:
        made = text(library, network)
        assert "range(60)" in made
        assert len(made.splitlines()) < 60


def test_rows_held_back_and_switched_off_parts_are_named():
    data = circles()
    held = replace(data, test_inputs=data.inputs[:40], test_targets=data.targets[:40])
    found = project(Options(loss="binary_cross_entropy"), Network.of(2, 4, 1, output="sigmoid"), held)
    assert "40 rows more" in listing(found, "PyTorch")
    assert "validation_data" in listing(found, "Keras")
    assert "silent or cut" in listing(found.with_cut(0, 0, 1, True), "PyTorch")
    assert "silent or cut" not in listing(found, "PyTorch")
