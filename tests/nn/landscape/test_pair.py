"""Two weights get the loss and the slopes that the readable loop gives them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn.nn.data import number_pairs
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.reference import gates_of, gradient, kept
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.pair import Pair
from visualnn.nn.landscape.plane import two_weights
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.penalties import add_penalties, clip


def expected(task: Task, pair: Pair, point: np.ndarray, rows: slice, update: int) -> tuple[float, np.ndarray]:
    """By the whole gradient."""
    options, x = task.options, task.inputs[rows]
    w = kept(pair.plane.point(*point), task.mask)
    loss, g = gradient(task.network, w, x, task.targets[rows], options.loss, gates_of(task, update, len(x)))
    add_penalties(task.network, w, g, options.l1, options.l2)
    others = np.ones(g.size, dtype=np.bool_)
    others[list(pair.weights)] = False
    g[others] = 0.0
    clip(g, options)
    return loss, g[list(pair.weights)]


@settings(max_examples=150)
@given(
    problem=problems(max_units=12, max_rows=20),
    seed=st.integers(0, 2**32),
    silent=st.booleans(),
    extra=st.sampled_from(
        [{}, {"l1": 0.1, "l2": 0.03}, {"dropout": 0.4}, {"clip_norm": 0.2, "l2": 0.1}, {"clip_value": 0.01}]
    ),
)
def test_loss_and_slopes_are_those_of_the_whole_gradient_to_the_bit(
    problem: Problem, seed: int, silent: bool, extra: dict[str, float]
):
    network, rng = problem.network, np.random.default_rng(seed)
    mask = None
    if silent and len(network.sizes) > 2:
        mask = mask_of(network, [(int(rng.integers(1, len(network.sizes) - 1)), 0)])
    free = np.flatnonzero(np.ones(network.parameter_count) if mask is None else mask.parameters)
    if free.size < 2:
        return
    i, j = map(int, rng.choice(free, 2, replace=False))
    task = Task.of(network, Options(loss=problem.loss, **extra), problem.dataset, mask)
    plane = two_weights(network, problem.parameters, i, j, ("x", "y"))
    pair, ground = Pair(task, plane), Ground(task, plane)
    with np.errstate(all="ignore"):
        for update in range(4):
            point, rows = rng.normal(0, 1, 2), slice(0, int(rng.integers(1, task.rows + 1)))
            loss, slopes = pair.loss_and_slopes(point, rows, update)
            told, whole = expected(task, pair, point, rows, update)
            assert loss == told
            np.testing.assert_array_equal(slopes, whole)
            assert pair.loss(point) == ground.loss(plane.point(*point))


@pytest.mark.parametrize("point", [(np.inf, 1.0), (1.0, np.nan), (-np.inf, np.inf)])
def test_where_the_point_is_no_number_nothing_is_and_after_that_all_is_as_before(point: tuple[float, float]):
    network = Network.of(2, 3, 1, hidden="tanh")
    task = Task.of(network, Options(), number_pairs())
    plane = two_weights(network, initial_parameters(network, "glorot_uniform", 0), 0, 10, ("x", "y"))
    pair, whole = Pair(task, plane), slice(None)
    with np.errstate(all="ignore"):
        before = pair.loss_and_slopes(np.array([0.3, 0.4]), whole, 0)
        assert np.isnan(pair.loss_and_slopes(np.array(point), whole, 0)[0])
        after = pair.loss_and_slopes(np.array([0.3, 0.4]), whole, 0)
    assert before[0] == after[0]
    np.testing.assert_array_equal(before[1], after[1])
