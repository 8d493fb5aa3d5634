from __future__ import annotations

import numpy as np
import pytest

from visualnn.files.fresh import (
    HIDDEN,
    MANNERS,
    first_sizes,
    fitting,
    fresh_project,
    from_data,
    from_shape,
    shape_name,
)
from visualnn.nn import metrics, room
from visualnn.nn.data import RECIPES
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import SOURCES
from visualnn.nn.training import Training
from visualnn.project import Project


def manner(project: Project) -> tuple[str, str, str, str, float, int | None]:
    options, (hidden, *_), output = project.options, project.network.activations, project.network.activations[-1]
    return hidden, output, options.loss, options.initializer, options.optimizer.rate, options.batch_size


def learned(project: Project, updates: int) -> float:
    """What is left of the loss after so many updates, as a share."""
    training = Training(project.network, project.data, project.options)
    before = training.full_loss()
    training.run(updates)
    return training.full_loss() / before


def test_a_fresh_project_begins_at_the_weights_of_its_seed():
    options = Options(initializer="he_normal", seed=5)
    project = fresh_project("Mine", Network.of(2, 3, 1), RECIPES["pairs"](), options)
    assert np.array_equal(project.parameters, initial_parameters(project.network, "he_normal", 5))
    assert (project.name, project.options, project.trained) == ("Mine", options, False)


def test_what_fits_a_network():
    assert fitting(Network.of(2, 5, 1)) == (
        "pairs", "difference", "xor", "circles", "spirals", "gaussians", "moons", "checkerboard", "plane", "houses"
    )  # fmt: skip
    assert fitting(Network.of(1, 5, 1)) == ("sine",)
    assert fitting(Network.of(64, 10)) == ("digits",)
    assert fitting(Network.of(3, 1)) == ()


def test_a_typed_shape_takes_the_first_data_that_fit():
    project = from_shape("2, 16, 16, 1")
    assert (project.name, project.data.name) == ("2-16-16-1", "pairs")
    assert manner(project) == ("relu", "linear", "mse", "he_normal", 0.03, None)


def test_a_typed_shape_takes_the_data_that_are_asked_for():
    assert manner(from_shape("2-8-1", "moons")) == (
        "tanh", "sigmoid", "binary_cross_entropy", "glorot_uniform", 0.03, None
    )  # fmt: skip
    assert manner(from_shape("64-16-10", "digits")) == ("relu", "softmax", "cross_entropy", "he_normal", 0.005, 32)


def test_a_shape_that_nothing_fits_gets_random_rows():
    project = from_shape("5-7-3")
    assert (project.data.name, project.data.rows) == ("random", 256)
    assert from_shape("100000-1-100000").data.rows == 20


def test_big_networks_take_small_steps_with_some_of_the_rows():
    project = from_shape("2-1000-1000-1")
    assert project.network.parameter_count == 1_005_001
    assert manner(project) == ("relu", "linear", "mse", "he_normal", 0.001, 32)


def test_deep_networks_have_activations_that_pass_a_slope_back():
    project = from_shape("-".join(["2", *["12"] * 30, "1"]), "circles")
    assert manner(project)[:2] == ("relu", "sigmoid")
    assert project.name == "2-12-12-…-12-1"


@pytest.mark.parametrize("text", ["2-16-16-1", "5-7-3", "3-1", "64-16-10"])
def test_a_typed_shape_learns(text: str):
    assert learned(from_shape(text), 200) < 0.2


@pytest.mark.parametrize("recipe", sorted(SOURCES))
def test_each_data_set_has_a_first_network_that_learns_it(recipe: str):
    project = from_data(recipe)
    assert (recipe in HIDDEN, project.data.name) == (True, recipe)
    assert first_sizes(recipe) == project.network.sizes
    assert learned(project, 400) < (0.4 if recipe == "reviews" else 0.1)  # whose weights are kept small


def test_every_source_has_a_first_network():
    assert set(HIDDEN) == set(SOURCES) >= set(MANNERS)


def test_reviews_are_read_by_one_neuron_as_the_lesson_was_measured():
    project = from_data("reviews")
    options = project.options
    assert (project.network.sizes, options.l2, options.initializer_scale) == ((297, 1), 0.003, 0.01)
    assert manner(project)[1:] == ("sigmoid", "binary_cross_entropy", "normal", 0.05, None)
    training = Training(project.network, project.data, options)
    training.run(300)
    known = metrics.score(project.network, training.parameters, project.data, options.loss)
    test = metrics.score(project.network, training.parameters, project.data.held, options.loss)
    assert (known.right, known.rows, test.right, test.rows) == (128, 128, 27, 32)  # 84.4 %


def test_cats_and_dogs_are_told_apart_by_the_lessons_network():
    project = from_data("cats_dogs")
    assert manner(project) == ("relu", "sigmoid", "binary_cross_entropy", "he_normal", 0.005, None)
    training = Training(project.network, project.data, project.options)
    training.run(400)
    test = metrics.score(project.network, training.parameters, project.data.held, project.options.loss)
    assert (test.right, test.rows) == (397, 400)  # 99.3 %


@pytest.mark.parametrize("make", [from_data, lambda name: from_shape("2-3-1", name)])
def test_unknown_data_are_told(make):
    with pytest.raises(VisualNNError, match=r"^There are no data “cats”\. Known: pairs, difference, xor, .*reviews\.$"):
        make("cats")


def test_data_that_do_not_fit_are_told():
    with pytest.raises(VisualNNError, match="The data have 64 inputs and 10 outputs"):
        from_shape("2-3-1", "digits")


def test_nothing_is_made_that_does_not_fit_into_memory(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(room, "known_memory", lambda: room.Memory(10**9, "{} are free"))
    with pytest.raises(VisualNNError, match=r"^This network would need about 10\.\d GB of memory; 1\.0 GB are free\.$"):
        from_shape("10000-10000-9000")


def test_long_shapes_have_short_names():
    assert shape_name(Network.of(*[3] * 8)) == "3-3-3-3-3-3-3-3"
    assert shape_name(Network.of(2, *[24] * 98, 1)) == "2-24-24-…-24-1"
