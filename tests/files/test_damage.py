"""Files that are broken, malicious or from elsewhere: each ends in one sentence, never in a surprise."""

from __future__ import annotations

import copy
import json
import random
import struct
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import save

from tests.files.damaged import Values, made, mutated, packed, parts, put, sentence, without
from visualnn.files import native, upgrades
from visualnn.files.errors import FileError
from visualnn.nn.data import Recipe, circles, number_pairs
from visualnn.nn.history import Progress
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.scaling import Scaling
from visualnn.nn.training import Training
from visualnn.project import Project, new_project

NETWORK = Network.of(2, 3, 1)
PAIRS = number_pairs(-1, 1)
DATA = replace(
    PAIRS,
    image=(1, 2),
    classes=("sum",),
    test_inputs=PAIRS.inputs[:2] + 0.5,
    test_targets=PAIRS.targets[:2] + 1.0,
    output_names=("f",),
    scaling=Scaling.of(PAIRS.inputs, PAIRS.targets),
    texts=("word",) * 11,
)
WHOLE = new_project("Adder", NETWORK, DATA, Options(), initial_parameters(NETWORK, "he_normal", 1))
INLINE = WHOLE.with_silent(0, 1, True).with_cut(0, 0, 2, True).with_cut(1, 1, 0, True)
GOOD = native.encode(INLINE)


def test_a_file_packed_again_by_another_program_is_read(tmp_path: Path) -> None:
    for compression in (zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED):
        (tmp_path / "a.vnn").write_bytes(made(*parts(GOOD), compression))
        assert native.read(tmp_path / "a.vnn").parameters.tobytes() == INLINE.parameters.tobytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is damaged or not a VisualNN file."),
        (b"hello", "it is damaged or not a VisualNN file."),
        (GOOD[: len(GOOD) // 2], "it is damaged or not a VisualNN file."),
        (packed(), "it has no project.json."),
        (packed(("project.json", b"{}")), "it has no arrays.safetensors."),
        (packed(("a", b""), ("a", b"")), "it holds two parts of the same name."),
        (packed(("project.json", b"{}"), ("arrays.safetensors", b"")), "it is not a VisualNN file."),
        (packed(("project.json", b"[]"), ("arrays.safetensors", b"")), "its description is not a JSON object."),
        (packed(("project.json", b"\xff"), ("arrays.safetensors", b"")), "its description is not valid JSON."),
        (packed(("project.json", b'{"a":1,"a":1}'), ("arrays.safetensors", b"")), "its description is not valid JSON."),
        (packed(("project.json", b'{"a":NaN}'), ("arrays.safetensors", b"")), "its description is not valid JSON."),
        (packed(("project.json", b"[" * 10**5), ("arrays.safetensors", b"")), "its description is not valid JSON."),
        (packed(("project.json", b"1" * 10**4), ("arrays.safetensors", b"")), "its description is not valid JSON."),
        (
            packed(("project.json", b" " * 2**22), ("arrays.safetensors", b"")),
            "its project.json is packed suspiciously small.",
        ),
        (
            packed(("project.json", b" " * (2**26 + 1)), ("arrays.safetensors", b"")),
            "its project.json is larger (67,108,865 bytes) than it can rightly be.",
        ),
        (
            packed(("project.json", b"{}"), ("arrays.safetensors", b""), compression=zipfile.ZIP_LZMA),
            "its project.json is packed in a way this program does not know.",
        ),
    ],
)
def test_a_broken_container_is_told(tmp_path: Path, content: bytes, said: str) -> None:
    assert sentence(tmp_path, content) == said


def test_a_zip_bomb_is_not_unpacked(tmp_path: Path) -> None:
    text = json.dumps(parts(GOOD)[0]).encode()
    bomb = packed(("project.json", text), ("arrays.safetensors", b"\0" * 2**26))
    assert "than it can rightly be" in sentence(tmp_path, bomb)
    huge = parts(GOOD)[0]
    huge["network"]["layers"] = [{"units": 100_000, "activation": "relu"}, {"units": 1, "activation": "linear"}]
    bomb = packed(("project.json", json.dumps(huge).encode()), ("arrays.safetensors", b"\0" * 2**21))
    assert "packed suspiciously small" in sentence(tmp_path, bomb)


