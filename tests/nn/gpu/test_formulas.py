"""Formulas for kernels of a GPU against those in NumPy."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn import dropout
from visualnn.nn.functions import (
    FUNCTIONS,
    HIDDEN_ACTIVATIONS,
    LOSSES,
    activation_slope,
    loss_rows,
    output_slope,
)
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.gpu import formulas
from visualnn.nn.kernels.gpu.door import cuda, kernel, uint32
from visualnn.nn.kernels.numbers import constants_of
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update
from visualnn.nn.options import Options

pytestmark = pytest.mark.usefixtures("simulator")

ROOM = 8  # units in the last place of what was computed with 64 bits, in 32
Z = np.concatenate([np.linspace(-12, 12, 97), [-3.0, 3.0, -1.0, 1.0, 0.0, -90.0, 90.0, 1e-4, -1e-4]]).astype("float32")


@pytest.fixture(scope="module")
def gpu():
    """Kernels that put one formula's answers for many numbers into arrays."""

    @kernel(128)
    def activated(code, z, out):
        i = cuda.grid(1)
        if i < z.size:
            out[0, i], out[1, i] = formulas.activated(code, z[i])

    @kernel(128)
    def missed(loss, a, y, out):
        i = cuda.grid(1)
        if i < a.size:
            out[0, i], out[1, i] = formulas.missed(loss, a[i], y[i])

    @kernel(128)
    def doubted(z, y, out):
        i = cuda.grid(1)
        if i < z.size:
            out[i] = formulas.doubted(z[i], y[i])

    @kernel(128)
    def moved(optimizer, fixed, now, w, g, m, v):
        i = cuda.grid(1)
        if i < w.size:
            w[i], m[i], v[i] = formulas.moved(
                optimizer, fixed, now[0], now[1], now[2], now[3], now[4], w[i], g[i], m[i], v[i]
            )

    @kernel(128)
    def heard(key, threshold, out):
        for row in range(out.shape[0]):
            for line in range(out.shape[1]):
                out[row, line] = formulas.is_heard(uint32(key), uint32(line), uint32(row), uint32(threshold))

    return {"activated": activated, "missed": missed, "doubted": doubted, "moved": moved, "heard": heard}


def assert_near(actual: np.ndarray, exact: np.ndarray) -> None:
    room = ROOM * np.spacing(np.maximum(np.abs(exact), 1.0).astype("float32"))
    assert actual.dtype == np.float32
    assert (np.abs(actual - exact) <= room).all(), np.abs(actual - exact).max()


@pytest.mark.parametrize("name", HIDDEN_ACTIVATIONS)
def test_activations_and_their_slopes(gpu, name: str):
    out = np.full((2, Z.size), np.nan, dtype="float32")
    gpu["activated"][1, 128](HIDDEN_ACTIVATIONS.index(name), Z, out)
    z = Z.astype(float)
    a = FUNCTIONS[name](z)
    assert_near(out[0], a)
    assert_near(out[1], activation_slope(name, z, a))


@pytest.mark.parametrize("name", HIDDEN_ACTIVATIONS)
def test_what_is_no_number_stays_none(gpu, name: str):
    out = np.zeros((2, 1), dtype="float32")
    gpu["activated"][1, 1](HIDDEN_ACTIVATIONS.index(name), np.array([np.nan], dtype="float32"), out)
    assert np.isnan(out[0, 0])


@pytest.mark.parametrize("name", [name for name in LOSSES if name not in ("binary_cross_entropy", "cross_entropy")])
def test_losses_and_their_slopes(gpu, name: str):
    y = np.where(np.arange(Z.size) % 2, 1.0, 0.0).astype("float32")
    out = np.full((2, Z.size), np.nan, dtype="float32")
    gpu["missed"][1, 128](LOSSES.index(name), Z, y, out)
    a, targets = Z.astype(float)[:, None], y.astype(float)[:, None]
    np.testing.assert_allclose(out[0], loss_rows(name, a, a, targets), rtol=1e-6, atol=1e-6)
    np.testing.assert_allclose(out[1], output_slope(name, a, targets)[:, 0], rtol=1e-6, atol=1e-6)


def test_the_binary_cross_entropy(gpu):
    y = (np.arange(Z.size) % 2).astype("float32")
    out = np.full(Z.size, np.nan, dtype="float32")
    gpu["doubted"][1, 128](Z, y, out)
    z = Z.astype(float)[:, None]
    np.testing.assert_allclose(out, loss_rows("binary_cross_entropy", z, z, y[:, None]), rtol=1e-6, atol=1e-7)


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_optimizers_move_parameters_as_in_numpy(gpu, name: str):
    from visualnn.nn.kernels.gpu.tables import table
    from visualnn.nn.schedule import fresh_scalars

    options = Options(Optimizer(name, 0.01, eps=1e-3, weight_decay=0.05), precision="float32")
    task = Task(Network.of(1, 1), options, np.zeros((1, 1)), np.zeros((1, 1)))
    rng = np.random.default_rng(0)
    w = rng.normal(0, 1, 40)
    exact, memory = w.copy(), options.optimizer.memory(40)
    ours, m, v = w.astype("float32"), np.zeros(40, "float32"), np.zeros(40, "float32")
    found = table(task, fresh_scalars(), 0.01, 0, 5)
    for t in range(5):
        g = rng.normal(0, 1, 40)
        now = found.constants[t].copy()
        now[2] = 1.0 - found.constants[t, 2]
        gpu["moved"][1, 64](OPTIMIZERS.index(name), constants_of(task), now, ours, g.astype("float32"), m, v)
        apply_update(options.optimizer, exact, g, memory, t + 1)
    np.testing.assert_allclose(ours - w, exact - w, rtol=2e-5, atol=2e-6)
    for slot, kept in enumerate(memory):
        np.testing.assert_allclose((m, v)[slot], kept, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_the_same_neurons_are_silent_as_in_numpy(gpu, share: float):
    network, key = Network.of(3, 5, 4, 2), dropout.update_key(7, 1234)
    columns = dropout.gates(network, share, key, 6)
    expected = np.concatenate([columns[1], columns[2]], axis=1) > 0
    out = np.zeros((6, 14), dtype=bool)
    gpu["heard"][1, 1](key, dropout.threshold(share), out)
    assert (out[:, 3:12] == expected).all()
