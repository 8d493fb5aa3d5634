"""What the pointer is told: every line, raw and smooth, and from which update."""

import numpy as np

from visualnn.scene.readout import MOST_ROWS, readout
from visualnn.scene.record import Line, Mark, Record

U = np.arange(101)


def record(**changes):
    train = Line("train", U, np.linspace(1, 0, 101))
    test = Line("test", U[::10], np.linspace(1, 0.5, 11), "test")
    short = Line("run 1", U[:41], np.full(41, 0.25), "other")
    return Record((train, test, short), epoch_length=7, **changes)


def test_all_values_at_an_update():
    shown = readout(record(), 60)
    assert shown.title == "Update 60 · epoch 8"
    assert [(row.name, row.text) for row in shown.rows] == [
        ("train", "0.4000"),
        ("test", "0.7000"),
        ("run 1 at 40", "0.2500"),
    ]
    assert shown.sentence() == "Update 60 · epoch 8: train 0.4000; test 0.7000; run 1 at 40 0.2500"


def test_a_smooth_value_never_comes_without_the_raw_one():
    shown = record(smoothing=0.9)
    row = readout(shown, 60).rows[0]
    assert row.text == "0.4000"
    assert row.smooth == shown.text(float(shown.smooth[0].values[60]))
    assert "train 0.4000, smooth 0." in readout(shown, 60).sentence()
    assert all(not row.smooth for row in readout(record(), 60).rows)


def test_the_smooth_value_of_a_long_run_is_that_of_its_group():
    updates = np.arange(4000)
    shown = Record((Line("train", updates, np.linspace(1, 0, 4000)),), smoothing=0.6)
    assert readout(shown, 5).rows[0].smooth == shown.text(float(shown.smooth[0].values[1]))


def test_a_change_nearby_is_named():
    marks = (Mark(60, "rate 0.01"),)
    assert readout(record(marks=marks), 60).title.endswith("rate 0.01")
    assert "rate" not in readout(record(marks=marks), 30).title


def test_shares_are_percents():
    right = Record((Line("train", U, np.linspace(0, 1, 101)),), metric="right")
    assert readout(right, 93).rows[0].text == "93.0 %"


def test_more_runs_than_rows_are_counted():
    many = tuple(Line(f"run {k}", U, np.ones(101), "other", k) for k in range(10))
    shown = readout(Record(many), 3)
    assert len(shown.rows) == MOST_ROWS
    assert shown.left_out == "and 3 more"