def test_an_encrypted_file_is_told(tmp_path: Path) -> None:
    content = bytearray(GOOD)
    for mark, place in ((b"PK\3\4", 6), (b"PK\1\2", 8)):
        content[content.index(mark) + place] |= 1
    assert sentence(tmp_path, bytes(content)) == "it is damaged or not a VisualNN file."


def test_a_newer_file_is_told(tmp_path: Path) -> None:
    values, arrays = parts(GOOD)
    said = sentence(tmp_path, made(values | {"version": 7}, arrays))
    assert said == "its format (7) is newer than this program (which knows up to 6)."
    assert "its format (0) is not known" in sentence(tmp_path, made(values | {"version": 0}, arrays))


RECIPE = {
    "source": "recipe",
    "recipe": "spirals",
    "rows": 50,
    "noise": 0.1,
    "seed": 1,
    "test_share": 0.3,
    "scaled": False,
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("name"), "its “name” is missing."),
        (without("network", "inputs"), "its “network.inputs” is missing."),
        (without("options", "optimizer", "rate"), "its “options.optimizer.rate” is missing."),
        (without("options", "goal"), "its “options.goal” is missing."),
        (put("1", "version"), "its “version” is not a whole number from 0."),
        (put(True, "version"), "its “version” is not a whole number from 0."),
        (put(1, "name"), "its “name” is not a text."),
        (put("\ud800", "name"), "its “name” is not a text."),
        (put("x" * 1_000_001, "notes"), "its “notes” is not a text."),
        (put([], "network"), "its “network” is not an object."),
        (put([], "network", "layers"), "a network needs at least one layer after its inputs."),
        (put({}, "network", "layers"), "its “network.layers” is not a list."),
        (put([3], "network", "layers"), "its “network.layers.0” is not an object."),
        (put(0, "network", "inputs"), "its “network.inputs” is not a whole number from 1."),
        (put(10**30, "network", "inputs"), f"a layer can have 1 to 100,000 neurons, not {10**30:,}."),
        (put("magic", "network", "layers", 0, "activation"), "there is no activation “magic”."),
        (put("softmax", "network", "layers", 0, "activation"), "“softmax” is for the output layer only."),
        (put(3, "network", "inputs"), "its data name 2 inputs; the network has 3."),
        (put("web", "data", "source"), "its data come from “web”, which this program does not know."),
        (put(RECIPE | {"recipe": "cake"}, "data"), "its data are made by “cake”"),
        (put(RECIPE | {"rows": 2}, "data"), "“Two spirals” has 8 to 2,000 rows, not 2."),
        (put(RECIPE | {"rows": 10**30}, "data"), "“Two spirals” has 8 to 2,000 rows, not 1"),
        (put(RECIPE | {"rows": 2.5}, "data"), "its “data.rows” is not a whole number from 0."),
        (put(RECIPE | {"noise": -1}, "data"), "the noise of “Two spirals” must be from 0 to 0.2, not -1."),
        (put(RECIPE | {"noise": "much"}, "data"), "its “data.noise” is not a number."),
        (
            put(RECIPE | {"recipe": "digits", "noise": 1, "rows": None}, "data"),
            "“Handwritten digits” has no noise.",
        ),
        (put(RECIPE | {"seed": -1}, "data"), "its “data.seed” is not a whole number from 0."),
        (put(RECIPE | {"seed": 2**63}, "data"), "the seed must be a whole number from 0 to 2⁶³ − 1"),
        (put(RECIPE | {"test_share": 1}, "data"), "the share to test on must be from 0 to 0.9, not 1."),
        (put(RECIPE | {"test_share": None}, "data"), "its “data.test_share” is not a number."),
        (put(RECIPE | {"scaled": 1}, "data"), "its “data.scaled” is not true or false."),
        (put({"source": "recipe", "recipe": "spirals"}, "data"), "its “data.rows” is missing."),
        (
            put("product", "data", "rule"),
            "its data follow the rule “product”, which this program does not know.",
        ),
        (put(10**12, "data", "rows"), "its data hold more than 200,000,000 numbers."),
        (put(10**12, "data", "tests"), "its data hold more than 200,000,000 numbers."),
        (put(-1, "data", "tests"), "its “data.tests” is not a whole number from 0."),
        (without("data", "tests"), "its “data.tests” is missing."),
        (put(3, "data", "tests"), "its data have 11 texts for 12 rows."),
        (put(["a"], "data", "texts"), "its data have 1 texts for 11 rows."),
        (put([1] * 11, "data", "texts"), "its “data.texts” is not a text."),
        (put(["f", "g"], "data", "output_names"), "its data name 2 outputs; the network has 1."),
        (put("f", "data", "output_names"), "its “data.output_names” is not a list."),
        (without("data", "scaling"), "its “data.scaling” is missing."),
        (put([], "data", "scaling"), "its “data.scaling” is not an object."),
        (without("data", "scaling", "mean"), "its “data.scaling.mean” is missing."),
        (put([1.0], "data", "scaling", "mean"), "its “data.scaling.mean” is not 2 numbers."),
        (put([1.0, 0.0], "data", "scaling", "spread"), "its “data.scaling.spread” is not 2 numbers above 0."),
        (
            put([-1], "data", "scaling", "target_spread"),
            "its “data.scaling.target_spread” is not 1 numbers above 0.",
        ),
        (
            put(["1"], "data", "scaling", "target_mean"),
            "its “data.scaling.target_mean” is not a list of numbers.",
        ),
        (put(0, "data", "rows"), "its “data.rows” is not a whole number from 1."),
        (put(["a", 1], "data", "input_names"), "its “data.input_names” is not a text."),
        (put(1, "data", "classification"), "its “data.classification” is not true or false."),
        (without("data", "image"), "its “data.image” is missing."),
        (put([3, 1], "data", "image"), "its pictures have 3×1 pixels; the network has 2 inputs."),
        (put([2, 1, 1], "data", "image"), "its “data.image” is not two whole numbers from 1."),
        (put([-1, -2], "data", "image"), "its “data.image” is not two whole numbers from 1."),
        (put([2.0, 1], "data", "image"), "its “data.image” is not two whole numbers from 1."),
        (put("2×1", "data", "image"), "its “data.image” is not two whole numbers from 1."),
        (put(["no", "so", "yes"], "data", "classes"), "its data name 3 classes; the network has 1 outputs."),
        (put([0], "data", "classes"), "its “data.classes” is not a text."),
        (without("data", "classes"), "its “data.classes” is missing."),
        (without("silent"), "its “silent” is missing."),
        (without("cut"), "its “cut” is missing."),
        (put({}, "silent"), "its “silent” is not a list of places of 2 whole numbers each."),
        (put([[1, 2, 3]], "silent"), "its “silent” is not a list of places of 2 whole numbers each."),
        (put([[1, True]], "silent"), "its “silent” is not a list of places of 2 whole numbers each."),
        (put([7], "cut"), "its “cut” is not a list of places of 3 whole numbers each."),
        (put([[0, 0, 0.5]], "cut"), "its “cut” is not a list of places of 3 whole numbers each."),
        (put([[1, 3]], "silent"), "there is no neuron 3 in column 1 that could be switched off."),
        (put([[2, 0]], "silent"), "there is no neuron 0 in column 2 that could be switched off."),
        (put([[0, 10**30]], "silent"), "there is no neuron 1000"),
        (put([[1, 0, 1]], "cut"), "there is no connection 0→1 in layer 1 that could be cut."),
        (put([[-1, 0, 0]], "cut"), "there is no connection 0→0 in layer -1 that could be cut."),
        (put([1.0], "sample"), "its sample has 1 values for 2 inputs."),
        (put([1, "2"], "sample"), "its “sample” is not a list of numbers."),
        (put([1, 10**400], "sample"), "its “sample” is not a list of numbers."),
        (put("tiger", "options", "optimizer", "name"), "there is no optimizer “tiger”."),
        (put(1.5, "options", "optimizer", "rho"), "rho must be at least 0 and below 1, not 1.5."),
        (put(-1, "options", "optimizer", "weight_decay"), "weight_decay must be a number from 0, not -1.0."),
        (without("options", "schedule"), "its “options.schedule” is missing."),
        (put([], "options", "schedule"), "its “options.schedule” is not an object."),
        (put("often", "options", "schedule", "name"), "there is no schedule “often”."),
        (
            put(0, "options", "schedule", "period"),
            "its “options.schedule.period” is not a whole number from 1 to",
        ),
        (
            put(10**30, "options", "schedule", "warmup"),
            "its “options.schedule.warmup” is not a whole number from 0",
        ),
        (put(1.5, "options", "schedule", "patience"), "its “options.schedule.patience” is not a whole number"),
        (put(0, "options", "schedule", "gamma"), "gamma must be above 0 and at most 1, not 0.0."),
        (put(2, "options", "schedule", "floor"), "the floor of a schedule must be from 0 to 1, not 2.0."),
        (put(-1, "options", "l1"), "l1 must be a number from 0, not -1.0."),
        (put("1", "options", "l2"), "its “options.l2” is not a number."),
        (put(1, "options", "dropout"), "dropout must be at least 0 and below 1, not 1.0."),
        (put(0, "options", "clip_value"), "clip_value must be above 0, not 0.0."),
        (put(True, "options", "clip_norm"), "its “options.clip_norm” is not a number."),
        (put("float16", "options", "precision"), "there is no precision “float16”."),
        (put(None, "options", "initializer_scale"), "its “options.initializer_scale” is not a number."),
        (without("network", "shortcut"), "its “network.shortcut” is missing."),
        (put(-1, "network", "shortcut"), "its “network.shortcut” is not a whole number from 0 to 10,000."),
        (put(0, "options", "optimizer", "rate"), "the learning rate must be a number above 0, not 0.0."),
        (put("guess", "options", "loss"), "there is no loss “guess”."),
        (
            put("cross_entropy", "options", "loss"),
            "the loss “cross_entropy” does not fit the output activation “linear”",
        ),
        (put("chance", "options", "initializer"), "there is no initializer “chance”."),
        (put(0, "options", "epochs"), "its “options.epochs” is not a whole number from 1."),
        (put(1.5, "options", "patience"), "its “options.patience” is not a whole number from 1."),
        (without("options", "patience"), "its “options.patience” is missing."),
        (put(0, "options", "batch_size"), "its “options.batch_size” is not a whole number from 1."),
        (put(1.5, "options", "seed"), "its “options.seed” is not a whole number from 0."),
        (put(2**63, "options", "seed"), "the seed must be a whole number from 0"),
        (put("0", "options", "goal"), "its “options.goal” is not a number."),
        (put(9, "network", "layers", 0, "units"), "its parameters should be 37 numbers"),
        (put(4, "network", "layers", 0, "units"), "its parameters should be 17 numbers"),
    ],
)
def test_a_wrong_description_is_told(tmp_path: Path, change: Callable[[Values], None], said: str) -> None:
    values, arrays = parts(GOOD)
    change(values)
    assert sentence(tmp_path, made(values, arrays)).startswith(said.removesuffix("."))


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("name", ["parameters", "inputs", "targets", "test_inputs", "test_targets"])
def test_numbers_that_are_not_finite_are_told(tmp_path: Path, name: str, value: float) -> None:
    values, arrays = parts(GOOD)
    arrays[name] = arrays[name].copy()
    arrays[name].flat[0] = value
    assert sentence(tmp_path, made(values, arrays)) == f"its {name} hold a value that is not a finite number."


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            lambda arrays: arrays.pop("parameters"),
            "it holds the numbers inputs, targets, test_inputs, test_targets instead of",
        ),
        (lambda arrays: arrays.pop("test_inputs"), "parameters, targets, test_targets instead of"),
        (
            lambda arrays: arrays.update(test_inputs=np.zeros((3, 2))),
            "its test_inputs should be 2×2 numbers of 64 bits, not 3×2 of type F64.",
        ),
        (
            lambda arrays: arrays.update(inputs=np.zeros((4, 2))),
            "its inputs should be 9×2 numbers of 64 bits, not 4×2 of type F64.",
        ),
        (lambda arrays: arrays.update(more=np.zeros(1)), "it holds the numbers inputs, more, parameters, targets, t"),
        (lambda arrays: arrays.update(parameters=np.zeros(13, np.float32)), "not 13 of type F32."),
        (lambda arrays: arrays.update(parameters=np.zeros((13, 1))), "its parameters should be 13 numbers of 64 bits"),
        (lambda arrays: arrays.update(origin=np.zeros(3)), "its origin should be 13 numbers of 64 bits, not 3"),
        (lambda arrays: arrays.clear(), "it holds the numbers nothing instead of inputs, parameters, targets, t"),
    ],
)
def test_wrong_arrays_are_told(tmp_path: Path, change: Callable[[dict[str, Any]], object], said: str) -> None:
    values, arrays = parts(GOOD)
    change(arrays)
    assert said in sentence(tmp_path, made(values, arrays))


