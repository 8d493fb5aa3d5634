"""ONNX files that are damaged or mean harm: each ends in a project or in one sentence, soon and in little memory."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest

from tests.files.foreign.onnx_text import FIRST, LAST, SAMPLES, B, W, model, number, read
from visualnn.files import native
from visualnn.files.errors import FileError
from visualnn.files.foreign import formats
from visualnn.files.foreign.onnx import graph, reader
from visualnn.files.foreign.onnx import model as onnx_model
from visualnn.files.foreign.onnx.wire import part, text, whole
from visualnn.nn.errors import VisualNNError
from visualnn.project import Project

CONTENTS = [path.read_bytes() for path in sorted(SAMPLES.glob("*.onnx"))]


def sentence(made: onnx.ModelProto, folder: Path | None = None) -> str:
    with pytest.raises(VisualNNError) as caught:
        read(made, folder)
    return str(caught.value)


# -- the numbers of a tensor -------------------------------------------------------------------------------------------


def with_tensor(**fields: object) -> onnx.ModelProto:
    """A model of one layer whose weights are this tensor."""
    made = model("y = MatMul(x, w)")
    tensor = made.graph.initializer[0]
    tensor.ClearField("raw_data")
    for name, value in fields.items():
        if isinstance(value, list):
            tensor.ClearField(name)
            getattr(tensor, name).extend(value)
        else:
            setattr(tensor, name, value)
    return made


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"raw_data": bytes(79)}, "its tensor “w” has 79 bytes for a shape that needs 80"),
        ({"float_data": [1.0] * 19}, "its tensor “w” has 19 numbers for a shape that needs 20"),
        ({}, "its tensor “w” has 0 numbers for a shape that needs 20"),
        ({"dims": [4, -5]}, "its tensor “w” has a shape that cannot be"),
        ({"dims": [2**40, 2**40], "raw_data": bytes(80)}, "its tensor “w” has 80 bytes for a shape that needs"),
        ({"dims": [0, 2**62]}, "its tensor “w” has a shape that cannot be"),
        ({"dims": [1] * 17, "raw_data": bytes(4)}, "its tensor “w” has a shape that cannot be"),
        ({"dims": [20], "raw_data": bytes(80)}, "has weights of 1 dimensions; a layer has 2"),
        (
            {"data_type": 14, "raw_data": bytes(160)},
            "its tensor “w” holds numbers of a kind that is not known here (complex64)",
        ),
        ({"data_type": 99, "raw_data": bytes(80)}, "holds numbers of a kind that is not known here (type 99)"),
        ({"data_type": 11, "raw_data": bytes(80)}, "its tensor “w” has 80 bytes for a shape that needs 160"),
        (
            {"raw_data": np.full(20, np.nan, "<f4").tobytes()},
            "its tensor “w” holds a value that is not a finite number",
        ),
        ({"float_data": [np.inf] * 20}, "its tensor “w” holds a value that is not a finite number"),
        ({"data_type": 9, "raw_data": bytes(20)}, "its tensor “w” holds a value that is not a finite number"),
        ({"data_type": 10, "int32_data": [0] * 19}, "its tensor “w” has 19 numbers for a shape that needs 20"),
        ({"data_type": 6, "int32_data": [0] * 21}, "its tensor “w” has 21 numbers for a shape that needs 20"),
    ],
)
def test_numbers_that_are_not_there_are_told(fields: dict[str, object], said: str):
    assert said in sentence(with_tensor(**fields))


@pytest.mark.parametrize("kind", [onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16, onnx.TensorProto.DOUBLE])
@pytest.mark.parametrize("raw", [True, False])
def test_numbers_of_16_and_64_bits_are_read(kind: int, *, raw: bool):
    made = model("y = MatMul(x, w)")
    values = onnx.helper.make_tensor("w", kind, (4, 5), [0.5, -1.25] * 10)
    if raw:
        array = onnx.numpy_helper.to_array(values)
        values.ClearField("int32_data")
        values.ClearField("double_data")
        values.raw_data = array.tobytes()
    made.graph.initializer[0].CopyFrom(values)
    assert read(made).parameters[:4].tolist() == [0.5, -1.25, 0.5, -1.25]


# -- numbers in another file -------------------------------------------------------------------------------------------


def beside(folder: Path, **entries: str) -> onnx.ModelProto:
    """A model whose weights are said to lie elsewhere; “w.bin” holds them."""
    (folder / "w.bin").write_bytes(W.tobytes())
    made = with_tensor(data_location=onnx.TensorProto.EXTERNAL)
    for key, value in ({"location": "w.bin"} | entries).items():
        entry = made.graph.initializer[0].external_data.add()
        entry.key, entry.value = key, value
    return made


def test_numbers_in_a_file_beside_it_are_read(tmp_path: Path):
    assert np.array_equal(read(beside(tmp_path), tmp_path).parameters[:20], W.ravel())
    (tmp_path / "more.bin").write_bytes(b"12" + W.tobytes())
    made = beside(tmp_path, location="more.bin", offset="2", length="80", checksum="abc")
    assert np.array_equal(read(made, tmp_path).parameters[:20], W.ravel())


NO_NAME = "which is no plain name of a file beside it"


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"location": "../w.bin"}, NO_NAME),
        ({"location": "/etc/passwd"}, NO_NAME),
        ({"location": "C:\\w.bin"}, NO_NAME),
        ({"location": "a/w.bin"}, NO_NAME),
        ({"location": ".."}, NO_NAME),
        ({"location": ""}, NO_NAME),
        ({"location": "w.bin\x00"}, NO_NAME),
        ({"basepath": "/"}, NO_NAME),
        ({"surprise": "1"}, NO_NAME),
        ({"location": "x" * 5000}, "its numbers in “xxx"),
        ({"location": "missing.bin"}, "its numbers in “missing.bin” cannot be read: there is no such file"),
        ({"location": "folder"}, "its numbers in “folder” cannot be read: it is not a file"),
        ({"offset": "1"}, "its numbers in “w.bin” cannot be read: it ends after 80 of 81 bytes"),
        ({"offset": "-1"}, "its tensor “w” lies at a place that is no number"),
        ({"offset": "9" * 19}, "its tensor “w” lies at a place that is no number"),
        ({"offset": "²"}, "its tensor “w” lies at a place that is no number"),
        ({"length": "79"}, "its tensor “w” has 79 bytes for a shape that needs 80"),
    ],
)
def test_numbers_that_lie_elsewhere_are_told(tmp_path: Path, entries: dict[str, str], said: str):
    (tmp_path / "folder").mkdir()
    assert said in sentence(beside(tmp_path, **entries), tmp_path)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path):
    (tmp_path / "inside").mkdir()
    (tmp_path / "secret").write_bytes(W.tobytes())
    (tmp_path / "inside" / "link.bin").symlink_to(tmp_path / "secret")
    made = beside(tmp_path / "inside", location="link.bin")
    assert "it is a link that leads elsewhere" in sentence(made, tmp_path / "inside")


def test_bytes_alone_have_no_folder(tmp_path: Path):
    assert NO_NAME in sentence(beside(tmp_path))


# -- shapes and graphs that mean harm ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("h = Relu(y) y = MatMul(h, w)", "takes “y”, which nothing before it makes"),
        ("h = MatMul(x, w) h = Relu(h) y = Relu(h)", "makes “h”, which is there already"),
        ("x = MatMul(x, w) y = Relu(x)", "makes “x”, which is there already"),
        ("w = Relu(x) y = MatMul(x, w)", "makes “w”, which is there already"),
        ("s = Add(tall, wide) y = MatMul(x, s)", "the operator Add (node 1) cannot be shown here"),
        (
            "y = If <then_branch = g () => (q) { q = Relu(x) }, else_branch = g () => (q) { q = Relu(x) }> (b)",
            "If (node 1)",
        ),
    ],
)
def test_graphs_that_are_none_are_told(body: str, said: str):
    tall, wide = np.zeros((4000, 1), np.float32), np.zeros((1, 4000), np.float32)
    assert said in sentence(model(body, tall=tall, wide=wide))


def test_a_tensor_that_is_there_twice_is_told():
    made = model("y = MatMul(x, w)")
    made.graph.initializer.append(made.graph.initializer[0])
    assert sentence(made) == "it holds two tensors “w”"


def test_an_attribute_that_is_there_twice_is_told():
    made = model("y = Gemm <alpha = 2.0> (x, w)")
    made.graph.node[0].attribute.append(made.graph.node[0].attribute[0])
    assert sentence(made) == "its node “” has two attributes “alpha”"


def test_constants_are_not_worked_out_without_end():
    big = np.zeros((400, 400), np.float32)
    body = " ".join(f"w{i + 1} = Add(w{i}, w0)" for i in range(12))
    said = sentence(model(f"{body} y = MatMul(x, w12)", w0=big, shape="N,400"))
    assert said == "it makes more than 1,440,000 numbers of 160,000 that it holds"


def test_a_few_weights_do_not_make_a_huge_network():
    square = np.zeros((600, 600), np.float32)
    body = " ".join(f"x{i + 1} = MatMul(x{i}, square)" for i in range(9))
    made = model(f"x0 = Identity(x) {body} y = Relu(x9)", square=square, shape="N,600")
    assert sentence(made) == "its layers use the same 360,000 numbers again and again"


def test_operators_that_only_scale_do_not_go_on_for_ever():
    body = " ".join(f"x{i + 1} = Mul(x{i}, two)" for i in range(120))
    said = sentence(model(f"x0 = Identity(x) {body} y = MatMul(x120, w)", two=number(1.0)))
    assert "is one of more than 100 in a row that only scale and shift" in said


def nested(depth: int, calls: int) -> onnx.ModelProto:
    """Functions each of which calls the next one a few times."""
    made = model("y = mine.F0(x)")
    for level in range(depth):
        names = ["x", *(f"m{i}" for i in range(calls - 1)), "y"]
        body = " ".join(f"{b} = mine.F{level + 1} ({a})" for a, b in pairwise(names))
        function = onnx.parser.parse_function(
            f'<domain: "mine", opset_import: ["" : 17, "mine" : 1]> F{level} (x) => (y) {{ {body} }}'
        )
        made.functions.append(function)
    return made


def test_functions_that_call_each_other_ever_more_often_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("visualnn.files.foreign.onnx.functions.MAX_NODES", 1000)
    assert sentence(nested(12, 3)) == onnx_model.TOO_MANY


def test_empty_functions_that_are_called_ever_more_often_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("visualnn.files.foreign.onnx.functions.MAX_NODES", 1000)
    made = nested(12, 3)
    made.functions.append(onnx.FunctionProto(name="F12", domain="mine", input=["x"], output=["y"]))
    assert sentence(made) == onnx_model.TOO_MANY


def test_functions_that_call_themselves_are_told():
    made = nested(3, 1)
    made.functions[2].node[0].op_type = "F1"
    assert sentence(made) == "its functions call each other more than 16 times deep"


def test_more_operators_than_can_be_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(onnx_model, "MAX_NODES", 2)
    assert sentence(model(f"{FIRST} a = Relu(h) {LAST}")) == onnx_model.TOO_MANY


def test_more_numbers_than_a_network_may_have_are_told(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(graph, "MOST", 10)
    assert sentence(model("y = MatMul(x, w)")) == "it holds more than 10 numbers"


def test_a_file_of_empty_parts_is_told():
    content = b"".join([*part(8, [whole(2, 17)]), *part(7, [bytes([10, 0]) * 500_000])])
    with pytest.raises(VisualNNError, match=r"^it has more than 400,000 parts$"):
        reader.decoded(content, "m")


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path):
    with (tmp_path / "large.onnx").open("wb") as file:
        file.truncate(2_000_000_000)
    with pytest.raises(FileError) as caught:
        formats.read(tmp_path / "large.onnx")
    assert str(caught.value) == ("“large.onnx” cannot be opened: it has 2,000,000,000 bytes; the limit is 900,000,000.")


def test_names_from_the_file_are_shown_on_one_line_and_shortened():
    made = model("y = Relu(x)")
    made.graph.node[0].name = "a\nb\x1b[31m" + "c" * 100
    said = sentence(made)
    assert "“a b [31m" + "c" * 51 + "…”" in said
    assert said.isprintable()


def test_any_names_can_be_saved_again():
    made = model("l = MatMul(x, w) y = Softmax(l)", shape="N,4")
    for key, value in (
        ("visualnn.name", "\x00\ud800".encode("utf-8", "replace").decode() + "n" * 500),
        ("visualnn.inputs", '["\\ud800", "b", "c", "d"]'),
        ("visualnn.classes", "[" * 100_000),
    ):
        entry = made.metadata_props.add()
        entry.key, entry.value = key, value
    project = read(made)
    assert (project.data.input_names, project.data.classes) == (("x1", "x2", "x3", "x4"), ())
    assert native.encode(project)


# -- bytes that were changed -------------------------------------------------------------------------------------------


def mutated(rng: random.Random, content: bytes) -> bytes:
    """The content with a few bytes changed, taken out, put in or cut off."""
    data = bytearray(content)
    for _ in range(rng.choice((1, 1, 1, 2, 8))):
        place = rng.randrange(len(data))
        match rng.randrange(6):
            case 0:
                data[place] = rng.randrange(256)
            case 1:
                data[place] ^= 1 << rng.randrange(8)
            case 2:
                del data[place : place + rng.randrange(1, 9)]
            case 3:
                data[place:place] = rng.randbytes(rng.randrange(1, 9))
            case 4:
                data[place] = rng.choice((0, 1, 127, 128, 255))
            case _:
                other = rng.choice(CONTENTS)
                start = rng.randrange(len(other))
                data[place : place + 20] = other[start : start + 20]
        data = data or bytearray(b"\0")
    return bytes(data)


def project_or_sentence(path: Path) -> bool:
    """Whether the file is a project after all."""
    try:
        found = formats.read(path)
    except FileError as error:
        said = str(error)
        assert said.startswith("“a.onnx” cannot be opened: ")
        assert said.endswith(".")
        assert said.isprintable()
        return False
    assert isinstance(found, Project)
    assert np.isfinite(found.parameters).all()
    return True


@pytest.mark.parametrize("start", range(6))
def test_changed_bytes_end_in_a_project_or_a_sentence(tmp_path: Path, start: int):
    path, ends = tmp_path / "a.onnx", set[bool]()
    for seed in range(start * 100, start * 100 + 100):
        rng = random.Random(seed)
        path.write_bytes(mutated(rng, rng.choice(CONTENTS)))
        ends.add(project_or_sentence(path))
    assert ends == {True, False}


@pytest.mark.parametrize("cut", [0, 1, 7, 100, 500])
def test_a_file_that_is_cut_off_is_told(tmp_path: Path, cut: int):
    path = tmp_path / "a.onnx"
    path.write_bytes(CONTENTS[0][:cut])
    assert not project_or_sentence(path)


@pytest.mark.parametrize(
    "change",
    [
        lambda made: made.ClearField("graph"),
        lambda made: made.ClearField("opset_import"),
        lambda made: made.graph.ClearField("node"),
        lambda made: made.graph.ClearField("output"),
        lambda made: made.graph.ClearField("input"),
        lambda made: made.graph.ClearField("initializer"),
        lambda made: made.graph.input[0].ClearField("type"),
        lambda made: made.graph.input[0].ClearField("name"),
        lambda made: made.graph.node[0].ClearField("input"),
        lambda made: made.graph.node[0].ClearField("output"),
        lambda made: made.graph.node[0].ClearField("op_type"),
        lambda made: made.graph.node[1].ClearField("input"),
        lambda made: made.graph.node[2].input.insert(0, ""),
        lambda made: made.graph.node[0].input.insert(1, "x"),
        lambda made: made.graph.node[1].MergeFrom(onnx.NodeProto(op_type="PRelu")),
        lambda made: made.graph.node[1].MergeFrom(onnx.NodeProto(op_type="Mul", input=["q", "q"])),
        lambda made: made.graph.node[2].CopyFrom(onnx.NodeProto(op_type="Scaler", input=["u", "a"], output=["y"])),
    ],
)
def test_a_model_that_lacks_something_is_told(change: Callable[[onnx.ModelProto], object]):
    made = model(f"{FIRST} a = Relu(h) {LAST}", q=B)
    change(made)
    said = sentence(made)
    assert said
    assert said.isprintable()


def test_text_that_is_no_text_is_told():
    content = b"".join([*part(8, [whole(2, 17)]), *part(7, [*part(1, [text(4, "Relu"), *part(3, [b"\xff\xfe"])])])])
    with pytest.raises(VisualNNError, match="it is damaged or not an ONNX model"):
        reader.decoded(content, "m")
