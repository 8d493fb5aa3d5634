"""Our loops on the processor, in a process of their own: what a learner without a GPU has."""

from __future__ import annotations

from typing import Any

from visualnn import __version__
from visualnn.bench.gpu.cases import Case
from visualnn.bench.gpu.ours import training_of
from visualnn.bench.gpu.turns import LONGER, Watch
from visualnn.bench.job import Run
from visualnn.nn.kernels import choose
from visualnn.nn.training import Stop

_watches: list[Watch] = []


def begin(threads: int) -> str:
    """Our version; a kernel is loaded when a case needs it."""
    return f"{__version__}, {choose.spare_cores()} threads where they pay"


def prepare(case: dict[str, Any], device: str) -> dict[str, Any]:
    """Loads the kernel, and warms up."""
    _watches.clear()
    training = training_of(Case.of(case).workload)
    compiled = device == "cuda" and choose.load(choose.kind_of(training.network, training.options))

    def run(updates: int) -> int:
        stop = training.run(updates)
        if stop is not Stop.DONE:
            raise RuntimeError(f"our training ended by itself: {stop}.")
        return updates

    return {"compiled": compiled, "first_s": _watch(run, device).first_s}


def turn(variant: str, seconds: float) -> dict[str, Any]:
    """A turn at what was prepared."""
    return _watches[0].turn(seconds)


def _watch(run: Run, device: str) -> Watch:
    watch = Watch(run, longer=LONGER if device == "cuda" else 2)
    _watches.append(watch)
    return watch


CALLS = {"prepare": prepare, "turn": turn}
