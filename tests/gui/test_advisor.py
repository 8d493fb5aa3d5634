"""Advice comes when a trouble lasts, and goes when it is over: it never comes and goes with every report."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from visualnn.gui.advisor import GONE_S, STEADY_S, Advisor
from visualnn.scene.formula import Part
from visualnn.scene.trouble import Advice


def stuck(number: str = "1") -> Advice:
    return Advice("Training is stuck", (Part(number),), (Part("Stuck"),))


class Listener:
    """An advisor whose thoughts and whose time are made by hand."""

    def __init__(self, qapp: Any):
        self.time = 0.0
        self.trainer = SimpleNamespace(number=1, looks_back=False, running=True)
        self.advisor = Advisor(self.trainer, now=lambda: self.time)  # type: ignore[arg-type]
        self.heard: list[Advice | None] = []
        self.advisor.changed.connect(lambda: self.heard.append(self.advisor.advice))

    def think(self, told: Advice | None, after: float = 0.1) -> None:
        self.time += after
        self.advisor._on_thought((1, told))


@pytest.fixture
def listener(qapp: Any) -> Listener:
    return Listener(qapp)


def test_a_trouble_of_a_moment_is_not_told(listener: Listener):
    for _ in range(20):
        listener.think(stuck())
        listener.think(None)
    assert listener.heard == []


def test_a_trouble_that_lasts_is_told_once(listener: Listener):
    for _ in range(round(STEADY_S / 0.1) + 2):
        listener.think(stuck())
    assert listener.heard == [stuck()]


def test_it_stays_until_it_has_been_over_for_a_while(listener: Listener):
    for _ in range(round(STEADY_S / 0.1) + 2):
        listener.think(stuck())
    listener.think(None)
    listener.think(stuck())
    for _ in range(round(GONE_S / 0.1) - 2):
        listener.think(None)
    assert listener.heard == [stuck()]
    listener.think(None, after=1.0)
    assert listener.heard == [stuck(), None]


def test_a_run_at_rest_is_told_at_once(listener: Listener):
    listener.trainer.running = False
    listener.think(stuck())
    assert listener.heard == [stuck()]
    listener.think(None)
    assert listener.heard == [stuck(), None]


def test_the_words_of_a_trouble_change_once_in_a_while(listener: Listener):
    for step in range(40):
        listener.think(stuck(str(step)))
    assert 3 <= len(listener.heard) <= 5


def test_what_was_thought_of_another_run_is_not_told(listener: Listener):
    listener.trainer.running = False
    listener.trainer.number = 2
    listener.think(stuck())
    assert listener.heard == []
