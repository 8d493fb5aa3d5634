"""What Python gives to kernels: what a library compiled ahead can take, and always of the types that loading gave."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.nn.problems import Problem, problems
from visualnn import precompiled
from visualnn.nn.data import Dataset
from visualnn.nn.kernels import choose, cpu, maps, narrow_fleet, surveys, wide
from visualnn.nn.kernels.arguments import Control, State, Task
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import PRECISIONS, Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import Schedule, fresh_scalars
from visualnn.nn.training import Training

K = "visualnn.nn.kernels"
EVERYTHING = (*choose.KINDS, choose.HEIGHTS, *choose.FLEETS)
FORMS = {  # how often each kernel has to be compiled
    (f"{K}.lane", "train"): 2,
    (f"{K}.lanes", "train"): 2,
    (f"{K}.row", "train"): 2,
    (f"{K}.update", "train"): 2,
    (f"{K}.drawing", "draw"): 1,
    (f"{K}.plane", "arrange"): 1,
    (f"{K}.plane", "survey"): 1,
    (f"{K}.narrow_plane", "prepare"): 1,
    (f"{K}.narrow_plane", "survey"): 1,
}
WORDS = {"int64", "float64", "bool"}

Name = tuple[str, str]
Form = tuple[str, ...]


class Calls:
    """Stands between Python and its kernels, and notes of which types the arguments of each are."""

    def __init__(self) -> None:
        self.forms: dict[Name, set[Form]] = {}
        self.results: set[type] = set()
        self._kernel = precompiled.kernel

    def kernel(self, module: str, name: str) -> Callable[..., Any]:
        """In the place of `precompiled.kernel`."""
        compiled = self._kernel(module, name)

        def call(*arguments: Any) -> Any:
            self.forms.setdefault((module, name), set()).add(form_of(arguments))
            result = compiled(*arguments)
            self.results.add(type(result))
            return result

        return call


def form_of(arguments: tuple[Any, ...]) -> Form:
    """The types of arguments, as Numba tells them apart; tuples are taken apart, as libraries do."""
    from numba import typeof

    parts: list[str] = []
    for argument in arguments:
        parts += [*form_of(argument)] if isinstance(argument, tuple) else [str(typeof(argument))]
    return tuple(parts)


@pytest.fixture(scope="module")
def calls(compiled_kernel) -> Iterator[Calls]:
    """All calls of kernels while a test of this file runs, after those that load everything."""
    noted, mended = Calls(), pytest.MonkeyPatch()
    with mended.context() as patch:
        patch.setattr(precompiled, "kernel", noted.kernel)
        patch.setattr(choose, "_ready", set())
        patch.setattr(wide, "PARALLEL_FLOPS", 0.0)  # two threads work on small networks, too
        assert choose.load(*EVERYTHING)
        yield noted


@pytest.fixture(scope="module")
def at_first(calls: Calls) -> dict[Name, set[Form]]:
    """The forms that loading asked for."""
    return {name: set(forms) for name, forms in calls.forms.items()}


def test_loading_asks_for_every_kernel_in_every_form(at_first: dict[Name, set[Form]]):
    assert {name: len(forms) for name, forms in at_first.items()} == FORMS


def test_libraries_can_take_what_kernels_are_given(calls: Calls, at_first: dict[Name, set[Form]]):
    given = {part for forms in at_first.values() for form in forms for part in form}
    arrays = {part for part in given if part.startswith("array(")}
    assert given - arrays <= WORDS
    assert all(part.endswith("d, C)") for part in arrays), arrays  # no gaps, and each may be written to
    assert calls.results <= {type(None), int, float}


def options_for(problem: Problem, optimizer: str, batch: int, precision: str, everything: bool) -> Options:
    rule = Optimizer(optimizer, rate=1e-3, weight_decay=0.1 if everything else 0.0)
    options = Options(rule, loss=problem.loss, batch_size=batch, precision=precision)
    if not everything:
        return options
    schedule = Schedule("plateau", period=3, warmup=2, patience=1)
    return replace(options, schedule=schedule, l1=0.01, l2=0.02, dropout=0.4, clip_value=0.05, clip_norm=0.5)


@settings(max_examples=40)
@given(
    problem=problems(max_units=20, max_rows=40),
    optimizer=st.sampled_from(OPTIMIZERS),
    batch=st.integers(1, 40),
    precision=st.sampled_from(PRECISIONS),
    everything=st.booleans(),
    cut=st.booleans(),
)
def test_whatever_is_asked_for_no_kernel_is_called_in_another_form(
    calls: Calls, at_first: dict[Name, set[Form]], problem: Problem, optimizer, batch, precision, everything, cut
):
    options = options_for(problem, optimizer, batch, precision, everything)
    network, parameters = problem.network, problem.parameters
    task = Task.of(network, options, problem.dataset, mask_of(network, parameters=[0]) if cut else None)
    for family, threads in (("lane", 1), ("tile", 1), ("tile", 2)):
        state = State(parameters.copy(), options.optimizer.memory(parameters.size), fresh_scalars())
        control = Control(parameters.size, 1e-3, None)
        order = Order(task.rows, task.batch, options.seed)
        cpu.loop_for(task, family, threads).run(order, state, control, np.zeros(9), 1, 9)
    state = State(parameters.copy(), options.optimizer.memory(parameters.size), fresh_scalars())
    order, control = Order(task.rows, task.batch, options.seed), Control(parameters.size, 1e-3, None)
    narrow_fleet.LaneFleet([task]).run([order], [state], [control], [np.zeros(9)], [1], [9])
    for family in ("lane", "tile"):
        heights = surveys.heights_for(task, family, (parameters, parameters, parameters))
        heights.through(*np.eye(3, parameters.size)).at(*np.meshgrid([0, 1], [0, 1, 2]))
    maps.activations(network, parameters, problem.dataset.inputs)
    assert calls.forms == at_first


@pytest.mark.parametrize("sizes", [(2, 3, 1), (3, 40, 2)])
def test_a_run_that_goes_on_calls_them_alike(calls: Calls, at_first: dict[Name, set[Form]], sizes: tuple[int, ...]):
    data = Dataset("d", np.ones((9, sizes[0]), order="F"), np.ones((9, sizes[-1])), ())
    for rule in ("nadam", "sgd"):
        training = Training(Network.of(*sizes), data, Options(Optimizer(rule), batch_size=1))
        training.run(30)
        moment = training.checkpoint()
        training.run(30)
        training.resume(moment)
        training.run(3)
    assert calls.forms == at_first


@pytest.mark.parametrize("values", [[[0.0, 1.0]], np.eye(3)[::2, 1:], np.arange(6).reshape(2, 3).T, np.float32([1])])
def test_points_of_any_kind_are_given_alike(calls: Calls, at_first: dict[Name, set[Form]], values: Any):
    points = np.array(values, order="K")
    points.setflags(write=False)
    task = Task.of(Network.of(1, 1), Options(), Dataset("d", np.ones((2, 1)), np.ones((2, 1)), ()))
    for family in ("lane", "tile"):
        heights = surveys.heights_for(task, family, (np.ones(2), np.array([1.0, 0.0]), np.array([0.0, 1.0])))
        found = heights.at(points, points)
        np.testing.assert_allclose(found, (2.0 * points + 1.0) ** 2, rtol=1e-6)
    assert calls.forms == at_first


def test_loops_are_imported_without_numba_and_without_it_say_so():
    code = (
        "import sys; sys.modules['numba'] = sys.modules['llvmlite'] = None\n"
        "from visualnn.nn.kernels import choose, cpu, maps, peak, surveys\n"
        "print(choose.load())"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
    assert "training will be slower" in done.stderr
