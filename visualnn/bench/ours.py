"""Our own training, as the window runs it: in float32, on the compiled kernel where there is one."""

from __future__ import annotations

from importlib import import_module

import numpy as np

from visualnn import __version__, precompiled
from visualnn.bench.job import Run, UnavailableError
from visualnn.bench.workload import MAP_POINTS, Workload
from visualnn.nn.data import Dataset
from visualnn.nn.kernels import choose
from visualnn.nn.network import Network, Vector
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop, Training

_threads = 1


def begin(threads: int) -> str:
    """Loads the kernels; our version, and which kernel it is."""
    global _threads
    _threads = threads
    compiled = choose.load()
    set_threads = getattr(choose, "set_threads", None)
    if set_threads is not None:
        set_threads(threads)
    elif threads > 1:
        raise UnavailableError(f"this version trains on one thread, not on {threads}.")
    return f"{__version__}, {_way() if compiled else 'NumPy loop: the compiled kernels did not load'}"


def prepare(workload: Workload, variant: str) -> Run:
    """What runs updates, or makes maps."""
    inputs, targets, layers = workload.problem()
    network = Network.of(*workload.sizes, hidden=workload.hidden, output=workload.output)
    parameters = np.concatenate([part.ravel() for layer in layers for part in layer])
    if workload.kind == "maps":
        return _maps(network, parameters)
    names = tuple(f"x{i + 1}" for i in range(network.inputs))
    data = Dataset(workload.name, inputs, targets, names, classification=workload.output == "softmax")
    training = Training(network, data, _options(workload), parameters)

    def run(updates: int) -> int:
        stop = training.run(updates)
        if stop is not Stop.DONE:
            raise UnavailableError(f"our training ended by itself: {stop}.")
        return updates

    return run


def peak() -> float:
    """Fused multiply-adds this machine can do on these threads, as floating-point operations per second."""
    try:
        return float(import_module("visualnn.nn.kernels.peak").fma_peak(_threads))
    except (ImportError, AttributeError) as error:
        raise UnavailableError("the peak of this machine cannot be measured by this version.") from error


def _way() -> str:
    return "kernels compiled ahead of time" if precompiled.place() else "compiled kernels"


def _options(workload: Workload) -> Options:
    rule = Optimizer(workload.optimizer, workload.rate)
    return Options(rule, loss=workload.loss, batch_size=workload.batch, precision="float32")


def _maps(network: Network, parameters: Vector) -> Run:
    try:
        neuron_maps = import_module("visualnn.nn.maps").neuron_maps
    except (ImportError, AttributeError) as error:
        raise UnavailableError("this version makes no maps of single neurons.") from error
    axis = np.linspace(-6.0, 6.0, MAP_POINTS)

    def run(pictures: int) -> int:
        for _ in range(pictures):
            neuron_maps(network, parameters, axis, axis)
        return pictures

    return run
