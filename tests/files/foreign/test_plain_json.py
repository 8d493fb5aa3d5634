from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.files.errors import FileError
from visualnn.files.examples import IDS, load
from visualnn.files.foreign import formats, plain_json
from visualnn.files.foreign.adoption import Hints, NeedsActivations
from visualnn.files.fresh import fresh_project, from_shape
from visualnn.nn.amounts import random_rows
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS, losses_for
from visualnn.nn.metrics import predict
from visualnn.nn.network import Layer, Network
from visualnn.nn.options import Options

# As three lines export an MLPRegressor of scikit-learn.
REGRESSOR: dict[str, Any] = {
    "coefs": [[[0.5, -1.25, 2.0], [1.5, 0.75, -0.5]], [[1.0], [-2.0], [0.25]]],
    "intercepts": [[0.125, 0.0, -1.0], [0.5]],
    "activation": "tanh",
    "out_activation": "identity",
}


def written(folder: Path, values: object) -> Path:
    path = folder / "model.json"
    path.write_bytes(values if isinstance(values, bytes) else json.dumps(values).encode())
    return path


def sentence(folder: Path, values: object, hints: Hints = formats.NO_HINTS) -> str:
    path = written(folder, values)
    with pytest.raises(FileError) as caught:
        formats.read(path, hints)
    text = str(caught.value)
    assert text.startswith("“model.json” cannot be opened: ")
    assert text.endswith(".")
    assert "\n" not in text
    assert len(text) < 300
    return text.removeprefix("“model.json” cannot be opened: ")


# -- out and in again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in IDS if name != "million"])
def test_an_example_comes_back_with_all_that_belongs_to_it(tmp_path: Path, name: str) -> None:
    project = load(name)
    path = written(tmp_path, plain_json.content(project))
    found = formats.read(path)
    assert found.parameters.tobytes() == project.parameters.tobytes()
    for part in ("name", "notes", "network", "options", "trained"):
        assert getattr(found, part) == getattr(project, part)
    assert found.sample.tolist() == project.sample.tolist()
    assert found.data.recipe == project.data.recipe
    assert found.data.inputs.tobytes() == project.data.inputs.tobytes()


@given(
    sizes=st.lists(st.integers(1, 4), min_size=2, max_size=5),
    names=st.lists(st.sampled_from(HIDDEN_ACTIVATIONS), min_size=4, max_size=4),
    output=st.sampled_from(ACTIVATIONS),
    shortcut=st.integers(0, 3),
    weights=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=1, max_size=20),
)
def test_any_network_comes_back_to_the_bit_with_its_rows(
    tmp_path_factory: pytest.TempPathFactory,
    sizes: list[int],
    names: list[str],
    output: str,
    shortcut: int,
    weights: list[float],
) -> None:
    layers = tuple(Layer(n, a) for n, a in zip(sizes[1:], [*names[: len(sizes) - 2], output], strict=True))
    network = Network(sizes[0], layers, shortcut)
    data = replace(random_rows(sizes[0], sizes[-1], 3), name="mine", recipe=None)
    project = fresh_project("any “name”\n", network, data, Options(loss=losses_for(output)[-1]))
    project = project.with_parameters(np.resize(weights, network.parameter_count))
    found = formats.read(written(tmp_path_factory.mktemp("any"), plain_json.content(project)))
    assert (found.name, found.network, found.options) == (project.name, network, project.options)
    assert found.parameters.tobytes() == project.parameters.tobytes()
    assert found.data.inputs.tobytes() == data.inputs.tobytes()
    assert found.data.targets.tobytes() == data.targets.tobytes()


def test_the_weights_are_lists_inputs_first() -> None:
    values = json.loads(plain_json.content(load("adder")))
    w, b = load("adder").network.views(load("adder").parameters)[0]
    assert values["coefs"][0] == w.tolist()
    assert values["intercepts"][0] == b.tolist()
    assert values["network"]["layers"][0] == {"units": 3, "activation": "relu"}
    assert values["data"]["recipe"] == "pairs"


def test_a_row_is_a_line() -> None:
    text = plain_json.content(load("adder")).decode()
    assert "\n   [0.9907079, 0.01417504, 0.88046944],\n" in text


def test_what_is_switched_off_is_zero_and_stays_off(tmp_path: Path) -> None:
    project = load("circles").with_silent(1, 2, True).with_cut(1, 1, 0, True)
    found = formats.read(written(tmp_path, plain_json.content(project)))
    assert (found.silent, found.cut) == (project.silent, project.cut)
    rows = np.random.default_rng(0).normal(size=(9, 2))
    expected = predict(project.network, project.parameters, rows, project.mask)
    np.testing.assert_array_equal(predict(found.network, found.parameters, rows), expected)


