"""A record: its lines, the latest, the nearest, and what cannot be drawn."""

import numpy as np
import pytest

from visualnn.scene.record import EMPTY, STRETCH, Line, Record, significant


def line(values, updates=None, role="train", name="train"):
    updates = range(len(values)) if updates is None else updates
    return Line(name, np.array(updates, dtype=np.int64), np.array(values, dtype=float), role)


def own():
    return line([8, 2, 0.5], [0, 4, 8])


def test_what_was_recorded_later_is_left_out():
    shown = own().until(6, 1.25)
    assert shown.updates.tolist() == [0, 4, 6]
    assert shown.values.tolist() == [8, 2, 1.25]
    assert Record((shown,)).sentence() == "Update 6: loss 1.250"


def test_the_sentence_tells_the_test_loss():
    test = line([9, 3, np.nan], [0, 4, 8], "test", "test")
    assert Record((own(), test)).sentence() == "Update 8: loss 0.5000, test 3.000"


def test_shares_are_written_in_percent():
    right = Record((line([0.25, 0.9316]),), metric="right")
    assert right.sentence() == "Update 1: right 93.2 %"
    assert [tick.text for tick in right.up.ticks] == ["0 %", "50 %", "100 %"]
    assert not right.uses_log


def test_nothing_is_trained_before_the_first_update():
    assert Record().sentence() == EMPTY
    assert Record((line([15.6]),)).is_empty
    assert Record().own.nearest(3.0) is None


def test_the_nearest_point():
    assert own().nearest(5.9) == 1
    assert own().nearest(1e9) == 2
    assert Record((own(),)).recorded(5.9) == 4


def test_behind_the_end_of_the_run_another_one_is_asked():
    other = line(np.ones(41), role="other", name="run 1")
    record = Record((line([1, 2, 3]), other))
    assert record.recorded(1.2) == 1
    assert record.recorded(2.7) == 2
    assert record.recorded(30.2) == 30
    assert record.recorded(48.0) == 40


def test_a_run_breaks_at_the_first_loss_that_is_no_number():
    assert Record((own(),)).broken_at() is None
    assert Record((line([1.0, np.inf, np.nan]),)).broken_at() == 1


def test_another_run_cannot_make_this_one_flat():
    exploded = line([1, 1e30, 1e250], role="other", name="run 1")
    for is_log in (True, False):
        assert Record((own(), exploded), is_log=is_log).up.high <= 10 * STRETCH * 8
    assert Record((exploded,), is_log=True).up.high >= 1e250


def test_the_axis_holds_the_test_line_and_other_runs():
    record = Record((own(), line([70, 20, 9], [0, 4, 8], "test"), line([0.001], role="other")))
    assert record.up.holds(70)
    assert record.up.holds(0.001)


def test_a_loss_of_0_on_a_logarithmic_axis_is_said():
    zero = line([4, 1, 0])
    assert "0" in Record((zero,)).note
    assert Record((zero,)).sentence().endswith(Record((zero,)).note)
    assert Record((zero,), is_log=False).note == ""
    assert Record((own(),)).note == ""
    assert Record((zero,)).up.holds(1)


def test_numbers_that_are_not_finite_do_not_stretch_the_axis():
    assert Record((line([0.5, np.inf, np.nan]),)).up.high <= 3


def test_without_smoothing_nothing_is_smoothed():
    assert Record((own(),)).smooth == ()
    calm = Record((own(), line([1, 3], role="other")), smoothing=0.5).smooth
    assert calm[0].values.tolist() == pytest.approx([8, 4, (0.25 * 8 + 0.5 * 2 + 0.5) / 1.75])
    assert calm[1].role == "other"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.1492, "0.1492"),
        (26.04, "26.04"),
        (1.0, "1.000"),
        (9.99996, "10.00"),
        (12345.0, "12,345"),
        (2e7, "2.000e7"),
        (3.1e-6, "3.100e−6"),
        (-0.5, "−0.5000"),
        (0.0, "0"),
        (float("nan"), "not a number"),
        (float("inf"), "∞"),
    ],
)
def test_four_significant_digits(value, text):
    assert significant(value) == text
