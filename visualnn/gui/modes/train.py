"""Train: how does it learn?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from visualnn.gui.advisor import Advisor
from visualnn.gui.modes.mode import Mode
from visualnn.gui.parts import Parts
from visualnn.gui.tasks import Newest
from visualnn.gui.theme import current
from visualnn.gui.trainer import Trainer
from visualnn.gui.turns import Turns, order
from visualnn.gui.views.network import Content
from visualnn.gui.workspace import Workspace, trace_of
from visualnn.nn.metrics import is_right, predict
from visualnn.nn.network import Network
from visualnn.nn.trace import Trace
from visualnn.nn.training import Snapshot
from visualnn.project import Project
from visualnn.runs import Run
from visualnn.scene import look, progress
from visualnn.scene.drawing import Maps
from visualnn.scene.layout import MOST_TILES
from visualnn.scene.maps import plane_of, tiles
from visualnn.scene.measured import kept_line, offered, own_lines, rate_marks
from visualnn.scene.record import Record
from visualnn.scene.trouble import dead_places

TOO_LARGE = "This rate is too large here."
COUNTED_AT_ONCE = 100_000  # rows × parameters of which it takes no time that is felt to count what is right
AT_ONCE = 20_000  # parameters up to which a pass takes no time that is felt
CHART_FRAMES = 2  # of a large network: its stage moves at every frame, sentence and charts at every second one


class TrainMode(Mode):
    """Shows the newest snapshot of the run."""

    def __init__(self, parts: Parts, workspace: Workspace, trainer: Trainer):
        super().__init__(parts, workspace)
        self.trainer = trainer
        self._frames = 0
        self.metric = "loss"  # what the chart is about
        self.overlaid: Callable[[], Sequence[Run]] = tuple  # the other runs in it
        self._late: Seen | None = None  # what sentence and charts have not told yet
        self._shown: tuple[object, ...] | None = None  # what is on screen of a run at rest
        self._turns = Turns()
        self._passes = Newest(self)
        self._passes.done.connect(self._on_seen)
        self.advisor = Advisor(trainer, self)
        self.advisor.changed.connect(self._on_advised)
        trainer.snapshot_changed.connect(self._on_snapshot_changed)
        trainer.state_changed.connect(self._show_state)
        trainer.reported.connect(self._on_reported)
        trainer.ticked.connect(self._on_ticked)
        parts.loss.metric_chosen.connect(self._on_metric_chosen)

    # -- what it is told -----------------------------------------------------------------------------------------

    def enter(self) -> None:
        self.trainer.watched = True
        super().enter()

    def leave(self) -> None:
        super().leave()
        self.trainer.watched = False
        self._late = None
        self._turns.end()
        self._passes.forget()
        self.advisor.forget()
        self.trainer.pause()

    def show_all(self) -> None:
        self._shown = None
        self.trainer.prepare()
        self._show_options()
        self._show_state()

    def _on_metric_chosen(self, metric: str) -> None:
        self.metric = metric
        self.show_charts()

    def show_charts(self) -> None:
        """The charts once more, as when another run has been laid over them."""
        project, snapshot = self.workspace.project, self.trainer.snapshot
        if self.in_front and project is not None and snapshot is not None:
            self._show_charts(project, snapshot)

    def project_changed(self, project: Project, before: Project | None) -> None:
        self._late = None
        if not self.in_front:
            return
        self.trainer.prepare()
        if before is None or _asked(project) != _asked(before):
            self._show_options()
        self._show_state()

    def shown_project(self) -> Project | None:
        project, snapshot = self.workspace.project, self.trainer.snapshot
        if project is None or snapshot is None:
            return project
        return project.with_parameters(snapshot.parameters)

    def adopt(self) -> None:
        self.trainer.adopt()

    def rest(self) -> None:
        self._passes.rest()
        self.advisor.rest()

    @property
    def busy(self) -> bool:
        return self._passes.busy or self.advisor.busy

    def finish(self) -> None:
        self._passes.wait()
        self.advisor.finish()

    def toggle(self) -> None:
        self.trainer.toggle()

    def step(self, larger: int) -> None:
        self.trainer.step(larger)

    def back(self, larger: int) -> None:
        self.trainer.back(larger)

    def scrub(self, position: int) -> None:
        self.trainer.scrub(position * self.trainer.stride)

    def to_start(self) -> None:
        self.trainer.same_start()

    def set_grain(self, grain: str) -> None:
        self.trainer.set_by_epoch(grain in ("epoch", "neuron"))  # the keys 1 and 2 say operation and neuron

    @property
    def speed(self) -> float:
        return self.trainer.speed

    def set_speed(self, speed: float) -> None:
        self.trainer.set_speed(speed)

    # -- what it shows -------------------------------------------------------------------------------------------

    def _show_options(self) -> None:
        project = self.workspace.project
        if project is not None:
            data, output = project.data, project.network.activations[-1]
            self.parts.training.show_options(project.options, data.rows, output, data.classification, data.tests)
            metrics = offered(data.classification)
            self.metric = self.metric if self.metric in metrics else "loss"
            self.parts.loss.set_metrics(metrics)

    def _show_state(self) -> None:
        if not self.in_front:
            return
        trainer, snapshot = self.trainer, self.trainer.snapshot
        grain = "epoch" if trainer.by_epoch else "update"
        at_start = snapshot is None or snapshot.update == 0
        name = "" if trainer.running else "Continue from here" if trainer.looks_back else "Train"
        self.parts.training.show_start(trainer.fresh)
        self.parts.transport.show_state(trainer.running, grain, trainer.speed, at_start, name)
        if snapshot is not None and not trainer.resting:
            self._show_run(snapshot, at_rest=True)

    def _on_snapshot_changed(self, snapshot: Snapshot) -> None:
        if not self.in_front:
            return
        self.advisor.look(self.workspace.project, snapshot)
        self._show_run(snapshot)
        late, self._late = self._late, None
        if late is not None:
            self._tell(late)

    def _show_run(self, snapshot: Snapshot, at_rest: bool = False) -> None:
        """The network at once where that is quick, else as soon as its pass has been worked out beside the window."""
        project = self.workspace.project
        if project is None:
            return
        colors = look.load(current().name)
        if project.network.parameter_count > AT_ONCE:
            self._passes.ask(partial(seen, project, snapshot, colors))
        elif at_rest or not self.trainer.running:
            self._passes.forget()
            self._turns.end()
            key = self._key(project, snapshot)
            if key != self._shown:
                self._shown = key
                moment = seen(project, snapshot, colors)
                self._show(moment)
                self._tell(moment)
        else:
            self._passes.forget()
            self._shown = None
            self._turns.begin()

    def _key(self, project: Project, snapshot: Snapshot) -> tuple[object, ...]:
        """All that is to be seen of a run at rest: at the end of a run several things change, and none of this."""
        what = snapshot, project.network, project.data, project.options, project.name
        hand = id(project.sample), id(project.target), project.silent, project.cut
        trainer = self.trainer
        run = trainer.running, trainer.fresh, trainer.by_epoch, trainer.readings.updates.size
        return *what, *hand, *run, self.advisor.advice, self.metric, self.overlaid(), id(current()), self.decimals

    def _on_ticked(self) -> None:
        """One thing a frame, so that none takes long: of a run that goes on all show its newest moment in turns."""
        project, snapshot = self.workspace.project, self.trainer.snapshot
        if not self.in_front or not self._turns or project is None or snapshot is None:
            return
        turns = order(project.network.parameter_count, self.trainer.speed == float("inf"))
        part = self._turns.take(turns, self.parts.stage.busy)
        if part == "stage":
            moment = seen(project, snapshot, look.load(current().name))
            self._show(moment)
            self._show_reader(moment)
        elif part == "output":
            self._say(seen(project, snapshot, None))
            self.parts.output.show_content(project, snapshot.parameters, snapshot)
        elif part == "curves":
            self._show_curves(project, snapshot)

    def _on_seen(self, moment: Seen) -> None:
        """A large network: its stage now, sentence and charts with the next frame, so that none takes long."""
        project = self.workspace.project
        if not self.in_front or project is None or moment.project.network is not project.network:
            return
        self._show(moment)
        self._frames += 1
        if not self.trainer.running:
            self._late = None
            self._tell(moment)
        elif self._frames % CHART_FRAMES == 0:
            self._late = moment

    def _show(self, moment: Seen) -> None:
        told = self.advisor.advice
        content = Content(
            moment.shown,
            moment.trace,
            None,
            0.0,
            self.decimals,
            maps=moment.maps,
            dead=dead_places(self.trainer.report()) if moment.snapshot.update else frozenset(),
            blamed=frozenset() if told is None else told.neurons,
            blamed_links=frozenset() if told is None else told.links,
        )
        self.parts.show_network(content)

    def _on_reported(self) -> None:
        snapshot = self.trainer.snapshot
        if self.in_front and snapshot is not None:
            self.advisor.look(self.workspace.project, snapshot)

    def _on_advised(self) -> None:
        """Trouble, or none any more: the card, the place on the stage and the sentence change together."""
        told, snapshot = self.advisor.advice, self.trainer.snapshot
        if self.in_front:
            self.parts.show_trouble(told)
            self.parts.training.set_rate_trouble(TOO_LARGE if told is not None and told.blames_rate else "")
            if snapshot is not None:
                self._show_run(snapshot, at_rest=True)

    def _tell(self, moment: Seen) -> None:
        """The sentence and the charts."""
        self._say(moment)
        self._show_charts(moment.project, moment.snapshot)
        self._show_reader(moment)

    def _say(self, moment: Seen) -> None:
        project, snapshot, trainer = moment.project, moment.snapshot, self.trainer
        words = progress.sentence(project, snapshot, moment.trace, trainer.running, trainer.fresh, self._right(moment))
        words = words if self.advisor.advice is None else self.advisor.advice.subtitle
        self.parts.say(words, live=trainer.running)

    def _right(self, moment: Seen) -> tuple[int, int] | None:
        """How many rows to learn from are right at this moment, where that is soon counted."""
        data, network = moment.project.data, moment.project.network
        if not data.classification or data.rows * network.parameter_count > COUNTED_AT_ONCE:
            return None
        said = predict(network, moment.snapshot.parameters, data.inputs, moment.project.mask)
        return int(is_right(said, data.targets, moment.project.options.loss).sum()), data.rows

    def _show_charts(self, project: Project, snapshot: Snapshot) -> None:
        self.parts.output.show_content(project, snapshot.parameters, snapshot)
        self._show_curves(project, snapshot)

    def _show_curves(self, project: Project, snapshot: Snapshot) -> None:
        parts, trainer = self.parts, self.trainer
        parts.loss.show_record(self._record(project, snapshot))
        unit, length = ("Epoch", trainer.epoch_length) if trainer.by_epoch else ("Update", 1)
        parts.transport.show_train(snapshot.whole.losses, snapshot.last // length, snapshot.update // length, unit)
        parts.transport.show_at_start(snapshot.update == 0)

    def _record(self, project: Project, snapshot: Snapshot) -> Record:
        """This run and those laid over it, up to its last update."""
        others = self.overlaid()
        return Record(
            (
                *own_lines(snapshot, self.trainer.readings, self.metric),
                *(kept_line(run, self.metric) for run in others),
            ),
            self.metric,
            goal=project.options.goal,
            at=snapshot.update if snapshot.looks_back else None,
            marks=rate_marks(self.trainer.rate_changes),
            epoch_length=self.trainer.epoch_length,
            trouble=self.advisor.advice is not None,
            now="now" if others else "",
        )

    def _show_reader(self, moment: Seen) -> None:
        """The pad or the text field, with what the network says."""
        report = self.trainer.report()
        test = None if report is None else report.test
        self.parts.show_reader(self.parts.train_reader, moment.trace.output, moment.shown, test)


@dataclass(frozen=True, eq=False)
class Seen:
    """A moment of a run as it is to be shown."""

    project: Project
    shown: Project  # with the weights of the snapshot: what is dragged starts from what is seen
    snapshot: Snapshot
    trace: Trace
    maps: Maps | None


def seen(project: Project, snapshot: Snapshot, colors: look.Look | None) -> Seen:
    """The sample's pass through a snapshot and, in these colours, what every neuron says all over a plane."""
    made = trace_of(project, snapshot.parameters)
    plane = plane_of(project) if colors is not None and has_maps(project.network) else None
    drawn = None if plane is None or colors is None else tiles(project, snapshot.parameters, plane, colors)
    return Seen(project, project.showing(snapshot.parameters), snapshot, made, drawn)


def has_maps(network: Network) -> bool:
    """Whether there is room for the map of every neuron."""
    return max(network.sizes) <= MOST_TILES


def _asked(project: Project) -> tuple[object, ...]:
    """What the settings depend on."""
    return project.options, project.data, project.network