@pytest.mark.parametrize("content", [b"", b"\0" * 7, struct.pack("<Q", 2**63), struct.pack("<Q", 4) + b"nope"])
def test_damaged_arrays_are_told(tmp_path: Path, content: bytes) -> None:
    text = json.dumps(parts(GOOD)[0]).encode()
    said = sentence(tmp_path, packed(("project.json", text), ("arrays.safetensors", content)))
    assert said == "its numbers are damaged."


def test_data_that_do_not_fit_the_network_are_told(tmp_path: Path) -> None:
    network = Network.of(3, 1)
    values, _ = parts(GOOD)
    values["network"] |= {"inputs": 3, "layers": [{"units": 1, "activation": "linear"}]}
    values["data"] = RECIPE | {"recipe": "pairs"}
    values |= {"sample": [0, 0, 0], "silent": [], "cut": []}
    said = sentence(tmp_path, made(values, {"parameters": np.zeros(network.parameter_count)}))
    assert said == "the data have 2 inputs and 1 outputs; the network 3-1 has 3 and 1."


def test_a_rule_that_does_not_fit_is_told(tmp_path: Path) -> None:
    values, arrays = parts(GOOD)
    values["network"]["inputs"] = 1
    values["data"] |= {"rule": "xor", "input_names": ["a"]}
    assert "the rule “xor”, which does not fit the network 1-3-1." in sentence(tmp_path, made(values, arrays))


