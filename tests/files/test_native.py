from __future__ import annotations

import io
import os
import stat
from dataclasses import fields, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings

from tests.files.drawn import projects
from tests.files.likeness import arrays, assert_same, description
from visualnn.files import native
from visualnn.files.errors import FileError
from visualnn.files.examples import load
from visualnn.files.options import CONSTANTS
from visualnn.nn.data import RECIPES, Dataset, Recipe, number_pairs
from visualnn.nn.history import Progress
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.recipes import SOURCES, made
from visualnn.nn.scaling import Scaling
from visualnn.nn.schedule import Schedule
from visualnn.nn.training import Training
from visualnn.project import Project, new_project


def adder() -> Project:
    network = Network.of(2, 3, 1)
    return new_project("Adder", network, number_pairs(), Options(), initial_parameters(network, "he_normal", 1))


def again(project: Project) -> Project:
    return native.decode(io.BytesIO(native.encode(project))).project


def test_every_option_is_drawn() -> None:
    """A new field that `drawn.options_for` leaves at its default could be lost unseen."""
    drawn = {"optimizer", "loss", "batch_size", "initializer", "seed", "goal", "initializer_scale", "schedule"}
    assert {field.name for field in fields(Options)} == drawn | {
        "l1",
        "l2",
        "dropout",
        "clip_value",
        "clip_norm",
        "precision",
        "epochs",
        "patience",
    }
    assert {field.name for field in fields(Schedule)} == {"name", "period", "gamma", "warmup", "patience", "floor"}
    assert {field.name for field in fields(Optimizer)} == {"name", *CONSTANTS}
    assert {field.name for field in fields(Network)} == {"inputs", "layers", "shortcut"}
    of_data = {"name", "inputs", "targets", "input_names", "classification", "rule", "image", "classes"}
    held = {"test_inputs", "test_targets", "output_names", "recipe", "scaling", "texts"}
    assert {field.name for field in fields(Dataset)} == of_data | held
    assert {field.name for field in fields(Recipe)} == {"name", "rows", "noise", "seed", "test_share", "scaled"}
    assert {field.name for field in fields(Scaling)} == {"mean", "spread", "target_mean", "target_spread"}
    of_project = {"name", "network", "parameters", "data", "options", "sample", "origin", "notes", "trained"}
    assert {field.name for field in fields(Project)} == {
        *of_project,
        "silent",
        "cut",
        "target",
        "updates",
        "memory",
    } | {
        "progress",
        "batch",
        "row",
    }


@given(projects())
@settings(max_examples=150)
def test_a_project_comes_back_to_the_bit(project: Project) -> None:
    assert_same(project, again(project))


@given(projects())
@settings(max_examples=25)
def test_the_same_project_gives_the_same_bytes(project: Project) -> None:
    content = native.encode(project)
    assert native.encode(project) == content
    assert native.encode(native.decode(io.BytesIO(content))) == content


def new(data: Dataset) -> Project:
    """A smallest project with these data."""
    network = Network.of(data.inputs.shape[1], data.targets.shape[1])
    return new_project("New", network, data, Options(), np.zeros(network.parameter_count))


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_recipe_is_kept_by_name(name: str) -> None:
    project = new(RECIPES[name]())
    chosen = {"rows": None, "noise": None, "seed": 0, "test_share": SOURCES[name].test_share, "scaled": False}
    assert description(project)["data"] == {"source": "recipe", "recipe": name, **chosen}
    assert "inputs" not in arrays(project)
    assert_same(project, again(project))
    assert again(project).data is project.data


@pytest.mark.parametrize(
    "recipe",
    [
        Recipe("spirals", 100, 0.1, 7, 0.3),
        Recipe("houses", noise=20.0, test_share=0.25, scaled=True),
        Recipe("reviews", seed=3, test_share=0.2),
        Recipe("digits", 500, seed=2, test_share=0.5, scaled=True),
        Recipe("sine", 30, 0.0),
    ],
)
def test_what_was_chosen_about_a_recipe_is_kept(recipe: Recipe) -> None:
    found = again(new(made(recipe)))
    assert found.data.recipe == recipe
    assert_same(new(made(recipe)), found)
    assert native.encode(found) == native.encode(new(made(recipe)))