def test_weights_that_are_no_numbers_cannot_be_written() -> None:
    project = load("adder")
    with pytest.raises(VisualNNError, match=r"^JSON has no word for numbers that are not finite"):
        plain_json.content(project.with_parameters(np.full(13, np.nan)))


def test_what_would_be_endless_is_not_written() -> None:
    with pytest.raises(VisualNNError, match=r"^JSON is for networks and data of up to 2,500,000 numbers"):
        plain_json.content(from_shape("2-1600-1600-1"))


# -- in, from scikit-learn ---------------------------------------------------------------------------------------------


def test_a_network_of_scikit_learn_is_read(tmp_path: Path) -> None:
    found = formats.read(written(tmp_path, REGRESSOR))
    assert (found.name, found.trained) == ("model", True)
    assert found.network == Network.of(2, 3, 1, hidden="tanh", output="linear")
    x = np.array([[0.3, -0.7]])
    w1, w2 = map(np.array, REGRESSOR["coefs"])
    b1, b2 = map(np.array, REGRESSOR["intercepts"])
    np.testing.assert_allclose(predict(found.network, found.parameters, x), np.tanh(x @ w1 + b1) @ w2 + b2, rtol=1e-15)


@pytest.mark.parametrize(
    ("theirs", "ours"),
    [("identity", "linear"), ("logistic", "sigmoid"), ("tanh", "tanh"), ("relu", "relu"), ("gelu", "gelu")],
)
def test_activations_are_known_by_their_names_there_and_by_ours(tmp_path: Path, theirs: str, ours: str) -> None:
    found = formats.read(written(tmp_path, REGRESSOR | {"activation": theirs, "out_activation": theirs}))
    assert found.network.activations == (ours, ours)


def test_a_classifier_ends_in_shares(tmp_path: Path) -> None:
    found = formats.read(written(tmp_path, REGRESSOR | {"out_activation": "softmax"}))
    assert (found.network.activations[-1], found.options.loss) == ("softmax", "cross_entropy")


def test_activations_that_nobody_said_are_asked_for(tmp_path: Path) -> None:
    bare = {key: REGRESSOR[key] for key in ("coefs", "intercepts")}
    with pytest.raises(NeedsActivations, match=r"^“model.json” holds weights alone; the activations of its layers"):
        formats.read(written(tmp_path, bare))
    found = formats.read(written(tmp_path, bare), Hints("relu", "linear"))
    assert found.network.activations == ("relu", "linear")
    one = {"coefs": [[[1.0]]], "intercepts": [[0]], "out_activation": "logistic"}
    assert formats.read(written(tmp_path, one)).network.activations == ("sigmoid",)


def test_a_mark_before_the_text_does_no_harm(tmp_path: Path) -> None:
    assert formats.read(written(tmp_path, b"\xef\xbb\xbf" + json.dumps(REGRESSOR).encode())).network.sizes == (2, 3, 1)


