"""Where the data have classes, predict.py names the class first, how sure it is, and which one is right."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from visualnn.exchange import answers, keras, numpy_program, pytorch
from visualnn.files.examples import load
from visualnn.nn.data import circles
from visualnn.nn.metrics import classes, predict
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.project import Project, new_project


def printed(project: Project, folder: Path, *arguments: str) -> list[str]:
    for name, content in numpy_program.files(project).items():
        (folder / name).write_bytes(content)
    command = [sys.executable, "predict.py", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def said(project: Project) -> np.ndarray:
    return predict(project.network, project.parameters, project.data.inputs[:10], project.mask)


def test_of_several_classes_the_likeliest_is_named_beside_the_right_one(tmp_path):
    digits = load("digits")
    expected = []
    for a, y in zip(said(digits), digits.data.targets, strict=False):
        expected.append(f"{a.argmax()}  ({a.max():.4f})  right: {y.argmax()}")
    lines = printed(digits, tmp_path)
    assert [line.rsplit("  ", 1)[0] for line in lines] == expected
    assert np.allclose([[float(word) for word in line.rsplit("  ", 1)[1].split()] for line in lines], said(digits))


def test_a_single_output_tells_two_classes_apart(tmp_path):
    xor = load("xor")
    named = replace(xor, data=replace(xor.data, classes=("same", "other")))
    expected = []
    for (a,), (y,) in zip(said(xor), xor.data.targets, strict=False):
        names = ("same", "other")[int(a > 0.5)], ("same", "other")[int(y > 0.5)]
        expected.append(f"{names[0]}  ({max(a, 1 - a):.4f})  right: {names[1]}")
    assert [line.rsplit("  ", 1)[0] for line in printed(named, tmp_path)] == expected
    (line,) = printed(named, tmp_path, "1", "1")
    assert line.startswith("same  (")
    assert "right" not in line


def test_what_is_no_share_is_not_called_one(tmp_path):
    network = Network.of(2, 3, 1, output="linear")
    made = new_project("circles", network, circles(20), Options(loss="hinge"), np.linspace(-1, 1, 13))
    a = said(made)
    lines = printed(made, tmp_path)
    assert "(" not in "".join(lines)
    assert [line.split("  ")[0] for line in lines] == [f"class {k}" for k in classes(a, 0.0)]


def test_numbers_stay_plain_numbers(tmp_path):
    adder = load("adder")
    assert [[float(word) for word in line.split()] for line in printed(adder, tmp_path)] == said(adder).tolist()


@pytest.mark.parametrize("files", [numpy_program.files, pytorch.files, keras.files])
def test_every_library_names_the_class_alike(files: Callable[[Project], dict[str, bytes]]):
    for example in ("xor", "digits"):
        project = load(example)
        text = files(project)["predict.py"].decode()
        assert answers.classes(project) in text
        assert 'print(f"{name}  ({share:.4f}){note} ", *said)' in text
        compile(text, "predict.py", "exec")
    assert "CLASSES" not in files(load("adder"))["predict.py"].decode()


def test_many_or_long_names_stand_a_line_each():
    digits = load("digits")
    named = replace(digits, data=replace(digits.data, classes=tuple(f"the digit {k} by hand" for k in range(10))))
    lines = answers.classes(named).splitlines()
    assert lines[:2] == ["CLASSES = [", "    'the digit 0 by hand',"]
    assert max(map(len, lines)) <= 100
