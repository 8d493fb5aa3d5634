"""The rules on plain floats are those on arrays."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from visualnn.nn.landscape.floats import moved
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer, apply_update, look_ahead_product

SLOPES = st.lists(
    st.one_of(st.floats(-10, 10), st.sampled_from([0.0, -0.0, 1e300, -1e200, 1e-200])), min_size=1, max_size=12
)


@pytest.mark.parametrize("name", OPTIMIZERS)
@given(
    slopes=SLOPES,
    rate=st.sampled_from([0.0, 0.01, 1.0, 1e8]),
    decay=st.sampled_from([0.0, 0.1]),
    eps=st.sampled_from([1e-8, 1e-320]),
)
def test_every_rule_moves_a_weight_to_the_bit_as_it_does_in_an_array(
    name: str, slopes: list[float], rate: float, decay: float, eps: float
):
    rule = Optimizer(name, weight_decay=decay, eps=eps)
    array, memory = np.array([0.7, 0.7]), rule.memory(2)
    w, remembered = 0.7, (0.0,) * len(memory)
    with np.errstate(all="ignore"):
        for t, g in enumerate(slopes, start=1):
            product = look_ahead_product(rule.beta1, t)
            apply_update(rule, array, np.array([g, g]), memory, t, rate=rate, product=product)
            w, remembered = moved(rule, w, g, remembered, t=t, rate=rate, product=product)
            np.testing.assert_array_equal(array, [w, w])
            np.testing.assert_array_equal(memory[:, 0], remembered)


@pytest.mark.parametrize("name", OPTIMIZERS)
@pytest.mark.parametrize("g", [np.nan, np.inf, -np.inf])
def test_a_slope_that_is_no_number_ends_as_it_does_in_an_array(name: str, g: float):
    rule = Optimizer(name)
    array, memory = np.array([0.7]), rule.memory(1)
    with np.errstate(all="ignore"):
        apply_update(rule, array, np.array([g]), memory, 1)
    w, remembered = moved(rule, 0.7, g, (0.0,) * len(memory), t=1, rate=rule.rate, product=look_ahead_product(0.9, 1))
    np.testing.assert_array_equal(array, [w])
    np.testing.assert_array_equal(memory[:, 0], remembered)
