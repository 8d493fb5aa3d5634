"""Which networks there are in a sweep, and where they are at a moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import fsum, isfinite
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from visualnn.nn.data import Dataset
from visualnn.nn.mask import Mask
from visualnn.nn.network import Network, Vector
from visualnn.nn.options import Options
from visualnn.nn.training import Training

if TYPE_CHECKING:
    from visualnn.project import Project

CURVE_POINTS = 128  # of each curve in a moment
CURVE_CAPACITY = 8192  # losses kept of each network
LEAST_RECENT = 16  # losses of batches that a mean is taken of
COPIES = 8  # of its parameters that a network in a sweep takes: state, start, memory, shots

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Field:
    """Which networks there are: row by row a seed, and in it a column for each rate."""

    rates: tuple[float, ...]
    seeds: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.rates) * len(self.seeds)

    def place(self, index: int) -> tuple[int, int]:
        """Row and column of a network."""
        return divmod(index, len(self.rates))

    def options(self, index: int, base: Options) -> Options:
        """How a network trains: its own rate and seed, and no end but the goal."""
        row, column = self.place(index)
        optimizer = replace(base.optimizer, rate=self.rates[column])
        return replace(base, optimizer=optimizer, seed=self.seeds[row], epochs=None, patience=None)


@dataclass(frozen=True, eq=False, slots=True)
class Ground:
    """What all have in common. Random weights of its seed are where each begins."""

    network: Network
    data: Dataset
    options: Options
    mask: Mask | None = None

    @classmethod
    def of(cls, project: Project) -> Ground:
        """That of a project. Without its goal where an update sees but a batch: of one that is reached by luck."""
        options, rows = project.options, project.data.rows
        is_batched = options.batch_size is not None and options.batch_size < rows
        options = replace(options, goal=None) if is_batched else options
        return cls(project.network, project.data, options, project.mask)

    def training(self, field: Field, index: int) -> Training:
        """One of the networks by itself."""
        options = field.options(index, self.options)
        return Training(self.network, self.data, options, mask=self.mask, curve_capacity=CURVE_CAPACITY)

    def size_bytes(self, networks: int) -> int:
        """The memory that so many of them take."""
        return networks * 8 * (COPIES * self.network.parameter_count + CURVE_CAPACITY)


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """Where all are, between two updates; arrays have one entry, or one line, a network."""

    update: int  # that all have come to who can go on
    updates: NDArray[np.int64]
    losses: Vector  # of these parameters, over the rows of the next update
    firsts: Vector  # the losses at the start
    reached: NDArray[np.bool_]  # the goal
    diverged: NDArray[np.bool_]
    parameters: Floats
    curves: Floats  # (networks, CURVE_POINTS), evenly from the start to `update`, NaN after the end of one
    speed: float  # updates a second, of all networks together; 0 where that is not known yet
    recent: Vector | None = None  # means of the latest losses, where an update sees but a batch of the rows

    @property
    def judged(self) -> Vector:
        """The losses by which networks are compared: that of a single batch may be small by luck."""
        return self.losses if self.recent is None else self.recent

    @property
    def ended(self) -> NDArray[np.bool_]:
        """Who cannot go on."""
        return self.reached | self.diverged


def moment_of(trainings: Sequence[Training], update: int, speed: float, begun: Vector | None = None) -> Moment:
    """Where these are that have come to an update. `begun`: their losses at the start, of all rows, for batches."""
    losses = np.array([training.loss for training in trainings])
    parameters = np.empty((len(trainings), trainings[0].parameters.size), dtype=np.float32)
    with np.errstate(over="ignore", invalid="ignore"):
        for line, training in zip(parameters, trainings, strict=True):
            line[:] = training.parameters
    updates = np.array([training.updates for training in trainings])
    starts = [training.curve.values[0] if training.updates else np.nan for training in trainings]
    firsts = np.where(updates > 0, starts, losses) if begun is None else begun
    recent = None if begun is None else recent_of(trainings, losses)
    reached = losses < np.array([training.options.goal or -np.inf for training in trainings])
    curves = curves_of(trainings, losses, update)
    return Moment(update, updates, losses, firsts, reached, ~np.isfinite(losses), parameters, curves, speed, recent)


def begun_of(training: Training) -> float | None:
    """The loss of all rows at the start; None where every update sees all of them anyway."""
    return training.full_loss() if training.epoch_length > 1 else None


def recent_of(trainings: Sequence[Training], losses: Vector) -> Vector:
    """For each the mean of its last losses, the present one among them: those of an epoch, or a few more."""
    means = []
    for training, loss in zip(trainings, losses.tolist(), strict=True):
        view = training.curve.view(training.updates)
        count = 0 if view is None else max(LEAST_RECENT, -(-training.epoch_length // view.stride)) - 1
        latest = [] if view is None else view.losses[-count:].tolist()
        means.append(fsum([*latest, loss]) / (len(latest) + 1) if isfinite(loss) else loss)
    return np.array(means)


def curves_of(trainings: Sequence[Training], losses: Vector, update: int) -> Floats:
    """The losses of all at `CURVE_POINTS` updates from the start to the present one; NaN after the end of a network."""
    found = np.full((len(trainings), CURVE_POINTS), np.nan, dtype=np.float32)
    places = np.linspace(0, update, CURVE_POINTS)
    with np.errstate(over="ignore"):
        for line, training, loss in zip(found, trainings, losses.tolist(), strict=True):
            last = training.updates
            view = training.curve.view(last)
            known = places < last
            if view is not None and len(view.losses):
                at = places[known].astype(np.int64) // view.stride
                line[known] = view.losses[np.minimum(at, len(view.losses) - 1)]
            after = int(np.count_nonzero(known))
            line[min(after, CURVE_POINTS - 1)] = loss
    return found
