from __future__ import annotations

import json
import struct
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.numpy import load, save

from visualnn.files.errors import FileError
from visualnn.files.examples import IDS
from visualnn.files.examples import load as example
from visualnn.files.foreign import formats, state_dict
from visualnn.files.foreign.adoption import Hints, NeedsActivations
from visualnn.files.fresh import fresh_project, from_data
from visualnn.nn.amounts import random_rows
from visualnn.nn.dataset import Recipe
from visualnn.nn.errors import VisualNNError
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS, losses_for
from visualnn.nn.metrics import predict
from visualnn.nn.network import Layer, Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.project import Project

RELU = Hints("relu", "linear")
ROWS = np.random.default_rng(0)


def written(folder: Path, tensors: dict[str, Any], **words: str) -> Path:
    path = folder / "model.safetensors"
    path.write_bytes(save({name: np.asarray(values) for name, values in tensors.items()}, metadata=words or None))
    return path


def raw(folder: Path, header: object, data: bytes = b"") -> Path:
    """A file whose header says just that."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    path = folder / "model.safetensors"
    path.write_bytes(struct.pack("<Q", len(text)) + text + data)
    return path


def linear(inputs: int, outputs: int, **others: Any) -> dict[str, Any]:
    return {"weight": ROWS.normal(size=(outputs, inputs)), "bias": ROWS.normal(size=outputs)} | others


def named(**layers: dict[str, Any]) -> dict[str, Any]:
    return {f"{name.replace('__', '.')}.{part}": v for name, layer in layers.items() for part, v in layer.items()}


def sentence(path: Path, hints: Hints = RELU) -> str:
    with pytest.raises(FileError) as caught:
        formats.read(path, hints)
    text = str(caught.value)
    assert text.startswith("“model.safetensors” cannot be opened: ")
    assert text.endswith(".")
    assert "\n" not in text
    return text.removeprefix("“model.safetensors” cannot be opened: ")


# -- out and in again --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", IDS)
def test_what_was_written_is_read_without_being_asked(tmp_path: Path, name: str) -> None:
    project = example(name)
    path = tmp_path / "mine.safetensors"
    path.write_bytes(state_dict.content(project))
    found = formats.read(path)
    assert (found.name, found.network, found.trained) == ("mine", project.network, True)
    assert found.parameters.tobytes() == project.parameters.tobytes()


@given(
    sizes=st.lists(st.integers(1, 5), min_size=2, max_size=5),
    names=st.lists(st.sampled_from(HIDDEN_ACTIVATIONS), min_size=4, max_size=4),
    output=st.sampled_from(ACTIVATIONS),
    shortcut=st.integers(0, 3),
    precision=st.sampled_from(["float64", "float32"]),
    seed=st.integers(0, 2**32),
)
def test_any_network_comes_back_to_the_bit(
    tmp_path_factory: pytest.TempPathFactory,
    sizes: list[int],
    names: list[str],
    output: str,
    shortcut: int,
    precision: str,
    seed: int,
) -> None:
    layers = tuple(Layer(n, a) for n, a in zip(sizes[1:], [*names[: len(sizes) - 2], output], strict=True))
    network = Network(sizes[0], layers, shortcut)
    data = random_rows(sizes[0], sizes[-1], 4)
    options = Options(loss=losses_for(output)[-1], precision=precision)
    parameters = np.random.default_rng(seed).normal(size=network.parameter_count)
    project = fresh_project("any", network, data, options).with_parameters(parameters)
    path = tmp_path_factory.mktemp("any") / "any.safetensors"
    path.write_bytes(state_dict.content(project))
    found = formats.read(path)
    assert found.network == network
    assert found.parameters.tobytes() == parameters.tobytes()


def test_the_tensors_are_those_of_a_sequential() -> None:
    project = example("adder")
    tensors = load(state_dict.content(project))
    assert sorted(tensors) == ["0.bias", "0.weight", "2.bias", "2.weight"]
    assert tensors["0.weight"].shape == (3, 2)
    w, b = project.network.views(project.parameters)[1]
    assert np.array_equal(tensors["2.weight"], w.T)
    assert np.array_equal(tensors["2.bias"], b)


def test_the_same_weights_give_the_same_bytes() -> None:
    project = from_data("houses")
    assert len({state_dict.content(project) for _ in range(10)}) == 1


def test_32_bits_are_enough_where_they_hold_every_digit() -> None:
    project = example("adder").with_options(replace(example("adder").options, precision="float32"))
    halves = project.with_parameters(np.arange(13) / 2)
    assert {v.dtype.name for v in load(state_dict.content(halves)).values()} == {"float32"}
    for more in (np.full(13, 0.1), np.full(13, 1e300)):
        assert {v.dtype.name for v in load(state_dict.content(project.with_parameters(more))).values()} == {"float64"}


def test_what_is_switched_off_is_zero(tmp_path: Path) -> None:
    project = example("circles").with_silent(1, 2, True).with_silent(0, 0, True).with_cut(1, 1, 0, True)
    path = tmp_path / "off.safetensors"
    path.write_bytes(state_dict.content(project))
    found = formats.read(path)
    rows = ROWS.normal(size=(20, 2))
    expected = predict(project.network, project.parameters, rows, project.mask)
    np.testing.assert_array_equal(predict(found.network, found.parameters, rows), expected)
    assert not np.array_equal(expected, predict(project.network, project.parameters, rows))


def test_a_silent_neuron_that_a_shortcut_passes_cannot_be_told(tmp_path: Path) -> None:
    project = example("deep")
    with pytest.raises(VisualNNError, match=r"^A shortcut leads past a neuron that is switched off"):
        state_dict.content(project.with_silent(1, 0, True))
    assert state_dict.content(project.with_silent(2, 0, True))  # no shortcut there
    assert state_dict.content(project.with_silent(0, 0, True))


def test_scaled_inputs_are_told(tmp_path: Path) -> None:
    data = made(Recipe("houses", scaled=True))
    path = tmp_path / "houses.safetensors"
    path.write_bytes(state_dict.content(from_data("houses").with_data(data)))
    notes = formats.read(path).notes
    assert data.scaling is not None
    assert "(x - mean) / spread" in notes
    assert json.dumps(data.scaling.mean.tolist()) in notes


# -- in, from others ---------------------------------------------------------------------------------------------------


MODELS = {
    "Sequential": {"__0": linear(3, 5), "__2": linear(5, 2)},
    "names": {"fc1": linear(3, 5), "fc2": linear(5, 5), "out": linear(5, 2)},
    "lists": {"layers__0": linear(3, 5), "layers__1": linear(5, 5), "layers__10": linear(5, 2)},
    "blocks": {"net__0__linear": linear(3, 5), "net__1__linear": linear(5, 2)},
    "DistributedDataParallel": {"module__fc1": linear(3, 5), "module__fc2": linear(5, 2)},
    "compile": {"_orig_mod__fc1": linear(3, 5), "_orig_mod__fc2": linear(5, 2)},
}


@pytest.mark.parametrize("model", MODELS)
def test_layers_are_found_whatever_they_are_called(tmp_path: Path, model: str) -> None:
    layers = {name.removeprefix("__"): layer for name, layer in MODELS[model].items()}
    found = formats.read(written(tmp_path, named(**layers)), RELU)
    assert found.network.activations == ("relu",) * (len(layers) - 1) + ("linear",)
    for (w, b), layer in zip(found.network.views(found.parameters), layers.values(), strict=True):
        assert np.array_equal(w, layer["weight"].T)
        assert np.array_equal(b, layer["bias"])


def test_a_layer_may_have_no_name(tmp_path: Path) -> None:
    assert formats.read(written(tmp_path, linear(3, 2)), Hints(output="softmax")).network.sizes == (3, 2)


def test_a_layer_may_have_no_biases(tmp_path: Path) -> None:
    layer = linear(3, 2)
    del layer["bias"]
    found = formats.read(written(tmp_path, named(fc=layer)), RELU)
    assert found.parameters[-2:].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("separator", ["/", "."])
def test_kernels_stand_the_other_way_round(tmp_path: Path, separator: str) -> None:
    kernel, bias = ROWS.normal(size=(3, 2)), ROWS.normal(size=2)
    found = formats.read(written(tmp_path, {f"dense{separator}kernel": kernel, f"dense{separator}bias": bias}), RELU)
    assert np.array_equal(found.network.views(found.parameters)[0].w, kernel)


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_short_numbers_are_widened_exactly(tmp_path: Path, dtype: str) -> None:
    weights = ROWS.normal(size=(2, 3)).astype(dtype)
    found = formats.read(written(tmp_path, {"weight": weights}), RELU)
    assert found.network.views(found.parameters)[0].w.T.tolist() == weights.astype(float).tolist()
    assert found.options.precision == "float64"


def test_a_bfloat16_is_the_upper_half_of_a_number_of_32_bits(tmp_path: Path) -> None:
    header = {"weight": {"dtype": "BF16", "shape": [1, 4], "data_offsets": [0, 8]}}
    path = raw(tmp_path, header, bytes.fromhex("803f 00c0 4940 0100"))
    found = formats.read(path, RELU)
    assert found.parameters[:4].tolist() == [1.0, -2.0, 3.140625, 2.0**-133]


# -- what a file does not say ------------------------------------------------------------------------------------------


def test_activations_that_nobody_said_are_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path, named(fc1=linear(3, 5), fc2=linear(5, 2)))
    for hints in (Hints(), Hints(hidden="relu"), Hints(output="relu")):
        with pytest.raises(NeedsActivations) as caught:
            formats.read(path, hints)
        said = "“model.safetensors” holds weights alone; the activation of its hidden layers and that of its output"
        assert str(caught.value) == f"{said} must be given."
    with pytest.raises(NeedsActivations, match=r"the activation of its output must be given\.$"):
        formats.read(written(tmp_path, linear(3, 5)))


def test_words_in_the_file_count_more_than_what_the_user_says(tmp_path: Path) -> None:
    layers = named(fc1=linear(3, 5), fc2=linear(5, 2))
    path = written(tmp_path, layers, activations="tanh, softmax", format="pt")
    assert formats.read(path, RELU).network.activations == ("tanh", "softmax")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"activations": "relu"}, "its words name 1 activations for 2 layers."),
        ({"activations": "relu,relu,linear"}, "its words name 3 activations for 2 layers."),
        ({"activations": "swish,linear"}, "there is no activation “swish”. Known: relu, "),
        ({"activations": "softmax,linear"}, "“softmax” is for the output layer only."),
        ({"activations": "relu,linear", "shortcut": "-1"}, "its word “shortcut” is not a whole number."),
        ({"activations": "relu,linear", "shortcut": "9" * 99}, "its word “shortcut” is not a whole number."),
    ],
)
def test_words_that_make_no_sense_are_told(tmp_path: Path, words: dict[str, str], said: str) -> None:
    path = written(tmp_path, named(fc1=linear(3, 5), fc2=linear(5, 2)), **words)
    assert sentence(path).startswith(said)


@pytest.mark.parametrize("hints", [Hints("softmax", "linear"), Hints("swish", "linear"), Hints("relu", "nothing")])
def test_hints_that_make_no_sense_are_told(tmp_path: Path, hints: Hints) -> None:
    path = written(tmp_path, named(fc1=linear(3, 5), fc2=linear(5, 2)))
    assert "activation" in sentence(path, hints) or "for the output layer only" in sentence(path, hints)


# -- what is no network of ours ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tensors", "said"),
    [
        (
            named(fc=linear(3, 4), norm={"weight": np.ones(4), "bias": np.ones(4)}),
            "its layer “norm” is a normalization, which cannot be shown (“norm.weight” is 4).",
        ),
        (
            {"bn1.running_var": np.ones(4), **named(fc=linear(3, 4))},
            "its layer “bn1” is a batch normalization, which cannot be shown (“bn1.running_var” is 4).",
        ),
        (
            {"conv.weight": np.ones((4, 3, 2, 2))},
            "its layer “conv” is a convolution, which cannot be shown (“conv.weight” is 4×3×2×2).",
        ),
        (
            {"rnn.weight_ih_l0": np.ones((4, 3))},
            "its layer “rnn” is a recurrent layer, which cannot be shown (“rnn.weight_ih_l0” is 4×3).",
        ),
        (
            {"attention.in_proj_weight": np.ones((4, 3))},
            "its layer “attention” is an attention layer, which cannot be shown (“attention.in_proj_weight” is 4×3).",
        ),
        (
            {"fc.weight_g": np.ones((4, 1)), "fc.weight_v": np.ones((4, 3))},
            "its layer “fc” is a layer whose weights are made of other numbers, which cannot be shown (“fc.weight_g”",
        ),
        (
            {"fc.weight": np.ones((4, 3)), "step": np.ones(())},
            "its “step” (one number) holds no weights or biases of a fully connected layer.",
        ),
        ({"step": np.ones((1,) * 9)}, "its “step” (1×1×1×1×1×1×1×1×…) holds no weights"),
        ({"fc.bias": np.ones(4)}, "its layer “fc” has no weights."),
        (
            {"fc.weight": np.ones((4, 3)), "fc.kernel": np.ones((3, 4))},
            "its layer “fc” has two kinds of weights.",
        ),
        (
            {"fc.weight": np.ones((4, 3)), "fc/weight": np.ones((4, 3))},
            "its “fc.weight” and “fc/weight” are the same part of one layer.",
        ),
        (named(fc=linear(3, 4, bias=np.ones(3))), "its layer “fc” (3→4) has biases of the wrong size, 3."),
        (
            {"fc.weight": np.ones((4, 3), dtype=np.int8)},
            "its “fc.weight” holds numbers of the type I8, which are not read.",
        ),
        (named(fc1=linear(3, 4), fc2=linear(5, 2)), "its layer “fc2” (5→2) does not fit after “fc1” (3→4)."),
        (
            {"fc.weight": np.full((1, 2), np.nan)},
            "the weights of its layer 1 hold a value that is not a finite number.",
        ),
        (named(fc=linear(2, 1, bias=[np.inf])), "the biases of its layer 1 hold a value that is not a finite number."),
        ({"fc.weight": np.ones((0, 3))}, "a layer can have 1 to 100,000 neurons, not 0."),
        ({}, "it holds no tensors."),
        ({"a\nb" + "c" * 99: np.ones(3)}, "its “a\N{REPLACEMENT CHARACTER}b" + "c" * 56 + "…” (3) holds no weights"),
    ],
)
def test_what_is_no_fully_connected_network_is_named(tmp_path: Path, tensors: dict[str, Any], said: str) -> None:
    assert sentence(written(tmp_path, tensors)).startswith(said)


# -- broken files ------------------------------------------------------------------------------------------------------


def entry(*shape: int, dtype: str = "F64", at: int = 0, size: int | None = None) -> dict[str, object]:
    size = 8 * int(np.prod(shape)) if size is None else size
    return {"dtype": dtype, "shape": shape, "data_offsets": [at, at + size]}


DAMAGED = "it is damaged or not a safetensors file."


@pytest.mark.parametrize(
    ("header", "data"),
    [
        (b"[" * 100_000, b""),
        (b'{"a":' * 100_000, b""),
        ({"weight": entry(1, 2, size=8)}, bytes(8)),
        ({"weight": entry(1, 2)}, bytes(8)),
        ({"weight": entry(1, 2)}, bytes(24)),
        ({"weight": entry(1, 2, at=8)}, bytes(24)),
        ({"weight": entry(2**40, 2**40, size=16)}, bytes(16)),
        ({"weight": entry(1, 2, dtype="F65")}, bytes(16)),
        ({"a.weight": entry(1, 2), "b.weight": entry(1, 2)}, bytes(16)),
        ({"__metadata__": {"activations": 3}}, b""),
        (b"{\xff}", b""),
    ],
)
def test_a_broken_file_is_told(tmp_path: Path, header: object, data: bytes) -> None:
    assert sentence(raw(tmp_path, header, data)) == DAMAGED


@pytest.mark.parametrize("content", [b"", b"abc", bytes(8), b"\xff" * 8, struct.pack("<Q", 100) + b"{}"])
def test_what_is_no_such_file_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "model.safetensors"
    path.write_bytes(content)
    assert sentence(path) == DAMAGED


def test_a_list_of_tensors_without_end_is_not_read(tmp_path: Path) -> None:
    path = raw(tmp_path, b"{" + b" " * 2**22 + b"}")
    assert sentence(path) == "the list of its tensors has 4,194,306 bytes; at most 4,194,304 can be read."


def test_a_network_beyond_all_memory_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "model.safetensors"
    header = json.dumps({"weight": entry(100_000, 100_000)}).encode()
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(header)) + header)
        file.truncate(8 + len(header) + 8 * 10**10)  # a hole: 80 GB that take no room
    assert sentence(path) == "this network would have 10,000,100,000 parameters; the limit is 200,000,000."


def test_more_layers_than_a_network_has_are_told(tmp_path: Path) -> None:
    tensors = {f"fc{place}.weight": np.ones((1, 1)) for place in range(10_001)}
    assert sentence(written(tmp_path, tensors)) == "it holds 10,001 layers; the limit is 10,000."


def test_a_project_comes_back_as_one(tmp_path: Path) -> None:
    project = formats.read(written(tmp_path, linear(3, 2), activations="softmax"))
    assert isinstance(project, Project)
    assert project.options.loss == "cross_entropy"
    assert project.notes.startswith("The file holds no data")
