"""A training that was left and gone on with is the one that never stopped."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from visualnn.cli import main
from visualnn.files import native
from visualnn.files.examples import load
from visualnn.nn.history import Progress
from visualnn.nn.kernels import choose
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.nn.training import Training
from visualnn.work import View, Work

Call = Callable[..., str]


@pytest.fixture(autouse=True)
def readable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As in a process of its own: no compiled kernel is in use yet."""
    monkeypatch.setattr(choose, "_ready", set())


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Runs a command line; what it says."""

    def answer(*arguments: str) -> str:
        assert main(arguments) == 0
        return capsys.readouterr().out

    return answer


def document(path: Path, **changes: Any) -> str:
    project = load("xor")
    native.write(path, project.with_options(replace(project.options, **changes)))
    return str(path)


PLATEAU = Schedule("plateau", gamma=0.5, patience=2, warmup=5)
KINDS: list[dict[str, Any]] = [
    {},
    {"batch_size": 10},
    {"optimizer": load("xor").options.optimizer.renamed("momentum"), "batch_size": 10},
    {"optimizer": load("xor").options.optimizer.renamed("nadam"), "schedule": PLATEAU},
    {"schedule": PLATEAU, "batch_size": 9, "dropout": 0.2, "precision": "float32"},
]


@pytest.mark.parametrize("options", KINDS)
def test_twice_50_epochs_are_100(call: Call, tmp_path: Path, options: dict[str, Any]) -> None:
    source = document(tmp_path / "xor.vnn", **options)
    whole, half = str(tmp_path / "whole.vnn"), str(tmp_path / "half.vnn")
    said = json.loads(call("train", source, "--epochs", "100", "--out", whole, "--json"))
    first = json.loads(call("train", source, "--epochs", "50", "--out", half, "--json"))
    second = json.loads(call("train", half, "--epochs", "50", "--continue", "--out", half, "--json"))
    assert first["loss"][:-1] + second["loss"] == said["loss"]
    assert second["updates"] == first["updates"] == said["updates"] // 2
    a, b = (native.read_work(Path(path)) for path in (whole, half))
    assert a.project.parameters.tobytes() == b.project.parameters.tobytes()
    assert (a.number, len(a.runs)) == (b.number, len(b.runs)) == (1, 1)
    (run,), (other,) = a.runs, b.runs
    assert (run.update, run.name, run.loss) == (other.update, other.name, other.loss)
    assert run.curve.losses.tobytes() == other.curve.losses.tobytes()
    for one, two in ((run.moments[-1], other.moments[-1]), (progress(a).checkpoint, progress(b).checkpoint)):
        assert one.memory.tobytes() == two.memory.tobytes()
        assert one.scalars.tobytes() == two.scalars.tobytes()


def progress(work: Work) -> Progress:
    found = work.project.resumable
    assert found is not None
    return found


def test_the_kernel_takes_over_at_the_same_update_however_a_run_is_split(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("visualnn.cli.training.LOADING_S", 1.5e-3)  # after some 40 updates
    source, half = document(tmp_path / "xor.vnn"), str(tmp_path / "half.vnn")
    said = json.loads(call("train", source, "--epochs", "100", "--json"))
    monkeypatch.setattr(choose, "_ready", set())
    call("train", source, "--epochs", "30", "--out", half)
    assert json.loads(call("train", half, "--epochs", "70", "--continue", "--json"))["loss"] == said["loss"][30:]


def test_a_run_goes_on_under_its_name_and_others_stay(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "mine.vnn"
    call("train", "xor", "--epochs", "4", "--out", str(path))
    call("train", str(path), "--epochs", "6", "--seed", "3", "--out", str(path))
    work = native.read_work(path)
    assert [(run.number, run.name, run.update) for run in work.runs] == [
        (1, "Adam 0.05, seed 0", 4),
        (2, "Adam 0.05, seed 3", 6),
    ]
    named = work.runs[1].renamed("The good one")
    native.write(path, replace(work, runs=(work.runs[0], named), view=View("train", 0, "")))
    said = call("train", str(path), "--epochs", "2", "--continue", "--rate", "0.01", "--out", str(path))
    assert "\ngoes on after 6 updates of run 2, The good one\n" in said
    work = native.read_work(path)
    assert [(run.name, run.update) for run in work.runs] == [("Adam 0.05, seed 0", 4), ("The good one", 8)]
    assert (work.number, work.view.mode) == (2, "train")
    assert work.runs[1].rate_changes == ((0, 0.05), (6, 0.01))
    assert "2: The good one, 8 epochs, loss " in call("info", str(path))


@pytest.mark.parametrize("option", [["--optimizer", "sgd"], ["--batch", "7"], ["--loss", "mse"]])
def test_other_options_begin_another_run_with_the_weights(call: Call, tmp_path: Path, option: list[str]) -> None:
    path = tmp_path / "mine.vnn"
    call("train", "xor", "--epochs", "4", "--out", str(path))
    before = native.read(path)
    said = call("train", str(path), "--epochs", "2", "--continue", *option, "--out", str(path))
    assert "\nbegins with the weights of the file: other options make another run\n" in said
    work = native.read_work(path)
    assert [run.number for run in work.runs] == [1, 2]
    assert work.number == 2
    assert np.array_equal(work.runs[1].start, before.parameters)


def test_weights_that_no_run_has_made_begin_one(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "mine.vnn"
    native.write(path, load("xor").with_parameter(0, 0.5))
    said = call("train", str(path), "--epochs", "2", "--continue", "--out", str(path))
    assert "\nbegins with the weights of the file: no run leads to them\n" in said
    assert native.read_work(path).number == 1


def test_a_file_that_tells_its_progress_alone_goes_on(call: Call, tmp_path: Path) -> None:
    project, path = load("xor"), tmp_path / "mine.vnn"
    endless: Options = replace(project.options, goal=None, epochs=None)
    training = Training(project.network, project.data, endless)
    training.run(20)
    left = Progress(training.checkpoint(), training.start, training.snapshot().curve)
    native.write(path, project.with_parameters(training.parameters).with_progress(left))
    training.run(30)
    call("train", str(path), "--epochs", "30", "--continue", "--out", str(path))
    work = native.read_work(path)
    assert work.project.parameters.tobytes() == training.parameters.tobytes()
    assert (work.number, work.runs[0].update) == (1, 50)


def test_what_is_switched_off_does_not_keep_a_run_from_going_on(call: Call, tmp_path: Path) -> None:
    source, half = tmp_path / "cut.vnn", str(tmp_path / "half.vnn")
    native.write(source, load("adder").with_silent(1, 0, True).with_cut(0, 1, 2, True))
    whole = json.loads(call("train", str(source), "--epochs", "20", "--seed", "4", "--json"))
    call("train", str(source), "--epochs", "10", "--seed", "4", "--out", half)
    assert "goes on after 10 updates of run 1" in call("train", half, "--epochs", "10", "--continue", "--out", half)
    work = native.read_work(Path(half))
    assert work.project.resumable is not None
    last = json.loads(call("train", half, "--epochs", "1", "--continue", "--json"))
    assert last["loss"][0] == pytest.approx(whole["final_loss"], rel=1e-12)
