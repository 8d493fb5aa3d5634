"""Constants of many updates against one update after another."""

from __future__ import annotations

from math import sqrt

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from visualnn.nn import dropout
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.gpu import lines, tables
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, look_ahead, look_ahead_product
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import BETA1_POWER, BETA2_POWER, MU_PRODUCT, SCHEDULES, Schedule, factor, fresh_scalars


def task_of(options: Options, rows: int = 1) -> Task:
    return Task(Network.of(1, 1), options, np.zeros((rows, 1)), np.zeros((rows, 1)))


def scalars_at(rule: Optimizer, t: int) -> np.ndarray:
    """What is remembered before update t + 1."""
    scalars = fresh_scalars()
    scalars[[BETA1_POWER, BETA2_POWER]] = rule.beta1**t, rule.beta2**t
    scalars[MU_PRODUCT] = look_ahead_product(rule.beta1, t)
    return scalars


@given(
    name=st.sampled_from(OPTIMIZERS),
    schedule=st.sampled_from([name for name in SCHEDULES if name != "plateau"]),
    warmup=st.integers(0, 8),
    floor=st.sampled_from([0.0, 0.2]),
    t=st.integers(0, 30),
    count=st.integers(1, 12),
)
def test_every_update_has_its_constants(name: str, schedule: str, warmup: int, floor: float, t: int, count: int):
    rule = Optimizer(name, 0.03, eps=1e-3, weight_decay=0.1)
    chosen = Schedule(schedule, period=7, warmup=warmup, floor=floor)
    found = tables.table(task_of(Options(rule, schedule=chosen)), scalars_at(rule, t), 0.03, t, count)
    for i in range(count):
        rate = 0.03 * factor(chosen, t + i, fresh_scalars())
        expected = [rate, 0.0, 0.1 * rate, 0.0, 0.0]
        if name in ("adam", "adamw", "nadam"):
            share = sqrt(1.0 - rule.beta2 ** (t + i + 1))
            expected[:2] = rate * share / (1.0 if name == "nadam" else 1.0 - rule.beta1 ** (t + i + 1)), 1e-3 * share
        if name == "nadam":
            now, following = look_ahead(0.9, t + i + 1), look_ahead(0.9, t + i + 2)
            product = look_ahead_product(0.9, t + i + 1)
            expected[3:] = (1.0 - now) / (1.0 - product), following / (1.0 - product * following)
        np.testing.assert_allclose(found.constants[i], expected, rtol=3e-6)


@given(name=st.sampled_from(OPTIMIZERS), first=st.integers(1, 9), second=st.integers(1, 9))
def test_what_is_remembered_does_not_depend_on_how_updates_are_split(name: str, first: int, second: int):
    task = task_of(Options(Optimizer(name)))
    whole = tables.table(task, fresh_scalars(), 0.1, 0, first + second)
    before = tables.table(task, fresh_scalars(), 0.1, 0, first)
    assert np.array_equal(before.scalars_after(first), whole.scalars_after(first))
    after = tables.table(task, before.scalars_after(first), 0.1, first, second)
    assert np.array_equal(after.scalars_after(second), whole.scalars_after(first + second))
    assert np.array_equal(np.concatenate([before.constants, after.constants]), whole.constants)
    assert np.array_equal(whole.scalars_after(0), fresh_scalars())


@given(seed=st.integers(0, 2**63 - 1), t=st.integers(0, 2**40))
def test_keys_of_dropout(seed: int, t: int):
    assert tables.keys(seed, t, 3).tolist() == [dropout.update_key(seed, t + i) for i in range(3)]


@given(rows=st.integers(2, 20), batch=st.integers(1, 20), t=st.integers(0, 50), count=st.integers(1, 30))
def test_orders_of_the_rows(rows: int, batch: int, t: int, count: int):
    task = task_of(Options(batch_size=batch, seed=5), rows)
    order, plain = Order(rows, task.batch, 5), Order(rows, task.batch, 5)
    found = lines.lines(task, order, t, count)
    for update in range(t, t + count):
        epoch, part = divmod(update, task.epoch_length)
        plain.go_to(epoch)
        if task.epoch_length > 1:
            drawn = found[epoch - t // task.epoch_length]
            assert drawn[part * batch : (part + 1) * batch].tolist() == plain.line[part * batch :][:batch].tolist()
    assert (order.line == plain.line).all()
    assert (order.words[:5] == plain.words[:5]).all()
    assert order.epoch == plain.epoch


def test_a_rate_beyond_32_bits_is_infinite_and_no_warning():
    assert np.isinf(tables.table(task_of(Options()), fresh_scalars(), 1e300, 0, 1).constants[0, 0])
