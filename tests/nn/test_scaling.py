from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.scaling import Scaling

INPUTS = np.array([[1.0, 5.0, 10.0], [2.0, 5.0, 30.0], [3.0, 5.0, 20.0]])
TARGETS = np.array([[4.0], [8.0], [6.0]])


def test_columns_get_mean_0_and_spread_1():
    scaling = Scaling.of(INPUTS, TARGETS)
    scaled = scaling.apply(INPUTS)
    assert np.allclose(scaled.mean(axis=0), 0.0)
    assert np.allclose(scaled.std(axis=0), [1.0, 0.0, 1.0])
    assert scaling.apply_targets(TARGETS).ravel() == pytest.approx([-1.224745, 1.224745, 0.0], abs=1e-6)


def test_a_column_that_does_not_vary_becomes_0():
    scaling = Scaling.of(INPUTS, TARGETS)
    assert (scaling.mean[1], scaling.spread[1]) == (5.0, 1.0)
    assert scaling.apply(INPUTS)[:, 1].tolist() == [0.0, 0.0, 0.0]
    tenths = np.full((7, 1), 0.1)  # whose mean is not quite 0.1
    assert Scaling.of(tenths, tenths).apply(tenths).tolist() == [[0.0]] * 7


def test_what_was_scaled_can_be_told_in_its_own_units():
    scaling = Scaling.of(INPUTS, TARGETS)
    assert np.allclose(scaling.undo(scaling.apply(INPUTS[1])), INPUTS[1])
    assert np.allclose(scaling.undo_targets(scaling.apply_targets(TARGETS)), TARGETS)


def test_classes_are_not_scaled():
    scaling = Scaling.of(INPUTS, TARGETS, numbers=False)
    assert np.array_equal(scaling.apply_targets(TARGETS), TARGETS)
    assert np.allclose(scaling.apply(INPUTS).mean(axis=0), 0.0)


def test_it_cannot_be_changed():
    for array in Scaling.of(INPUTS, TARGETS).arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
