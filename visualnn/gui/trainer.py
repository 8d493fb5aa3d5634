"""The run that trains the workspace's project: starts, steps and stops it, and brings its results home.

A run begins at fresh random weights of the document's seed, or at the weights on the table where these came out of a
run. Other options begin another run at the same start. Whenever a run rests, its weights become the project's; the
rests of one run are one undo step as long as nothing else is edited in between.

Every run is kept when another takes its place. Who looks back and plays, or changes the rate, begins a branch there.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Signal

from visualnn.engine.report import Report
from visualnn.engine.runner import (
    Command,
    Cut,
    Pause,
    Restart,
    Run,
    Runner,
    Seek,
    SetDevice,
    SetRate,
    State,
    Step,
    TakeUp,
)
from visualnn.gui.clock import FrameClock
from visualnn.gui.runs import Runs
from visualnn.gui.workspace import Workspace
from visualnn.nn.device import CPU, Device
from visualnn.nn.history import Progress
from visualnn.nn.network import Vector
from visualnn.nn.options import Options, same_run
from visualnn.nn.readings import NO_READINGS, Readings
from visualnn.nn.training import Snapshot, Stop, Training
from visualnn.project import Project, same_start
from visualnn.runs import Run as KeptRun
from visualnn.runs import kept, kept_curve
from visualnn.work import Work

PATIENCE_S = 3.0  # the window waits so long for a run to rest; a replay of millions of updates goes on behind it
BASE_PACE = 30.0  # updates a second at 1×
TRACK_POINTS = 400  # places on a scrubber: who drags means one of them, not an update among millions


class Trainer(QObject):
    """Owns the Runner of the current document; None until the learner first looks at training."""

    snapshot_changed = Signal(object)  # Snapshot
    state_changed = Signal()  # running or not, another run, another speed
    ticked = Signal()  # a frame of a run that is looked at
    reported = Signal()  # what there is to say of the moment at which it rests
    run_dropped = Signal()  # other settings began another run at the same start
    noticed = Signal(str)  # why the run has gone on on the processor

    def __init__(self, workspace: Workspace, clock: FrameClock, parent: QObject | None = None):
        super().__init__(parent)
        self._workspace = workspace
        self._clock = clock
        self._runner: Runner | None = None
        self._project: Project | None = None  # the project as this run knows it
        self.fresh = True  # whether the run began at random weights
        self._resting = False
        self._awaited = QObject(self)  # holds the clock until the report of a rest has come
        self._awaits = False
        self._gesture = 0
        self.snapshot: Snapshot | None = None
        self.speed = 1.0
        self.by_epoch = False
        self.device: Device = CPU  # where runs compute, as far as that is possible
        self.running = False
        self.watched = False  # whether Train mode is in front
        self.runs = Runs(self)
        self.runs.edited.connect(workspace.touch)
        self._restored: KeptRun | None = None  # what the next run goes on from
        workspace.project_changed.connect(self._on_project_changed)
        clock.ticked.connect(self._on_ticked)

    # -- requests ------------------------------------------------------------------------------------------------

    def prepare(self) -> None:
        """Have a run ready that belongs to the project on the table."""
        project = self._workspace.project
        if project is not None and (self._runner is None or self._stale(project)):
            if self._runner is None and project.trained:
                self._restored = self.runs.left(project)  # where it was left, as if there had been no break
            self._begin(project, self._start(project))

    def _start(self, project: Project) -> Vector | None:
        """Where a run of this project begins; None: at random weights of its seed."""
        known = self._project
        same = known is not None and project.parameters is known.parameters and _same_network(project, known)
        if self._runner is not None and same and same_start(project.options, known.options):
            return None if self.fresh else self._runner.training.start  # other options, the same start
        return project.parameters if project.trained else None

    def play(self) -> None:
        """Train at the chosen speed until paused or something says stop; in the past this begins a branch."""
        self.prepare()
        if self._runner is None:
            return
        self._branch()
        self.running = True
        self._tell_run()
        self._clock.hold(self)
        self.state_changed.emit()

    @property
    def resting(self) -> bool:
        """Whether something is still to come of what was asked for."""
        return self._resting

    @property
    def looks_back(self) -> bool:
        """Whether a moment before the last one of the run is looked at."""
        return self.snapshot is not None and not self.running and self.snapshot.looks_back

    def _branch(self) -> None:
        """Who looks back goes on in a run of its own; the one so far is kept."""
        snapshot = self.snapshot
        if snapshot is not None and self.looks_back:
            self._keep()
            self.runs.part(snapshot.update)
            self._take(replace(snapshot, last=snapshot.update, whole=snapshot.curve))

    def pause(self) -> None:
        """Rest, and bring the weights home."""
        if self._runner is None or not self.running:
            return
        self._rest(Pause())

    def pause_now(self) -> None:
        """Rest, and have the weights home when this returns: before saving, undoing or leaving."""
        if self._runner is not None and self.running:
            self._runner.tell(Pause())
        self.settle_now()

    def settle_now(self) -> None:
        """Wait until what was asked for is done, and bring the weights home."""
        if self._runner is not None and (self.running or self._resting) and self._runner.wait_idle(PATIENCE_S):
            self._settle()

    def toggle(self) -> None:
        """Play or pause."""
        if self.running:
            self.pause()
        else:
            self.play()

    def step(self, larger: int = 0) -> None:
        """One update, or one epoch."""
        self.prepare()
        if self._runner is not None:
            epoch = bool(larger) != self.by_epoch
            self._rest(Step(self._runner.training.epoch_length if epoch else 1))

    def back(self, larger: int = 0) -> None:
        """Take one update, or one epoch, back by replaying the run up to it."""
        if self._runner is not None and self.snapshot is not None and self.snapshot.update > 0:
            length = self._runner.training.epoch_length if bool(larger) != self.by_epoch else 1
            self._rest(Seek(max(0, self.snapshot.update - length)))

    def seek(self, update: int) -> None:
        """Go to an earlier update."""
        if self._runner is not None:
            self._rest(Seek(update))

    def scrub(self, update: int) -> None:
        """Go to an update as near to this one as a place on a track can tell, and as is soon there."""
        if self._runner is not None and self.snapshot is not None:
            kept = self._runner.training.history.nearest(update)
            near = kept is not None and update - kept.update <= self.snapshot.last // TRACK_POINTS
            self.seek(kept.update if kept is not None and near else update)

    def same_start(self) -> None:
        """Back to the weights this run began with: another run, which may go another way."""
        self.prepare()
        if self._runner is not None:
            self._keep()
            if self.snapshot is not None and self.snapshot.last:
                self.runs.begin(anew=True)
            self._rest(Restart())

    def new_weights(self) -> None:
        """Draw other random weights: the next seed."""
        project = self._workspace.project
        if project is None:
            return
        self.pause_now()
        project = self._workspace.project or project
        options = replace(project.options, seed=project.options.seed + 1)
        self._workspace.edit(project.with_options(options), "New weights")

    def adopt(self) -> None:
        """Bring the run's weights home now, before one of them is changed by hand."""
        if self._runner is None or self.snapshot is None:
            return
        if self.running:
            self._runner.tell(Pause())
        if self._runner.wait_idle(PATIENCE_S):
            self._settle(even_untrained=True)

    def set_speed(self, speed: float) -> None:
        """A factor on `BASE_PACE`; infinite means as fast as the machine can."""
        self.speed = speed
        if self.running:
            self._tell_run()
        self.state_changed.emit()

    def set_by_epoch(self, by_epoch: bool) -> None:
        """Whether a step is an epoch instead of an update."""
        self.by_epoch = by_epoch
        self.state_changed.emit()

    def set_device(self, device: Device) -> None:
        """Where to compute from now on; a run goes on there."""
        self.device = device
        if self._runner is not None:
            self._runner.tell(SetDevice(device))

    def close(self) -> None:
        """End the thread."""
        if self._runner is not None:
            self._keep()
            self._runner.close()
        self._runner, self.snapshot, self.running, self._resting = None, None, False, False
        self._clock.release(self)
        self._rest_watched(False)

    # -- what there is to see ------------------------------------------------------------------------------------

    @property
    def updates_per_second(self) -> float:
        """Measured speed of the run."""
        return self._runner.updates_per_second if self._runner else 0.0

    @property
    def readings(self) -> Readings:
        """What has been measured of this run."""
        return self._runner.readings if self._runner else NO_READINGS

    @property
    def epoch_length(self) -> int:
        """Updates in an epoch."""
        return self._runner.training.epoch_length if self._runner else 1

    @property
    def start(self) -> Vector | None:
        """The weights this run began with."""
        return self._runner.training.start if self._runner else None

    @property
    def reports(self) -> tuple[Report, ...]:
        """What was inside at some of its moments."""
        return self._runner.reports if self._runner else ()

    def report(self) -> Report | None:
        """The newest of them; asks for the next."""
        return self._runner.report() if self._runner else None

    @property
    def rate_changes(self) -> tuple[tuple[int, float], ...]:
        """From which update on which rate was set."""
        return self._runner.training.rates if self._runner else ()

    # -- runs that are kept --------------------------------------------------------------------------------------

    def current(self) -> KeptRun | None:
        """This run as it would be kept now; None if nothing was learned yet."""
        if self._runner is None or self.snapshot is None or self._project is None or not self.snapshot.last:
            return None
        return kept(
            self._runner.training,
            self.snapshot,
            self._project,
            number=self.number,
            name=self.runs.name(self._project.options),
            readings=self.readings,
            branch=self.runs.branch,
        )

    @property
    def number(self) -> int:
        """Of the run under way."""
        return self.runs.number

    @property
    def run_count(self) -> int:
        """How many runs there are, with the present one as soon as it has learned anything."""
        is_new = self.snapshot is not None and self.snapshot.last > 0 and self.runs.get(self.number) is None
        return len(self.runs) + is_new

    def work(self) -> Work | None:
        """All that a file keeps of the document, as it is now; while a run goes on, with the newest of its weights."""
        project, run = self._workspace.project, self.current()
        if project is None:
            return None
        if run is not None and self.running:
            project = project.with_parameters(run.parameters)
        return self.runs.work(project, run)

    def _keep(self) -> None:
        """Put the present run among those that are kept."""
        run = self.current()
        if run is not None:
            self.runs.keep(run)

    def rename(self, number: int, name: str) -> None:
        """Give a run a name of its own."""
        if number == self.number:
            self._keep()
        self.runs.rename(number, name)

    def restore(self, number: int) -> None:
        """Take up a kept run where it was left, as one undo step."""
        run, project = self.runs.get(number), self._workspace.project
        if run is None or run.project is None or project is None:
            return
        self.pause_now()
        self._keep()
        self._restored = run
        restored = replace(run.project.with_options(run.options), name=(self._workspace.project or project).name)
        self._workspace.edit(restored.with_parameters(run.parameters), f"Restore run {number}")
        if self._restored is not None:  # nobody has begun it yet
            self.prepare()

    # -- the run -------------------------------------------------------------------------------------------------

    def _stale(self, project: Project) -> bool:
        known = self._project
        if known is None or project.data is not known.data or not _same_network(project, known):
            return True
        return project.parameters is not known.parameters or not same_run(project.options, known.options)

    def _begin(self, project: Project, start: Vector | None) -> None:
        self.close()
        run, self._restored = self._restored, None
        start = start if run is None else run.start
        training = Training(
            project.network, project.data, project.options, start, mask=project.mask, device=self.device
        )
        self._runner = Runner(training)
        self._project, self.fresh = project, training.begins_at_random
        self._gesture = self._workspace.gesture()
        if run is None:
            self.runs.begin()
            self._take(training.snapshot())
            self.state_changed.emit()
        else:
            self._take_up(run)

    def _take_up(self, run: KeptRun) -> None:
        """Go on with a kept run; what it takes to get there is done by the thread."""
        assert self._runner is not None
        self._runner.poll()  # nobody wants to see the start
        self.runs.go_on(run)
        self._take(
            Snapshot(
                update=run.update,
                epoch=run.epochs,
                loss=run.loss,
                parameters=run.parameters,
                curve=run.curve,
                last=run.update,
                whole=run.curve,
                stop=run.stop,
            )
        )
        self._rest(TakeUp(run))

    def _tell_run(self) -> None:
        """Train at the chosen speed; who plays on after something said stop wants to see what comes then."""
        project, snapshot = self._workspace.project, self.snapshot
        assert project is not None
        options = project.options
        if snapshot is not None and options.goal is not None and snapshot.loss < options.goal:
            options = replace(options, goal=None)
        if snapshot is not None and options.epochs is not None and snapshot.epoch >= options.epochs:
            options = replace(options, epochs=None)
        if snapshot is not None and snapshot.stop is Stop.EARLY:
            options = replace(options, patience=None)
        self._tell(options)

    def _tell(self, options: Options) -> None:
        """Train until these options say stop."""
        assert self._runner is not None
        length = self._runner.training.epoch_length
        until = None if options.epochs is None else options.epochs * length
        self._runner.tell(Run(self._pace, until, options.goal, options.patience))

    @property
    def _pace(self) -> float | None:
        """Updates a second; None means as fast as the machine can."""
        return None if self.speed == float("inf") else BASE_PACE * self.speed * self.stride

    @property
    def stride(self) -> int:
        """Updates in one step of the transport: 1, or those of an epoch."""
        return self._runner.training.epoch_length if self._runner and self.by_epoch else 1

    def _rest(self, command: Command) -> None:
        """Obey a command that ends at rest, then bring the weights home."""
        assert self._runner is not None
        self._runner.tell(command)
        self.running = False
        self._clock.hold(self)  # until the newest snapshot has come
        self._resting = True
        self.state_changed.emit()

    def _on_ticked(self, _seconds: float, _now: float) -> None:
        if self._runner is None:
            return
        idle = self._runner.state is State.IDLE
        snapshot = self._runner.poll()
        if snapshot is not None:
            self._take(snapshot)
        self._notice()
        if idle and (self.running or self._resting):
            self._settle()
        elif self._awaits:
            self._await_report()
        self.ticked.emit()

    def _notice(self) -> None:
        """Tell of a GPU that has failed; new runs are the processor's, too, until somebody chooses the GPU again."""
        sentence = self._runner.notice() if self._runner is not None else ""
        if sentence:
            self.device = CPU
            self.noticed.emit(sentence)

    def _await_report(self) -> None:
        """Until there is a report of this rest; nobody waits for one of the start."""
        report, snapshot = self.report(), self.snapshot
        if snapshot is None or (report is not None and report.update == snapshot.update and report.stop is not None):
            self._rest_watched(False)
            self.reported.emit()

    def _rest_watched(self, awaits: bool) -> None:
        self._awaits = awaits
        (self._clock.hold if awaits else self._clock.release)(self._awaited)

    def _settle(self, even_untrained: bool = False) -> None:
        """The thread rests: commit and stop ticking."""
        assert self._runner is not None
        self.running, self._resting = False, False
        newest = self._runner.poll()
        if newest is not None:
            self._take(newest)
        self._notice()
        self._commit(even_untrained)
        self._clock.release(self)
        self._rest_watched(self.watched)
        self.state_changed.emit()

    def _take(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot
        self.snapshot_changed.emit(snapshot)

    def _commit(self, even_untrained: bool) -> None:
        project, snapshot = self._workspace.project, self.snapshot
        if project is None or snapshot is None:
            return
        if snapshot.update == 0 and not project.trained and not even_untrained:
            return  # nothing was learned: the document stays as it is
        after = project.with_parameters(snapshot.parameters)
        if np.array_equal(project.parameters, after.parameters):
            return
        self._project = after = after.with_progress(self._progress(snapshot))
        self._workspace.edit(after, "Training", gesture=("training", self._gesture))

    def _progress(self, snapshot: Snapshot) -> Progress | None:
        """What it takes to go on from here in another sitting; the thread rests."""
        assert self._runner is not None
        training = self._runner.training
        if not snapshot.update or training.updates != snapshot.update:
            return None
        return Progress(training.checkpoint(), training.start, kept_curve(snapshot.curve))

    def _on_project_changed(self, project: Project, before: Project | None) -> None:
        if before is None:
            self.close()
            self.runs.take(self._workspace.opened)
            self._project = None
            return
        known = self._project
        if self._runner is None or known is None:
            return
        if self._stale(project):
            if self.watched or project.parameters is known.parameters:
                self._replace_run(project, known)
            else:  # nobody looks: who does will have another made
                self.close()
                self._project = None
            return
        self._project = project
        if project.options.optimizer.rate != known.options.optimizer.rate:
            if self.looks_back:
                self._branch()
                self._rest(Cut())
            self._runner.tell(SetRate(project.options.optimizer.rate))
        if self.running and when_to_stop(project.options) != when_to_stop(known.options):
            self._tell(project.options)

    def _replace_run(self, project: Project, known: Project) -> None:
        """Begin the run that belongs to this project, and say so where the learner might wonder."""
        trained = self.snapshot is not None and self.snapshot.update > 0
        other = not same_run(project.options, known.options) and same_start(project.options, known.options)
        self.prepare()
        if trained and other and project.parameters is known.parameters:
            self.run_dropped.emit()


def when_to_stop(options: Options) -> tuple[object, ...]:
    """What ends a run by itself."""
    return options.goal, options.epochs, options.patience


def _same_network(a: Project, b: Project) -> bool:
    """Whether two projects train the same network, with the same parts of it switched off."""
    return (a.network, a.silent, a.cut) == (b.network, b.silent, b.cut)
