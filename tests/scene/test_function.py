"""A curve: what is said along it, where the rows end, and what the axes hold."""

import numpy as np
import pytest

from visualnn.files.fresh import fresh_project
from visualnn.nn import metrics
from visualnn.nn.data import Dataset, Recipe
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.scene.function import function_of, ground_of


def line(slope, offset, **more):
    """A network of one neuron on five rows of y = 3x."""
    inputs = np.array([[-1.0], [0.0], [1.0], [2.0], [3.0]])
    data = Dataset("line", inputs, 3 * inputs, ("x",), **more)
    project = fresh_project("Line", Network.of(1, 1), data, Options())
    return project, np.array([slope, offset])


def test_the_curve_reaches_beyond_the_rows_on_both_sides():
    project, _parameters = line(1, 0)
    ground = ground_of(project.data)
    assert (ground.low, ground.high) == (-1, 3)
    assert ground.xs[[0, -1]] == pytest.approx([-1 - 0.35 * 4, 3 + 0.35 * 4])
    assert (ground.up.low, ground.up.high) == (-3 - 3, 9 + 3)


def test_the_curve_is_what_the_network_says():
    project, parameters = line(2, 0.5)
    function = function_of(project, parameters, ground_of(project.data))
    assert function.said == pytest.approx(2 * function.ground.xs + 0.5)
    x, said = function.at(1.0)
    assert x == pytest.approx(1, abs=0.02)
    assert said == pytest.approx(2 * x + 0.5)


def test_right_answers_are_known_where_a_formula_is():
    assert ground_of(line(1, 0)[0].data).rule is None
    ground = ground_of(line(1, 0, rule="sum")[0].data)
    assert ground.rule == pytest.approx(ground.xs)


def test_test_rows_are_apart():
    data = made(Recipe("sine", test_share=0.25))
    ground = ground_of(data)
    assert len(ground.rows) == data.rows
    assert len(ground.tests) == data.tests > 0
    assert ground.tests[:, 1] == pytest.approx(data.test_targets[:, 0])


def test_scaled_rows_are_shown_in_the_units_of_the_data():
    plain, scaled = (made(Recipe("sine", scaled=scaled)) for scaled in (False, True))
    assert ground_of(scaled).rows == pytest.approx(ground_of(plain).rows)
    project = fresh_project("Sine", Network.of(1, 4, 1), scaled, Options())
    function = function_of(project, project.parameters, ground_of(scaled))
    x, said = function.at(0.3)
    seen = scaled.scaling.apply(np.array([[x]]))
    out = metrics.predict(project.network, project.parameters, seen)
    assert said == pytest.approx(float(scaled.scaling.undo_targets(out)[0, 0]))


def test_ticks_lie_on_the_axes():
    ground = ground_of(made(Recipe("sine")))
    for scale in (ground.across, ground.up):
        assert scale.ticks
        assert all(scale.holds(tick.value) for tick in scale.ticks)
