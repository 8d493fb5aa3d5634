"""The clock ticks only for those who asked, and only while they can be seen."""

import pytest
from PySide6.QtWidgets import QWidget

from visualnn.gui.clock import LONGEST_STEP, FrameClock


@pytest.fixture
def clock(qapp):
    clock = FrameClock()
    yield clock
    clock.deleteLater()


def test_it_rests_until_it_is_held(clock):
    assert not clock.is_running()
    clock.hold("a")
    clock.hold("b")
    clock.hold("a")
    assert clock.is_running()
    clock.release("a")
    assert clock.is_running()
    clock.release("b")
    assert not clock.is_running()


def test_release_without_hold_is_harmless(clock):
    clock.release("nobody")
    assert not clock.is_running()


def test_advance_tells_seconds_and_their_sum(clock):
    heard = []
    clock.ticked.connect(lambda step, now: heard.append((step, now)))
    clock.advance(0.5)
    clock.advance(0.25)
    assert heard == [(0.5, 0.5), (0.25, 0.75)]
    assert clock.now == 0.75


def test_it_ticks_and_measures(clock, qtbot):
    clock.hold(clock)
    qtbot.waitUntil(lambda: len(clock.intervals_ms()) >= 3)
    clock.release(clock)
    assert all(interval > 0 for interval in clock.intervals_ms())
    clock.clear_intervals()
    assert clock.intervals_ms() == []


def test_a_pause_is_no_leap(clock, monkeypatch):
    times = iter([0.0, 0.02, 5.0])
    monkeypatch.setattr("visualnn.gui.clock.perf_counter", lambda: next(times))
    steps = []
    clock.ticked.connect(lambda step, _now: steps.append(step))
    clock.hold("a")
    clock._on_timeout()
    clock._on_timeout()
    clock.release("a")
    assert steps == [pytest.approx(0.02), LONGEST_STEP]
    assert clock.intervals_ms() == [pytest.approx(20), pytest.approx(4980)]


def test_a_hidden_window_stops_it(qtbot):
    window = QWidget()
    qtbot.addWidget(window)
    clock = FrameClock(window, window)
    clock.hold("a")
    assert not clock.is_running()
    window.show()
    assert clock.is_running()
    window.showMinimized()
    qtbot.waitUntil(lambda: not clock.is_running())
    window.showNormal()
    qtbot.waitUntil(clock.is_running)
    window.hide()
    assert not clock.is_running()
    clock.release("a")
