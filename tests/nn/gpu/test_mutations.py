"""Barriers and checks are needed: without any single one a small run comes out differently, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from tests.nn.gpu.examples import EXAMPLES, Example, Outcome
from tests.nn.gpu.mutations import Place, barriers, checks, unchecked
from tests.nn.gpu.simulator import SCHEDULES, Launches
from tests.nn.gpu.simulator.fibres import Line
from visualnn.nn.device import DeviceError

FAILURES = (DeviceError, LookupError, RuntimeError, ValueError)  # memory does not reach so far, threads wait in vain
NOT_NEEDED: dict[str, str] = {}  # barriers, and why they are there all the same
CHECKS = {  # those that keep to a network, its rows and its end; others choose what an option asks for
    "block train": {"updates == uint32(0) or progress[net, uint32(STATUS)] != 0"},
    "block_passes forward": {"row < room"},
    "block_passes backward": {"row < room"},
    "judgement decide": {"thread != uint32(0)"},
    "judgement gather": {"row < rows and number < inputs"},
    "moves spread": {"behind == uint32(0) and line < of(sheet, before, SIZE)"},
    "orders draw": {"uint32(told[uint32(1)] >> uint32(1)) == uint32(thread + uint32(1))"},
    "tiles forward": {"row < rows and unit < units"},
    "tiles gradient": {"status[uint32(STATE)] != 0"},
    "whole apply": {"row <= inputs and unit < units"},
}
_healthy: dict[str, tuple[Outcome, set[Line]]] = {}


def healthy(example: Example, simulator: Launches) -> tuple[Outcome, set[Line]]:
    """What comes out of a run with everything in place, and at which barriers it arrives; asked once."""
    if example.__name__ not in _healthy:
        simulator.schedule = SCHEDULES[0]
        simulator.watch.reached.clear()
        _healthy[example.__name__] = example(), set(simulator.watch.reached)
    return _healthy[example.__name__]


def is_same(example: Example, expected: Outcome) -> bool:
    """Whether everything comes out as it should, to the bit."""
    try:
        return all(map(np.array_equal, example(), expected))
    except FAILURES:
        return False


def goes_unnoticed(simulator: Launches, examples: Sequence[Example]) -> bool:
    """Whether the same comes out of each of them, whoever runs ahead."""
    for example in examples:
        for simulator.schedule in SCHEDULES:
            if not is_same(example, _healthy[example.__name__][0]):
                return False
    return True


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.__name__)
def test_it_does_not_matter_who_runs_ahead(simulator: Launches, example: Example) -> None:
    expected, _ = healthy(example, simulator)
    assert all(np.isfinite(array).all() for array in expected)
    for simulator.schedule in SCHEDULES:
        assert is_same(example, expected)


@pytest.mark.parametrize("barrier", barriers(), ids=lambda barrier: barrier.name)
def test_without_a_barrier_something_else_comes_out(simulator: Launches, barrier: Place) -> None:
    line = barrier.file, barrier.line
    reaching = [example for example in EXAMPLES if line in healthy(example, simulator)[1]]
    assert reaching, "no example comes here"
    simulator.watch.ignored = line
    assert goes_unnoticed(simulator, reaching) == (barrier.name in NOT_NEEDED)


def checked() -> list[Place]:
    """The places of all checks that `CHECKS` names."""
    found = {
        (place, function, test) for function in CHECKS for place, test in checks(function) if test in CHECKS[function]
    }
    assert {(function, test) for _, function, test in found} == {
        (each, test) for each in CHECKS for test in CHECKS[each]
    }
    return sorted(place for place, _, _ in found)


@pytest.mark.parametrize("check", checked(), ids=lambda check: check.name)
def test_without_a_check_something_else_comes_out(simulator: Launches, check: Place) -> None:
    for example in EXAMPLES:
        healthy(example, simulator)
    with unchecked(check):
        assert not goes_unnoticed(simulator, EXAMPLES)
