"""What is drawn of a record: raw lines beneath, the run's own on top, the future fainter."""

import numpy as np
import pytest

from visualnn.scene.record import Line, Record
from visualnn.scene.strokes import strokes

U = np.arange(101)


def record(**changes):
    train = Line("train", U, np.linspace(1, 0.1, 101))
    test = Line("test", U[::10], np.linspace(1, 0.5, 11), "test")
    other = Line("run 1", U, np.linspace(2, 0.2, 101), "other", 3)
    return Record((train, test, other), **changes)


def test_the_runs_own_line_is_drawn_last_and_exactly():
    shown = record()
    drawn = strokes(shown, 300)
    assert [stroke.role for stroke in drawn] == ["other", "test", "train"]
    assert drawn[-1].x == pytest.approx(U / 100)
    assert drawn[-1].y == pytest.approx(shown.up.share(shown.own.values))
    assert drawn[0].tint == 3


def test_smooth_lines_lie_over_their_raw_ones():
    shown = record(smoothing=0.9)
    drawn = strokes(shown, 300)
    assert [stroke.raw for stroke in drawn] == [True] * 3 + [False] * 3
    assert drawn[2].y == pytest.approx(shown.up.share(shown.own.values))
    assert drawn[5].y == pytest.approx(shown.up.share(shown.smooth[0].values))


def test_behind_the_update_that_is_looked_at_the_run_is_fainter():
    drawn = strokes(record(at=34), 300)
    assert [(stroke.role, stroke.later) for stroke in drawn] == [
        ("other", False),
        ("test", True),
        ("test", False),
        ("train", True),
        ("train", False),
    ]
    later, before = drawn[-2:]
    assert before.x[-1] == later.x[0] == pytest.approx(0.34)
    assert before.y[-1] == later.y[0]
    assert later.x[-1] == 1


def test_at_its_end_nothing_is_later():
    assert not any(stroke.later for stroke in strokes(record(at=100), 300))


def test_a_million_updates_are_two_points_a_column():
    updates = np.arange(65_536) * 16
    shown = Record((Line("train", updates, np.exp(-updates / 2e5)),), smoothing=0.9)
    assert all(stroke.x.size <= 600 for stroke in strokes(shown, 300))
