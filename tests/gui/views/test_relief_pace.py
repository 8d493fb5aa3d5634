"""How many pixels there is time for."""

from __future__ import annotations

import pytest

from visualnn.gui.views.landscape import pace
from visualnn.gui.views.landscape.aspect import Aspect, Ground
from visualnn.gui.views.landscape.pace import FRAME_S, Pace
from visualnn.scene.landscape.camera import HOME
from visualnn.scene.landscape.picture import Quality

SIZE = 900, 640


class Slow:
    """A computer that takes so many nanoseconds for a pixel."""

    def __init__(self, nanoseconds: float):
        self.pace, self.nanoseconds = Pace(), nanoseconds

    def turn(self, frames: int, ratio: float = 1.0) -> Quality:
        """So many frames while it is turned; the quality after them."""
        for _ in range(frames):
            self.draw(self.pace.moving(ratio))
        return self.pace.moving(ratio)

    def draw(self, quality: Quality) -> None:
        seconds = 1e-9 * self.nanoseconds * SIZE[0] * SIZE[1] * quality.factor**2
        self.pace.note_pixels(Ground(Aspect(None, HOME, SIZE, "dark", "even"), quality, None, None, seconds))


@pytest.fixture(autouse=True)
def compiled(monkeypatch):
    state = {"loaded": True}
    monkeypatch.setattr(pace, "loaded", lambda: state["loaded"])
    return state


@pytest.mark.parametrize(
    ("nanoseconds", "quality"),
    [
        (15, Quality(1.0)),
        (35, Quality(0.75)),
        (80, Quality(1.0, 1, 2)),
        (300, Quality(1.0, 1, 4)),
        (9e4, Quality(1.0, 1, 4)),
    ],
)
def test_a_frame_has_as_many_pixels_as_there_is_time_for(nanoseconds, quality):
    assert Slow(nanoseconds).turn(10) == quality


def test_there_are_as_many_as_the_screen_has_where_that_is_fast_enough():
    assert Slow(5).turn(10, 2.0) == Quality(2.0)
    assert Slow(20).turn(10, 2.0) == Quality(2.0, 1, 2)


def test_it_becomes_coarser_at_once_and_finer_step_by_step():
    computer = Slow(300)
    assert computer.turn(1) == Quality(1.0, 1, 4)
    computer.nanoseconds = 5
    assert [computer.turn(1).factor for _ in range(6)] == [0.5, 0.75, 1.0, 1.0, 1.0, 1.0]


def test_one_frame_that_was_held_up_does_not_matter():
    computer = Slow(15)
    computer.turn(5)
    usual, computer.nanoseconds = computer.nanoseconds, 900
    assert computer.turn(1) == Quality(1.0)
    computer.nanoseconds = usual
    assert computer.turn(3) == Quality(1.0)


def test_at_the_edge_the_quality_does_not_change_to_and_fro():
    edge = 1e9 * FRAME_S / (SIZE[0] * SIZE[1])
    computer = Slow(edge * 1.02)
    assert computer.turn(5) == Quality(0.75)
    computer.nanoseconds = edge * 0.97
    assert computer.turn(20) == Quality(0.75)


def test_at_rest_it_is_as_fine_as_can_be_waited_for(compiled):
    computer = Slow(20)
    computer.draw(Quality(1.0))
    assert computer.pace.resting(SIZE, 1.0) == Quality(1.0, 2)
    assert computer.pace.resting((2560, 1600), 1.0) == Quality(1.0, 2)
    assert computer.pace.resting((2560, 1600), 2.0) == Quality(2.0, 1)


def test_until_the_compiled_kernels_have_come_it_is_coarse(compiled):
    compiled["loaded"] = False
    computer = Slow(800)
    assert computer.pace.moving(1.0) == Quality(1.0, 1, 4)
    assert computer.turn(5) == Quality(1.0, 1, 4)
    assert computer.pace.resting(SIZE, 1.0) == Quality(1.0)
    assert computer.pace.resting((2560, 1600), 1.0).scale < 0.6
    compiled["loaded"] = True
    assert computer.pace.moving(1.0) == Quality(1.0)
    assert computer.pace.resting(SIZE, 1.0) == Quality(1.0, 2)
