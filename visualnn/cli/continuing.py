"""Where a training without a window begins, and what of it a file keeps: as the window does both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from visualnn.nn.device import CPU, Device

if TYPE_CHECKING:
    from visualnn.nn.curve import CurveView
    from visualnn.nn.network import Vector
    from visualnn.nn.options import Options
    from visualnn.nn.training import Training
    from visualnn.project import Project
    from visualnn.runs import Run
    from visualnn.work import Work


def left(work: Work) -> Run | None:
    """The run that led to the weights of a work, so that it can go on; with its very last moment, where that is known.

    It is one of the work's, or else what the project's progress tells.
    """
    from visualnn.runs import led_to, resumed

    project, progress = work.project, work.project.resumable
    known = next((run for run in work.runs if run.number == work.number and led_to(run, project)), None)
    if known is None:
        name = _name(project.options)
        return None if progress is None else resumed(project, progress, number=_next(work), name=name)
    if progress is None or progress.checkpoint.update != known.update:
        return known
    before = tuple(moment for moment in known.moments if moment.update < known.update)
    return replace(known, moments=(*before, progress.checkpoint))


def begun(
    project: Project, options: Options, start: Vector | None, run: Run | None, *, device: Device = CPU
) -> Training:
    """A training that records every loss: at the first update, or where a run was left."""
    from visualnn.nn.training import Training

    start = start if run is None else run.start
    training = Training(
        project.network, project.data, options, start, mask=project.mask, curve_capacity=None, device=device
    )
    if run is not None:
        rate = training.rate
        training.restore(run.moments, _spread(run), run.rate_changes or training.rates, run.update)
        training.set_rate(rate)
    return training


def fresh(project: Project, options: Options) -> Vector | None:
    """Random first weights, but for what is switched off, which keeps its own; None: nothing is."""
    import numpy as np

    from visualnn.nn.initializers import initial_parameters

    if project.mask is None:
        return None
    drawn = initial_parameters(project.network, options.initializer, options.seed, options.initializer_scale)
    return np.where(project.mask.parameters == 0.0, project.parameters, drawn)


def finished(work: Work, project: Project, training: Training, run: Run | None) -> Work:
    """A work with the run as it is now; `run` is the one that has gone on, `project` what is trained."""
    from visualnn.engine.gauge import Gauge
    from visualnn.files.document import MOST_RUNS
    from visualnn.nn.history import Progress
    from visualnn.nn.readings import NO_READINGS
    from visualnn.nn.training import Stop
    from visualnn.runs import kept, kept_curve

    training.history.keep(training.checkpoint())
    gauge = Gauge(training)
    gauge.take(NO_READINGS if run is None else run.readings)
    gauge.now()
    snapshot = training.snapshot(Stop.DONE)
    curve = kept_curve(_gathered(snapshot.whole, 1 if run is None else run.curve.stride))
    after = project.with_parameters(training.parameters)
    after = after.with_progress(Progress(training.checkpoint(), training.start, curve))
    made = kept(
        training,
        replace(snapshot, parameters=after.parameters, curve=curve, whole=curve),
        after,
        number=_next(work) if run is None else run.number,
        name=_name(project.options) if run is None else run.name,
        readings=gauge.readings,
        branch=None if run is None or run.parent is None else (run.parent, run.branched_at),
    )
    others = [other for other in work.runs if other.number != made.number]
    runs = sorted([*others, made], key=lambda each: each.number)[-MOST_RUNS:]
    return replace(work, project=after, runs=tuple(runs), number=made.number)


def _name(options: Options) -> str:
    from visualnn.scene.comparison import default_name
    from visualnn.scene.names import LABELS

    return default_name(options, LABELS)


def _next(work: Work) -> int:
    """The number of one run more."""
    return 1 + max((run.number for run in work.runs), default=0)


def _spread(run: Run) -> CurveView:
    """The curve of a run with a place for every update; NaN where no loss is known any more."""
    import numpy as np

    from visualnn.nn.curve import CurveView

    losses = np.full(run.update, np.nan)
    places = losses[:: run.curve.stride]
    count = min(places.size, run.curve.losses.size)
    places[:count] = run.curve.losses[:count]
    return CurveView(losses, 1)


def _gathered(curve: CurveView, stride: int) -> CurveView:
    """The same with every `stride`-th loss alone."""
    from visualnn.nn.curve import CurveView

    return CurveView(curve.losses[::stride], stride)