def test_an_older_file_is_lifted_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    values, arrays = parts(GOOD)
    values["version"] = 0
    values["title"] = values.pop("name")
    monkeypatch.setattr(upgrades, "CURRENT", 2)
    monkeypatch.setattr(
        upgrades,
        "UPGRADES",
        {
            0: lambda old: {**old, "name": old["title"]},
            1: lambda old: {**old, "notes": "lifted from " + old["title"]},
        },
    )
    (tmp_path / "a.vnn").write_bytes(made(values, arrays))
    project = native.read(tmp_path / "a.vnn")
    assert (project.name, project.notes) == ("Adder", "lifted from Adder")


VERSION_1 = {
    "format": "visualnn",
    "version": 1,
    "program": "0.1.0",
    "name": "Adder",
    "notes": "",
    "trained": False,
    "network": {"inputs": 2, "layers": [{"units": 3, "activation": "relu"}, {"units": 1, "activation": "linear"}]},
    "data": {"source": "recipe", "recipe": "pairs"},
    "options": {
        "optimizer": {"name": "adam", "rate": 0.1, "momentum": 0.9, "beta1": 0.9, "beta2": 0.999, "eps": 1e-08},
        "loss": "mse",
        "batch_size": None,
        "initializer": "glorot_uniform",
        "seed": 3,
        "goal": None,
    },
    "sample": [2.0, 2.0],
}


