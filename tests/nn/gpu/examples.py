"""Small runs that together come to every barrier of every kernel; what comes out is to be the same to the bit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tests.nn.gpu.runs import Fixed, run
from visualnn.nn.data import Dataset
from visualnn.nn.device import PRECISION
from visualnn.nn.kernels.arguments import Loop, Task
from visualnn.nn.kernels.gpu import orders
from visualnn.nn.kernels.gpu.fleet import BlockLoop
from visualnn.nn.kernels.gpu.grid import GridLoop
from visualnn.nn.kernels.gpu.products import Tile
from visualnn.nn.kernels.gpu.steps import Machine
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.order import Order

Outcome = list[np.ndarray]
Example = Callable[[], Outcome]

GOAL = 0.5
SMALL = Machine((Tile(16, 16, 16, 4, 4, 2),), (1.0,), side=8, threads=32, teams=4, lanes=4, most_blocks=2)
SMALL_TENSORS = SMALL._replace(tiles=(Tile(16, 16, 16, 16, 8, 2, 1),))


def shuffled_orders() -> Outcome:
    """Three networks draw their orders, the first of which the second launch takes over."""
    own, kept = [Order(90, 8, seed) for seed in range(3)], np.zeros((3, 90), np.int32)
    words, lines = np.array([order.words for order in own]), np.zeros((3, 2, 90), np.int32)
    for again in (0, 1):
        orders.draw[3, orders.THREADS, 0, 360](words, kept, lines, np.int32(again), np.int32(2))
    return [words, kept, lines]


def block_classifying() -> Outcome:
    """One block, with everything that takes threads to wait for each other."""
    task = task_of((3, 7, 4, 3), output="softmax", loss="cross_entropy", optimizer="adam", clip_norm=0.1, dropout=0.3)
    return _ran(_in_block(task, threads=64), task)


def block_fitting() -> Outcome:
    """One block, the shortest way."""
    task = task_of((2, 5, 1), output="tanh", loss="mse", optimizer="momentum")
    return _ran(_in_block(task, threads=64), task)


def block_of_squares() -> Outcome:
    """One block, so wide that threads sum up gradients of a square of weights."""
    task = task_of((17, 18, 2), output="linear", loss="mse", optimizer="sgd")
    return _ran(_in_block(task, threads=64), task)


def block_of_one_layer() -> Outcome:
    """One block, with nothing to carry back."""
    task = task_of((4, 2), output="sigmoid", loss="mse", optimizer="sgd")
    return _ran(_in_block(task, threads=64), task)


def grid_classifying() -> Outcome:
    """Several blocks, with a gradient as a whole."""
    task = task_of((5, 18, 3), output="softmax", loss="cross_entropy", optimizer="adam", clip_norm=0.1)
    return _ran(GridLoop(task, machine=SMALL), task)


def grid_fitting() -> Outcome:
    """Several blocks, the shortest way."""
    task = task_of((5, 18, 3), output="linear", loss="mse", optimizer="adam")
    return _ran(GridLoop(task, machine=SMALL), task)


def grid_of_tensors() -> Outcome:
    """Several blocks, with tensor cores."""
    task = task_of((5, 18, 3), output="linear", loss="mse", optimizer="sgd")
    return _ran(GridLoop(task, machine=SMALL_TENSORS), task)


def block_at_its_goal() -> Outcome:
    """One block ends a run when others of its launches are under way."""
    task = task_of((2, 5, 1), output="tanh", loss="mse", optimizer="sgd")
    return _ran(_in_block(task, threads=64, updates=1), task, updates=6, goal=GOAL)


def grid_at_its_goal() -> Outcome:
    """Several blocks do."""
    task = task_of((2, 5, 1), output="tanh", loss="mse", optimizer="sgd")
    loop = GridLoop(task, machine=SMALL)
    loop.chunk = Fixed(1)
    return _ran(loop, task, updates=6, goal=GOAL)


EXAMPLES: tuple[Example, ...] = (
    shuffled_orders,
    block_classifying,
    block_fitting,
    block_of_squares,
    block_of_one_layer,
    block_at_its_goal,
    grid_classifying,
    grid_fitting,
    grid_of_tensors,
    grid_at_its_goal,
)


def task_of(sizes: tuple[int, ...], *, output: str, loss: str, optimizer: str, **options: Any) -> Task:
    """Fourteen rows in batches of nine, the last of which is shorter."""
    chance = np.random.default_rng(0)
    hidden = [Layer(size, "tanh") for size in sizes[1:-1]]
    network = Network(sizes[0], (*hidden, Layer(sizes[-1], output)))
    targets = (
        np.eye(sizes[-1])[chance.integers(0, sizes[-1], 14)]
        if output == "softmax"
        else chance.normal(0, 1, (14, sizes[-1]))
    )
    dataset = Dataset("random", chance.normal(0, 1, (14, sizes[0])), targets, ())
    return Task.of(
        network,
        Options(optimizer=Optimizer(optimizer, rate=0.05), loss=loss, batch_size=9, precision=PRECISION, **options),
        dataset,
    )


def _in_block(task: Task, *, threads: int, updates: int = 3) -> Loop:
    loop = BlockLoop(task, threads)
    loop.fleet.chunk = Fixed(updates)
    return loop


def _ran(loop: Loop, task: Task, updates: int = 2, goal: float | None = None) -> Outcome:
    parameters = np.random.default_rng(1).normal(0, 0.5, task.network.parameter_count)
    ran = run(loop, task, parameters, updates, goal=goal)
    return [ran.state.parameters, ran.state.memory, ran.losses[: ran.update], np.array([ran.why, ran.update])]