def test_rows_made_without_a_recipe_that_are_those_of_one_are_kept_by_its_name() -> None:
    assert description(adder())["data"]["recipe"] == "pairs"
    assert again(adder()).data.recipe == Recipe("pairs")


def test_a_recipe_that_made_other_rows_is_not_believed() -> None:
    spirals = made(Recipe("spirals", test_share=0.3))
    for odd in (
        replace(spirals, recipe=Recipe("spirals", test_share=0.4)),
        replace(spirals, recipe=Recipe("spirals", 10**9)),
        replace(spirals, test_targets=1.0 - spirals.test_targets),
        replace(spirals, texts=("a",) * 200),
        replace(spirals, output_names=("class",)),
    ):
        assert description(new(odd))["data"]["source"] == "inline"
        assert_same(new(odd), again(new(odd)))
        assert again(new(odd)).data.recipe is None


@pytest.mark.parametrize(
    "data",
    [
        number_pairs(-2, 2),
        replace(number_pairs(), name="mine"),
        replace(number_pairs(), rule=None),
        replace(number_pairs(), image=(1, 2)),
        replace(number_pairs(), classes=("sum",)),
        replace(number_pairs(), input_names=("p", "q")),
        replace(number_pairs(), targets=-number_pairs().targets),
        replace(number_pairs(), inputs=np.where(number_pairs().inputs == 0, -0.0, number_pairs().inputs)),
    ],
)
def test_changed_data_are_kept_row_by_row(data: Dataset) -> None:
    project = replace(adder(), data=data)
    assert description(project)["data"]["source"] == "inline"
    assert_same(project, again(project))


def test_what_is_switched_off_is_written_in_order() -> None:
    off = adder().with_silent(1, 2, True).with_silent(0, 1, True).with_cut(1, 2, 0, True).with_cut(0, 1, 2, True)
    assert description(off)["silent"] == [[0, 1], [1, 2]]
    assert description(off)["cut"] == [[0, 1, 2], [1, 2, 0]]
    assert_same(off, again(off))


def test_arrays_that_do_not_lie_in_one_piece_are_kept_right() -> None:
    wide = np.asfortranarray(np.arange(12.0).reshape(6, 2))
    project = replace(adder(), data=Dataset("mine", wide[::2], np.arange(6.0)[::2, None], ("a", "b")))
    assert_same(project, again(project))


def test_an_unedited_origin_is_the_parameters_themselves() -> None:
    found = again(adder())
    assert found.origin is found.parameters
    edited = again(adder().with_parameter(0, -0.0))
    assert edited.origin.tobytes() == adder().parameters.tobytes()


def test_write_and_read(tmp_path: Path) -> None:
    path = tmp_path / "schön & gut.vnn"
    native.write(path, adder())
    assert_same(adder(), native.read(path))
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_writing_keeps_permissions_and_links(tmp_path: Path) -> None:
    path, link = tmp_path / "a.vnn", tmp_path / "link.vnn"
    native.write(path, adder())
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(path.stat().st_mode) == 0o666 & ~mask
    path.chmod(0o640)
    link.symlink_to(path)
    native.write(link, adder().renamed("Other"))
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert native.read(path).name == "Other"


def test_a_failed_save_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.vnn"
    native.write(path, adder())
    before = path.read_bytes()

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(FileError, match=r"^“a.vnn” cannot be saved: no space left on device\.$"):
        native.write(path, adder().renamed("Other"))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_network_that_has_diverged_is_kept_as_it_is() -> None:
    values = np.array([np.nan, np.inf, -np.inf, -np.nan, *np.arange(9.0)])
    diverged = adder().with_parameters(values)
    assert description(diverged)["diverged"]
    assert not description(adder())["diverged"]
    assert_same(diverged, again(diverged))


def test_what_could_not_be_read_is_not_written(tmp_path: Path) -> None:
    endless = replace(adder(), data=replace(number_pairs(-1, 1), targets=np.full((9, 1), np.inf)))
    with pytest.raises(FileError, match=r"a\.vnn.*saved: its targets hold a value that is not a finite number\.$"):
        native.write(tmp_path / "a.vnn", endless)
    with pytest.raises(FileError, match="“name” is not a text"):
        native.write(tmp_path / "a.vnn", adder().renamed("\ud800"))
    blurred = replace(adder(), data=replace(number_pairs(), image=(8, 8)))
    with pytest.raises(FileError, match=r"saved: its pictures have 8×8 pixels; the network has 2 inputs\.$"):
        native.write(tmp_path / "a.vnn", blurred)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["missing/a.vnn", "\0.vnn"])
