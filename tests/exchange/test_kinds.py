from __future__ import annotations

import subprocess
import sys
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.exchange import kinds
from visualnn.exchange.kinds import FOLDER, KINDS, stem
from visualnn.files.examples import load
from visualnn.files.fresh import from_shape
from visualnn.project import Project


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


def test_what_is_not_installed_is_told_before_anything_is_asked(monkeypatch):
    monkeypatch.setattr(kinds, "find_spec", lambda name: None)
    said = KINDS["onnx"].reason(from_shape("2-3-1"))
    assert said == 'ONNX needs the package onnx: pip install "visualnn[onnx]".'
    assert KINDS["pytorch"].reason(from_shape("2-3-1")) == ""


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
