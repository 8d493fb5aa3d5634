from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.data import number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.landscape.course import NetworkCourse, SurfaceCourse
from visualnn.nn.landscape.descent import TwoWeights
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.schedule import Schedule

ENDS = Options(Optimizer("momentum", rate=0.01), seed=9, goal=0.1, epochs=3, patience=2, batch_size=5)


def test_nobody_stops_by_itself_and_all_see_the_same_rows():
    network = Network.of(2, 3, 1)
    course = NetworkCourse(network, number_pairs(), None, initial_parameters(network, "glorot_uniform", 0), seed=3)
    fair = course.fair(ENDS)
    assert (fair.goal, fair.epochs, fair.patience, fair.seed) == (None, None, None, 3)
    assert (fair.optimizer, fair.batch_size) == (ENDS.optimizer, 5)
    runner = course.runner(ENDS)
    assert runner.training.options == fair
    np.testing.assert_array_equal(runner.training.parameters, course.start)


def test_on_two_weights_the_rows_and_the_loss_are_the_surface_s_and_the_rest_is_the_runner_s():
    model = MODELS["bowl"]
    course = SurfaceCourse(TwoWeights(model.task(Options(seed=8)), model.plane), (-1.0, 2.5))
    runner = course.runner(Options(Optimizer("sgd", rate=0.01), loss="mae", batch_size=5, l2=0.1, seed=1))
    assert (runner.options.seed, runner.options.loss) == (8, "mse")
    assert isinstance(runner.surface, TwoWeights)
    assert runner.surface.task.options == runner.options
    assert runner.surface.epoch_length == 5
    assert runner.loss == pytest.approx(13.5)


def test_on_a_formula_rule_and_schedule_count():
    course = SurfaceCourse(CLASSICS["bowl"], (-1.0, 2.5))
    runner = course.runner(Options(Optimizer("sgd", rate=0.01), schedule=Schedule("step", period=1), clip_norm=0.1))
    assert runner.surface is CLASSICS["bowl"]
    runner.run(2)
    np.testing.assert_array_equal(runner.track.rates, [0.01, 0.005, 0.0025])
    np.testing.assert_array_equal(runner.track.places[1], [-1.0, 2.5] - 0.01 * CLASSICS["bowl"].slopes(-1.0, 2.5))


def test_a_loss_that_does_not_fit_is_said():
    network = Network.of(2, 3, 1)
    course = NetworkCourse(network, number_pairs(), None, initial_parameters(network, "glorot_uniform", 0))
    with pytest.raises(VisualNNError, match="does not fit"):
        course.runner(Options(loss="cross_entropy"))
