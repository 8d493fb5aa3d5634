"""What a training loop is given, and the few numbers through which other threads talk to it while it runs.

A loop is ``train(plan, data, state, control, losses, stride, updates) -> why``. It does at most `updates` updates, in
place, and says why it returned. Names of activations, losses and optimizers are passed as their place in
`functions.ACTIVATIONS`, `functions.LOSSES` and `optimizers.OPTIMIZERS`.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.data import Dataset
from visualnn.nn.functions import ACTIVATIONS, LOSSES
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer

Integers = NDArray[np.int64]

# Why a loop returned.
RUNNING = -1  # it did not: in a shot made meanwhile
DONE = 0  # all updates are done
STOPPED = 1  # the stop flag was set
GOAL = 2  # the loss fell below the goal; no update was made after that
DIVERGED = 3  # the loss is not finite; the parameters are those it was computed from

# `Control.flags`
STOP = 0  # anyone sets 1: return before the next update
CLOSE = 1  # anyone sets 1: as STOP, but the work is not taken up again; loops do not read it
WANTED = 2  # a reader sets 1: make a shot; the loop sets it back to 0
SEQUENCE = 3  # how many shots there were; the newest is `shots[SEQUENCE % 2]`
UPDATE = 4  # updates done since the start
ERA = 5  # counts restarts, so that a shot is not taken for one of the run before
FLAGS = 6

# `Control.dials`
RATE = 0  # the learning rate, read before each update
GOAL_LOSS = 1  # stop when the loss is below; −∞ means never
DIALS = 2

# A row of `Control.shots`: these four, then the parameters.
SHOT_UPDATE = 0
SHOT_LOSS = 1
SHOT_WHY = 2  # RUNNING while the loop runs
SHOT_ERA = 3
SHOT_HEAD = 4


class Plan(NamedTuple):
    """What is trained and how; never changes."""

    sizes: Integers  # (layers + 1,), the inputs first
    activations: Integers  # (layers,)
    loss: int
    optimizer: int
    constants: Vector  # momentum, beta1, beta2, eps

    @classmethod
    def of(cls, network: Network, loss: str, optimizer: Optimizer) -> Plan:
        """The plan in numbers."""
        return cls(
            np.array(network.sizes, dtype=np.int64),
            np.array([ACTIVATIONS.index(name) for name in network.activations], dtype=np.int64),
            LOSSES.index(loss),
            OPTIMIZERS.index(optimizer.name),
            np.array([optimizer.momentum, optimizer.beta1, optimizer.beta2, optimizer.eps]),
        )


class Data(NamedTuple):
    """The rows, and the order in which epochs go through them.

    ``order[e % len(order)]`` is the order of epoch e, counted from the epoch in which the call starts. A batch is the
    next `batch` of its entries; the last one of an epoch may be short.
    """

    inputs: Matrix  # (rows, inputs), read-only
    targets: Matrix  # (rows, outputs), read-only
    order: Integers  # (epochs, rows)
    batch: int

    @classmethod
    def of(cls, dataset: Dataset, order: Integers, batch: int) -> Data:
        """The rows of a dataset in the memory layout the loops expect."""
        return cls(_rows(dataset.inputs), _rows(dataset.targets), order, batch)

    @property
    def epoch_length(self) -> int:
        """Updates per epoch."""
        return -(-len(self.inputs) // self.batch)


class State(NamedTuple):
    """What training changes."""

    parameters: Vector  # flat
    memory: Matrix  # (slots, parameters), the optimizer's


class Control(NamedTuple):
    """How other threads watch and steer a loop, without locks: single numbers, and whole copies behind a counter.

    A loop copies its parameters into ``shots[(SEQUENCE + 1) % 2]`` when WANTED is set and then counts SEQUENCE up, so
    that the shot a reader is copying is not the one being written.
    """

    flags: Integers  # (FLAGS,)
    dials: Vector  # (DIALS,)
    shots: Matrix  # (2, SHOT_HEAD + parameters)

    @classmethod
    def of(cls, parameter_count: int, rate: float, goal: float | None) -> Control:
        """A control at update 0; `goal` None means never."""
        dials = np.array([rate, -np.inf if goal is None else goal])
        return cls(np.zeros(FLAGS, dtype=np.int64), dials, np.zeros((2, SHOT_HEAD + parameter_count)))

    def publish(self, parameters: Vector, loss: float, why: int) -> None:
        """Makes the shot of this moment; for the thread that trains, between two calls of a loop."""
        following = int(self.flags[SEQUENCE]) + 1
        shot = self.shots[following % 2]
        shot[:SHOT_HEAD] = self.flags[UPDATE], loss, why, self.flags[ERA]
        shot[SHOT_HEAD:] = parameters
        self.flags[SEQUENCE] = following
        self.flags[WANTED] = 0

    def newest(self, seen: int) -> tuple[int, Vector] | None:
        """A copy of the newest shot and its sequence number; None if there is none after `seen`. For any thread."""
        for _attempt in range(3):
            sequence = int(self.flags[SEQUENCE])
            if sequence == seen:
                return None
            shot = self.shots[sequence % 2].copy()
            if self.flags[SEQUENCE] == sequence:
                return sequence, shot
        return None  # shots come faster than they can be copied: take one at the next frame


class Kernel(Protocol):
    """A training loop."""

    def __call__(
        self, plan: Plan, data: Data, state: State, control: Control, losses: Vector, stride: int, updates: int
    ) -> int:
        """Does `updates` updates; `losses[t // stride]` becomes the loss before update t + 1 for each such t."""
        ...


def _rows(values: Matrix) -> Matrix:
    rows = np.ascontiguousarray(values, dtype=np.float64).view()
    rows.setflags(write=False)
    return rows
