"""Competitors that need nothing installed: small scripts that answer like a worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import pytest

from visualnn.bench import contest, machine
from visualnn.bench.competitor import Competitor
from visualnn.bench.contest import Contest, Rules

ANSWERS = """
import json, os, sys
def say(**answer): print(json.dumps(answer), flush=True)
{begin}
for line in sys.stdin:
    asked = json.loads(line)
    if "prepare" in asked: {prepare}
    elif "turn" in asked: {turn}
    else: say(flops=1e9)
"""

Fake = Callable[..., Competitor]
Compete = Callable[..., Contest]


@pytest.fixture
def fake() -> Fake:
    """Makes a competitor that takes `us` microseconds for an update, unless it is told otherwise."""

    def make(family: str, us: float = 1.0, *, threads: int = 1, variant: str = "", **lines: str) -> Competitor:
        turn = f"say(updates=10, wall_s={us * 1e-5!r}, cpu_s=0.0)"
        parts = {"begin": "say(version='1.0')", "prepare": "say()", "turn": turn, **lines}
        return Competitor(family, (sys.executable, "-c", ANSWERS.format(**parts)), threads, variant)

    return make


@pytest.fixture
def told() -> list[str]:
    """What a contest says went wrong."""
    return []


@pytest.fixture
def compete(told: list[str], monkeypatch: pytest.MonkeyPatch) -> Compete:
    """Makes a contest of two rounds that does not wait for a quiet machine."""
    monkeypatch.setattr(contest, "wait_until_quiet", lambda taken: None)
    monkeypatch.setattr(machine, "PATIENCE_S", 0.0)

    def make(*competitors: Competitor, rounds: int = 2) -> Contest:
        rules = Rules(rounds, 0.01)
        return Contest(list(competitors), dict(os.environ), rules, tell=told.append, show=lambda _: None)

    return make
