"""Files whose runs are broken: each ends in one sentence, never in a surprise."""

from __future__ import annotations

import copy
import io
import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.files.damaged import Values, made, mutated, packed, parts, put, sentence, without
from tests.files.likeness import assert_same_work
from tests.files.test_runs import adder, document, taught
from visualnn.files import container, native
from visualnn.files.errors import FileError
from visualnn.nn.data import number_pairs
from visualnn.nn.optimizers import Optimizer
from visualnn.work import View, Work


def three_runs() -> Work:
    """A document with a run that led to it, one of other data, and one that diverged."""
    work = document()
    other = taught(adder().with_data(number_pairs(0, 1)), number=4)[0]
    endless = taught(adder(optimizer=Optimizer("sgd", 1e308)), number=5, updates=20)[0]
    project = work.project.with_batch(4)
    return Work(project, (*work.runs, replace(other, parent=1), replace(endless, project=None, moments=())), 1)


WORK = replace(three_runs(), view=View("train", 3, "a→d"))
GOOD = native.encode(WORK)
RUN, MOMENT = ("runs", 0), ("runs", 0, "moments", 1)
RATES = "is not a list of updates that rise from 0, with the rate that was set at each."
NOT_NAMED = "is not the place of data that stand before them."


def test_the_file_that_is_broken_below_is_whole(tmp_path: Path) -> None:
    (tmp_path / "a.vnn").write_bytes(made(*parts(GOOD)))
    assert_same_work(WORK, native.read_work(tmp_path / "a.vnn"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (without("runs"), "its “runs” is missing."),
        (put({}, "runs"), "its “runs” is not a list."),
        (put([3], "runs"), "its “runs.0” is not an object."),
        (put([{}] * 201, "runs"), "its “runs” is not a list of at most 200 runs."),
        (without("number"), "its “number” is missing."),
        (put(7, "number"), "its “number” is not that of one of its runs."),
        (put(-1, "number"), "its “number” is not a whole number from 0."),
        (put(1.0, "number"), "its “number” is not a whole number from 0."),
        (without("view"), "its “view” is missing."),
        (put([], "view"), "its “view” is not an object."),
        (put("upside", "view", "mode"), "its “view.mode” is not one of step, train."),
        (put(-1, "view", "step"), "its “view.step” is not a whole number from 0 to 9,007,199,254,740,992."),
        (put(None, "view", "selected"), "its “view.selected” is not a text."),
        (without("batch"), "its “batch” is missing."),
        (put(65, "batch"), "its “batch” is not a whole number from 0 to 25."),
        (put(4, "row"), "its “row” is not a whole number from 0 to 3."),
        (put(10**7, "updates"), "its “batch” is not a whole number from 0 to 0."),
        (without("diverged"), "its “diverged” is missing."),
        (put("no", "diverged"), "its “diverged” is not true or false."),
        (without("same"), "its “same” is missing."),
        (put([], "same"), "its “same” is not an object."),
        (put("inputs", "same", "runs.0.start"), "its “same” is not right about runs.0.start."),
        (put(3, "same", "runs.0.start"), "its “same” is not right about runs.0.start."),
        (put("runs.0.start", "same", "runs.0.start"), "its “same” is not right about runs.0.start."),
        (put("runs.0.start", "same", "run_start"), "its “same” is not right about "),
        (put("parameters", "same", "everything"), "its “same” is not right about everything."),
        (put("origin", "same", "runs.0.start"), "its runs.0.start should be its origin, which it does not hold"),
        (without(*RUN, "number"), "its “runs.0.number” is missing."),
        (put(0, *RUN, "number"), "its “runs.0.number” is not a whole number from 1."),
        (put(4, *RUN, "number"), "its “runs” is not a list of runs with different numbers."),
        (put(1, *RUN, "name"), "its “runs.0.name” is not a text."),
        (put(None, *RUN, "data_name"), "its “runs.0.data_name” is not a text."),
        (put("1", *RUN, "network"), "its “runs.0.network” is not an object."),
        (put(4, *RUN, "network", "layers", 0, "units"), "its “same” is not right about runs.0."),
        (put(3, *RUN, "network", "inputs"), "its “runs.0.project.data” do not fit the network 3-3-1."),
        (without(*RUN, "options", "loss"), "its “runs.0.options.loss” is missing."),
        (put("lion", *RUN, "options", "optimizer", "name"), "its “same” is not right about runs.0.moments.2.m"),
        (put(None, *RUN, "options", "batch_size"), "its “same” is not right about runs.0.moments.2.line."),
        (put(-1, *RUN, "update"), "its “runs.0.update” is not a whole number from 0 to 9,"),
        (put(2**60, *RUN, "update"), "its “runs.0.update” is not a whole number from 0 to 9,"),
        (put(7, *RUN, "update"), "its “runs.0.moments” is not a list of moments of the run, one after the"),
        (put(0, *RUN, "epoch_length"), "its “runs.0.epoch_length” is not a whole number from 1 to 9,"),
        (put("Nan", *RUN, "loss"), "its “runs.0.loss” is not a number."),
        (put(None, *RUN, "loss"), "its “runs.0.loss” is not a number."),
        (put(0, *RUN, "stride"), "its “runs.0.stride” is not a whole number from 1 to 9,"),
        (put(2**40, *RUN, "losses"), "its “runs.0.losses” is not a whole number from 0 to 65,536."),
        (put(9, *RUN, "losses"), "its “same” is not right about runs.0.curve."),
        (put(2**40, *RUN, "readings"), "its “runs.0.readings” is not a whole number from 0 to 65,536."),
        (put("tired", *RUN, "stop"), "its “runs.0.stop” is not one of done, stopped, goal, diverged, early."),
        (put("1", *RUN, "parent"), "its “runs.0.parent” is not a whole number from 0."),
        (put(-3, *RUN, "branched_at"), "its “runs.0.branched_at” is not a whole number from 0 to 9,"),
        (put([[0, 0.0]], *RUN, "rates"), f"its “runs.0.rates” {RATES}"),
        (put([[1, 0.1]], *RUN, "rates"), f"its “runs.0.rates” {RATES}"),
        (put({}, *RUN, "moments"), "its “runs.0.moments” is not a list."),
        (put(None, *RUN, "project"), "its “runs.0.moments” is not a list of at most 1,024 moments of a project."),
        (put([{}] * 1025, *RUN, "moments"), "its “runs.0.moments” is not a list of at most 1,024 moments of a p"),
        (put(9, *MOMENT, "update"), "its “runs.0.moments.1.epoch” is not a whole number from 2 to 3."),
        (put(0, *MOMENT, "update"), "its “runs.0.moments.1.epoch” is not a whole number from -1 to 0."),
        (put(2**50, *MOMENT, "epoch"), "its “runs.0.moments.1.epoch” is not a whole number from 1 to 1."),
        (put([0] * 5, *MOMENT, "words"), "its “runs.0.moments.1.words” is not a list of 6 whole numbers below"),
        (put(2, *MOMENT, "shared_rates"), "its “runs.0.moments.1.shared_rates” is not a whole number from 0 to 1"),
        (put([[0, 0.5]], *MOMENT, "rates"), f"its “runs.0.moments.1.rates” {RATES}"),
        (put([[5]], *MOMENT, "rates"), f"its “runs.0.moments.1.rates” {RATES}"),
        (put(3, *RUN, "project"), "its “runs.0.project” is not an object."),
        (without(*RUN, "project", "sample"), "its “runs.0.project.sample” is missing."),
        (put([[9, 9]], *RUN, "project", "silent"), "there is no neuron 9 in column 9 that could be switched off."),
        (put("magic", *RUN, "project", "options", "loss"), "there is no loss “magic”."),
        (put("here", *RUN, "project", "data", "as"), f"its “runs.0.project.data.as” {NOT_NAMED}"),
        (put("runs.0.project.data", *RUN, "project", "data", "as"), f"its “runs.0.project.data.as” {NOT_NAMED}"),
        (put({"source": "same", "as": "data"}, "data"), "its “data.as” is not the place of data that stand"),
    ],
)  # fmt: skip
def test_a_wrong_description_of_runs_is_told(tmp_path: Path, change: Callable[[Values], None], said: str) -> None:
    values, arrays = parts(GOOD)
    change(values)
    assert sentence(tmp_path, made(values, arrays)).startswith(said.removesuffix("."))


