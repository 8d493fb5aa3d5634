"""Files of every version of the format, each written by the program of its time, open for ever.

The numbers were printed by that program, too. Never write one of the samples anew.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest

from tests.files.damaged import parts
from visualnn.files import native
from visualnn.files.upgrades import CURRENT
from visualnn.nn.dataset import Recipe
from visualnn.nn.metrics import predict
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule
from visualnn.nn.training import Stop, Training
from visualnn.project import Project
from visualnn.work import View, Work

SAMPLES = Path(__file__).parent / "samples"
VERSIONS = range(1, CURRENT + 1)
ANSWERS = {  # to the four rows, by the program of the time
    1: (0.46390240363993585, 0.511748609845423, 0.4590472070371226, 0.5238849016801734),
    2: (0.5980314470397117, 0.6546480567165447, 0.3949214111302149, 0.6692826220624151),
    3: (0.6432456134058827, 0.7067594211615157, 0.3654537690446689, 0.6881479286351874),
    4: (0.9996609164288076, 0.999964396333819, 0.9999864221898729, 0.9999826636622702),
    5: (0.649298978952528, 0.5377369730176608, 0.289473758807555, 0.5189035236745543),
    6: (0.7754443131902236, 0.7124315486214984, 0.29230426431251366, 0.618424119832736),
}
LAYERS = (Layer(3, "tanh"), Layer(3, "relu"), Layer(1, "sigmoid"))


def work_of(version: int) -> Work:
    return native.read_work(SAMPLES / f"v{version}.vnn")


def project_of(version: int) -> Project:
    return work_of(version).project


def options(**others: object) -> Options:
    """What the samples have in common."""
    rule = Optimizer("momentum", 0.25, momentum=0.75)
    common = {"batch_size": 3, "initializer": "he_normal", "seed": 11, "goal": 0.001}
    return Options(rule, "binary_cross_entropy", **common, **others)


RICHER = {
    "schedule": Schedule("cosine", period=50, gamma=0.25, warmup=5, floor=0.125),
    "l2": 0.001,
    "clip_norm": 2.0,
    "initializer_scale": 0.5,
}


@pytest.mark.parametrize("version", VERSIONS)
def test_there_is_a_file_of_every_version(version: int) -> None:
    assert parts((SAMPLES / f"v{version}.vnn").read_bytes())[0]["version"] == version


@pytest.mark.parametrize("version", VERSIONS)
def test_a_network_answers_as_it_did(version: int) -> None:
    project = project_of(version)
    assert project.data.inputs.tolist() == [[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5], [1.0, 1.0]]
    answers = predict(project.network, project.parameters, project.data.inputs, project.mask)
    np.testing.assert_allclose(answers[:, 0], ANSWERS[version], rtol=1e-12)


@pytest.mark.parametrize("version", VERSIONS)
def test_what_every_version_knew_is_there(version: int) -> None:
    project = project_of(version)
    assert (project.name, project.notes, project.trained) == (f"Version {version}", "Notes of then: é, „so“.", True)
    assert project.network == Network(2, LAYERS, 0 if version == 1 else 1)
    assert project.sample.tolist() == [0.25, -0.5]
    assert (project.data.name, project.data.input_names) == ("corners", ("length", "width"))
    assert project.data.targets.tolist() == [[1.0], [0.0], [0.0], [1.0]]
    assert project.data.classification


@pytest.mark.parametrize("version", VERSIONS)
def test_a_file_of_any_version_is_written_as_one_of_today(version: int, tmp_path: Path) -> None:
    native.write(tmp_path / "a.vnn", work_of(version))
    again = native.read(tmp_path / "a.vnn")
    assert parts((tmp_path / "a.vnn").read_bytes())[0]["version"] == CURRENT
    assert again.parameters.tobytes() == project_of(version).parameters.tobytes()
    assert again.options == project_of(version).options


def test_the_options_of_version_1() -> None:
    assert project_of(1).options == options()


@pytest.mark.parametrize("version", [2, 3, 4])
def test_the_options_of_versions_2_to_4(version: int) -> None:
    assert project_of(version).options == options(**RICHER)


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_weight_that_was_set_by_hand_can_be_reset(version: int) -> None:
    project = project_of(version)
    assert np.flatnonzero(project.origin != project.parameters).tolist() == [4]
    assert project.parameters[4] == 0.5


@pytest.mark.parametrize("version", [3, 4, 5, 6])
def test_what_was_switched_off_is(version: int) -> None:
    project = project_of(version)
    assert (project.silent, project.cut) == ({(1, 2)}, {(1, 0, 1)})
    assert project.data.image == (1, 2)
    assert project.data.classes == (("steep",) if version < 5 else ("flat", "steep"))


def test_an_update_made_step_by_step_in_version_4_goes_on() -> None:
    project = project_of(4)
    assert (project.updates, project.memory.shape) == (1, (1, 25))
    assert project.memory[0].tolist() == [k / 64 for k in range(25)]
    assert project.parameters.tolist() == [k / 16 if k not in SILENT_4 else project.parameters[k] for k in range(25)]
    assert project.target.tolist() == [0.75]


SILENT_4 = (2, 5, 8, 10, 15, 16, 17)  # into or out of what is switched off


@pytest.mark.parametrize("version", [5, 6])
def test_rows_held_back_and_scaling_are_there(version: int) -> None:
    data = project_of(version).data
    assert data.test_inputs.tolist() == [[0.25, -0.5], [1.0, 0.125]]
    assert data.test_targets.tolist() == [[1.0], [0.0]]
    assert (data.output_names, data.texts) == (("kind",), ("a", "b", "c", "d", "e", "f"))
    assert [each.tolist() for each in data.scaling.arrays] == [[1.0, 2.0], [0.5, 4.0], [0.0], [1.0]]


def test_the_run_of_version_5_goes_on_as_it_did() -> None:
    project = project_of(5)
    assert project.options == options(**RICHER, epochs=40, patience=7)
    progress = project.resumable
    assert progress is not None
    assert (progress.checkpoint.update, progress.checkpoint.rates) == (7, ((0, 0.25), (3, 0.125)))
    losses = [0.42327507711091966, 1.260608959677115, 0.6312072653317842, 0.764213501890442]
    np.testing.assert_allclose(progress.curve.losses[:4], losses, rtol=1e-12)
    training = Training(project.network, project.data, project.options, progress.start, mask=project.mask)
    training.restore((progress.checkpoint,), progress.curve, progress.checkpoint.rates, 7)
    training.run(10)
    then = [-0.47006908137125114, 1.7253058176469012, 1.1175920347837127, -0.999607977039829]
    np.testing.assert_allclose(training.parameters[:4], then, rtol=1e-9)


def test_the_runs_of_version_6_go_on_as_they_did() -> None:
    work = work_of(6)
    assert (work.number, work.view) == (2, View("train", 4, "length→c"))
    assert (work.project.batch, work.project.row) == (3, 2)
    first, second = work.runs
    assert [moment.update for moment in first.moments] == [0, 3, 7]
    assert (first.name, first.stop, first.rate_changes) == ("Run 2", Stop.DONE, ((0, 0.0625), (3, 0.125)))
    assert first.readings.updates.tolist() == [0, 3, 6]
    assert first.readings.train_right.tolist() == [0.75, 0.875, 1.0]
    assert first.parameters[[0, 1]].tolist() == work.project.parameters[[0, 1]].tolist()
    training = Training(first.network, work.project.data, first.options, first.start, mask=work.project.mask)
    training.restore(first.moments, first.curve, first.rate_changes, first.update)
    training.run(10)
    then = [-0.07320251311146093, 1.4971420272005769, 1.2247210785859324, -0.9235359836930619]
    np.testing.assert_allclose(training.parameters[:4], then, rtol=1e-9)
    assert (second.stop, second.parent, second.branched_at) == (Stop.DIVERGED, 2, 4)
    assert np.isnan(second.loss)
    assert second.project.data.recipe == Recipe("spirals", 40, 0.1, 3, 0.25)


def test_the_samples_are_as_they_were_written() -> None:
    for version in VERSIONS:
        with zipfile.ZipFile(SAMPLES / f"v{version}.vnn") as archive:
            assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert archive.testzip() is None