def test_a_file_of_version_1_trains_as_it_did(tmp_path: Path) -> None:
    (tmp_path / "a.vnn").write_bytes(made(VERSION_1, {"parameters": np.zeros(13)}))
    project = native.read(tmp_path / "a.vnn")
    assert project.options == Options(seed=3)  # today's defaults are what version 1 did
    assert project.network == NETWORK
    native.write(tmp_path / "b.vnn", project)
    assert parts((tmp_path / "b.vnn").read_bytes())[0]["version"] == upgrades.CURRENT == 6


def test_a_file_of_version_3_begins_with_no_update_and_the_target_of_its_data(tmp_path: Path) -> None:
    old = {key: value for key, value in VERSION_4.items() if key not in ("target", "updates")}
    (tmp_path / "a.vnn").write_bytes(made(old | {"version": 3}, {"parameters": np.zeros(13)}))
    project = native.read(tmp_path / "a.vnn")
    assert (project.target, project.updates, project.memory) == (None, 0, None)


def test_what_version_1_did_not_know_is_not_believed(tmp_path: Path) -> None:
    odd = copy.deepcopy(VERSION_1)
    odd["options"] |= {"dropout": "much", "schedule": 7}
    odd["network"]["shortcut"] = []
    (tmp_path / "a.vnn").write_bytes(made(odd, {"parameters": np.zeros(13)}))
    assert native.read(tmp_path / "a.vnn").options == Options(seed=3)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("options"), "its “options” is missing."),
        (put(3, "network"), "its “network” is not an object."),
        (put([], "options", "optimizer"), "its “options.optimizer” is not an object."),
        (without("options", "optimizer", "eps"), "its “options.optimizer.eps” is missing."),
    ],
)
def test_a_damaged_file_of_version_1_is_told(tmp_path: Path, change: Callable[[Values], None], said: str) -> None:
    values = copy.deepcopy(VERSION_1)
    change(values)
    assert sentence(tmp_path, made(values, {"parameters": np.zeros(13)})) == said


