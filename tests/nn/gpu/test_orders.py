"""Orders of rows drawn by a kernel against NumPy's."""

from __future__ import annotations

import numpy as np
import pytest

from tests.nn.gpu.simulator import SCHEDULES
from visualnn.nn.kernels.gpu import orders
from visualnn.nn.order import Order

pytestmark = pytest.mark.usefixtures("simulator")


def drawn(own: list[Order], kept: np.ndarray, *, again: int, count: int) -> np.ndarray:
    """What the kernel draws for some networks; the state of their generators moves on."""
    words = np.array([order.words for order in own])
    lines = np.full((len(own), count, kept.shape[1]), -1, dtype=np.int32)
    orders.draw[len(own), orders.THREADS, 0, 4 * kept.shape[1]](words, kept, lines, np.int32(again), np.int32(count))
    for order, state in zip(own, words, strict=True):
        order.words[:] = state
    return lines


@pytest.mark.parametrize("rows", [2, 3, 31, 33, 64, 200])
@pytest.mark.parametrize("seed", [0, 5, 2**40])
def test_a_kernel_shuffles_as_numpy_does(rows: int, seed: int):
    own = [Order(rows, 1, seed + i) for i in range(3)]
    plain = [np.random.default_rng(10_000 + seed + i) for i in range(3)]
    kept = np.full((3, rows), -1, dtype=np.int32)
    for again, count in ((0, 2), (1, 1), (1, 3), (0, 1)):
        expected = [kept[net].tolist() for net in range(3)]
        found = drawn(own, kept, again=again, count=count)
        for net, rng in enumerate(plain):
            new = [rng.permutation(rows).tolist() for _ in range(count - again)]
            assert found[net].tolist() == ([expected[net]] if again else []) + new
        assert (kept == found[:, -1]).all()


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_whoever_runs_ahead(simulator, schedule):
    simulator.schedule = schedule
    order, kept = Order(40, 8, 3), np.full((1, 40), -1, dtype=np.int32)
    expected = Order(40, 8, 3).drawn(range(3))
    assert (drawn([order], kept, again=0, count=3)[0] == expected).all()


@pytest.mark.parametrize("rows", [*range(2, 12), 57, 130])
def test_the_state_is_numpys_afterwards(rows: int):
    ours, numpys = Order(rows, 1, 9), Order(rows, 1, 9)
    ours.epoch[0] = 3
    drawn([ours], np.zeros((1, rows), dtype=np.int32), again=0, count=4)
    numpys.go_to(3)
    assert ours.words.tolist() == numpys.words.tolist()
    assert (ours.drawn(range(4, 6)) == numpys.drawn(range(4, 6))).all()
