from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.nn.dropout import gates, mixed, threshold, update_key
from visualnn.nn.network import Network

NET = Network.of(3, 40, 25, 2)
WORD = 0xFFFFFFFF


def heard(share: float, key: int, rows: int = 200) -> np.ndarray:
    """Which hidden neurons are heard in which row, (rows, 65)."""
    return np.hstack(gates(NET, share, key, rows)[1:-1]) > 0


def by_hand(network: Network, share: float, key: int, row: int, unit: int) -> float:
    """One gate with Python's whole numbers; units count through all columns, the inputs first."""
    x = (unit * 0x9E3779B9 + row * 0x85EBCA6B + key) & WORD
    x = ((x ^ (x >> 16)) * 0x7FEB352D) & WORD
    x = ((x ^ (x >> 15)) * 0x846CA68B) & WORD
    x ^= x >> 16
    return 1.0 / (1.0 - share) if x >= int(share * 2**32) else 0.0


@given(st.integers(0, WORD), st.floats(0.01, 0.99))
def test_each_neuron_of_each_row_has_a_number_of_its_own(key: int, share: float):
    found = gates(NET, share, key, 4)
    expected = [[by_hand(NET, share, key, row, unit) for unit in range(3, 68)] for row in range(4)]
    assert np.hstack(found[1:-1]).tolist() == expected


def test_inputs_and_outputs_are_always_heard():
    first, one, two, last = gates(NET, 0.5, 1, 6)
    assert first is last is None
    assert (one.shape, two.shape) == ((6, 40), (6, 25))
    assert gates(Network.of(2, 1), 0.5, 1, 6) == [None, None]


def test_the_rows_of_a_shorter_batch_are_the_first_of_a_longer():
    for short, long in zip(gates(NET, 0.4, 9, 3)[1:-1], gates(NET, 0.4, 9, 8)[1:-1], strict=True):
        assert np.array_equal(short, long[:3])


@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_the_share_of_silent_neurons_is_the_one_asked_for(share: float):
    everything = np.array([heard(share, update_key(seed, t)) for seed in (0, 1) for t in range(50)])
    assert everything.mean() == pytest.approx(1 - share, abs=0.003)
    for axes in ((0, 1), (0, 2), (1, 2)):  # for each neuron, row, update
        means = everything.mean(axis=axes)
        rest = everything.size / len(means)
        assert np.abs(means - (1 - share)).max() < 5 * np.sqrt(share * (1 - share) / rest)


def test_what_is_heard_is_scaled_up_so_that_sums_keep_their_size():
    for share in (0.1, 0.5, 0.75):
        values = np.hstack([part for key in range(20) for part in gates(NET, share, update_key(2, key), 100)[1:-1]])
        assert set(values.ravel()) == {0.0, 1.0 / (1.0 - share)}
        assert values.mean() == pytest.approx(1.0, abs=0.02)


def test_updates_seeds_rows_and_neurons_do_not_repeat_each_other():
    def likeness(a: np.ndarray, b: np.ndarray) -> float:
        return abs(np.corrcoef(a.ravel(), b.ravel())[0, 1])

    keys = [update_key(seed, t) for seed in (0, 1, 2**63 - 1) for t in (0, 1, 2, 10**9)]
    assert len(set(keys)) == len(keys)
    tables = [heard(0.5, key) for key in keys]
    assert max(likeness(a, b) for a, b in combinations(tables, 2)) < 0.05
    table = heard(0.5, update_key(0, 0), rows=5000)
    for shift in range(1, 6):
        assert likeness(table[shift:], table[:-shift]) < 0.02
        assert likeness(table[:, shift:], table[:, :-shift]) < 0.02


def test_the_hash_moves_half_of_the_bits():
    numbers = np.arange(2000, dtype=np.uint32) * np.uint32(2654435761)
    for bit in range(32):
        changed = mixed(numbers) ^ mixed(numbers ^ np.uint32(1 << bit))
        assert np.unpackbits(changed.view(np.uint8)).mean() == pytest.approx(0.5, abs=0.02)
    assert len(set(mixed(numbers).tolist())) == 2000


def test_the_ends():
    assert threshold(0.0) == 0
    assert threshold(0.5) == 2**31
    assert threshold(np.nextafter(1.0, 0.0)) <= WORD
    assert heard(1e-12, 5).all()