VERSION_2 = {
    "format": "visualnn",
    "version": 2,
    "program": "0.2.0",
    "name": "Mine",
    "notes": "",
    "trained": True,
    "network": {
        "inputs": 2,
        "layers": [{"units": 3, "activation": "relu"}, {"units": 1, "activation": "linear"}],
        "shortcut": 0,
    },
    "data": {
        "source": "inline",
        "name": "mine",
        "rows": 2,
        "input_names": ["a", "b"],
        "classification": False,
        "rule": None,
    },
    "options": {
        "optimizer": {
            "name": "adam",
            "rate": 0.1,
            "momentum": 0.9,
            "beta1": 0.9,
            "beta2": 0.999,
            "eps": 1e-08,
            "rho": 0.99,
            "weight_decay": 0.0,
        },
        "loss": "mae",
        "batch_size": None,
        "initializer": "glorot_uniform",
        "seed": 3,
        "goal": None,
        "initializer_scale": 0.05,
        "schedule": {"name": "constant", "period": 100, "gamma": 0.5, "warmup": 0, "patience": 10, "floor": 0.0},
        "l1": 0.0,
        "l2": 0.0,
        "dropout": 0.1,
        "clip_value": None,
        "clip_norm": None,
        "precision": "float64",
    },
    "sample": [2.0, 2.0],
}
ARRAYS_2 = {"parameters": np.arange(13.0), "inputs": np.ones((2, 2)), "targets": np.ones((2, 1))}


def test_a_file_of_version_2_has_nothing_switched_off(tmp_path: Path) -> None:
    (tmp_path / "a.vnn").write_bytes(made(VERSION_2, ARRAYS_2))
    project = native.read(tmp_path / "a.vnn")
    assert (project.silent, project.cut, project.mask) == (frozenset(), frozenset(), None)
    assert (project.data.image, project.data.classes) == (None, ())
    assert project.options == Options(loss="mae", seed=3, dropout=0.1)
    assert project.parameters.tolist() == list(range(13))
    assert project.trained


def test_what_version_2_did_not_know_is_not_believed(tmp_path: Path) -> None:
    odd = copy.deepcopy(VERSION_2)
    odd |= {"silent": [[1, 0]], "cut": 7}
    odd["data"] |= {"image": "large", "classes": ["one", "two"]}
    (tmp_path / "a.vnn").write_bytes(made(odd, ARRAYS_2))
    project = native.read(tmp_path / "a.vnn")
    assert (project.mask, project.data.image, project.data.classes) == (None, None, ())