# -- what is no network ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"coefs": 3}, "its “coefs” is not a list."),
        ({"coefs": []}, "it has coefs of 0 layers and intercepts of 2."),
        ({"intercepts": [[0.0, 0.0, 0.0]]}, "it has coefs of 2 layers and intercepts of 1."),
        ({"coefs": [[[1, 2, 3], [1, 2]], [[1], [2], [3]]]}, "its coefs 1 are no rows of the same length."),
        ({"coefs": [[1, 2, 3], [[1], [2], [3]]]}, "its coefs 1 are no rows of the same length."),
        ({"coefs": [[], [[1], [2], [3]]]}, "its coefs 1 are no rows of the same length."),
        ({"coefs": [None, [[1], [2], [3]]]}, "its coefs 1 are no rows of the same length."),
        ({"coefs": [[[], []], [[1], [2], [3]]]}, "its layer 1 has weights of 2×0 and biases of 3."),
        ({"coefs": [[["1", 2, 3], [1, 2, 3]], [[1]]]}, "its coefs 1 hold something that is no number."),
        ({"coefs": [[[True, 2, 3], [1, 2, 3]], [[1]]]}, "its coefs 1 hold something that is no number."),
        ({"coefs": [[[[1], 2, 3], [1, 2, 3]], [[1]]]}, "its coefs 1 hold something that is no number."),
        ({"coefs": [[[10**400, 2, 3], [1, 2, 3]], [[1]]]}, "its coefs 1 hold a number that is too large."),
        ({"intercepts": ["abc", [0]]}, "its intercepts 1 are no list of numbers."),
        ({"intercepts": [[None, 0, 0], [0]]}, "its intercepts 1 hold something that is no number."),
        ({"intercepts": [[0, 0], [0]]}, "its layer 1 has weights of 2×3 and biases of 2."),
        ({"coefs": [[[1, 2, 3], [1, 2, 3]], [[1]]]}, "its layer 2 takes 1 inputs, but the layer before has 3 outputs."),
        ({"activation": "sine"}, "there is no activation “sine”. Known: "),
        ({"activation": 3}, "its “activation” is not a text."),
        ({"activation": "softmax"}, "“softmax” is for the output layer only."),
        ({"format": "other"}, "it is not a VisualNN file."),
        ({"format": "visualnn"}, "its “version” is missing."),
    ],
)
def test_what_is_wrong_is_told(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    assert sentence(tmp_path, REGRESSOR | changes).startswith(said)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "its description is not valid JSON."),
        (b"\xff{}", "its description is not valid JSON."),
        (b"[]", "its description is not a JSON object."),
        (b'{"intercepts": []}', "its “coefs” is missing."),
        (b'{"coefs": [], "coefs": []}', "its description is not valid JSON."),
        (b'{"coefs": [[[NaN]]], "intercepts": [[0]]}', "its description is not valid JSON."),
        (b'{"coefs": [[[-Infinity]]], "intercepts": [[0]]}', "its description is not valid JSON."),
        (
            b'{"coefs": [[[1e999]]], "intercepts": [[0]], "out_activation": "relu"}',
            "the weights of its layer 1 hold a value that is not a finite number.",
        ),
        (b'{"coefs": [[[' + b"1" * 5000 + b']]], "intercepts": [[0]]}', "its description is not valid JSON."),
        (b'{"coefs": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "its description is not valid JSON."),
        (b'{"coefs": [' + b"[]," * 1_000_001 + b"[]]}", "it holds more than 4,000,000 values or 1,000,000 lists."),
        (b'{"coefs": [' + b"1," * 4_000_001 + b"1]}", "it holds more than 4,000,000 values or 1,000,000 lists."),
        (b'{"class_name": "Sequential", "config": {}}', "it is a Keras model without its weights; in Keras save all"),
        (b'{"modelTopology": {}, "format": "layers-model"}', "it is a model for TensorFlow.js; save it as"),
        (b'{"architectures": ["BertModel"]}', "it describes a model whose weights are in another file."),
    ],
)
def test_what_is_no_json_of_a_network_is_told(tmp_path: Path, text: bytes, said: str) -> None:
    assert sentence(tmp_path, text).startswith(said)


@pytest.mark.parametrize("text", [b"{}", b'{"name": "visualnn", "version": "1.0"}'])
def test_json_of_something_else_is_told_so(tmp_path: Path, text: bytes) -> None:
    (tmp_path / "a.json").write_bytes(text)
    with pytest.raises(FileError, match=r"^“a\.json” is JSON, but holds no network\.$"):
        formats.read(tmp_path / "a.json")


def test_a_text_without_end_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "model.json"
    with path.open("wb") as file:
        file.truncate(2**26 + 1)
    with pytest.raises(FileError, match=r"it has 67,108,865 bytes; at most 67,108,864 of JSON can be read\.$"):
        formats.read(path)


def whole(**changes: Any) -> dict[str, Any]:
    """What was written of data that no recipe makes, changed."""
    data = replace(random_rows(2, 1, 3), name="mine", recipe=None)
    project = fresh_project("mine", Network.of(2, 3, 1), data, Options())
    values = json.loads(plain_json.content(project))
    for place, value in changes.items():
        *outer, key = place.split("__")
        inner = values
        for name in outer:
            inner = inner[name]
        inner[key] = value
    return values


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"coefs": [[[1.0], [2.0]], [[1.0]]]}, "its coefs and intercepts are not those of the network 2-3-1."),
        ({"network__inputs": 10**9}, "a layer can have 1 to 100,000 neurons, not 1,000,000,000."),
        ({"network__inputs": 3}, "its data name 2 inputs; the network has 3."),
        ({"data__rows": 10**6}, "its inputs should be 1,000,000×2 numbers."),
        ({"data__inputs": [[1.0, 2.0]]}, "its inputs should be 3×2 numbers."),
        ({"data__inputs": [[1.0], [2.0, 3.0], [4.0]]}, "its inputs are no rows of the same length."),
        ({"data__targets": "abc"}, "its targets are no rows of the same length."),
        ({"data__targets": [["1"], [2], [3]]}, "its targets hold something that is no number."),
        ({"version": 99}, "its format (99) is newer than this program"),
        ({"data__source": "recipe"}, "its “data.recipe” is missing."),
        ({"options__loss": "none"}, "there is no loss “none”."),
        ({"silent": [[2, 0]]}, "there is no neuron 0 in column 2 that could be switched off."),
    ],
)
def test_a_changed_description_is_told(tmp_path: Path, changes: dict[str, Any], said: str) -> None:
    assert sentence(tmp_path, whole(**changes)).startswith(said)


def test_an_unchanged_description_is_read(tmp_path: Path) -> None:
    assert formats.read(written(tmp_path, whole())).data.rows == 3
