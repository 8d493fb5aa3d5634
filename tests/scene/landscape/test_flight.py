"""The film of a landscape: which moments it shows, and from where."""

from __future__ import annotations

from dataclasses import replace
from math import pi

import numpy as np
import pytest

from visualnn.scene.landscape import flight
from visualnn.scene.landscape.camera import HOME, Camera, view
from visualnn.scene.landscape.flight import Flight


def test_it_begins_and_ends_at_home_and_at_rest() -> None:
    made = Flight(300)
    for seconds in (0.0, flight.BEGIN_S, flight.BEGIN_S + made.race_s, made.seconds, made.seconds + 9):
        assert made.camera(seconds) == HOME


def test_it_sways_to_either_side_and_nowhere_else() -> None:
    made = Flight(300, Camera(1.0, 0.5, 1.2))
    cameras = [made.camera(seconds) for seconds in np.linspace(0, made.seconds, 500)]
    turns = np.array([camera.turn for camera in cameras])
    assert turns.max() == pytest.approx(1 + flight.SWAY, abs=1e-3)
    assert turns.min() == pytest.approx(1 - flight.SWAY, abs=1e-3)
    assert {(camera.tilt, camera.zoom) for camera in cameras} == {(0.5, 1.2)}
    assert np.abs(np.diff(turns)).max() < 0.02  # radians in a frame's time: nothing jumps


@pytest.mark.parametrize("quarter", [0.0, pi / 2, pi, -pi / 2])
def test_the_nearest_edges_of_the_map_stay_the_nearest(quarter: float) -> None:
    made = Flight(50, replace(HOME, turn=HOME.turn + quarter))
    eyes = [view(made.camera(seconds), (900, 600)).eye[:2] for seconds in np.linspace(0, made.seconds, 200)]
    assert len({tuple(np.sign(eye)) for eye in eyes}) == 1


def test_every_update_comes_in_order_and_the_last_one_stays() -> None:
    made = Flight(300)
    updates = [made.update(seconds) for seconds in np.linspace(0, made.seconds, 2000)]
    assert updates == sorted(updates)
    assert (updates[0], updates[-1]) == (0, 300)
    assert made.update(flight.BEGIN_S) == 0
    assert made.update(flight.BEGIN_S + made.race_s) == 300


def test_a_race_is_slow_where_most_happens() -> None:
    made = Flight(400)
    assert made.update(flight.BEGIN_S + made.race_s / 2) == 100
    assert Flight(20_000).update(flight.BEGIN_S + 0.1) <= 3


def test_few_updates_take_less_time_and_none_some() -> None:
    assert Flight(0).seconds == Flight(16).seconds < Flight(30).seconds < Flight(100).seconds == Flight(10**6).seconds


def test_the_frames_of_a_film_are_those_moments() -> None:
    made = Flight(7)
    sights = made.sights(10.0)
    assert sum(sight.ticks for sight in sights) == round(made.seconds * 10)
    assert (sights[0].camera, sights[0].update) == (HOME, 0)
    assert (sights[-1].camera, sights[-1].update) == (HOME, 7)
    assert {sight.update for sight in sights} == set(range(8))
    frame = 0
    for sight in sights:
        assert (sight.camera, sight.update) == (made.camera(frame / 10), made.update(frame / 10))
        frame += sight.ticks


def test_while_it_stands_one_picture_does() -> None:
    sights = Flight(7).sights(25.0)
    assert sights[0].ticks >= round(flight.BEGIN_S * 25)
    assert sights[-1].ticks >= round(flight.END_S * 25)
    still = Flight(7, sways=False).sights(25.0)
    assert [sight.update for sight in still] == list(range(8))
    assert len(Flight(0, sways=False).sights(25.0)) == 1
