"""Wide networks made small: tiles of a few places, and a look at what kernels have left in the room."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from visualnn.nn.data import Dataset
from visualnn.nn.functions import DISTANCES
from visualnn.nn.kernels.arguments import Control, State, Task
from visualnn.nn.kernels.gpu import grid, places, steps
from visualnn.nn.kernels.gpu.products import Tile
from visualnn.nn.network import Network
from visualnn.nn.options import Options
from visualnn.nn.order import Order
from visualnn.nn.schedule import fresh_scalars

PLAIN = Tile(8, 8, 4, 4, 4, 1)
GROUPED = Tile(16, 16, 8, 8, 8, 2)
TENSOR = Tile(32, 32, 16, 16, 16, 1, 1)
TENSOR_GROUPED = Tile(32, 32, 16, 32, 16, 2, 1)


def machine(*tiles: Tile) -> steps.Machine:
    """Small blocks of everything, with these tiles, the last of which is taken wherever it fits."""
    speeds = tuple(float(10**at) for at in range(len(tiles)))
    return steps.Machine(tiles, speeds, side=8, threads=16, teams=4, lanes=4, most_blocks=2)


def task_of(network: Network, options: Options, rows: int, seed: int = 0, **others: Any) -> Task:
    """This network with random rows that its loss can judge."""
    rng = np.random.default_rng(seed)
    inputs = rng.normal(0, 1, (rows, network.inputs))
    if options.loss in DISTANCES:
        targets = rng.normal(0, 1, (rows, network.outputs))
    elif options.loss == "cross_entropy":
        targets = np.eye(network.outputs)[rng.integers(0, network.outputs, rows)]
    else:
        targets = rng.integers(0, 2, (rows, network.outputs)).astype(np.float64)
    return Task.of(network, options, Dataset("random", inputs, targets, ()), **others)


def parameters_of(network: Network, scale: float = 0.5) -> np.ndarray:
    """Random ones that are float32."""
    found = np.random.default_rng(5).normal(0, scale, network.parameter_count)
    return found.astype(np.float32).astype(np.float64)


class Bench:
    """A loop whose kernels are launched one by one."""

    def __init__(self, task: Task, parameters: np.ndarray, *tiles: Tile, t: int = 0, goal: float | None = None) -> None:
        self.task, self.loop = task, grid.GridLoop(task, machine=machine(*(tiles or (PLAIN,))))
        self.memory, self.ground = self.loop.memory, self.loop.memory.ground
        rule = task.options.optimizer
        state = State(parameters.copy(), rule.memory(parameters.size), fresh_scalars())
        control = Control(parameters.size, rule.rate, goal)
        order = Order(task.rows, task.batch, task.options.seed)
        run = grid._Run(self.loop, order, state, control)
        run.begun = t
        self.memory.take(state)
        self.loop.update._steps, kept = [], self.loop.update._steps
        self.loop.before._steps, before = [], self.loop.before._steps
        run._launch(1)
        self.loop.update._steps, self.loop.before._steps = kept, before
        self.steps: Sequence[steps.Step] = [*before, *kept]

    def launch(self, *names: str, column: int | None = None) -> None:
        """Launches the kernels of these names in their order."""
        for step in self.steps:
            if step.kernel.fn.__name__ in names and column in (None, step.column):
                step.kernel[step.blocks, step.threads](np.uint32(step.column), *self.memory.arguments)

    def column(self, column: int, field: int) -> np.ndarray:
        """What a column has, with its padding: (units, batch) where it is turned over, else (batch, units)."""
        shape = (self.ground.batch, self.ground.pitches[column])
        is_turned = field in (places.AT, places.DT)
        return self.read(self.ground.of(column, field), shape[::-1] if is_turned else shape)

    def weights(self, column: int, behind: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """The weights into a column and its biases, or what lies so far behind them."""
        shape = (self.ground.pitches[column - 1], self.ground.pitches[column])
        at, biases = self.ground.of(column, places.W), self.ground.of(column, places.B)
        return self.read(at + behind, shape), self.read(biases + behind, shape[1:])

    def turned_weights(self, column: int) -> np.ndarray:
        return self.read(
            self.ground.of(column, places.WT), (self.ground.pitches[column], self.ground.pitches[column - 1])
        )

    def scores(self) -> np.ndarray:
        return self.read(self.ground.head(places.SCORES), (places.SCORES_COUNT,))

    def status(self) -> list[int]:
        return np.asarray(self.memory.status.copy_to_host()).tolist()

    def read(self, at: int, shape: Sequence[int]) -> np.ndarray:
        size = int(np.prod(shape))
        return np.array(self.memory.room[at : at + size].copy_to_host()).reshape(shape).astype(np.float64)

    def write(self, column: int, field: int, values: np.ndarray) -> None:
        """Puts values into a corner of what a column has."""
        padded = self.column(column, field)
        padded[: values.shape[0], : values.shape[1]] = values
        self.memory.write(self.ground.of(column, field), padded.ravel().astype(np.float32))


def framed(values: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """These values with 0 around them."""
    frame = np.zeros(shape)
    frame[tuple(slice(n) for n in values.shape)] = values
    return frame
