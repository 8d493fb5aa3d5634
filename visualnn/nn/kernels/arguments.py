"""What a training loop is given, and the few numbers through which other threads talk to it while it runs.

A loop is made for one `Task` and does updates in place: ``loop.run(order, state, control, losses, stride, updates)``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.data import Dataset
from visualnn.nn.mask import Mask
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.options import Options
from visualnn.nn.order import Order

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
WANTED = 2  # where in memory a reader wants a shot; the loop sets it back to 0 when it is there
SEQUENCE = 3  # how many shots there were
UPDATE = 4  # updates done since the start
ERA = 5  # counts restarts, so that a shot is not taken for one of the run before
FLAGS = 8

# `Control.dials`
RATE = 0  # the learning rate, read before each update
GOAL_LOSS = 1  # stop when the loss is below; −∞ means never

# A shot: these four, then the parameters.
SHOT_UPDATE = 0
SHOT_LOSS = 1
SHOT_SEQUENCE = 2
SHOT_ERA = 3
SHOT_HEAD = 4

REST_PER_NUMBER_S = 5e-8  # between shots: 25 times what it takes to write a number to memory that is new


@dataclass(frozen=True, eq=False, slots=True)
class Task:
    """What is trained, on what and how; never changes."""

    network: Network
    options: Options
    inputs: Matrix  # (rows, inputs), read-only
    targets: Matrix  # (rows, outputs), read-only
    mask: Mask | None = None

    @classmethod
    def of(cls, network: Network, options: Options, dataset: Dataset, mask: Mask | None = None) -> Task:
        """The rows of a dataset in the memory layout the loops expect."""
        return cls(network, options, _rows(dataset.inputs), _rows(dataset.targets), mask)

    @property
    def rows(self) -> int:
        """Rows of the data."""
        return len(self.inputs)

    @property
    def batch(self) -> int:
        """Rows of an update; the last one of an epoch may have fewer."""
        return min(self.options.batch_size or self.rows, self.rows)

    @property
    def epoch_length(self) -> int:
        """Updates per epoch; 1 for a full batch."""
        return -(-self.rows // self.batch)


class State(NamedTuple):
    """What training changes; saved and put back, training goes on to the bit."""

    parameters: Vector  # flat
    memory: Matrix  # (slots, parameters), the optimizer's
    scalars: Vector  # what schedule and optimizer remember, see `schedule`


class Control:
    """How other threads watch and steer a loop, without locks: single numbers, and a shot when one is asked for.

    A reader sets WANTED to the address of an array of its own; the loop fills it between two updates and sets WANTED
    back. So a shot costs the reader no copy, and nothing while nobody looks. One thread may read, one train.
    """

    def __init__(self, parameter_count: int, rate: float, goal: float | None) -> None:
        self.flags: Integers = np.zeros(FLAGS, dtype=np.int64)
        self.dials: Vector = np.array([rate, -np.inf if goal is None else goal])
        self._size = SHOT_HEAD + parameter_count
        self._paper: Vector | None = None
        self._again = 0.0  # from when on another shot may be asked for

    def ask(self) -> None:
        """Wants a shot; for the thread that reads. Of large networks no more than cost training some 4 % are made."""
        now = perf_counter()
        if self._paper is None and now >= self._again:
            self._again = now + self._size * REST_PER_NUMBER_S
            self._paper = np.empty(self._size)
            self.flags[WANTED] = self._paper.ctypes.data

    def take(self) -> Vector | None:
        """The shot that was asked for, if it has been made; for the thread that reads."""
        if self._paper is None or self.flags[WANTED]:
            return None
        shot, self._paper = self._paper, None
        return shot

    def fill(self, parameters: Vector, loss: float) -> None:
        """Makes the shot that is wanted; for the thread that trains. Compiled loops do the same."""
        paper = self._paper
        if self.flags[WANTED] and paper is not None:
            self.flags[SEQUENCE] += 1
            paper[:SHOT_HEAD] = self.flags[UPDATE], loss, self.flags[SEQUENCE], self.flags[ERA]
            paper[SHOT_HEAD:] = parameters
            self.flags[WANTED] = 0


class Loop(Protocol):
    """A training loop."""

    def __init__(self, task: Task) -> None:
        """Makes everything ready that the calls share."""

    def run(self, order: Order, state: State, control: Control, losses: Vector, stride: int, updates: int) -> int:
        """Does at most `updates` updates; `losses[t // stride]` becomes the loss before update t + 1 for each such t.

        An update takes the next `task.batch` entries of the order of its epoch.
        """
        ...


class Fleet(Protocol):
    """What trains many networks at once."""

    def run(
        self,
        orders: Sequence[Order],
        states: Sequence[State],
        controls: Sequence[Control],
        losses: Sequence[Vector],
        strides: Sequence[int],
        updates: Sequence[int],
    ) -> list[int]:
        """Does at most so many updates of each; why each ended. As `Loop.run`."""
        ...


def _rows(values: Matrix) -> Matrix:
    rows = np.ascontiguousarray(values, dtype=np.float64).view()
    rows.setflags(write=False)
    return rows
