"""The document page: stage, subtitle, panel and transport, kept in step with workspace, player and run."""

from __future__ import annotations

from dataclasses import replace
from math import ceil

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from visualnn.gui.clock import FrameClock
from visualnn.gui.edits import describe, editable, number_at, parameter_index, with_number
from visualnn.gui.panel import Page, Panel
from visualnn.gui.player import Player
from visualnn.gui.theme import color
from visualnn.gui.trainer import Trainer
from visualnn.gui.views.inspector import InspectorView
from visualnn.gui.views.loss import LossView
from visualnn.gui.views.network import Content, NetworkView
from visualnn.gui.views.output import OutputView
from visualnn.gui.views.python import PythonView
from visualnn.gui.views.top_bar import TopBar
from visualnn.gui.views.training import TrainingView
from visualnn.gui.views.transport import TransportView
from visualnn.gui.widgets.subtitle import Subtitle
from visualnn.gui.workspace import Workspace, trace_of
from visualnn.nn.training import Options, Snapshot
from visualnn.project import Project
from visualnn.scene import code, inspection, playback, progress
from visualnn.scene.formula import Sentence, plain
from visualnn.scene.frame import Place
from visualnn.scene.sentences import Story, sentence
from visualnn.scene.timeline import Timeline

STEP, TRAIN = 0, 1
COMPACT_WIDTH, COMPACT_HEIGHT = 1200, 720
SUBTITLE_HEIGHT = 68
NUMBER_WEIGHT = 650


def parts(words: Sentence) -> list[tuple[str, str | None, int | None]]:
    """A sentence as the subtitle takes it: numbers are heavier."""
    return [(p.text, p.role, NUMBER_WEIGHT if p.role else None) for p in words]


