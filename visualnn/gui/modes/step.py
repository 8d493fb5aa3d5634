"""Step: what happens inside one pass?"""

from __future__ import annotations

import dataclasses
from functools import partial
from math import ceil

from visualnn.gui.edits import editable, is_edited, is_off, number_at
from visualnn.gui.modes.mode import Mode
from visualnn.gui.parts import Parts
from visualnn.gui.player import Player
from visualnn.gui.tasks import Newest
from visualnn.gui.views.network import Content
from visualnn.gui.workspace import Workspace
from visualnn.nn.metrics import Score, score
from visualnn.nn.trace import Trace
from visualnn.project import Project
from visualnn.scene import code, inspection, playback
from visualnn.scene.chips import Chips
from visualnn.scene.formula import Part, Sentence, plain
from visualnn.scene.frame import Place
from visualnn.scene.sentences import Story, sentence, story_of
from visualnn.scene.steps import record
from visualnn.scene.timeline import Step, Timeline

AT_ONCE = 2_000_000  # rows × parameters that take no time that is felt
LARGE = 3_000  # connections from which on slopes and update are worked out beside the window
PATIENCE = (Part("Working out slopes and update …"),)
GO_ON = Part("  Press Space to go on.")
LABELS = {"weight": "Weight", "bias": "Bias", "target": "Target"}
OFF = {
    "weight": "switched off, counts as 0",
    "bias": "of a neuron that is switched off",
    "neuron": "switched off, passes on 0",
    "gate": "switched off, passes on 0",
}


