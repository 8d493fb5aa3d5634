"""Short runs beside the real one."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.nn.data import number_pairs
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.trial import Ground, Trial, affordable, first_that_works, is_blocked, trial

NET = Network.of(2, 3, 1)
GROUND = Ground(NET, number_pairs(1, 5))


def options(rate: float, seed: int = 11) -> Options:
    return Options(Optimizer("sgd", rate=rate), seed=seed)


def test_a_rate_that_works_has_learned():
    found = trial(GROUND, options(0.01), 100)
    assert found.updates == 100
    assert found.learned
    assert found.last < 0.01 < found.first


def test_a_rate_that_kills_all_neurons_has_not():
    found = trial(GROUND, options(0.05), 100)
    assert found.blocked
    assert not found.learned


def test_a_rate_that_explodes_has_not():
    found = trial(Ground(Network.of(2, 1), GROUND.data), options(1.0), 1000)
    assert not np.isfinite(found.last)
    assert not found.learned


def test_it_begins_with_the_weights_it_is_given_and_leaves_them_alone():
    start = initial_parameters(NET, "glorot_uniform", 11)
    before = start.copy()
    found = trial(Ground(NET, GROUND.data, start), options(0.01, seed=5), 50)
    assert found.first == trial(GROUND, options(0.01), 50).first
    np.testing.assert_array_equal(start, before)


def test_giants_are_not_tried():
    wide = Network.of(2, 4000, 4000, 1)
    assert affordable(wide, GROUND.data, options(0.1)) == 0
    assert trial(Ground(wide, GROUND.data), options(0.1), 10) is None


def test_who_is_dead_at_birth_is_blocked():
    dead, alive = (initial_parameters(NET, "glorot_uniform", seed) for seed in (20, 11))
    assert is_blocked(GROUND, dead, "mse")
    assert not is_blocked(GROUND, alive, "mse")


def test_the_first_candidate_that_works_is_taken():
    good, bad = Trial(50, 4.0, 1.0, False), Trial(50, 4.0, 4.0, True)
    assert first_that_works("abc", {"a": bad, "b": good, "c": good}.get) == "b"
    assert first_that_works("abc", {"a": bad, "b": good, "c": good}.get, below=0.5) is None


def test_where_nothing_can_be_tried_the_first_is_taken_and_what_cannot_train_is_passed_over():
    assert first_that_works("ab", lambda _: None) == "a"

    def refused(candidate: str) -> Trial | None:
        if candidate == "a":
            raise VisualNNError("The learning rate must be a number above 0.")
        return None

    assert first_that_works("ab", refused) == "b"


@pytest.mark.parametrize(("last", "learned"), [(3.7, False), (3.5, True), (float("nan"), False)])
def test_learning_is_a_loss_that_fell_by_a_tenth(last: float, learned: bool):
    assert Trial(20, 4.0, last, False).learned == learned
