"""The three products of a layer, with everything that is done to their results."""

from __future__ import annotations

import numpy as np
import pytest

from tests.nn.gpu.simulator import SCHEDULES
from visualnn.nn import dropout, order
from visualnn.nn.functions import HIDDEN_ACTIVATIONS, activate, activation_slope
from visualnn.nn.kernels import reference
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update
from visualnn.nn.options import Options

TILES = ("PLAIN", "GROUPED", "TENSOR", "TENSOR_GROUPED")


@pytest.fixture
def wide(simulator):
    from tests.nn.gpu import wide

    return wide


def options(**others) -> Options:
    others = {"optimizer": Optimizer("sgd", rate=0.1), "batch_size": 11, **others}
    return Options(precision="float32", **others)


def bench_of(wide, network: Network, tile: str = "PLAIN", rows: int = 20, t: int = 0, mask=None, **others):
    task = wide.task_of(network, options(**others), rows, mask=mask)
    tiles = (wide.PLAIN,) if tile == "PLAIN" else (getattr(wide, tile),)
    return wide.Bench(task, wide.parameters_of(network), *tiles, t=t), task, wide.parameters_of(network)


def numbers_of(task, t: int = 0) -> np.ndarray:
    return order.rows_of(task.rows, task.batch, task.options.seed, t)


def rows_of(task, t: int = 0) -> np.ndarray:
    return task.inputs[numbers_of(task, t)]


def tolerance(tile: str) -> float:
    return 5e-3 if "TENSOR" in tile else 2e-6


@pytest.mark.parametrize("tile", TILES)
@pytest.mark.parametrize("t", [0, 1])  # the second batch has 9 rows, not 11
def test_forward_computes_sums_of_every_size(wide, tile: str, t: int):
    from visualnn.nn.kernels.gpu.places import AT, A, D

    bench, task, w = bench_of(wide, Network.of(13, 19, 5, hidden="tanh"), tile, t=t)
    bench.launch("gather", "forward")
    _, a = reference.forward(task.network, w, rows_of(task, t))
    for column, expected in enumerate(a[:-1]):
        found = bench.column(column, A)
        np.testing.assert_allclose(found, wide.framed(expected, found.shape), atol=tolerance(tile))
        np.testing.assert_array_equal(bench.column(column, AT), found.T)
    slopes = bench.column(1, D)
    np.testing.assert_allclose(slopes, wide.framed(1 - a[1] ** 2, slopes.shape), atol=2 * tolerance(tile))


@pytest.mark.parametrize("activation", HIDDEN_ACTIVATIONS)
def test_forward_knows_every_activation(wide, activation: str):
    from visualnn.nn.kernels.gpu.places import A, D

    bench, task, w = bench_of(wide, Network.of(3, 9, 2, hidden=activation))
    bench.launch("gather", "forward", column=0)
    bench.launch("forward", column=1)
    z, a = reference.forward(task.network, w, rows_of(task))
    found = bench.column(1, A)
    np.testing.assert_allclose(found, wide.framed(activate(activation, z[0]), found.shape), atol=2e-6)
    expected = activation_slope(activation, z[0], a[1])
    np.testing.assert_allclose(bench.column(1, D), wide.framed(expected, found.shape), atol=3e-6)


def test_the_outputs_stay_sums(wide):
    from visualnn.nn.kernels.gpu.places import A

    bench, task, w = bench_of(wide, Network.of(3, 9, 2, output="softmax"), loss="cross_entropy")
    bench.launch("gather", "forward")
    z, _ = reference.forward(task.network, w, rows_of(task))
    found = bench.column(2, A)
    np.testing.assert_allclose(found, wide.framed(z[-1], found.shape), atol=2e-6)


def gated(wide, tile: str = "PLAIN"):
    """Shortcuts, dropout, a silent neuron and a cut connection."""
    from visualnn.nn.network import Layer

    network = Network(4, (*[Layer(9, "softplus")] * 4, Layer(3, "linear")), shortcut=1)
    mask = mask_of(network, [(2, 4)], [7])
    return bench_of(wide, network, tile, t=1, mask=mask, dropout=0.3)


@pytest.mark.parametrize("tile", ["PLAIN", "GROUPED"])
def test_forward_adds_shortcuts_and_silences(wide, tile: str):
    from visualnn.nn.kernels.gpu.places import A

    bench, task, w = gated(wide, tile)
    bench.launch("gather", "forward")
    x = rows_of(task, 1)
    _, a = reference.forward(task.network, reference.kept(w, task.mask), x, reference.gates_of(task, 1, len(x)))
    for column in range(1, 5):
        found = bench.column(column, A)
        np.testing.assert_allclose(found, wide.framed(a[column], found.shape), atol=1e-5)
    silent = dropout.gates(task.network, 0.3, dropout.update_key(0, 1), len(x))
    assert (bench.column(3, A)[: len(x), :9] == 0).sum() == (silent[3] == 0).sum() > 10


