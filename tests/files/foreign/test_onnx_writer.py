"""A network as an ONNX model: by ONNX's own checker, by its reference, and read again."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import onnx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx.reference import ReferenceEvaluator

from visualnn.files.foreign.adoption import adopted, suitable
from visualnn.files.foreign.onnx import reader, writer
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS
from visualnn.nn.network import Layer, Matrix, Network
from visualnn.nn.passes import predict
from visualnn.nn.recipes import Recipe, made
from visualnn.project import Project

ROWS = np.random.default_rng(1).normal(0.0, 2.0, (8, 4))


def random_project(network: Network, seed: int = 0) -> Project:
    return adopted("Mine", network, np.random.default_rng(seed).normal(0.0, 0.6, network.parameter_count))


def ours(project: Project, rows: Matrix) -> Matrix:
    return np.array([predict(project.network, project.parameters, row, project.mask) for row in rows])


def theirs(content: bytes, rows: Matrix) -> Matrix:
    model = onnx.load_from_string(content)
    onnx.checker.check_model(model, full_check=True)
    (answers,) = ReferenceEvaluator(model).run(None, {"input": rows.astype(np.float32)})
    return np.asarray(answers)


def words(content: bytes) -> dict[str, str]:
    return {entry.key: entry.value for entry in onnx.load_from_string(content).metadata_props}


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("shortcut", [0, 1, 2])
def test_the_model_says_what_the_network_says(activation: str, shortcut: int):
    hidden = activation if activation in HIDDEN_ACTIVATIONS else "tanh"
    project = random_project(Network(4, (*[Layer(5, hidden)] * 4, Layer(3, activation)), shortcut))
    content = writer.content(project)
    expected = ours(project, ROWS)
    assert theirs(content, ROWS) == pytest.approx(expected, rel=2e-5, abs=2e-5 * np.abs(expected).max())


@given(
    st.lists(st.integers(1, 6), min_size=2, max_size=6),
    st.lists(st.sampled_from(HIDDEN_ACTIVATIONS), min_size=6, max_size=6),
    st.sampled_from(ACTIVATIONS),
    st.integers(0, 3),
)
@settings(max_examples=60)
def test_a_network_is_found_again_in_its_model(sizes: list[int], hidden: list[str], output: str, shortcut: int):
    kinds = [*hidden[: len(sizes) - 2], output]
    layers = tuple(Layer(units, kind) for units, kind in zip(sizes[1:], kinds, strict=True))
    network = Network(sizes[0], layers, shortcut)
    project = random_project(network, sum(sizes))
    found = reader.decoded(writer.content(project), "other")
    assert (found.name, found.network.sizes, found.network.activations) == ("Mine", network.sizes, network.activations)
    assert found.network.shortcuts == network.shortcuts
    assert np.array_equal(found.parameters, project.parameters.astype(np.float32).astype(np.float64))


def test_what_is_switched_off_is_written_as_zeros():
    project = random_project(Network.of(4, 5, 5, 2, hidden="sigmoid"))
    project = replace(project, silent=frozenset({(0, 1), (1, 2), (2, 0)}), cut=frozenset({(0, 3, 4), (2, 1, 1)}))
    content = writer.content(project)
    assert theirs(content, ROWS) == pytest.approx(ours(project, ROWS), abs=1e-6)
    found = reader.decoded(content, "other")
    assert ours(found, ROWS) == pytest.approx(ours(project, ROWS), abs=1e-6)
    assert "zeros" in onnx.load_from_string(content).doc_string


@pytest.mark.parametrize("shortcut", [1, 2])
def test_a_silent_neuron_brings_nothing_through_shortcuts(shortcut: int):
    project = random_project(Network(4, (*[Layer(5, "sigmoid")] * 5, Layer(2, "linear")), shortcut))
    project = replace(project, silent=frozenset({(1, 2), (3, 0), (3, 4)}))
    content = writer.content(project)
    assert theirs(content, ROWS) == pytest.approx(ours(project, ROWS), rel=1e-5)
    found = reader.decoded(content, "other")
    assert ours(found, ROWS) == pytest.approx(ours(project, ROWS), rel=1e-5)


def test_the_file_runs_where_onnx_of_2022_runs():
    model = onnx.load_from_string(writer.content(random_project(Network.of(4, 3, 2, hidden="gelu"))))
    assert (model.ir_version, [(entry.domain, entry.version) for entry in model.opset_import]) == (8, [("", 17)])
    (port,), (output,) = model.graph.input, model.graph.output
    shapes = [[d.dim_param or d.dim_value for d in end.type.tensor_type.shape.dim] for end in (port, output)]
    assert (port.name, output.name, shapes) == ("input", "output", [["batch", 4], ["batch", 2]])


def test_the_same_network_gives_the_same_bytes():
    project = random_project(Network.of(4, 3, 2))
    assert writer.content(project) == writer.content(project)


def test_names_and_classes_are_kept():
    network = Network.of(4, 3, 2, output="softmax")
    data = replace(suitable(network), input_names=("a", "ä", "c", "d"), classes=("yes", "no"))
    project = adopted("Prüfung", network, np.ones(network.parameter_count), data=data)
    content = writer.content(project)
    said = words(content)
    assert json.loads(said["visualnn.activations"]) == ["relu", "softmax"]
    assert said["visualnn.precision"] == "numbers of 64 bits, rounded to 32"
    found = reader.decoded(content, "other")
    assert (found.name, found.data.input_names, found.data.classes) == ("Prüfung", data.input_names, data.classes)


def test_how_the_data_were_scaled_is_said():
    data = made(Recipe("houses", scaled=True))
    network = Network.of(2, 1)
    project = adopted("Houses", network, np.ones(3), data=data)
    content = writer.content(project)
    scaling = json.loads(words(content)["visualnn.scaling"])
    assert data.scaling is not None
    assert scaling["mean"] == data.scaling.mean.tolist()
    assert scaling["target_spread"] == data.scaling.target_spread.tolist()
    assert "(raw − mean) / spread" in onnx.load_from_string(content).doc_string


@pytest.mark.parametrize("value", [1e39, np.nan, -np.inf])
def test_a_weight_that_32_bits_do_not_hold_is_told(value: float):
    project = random_project(Network.of(4, 1))
    broken = project.parameters.copy()
    broken[2] = value
    with pytest.raises(
        VisualNNError, match=r"^An ONNX model holds numbers of 32 bits; a weight of .* is none of them\.$"
    ):
        writer.content(replace(project, parameters=broken))
