"""Which pictures of an output fit which data."""

import numpy as np
import pytest

from visualnn.files.examples import load
from visualnn.files.fresh import fresh_project
from visualnn.nn.data import Dataset, Recipe
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.scene.outputs import Kind, kinds_of


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("adder", (Kind.MAP, Kind.SURFACE, Kind.ANSWERS)),
        ("spirals", (Kind.MAP, Kind.CONFUSION)),
        ("digits", (Kind.CONFUSION,)),
    ],
)
def test_the_pictures_fit_the_data(name, kinds):
    assert kinds_of(load(name)) == kinds


def test_one_input_makes_a_curve():
    project = fresh_project("Sine", Network.of(1, 4, 1), made(Recipe("sine")), Options())
    assert kinds_of(project) == (Kind.CURVE,)


def test_of_many_inputs_and_outputs_there_are_numbers_only():
    rng = np.random.default_rng(0)
    data = Dataset("wide", rng.normal(size=(9, 4)), rng.normal(size=(9, 2)), tuple("pqrs"))
    assert kinds_of(fresh_project("Wide", Network.of(4, 2), data, Options())) == ()


def test_two_inputs_with_two_numbers_have_no_surface():
    rng = np.random.default_rng(0)
    data = Dataset("two", rng.normal(size=(9, 2)), rng.normal(size=(9, 2)), ("p", "q"))
    assert kinds_of(fresh_project("Two", Network.of(2, 2), data, Options())) == ()


def test_scaled_pairs_have_no_answers_to_whole_numbers():
    project = fresh_project("Scaled", Network.of(2, 1), made(Recipe("difference", scaled=True)), Options())
    assert kinds_of(project) == (Kind.MAP, Kind.SURFACE)
