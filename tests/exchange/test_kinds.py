from __future__ import annotations

import re
import subprocess
import sys
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.exchange import kinds, python_program, rows
from visualnn.exchange.kinds import FOLDER, KINDS, stem
from visualnn.files.examples import load
from visualnn.files.foreign import plain_json, weights_table
from visualnn.nn.errors import VisualNNError
from visualnn.project import Project
from visualnn.scene.code import MAX_LISTED


@pytest.fixture(scope="module", params=["adder", "spirals", "digits", "cut"])
def project(request: pytest.FixtureRequest) -> Project:
    if request.param == "cut":
        return load("xor").with_silent(1, 0, True).with_cut(0, 1, 2, True)
    return load(request.param)


def test_the_kinds_are_those_of_the_command_line():
    assert list(KINDS) == ["python", "numpy", "pytorch", "keras", "onnx", "safetensors", "csv", "json"]
    assert {kind.group for kind in KINDS.values()} == {"Code", "Model", "Numbers"}


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_says_in_a_line_what_it_is_for(name):
    purpose = KINDS[name].purpose
    assert purpose.endswith(".")
    assert len(purpose.split()) <= 14
    assert "\n" not in purpose


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_makes_files_that_may_lie_anywhere(name, project):
    kind = KINDS[name]
    files = kind.make(project)
    ending = kind.ending(project)
    if ending == FOLDER:
        assert len(files) > 1
    else:
        assert [PurePosixPath(file).suffix for file in files] == [ending]
    for file, content in files.items():
        path = PurePosixPath(file)
        assert content
        assert not path.is_absolute()
        assert ".." not in path.parts
        assert len(path.parts) <= 2
        assert all(stem(PurePosixPath(part).stem) for part in path.parts)


@pytest.mark.parametrize("name", KINDS)
def test_the_same_project_gives_the_same_bytes(name):
    first, second = (KINDS[name].make(load("xor")) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_holds_every_built_in_network_that_it_does_not_refuse(name):
    assert [KINDS[name].reason(load(example)) for example in ("adder", "xor", "circles", "spirals", "digits")] == [
        ""
    ] * 5


def test_what_a_kind_cannot_hold_is_told_before_it_is_made():
    million = load("million")
    assert [name for name, kind in KINDS.items() if kind.reason(million)] == ["python"]
    assert (
        KINDS["python"].reason(million)
        == "Plain Python is for networks of up to 200,000 weights and biases; take NumPy."
    )
    with pytest.raises(VisualNNError):
        KINDS["python"].make(million)


def test_the_limits_are_those_of_what_makes_the_files():
    assert kinds.MOST_LISTED == MAX_LISTED
    assert kinds.MOST_CELLS == rows.MOST_CELLS
    assert kinds.MOST_TYPED == python_program.MOST_TYPED
    assert kinds.MOST_ROWS == weights_table.MAX_ROWS
    assert kinds.MOST_NUMBERS == plain_json.MAX_NUMBERS


@pytest.mark.parametrize(("limit", "size", "said"), [
    ("MOST_LISTED", 13, "Plain Python is for networks of up to 12 weights and biases; take NumPy."),
    ("MOST_CELLS", 243, "Plain Python is for data of up to 242 numbers; take NumPy."),
    ("MOST_ROWS", 13, "A table can have 12 rows; this network would fill 13."),
    ("MOST_NUMBERS", 13, "JSON is for up to 12 numbers; take safetensors or ONNX."),
])  # fmt: skip
def test_a_limit_is_the_largest_size_that_is_allowed(monkeypatch, limit, size, said):
    adder = load("adder")  # 13 weights and biases, 81 rows of 3 numbers
    monkeypatch.setattr(kinds, limit, size)
    assert {kind.reason(adder) for kind in KINDS.values()} == {""}
    monkeypatch.setattr(kinds, limit, size - 1)
    assert {kind.reason(adder) for kind in KINDS.values()} == {"", said}


def test_a_program_with_its_rows_inside_is_one_file():
    assert KINDS["python"].ending(load("adder")) == ".py"
    assert KINDS["python"].ending(load("digits")) == FOLDER
    assert KINDS["pytorch"].ending(load("adder")) == FOLDER


def test_weights_alone_cannot_say_that_a_shortcut_leads_past_a_silent_neuron():
    silent = load("deep").with_silent(3, 0, True)
    reason = KINDS["safetensors"].reason(silent)
    assert "shortcut" in reason
    with pytest.raises(VisualNNError, match=re.escape(reason)):
        KINDS["safetensors"].make(silent)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Two spirals", "two-spirals"),
        ("2-16-16-1", "2-16-16-1"),
        ('  a/b: "c"?  ', "a-b-c"),
        ("../../etc/passwd", "etc-passwd"),
        ("Größe", "größe"),
        ("हिन्दी", "हिन्दी"),
        ("...", "network"),
        ("", "network"),
        ("\ud800", "network"),
        ("CON", "con-network"),
        ("com1", "com1-network"),
        ("x" * 500, "x" * 60),
    ],
)
def test_a_name_becomes_that_of_a_file(name, expected):
    assert stem(name) == expected


@given(st.text())
def test_any_name_becomes_that_of_a_file(name):
    short = stem(name)
    assert short == stem(short)
    assert 1 <= len(short.encode()) <= 250
    assert not set(short) & set('/\\:*?"<>|.\0\n ')


def test_what_an_export_is_proposed_to_be_called():
    assert KINDS["pytorch"].file_name("Two spirals", FOLDER) == "two-spirals-pytorch.zip"
    assert KINDS["python"].file_name("Two spirals", ".py") == "two-spirals.py"
    assert KINDS["onnx"].file_name("Two spirals", ".onnx") == "two-spirals.onnx"
    assert KINDS["csv"].file_name("Two spirals", ".csv") == "two-spirals-weights.csv"


def test_knowing_the_kinds_imports_nothing_heavy():
    script = "import sys, visualnn.exchange.kinds as k; print(*sorted({n.partition('.')[0] for n in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=60, check=True)
    assert not {"numpy", "onnx", "safetensors", "PySide6", "numba"} & set(done.stdout.split())