def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(FileError, match=r"cannot be saved: .+\.$"):
        native.write(tmp_path / name, adder())


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match=r"^“a.vnn” cannot be opened: there is no such file\.$"):
        native.read(tmp_path / "a.vnn")
    with pytest.raises(FileError, match=r"cannot be opened: it is not a file\.$"):
        native.read(tmp_path)


def test_a_file_too_large_for_memory_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_file: object) -> Project:
        raise MemoryError

    native.write(tmp_path / "a.vnn", adder())
    monkeypatch.setattr(native, "decode", full)
    with pytest.raises(FileError, match=r"^“a\.vnn” cannot be opened: it does not fit into memory\.$"):
        native.read(tmp_path / "a.vnn")


# -- how far a run has come --------------------------------------------------------------------------------------------


def stopped(updates: int, batch: int | None = None, optimizer: str = "adam", schedule: str = "constant") -> Project:
    """A project with a run that was left after so many updates."""
    options = Options(Optimizer(optimizer, 0.02), batch_size=batch, schedule=Schedule(schedule))
    project = replace(adder(), options=options, trained=True)
    training = Training(project.network, project.data, options)
    training.run(updates // 2)
    training.set_rate(0.01)
    training.run(updates - updates // 2)
    curve = training.curve.view(updates)
    assert curve is not None
    progress = Progress(training.checkpoint(), training.start, curve)
    return project.with_parameters(training.parameters).with_progress(progress)


@pytest.mark.parametrize("batch", [None, 10])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
@pytest.mark.parametrize("schedule", ["constant", "plateau"])
def test_a_run_goes_on_from_a_file_to_the_bit(batch: int | None, optimizer: str, schedule: str) -> None:
    project = stopped(25, batch, optimizer, schedule)
    assert project.resumable is not None
    after = again(project)
    assert_same(project, after)
    runs = []
    for each in (project, after):
        training = Training(each.network, each.data, each.options, each.resumable.start)
        at = each.resumable.checkpoint
        training.restore((at,), each.resumable.curve, at.rates, at.update)
        training.run(30)
        runs.append(training)
    np.testing.assert_array_equal(runs[0].parameters, runs[1].parameters)
    np.testing.assert_array_equal(runs[0].curve.view(55).losses, runs[1].curve.view(55).losses)
    assert runs[0].rates == runs[1].rates


def test_the_same_run_gives_the_same_bytes() -> None:
    content = native.encode(stopped(9, 10))
    assert native.encode(native.decode(io.BytesIO(content))) == content


def test_what_was_edited_since_is_kept_without_the_run() -> None:
    project = stopped(9).with_parameter(0, 0.5)
    assert project.resumable is None
    assert again(project).progress is None
    assert "run_start" not in arrays(project)


@pytest.mark.parametrize("change", ["data", "options", "layers"])
def test_another_run_is_another_beginning(change: str) -> None:
    project = stopped(9)
    changed = {
        "data": lambda: project.with_data(number_pairs(0, 5)),
        "options": lambda: project.with_options(replace(project.options, l2=0.1)),
        "layers": lambda: project.with_units(1, 5),
    }[change]()
    assert changed.progress is None
    assert project.with_options(replace(project.options, goal=0.1)).resumable is not None


@pytest.mark.parametrize("content", [b"", b"hello", b"P"])
def test_what_is_neither_called_nor_begun_like_a_file_of_ours_is_none(tmp_path, content):
    (tmp_path / "a.txt").write_bytes(content)
    with pytest.raises(FileError, match=r"^“a\.txt” is not a VisualNN file\.$"):
        native.read(tmp_path / "a.txt")


def test_a_file_of_ours_may_be_called_anything(tmp_path):
    (tmp_path / "a.txt").write_bytes(native.encode(load("adder")))
    assert native.read(tmp_path / "a.txt").network == load("adder").network
