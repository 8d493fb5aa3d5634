from __future__ import annotations

import io
import os
import stat
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from visualnn.files import fresh, native
from visualnn.files import document
from visualnn.files.options import CONSTANTS
from visualnn.files.errors import FileError
from visualnn.nn.data import RECIPES, Dataset, Recipe, number_pairs
from visualnn.nn.functions import ACTIVATIONS, HIDDEN_ACTIVATIONS, losses_for
from visualnn.nn.history import Progress
from visualnn.nn.initializers import INITIALIZERS, initial_parameters
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import MEMORY_SLOTS, OPTIMIZERS, Optimizer
from visualnn.nn.options import PRECISIONS, Options
from visualnn.nn.recipes import SOURCES, Source, made
from visualnn.nn.scaling import Scaling
from visualnn.nn.schedule import SCHEDULES, Schedule
from visualnn.nn.training import Training
from visualnn.project import Project, frozen, new_project
from visualnn.work import Work

FINITE = st.floats(allow_nan=False, allow_infinity=False)
NUMBERS = hnp.from_dtype(np.dtype(np.float64), allow_nan=False, allow_infinity=False)


def adder() -> Project:
    network = Network.of(2, 3, 1)
    return new_project("Adder", network, number_pairs(), Options(), initial_parameters(network, "he_normal", 1))


def description(project: Project) -> dict[str, Any]:
    return document.description(Work(project))


def arrays(project: Project) -> dict[str, np.ndarray]:
    return document.arrays(Work(project), description(project))


def again(project: Project) -> Project:
    return native.decode(io.BytesIO(native.encode(project))).project


def assert_same(left: Project, right: Project) -> None:
    """Equal to the bit in everything a project holds."""
    assert description(left) == description(right)
    assert left.options == right.options
    assert left.network == right.network
    assert (left.silent, left.cut) == (right.silent, right.cut)
    assert arrays(left).keys() == arrays(right).keys()
    for name in ("parameters", "origin", "sample"):
        assert getattr(left, name).tobytes() == getattr(right, name).tobytes()
        assert not getattr(right, name).flags.writeable
    assert (left.target is None) == (right.target is None)
    if left.target is not None:
        assert left.target.tobytes() == right.target.tobytes()
    assert left.updates == right.updates
    if left.updates:
        assert (left.memory.shape, left.memory.tobytes()) == (right.memory.shape, right.memory.tobytes())
    assert_same_data(left.data, right.data)


def assert_same_data(left: Dataset, right: Dataset) -> None:
    for name in ("inputs", "targets", "test_inputs", "test_targets"):
        ours, theirs = getattr(left, name), getattr(right, name)
        assert (ours.shape, ours.tobytes()) == (theirs.shape, theirs.tobytes())
        assert not theirs.flags.writeable
    for name in ("name", "input_names", "output_names", "classification", "rule", "image", "classes", "texts"):
        assert getattr(left, name) == getattr(right, name)
    assert (left.scaling is None) == (right.scaling is None)
    if left.scaling is not None:
        for ours, theirs in zip(left.scaling.arrays, right.scaling.arrays, strict=True):
            assert (ours.shape, ours.tobytes()) == (theirs.shape, theirs.tobytes())


@st.composite
def networks(draw: st.DrawFn) -> Network:
    hidden = draw(st.lists(st.builds(Layer, st.integers(1, 6), st.sampled_from(HIDDEN_ACTIVATIONS)), max_size=3))
    last = Layer(draw(st.integers(1, 4)), draw(st.sampled_from(ACTIVATIONS)))
    return Network(draw(st.integers(1, 5)), (*hidden, last), draw(st.integers(0, 3)))


@st.composite
def recipes(draw: st.DrawFn, source: Source) -> Recipe:
    noise = st.none() if source.noise is None else st.none() | st.floats(0, source.most_noise)
    return Recipe(
        source.name,
        draw(st.none() | st.integers(source.fewest, min(source.most, 50))) if source.fewest < 50 else None,
        draw(noise),
        draw(st.integers(0, 2**63 - 1)),
        draw(st.floats(0, 0.9)),
        draw(st.booleans()),
    )


@st.composite
def scalings(draw: st.DrawFn, network: Network) -> Scaling:
    spread = hnp.from_dtype(np.dtype(np.float64), min_value=1e-300, max_value=1e300, allow_nan=False)
    ends = network.inputs, network.outputs
    means = [draw(hnp.arrays(np.float64, size, elements=NUMBERS)) for size in ends]
    spreads = [draw(hnp.arrays(np.float64, size, elements=spread)) for size in ends]
    return Scaling(means[0], spreads[0], means[1], spreads[1])


