"""Our loops on the processor, in a process of their own: what a learner without a GPU has."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from visualnn import __version__
from visualnn.bench.gpu.cases import Case
from visualnn.bench.gpu.ours import trainings_of
from visualnn.bench.gpu.turns import LONGER, Watch
from visualnn.bench.job import Run
from visualnn.nn.kernels import choose
from visualnn.nn.together import Together
from visualnn.nn.training import Stop, Training

_watches: list[Watch] = []


def begin(threads: int) -> str:
    """Our version; a kernel is loaded when a case needs it."""
    return f"{__version__}, {choose.spare_cores()} threads where they pay"


def prepare(case: dict[str, Any], device: str) -> dict[str, Any]:
    """Loads the kernel, and warms up."""
    _watches.clear()
    trainings = trainings_of(Case.of(case))
    task, many = trainings[0].task, len(trainings) > 1
    kinds = choose.kind_of(task.network, task.options), choose.fleet_of(task) if many else None
    compiled = device == "cuda" and choose.load(*filter(None, kinds))
    run = _many(trainings) if many else _one(trainings[0])
    return {"compiled": compiled, "first_s": _watch(run, device).first_s}


def turn(variant: str, seconds: float) -> dict[str, Any]:
    """A turn at what was prepared."""
    return _watches[0].turn(seconds)


def _one(training: Training) -> Run:
    def run(updates: int) -> int:
        _check([training.run(updates)])
        return updates

    return run


def _many(trainings: list[Training]) -> Run:
    """As a sweep does: in as many threads as there are cores to spare, in each a loop for many."""
    threads = choose.spare_cores()
    teams = [Together(trainings[first::threads]) for first in range(threads)]

    def run(updates: int) -> int:
        with ThreadPoolExecutor(threads) as pool:
            for stops in pool.map(lambda team: team.run(updates), teams):
                _check(stops)
        return updates

    return run


def _check(stops: list[Stop]) -> None:
    """Raises RuntimeError where a training has not made all updates."""
    for stop in stops:
        if stop is not Stop.DONE:
            raise RuntimeError(f"our training ended by itself: {stop}.")


def _watch(run: Run, device: str) -> Watch:
    watch = Watch(run, longer=LONGER if device == "cuda" else 2)
    _watches.append(watch)
    return watch


CALLS = {"prepare": prepare, "turn": turn}
