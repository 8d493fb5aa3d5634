"""Directions along which nothing changes are found in the heights, and the dead neuron behind them in the network."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.data import Dataset, number_pairs
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape.grid import losses
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.plane import Plane, of_path, two_weights
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.scene.landscape.flatness import Stretch, blamed, stretches
from visualnn.scene.landscape.relief import Relief, relief

WINDOW = (-1.0, 3.0, 0.0, 8.0)
NETWORK = Network.of(2, 3, 1)
W_BD, B_D, W_DF = 4, 7, 10  # d is the second hidden neuron
OFF = np.array([1.0, -1.0, 0.5, 1.0, -1.0, 0.5, 0.0, 0.0, 0.0, 0.5, 2.0, 0.5, 0.0])


def made(heights: np.ndarray, window=WINDOW) -> Relief:
    return relief(heights, window, logarithmic=False)


def along(axis: int, line: np.ndarray) -> np.ndarray:
    """Heights that follow a line along an axis, and change along the other one too."""
    rows = np.outer(np.linspace(1, 2, 9), line)
    return rows if axis == 0 else rows.T


@pytest.mark.parametrize("axis", [0, 1])
def test_an_axis_along_which_nothing_changes(axis: int):
    low, high = WINDOW[2 * axis : 2 * axis + 2]
    assert stretches(made(along(axis, np.full(9, 3.0)))) == (Stretch(axis, low, high),)
    assert stretches(made(along(axis, np.full(9, 3.0))))[0].is_whole


@pytest.mark.parametrize("axis", [0, 1])
def test_a_part_of_an_axis_at_either_end(axis: int):
    low, high = WINDOW[2 * axis : 2 * axis + 2]
    at = np.linspace(low, high, 9)
    line = np.array([5.0, 5.0, 5.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.5])
    assert stretches(made(along(axis, line))) == (Stretch(axis, low, float(at[3]), to_high=False),)
    assert stretches(made(along(axis, line[::-1]))) == (Stretch(axis, float(at[5]), high, from_low=False),)


def test_where_all_changes_there_is_none():
    assert stretches(made(along(0, np.linspace(1, 2, 9)))) == ()


def test_a_step_or_two_is_no_stretch():
    line = np.linspace(1, 2, 9)
    line[1] = line[0]
    assert stretches(made(along(0, line))) == ()


def test_a_small_change_is_a_change_and_rounding_is_none():
    small = np.full(9, 3.0) + 1e-9 * np.arange(9)
    assert stretches(made(along(0, small))) == ()
    assert len(stretches(made(along(0, np.full(9, 3.0) * (1 + 1e-15 * np.arange(9)))))) == 1


def test_both_axes_of_a_plain():
    assert [stretch.axis for stretch in stretches(made(np.full((9, 9), 20.0)))] == [0, 1]


def test_holes_are_equal_to_holes_and_to_nothing_else():
    heights = along(0, np.full(9, 3.0))
    heights[4] = np.nan
    heights[5] = np.inf
    assert [stretch.axis for stretch in stretches(made(heights))] == [0]
    heights[4, 4] = 1.0
    assert not any(stretch.is_whole for stretch in stretches(made(heights)))
    assert stretches(made(np.full((9, 9), np.nan))) == ()


def test_a_ribbon_says_nothing_of_the_axis_that_it_does_not_have():
    ribbon = relief(np.linspace(1, 2, 9)[None], (-1.0, 3.0, 2.0, 2.0))
    assert stretches(ribbon) == ()


def test_the_shelf_of_the_valley():
    classic = CLASSICS["valley"]
    heights = losses(classic, Window(*classic.window), 49).heights
    assert stretches(relief(heights, classic.window)) == (Stretch(0, -1.0, 0.0, to_high=False),)


# -- the neuron ------------------------------------------------------------------------------------------------------


def looked_at(network: Network, parameters: np.ndarray, places: tuple[int, int], window=(-2.0, -0.5, -2.0, -0.5)):
    task = Task.of(network, Options(), number_pairs(0, 4))
    plane = two_weights(network, parameters, *places, ("x", "y"))
    heights = losses(Ground(task, plane), Window(*window), 25).heights
    return task, plane, relief(heights, window)


@pytest.mark.parametrize("place", [W_BD, B_D, W_DF])
def test_a_neuron_that_is_off_for_every_row_is_found_from_each_of_its_weights(place: int):
    """Its bias below 0, its weights too, or what leads away from it."""
    task, plane, seen = looked_at(NETWORK, OFF, (0, place))
    [stretch] = [stretch for stretch in stretches(seen) if stretch.axis == 1]
    assert stretch.is_whole
    assert blamed(task, plane, seen, stretch) == (1, 1)


def test_a_weight_that_does_not_matter_for_another_reason_has_no_such_neuron():
    parameters = OFF.copy()
    parameters[[1, W_BD, W_DF]] = 1.0, 1.0, 0.0  # d is on, but nothing leads away from it
    task, plane, seen = looked_at(NETWORK, parameters, (0, W_BD), (-2.0, -0.5, 0.5, 1.0))
    [stretch] = [stretch for stretch in stretches(seen) if stretch.axis == 1]
    assert blamed(task, plane, seen, stretch) is None


def test_only_on_the_flat_part_is_it_off():
    parameters = OFF.copy()
    parameters[1] = -0.01
    window = (0.5, 1.5, -1.0, 1.0)
    task, plane, seen = looked_at(NETWORK, parameters, (0, W_BD), window)
    [stretch] = stretches(seen)
    assert (stretch.axis, stretch.low, stretch.to_high) == (1, -1.0, False)
    assert stretch.high == pytest.approx(0.0, abs=0.1)
    assert blamed(task, plane, seen, stretch) == (1, 1)
    assert blamed(task, plane, seen, Stretch(1, -1.0, 1.0)) is None


def test_a_silent_neuron_is_off_too():
    task = Task.of(NETWORK, Options(), number_pairs(0, 4), mask_of(NETWORK, [(1, 1)]))
    plane = two_weights(NETWORK, np.abs(OFF), 0, W_DF, ("x", "y"))
    heights = losses(Ground(task, plane), Window(0.0, 1.0, 0.0, 1.0), 9).heights
    seen = relief(heights, (0.0, 1.0, 0.0, 1.0))
    [stretch] = [stretch for stretch in stretches(seen) if stretch.axis == 1]
    assert blamed(task, plane, seen, stretch) == (1, 1)


def test_in_a_deeper_layer_it_is_found_as_well():
    network = Network.of(2, 2, 2, 1)
    parameters = np.ones(network.parameter_count)
    second = network.weight_index(1, 0, 1)
    parameters[[second, network.weight_index(1, 1, 1), network.bias_index(1, 1)]] = -1.0
    task, plane, seen = looked_at(network, parameters, (0, second), (0.5, 1.5, -2.0, -1.0))
    [stretch] = [stretch for stretch in stretches(seen) if stretch.axis == 1]
    assert blamed(task, plane, seen, stretch) == (2, 1)


@pytest.mark.parametrize("place", [2, 1])
def test_an_input_that_is_always_0_is_found_too(place: int):
    """Where the neuron that its weight leads to is on; else that is named."""
    data = number_pairs(0, 4)
    inputs = np.column_stack([np.zeros(data.rows), data.inputs[:, 1]])
    task = Task.of(NETWORK, Options(), Dataset("flat", inputs, data.targets.copy(), ("a", "b")))
    plane = two_weights(NETWORK, OFF, place, W_BD, ("x", "y"))
    window = (-1.0, 1.0, -2.0, -1.0)
    seen = relief(losses(Ground(task, plane), Window(*window), 25).heights, window)
    assert blamed(task, plane, seen, Stretch(0, -1.0, 1.0)) == ((0, 0) if place == 2 else (1, 1))


def test_what_takes_too_long_to_find_out_is_left_open():
    network = Network.of(2, 60, 60, 1)
    parameters = np.ones(network.parameter_count)
    second = network.weight_index(1, 0, 1)
    parameters[[network.weight_index(1, source, 1) for source in range(60)]] = -1.0
    task = Task.of(network, Options(), number_pairs(0, 19))
    plane = two_weights(network, parameters, 0, second, ("x", "y"))
    seen = relief(np.ones((9, 9)), (0.5, 1.5, -2.0, -1.0))
    assert blamed(task, plane, seen, Stretch(1, -2.0, -1.0)) is None
    fewer = Task.of(network, Options(), number_pairs(0, 4))
    assert blamed(fewer, plane, seen, Stretch(1, -2.0, -1.0)) == (2, 1)


def test_a_direction_of_a_path_belongs_to_no_neuron():
    path = np.random.default_rng(0).normal(0, 1, (5, 13))
    task, plane = Task.of(NETWORK, Options(), number_pairs(0, 4)), of_path(path)
    assert isinstance(plane, Plane)
    assert blamed(task, plane, made(np.full((9, 9), 20.0)), Stretch(0, -1.0, 3.0)) is None
