"""What becomes known bit by bit: a race, and a surface under it."""

from __future__ import annotations

import numpy as np
import pytest

from visualnn.engine.contest import Contest, SurfaceCourse
from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.scene.landscape import terrain
from visualnn.scene.landscape.discovery import Raced, Surveyed, first_loss, laid, on_exact, raced, surveyed
from visualnn.scene.landscape.examples.example import runners


def contest():
    return Contest(SurfaceCourse(CLASSICS["bowl"], (-1.0, 2.5)), runners(("sgd", 0.05), ("adam", 0.1)))


def fail():
    raise VisualNNError("There is none.")


@pytest.fixture(scope="module")
def tracks():
    *_some, last = raced(contest, 40)
    return last.tracks


def test_the_start_is_known_at_once_and_the_race_at_last():
    first, *_some, last = raced(contest, 40)
    assert isinstance(first, Raced)
    assert [track.last for track in first.tracks] == [0, 0]
    assert not first.is_whole
    assert [track.last for track in last.tracks] == [40, 40]
    assert last.is_whole


def test_a_race_that_cannot_be_is_told():
    [bit] = raced(fail, 40)
    assert str(bit) == "There is none."


def test_a_surface_is_coarse_first_and_then_fine(tracks):
    bits = list(surveyed(lambda: terrain.of_classic("bowl"), tracks, size=49))
    assert all(isinstance(bit, Surveyed) for bit in bits)
    seen = [bit.relief.losses.shape[0] for bit in bits if bit.relief is not None]
    assert (seen[0], seen[-1]) == (25, 49)
    shares = [bit.progress for bit in bits[:-1]]
    assert shares == sorted(shares)
    assert bits[-1].progress is None


def test_a_surface_that_cannot_be_is_told():
    [bit] = surveyed(fail, ())
    assert str(bit) == "There is none."


def test_heights_are_drawn_after_the_loss_at_the_start(tracks):
    *_some, last = surveyed(lambda: terrain.of_classic("bowl"), tracks, size=25)
    assert last.relief.is_log
    assert first_loss(last.paths) == 13.5
    *_some, flat = surveyed(lambda: terrain.of_classic("bowl"), tracks, size=25, is_log=False)
    assert not flat.relief.is_log
    np.testing.assert_array_equal(flat.grid.heights, last.grid.heights)


def test_a_track_of_two_numbers_lies_on_its_surface(tracks):
    path = laid(terrain.of_classic("bowl"), tracks[0])
    assert path is on_exact(tracks[0])
    np.testing.assert_array_equal(path.floors, tracks[0].losses)


def test_where_nobody_begins_with_a_number_heights_are_scaled_without():
    assert first_loss((None,)) is None