class StepMode(Mode):
    """Shows the moment the player stands at."""

    def __init__(self, parts: Parts, workspace: Workspace, player: Player):
        super().__init__(parts, workspace)
        self.player = player
        self._shown: object = None  # what the details were made for
        self._chips: Chips | None = None
        self._ahead = Newest(self)
        self._ahead.done.connect(self._on_prepared)
        self._asked: Trace | None = None  # what is worked out, or has been
        self._prepared: Trace | None = None
        self._scored: Project | None = None  # whose test rows were counted last
        self._score: Score | None = None
        parts.python.form_chosen.connect(self._on_form_chosen)
        player.moved.connect(self._on_moved)
        player.state_changed.connect(self._show_state)
        player.timeline_changed.connect(self._show_track)

    # -- what it is told -----------------------------------------------------------------------------------------

    def leave(self) -> None:
        super().leave()
        self.player.pause()

    def rest(self) -> None:
        self._ahead.rest()

    @property
    def busy(self) -> bool:
        return self._ahead.busy

    def finish(self) -> None:
        self._ahead.wait()

    def show_all(self) -> None:
        self._shown = None
        self._show_track()
        self._show_pass()
        self._show_state()

    def project_changed(self, project: Project, before: Project | None) -> None:
        self._shown = None
        trace = self.workspace.trace()
        loss = None if trace.target is None else project.options.loss
        timeline = Timeline(project.network, loss, trace.batch is not None)
        self.player.set_timeline(timeline, before is not None and before.network is project.network)
        if before is None:
            self.player.suit_grain()
        self._show_state()

    def place_selected(self, place: Place | None) -> None:
        self._show_pass()

    def toggle(self) -> None:
        self.player.toggle()

    def step(self, larger: int) -> None:
        self.player.step(larger)

    def back(self, larger: int) -> None:
        self.player.back(larger)

    def scrub(self, position: int) -> None:
        self.player.seek(position)

    def describe(self, position: int) -> str:
        project, timeline = self.workspace.project, self.player.timeline
        if project is None or timeline is None or not position:
            return ""
        return f"Step {position:,} · {plain(sentence(self._story(project, timeline), position))}"

    def to_start(self) -> None:
        self.player.seek(0)

    def to_end(self) -> None:
        self.player.seek(self.player.length)

    def set_grain(self, grain: str) -> None:
        self.player.set_grain(grain)

    @property
    def speed(self) -> float:
        return self.player.speed

    def set_speed(self, speed: float) -> None:
        self.player.set_speed(speed)

    def _on_form_chosen(self, _form: str) -> None:
        self._shown = None
        self._show_pass()

    def _on_moved(self, _t: float) -> None:
        self._show_pass()

    def _show_track(self) -> None:
        if self.in_front and self.player.timeline is not None:
            self.parts.transport.show_step(self.player.timeline.phases)

    def _show_state(self) -> None:
        if self.in_front:
            player = self.player
            self.parts.transport.show_state(player.playing, player.grain, player.speed, player.t <= 0)
            self._show_pass()

    def _show_pass(self) -> None:
        """The stage at every frame, the rest only when the step or the choice changes."""
        project, timeline = self.workspace.project, self.player.timeline
        if not self.in_front or project is None or timeline is None:
            return
        t = self.player.t
        if not self._is_ready(project) and t > timeline.forward_length:
            self._shown = None
            self.parts.transport.scrubber.set_position(ceil(t))
            self.parts.say(PATIENCE, live=True)
            return
        flowing = self.player.moving and self.player.grain in ("layer", "pass") and not self.player.reduced_motion
        self.parts.show_network(Content(project, self.workspace.trace(), timeline, t, self.decimals, flowing))
        if flowing and timeline.flows_at(t):
            self._show_flow(project, timeline, t)
            return
        number = min(ceil(t), len(timeline))
        key = (project, number, t == number, self.parts.stage.selected, self.decimals, self.player.waiting)
        if key != self._shown:
            self._shown = key
            self._show_details(project, timeline, number)

    def _is_ready(self, project: Project) -> bool:
        """Whether slopes and update are there; those of a large network are asked for, and come later."""
        trace = self.workspace.trace()
        if trace is self._prepared or trace.target is None or project.network.connection_count <= LARGE:
            return True
        if trace is not self._asked:
            self._asked = trace
            self._ahead.ask(partial(prepared, trace))
        return False

    def _on_prepared(self, trace: Trace) -> None:
        self._prepared = trace
        self._show_pass()

    def _show_flow(self, project: Project, timeline: Timeline, t: float) -> None:
        """While whole layers are at work there is one sentence for each; the details are those of what is done."""
        step = timeline.step(ceil(t))
        self.parts.transport.scrubber.set_position(ceil(t))
        self._show_list(project, timeline, ceil(t))
        if self._shown != (project, step.phase, step.layer):
            self._shown = (project, step.phase, step.layer)
            done = timeline.before(ceil(t), "layer")
            self._show_details(project, timeline, done, sentence(self._story(project, timeline), t, flowing=True))

    def _show_details(self, project: Project, timeline: Timeline, number: int, said: Sentence | None = None) -> None:
        """What is known after so many steps. `said` instead of what the last one did, as at a rest between layers."""
        t, trace = float(number) if said else self.player.t, self.workspace.trace()
        step = timeline.step(number) if number else None
        story, by_layers = self._story(project, timeline), self.player.grain in ("layer", "pass")
        rests = by_layers and timeline.ends_layer(t) and timeline.flows_at(t)
        words = said or sentence(story, t, flowing=rests)
        alone = self.parts.presenting and step is not None and not (said or rests)
        formula = record(story, number).formula if alone else None
        self.parts.say((*words, GO_ON) if self.player.waiting else words, formula=formula)
        picture = playback.picture(trace, timeline, t)
        lines = code.listing(trace, project.names, self.parts.python.form)
        self.parts.python.show_lines(code.valued_lines(lines, trace, timeline, t, self.decimals))
        self._show_inspection(project, picture, step)
        self._show_reader(project)
        self.parts.transport.scrubber.set_position(ceil(self.player.t))
        self._show_list(project, timeline, ceil(self.player.t))
        self.parts.transport.show_at_start(self.player.t <= 0)

    def _show_list(self, project: Project, timeline: Timeline, number: int) -> None:
        """The steps in a row, where they are wanted."""
        if self.parts.steps.isHidden():
            return
        trace = self.workspace.trace()
        if self._chips is None or self._chips.story.trace is not trace or self._chips.story.timeline is not timeline:
            self._chips = Chips(self._story(project, timeline))
        self.parts.steps.show_chips(self._chips)
        self.parts.steps.show_moment(number, int(self.player.t))

    def _show_reader(self, project: Project) -> None:
        """The pad or the text field takes the Inspector's place while nothing is chosen."""
        if project is not self._scored:
            self._scored, self._score = project, test_score(project)
        wanted = project if self.parts.stage.selected is None else None
        reader = self.parts.step_reader
        if wanted is not None:
            self.parts.show_reader(reader, self.workspace.trace().output, project, self._score)
        reader.setVisible(wanted is not None and reader.is_wanted)
        self.parts.inspector.setVisible(reader.isHidden())
        self.parts.show_code()

    def _show_inspection(self, project: Project, picture: playback.Picture, step: Step | None) -> None:
        """The chosen place in full, or what the pass is at as far as it has come."""
        chosen = self.parts.stage.selected
        place = chosen or (step.place if step else None)
        if place is None:
            self.parts.inspector.show_inspection(None)
            return
        if chosen is None and step is not None and step.phase == "Forward" and place.kind == "weight":
            place = Place("neuron", place.column, place.neuron)  # the sum it is a part of
        shown = self._inspected(project, picture, place, step, chosen is not None)
        value, edited = None, False
        if chosen is not None and editable(chosen):
            value = number_at(project, chosen)
            edited = is_edited(project, chosen)
        if chosen is not None and is_off(project, chosen):
            shown, value, edited = dataclasses.replace(shown, subtitle=OFF[chosen.kind]), None, False
        label = LABELS.get(chosen.kind if chosen else "", "Input")
        over = step is not None and step.phase == "Update" and self.player.t >= self.player.length
        self.parts.inspector.show_inspection(shown, value, edited, label, over=over)

    def _inspected(
        self, project: Project, picture: playback.Picture, place: Place, step: Step | None, chosen: bool
    ) -> inspection.Inspection:
        """A weight in the update before and after, anything else as it is in the picture."""
        trace = self.workspace.trace()
        if step is not None and step.phase == "Update":
            if place.kind in ("weight", "bias", "target"):
                return inspection.inspect(trace, project.titles, place, step)
            return inspection.inspect(picture.trace, project.titles, place)
        return inspection.inspect(trace, project.titles, place, step, chosen=chosen)

    def _story(self, project: Project, timeline: Timeline) -> Story:
        return story_of(project, self.workspace.trace(), timeline)


def test_score(project: Project) -> Score | None:
    """How the network does on the rows held back, where that is soon counted."""
    held = project.data.held
    if held is None or held.rows * project.network.parameter_count > AT_ONCE:
        return None
    return score(project.network, project.parameters, held, project.options.loss, project.mask)


def prepared(trace: Trace) -> Trace:
    """The same with everything worked out that can be asked of it; for a thread beside the window's."""
    playback.prepare(trace)
    return trace