class StageColumn(QWidget):
    """The stage with its subtitle, on the canvas colour."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), color("canvas"))


class DocumentPage(QWidget):
    """Everything beside and below the network, for one document at a time."""

    mode_changed = Signal(int)
    code_copied = Signal(str)

    def __init__(self, workspace: Workspace, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(parent)
        self.workspace = workspace
        self.player = Player(clock, self)
        self.trainer = Trainer(workspace, clock, self)
        self.mode = STEP
        self.decimals = 2
        self._gestures: dict[str, int] = {}
        self._detail_key: object = None
        self._frames = 0
        self._make_views()
        self._lay_out()
        self._connect()

    # -- building ------------------------------------------------------------------------------------------------

    def _make_views(self) -> None:
        self.top_bar = TopBar(self)
        column = StageColumn(self)
        self.stage = NetworkView(column)
        self.subtitle = Subtitle(column)
        self.subtitle.setFixedHeight(SUBTITLE_HEIGHT)
        self.inspector, self.python = InspectorView(self), PythonView(self)
        self.output, self.loss, self.training = OutputView(self), LossView(self), TrainingView(self)
        pages = [Page([self.inspector, self.python], {1}), Page([self.output, self.loss, self.training], {2})]
        self.panel = Panel(pages, self)
        self.transport = TransportView(self)
        self._column = column

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self._column)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addWidget(self.stage, 1)
        inner.addWidget(self.subtitle)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self._column, 1)
        middle.addWidget(self.panel)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self.top_bar)
        outer.addLayout(middle, 1)
        outer.addWidget(self.transport)

    def _connect(self) -> None:
        self.workspace.project_changed.connect(self._on_project_changed)
        self.player.moved.connect(self._on_moved)
        self.player.state_changed.connect(self._show_state)
        self.player.timeline_changed.connect(self._on_timeline_changed)
        self.trainer.snapshot_changed.connect(self._on_snapshot_changed)
        self.trainer.state_changed.connect(self._show_state)
        self.stage.place_selected.connect(self._on_place_selected)
        self.stage.number_requested.connect(self.set_number)
        self.stage.edit_cancelled.connect(self.workspace.cancel)
        self.stage.step_requested.connect(self._on_step_requested)
        self.inspector.number_scrubbed.connect(self._on_inspector_scrubbed)
        self.inspector.number_committed.connect(self._on_inspector_committed)
        self.inspector.reset_requested.connect(self.reset_number)
        self.python.copy_requested.connect(self.copy_code)
        self.top_bar.mode_chosen.connect(self.set_mode)
        self.training.options_requested.connect(self._on_options_requested)
        self.training.rate_scrubbed.connect(self._on_rate_scrubbed)
        self.loss.update_chosen.connect(self.trainer.seek)
        self._connect_transport()

    def _connect_transport(self) -> None:
        bar = self.transport
        bar.start_requested.connect(self.to_start)
        bar.back_requested.connect(self.step_back)
        bar.play_requested.connect(self.toggle)
        bar.forward_requested.connect(self.step)
        bar.scrubbed.connect(self._on_scrubbed)
        bar.grain_chosen.connect(self.set_grain)
        bar.speed_chosen.connect(self.set_speed)
        bar.same_start_requested.connect(self.trainer.same_start)
        bar.new_weights_requested.connect(self.trainer.new_weights)

    # -- requests ------------------------------------------------------------------------------------------------

    def set_mode(self, mode: int) -> None:
        """Step or Train."""
        if mode == self.mode:
            return
        if mode == STEP:
            self.trainer.pause()
        else:
            self.player.pause()
        self.mode = mode
        self._enter_mode()
        self.mode_changed.emit(mode)

    def toggle(self) -> None:
        """Play or pause what this mode plays."""
        (self.player if self.mode == STEP else self.trainer).toggle()

    def step(self, larger: int = 0) -> None:
        """One forward."""
        (self.player if self.mode == STEP else self.trainer).step(int(larger))

    def step_back(self, larger: int = 0) -> None:
        """One back."""
        if self.mode == STEP:
            self.player.back(int(larger))
        else:
            self.trainer.back()

    def to_start(self) -> None:
        """The first moment."""
        if self.mode == STEP:
            self.player.seek(0)
        else:
            self.trainer.same_start()

    def to_end(self) -> None:
        """The last moment of the pass."""
        if self.mode == STEP:
            self.player.seek(self.player.length)

    def set_grain(self, grain: str) -> None:
        """How far one step goes."""
        if self.mode == STEP:
            self.player.set_grain(grain)
        else:
            self.trainer.set_by_epoch(grain in ("epoch", "neuron"))  # keys 1 and 2 say operation and neuron

    def set_speed(self, speed: float) -> None:
        """A factor on everything that plays in this mode."""
        (self.player if self.mode == STEP else self.trainer).set_speed(speed)

    def guide(self) -> None:
        """From the beginning, stopping at each finished sum."""
        self.set_mode(STEP)
        self.player.guide()

    def set_number(self, place: Place, value: float, gesture: object = None) -> None:
        """Edit an input, weight or bias; edits of one gesture are one undo step."""
        project = self._base_for_edit(place)
        if project is not None and number_at(project, place) != value:
            self.workspace.edit(with_number(project, place, value), describe(project, place), gesture)

    def _base_for_edit(self, place: Place) -> Project | None:
        """What an edit starts from: in Train mode a weight is changed in the run's own weights."""
        if self.mode == TRAIN and place.kind != "neuron":
            self.trainer.adopt()
        return self.workspace.project

    def reset_number(self) -> None:
        """Give the selected weight or bias back the value it had before the edits by hand."""
        project, place = self.workspace.project, self.stage.selected
        if project is not None and place is not None and place.kind in ("weight", "bias"):
            self.set_number(place, float(project.origin[parameter_index(project, place)]))

    def copy_code(self) -> None:
        """Hand out the network as a Python program."""
        project = self.shown_project()
        if project is not None:
            text = code.source(project.network, project.parameters, project.names, project.sample, project.name)
            self.code_copied.emit(text)

    def select(self, place: Place | None) -> None:
        """Inspect a place, in Step mode's panel."""
        self.stage.select(place)
        self._on_place_selected(place)

    def shown_project(self) -> Project | None:
        """The project with the weights on screen: in Train mode those of the run."""
        project, snapshot = self.workspace.project, self.trainer.snapshot
        if project is not None and self.mode == TRAIN and snapshot is not None:
            return project.with_parameters(snapshot.parameters)
        return project

    # -- values down ---------------------------------------------------------------------------------------------

    def _enter_mode(self) -> None:
        self.top_bar.set_mode(self.mode)
        self.panel.show_page(self.mode)
        self._detail_key = None
        project = self.workspace.project
        if project is None:
            return
        if self.mode == TRAIN:
            self.trainer.prepare()
            if self.trainer.snapshot is not None:
                self._show_training(self.trainer.snapshot, charts=True)
            self._show_options(project.options)
        else:
            self.transport.show_step(self.player.timeline.phases if self.player.timeline else [], self._bubble)
            self._show_pass()
        self._show_state()

    def _on_project_changed(self, project: Project, before: Project | None) -> None:
        trace = self.workspace.trace()
        opened = before is None
        if opened:
            self.stage.select(None)
        same = before is not None and before.network is project.network
        self._detail_key = None
        self.player.set_timeline(self._timeline(project, trace.target is not None), keep_place=same)
        if self.mode == TRAIN:
            if opened or project.options is not (before.options if before else None):
                self._show_options(project.options)
            self.trainer.prepare()
            if self.trainer.snapshot is not None:
                self._show_training(self.trainer.snapshot, charts=True)
        self._show_state()

    def _timeline(self, project: Project, has_target: bool) -> Timeline:
        return Timeline(project.network, project.options.loss if has_target else None)

    def _on_timeline_changed(self) -> None:
        if self.mode == STEP and self.player.timeline is not None:
            self.transport.show_step(self.player.timeline.phases, self._bubble)

    def _on_moved(self, _t: float) -> None:
        if self.mode == STEP:
            self._show_pass()

    def _show_pass(self) -> None:
        project, timeline = self.workspace.project, self.player.timeline
        if project is None or timeline is None:
            return
        trace = self.workspace.trace()
        self.stage.show_content(Content(project, trace, timeline, self.player.t, self.decimals))
        self._show_details()

    def _show_details(self) -> None:
        """What changes only with the step, not with every frame."""
        project, timeline, t = self.workspace.project, self.player.timeline, self.player.t
        assert project is not None
        assert timeline is not None
        number = min(ceil(t), len(timeline))
        key = (project, number, t == number, self.stage.selected, self.decimals)
        if key == self._detail_key:
            return
        self._detail_key = key
        trace = self.workspace.trace()
        step = timeline.step(number) if number else None
        self.subtitle.set_parts(parts(sentence(self._story(), t)))
        picture = playback.picture(trace, timeline, t)
        lines = code.run_lines(project.network, project.names)
        self.python.show_lines(code.valued_lines(lines, picture, step, self.decimals))
        self._show_inspection(project, step.place if step else None, number)
        self.transport.scrubber.set_position(number)
        self._show_ends()

    def _show_inspection(self, project: Project, place: Place | None, number: int) -> None:
        timeline = self.player.timeline
        assert timeline is not None
        chosen = self.stage.selected
        if chosen is None and place is None:
            self.inspector.show_inspection(None)
            return
        step = timeline.step(number) if number and chosen is None else None
        place = chosen or place
        assert place is not None
        if step is not None and step.phase == "Forward" and place.kind == "weight":
            place = Place("neuron", place.column, place.neuron)  # the sum it is a part of
        shown = inspection.inspect(self.workspace.trace(), project.names, place, step)
        value, edited = None, False
        if chosen is not None and editable(chosen):
            value = number_at(project, chosen)
            if chosen.kind != "neuron":
                edited = value != float(project.origin[parameter_index(project, chosen)])
        self.inspector.show_inspection(shown, value, edited, self._label(chosen))

    @staticmethod
    def _label(place: Place | None) -> str:
        kind = place.kind if place else ""
        return {"weight": "Weight", "bias": "Bias"}.get(kind, "Input")

    def _story(self) -> Story:
        project, timeline = self.workspace.project, self.player.timeline
        assert project is not None
        assert timeline is not None
        data = project.data
        return Story(self.workspace.trace(), timeline, project.names, data.rule == "sum", data.classification)

    def _bubble(self, number: int) -> str:
        return plain(sentence(self._story(), number))

    def _show_state(self) -> None:
        if self.mode == STEP:
            player = self.player
            self.transport.show_state(player.playing, player.grain, player.speed, player.t <= 0)
        else:
            trainer, snapshot = self.trainer, self.trainer.snapshot
            grain = "epoch" if trainer.by_epoch else "update"
            at_start = snapshot is None or snapshot.update == 0
            self.transport.show_state(
                trainer.running, grain, trainer.speed, at_start, "" if trainer.running else "Train"
            )
            if snapshot is not None:
                self._show_training(snapshot, charts=True)

    def _show_ends(self) -> None:
        at_start = self.player.t <= 0
        self.transport.start.setEnabled(not at_start)
        self.transport.back.setEnabled(not at_start)

    def _on_snapshot_changed(self, snapshot: Snapshot) -> None:
        if self.mode == TRAIN:
            self._frames += 1
            self._show_training(snapshot, charts=not self.trainer.running or self._frames % 2 == 0)

    def _show_training(self, snapshot: Snapshot, charts: bool) -> None:
        """The run on stage at every frame, in the charts at every second one."""
        project = self.workspace.project
        if project is None:
            return
        trace = trace_of(project, snapshot.parameters)
        shown = replace(project, parameters=snapshot.parameters)  # what is dragged starts from what is seen
        self.stage.show_content(Content(shown, trace, None, 0.0, self.decimals))
        if not charts:
            return
        words = progress.sentence(project, snapshot, trace, self.trainer.running)
        self.subtitle.set_parts(parts(words), live=self.trainer.running)
        self.output.show_content(project, snapshot.parameters, snapshot)
        curve = snapshot.curve
        self.loss.show_curve(curve.updates, curve.losses, snapshot.update, snapshot.loss, project.options.goal)
        self.transport.show_train(curve.losses, snapshot.update, max(snapshot.update, 1))
        at_start = snapshot.update == 0
        self.transport.start.setEnabled(not at_start)
        self.transport.back.setEnabled(not at_start)

    def _show_options(self, options: Options) -> None:
        project = self.workspace.project
        if project is not None:
            self.training.show_options(options, project.data.rows, project.network.activations[-1])

    # -- slots ---------------------------------------------------------------------------------------------------

    def _on_place_selected(self, place: Place | None) -> None:
        self._detail_key = None
        if self.mode == STEP:
            self._show_pass()
        elif place is not None and not editable(place):
            self.set_mode(STEP)

    def _on_step_requested(self, direction: int, larger: int) -> None:
        self.step(larger) if direction > 0 else self.step_back(larger)

    def _on_scrubbed(self, position: int) -> None:
        if self.mode == STEP:
            self.player.seek(position)
        else:
            self.trainer.seek(position)

    def _on_inspector_scrubbed(self, value: float) -> None:
        place = self.stage.selected
        if place is not None:
            self.set_number(place, value, ("inspector", self._gestures.setdefault("inspector", 0)))

    def _on_inspector_committed(self, value: float) -> None:
        self._on_inspector_scrubbed(value)
        self._gestures["inspector"] = self._gestures.get("inspector", 0) + 1

    def _on_options_requested(self, options: Options, what: str) -> None:
        project = self.workspace.project
        if project is not None:
            gesture = ("rate", self._gestures.get("rate", 0))
            self._gestures["rate"] = self._gestures.get("rate", 0) + 1
            self.workspace.edit(project.with_options(options), what, gesture)

    def _on_rate_scrubbed(self, rate: float) -> None:
        project = self.workspace.project
        if project is not None:
            options = replace(project.options, optimizer=replace(project.options.optimizer, rate=rate))
            gesture = ("rate", self._gestures.get("rate", 0))
            self.workspace.edit(project.with_options(options), "Learning rate", gesture)

    def resizeEvent(self, _event: object) -> None:
        compact = self.width() < COMPACT_WIDTH
        self.panel.fit(self.width())
        self.top_bar.set_compact(compact)
        self.transport.set_compact(compact)
        self.inspector.set_compact(self.height() < COMPACT_HEIGHT)
        self.loss.set_compact(self.height() < COMPACT_HEIGHT)
        self.python.set_compact(compact)
        self.subtitle.set_size(24 if self.width() >= 1600 else 20)

    def refresh(self) -> None:
        """Show everything anew, as after a change of theme or of decimals."""
        self._detail_key = None
        if self.workspace.project is not None:
            self._enter_mode()

    def select_named(self, name: str) -> None:
        """Inspect a neuron or weight by its name: "d" or "b→c"."""
        project = self.workspace.project
        if project is None:
            return
        source, _, target = name.rpartition("→")
        for column, names in enumerate(project.names):
            before = project.names[column - 1] if column else ()
            if target in names and (not source or source in before):
                neuron = names.index(target)
                if source:
                    place = Place("weight", column, neuron, before.index(source))
                else:
                    place = Place("neuron", column, neuron)
                self.set_mode(STEP)
                self.select(place)
                self.keep_focus()

    def set_rate(self, rate: float) -> None:
        """Another learning rate, as one undo step."""
        self._on_rate_scrubbed(rate)
        self._gestures["rate"] = self._gestures.get("rate", 0) + 1

    def keep_focus(self) -> None:
        """Keys go to the stage unless a field has them."""
        self.stage.setFocus(Qt.FocusReason.OtherFocusReason)