def test_a_damaged_file_of_version_2_is_told(tmp_path: Path) -> None:
    assert sentence(tmp_path, made(VERSION_2 | {"data": 3}, ARRAYS_2)) == "its “data” is not an object."


VERSION_4 = VERSION_2 | {
    "version": 4,
    "data": {"source": "recipe", "recipe": "circles"},
    "options": VERSION_2["options"] | {"batch_size": 16, "goal": 0.01},
    "sample": [0.5, 0.25],
    "target": [1.0],
    "updates": 0,
    "silent": [],
    "cut": [],
}


def test_a_file_of_version_4_learns_from_all_rows_as_it_did(tmp_path: Path) -> None:
    (tmp_path / "a.vnn").write_bytes(made(VERSION_4, {"parameters": np.arange(13.0)}))
    project = native.read(tmp_path / "a.vnn")
    assert (project.data.recipe, project.data.tests) == (Recipe("circles"), 0)
    assert project.data.inputs.tobytes() == circles().inputs.tobytes()
    assert project.options == Options(loss="mae", seed=3, dropout=0.1, batch_size=16, goal=0.01)
    assert (project.options.epochs, project.options.patience) == (None, None)


def test_rows_in_a_file_of_version_4_are_all_to_learn_from(tmp_path: Path) -> None:
    data = VERSION_2["data"] | {"image": None, "classes": ["seven"]}
    (tmp_path / "a.vnn").write_bytes(made(VERSION_4 | {"data": data}, ARRAYS_2))
    project = native.read(tmp_path / "a.vnn")
    assert (project.data.rows, project.data.tests, project.data.held) == (2, 0, None)
    assert (project.data.output_names, project.data.texts, project.data.scaling) == ((), (), None)
    assert project.data.classes == ("seven",)


def test_the_digits_of_version_4_are_tested_on_the_rows_that_it_left_out(tmp_path: Path) -> None:
    layers = [{"units": 10, "activation": "softmax"}]
    network = {"inputs": 64, "layers": layers, "shortcut": 0}
    data = {"source": "recipe", "recipe": "digits"}
    options = VERSION_4["options"] | {"loss": "cross_entropy"}
    old = VERSION_4 | {"network": network, "data": data, "options": options, "sample": [0.0] * 64, "target": None}
    (tmp_path / "a.vnn").write_bytes(made(old, {"parameters": np.zeros(650)}))
    project = native.read(tmp_path / "a.vnn")
    assert (project.data.rows, project.data.tests) == (1437, 360)


def test_what_version_4_did_not_know_is_not_believed(tmp_path: Path) -> None:
    odd = copy.deepcopy(VERSION_4)
    odd["data"] |= {"test_share": 0.5, "rows": "many"}
    odd["options"] |= {"epochs": -1, "patience": {}}
    (tmp_path / "a.vnn").write_bytes(made(odd, {"parameters": np.zeros(13)}))
    project = native.read(tmp_path / "a.vnn")
    assert (project.data.recipe, project.options.epochs) == (Recipe("circles"), None)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (put(7, "data"), "its “data” is not an object."),
        (without("options"), "its “options” is missing."),
        (without("data", "recipe"), "its “data.recipe” is missing."),
        (put(["digits"], "data", "recipe"), "its “data.recipe” is not a text."),
        (without("data", "source"), "its “data.source” is missing."),
    ],
)
def test_a_damaged_file_of_version_4_is_told(tmp_path: Path, change: Callable[[Values], None], said: str) -> None:
    values = copy.deepcopy(VERSION_4)
    change(values)
    assert sentence(tmp_path, made(values, {"parameters": np.zeros(13)})) == said


@pytest.mark.parametrize("start", range(10))
def test_flipped_bytes_end_in_a_project_or_a_sentence(tmp_path: Path, start: int) -> None:
    old = made(VERSION_1, {"parameters": np.zeros(13)}, zipfile.ZIP_STORED)
    older = made(VERSION_2, ARRAYS_2, zipfile.ZIP_STORED)
    recent = made(VERSION_4, {"parameters": np.zeros(13)}, zipfile.ZIP_STORED)
    sources = (GOOD, made(*parts(GOOD)), made(*parts(GOOD), zipfile.ZIP_STORED), old, older, recent)
    path = tmp_path / "a.vnn"
    for seed in range(start * 60, start * 60 + 60):
        rng = random.Random(seed)
        path.write_bytes(mutated(rng, rng.choice(sources)))
        _project_or_sentence(path)


