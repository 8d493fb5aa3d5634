"""What a landscape is made of: surface, window, and what a point stands for."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from visualnn.files.documents import open_document
from visualnn.files.fresh import from_shape
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape.ground import PICTURE_ROWS, sampled
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window
from visualnn.nn.metrics import score
from visualnn.nn.training import Training
from visualnn.project import Project
from visualnn.scene.landscape import terrain


@pytest.fixture
def project() -> Project:
    opened = open_document("xor")
    return replace(opened, options=replace(opened.options, goal=None))


def task_of(project: Project) -> Task:
    return Task.of(project.network, project.options, project.data, project.mask)


def trained(project: Project, updates: int) -> np.ndarray:
    training = Training(project.network, project.data, project.options, mask=project.mask)
    moments = [training.parameters.copy()]
    for _ in range(updates):
        training.run(1)
        moments.append(training.parameters.copy())
    return np.array(moments)


def test_a_classic_is_found_under_any_spelling() -> None:
    for name in ("styblinski_tang", "Styblinski-Tang", " styblinski tang "):
        found = terrain.of_classic(name)
        assert found.surface is CLASSICS["styblinski_tang"]
        assert (found.kind, found.is_exact, found.here, found.rows) == ("formula", True, (4.0, 4.0), None)
    assert terrain.classic("xor") is None


def test_a_surface_that_does_not_exist_is_told_with_those_that_do() -> None:
    with pytest.raises(VisualNNError, match=r"There is no surface “xor”; there are bowl, valley, .*, ackley\."):
        terrain.of_classic("xor")


def test_a_point_of_two_weights_is_these_weights_and_its_height_the_loss(project: Project) -> None:
    found = terrain.of_weights(task_of(project), project.parameters, weights=(0, 3), names=("wac", "wbd"))
    assert found.here == (project.parameters[0], project.parameters[3])
    expected = score(project.network, project.parameters, project.data, project.options.loss).loss
    here = found.surface.heights(*(np.array([value]) for value in found.here))[0]
    assert here == pytest.approx(expected, rel=1e-12)
    assert found.window.holds(np.array([found.here])).all()
    assert (found.names, found.is_exact) == (("wac", "wbd"), True)


def test_main_directions_end_where_the_run_does(project: Project) -> None:
    moments = trained(project, 40)
    found = terrain.of_path(task_of(project), moments)
    assert found.plane is not None
    np.testing.assert_array_equal(found.plane.point(*found.here), moments[-1])
    assert (found.kind, found.is_exact) == ("path", False)
    assert found.plane.kept is not None


def test_the_directions_of_a_diverged_run_are_those_before(project: Project) -> None:
    moments = trained(project, 10)
    lost = np.vstack([moments, np.full_like(moments[:1], np.inf)])
    found, whole = (terrain.of_path(task_of(project), known) for known in (lost, moments))
    assert found.window == whole.window


def test_random_directions_pass_through_the_parameters(project: Project) -> None:
    found, same, other = (terrain.at_random(task_of(project), project.parameters, seed) for seed in (3, 3, 4))
    assert found.plane is not None
    np.testing.assert_array_equal(found.plane.point(0, 0), project.parameters)
    np.testing.assert_array_equal(found.plane.u, same.plane.u)
    assert not np.allclose(found.plane.u, other.plane.u)
    assert terrain.framed(found, [(np.array([[9.0, 9.0]]), np.zeros(1))]).window == found.window


def test_the_window_shows_every_path_but_not_where_it_flies_off(project: Project) -> None:
    found = terrain.of_weights(task_of(project), project.parameters, weights=(0, 3), names=("wac", "wbd"))
    near = np.array([[3.0, -2.0], [2.0, 1.0]]), np.array([1.0, 0.5])
    far = np.array([[0.0, 0.0], [-4.0, 0.0], [1e9, 1e9]]), np.array([1.0, 9.9, 1e30])
    shown = terrain.framed(found, [near, far]).window
    assert shown.holds(np.array([found.here, [3.0, -2.0], [-4.0, 0.0]])).all()
    assert shown.x1 < 10


def test_a_path_whose_losses_are_no_numbers_shows_its_start(project: Project) -> None:
    found = terrain.of_weights(task_of(project), project.parameters, weights=(0, 3), names=("wac", "wbd"))
    lost = np.array([[5.0, 5.0], [1e9, 1e9]]), np.array([np.nan, np.nan])
    shown = terrain.framed(found, [lost]).window
    assert shown.holds(np.array([[5.0, 5.0]])).all()
    assert shown.x1 < 10


def test_a_classic_keeps_its_window() -> None:
    found = terrain.of_classic("bowl")
    assert terrain.framed(found, [(np.array([[90.0, 9.0]]), np.zeros(1))]) is found


def test_some_rows_are_told_to_be_some() -> None:
    digits = open_document("digits")
    task = sampled(task_of(digits), 100)
    found = terrain.at_random(task, digits.parameters, 0).called("Digits", digits.data.rows)
    assert (found.title, found.rows, found.is_sampled) == ("Digits", (100, digits.data.rows), True)
    assert not terrain.at_random(task, digits.parameters, 0).is_sampled
    assert terrain.of_classic("bowl").called("Bowl", 5).rows is None


def test_a_window_that_was_found_is_no_keyhole(project: Project) -> None:
    found = terrain.of_weights(task_of(project), project.parameters, weights=(0, 3), names=("wac", "wbd"))
    wide = terrain.roomy(found).window
    assert min(wide.x1 - wide.x0, wide.y1 - wide.y0) == pytest.approx(terrain.NARROWEST)
    assert wide.holds(np.array([found.here])).all()
    assert terrain.roomy(replace(found, window=Window(-9.0, 9.0, -9.0, 9.0))).window == Window(-9.0, 9.0, -9.0, 9.0)


def test_a_picture_is_made_of_all_rows_unless_they_are_many(project: Project) -> None:
    assert terrain.pictured(task_of(project)).rows == project.data.rows
    digits, wider = open_document("digits"), from_shape("64-64-10", "digits")
    assert terrain.pictured(task_of(digits)).rows == digits.data.rows
    assert terrain.pictured(task_of(wider)).rows == PICTURE_ROWS < wider.data.rows