@pytest.mark.parametrize("schedule", SCHEDULES, ids=str)
@pytest.mark.parametrize("tile", TILES)
def test_backward_and_gradient_are_those_of_the_reference(wide, simulator, tile: str, schedule):
    simulator.schedule = schedule
    bench, task, w = bench_of(wide, Network.of(13, 19, 35, 5, hidden="tanh"), tile, t=1)
    bench.launch("gather", "forward", "judge", "decide", "backward", "gradient")
    _, g = reference.batch_gradient(task, w, numbers_of(task, 1), 1)
    for layer, expected in enumerate(task.network.views(w - 0.1 * g)):
        weights, biases = bench.weights(layer + 1)
        np.testing.assert_allclose(weights, wide.framed(expected.w, weights.shape), atol=tolerance(tile))
        np.testing.assert_allclose(biases, wide.framed(expected.b, biases.shape), atol=tolerance(tile))
        np.testing.assert_array_equal(bench.turned_weights(layer + 1), weights.T)


def test_backward_brings_back_what_shortcuts_carry(wide):
    bench, task, w = gated(wide)
    bench.launch("gather", "forward", "judge", "decide", "backward", "gradient", "weigh", "apply")
    _, g = reference.batch_gradient(task, w, numbers_of(task, 1), 1)
    for layer, expected in enumerate(task.network.views(reference.kept(w - 0.1 * g, task.mask))):
        weights, biases = bench.weights(layer + 1)
        np.testing.assert_allclose(weights, wide.framed(expected.w, weights.shape), atol=1e-5)
        np.testing.assert_allclose(biases, wide.framed(expected.b, biases.shape), atol=1e-5)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_gradient_moves_by_every_optimizer(wide, name: str):
    from visualnn.nn.kernels.gpu.places import SLOT

    rule = Optimizer(name, rate=0.02, eps=1e-2, weight_decay=0.1)
    bench, task, w = bench_of(wide, Network.of(6, 9, 3, hidden="tanh"), optimizer=rule)
    bench.launch("gather", "forward", "judge", "decide", "backward", "gradient")
    _, g = reference.batch_gradient(task, w, numbers_of(task), 0)
    memory, after = rule.memory(w.size), w.copy()
    apply_update(rule, after, g, memory, 1)
    slot = bench.ground.head(SLOT)
    for behind, values in enumerate([after, *memory]):
        for layer, expected in enumerate(task.network.views(values)):
            weights, biases = bench.weights(layer + 1, behind * slot)
            np.testing.assert_allclose(weights, wide.framed(expected.w, weights.shape), atol=3e-6)
            np.testing.assert_allclose(biases, wide.framed(expected.b, biases.shape), atol=3e-6)


def test_nothing_moves_once_it_is_over(wide):
    bench, _task, _w = bench_of(wide, Network.of(6, 9, 3, hidden="tanh"))
    bench.memory.status.copy_to_device(np.array([2, 0, 0], dtype=np.int32))
    before = bench.read(0, (bench.ground.size,))
    bench.launch("gather", "forward", "judge", "decide", "backward", "gradient")
    np.testing.assert_array_equal(bench.read(0, (bench.ground.size,)), before)
    assert bench.status() == [2, 0, 0]


def test_tiles_that_finish_first_are_taken(wide):
    from visualnn.nn.kernels.gpu.steps import MACHINE, TENSOR_MACHINE, tile_for

    assert tile_for(MACHINE, 512, 1000, 132).rows == 64
    assert tile_for(MACHINE, 4096, 4096, 132).rows == 128
    assert tile_for(MACHINE, 64, 128, 132).rows == 32
    assert tile_for(MACHINE, 10, 4096, 132).rows == 32
    for machine in (MACHINE, TENSOR_MACHINE):
        for tile in machine.tiles:
            assert tile.threads == machine.threads == 256
            assert tile.room * 4 <= 48 * 1024
            assert tile.depth % ((8 if tile.is_tensor else 4) * tile.groups) == 0
            assert tile.band * tile.columns % (4 * tile.threads) == 0
            assert all(tile.depth * side % (4 * tile.threads) == 0 for side in (tile.rows, tile.columns))
            assert min(machine.sizes) % tile.depth == 0