@pytest.mark.parametrize("start", range(5))
def test_a_mutated_description_ends_in_a_project_or_a_sentence(tmp_path: Path, start: int) -> None:
    values, arrays = parts(GOOD)
    text, numbers = json.dumps(values).encode(), save(arrays)
    path = tmp_path / "a.vnn"
    for seed in range(start * 60, start * 60 + 60):
        rng = random.Random(seed)
        path.write_bytes(packed(("project.json", mutated(rng, text)), ("arrays.safetensors", mutated(rng, numbers))))
        _project_or_sentence(path)


def _project_or_sentence(path: Path) -> None:
    try:
        found = native.read(path)
    except FileError as error:
        told = str(error)
    else:
        assert isinstance(found, Project)
        assert np.isfinite(found.parameters).all()
        return
    assert told.startswith("“a.vnn” cannot be opened: ")


# -- how far a run has come --------------------------------------------------------------------------------------------


def left_off() -> Project:
    """A run with shuffled rows that was left after nine updates."""
    options = Options(Optimizer("adam", 0.1), batch_size=10)
    network = Network.of(2, 3, 1)
    training = Training(network, number_pairs(), options)
    training.run(9)
    curve = training.curve.view(9)
    assert curve is not None
    project = new_project("Left off", network, number_pairs(), options, training.parameters)
    return replace(project, trained=True).with_progress(Progress(training.checkpoint(), training.start, curve))


RATES = "its “progress.rates” is not a list of updates that rise from 0, with the rate that was set at each."


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"update": 0}, "its “progress.update” is not a whole number from 1 to 9,007,199,254,740,992."),
        ({"update": "9"}, "its “progress.update” is not a whole number from 1 to 9,007,199,254,740,992."),
        ({"update": 2**30}, "its “progress.stride” is not large enough: 1,073,741,824 losses are more than 65,536."),
        ({"stride": 0}, "its “progress.stride” is not a whole number from 1 to 9,007,199,254,740,992."),
        ({"scalars": [1.0]}, "its “progress.scalars” is not a list of 7 numbers."),
        ({"scalars": ["a"] * 7}, "its “progress.scalars” is not a list of numbers."),
        ({"words": [1, 2]}, "its “progress.words” is not a list of 6 whole numbers below 2⁶⁴."),
        ({"words": [-1] * 6}, "its “progress.words” is not a list of 6 whole numbers below 2⁶⁴."),
        ({"epoch": 0.5}, "its “progress.epoch” is not a whole number from 0 to 1."),
        ({"rates": []}, RATES),
        ({"rates": [[3, 0.1]]}, RATES),
        ({"rates": [[0, 0.1], [0, 0.2]]}, RATES),
        ({"rates": [[0, -0.1]]}, RATES),
        ({"rates": [[0, 0.1, 2]]}, RATES),
    ],
)  # fmt: skip
def test_a_run_that_cannot_be_gone_on_with_is_told(tmp_path: Path, changes: Values, said: str) -> None:
    values, arrays = parts(native.encode(left_off()))
    values["progress"] |= changes
    assert sentence(tmp_path, made(values, arrays)) == said


def test_an_order_that_leaves_rows_out_is_told(tmp_path: Path) -> None:
    values, arrays = parts(native.encode(left_off()))
    arrays["run_line"] = np.zeros_like(arrays["run_line"])
    assert sentence(tmp_path, made(values, arrays)) == "its run_line is no order of its rows."


def test_progress_that_is_no_object_is_told(tmp_path: Path) -> None:
    values, arrays = parts(native.encode(left_off()))
    assert sentence(tmp_path, made(values | {"progress": 3}, arrays)) == "its “progress” is not an object."


def test_numbers_of_a_run_that_are_missing_are_told(tmp_path: Path) -> None:
    values, arrays = parts(native.encode(left_off()))
    del arrays["run_curve"]
    assert "instead of" in sentence(tmp_path, made(values, arrays))
