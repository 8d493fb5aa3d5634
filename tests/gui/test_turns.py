"""Of a run that goes on, one part of the page a frame shows the newest moment."""

from __future__ import annotations

import pytest

from visualnn.gui.turns import CALM, CALMEST, LIVELY, Turns, order


def taken(turns: Turns, frames: int, of: tuple[str, ...], busy: bool = False) -> list[str]:
    found = []
    for _ in range(frames):
        turns.begin()
        found.append(turns.take(of, busy))
    return found


@pytest.mark.parametrize("of", [LIVELY, CALM, CALMEST])
def test_every_part_gets_its_turn(of: tuple[str, ...]):
    found = taken(Turns(), 4 * len(of), of)
    assert {part: found.count(part) for part in of} == {part: 4 * of.count(part) for part in of}


def test_what_shows_the_newest_moment_is_passed_over():
    turns = Turns()
    turns.begin()
    assert {turns.take(LIVELY, False) for _ in range(3)} == {"stage", "output", "curves"}
    assert not turns


def test_a_stage_that_is_being_drawn_waits():
    turns = Turns()
    assert "stage" not in taken(turns, 8, LIVELY, busy=True)
    assert turns


def test_at_rest_nothing_is_left_to_show():
    turns = Turns()
    turns.begin()
    turns.end()
    assert not turns


def test_at_full_speed_frames_are_left_to_training():
    assert "" not in order(100, full_speed=False)
    assert order(100, full_speed=True).count("") < order(10_000, full_speed=True).count("")