@st.composite
def datasets(draw: st.DrawFn, network: Network) -> Dataset:
    fitting = [SOURCES[name] for name in fresh.fitting(network)]
    if fitting and draw(st.booleans()):
        return made(draw(recipes(draw(st.sampled_from(fitting)))))
    rows, tests, outputs = draw(st.integers(1, 5)), draw(st.integers(0, 3)), network.outputs

    def matrix(rows: int, columns: int) -> np.ndarray:
        return draw(hnp.arrays(np.float64, (rows, columns), elements=NUMBERS))

    def words(count: int) -> tuple[str, ...]:
        return tuple(draw(st.text(max_size=3)) for _ in range(count))

    return Dataset(
        draw(st.text(max_size=8) | st.sampled_from(sorted(SOURCES))),
        matrix(rows, network.inputs),
        matrix(rows, outputs),
        words(network.inputs),
        draw(st.booleans()),
        "sum" if outputs == 1 and draw(st.booleans()) else None,
        draw(st.sampled_from([None, (1, network.inputs), (network.inputs, 1)])),
        words(draw(st.sampled_from([0, outputs, 2 if outputs == 1 else outputs]))),
        matrix(tests, network.inputs),
        matrix(tests, outputs),
        words(draw(st.sampled_from([0, outputs]))),
        None,  # a recipe is checked where it made the rows
        draw(st.none() | scalings(network)),
        words(draw(st.sampled_from([0, rows + tests]))),
    )


OPTIMIZER = st.builds(
    Optimizer,
    st.sampled_from(OPTIMIZERS),
    rate=st.floats(0, 1e300, exclude_min=True),
    momentum=st.floats(0, 1, exclude_max=True),
    beta1=st.floats(0, 1, exclude_max=True),
    beta2=st.floats(0, 1, exclude_max=True),
    eps=st.floats(0, 1, exclude_min=True),
    rho=st.floats(0, 1, exclude_max=True),
    weight_decay=st.floats(0, 1e300),
)
SCHEDULE = st.builds(
    Schedule,
    st.sampled_from(SCHEDULES),
    period=st.integers(1, 10**12),
    gamma=st.floats(0, 1, exclude_min=True),
    warmup=st.integers(0, 10**12),
    patience=st.integers(0, 10**12),
    floor=st.floats(0, 1),
)


def options_for(network: Network) -> st.SearchStrategy[Options]:
    return st.builds(
        Options,
        OPTIMIZER,
        loss=st.sampled_from(losses_for(network.activations[-1])),
        batch_size=st.none() | st.integers(1, 10**9),
        initializer=st.sampled_from(INITIALIZERS),
        seed=st.integers(0, 2**63 - 1),
        goal=st.none() | FINITE,
        initializer_scale=st.floats(0, 1e100),
        schedule=SCHEDULE,
        l1=st.floats(0, 1e300),
        l2=st.floats(0, 1e300),
        dropout=st.floats(0, 1, exclude_max=True),
        clip_value=st.none() | st.floats(0, 1e300, exclude_min=True),
        clip_norm=st.none() | st.floats(0, 1e300, exclude_min=True),
        precision=st.sampled_from(PRECISIONS),
        epochs=st.none() | st.integers(1, 10**12),
        patience=st.none() | st.integers(1, 10**12),
    )


def test_every_option_is_drawn_above() -> None:
    """A new field that `options_for` leaves at its default could be lost unseen."""
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
        "batch",  # which rows are followed together is of the sitting
        "row",
    }


@st.composite
def silent_neurons(draw: st.DrawFn, network: Network) -> frozenset[tuple[int, int]]:
    neurons = [(c, n) for c, units in enumerate(network.sizes[:-1]) for n in range(units)]
    return frozenset(draw(st.lists(st.sampled_from(neurons), max_size=3)))


@st.composite
def cut_connections(draw: st.DrawFn, network: Network) -> frozenset[tuple[int, int, int]]:
    sides = list(enumerate(zip(network.sizes, network.sizes[1:], strict=False)))
    connections = [(layer, s, n) for layer, (left, right) in sides for s in range(left) for n in range(right)]
    return frozenset(draw(st.lists(st.sampled_from(connections), max_size=3)))


@st.composite
def projects(draw: st.DrawFn) -> Project:
    network = draw(networks())
    flat = hnp.arrays(np.float64, network.parameter_count, elements=NUMBERS)
    project = new_project(
        draw(st.text(max_size=20)), network, draw(datasets(network)), draw(options_for(network)), draw(flat)
    ).with_sample(draw(hnp.arrays(np.float64, network.inputs, elements=NUMBERS)))
    project = replace(project, notes=draw(st.text(max_size=40)), trained=draw(st.booleans()))
    project = replace(project, silent=draw(silent_neurons(network)), cut=draw(cut_connections(network)))
    if draw(st.booleans()):
        project = project.with_target(draw(hnp.arrays(np.float64, network.outputs, elements=NUMBERS)))
    if draw(st.booleans()):
        slots = MEMORY_SLOTS[project.options.optimizer.name]
        memory = hnp.arrays(np.float64, (slots, network.parameter_count), elements=NUMBERS)
        project = project.with_update(draw(flat), draw(memory))
    return replace(project, origin=frozen(draw(flat))) if draw(st.booleans()) else project


@given(projects())
@settings(max_examples=150, deadline=None)
def test_a_project_comes_back_to_the_bit(project: Project) -> None:
    assert_same(project, again(project))


@given(projects())
@settings(max_examples=25, deadline=None)
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