@pytest.mark.parametrize("key", sorted(parts(GOOD)[0]))
def test_every_key_must_be_there(tmp_path: Path, key: str) -> None:
    values, arrays = parts(GOOD)
    del values[key]
    (tmp_path / "a.vnn").write_bytes(made(values, arrays))
    if key == "program":  # says only who wrote it
        assert native.read(tmp_path / "a.vnn").name == "Adder"
    else:
        assert sentence(tmp_path, made(values, arrays)) == {"format": "it is not a VisualNN file."}.get(
            key, f"its “{key}” is missing."
        )


@pytest.mark.parametrize("key", sorted(parts(GOOD)[0]["runs"][0]))
def test_every_key_of_a_run_must_be_there(tmp_path: Path, key: str) -> None:
    values, arrays = parts(GOOD)
    del values["runs"][0][key]
    assert sentence(tmp_path, made(values, arrays)) == f"its “runs.0.{key}” is missing."


@pytest.mark.parametrize("key", sorted(parts(GOOD)[0]["runs"][0]["moments"][0]))
def test_every_key_of_a_moment_must_be_there(tmp_path: Path, key: str) -> None:
    values, arrays = parts(GOOD)
    del values["runs"][0]["moments"][0][key]
    assert sentence(tmp_path, made(values, arrays)) == f"its “runs.0.moments.0.{key}” is missing."


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("runs.0.moments.1.line", 1.0, "its runs.0.moments.1.line is no order of its rows."),
        ("runs.0.moments.1.line", np.nan, "its runs.0.moments.1.line is no order of its rows."),
        ("runs.0.moments.1.line", -1.0, "its runs.0.moments.1.line is no order of its rows."),
        ("runs.0.moments.1.line", 1e300, "its runs.0.moments.1.line is no order of its rows."),
        ("runs.0.moments.1.line", 0.5, "its runs.0.moments.1.line is no order of its rows."),
        ("runs.1.project.inputs", np.nan, "its runs.1.project.inputs hold a value that is not a finite number."),
        ("parameters", np.inf, "its parameters hold a value that is not a finite number."),
        ("run_memory", np.inf, "its run_memory hold a value that is not a finite number."),
    ],
)
def test_wrong_numbers_of_runs_are_told(tmp_path: Path, name: str, value: float, said: str) -> None:
    values, arrays = parts(GOOD)
    arrays[name] = np.full_like(arrays[name], value)
    assert sentence(tmp_path, made(values, arrays)) == said


