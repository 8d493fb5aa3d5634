from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualnn.engine import gauge as gauge_module
from visualnn.engine.gauge import Gauge, few
from visualnn.nn.data import number_pairs, spirals
from visualnn.nn.dataset import Dataset
from visualnn.nn.metrics import score
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.readings import COLUMNS, NO_READINGS, Readings
from visualnn.nn.training import Training


def held_back(data: Dataset, tests: int) -> Dataset:
    """The same rows, the last of them for a test."""
    kept = data.rows - tests
    return replace(
        data,
        inputs=data.inputs[:kept],
        targets=data.targets[:kept],
        test_inputs=data.inputs[kept:],
        test_targets=data.targets[kept:],
        recipe=None,
    )


def classifier(tests: int = 60, batch: int | None = None) -> Training:
    network = Network.of(2, 4, 1, hidden="tanh", output="sigmoid")
    options = Options(Optimizer("adam", 0.05), "binary_cross_entropy", batch_size=batch)
    return Training(network, held_back(spirals(), tests), options)


def adder() -> Training:
    return Training(Network.of(2, 3, 1), number_pairs(), Options())


def test_a_reading_is_the_score_of_both_kinds_of_rows():
    training = classifier()
    training.run(20)
    gauge = Gauge(training)
    train, test = gauge.now()
    network, parameters, data = training.network, training.parameters, training.dataset
    assert train.loss == score(network, parameters, data, "binary_cross_entropy").loss
    assert test is not None
    right = (network_says(training, data.test_inputs) == (data.test_targets[:, 0] > 0.5)).mean()
    seen = gauge.readings
    assert seen.updates.tolist() == [20]
    assert seen.test_right[0] == pytest.approx(right)
    assert seen.test_loss[0] == test.loss


def network_says(training: Training, x: np.ndarray) -> np.ndarray:
    first, last = training.network.views(training.parameters)
    z = np.tanh(x @ first.w + first.b) @ last.w + last.b
    return z[:, 0] > 0


def test_what_cannot_be_measured_is_no_number():
    gauge = Gauge(adder())
    gauge.now()
    seen = gauge.readings
    assert np.isnan([seen.test_loss[0], seen.train_right[0], seen.test_right[0], seen.test_miss[0]]).all()
    assert np.isfinite([seen.train_loss[0], seen.train_miss[0]]).all()


def test_a_moment_is_measured_once():
    gauge = Gauge(adder())
    assert gauge.now()[0] is gauge.now()[0]
    assert len(gauge.readings.updates) == 1


@settings(max_examples=30)
@given(st.lists(st.integers(0, 40), min_size=1, max_size=12))
def test_readings_are_in_the_order_of_the_updates_however_one_travels(visits: list[int]):
    training = adder()
    training.run(40)
    gauge = Gauge(training)
    for update in visits:
        training.seek(update)
        gauge.now()
    seen = gauge.readings
    assert seen.updates.tolist() == sorted(set(visits))
    losses = training.curve.view(41)
    assert losses is not None
    known = [loss for update, loss in zip(seen.updates, seen.train_loss, strict=True) if update < 40]
    np.testing.assert_allclose(known, losses.losses[seen.updates[seen.updates < 40]], rtol=1e-12)


def test_what_has_been_seen_never_changes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(gauge_module, "MOST_READINGS", 16)
    training, gauge, seen = adder(), None, []
    gauge = Gauge(training)
    for _ in range(50):
        gauge.now()
        now = gauge.readings
        seen.append((now, now.updates.copy(), now.train_loss.copy()))
        training.run(1)
    assert len(gauge.readings.updates) <= 16
    assert gauge.readings.updates[[0, -1]].tolist() == [0, 49]
    for value, updates, losses in seen:
        np.testing.assert_array_equal(value.updates, updates)
        np.testing.assert_array_equal(value.train_loss, losses)


def test_a_cut_forgets_later_readings_and_later_bests():
    training = classifier()
    gauge = Gauge(training)
    for _ in range(5):
        gauge.lost_patience(100)
        training.run(1)
    gauge.cut(2)
    assert gauge.readings.updates.tolist() == [0, 1, 2]
    assert all(update <= 2 for update, _loss in gauge.bests)


def test_patience_is_lost_when_the_test_loss_was_not_better_for_so_many_epochs(monkeypatch: pytest.MonkeyPatch):
    training = classifier(batch=70)
    gauge, losses = Gauge(training), iter([1.0, 0.5, 0.6, 0.7, 0.4, 0.5, 0.5, 0.5])
    truth = gauge._score

    def told(rows: Dataset) -> object:
        return truth(rows) if rows is gauge._train else replace(truth(rows), loss=next(losses))

    monkeypatch.setattr(gauge, "_score", told)
    lost = []
    for _ in range(8):
        lost.append(gauge.lost_patience(2))
        training.run(training.epoch_length)
    assert lost == [False, False, False, True, False, False, True, True]
    assert gauge.bests[-1] == (4 * training.epoch_length, 0.4)


def test_without_test_rows_patience_is_never_lost():
    gauge = Gauge(adder())
    assert not gauge.lost_patience(1)


def test_readings_can_be_taken_up_again():
    training = adder()
    one, other = Gauge(training), Gauge(training)
    for _ in range(3):
        one.now()
        training.run(1)
    other.take(one.readings)
    for column in ("updates", *COLUMNS):
        np.testing.assert_array_equal(getattr(other.readings, column), getattr(one.readings, column))


def test_thinned_readings_have_the_first_and_the_last():
    many = Readings.of(np.arange(1000), np.tile(np.arange(1000.0), (len(COLUMNS), 1)))
    thin = many.thinned(10)
    assert len(thin.updates) <= 10
    assert thin.updates[[0, -1]].tolist() == [0, 999]
    assert many.thinned(1000) is many
    assert len(NO_READINGS.updates) == 0


def test_of_more_rows_than_there_is_time_for_some_are_taken_evenly():
    data = number_pairs()
    assert few(data, 100) is data
    chosen = few(data, 9)
    assert chosen.rows == 9
    assert all((data.inputs == row).all(axis=1).any() for row in chosen.inputs)
