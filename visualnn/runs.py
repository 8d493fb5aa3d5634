"""A run that is kept: what it was given, how it went, and all that it takes to go on with it to the bit."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from visualnn.nn.curve import CurveView
from visualnn.nn.dataset import Dataset
from visualnn.nn.history import Checkpoint, Progress
from visualnn.nn.network import Matrix, Network, Vector
from visualnn.nn.options import Options, same_run
from visualnn.nn.readings import NO_READINGS, Readings
from visualnn.nn.training import Snapshot, Stop, Training
from visualnn.project import Project

CURVE_POINTS = 8192  # of a kept run, at most
KEPT_READINGS = 512
KEPT_MOMENTS = 64  # and at most so many bytes of them:
KEPT_BYTES = 8 * 2**20


@dataclass(frozen=True, eq=False)
class Run:
    """One training, from its start to where it was left. Compared by identity."""

    number: int
    name: str
    options: Options
    network: Network
    update: int  # the last one
    epoch_length: int
    loss: float  # after it, over the rows of the next update
    curve: CurveView
    parameters: Vector  # the final ones
    start: Vector
    readings: Readings = NO_READINGS
    stop: Stop | None = None
    parent: int | None = None  # the number of the run it branched from …
    branched_at: int = 0  # … at this update
    data_name: str = ""
    rate_changes: tuple[tuple[int, float], ...] = ()
    moments: tuple[Checkpoint, ...] = ()  # the last one is that of `update`, where it could be kept
    project: Project | None = None  # what was trained

    @property
    def epochs(self) -> int:
        """Whole passes through the data."""
        return self.update // self.epoch_length

    def renamed(self, name: str) -> Run:
        """The same under another name."""
        return replace(self, name=name)


def kept(
    training: Training,
    snapshot: Snapshot,
    project: Project,
    *,
    number: int,
    name: str,
    readings: Readings,
    branch: tuple[int, int] | None,
) -> Run:
    """A run as it is at the last update that is known of it; `branch`: the run it comes from, and at which update.

    While somebody looks back, the last loss and the last parameters are those of the last moment that was kept.
    """
    known = tuple(moment for moment in training.history.moments if moment.update <= snapshot.last)
    looks_back, losses = snapshot.looks_back, snapshot.whole.losses
    parent, branched_at = branch or (None, 0)
    return Run(
        number=number,
        name=name,
        options=project.options,
        network=project.network,
        update=snapshot.last,
        epoch_length=training.epoch_length,
        loss=float(losses[-1]) if looks_back and losses.size else snapshot.loss,
        curve=kept_curve(snapshot.whole),
        parameters=known[-1].parameters if looks_back and known else snapshot.parameters,
        start=training.start,
        readings=readings.thinned(KEPT_READINGS),
        stop=snapshot.stop,
        parent=parent,
        branched_at=branched_at,
        data_name=project.data.name,
        rate_changes=training.rates,
        moments=kept_moments(known),
        project=project,
    )


def resumed(project: Project, progress: Progress, *, number: int, name: str) -> Run:
    """The run that led to a project, from what was saved of it."""
    at, rows = progress.checkpoint, project.data.rows
    return Run(
        number=number,
        name=name,
        options=project.options,
        network=project.network,
        update=at.update,
        epoch_length=-(-rows // min(project.options.batch_size or rows, rows)),
        loss=float(progress.curve.losses[-1]),
        curve=progress.curve,
        parameters=project.parameters,
        start=progress.start,
        data_name=project.data.name,
        rate_changes=at.rates,
        moments=(at,),
        project=project,
    )


def led_to(run: Run, project: Project) -> bool:
    """Whether a run has left a project where it stands, so that it can go on."""
    if run.project is None or not same_run(run.options, project.options):
        return False
    before = run.project
    network = (before.network, before.silent, before.cut) == (project.network, project.silent, project.cut)
    return network and _same(run.parameters, project.parameters) and _same_rows(before.data, project.data)


def _same_rows(a: Dataset, b: Dataset) -> bool:
    """Whether two data sets teach the same."""
    return a is b or (_same(a.inputs, b.inputs) and _same(a.targets, b.targets))


def _same(a: Matrix, b: Matrix) -> bool:
    """Whether two arrays hold the same numbers to the bit."""
    return a is b or (a.shape == b.shape and np.array_equal(a.view(np.uint64), b.view(np.uint64)))


def kept_curve(curve: CurveView) -> CurveView:
    """At most `CURVE_POINTS` of its losses, every second one as often as it takes."""
    losses, stride = curve.losses, curve.stride
    while len(losses) > CURVE_POINTS:
        losses, stride = losses[::2], 2 * stride
    return CurveView(losses, stride)


def kept_moments(moments: tuple[Checkpoint, ...], bound_bytes: int = KEPT_BYTES) -> tuple[Checkpoint, ...]:
    """Some of the checkpoints, evenly taken, the first and the last among them; the last alone if it is that large."""
    if not moments:
        return ()
    most = min(KEPT_MOMENTS, bound_bytes // max(1, moments[-1].size_bytes))
    if most < 2:
        return moments[-1:]
    if len(moments) <= most:
        return moments
    places = {round(k * (len(moments) - 1) / (most - 1)) for k in range(most)}
    return tuple(moments[place] for place in sorted(places))
