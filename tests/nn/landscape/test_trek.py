"""Moments of a training are those of the training, thinned by how far it went and nothing else."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from visualnn.nn.data import number_pairs
from visualnn.nn.kernels import choose
from visualnn.nn.landscape import trek
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.plane import random
from visualnn.nn.landscape.trek import Trek
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training

NETWORK = Network.of(2, 3, 1)
ADAM = Options(Optimizer("adam", rate=0.05), batch_size=7, seed=4)


def training_of(options: Options = ADAM, **how: object) -> Training:
    return Training(NETWORK, number_pairs(), options, **how)


def test_every_moment_is_one_of_the_training_with_its_true_loss(kernel: str):
    mask = mask_of(NETWORK, [(1, 0)], [4])
    own, other = Trek(training_of(mask=mask)), training_of(mask=mask)
    own.run(30)
    track, ground = own.track, Ground(other.task, random(NETWORK, other.parameters, np.random.default_rng(0)))
    np.testing.assert_array_equal(track.updates, np.arange(31))
    for t in range(31):
        np.testing.assert_array_equal(track.places[t], other.parameters * mask.parameters)
        assert track.losses[t] == other.full_loss() == ground.loss(other.parameters)
        other.run(1)
    assert track.stop is None
    assert track.slopes is None


@pytest.mark.parametrize("most", [1, 2, 3, 10, 64, 200])
def test_no_more_are_kept_than_there_is_room_for_and_the_ends_always(most: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trek, "MOMENTS", most + 1)
    own, other = Trek(training_of()), training_of()
    for update in (0, 1, 2, 3, 7, 50, 137, 300):
        own.run(update - own.updates)
        other.run(update - other.updates)
        track = own.track
        assert len(track.updates) <= most + 1
        assert (track.updates[0], track.updates[-1]) == (0, update)
        assert len(set(np.diff(track.updates[:-1]))) <= 1
        assert len(track.updates) > min(most, update) // 2
        np.testing.assert_array_equal(track.places[-1], other.parameters)
        assert track.losses[-1] == other.full_loss()


def test_large_networks_keep_fewer(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trek, "ROOM_BYTES", 8 * 13 * 20)
    own = Trek(training_of())
    own.run(1000)
    assert len(own.track.updates) <= 20
    assert own.track.places.nbytes <= 8 * 13 * 20


@settings(max_examples=25)
@given(splits=st.lists(st.integers(1, 60), max_size=6), most=st.sampled_from([2, 5, 33, 1000]), compiled=st.booleans())
def test_which_are_kept_does_not_depend_on_how_it_was_split(
    compiled_kernel: frozenset[choose.Kind], splits: list[int], most: int, compiled: bool
):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(trek, "MOMENTS", most)
        patch.setattr(choose, "_ready", set(compiled_kernel) if compiled else set())
        whole, parts = Trek(training_of()), Trek(training_of())
        whole.run(120)
        for updates in splits:
            parts.run(min(updates, 120 - parts.updates))
            assert parts.track.last == parts.updates
        parts.run(120 - parts.updates)
    for name in ("updates", "places", "losses"):
        np.testing.assert_array_equal(getattr(parts.track, name), getattr(whole.track, name))


def test_what_was_handed_out_never_changes(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(trek, "MOMENTS", 40)
    own, seen = Trek(training_of()), []
    for _ in range(50):
        own.run(7)
        for track in (own.sketch, own.track):
            assert not track.places.flags.writeable
            seen.append((track, track.updates.copy(), track.places.copy(), track.losses.copy()))
    for track, updates, places, losses in seen:
        np.testing.assert_array_equal(track.updates, updates)
        np.testing.assert_array_equal(track.places, places)
        np.testing.assert_array_equal(track.losses, losses)


def test_a_sketch_lacks_the_present_moment_at_most_and_is_the_same_until_another_is_kept(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setattr(trek, "MOMENTS", 10)
    own = Trek(training_of())
    own.run(35)
    assert own.sketch.last == 32
    assert own.track.last == 35
    assert own.sketch is own.sketch
    assert own.track is own.track


@pytest.mark.parametrize("batch", [None, 7])
def test_who_diverges_goes_no_further_and_says_so_wherever_it_is_asked(kernel: str, batch: int | None):
    options = Options(Optimizer("sgd", rate=50.0), batch_size=batch)
    start = np.full(NETWORK.parameter_count, 0.5)
    whole, parts = (Trek(training_of(options, parameters=start)) for _ in range(2))
    whole.run(100)
    while parts.stop is None:
        assert np.isfinite(parts.training.loss) == (parts.track.stop is None)
        parts.run(1)
    for own in (whole, parts):
        assert own.track.stop is Stop.DIVERGED
        assert own.updates < 100
        assert not np.isfinite(own.track.losses[-1])
    np.testing.assert_array_equal(whole.track.places, parts.track.places)
