"""One product of large matrices by our kernel: the forward pass of a layer, which also adds biases and a slope.

The other kernels of wide networks multiply in the same way.
"""

from __future__ import annotations

from importlib import import_module
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np

from visualnn.nn.device import Device
from visualnn.nn.kernels.arguments import Control, State, Task
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars

GPU = "visualnn.nn.kernels.gpu"


class Prepared(NamedTuple):
    """A layer on the GPU, and what its first row of sums should be."""

    size: int
    tf32: bool
    loop: Any
    expected: Any


_prepared: list[Prepared] = []


def measured(size: int, tf32: bool, device: str, repeats: int) -> dict[str, Any]:
    """Microseconds for a product of size × size numbers, and how far off its first row is."""
    if not _prepared or _prepared[0][:2] != (size, tf32):
        _prepared.clear()  # first of all: two of them might not fit
        _prepared.append(_prepare(size, tf32))
    loop, expected = _prepared[0].loop, _prepared[0].expected
    launch, stream = _forward(loop), loop.memory.stream
    launch()
    stream.synchronize()
    begun = perf_counter()
    for _ in range(repeats):
        launch()
    stream.synchronize()
    us = (perf_counter() - begun) / repeats * 1e6
    return {"us": us, "deviation": float(np.linalg.norm(_row(loop) - expected) / np.linalg.norm(expected))}


def _prepare(size: int, tf32: bool) -> Prepared:
    rng = np.random.default_rng(0)
    options = Options(Optimizer("sgd", rate=1e-9), precision="float32")
    inputs = rng.standard_normal((size, size))
    task = Task(Network.of(size, size), options, inputs, np.zeros((size, size)))
    loop = import_module(f"{GPU}.grid").GridLoop(task, Device("cuda", tf32=tf32))
    w = rng.standard_normal(size * (size + 1)) / np.sqrt(size)
    state = State(w, options.optimizer.memory(w.size), fresh_scalars())
    loop.run(Order(size, size, 0), state, Control(w.size, 1e-9, None), np.zeros(1), 1, 1)
    return Prepared(size, tf32, loop, inputs[0] @ w[:-size].reshape(size, size) + w[-size:])


def _forward(loop: Any) -> Any:
    """What launches the forward kernel of the layer."""
    step = next(step for step in loop.update._steps if step.column == 1)
    grid = step.blocks, step.threads, loop.memory.stream
    return lambda: step.kernel[grid](np.uint32(step.column), *loop.memory.arguments)


def _row(loop: Any) -> Any:
    """The first row of activations."""
    at = loop.memory.ground.of(1, import_module(f"{GPU}.places").A)
    row = np.empty(loop.task.network.outputs, np.float32)
    loop.memory.room[at : at + row.size].copy_to_host(row)
    return row
