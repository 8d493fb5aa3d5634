"""ONNX models become projects: those of other tools as they wrote them, and every way to write a layer."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.files.foreign.onnx_text import (
    FIRST,
    LAST,
    ROWS,
    SAMPLES,
    B,
    C,
    U,
    W,
    model,
    number,
    ours,
    read,
    theirs,
)
from visualnn.files.errors import FileError
from visualnn.files.foreign import formats
from visualnn.files.foreign.adoption import NO_DATA
from visualnn.files.foreign.onnx import reader
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Layer, Network
from visualnn.project import Project

ANSWERS = json.loads((SAMPLES / "answers.json").read_text("utf-8"))


def sample(name: str) -> Project:
    return formats.read(SAMPLES / f"{name}.onnx")


def sentence(made: onnx.ModelProto) -> str:
    with pytest.raises(VisualNNError) as caught:
        read(made)
    return str(caught.value)


# -- as other tools write them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(ANSWERS))
def test_the_network_of_another_tool_gives_its_answers(name: str):
    rows, expected = (np.array(ANSWERS[name][key]) for key in ("inputs", "outputs"))
    found = ours(sample(name), rows)
    if found.shape[1] == 1 and expected.shape[1] == 2:  # scikit-learn says both shares
        expected = expected[:, 1:]
    assert found == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.parametrize(
    ("name", "shape", "activations"),
    [
        ("torch_script_relu", "4-7-5-3", "relu relu linear"),
        ("torch_script_gelu_13", "4-7-5-3", "gelu gelu linear"),
        ("torch_script_hard_silu_13", "4-7-5-3", "hard_silu hard_silu linear"),
        ("torch_dynamo_softplus", "4-7-5-3", "softplus softplus linear"),
        ("keras_torch_silu", "4-7-5-3", "silu silu linear"),
        ("keras_torch_flatten", "64-8-10", "relu softmax"),
        ("keras_tensorflow_hard_sigmoid", "4-7-5-3", "hard_sigmoid hard_sigmoid linear"),
        ("keras_tensorflow_hard_tanh", "4-7-5-3", "hard_tanh hard_tanh linear"),
        ("tf2onnx_gelu", "4-7-5-3", "gelu gelu linear"),
        ("sklearn_zipmap", "4-6-5-3", "relu relu softmax"),
        ("sklearn_binary_zipmap", "4-6-5-1", "relu relu sigmoid"),
        ("sklearn_labels", "4-6-5-3", "relu relu sigmoid"),
    ],
)
def test_the_network_of_another_tool_has_its_shape(name: str, shape: str, activations: str):
    project = sample(name)
    assert (str(project.network), " ".join(project.network.activations)) == (shape, activations)
    assert (project.name, project.trained) == (name, True)


def test_numbers_in_another_file_are_found():
    assert (SAMPLES / "torch_script_relu.data").stat().st_size == 4 * sample("torch_script_relu").parameters.size


def test_a_residual_network_has_shortcuts():
    assert sample("torch_script_residual").network.shortcuts == (None, None, 1, 2, None)


def test_what_became_part_of_the_weights_is_noted():
    lines = sample("sklearn_scaled").notes.splitlines()
    assert lines == [
        "Read from an ONNX model made by skl2onnx 1.20.0 (opset 17).",
        "Became part of the weights: Scaler.",
        "Left out after the network's answer: ArgMax, ArrayFeatureExtractor, Reshape, Cast.",
        "Its classes: 0, 1, 2.",
        NO_DATA,
    ]
    assert "Became part of the weights: BatchNormalization." in sample("torch_script_norm").notes
    assert "An input of 8×8 numbers is taken as one row." in sample("keras_torch_flatten").notes


def test_the_names_of_classes_are_kept():
    assert sample("sklearn_binary_zipmap").data.classes == ("no", "yes")
    assert sample("sklearn_zipmap").data.classes == ("0", "1", "2")


NO_ACTIVATION = (
    "the operator Mul (node 8, “/3/Mul”), together with Softplus, Tanh, makes no activation that can be shown here"
)
NO_SHORTCUT = (
    "the operator Add (node 7, “/Add_1”) adds earlier results before an activation; here a shortcut is added after it"
)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("torch_script_conv", "the operator Conv (node 1, “/0/Conv”) cannot be shown here"),
        (
            "torch_script_relu6",
            "the operator Clip (node 8, “/3/Clip”) keeps numbers from 0 to 6; here it is 0 to inf, or -1 to 1",
        ),
        ("torch_script_mish", NO_ACTIVATION),
        ("torch_script_residual_before", NO_SHORTCUT),
    ],
)
def test_what_cannot_be_shown_is_named(name: str, said: str):
    with pytest.raises(FileError) as caught:
        sample(name)
    assert str(caught.value) == f"“{name}.onnx” cannot be opened: {said}."


# -- layers ------------------------------------------------------------------------------------------------------------

LAYERS = {
    "Gemm": ("y = Gemm(x, w, b)", {}),
    "Gemm with weights turned round": ("y = Gemm <transB = 1> (x, wt, b)", {"wt": W.T.copy()}),
    "Gemm with factors": ("y = Gemm <alpha = 0.5, beta = 3.0> (x, w, b)", {}),
    "Gemm without biases": ("y = Gemm(x, w)", {}),
    "Gemm with one bias for all": ("y = Gemm(x, w, one)", {"one": np.array([2.0], np.float32)}),
    "Gemm with a row of biases": ("y = Gemm(x, w, row)", {"row": B[None]}),
    "MatMul": ("y = MatMul(x, w)", {}),
    "MatMul and Add": ("m = MatMul(x, w) y = Add(m, b)", {}),
    "Add the other way round": ("m = MatMul(x, w) y = Add(b, m)", {}),
    "MatMul and Sub": ("m = MatMul(x, w) y = Sub(b, m)", {}),
    "weights that are turned round first": ("t = Transpose(wt) y = MatMul(x, t)", {"wt": W.T.copy()}),
    "weights in another shape": (
        "s = Constant <value_ints = [4, 5]> () r = Reshape(flat, s) y = MatMul(x, r)",
        {"flat": W.ravel()},
    ),
    "weights under another name": (
        "i = Identity(w) q = Squeeze(e) n = Add(q, b) m = MatMul(x, i) y = Add(m, n)",
        {"e": B[None, :]},
    ),
    "weights of 64 bits": ("t = Cast <to = 1> (w64) y = MatMul(x, t)", {"w64": W.astype(np.float64)}),
    "weights of 16 bits": ("t = Cast <to = 1> (w16) y = MatMul(x, t)", {"w16": W.astype(np.float16)}),
    "casts and dropout": ("q = Cast <to = 1> (x) d = Dropout(q) m = MatMul(d, w) i = Identity(m) y = Add(i, b)", {}),
    "batch normalization": (
        "m = MatMul(x, w) y = BatchNormalization <epsilon = 0.01> (m, b, k, n, v2)",
        {"k": B * 2, "n": B + 1, "v2": B * B + 0.1},
    ),
    "scaled after it": ("m = MatMul(x, w) s = Mul(m, b) t = Div(s, two) y = Neg(t)", {"two": number(2.0)}),
    "scaled before it": ("s = Sub(x, k) t = Div(s, k2) y = Gemm(t, w, b)", {"k": ROWS[0], "k2": ROWS[1] ** 2 + 1}),
    "a scaler before it": (
        "s = ai.onnx.ml.Scaler <offset = [1.0, 2.0, 3.0, 4.0], scale = [0.5, 2.0, 1.0, 3.0]> (x) y = Gemm(s, w, b)",
        {},
    ),
    "two layers without activation": ("h = Gemm(x, w, b) y = Gemm(h, u, c)", {}),
    "normalized between layers": (
        "h = Gemm(x, w, b) a = Tanh(h) n = BatchNormalization(a, b, k, m, v2) y = Gemm(n, u, c)",
        {"k": B * 2, "m": B + 1, "v2": B * B + 0.1},
    ),
}


@pytest.mark.parametrize("name", LAYERS)
def test_a_layer_may_be_written_in_many_ways(name: str):
    body, arrays = LAYERS[name]
    made = model(body, **arrays)
    assert ours(read(made)) == pytest.approx(theirs(made), rel=2e-4, abs=1e-5)


def test_weights_that_are_not_scaled_are_kept_to_the_bit():
    project = read(model(f"{FIRST} a = Relu(h) {LAST}"))
    (w, b), (u, c) = project.network.views(project.parameters)
    assert all(map(np.array_equal, (w, b, u, c), (W, B, U, C)))


def test_a_function_of_the_model_is_put_in_place():
    made = model("h = mine.Dense <beta = 2.0> (x, w, b) a = mine.Act(h) y = mine.Dense <beta = 1.0> (a, u, c)")
    functions = onnx.parser.parse_model(
        '<ir_version: 8, opset_import: ["" : 17, "mine" : 1]> g (float[N] x) => (float[N] y) { y = Relu(x) }'
        ' <domain: "mine", opset_import: ["" : 17]> Dense <beta: float = 1.0> (x, w, b) => (y)'
        " { y = Gemm <beta: float = @beta> (x, w, b) }"
        ' <domain: "mine", opset_import: ["" : 17]> Act (x) => (y) { s = Sigmoid(x) y = Mul(s, x) }'
    )
    made.functions.extend(functions.functions)
    project = read(made)
    assert project.network.activations == ("silu", "linear")
    assert ours(project) == pytest.approx(theirs(made), rel=1e-4)
    made.graph.node[-1].ClearField("attribute")  # what a call leaves out has a value in the function
    assert np.array_equal(read(made).parameters, project.parameters)


DYNAMIC = (  # as PyTorch writes view(len(x), -1)
    "s = Shape(x) z = Constant <value_int = 0> () n = Gather(s, z) k = Constant <value_ints = [0]> () "
    "e = Unsqueeze(n, k) r = Constant <value_ints = [-1]> () t = Concat <axis = 0> (e, r) "
    "f = Reshape(x, t) y = MatMul(f, w)"
)


@pytest.mark.parametrize(
    ("shape", "body"),
    [
        ("N,2,2", "f = Flatten(x) y = MatMul(f, w)"),
        ("N,1,2,2", "f = Flatten <axis = 1> (x) y = MatMul(f, w)"),
        ("N,2,2", "s = Constant <value_ints = [-1, 4]> () f = Reshape(x, s) y = MatMul(f, w)"),
        ("N,2,2", "s = Constant <value_ints = [0, -1]> () f = Reshape(x, s) y = MatMul(f, w)"),
        ("N,4,1", "k = Constant <value_ints = [2]> () f = Squeeze(x, k) y = MatMul(f, w)"),
        ("N,2,2", DYNAMIC),
        ("N,2,2", "h = Constant <value_float = 0.5> () s = Mul(x, h) f = Flatten(s) y = MatMul(f, w)"),
    ],
)
def test_an_input_of_any_shape_is_one_row(shape: str, body: str):
    made = model(body, shape=shape)
    rows = ROWS.reshape(6, *map(int, shape.split(",")[1:]))
    assert ours(read(made), rows) == pytest.approx(theirs(made, rows), rel=1e-4, abs=1e-5)


# -- shortcuts ---------------------------------------------------------------------------------------------------------


def block(number: int, source: str, added: str | None) -> str:
    body = f"z{number} = Gemm({source}, v, b) f{number} = Tanh(z{number}) "
    return body + (f"a{number} = Add(f{number}, {added})" if added else f"a{number} = Identity(f{number})")


def test_shortcuts_over_two_layers_are_found():
    blocks = [block(1, "a0", None), block(2, "a1", "a0"), block(3, "a2", None), block(4, "a3", "a2")]
    made = model(f"{FIRST} a0 = Tanh(h) {' '.join(blocks)} y = Gemm(a4, u, c)")
    project = read(made)
    assert project.network.shortcuts == (None, None, None, 1, None, 3, None)
    assert ours(project) == pytest.approx(theirs(made), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize(
    "added",
    [
        [None, "a0", None, None],  # one of two is missing
        [None, "a1", None, None],  # of its own layer
        ["a0", None, "a1", None],
        [None, None, "a1", None],
    ],
)
def test_shortcuts_that_follow_another_rule_are_told(added: list[str | None]):
    blocks = [block(i, f"a{i - 1}", name) for i, name in enumerate(added, start=1)]
    said = sentence(model(f"{FIRST} a0 = Tanh(h) {' '.join(blocks)} y = Gemm(a4, u, c)"))
    assert "shortcut" in said or "Add" in said


def test_a_shortcut_from_the_input_is_told():
    made = model("h = Gemm(x, w4, k) t = Tanh(h) a = Add(t, x) y = Gemm(a, w, b)", w4=W[:, :4], k=B[:4])
    assert "where no shortcut can" in sentence(made)


# -- what a model must have --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("y = Relu(x)", "the operator Relu (node 1) stands before the first layer, which cannot be shown here"),
        ("y = MatMul(w2, x)", "has no constant weights on its right, and cannot be shown here"),
        ("y = Gemm <transA = 1> (x, w)", "turns its rows into columns, which cannot be shown here"),
        ("m = MatMul(x, w) q = Relu(m) y = Mul(q, b)", "Mul (node 3) after the last activation cannot be shown here"),
        ("m = MatMul(x, w) y = Div(m, nothing)", "makes a value that is not a finite number"),
        ("m = MatMul(x, u) y = Identity(m)", "MatMul (node 1) is given rows of 4 numbers, but has weights for 5"),
        ("m = Gemm(x, w, c) y = Identity(m)", "has biases of 3 numbers for 5 units"),
        ("m = MatMul(x, w) y = Add(m, c)", "does not fit the rows that it is given"),
        (
            "k = Constant <value_ints = [2, -1]> () f = Reshape(x, k) y = MatMul(f, w)",
            "Reshape (node 2) cannot be shown here",
        ),
        ("m = MatMul(x, w) y = BatchNormalization <training_mode = 1> (m, b, b, b, b)", "is of a network in training"),
        ("t = Constant <value_int = 1> () d = Dropout(x, half, t) y = MatMul(d, w)", "is of a network in training"),
        (
            "r = RandomNormal <shape = [4, 5]> () y = MatMul(x, r)",
            "the operator RandomNormal (node 1) cannot be shown here",
        ),
        ("y = Identity(w)", "its output “y” does not depend on its input"),
    ],
)
def test_what_is_no_chain_of_layers_is_told(body: str, said: str):
    assert said in sentence(model(body, w2=W, half=number(0.5), nothing=number(0.0)))


@pytest.mark.parametrize(("opset", "age"), [(12, "older"), (99, "newer")])
def test_an_opset_that_is_not_read_is_told(opset: int, age: str):
    made = model("y = Gemm(x, w, b)")
    made.opset_import[0].version = opset
    said = sentence(made)
    assert said == f"its operators are those of opset {opset}, {age} than this program reads (13 to 28)"


def test_several_inputs_and_outputs_are_told():
    made = model("y = Gemm(x, w, b)")
    two = onnx.ModelProto.FromString(made.SerializeToString())
    two.graph.input.append(onnx.helper.make_tensor_value_info("other", onnx.TensorProto.FLOAT, ["N", 4]))
    assert sentence(two) == "it has 2 inputs (“x”, “other”); a network here has one row of them"
    made = model("h = Gemm(x, w, b) y = Relu(h)")
    made.graph.output.append(onnx.helper.make_tensor_value_info("h", onnx.TensorProto.FLOAT, ["N", 5]))
    assert sentence(made) == "its outputs “y”, “h” come of different results; a network here has one row of outputs"


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("4", "its input “x” does not take rows of a shape that is said"),
        ("N,2,4", "MatMul (node 1) works on rows of 2×4; a layer here takes a plain row of numbers"),
    ],
)
def test_an_input_that_is_no_row_is_told(shape: str, said: str):
    assert said in sentence(model("y = MatMul(x, w)", shape=shape))


def test_an_input_of_words_is_told():
    assert sentence(model("y = MatMul(x, w)", kind="string")) == "its input “x” does not take numbers"


def test_layers_beyond_our_limits_are_told():
    wide = np.zeros((1, 100_001), np.float32)
    said = sentence(model("y = MatMul(x, w)", shape="N,1", w=wide))
    assert said == "A layer can have 1 to 100,000 neurons, not 100,001."


def test_a_model_that_only_trains_is_told():
    made = onnx.ModelProto(ir_version=8, opset_import=[onnx.OperatorSetIdProto(version=17)])
    made.graph.name = "nothing"
    made.training_info.add()
    assert sentence(made) == "it describes a training, not a network"


def test_a_network_of_ours_keeps_its_shortcut_and_its_name():
    project = sample("torch_script_residual")
    network = Network(4, (*[Layer(6, "tanh")] * 3, Layer(2, "linear")), 1)
    assert project.network == network
    assert reader.decoded((SAMPLES / "torch_script_residual.onnx").read_bytes(), "my net").name == "my net"


def test_a_file_of_another_name_is_read_in_its_folder(tmp_path: Path):
    for name in ("torch_script_relu.onnx", "torch_script_relu.data"):
        (tmp_path / name).write_bytes((SAMPLES / name).read_bytes())
    found = reader.read(tmp_path / "torch_script_relu.onnx")
    assert replace(found, name="a").network == sample("torch_script_relu").network
