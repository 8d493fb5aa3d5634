from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from typing import Any

import numpy as np
import pytest

from visualnn.nn.data import circles, number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.project import Project, frozen, new_project


@pytest.fixture
def project() -> Project:
    return new_project("Adder", Network.of(2, 3, 1), number_pairs(), Options(), np.arange(13.0))


def test_a_new_project_shows_the_first_row(project: Project) -> None:
    assert project.sample.tolist() == [-4.0, -4.0]
    assert project.origin is project.parameters
    assert project.names == (("a", "b"), ("c", "d", "e"), ("f",))
    assert project.notes == ""


def test_a_project_does_not_share_memory_with_what_made_it() -> None:
    parameters = np.arange(13.0)
    project = new_project("Adder", Network.of(2, 3, 1), number_pairs(), Options(), parameters)
    parameters[0] = 99
    assert project.parameters[0] == 0
    with pytest.raises(ValueError, match="read-only"):
        project.parameters[0] = 1
    with pytest.raises(FrozenInstanceError):
        project.name = "Other"  # type: ignore[misc]


def test_a_weight_set_by_hand_keeps_the_origin(project: Project) -> None:
    edited = project.with_parameter(3, -1.5)
    assert edited.parameters[3] == -1.5
    assert project.parameters[3] == 3
    assert edited.origin is project.origin
    assert edited.data is project.data
    assert not edited.parameters.flags.writeable


def test_training_moves_the_origin(project: Project) -> None:
    trained = project.with_parameter(3, -1.5).with_parameters(np.ones(13))
    assert trained.origin is trained.parameters
    assert trained.origin.tolist() == [1.0] * 13


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_numbers_must_be_finite(project: Project, value: float) -> None:
    with pytest.raises(VisualNNError, match="must be a finite number"):
        project.with_parameter(0, value)
    with pytest.raises(VisualNNError, match="must be a finite number"):
        project.with_sample(np.array([0.0, value]))


def test_edits_change_one_thing(project: Project) -> None:
    options = Options(Optimizer("sgd", 0.5))
    changed = project.renamed("Other").with_options(options).with_sample(np.array([1.0, 2.0]))
    assert (changed.name, changed.options, changed.sample.tolist()) == ("Other", options, [1.0, 2.0])
    assert changed.parameters is project.parameters
    assert (project.name, project.sample.tolist()) == ("Adder", [-4.0, -4.0])


@pytest.mark.parametrize(
    ("changes", "trained"),
    [
        ({"loss": "mae"}, True),
        ({"initializer_scale": 0.5}, True),  # of no use to this recipe
        ({"seed": 1}, False),
        ({"initializer": "zeros"}, False),
        ({"initializer": "normal"}, False),
    ],
)
def test_other_first_weights_end_what_was_trained(project: Project, changes: dict[str, Any], trained: bool) -> None:
    before = project.with_parameters(np.ones(13))
    assert before.with_options(replace(before.options, **changes)).trained == trained


def test_another_scale_makes_other_first_weights(project: Project) -> None:
    normal = project.with_options(Options(initializer="normal")).with_parameters(np.ones(13))
    assert normal.with_options(Options(initializer="normal", l1=0.1)).trained
    assert not normal.with_options(Options(initializer="normal", initializer_scale=1.0)).trained


def test_parts_that_do_not_fit_are_refused(project: Project) -> None:
    with pytest.raises(VisualNNError, match="The data have 2 inputs and 1 outputs; the network 3-1 has 3 and 1"):
        replace(project, network=Network.of(3, 1))
    with pytest.raises(VisualNNError, match="needs 2 values, not 3"):
        project.with_sample(np.zeros(3))
    with pytest.raises(VisualNNError, match="2-3-1 needs 13 parameters, not 12"):
        project.with_parameters(np.zeros(12))


def test_other_data_of_the_same_shape_fit(project: Project) -> None:
    assert replace(project, data=circles()).data.classification


def test_frozen_copies(project: Project) -> None:
    values = np.array([1, 2])
    copy = frozen(values)
    assert copy.dtype == np.float64
    assert not copy.flags.writeable
    assert values.flags.writeable
