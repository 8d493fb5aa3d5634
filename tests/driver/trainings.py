"""Trainings of small networks, by each of the loops for a GPU."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from tests.nn.gpu.wide import parameters_of, task_of
from visualnn.nn.device import Device
from visualnn.nn.kernels import reference
from visualnn.nn.kernels.arguments import UPDATE, Control, State
from visualnn.nn.kernels.gpu.fleet import BlockLoop, FleetLoop
from visualnn.nn.kernels.gpu.grid import GridLoop
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars

CUDA = Device("cuda")
SMALL = (3, 9, 2)
LARGE = (64, 48, 10)  # a block has to ask for its shared memory


class Trainings:
    """Some trainings of a kind, side by side where it is a fleet, and all that they leave."""

    def __init__(self, kind: str, sizes: tuple[int, ...] = SMALL, nets: int = 5, most: int = 60) -> None:
        self.kind, nets = kind, nets if kind == "fleet" else 1
        options = Options(precision="float32", batch_size=8, clip_norm=1.0 if "clipped" in kind else None)
        task = task_of(Network.of(*sizes), options, 20)
        self.tasks = [replace(task, options=replace(options, seed=seed)) for seed in range(nets)]
        parameters, rule = parameters_of(task.network), options.optimizer
        memory = rule.memory(parameters.size)
        self.orders = [Order(each.rows, each.batch, each.options.seed) for each in self.tasks]
        self.states = [State(parameters.copy(), memory.copy(), fresh_scalars()) for _ in self.tasks]
        self.controls = [Control(parameters.size, rule.rate, None) for _ in self.tasks]
        self.losses = [np.full(most + 1, np.nan) for _ in self.tasks]

    def loop(self) -> Any:
        """A loop for them, of their kind."""
        if self.kind == "fleet":
            return FleetLoop(self.tasks)
        if self.kind.startswith("block"):
            return BlockLoop(self.tasks[0])
        return GridLoop(self.tasks[0], replace(CUDA, tf32="TF32" in self.kind))

    def run(self, loop: Any, updates: int) -> None:
        """So many updates of each."""
        ones = [1] * len(self.tasks)
        if self.kind == "fleet":
            loop.run(self.orders, self.states, self.controls, self.losses, ones, [updates] * len(ones))
        else:
            loop.run(self.orders[0], self.states[0], self.controls[0], self.losses[0], 1, updates)

    def run_plainly(self, updates: int) -> None:
        """So many updates of each, by the readable loop."""
        for task, *rest in zip(self.tasks, self.orders, self.states, self.controls, self.losses, strict=True):
            reference.Loop(task).run(*rest, 1, updates)

    @property
    def updates(self) -> set[int]:
        """How many each has done."""
        return {int(control.flags[UPDATE]) for control in self.controls}

    def left(self) -> list[np.ndarray]:
        """Copies of all that a run changes, but for losses."""
        states = [each.copy() for state in self.states for each in state]
        orders = [np.copy(each) for order in self.orders for each in (order.line, order.words, order.epoch)]
        return [*states, *orders, np.array(sorted(self.updates))]

    def unlike(self, other: Trainings) -> float:
        """How far parameters and losses are from another's, as a share where they are above 1; infinity where the
        orders of rows are others.
        """
        pairs = zip(self.orders, other.orders, strict=True)
        if any((one.line != two.line).any() or (one.words != two.words).any() for one, two in pairs):
            return np.inf
        states, losses = zip(self.states, other.states, strict=True), zip(self.losses, other.losses, strict=True)
        pairs_of_numbers = [*((one.parameters, two.parameters) for one, two in states), *losses]
        return float(np.max([_apart(*each) for each in pairs_of_numbers]))


def _apart(one: np.ndarray, two: np.ndarray) -> float:
    """NaN where one of them has a number and the other has none."""
    is_nothing = np.isnan(one) & np.isnan(two)
    return float(np.where(is_nothing, 0.0, np.abs(one - two) / np.maximum(1.0, np.abs(two))).max())
