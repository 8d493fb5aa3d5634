"""Our loops on the GPU, in a process of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from visualnn import __version__
from visualnn.bench.gpu import checks, frames, hardware, product, simulation, surroundings, tuning
from visualnn.bench.gpu.cases import Case
from visualnn.bench.gpu.turns import LONGER, Watch
from visualnn.bench.job import Run, UnavailableError
from visualnn.bench.workload import Workload
from visualnn.nn.data import Dataset
from visualnn.nn.device import Device, DeviceError
from visualnn.nn.kernels.arguments import DONE, Loop
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Training

GPU = "visualnn.nn.kernels.gpu"
SEEDS = 11  # of many networks at once; the others have these with further rates
FURTHER = 1.2  # times the rate before
_watches: list[Watch] = []


def begin(threads: int) -> str:
    """Our version, and what compiles for the GPU."""
    if simulation.is_wanted():
        simulation.pretend()
    try:
        door = import_module(f"{GPU}.door")
    except DeviceError as error:
        raise UnavailableError(str(error)) from error
    return f"{__version__}, {surroundings.compiler(door)}"


def training_of(workload: Workload, seed: int = 0) -> Training:
    """A training at its start; what it computes on is the business of a loop. Seed 0 has the rivals' first weights."""
    inputs, targets, layers = workload.problem()
    network = Network.of(*workload.sizes, hidden=workload.hidden, output=workload.output)
    names = tuple(f"x{i + 1}" for i in range(network.inputs))
    data = Dataset(workload.name, inputs, targets, names, classification=workload.output == "softmax")
    rule = Optimizer(workload.optimizer, workload.rate)
    options = Options(rule, loss=workload.loss, batch_size=workload.batch, seed=seed, precision="float32")
    start = None if seed else np.concatenate([part.ravel() for layer in layers for part in layer])
    return Training(network, data, options, start)


def trainings_of(case: Case) -> list[Training]:
    """All networks of a case."""
    workload = case.workload
    return [
        training_of(replace(workload, rate=workload.rate * FURTHER ** (number // SEEDS)), number % SEEDS)
        for number in range(case.networks)
    ]


def loop_of(training: Training, *, tf32: bool = False) -> Loop:
    """What trains it on the GPU."""
    loop: Loop = import_module(f"{GPU}.loops").loop_for(training.task, Device("cuda", tf32=tf32))
    return loop


def fleet_of(trainings: Sequence[Training]) -> Any:
    """What trains them side by side."""
    return import_module(f"{GPU}.fleet").FleetLoop([training.task for training in trainings])


def advance(loop: Loop, training: Training, updates: int) -> int:
    """Does so many updates in one call; returns how many."""
    training.curve.room(training.updates + updates)
    place = training.order, training.state, training.control
    why = loop.run(*place, training.curve.values, training.curve.stride, updates)
    if why != DONE:
        raise RuntimeError(f"our training ended by itself, with code {why}.")
    return updates


def prepare(case: dict[str, Any], device: str) -> dict[str, Any]:
    """Makes everything ready for the turns, and warms up."""
    _watches.clear()
    wanted = Case.of(case)
    run = _many(wanted) if wanted.networks > 1 else _one(wanted)
    _watches.append(Watch(run, longer=LONGER if device == "cuda" else 2))
    return {"first_s": _watches[0].first_s}


def turn(variant: str, seconds: float) -> dict[str, Any]:
    """A turn at what was prepared; updates of many networks are those of each."""
    return _watches[0].turn(seconds)


def _one(case: Case) -> Run:
    training = training_of(case.workload)
    loop = loop_of(training, tf32=case.tf32)
    return lambda updates: advance(loop, training, updates)


def _many(case: Case) -> Run:
    """By the loop for many, not by `together`, which would go on on the processor if the GPU failed."""
    trainings = trainings_of(case)
    loop = fleet_of(trainings)

    def run(updates: int) -> int:
        for training in trainings:
            training.curve.room(training.updates + updates)
        found = loop.run(
            [training.order for training in trainings],
            [training.state for training in trainings],
            [training.control for training in trainings],
            [training.curve.values for training in trainings],
            [training.curve.stride for training in trainings],
            [updates] * len(trainings),
        )
        if any(why != DONE for why in found):
            raise RuntimeError("a training ended by itself.")
        return updates

    return run


def measured_frames(case: dict[str, Any], seconds: float) -> dict[str, Any]:
    """The length of the launches of a long run, and how soon it stops."""
    wanted = Case.of(case)
    training = training_of(wanted.workload)
    return frames.measured(loop_of(training, tf32=wanted.tf32), training, advance, seconds)


def measured_snapshots(case: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What it costs that somebody looks at a run."""
    wanted = Case.of(case)
    training = training_of(wanted.workload)
    return frames.looked_at(loop_of(training, tf32=wanted.tf32), training, advance, seconds)


def measured_choices(case: dict[str, Any], seconds: float) -> dict[str, Any]:
    """What other choices than ours would be worth."""
    wanted = Case.of(case)
    fresh = partial(training_of, wanted.workload)
    return {"us": tuning.tuned(fresh, advance, tf32=wanted.tf32, flops=wanted.workload.flops, seconds=seconds)}


CALLS = {
    "prepare": prepare,
    "turn": turn,
    "check": checks.answer,
    "frames": measured_frames,
    "snapshots": measured_snapshots,
    "launches": hardware.launches,
    "transfers": hardware.transfers,
    "product": product.measured,
    "tuning": measured_choices,
    "surroundings": surroundings.found,
}
