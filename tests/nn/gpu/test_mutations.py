"""Every barrier is needed: without any single one of them, a small example comes out differently, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from tests.nn.gpu.examples import EXAMPLES, Example, Outcome
from tests.nn.gpu.simulator import SCHEDULES, Launches
from tests.nn.gpu.simulator.fibres import Line
from visualnn.nn.device import DeviceError
from visualnn.nn.kernels import gpu

FOLDER = Path(gpu.__file__).parent
BARRIERS = {
    "syncthreads",
    "syncthreads_and",
    "syncthreads_or",
    "syncthreads_count",
    "syncwarp",
    "copy_commit",
    "copy_wait",
}
FAILURES = (DeviceError, LookupError, RuntimeError, ValueError)  # memory does not reach so far, threads wait in vain
NOT_NEEDED = {  # and why they are there
    "judgement largest 1": "whoever sums up afterwards in the same memory waits there; here nobody has used it before",
    "judgement judge 1": "those who sum up the costs have waited after the slopes were written",
}


class Barrier(NamedTuple):
    """A line at which threads wait for each other, or for what they have copied."""

    file: str
    line: int
    name: str  # file, function, and which of the function's


def barriers() -> Iterator[Barrier]:
    """All of the program."""
    for path in sorted(FOLDER.glob("*.py")):
        yield from _barriers_of(path)


def _barriers_of(path: Path) -> Iterator[Barrier]:
    for function in _innermost(ast.parse(path.read_text(encoding="utf-8"))):
        lines = sorted({call.lineno for call in ast.walk(function) if _is_barrier(call)})
        yield from (
            Barrier(str(path), line, f"{path.stem} {function.name} {at}") for at, line in enumerate(lines, start=1)
        )


def _innermost(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            inner = [node for node in ast.walk(function) if isinstance(node, ast.FunctionDef) and node is not function]
            if not inner:
                yield function


def _is_barrier(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in BARRIERS


_healthy: dict[str, tuple[Outcome, set[Line]]] = {}


def healthy(example: Example, simulator: Launches) -> tuple[Outcome, set[Line]]:
    """What comes out with all barriers, and at which lines they are that it comes to; asked once."""
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


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.__name__)
def test_it_does_not_matter_who_runs_ahead(simulator: Launches, example: Example) -> None:
    expected, _ = healthy(example, simulator)
    assert all(np.isfinite(array).all() for array in expected)
    for simulator.schedule in SCHEDULES:
        assert is_same(example, expected)


@pytest.mark.parametrize("barrier", list(barriers()), ids=lambda barrier: barrier.name)
def test_without_a_barrier_something_else_comes_out(simulator: Launches, barrier: Barrier) -> None:
    line = barrier.file, barrier.line
    reaching = [example for example in EXAMPLES if line in healthy(example, simulator)[1]]
    assert reaching, "no example comes here"
    simulator.watch.ignored = line
    went_unnoticed = True
    for example in reaching:
        for simulator.schedule in SCHEDULES:
            went_unnoticed = went_unnoticed and is_same(example, healthy(example, simulator)[0])
    assert went_unnoticed == (barrier.name in NOT_NEEDED)
