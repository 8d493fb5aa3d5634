"""The bubble over the knob: it is there while the knob is held, says what it is told, and stays inside."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import LEFT, move
from visualnn.gui.theme import text_width
from visualnn.gui.widgets.bubble import MOST_WIDTH, Bubble
from visualnn.gui.widgets.transport import Scrubber


@pytest.fixture
def scrubber(place):
    scrubber = place(Scrubber(), x=20, y=300, width=860)
    scrubber.set_phases([("Forward", 20), ("Loss", 2), ("Backward", 20), ("Update", 13)])
    return scrubber


@pytest.fixture
def bubble(scrubber, window):
    bubble = Bubble(scrubber, window)
    bubble.describe = lambda position: f"Step {position}"
    return bubble


def test_it_follows_the_knob_while_it_is_held(bubble, scrubber):
    start = scrubber.knob().toPoint()
    QTest.mousePress(scrubber, LEFT, pos=start)
    move(scrubber, start + QPoint(200, 0), LEFT)
    assert bubble.isVisible()
    assert bubble.text() == f"Step {scrubber.position()}"
    assert scrubber.position() > 0
    knob = scrubber.mapTo(bubble.parentWidget(), scrubber.knob().toPoint())
    assert bubble.geometry().center().x() == pytest.approx(knob.x(), abs=1)
    assert bubble.geometry().top() < knob.y()
    QTest.mouseRelease(scrubber, LEFT, pos=start)
    assert not bubble.isVisible()


def test_the_keys_need_no_bubble(bubble, scrubber):
    QTest.keyClick(scrubber, Qt.Key.Key_Right)
    assert scrubber.position() == 1
    assert not bubble.isVisible()


def test_a_long_sentence_is_cut_and_stays_in_the_window(bubble, scrubber):
    bubble.describe = lambda _position: "a very long sentence " * 20
    end = QPoint(scrubber.width() - 140, 24)
    QTest.mousePress(scrubber, LEFT, pos=end)
    assert bubble.text().endswith("…")
    assert text_width(bubble.text(), 13, 500) <= MOST_WIDTH
    assert bubble.parentWidget().rect().contains(bubble.geometry().adjusted(14, 14, -14, -19))
    QTest.mouseRelease(scrubber, LEFT, pos=end)


def test_where_there_is_nothing_to_say_there_is_none(bubble, scrubber):
    bubble.describe = lambda _position: ""
    QTest.mousePress(scrubber, LEFT, pos=QPoint(300, 24))
    assert not bubble.isVisible()
    QTest.mouseRelease(scrubber, LEFT, pos=QPoint(300, 24))
