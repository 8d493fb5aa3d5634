from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualnn.nn.data import number_pairs
from visualnn.nn.history import Checkpoint, History
from visualnn.nn.kernels.arguments import ERA
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.training import Stop, Training


def moment(update: int, rows: int = 4, batch: int = 4) -> Checkpoint:
    order = Order(rows, batch, 0)
    return Checkpoint(update, np.zeros(13), np.zeros((2, 13)), np.zeros(7), order, ((0, 0.1),))


def filled(updates: list[int], most: int = 1024, bound_bytes: int = 2**30) -> History:
    history = History(bound_bytes, most)
    for update in updates:
        history.keep(moment(update))
    return history


def places(history: History) -> list[int]:
    return [kept.update for kept in history.moments]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=200), st.integers(2, 40))
def test_moments_are_in_order_and_never_more_than_there_is_room_for(updates: list[int], most: int):
    history = filled(updates, most)
    kept = places(history)
    assert kept == sorted(set(kept))
    assert len(kept) <= most
    assert set(kept) <= set(updates)


@given(st.integers(3, 500), st.integers(4, 32))
def test_the_first_and_the_last_of_a_run_are_kept(length: int, most: int):
    kept = places(filled(list(range(length)), most))
    assert (kept[0], kept[-1]) == (0, length - 1)


def test_what_is_kept_stays_within_its_bytes():
    one = moment(0).size_bytes
    history = filled(list(range(100)), bound_bytes=10 * one)
    assert history.size_bytes <= 10 * one
    assert len(history) > 5


def test_two_moments_are_kept_however_large_they_are():
    assert places(filled(list(range(50)), bound_bytes=1)) == [0, 49]


def test_the_nearest_is_the_last_one_before():
    history = filled([0, 10, 20])
    assert [history.nearest(update).update for update in (0, 9, 10, 15, 99)] == [0, 0, 10, 10, 20]
    assert history.at(10) is history.nearest(12)
    assert history.at(12) is None
    assert History().nearest(5) is None


def test_a_cut_forgets_what_comes_after():
    history = filled([0, 10, 20, 30])
    history.cut(20)
    assert places(history) == [0, 10, 20]


def test_moments_too_near_to_others_are_not_wanted_once_it_was_thinned():
    history = filled(list(range(8)), most=4)
    assert places(history) == [0, 4, 7] or places(history)[0] == 0
    assert not history.wants(places(history)[-1] + 1)
    assert history.wants(1000)


def test_an_order_that_is_never_shuffled_takes_no_memory_of_its_own():
    assert moment(0, rows=1000, batch=10).size_bytes - moment(0, rows=1000, batch=1000).size_bytes == 8000


# -- a training with a history -------------------------------------------------------------------------------------


def made(batch: int | None = None, rate: float = 0.1) -> Training:
    return Training(Network.of(2, 3, 1), number_pairs(), Options(Optimizer("adam", rate), batch_size=batch))


def trained(updates: int, batch: int | None = None, every: int = 7) -> Training:
    training = made(batch)
    while training.updates < updates:
        training.remember()
        training.run(min(every, updates - training.updates))
    training.remember()
    return training


def straight(updates: int, batch: int | None = None) -> Training:
    training = made(batch)
    training.run(updates)
    return training


@pytest.mark.parametrize("batch", [None, 10])
@settings(max_examples=30)
@given(st.lists(st.integers(0, 120), min_size=1, max_size=4))
def test_every_moment_is_reached_to_the_bit_in_any_order(batch: int | None, visits: list[int]):
    training = trained(100, batch)
    for update in visits:
        assert training.seek(update) is Stop.DONE
        other = straight(update, batch)
        assert training.updates == update
        np.testing.assert_array_equal(training.parameters, other.parameters)
        np.testing.assert_array_equal(training.memory, other.memory)
        assert training.loss == other.loss


def test_looking_back_keeps_the_rest_of_the_run():
    training = trained(100)
    before = training.snapshot()
    era = training.control.flags[ERA]
    training.seek(40)
    snapshot = training.snapshot()
    assert (snapshot.update, snapshot.last, snapshot.looks_back) == (40, 100, True)
    assert len(snapshot.curve.losses) == 40
    np.testing.assert_array_equal(snapshot.whole.losses, before.curve.losses)
    assert training.control.flags[ERA] == era


def test_going_on_from_the_past_forgets_what_came_after_it():
    training = trained(100)
    seen = training.snapshot().curve.losses
    known = seen.copy()
    training.seek(40)
    training.set_rate(0.01)
    training.run(10)
    assert (training.updates, training.last) == (50, 50)
    assert training.rates == ((0, 0.1), (40, 0.01))
    assert max(kept.update for kept in training.history.moments) <= 40
    np.testing.assert_array_equal(seen, known)  # who saw the run before still does
    other = straight(40)
    other.set_rate(0.01)
    other.run(10)
    np.testing.assert_array_equal(training.parameters, other.parameters)


def test_another_rate_in_the_past_changes_nothing_until_one_goes_on():
    training = trained(60)
    training.seek(20)
    training.set_rate(0.5)
    training.seek(60)
    np.testing.assert_array_equal(training.parameters, straight(60).parameters)
    training.run(1)
    assert training.rates == ((0, 0.1), (60, 0.5))


@pytest.mark.parametrize("keeps", [0, 3, 100])
def test_a_run_that_was_kept_is_taken_up_where_it_was_left(keeps: int):
    training = trained(100, batch=10)
    training.set_rate(0.02)
    training.run(20)
    moments = training.history.moments[:keeps]
    curve = training.curve.view(120)
    other = made(10)
    other.restore(moments, curve, training.rates, 120)
    for one in (training, other):
        one.run(30)
    np.testing.assert_array_equal(other.parameters, training.parameters)
    np.testing.assert_array_equal(other.curve.view(150).losses, training.curve.view(150).losses)
    other.seek(55)
    np.testing.assert_array_equal(other.parameters, straight(55, 10).parameters)
