"""The compiled training loops, each for the networks it is fast at, and how long it takes to have them.

Import through `choose` only: a loop asks for its kernel when it is made, and where Numba compiles that takes long.
"""

from __future__ import annotations

import numpy as np

from visualnn.nn.kernels import maps
from visualnn.nn.kernels.arguments import Control, Loop, State, Task
from visualnn.nn.kernels.narrow import LaneLoop
from visualnn.nn.kernels.narrow_fleet import LaneFleet
from visualnn.nn.kernels.online import OnlineLoop, is_plain
from visualnn.nn.kernels.wide import TileLoop
from visualnn.nn.network import Network
from visualnn.nn.optimizers import MEMORY_SLOTS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars

FLEET = "lanes"  # many narrow networks


def loop_for(task: Task, family: str, threads: int) -> Loop:
    """A loop of a family for a task."""
    if family == "tile":
        return TileLoop(task, threads)
    return OnlineLoop(task) if is_plain(task) else LaneLoop(task)


def warm(family: str, precision: str) -> None:
    """Compiles a kernel, or loads it, by one update of the smallest network."""
    if family == "maps":
        maps.activations(Network.of(1, 1), np.zeros(2), np.zeros((1, 1)))
        return
    for rule in ("adam", "sgd"):  # narrow networks have a loop of their own for plain SGD
        task = Task(Network.of(1, 1), Options(Optimizer(rule), precision=precision), np.zeros((1, 1)), np.zeros((1, 1)))
        state = State(np.zeros(2), np.zeros((MEMORY_SLOTS[rule], 2)), fresh_scalars())
        order, control, losses = Order(1, 1, 0), Control(2, 0.1, None), np.zeros(1)
        if family == FLEET:
            LaneFleet([task]).run([order], [state], [control], [losses], [1], [1])
        else:
            loop_for(task, family, 1).run(order, state, control, losses, 1, 1)