@pytest.mark.parametrize("updates", [[3.0, 3.0], [4.0, 3.0], [-1.0, 2.0], [0.5, 1.0], [0.0, np.nan], [0.0, np.inf]])
def test_readings_of_no_updates_are_told(tmp_path: Path, updates: list[float]) -> None:
    values, arrays = parts(GOOD)
    values["runs"][1]["readings"] = 2
    values["same"] = {name: other for name, other in values["same"].items() if not name.endswith("readings")}
    arrays |= {"runs.1.readings": np.array([updates] * 7), "runs.2.readings": np.empty((7, 0))}
    assert sentence(tmp_path, made(values, arrays)) == "its runs.1.readings are not of updates that rise."


def test_arrays_that_are_missing_or_too_many_are_told(tmp_path: Path) -> None:
    values, arrays = parts(GOOD)
    more = arrays | {"runs.0.moments.2.memory": np.zeros((2, 13))}  # stands for another one
    assert "instead of" in sentence(tmp_path, made(values, more))
    assert arrays.pop("runs.0.moments.1.memory").shape == (2, 13)
    assert "instead of" in sentence(tmp_path, made(values, arrays))


def test_a_claim_that_only_names_stand_for_takes_no_memory(tmp_path: Path) -> None:
    """A thousand moments of one array are one array."""
    work = document()
    values, arrays = parts(native.encode(work))
    moment = values["runs"][0]["moments"][2]
    values["runs"][0]["moments"] = [{**moment, "update": 6 + place, "epoch": 2 + place // 3} for place in range(1000)]
    values["runs"][0] |= {"update": 10_000}
    names = ("parameters", "scalars", "memory", "line")
    same = {name: other for name, other in values["same"].items() if "moments" not in name}
    arrays = {name: array for name, array in arrays.items() if "moments" not in name}
    arrays |= {"runs.0.moments.0.scalars": np.ones(7)}
    stored = dict(zip(names, ("parameters", "runs.0.moments.0.scalars", "run_memory", "run_line"), strict=True))
    same |= {f"runs.0.moments.{k}.{name}": stored[name] for k in range(1000) for name in names}
    del same["runs.0.moments.0.scalars"]
    (tmp_path / "a.vnn").write_bytes(made(values | {"same": same}, arrays))
    moments = native.read_work(tmp_path / "a.vnn").runs[0].moments
    assert len({id(moment.memory) for moment in moments}) == len({id(moment.order.line) for moment in moments}) == 1


def test_a_description_of_too_many_parts_is_not_parsed(tmp_path: Path) -> None:
    text = b'{"a": [' + b"{}," * 250_000 + b"{}]}"
    said = sentence(tmp_path, packed(("project.json", text), ("arrays.safetensors", b""), compression=0))
    assert said == "its description has more parts than this program reads."


@pytest.mark.parametrize("place", [0, 100, -1])
def test_a_part_that_ends_early_is_told(tmp_path: Path, place: int) -> None:
    with_end = packed(*(("project.json", b"{}"), ("arrays.safetensors", bytes(200))), compression=0)
    start = with_end.index(b"arrays.safetensors") + place
    assert sentence(tmp_path, with_end[:start]) == "it is damaged or not a VisualNN file."


@pytest.mark.parametrize("start", range(6))
def test_flipped_bytes_of_runs_end_in_a_document_or_a_sentence(tmp_path: Path, start: int) -> None:
    values, arrays = parts(GOOD)
    text = json.dumps(values).encode()
    whole = made(values, arrays, 0)
    numbers = whole[whole.index(b"arrays.safetensors") + 18 : whole.rindex(b"PK\1\2")]
    for seed in range(start * 50, start * 50 + 50):
        rng = random.Random(seed)
        (tmp_path / "a.vnn").write_bytes(mutated(rng, whole))
        work_or_sentence(tmp_path / "a.vnn")
        broken = packed(("project.json", mutated(rng, text)), ("arrays.safetensors", mutated(rng, numbers)))
        (tmp_path / "a.vnn").write_bytes(broken)
        work_or_sentence(tmp_path / "a.vnn")


LEAVES = [None, True, -1, 0, 0.5, 2**53, 10**30, "", "NaN", "data", [], [[0, 0]], {}]


@pytest.mark.parametrize("start", range(6))
def test_values_exchanged_for_others_end_in_a_document_or_a_sentence(tmp_path: Path, start: int) -> None:
    values, arrays = parts(GOOD)
    for seed in range(start * 60, start * 60 + 60):
        rng, odd = random.Random(seed), copy.deepcopy(values)
        for _ in range(rng.choice((1, 1, 2))):
            exchange(rng, odd)
        (tmp_path / "a.vnn").write_bytes(made(odd, arrays))
        work_or_sentence(tmp_path / "a.vnn")


def exchange(rng: random.Random, values: Values | list[object]) -> None:
    """Another value somewhere inside."""
    keys = list(values) if isinstance(values, dict) else list(range(len(values)))
    if keys:
        key = rng.choice(keys)
        if isinstance(values[key], dict | list) and values[key] and rng.random() < 0.8:
            exchange(rng, values[key])
        else:
            values[key] = copy.deepcopy(rng.choice(LEAVES))


def work_or_sentence(path: Path) -> None:
    try:
        found = native.read_work(path)
    except FileError as error:
        told = str(error)
    else:
        native.encode(found)
        assert all(run.network.parameter_count == run.parameters.size for run in found.runs)
        return
    assert told.startswith("“a.vnn” cannot be opened: ")


def test_a_text_that_shrinks_too_much_is_not_packed() -> None:
    notes = "a" * 900_000
    content = native.encode(replace(adder(), notes=notes, data=replace(adder().data, texts=(notes,) * 25)))
    assert len(content) > 20_000_000
    assert container.FREE_RATIO == 100
    assert native.decode(io.BytesIO(content)).project.notes == notes
