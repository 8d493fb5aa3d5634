"""A tour of the landscape: what is looked at, who races there, and what Landscape mode shows of it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from visualnn.gui.parts import Parts
from visualnn.gui.scout import Scout
from visualnn.gui.showing import Showing
from visualnn.gui.trainer import Trainer
from visualnn.gui.tuner import Tuner
from visualnn.gui.turns import LIVELY, Turns
from visualnn.gui.workspace import Workspace
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene.formula import Part
from visualnn.scene.landscape import wishes
from visualnn.scene.landscape.examples import FIRST, Example, find
from visualnn.scene.landscape.portrait import Sitter
from visualnn.scene.landscape.prospect import Prospect
from visualnn.scene.landscape.standing import label

NO_GOAL = "First choose a loss to race to."
MODELS, EXAMPLE = "models", "example"  # of the menu of surfaces, beside the kinds


class Tour(QObject):
    """Holds what is wished for and has it shown; asks the document for nothing but its network."""

    adopt_requested = Signal(object, object)  # parameters, Options: of a runner whose weights are to be kept
    axes_wanted = Signal(object)  # Sitter, whose two weights are to be chosen by name

    def __init__(self, parts: Parts, workspace: Workspace, trainer: Trainer):
        super().__init__(parts)
        self._parts, self._workspace, self._trainer = parts, workspace, trainer
        self.scout = Scout(parts.clock, self)
        self.tuner = Tuner(parts.clock, self)
        self.showing = Showing(parts, self.scout, self.tuner)
        self.example: Example | None = None
        self._subject: Project | None = None  # the network that is looked at: the document's, or an example's
        self._own: Prospect | None = None  # what was wished for the document's network
        self._origin: Vector | None = None  # a start that was chosen on a slice of a whole network
        self._drawn: tuple[object, Vector | None] = (None, None)  # random weights, and by what they were drawn
        self.grain = 1
        self._turns = Turns()
        self._in_front = self._is_looking = False
        self.scout.changed.connect(self._on_changed)
        self.scout.state_changed.connect(self._on_changed)
        self.tuner.changed.connect(self._on_changed)
        parts.clock.ticked.connect(self._on_ticked)
        self._connect()

    def _connect(self) -> None:
        view, portrait, page = (getattr(self._parts.landscape, name) for name in ("view", "portrait", "contest"))
        view.surface_chosen.connect(self.choose_surface)
        view.example_chosen.connect(self.open_example)
        view.height_chosen.connect(self._on_height_chosen)
        view.start_requested.connect(self._on_start_requested)
        view.ball_chosen.connect(self._on_ball_chosen)
        view.ball_dragged.connect(self._on_ball_dragged)
        view.ball_dropped.connect(self._on_ball_dropped)
        view.window_requested.connect(self._on_window_requested)
        view.window_reset_requested.connect(self.fit)
        view.refinement_cancelled.connect(self.settle)
        portrait.pair_requested.connect(self.choose_pair)
        portrait.sheet_requested.connect(self.ask_axes)
        page.runners_requested.connect(self._on_runners_requested)
        page.runner_chosen.connect(self.scout.select)
        page.keep_requested.connect(self._on_keep_requested)
        page.start_requested.connect(self.pick_start)
        page.goal_chosen.connect(self._on_goal_chosen)
        page.bet_placed.connect(self._on_bet_placed)
        page.best_rate_requested.connect(self.find_best_rate)
        page.search_cancelled.connect(self.tuner.cancel)
        page.rate_accepted.connect(self._on_rate_accepted)
        page.update_chosen.connect(self.scrub)

    # -- what is looked at ---------------------------------------------------------------------------------------

    @property
    def decimals(self) -> int:
        """Of the numbers on the network."""
        return self.showing.decimals

    @decimals.setter
    def decimals(self, decimals: int) -> None:
        self.showing.decimals = decimals

    @property
    def surface(self) -> str:
        """What is looked at, as a file tells it."""
        project = self._workspace.project
        return "" if project is None else wishes.surface_text(project, self._wish(project), self.example)

    @surface.setter
    def surface(self, text: str) -> None:
        project = self._workspace.project
        if project is not None and text:
            self._own, self.example = wishes.read(text, project)
            self._subject = None

    def _wish(self, project: Project) -> Prospect:
        """What is wished for the document's network."""
        if self._own is None:
            self._own = wishes.first(project)
        return self._own

    def show_all(self) -> None:
        """Come to the front, or show everything anew."""
        self._in_front = True
        self.showing.entered()
        self._look()

    def leave(self) -> None:
        """Another mode comes to the front."""
        self._in_front = self.showing.is_picking = False
        self.scout.pause()
        self.scout.forget()
        self.tuner.cancel()

    def project_changed(self, project: Project, before: Project | None, *, in_front: bool) -> None:
        """Another project is on the table; `before` is None if it was opened."""
        if before is None:
            self._own, self.example, self._origin = None, None, None
            self.showing.forget()
            self.tuner.cancel()
            self.scout.close()
        if self._own is not None and not _has(project, self._own):
            self._own = wishes.first(project)
        elif self._own is not None and before is not None and before.options != project.options:
            self._own = wishes.following(self._own, before, project)
        if self.example is None:
            self._subject = None
        if in_front and before is not None:
            self._look()

    def _look(self) -> None:
        """Have the scout look at what is wished for."""
        project = self._workspace.project
        if project is None or not self._in_front:
            return
        if self._subject is None:
            self._subject = project if self.example is None else wishes.subject(self.example, project)
            if self.example is not None:
                self._given = wishes.of_example(self.example, self._subject)
        start = self._start(self._subject)
        self._is_looking = True  # what changes meanwhile is shown once, in the end
        self.tuner.follow(self._subject, self.prospect, start)
        self.showing.look(self._subject, self.example, self.prospect)
        self.scout.look(self._subject, self.prospect, start)
        self._is_looking = False
        self._on_changed()

    @property
    def prospect(self) -> Prospect:
        """What is wished for now."""
        project = self._workspace.project
        assert project is not None
        return self._given if self.example is not None else self._wish(project)

    def _wished(self, prospect: Prospect) -> None:
        """Look at this from now on."""
        if self.example is not None:
            self._given = prospect
        else:
            self._own = prospect
        self._look()

    def _start(self, project: Project) -> Vector:
        """Where whole networks start: where the run in Train mode did, or at the random weights of the seed."""
        if self._origin is not None and self._origin.size == project.network.parameter_count:
            return self._origin
        start = self._trainer.start
        if self.example is None and start is not None and start.size == project.network.parameter_count:
            return start
        options = project.options
        by = project.network, options.initializer, options.seed, options.initializer_scale
        known, drawn = self._drawn
        if drawn is None or known != by:
            drawn = initial_parameters(*by)
            self._drawn = by, drawn
        return drawn

    # -- requests ------------------------------------------------------------------------------------------------

    def choose_surface(self, key: str) -> None:
        """Another kind of surface."""
        project = self._workspace.project
        if key == MODELS:
            self.open_example(FIRST)
        elif project is not None and key != EXAMPLE:
            self._own = replace(self._wish(project), kind=key, window=None, start=None)
            self.example, self._subject, self._origin = None, None, None
            self.showing.is_picking = False
            self._look()
            if self.scout.trouble:
                self.scout.fit()

    def open_example(self, name: str) -> None:
        """What shows one thing."""
        self.example, self._subject, self._origin = find(name), None, None
        self.showing.is_picking = False
        self.scout.select(0)
        self.scout.restart()
        self._look()

    def choose_pair(self, i: int, j: int) -> None:
        """The surface of two other weights."""
        if self.example is not None and self.prospect.kind == "formula":
            return
        kind = self.prospect.kind if self.prospect.kind in ("weights", "slice") else "weights"
        self._wished(replace(self.prospect, kind=kind, pair=(i, j), start=None, window=None))

    def ask_axes(self) -> None:
        """Let two weights be chosen by name."""
        if self._subject is not None and self.prospect.kind != "formula":
            project = self._subject
            self.axes_wanted.emit(Sitter(project.network, project.names, self.prospect.pair, project.mask))

    def fit(self) -> None:
        """A window around everything that is to be seen."""
        self._wished(replace(self.prospect, window=None))
        self.scout.fit()

    def settle(self) -> None:
        """What is known is enough: of the surface that grows finer, or of the race that it waits for."""
        if self.scout.relief is None and not self.scout.race_is_ready:
            self._wished(replace(self.prospect, updates=max(1, self.scout.known)))
        else:
            self.scout.stop_refining()

    def pick_start(self, is_picking: bool) -> None:
        """Whether the next click on the surface is where the race begins."""
        if is_picking != self.showing.is_picking:
            self.showing.is_picking = is_picking
            self._on_changed()
        if is_picking:
            self._parts.landscape.view.setFocus(Qt.FocusReason.OtherFocusReason)  # for the arrows, Enter and Esc

    def find_best_rate(self, place: int) -> None:
        """Try rates for a runner."""
        if self.prospect.goal is None:
            self._parts.say((Part(NO_GOAL),))
        elif self._subject is not None:
            self.tuner.start(self._subject, self.prospect, self._start(self._subject), place)

    def shown_project(self) -> Project | None:
        """The document with the weights that the small network shows."""
        project = self._workspace.project
        if project is None or self._subject is not project:
            return project
        return project.with_parameters(self.showing.parameters())

    # -- the transport -------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        """Play or pause; at the end of the distance, on over twice as much."""
        scout = self.scout
        if scout.playing:
            scout.pause()
            return
        is_at_end = scout.t >= self.prospect.updates
        if self.showing.is_settled or (is_at_end and not self.prospect.can_go_on):
            scout.seek(0)
        elif is_at_end:
            self._wished(self.prospect.farther())
        scout.play()

    def step(self, direction: int, larger: int) -> None:
        """One on or back, or ten times as much."""
        updates = self.grain * (10 if larger else 1)
        if direction > 0 and self.scout.t >= self.prospect.updates and not self.showing.is_settled:
            self._wished(self.prospect.farther())
        self.scout.step(direction * updates)

    def scrub(self, position: int) -> None:
        """To a moment."""
        self.scout.pause()
        self.scout.seek(position)

    def to_end(self) -> None:
        """The end of the race, as far as it is known."""
        self.scrub(self.prospect.updates)

    def describe(self, position: int) -> str:
        """A moment in words."""
        return self.showing.describe(position) or label(position, self.prospect.updates)

    def set_grain(self, grain: str) -> None:
        """How many updates a step makes; the keys 1, 2 and 3 say operation, neuron and layer."""
        known = {"operation": 1, "neuron": 10, "layer": 100}
        self.grain = known.get(grain) or (int(grain) if grain.isdecimal() else self.grain)
        self._on_changed()

    # -- slots ---------------------------------------------------------------------------------------------------

    def _on_changed(self) -> None:
        """Everything at once, or while a race is played one thing a frame, so that none takes long."""
        if not self._in_front or self._is_looking or self._subject is None:
            return
        if self.scout.playing:
            self._turns.begin()
        else:
            self._turns.end()
            self.showing.show(self.grain)

    def _on_ticked(self, _seconds: float, _now: float) -> None:
        if self._turns and self._in_front:
            self.showing.show_part(self._turns.take(LIVELY, False), self.grain)

    def _on_height_chosen(self, is_log: bool) -> None:
        self._wished(replace(self.prospect, is_log=is_log))

    def _on_window_requested(self, window: Window) -> None:
        self._wished(replace(self.prospect, window=window))

    def _on_start_requested(self, x: float, y: float) -> None:
        self._begin_at(x, y)

    def _on_ball_chosen(self, index: int) -> None:
        self.scout.select(self.showing.runner_of(index))

    def _on_ball_dragged(self, _index: int, x: float, y: float) -> None:
        self.showing.carry((x, y))

    def _on_ball_dropped(self, index: int, x: float, y: float) -> None:
        self.showing.carry(None)
        if index >= 0:
            self.scout.select(self.showing.runner_of(index))
        self._begin_at(x, y)
        self.scout.play()

    def _begin_at(self, x: float, y: float) -> None:
        """All start there."""
        self.showing.is_picking = False
        self.scout.pause()
        self.scout.restart()
        prospect, terrain = self.prospect, self.scout.terrain
        if prospect.is_of_two:
            self._wished(replace(prospect, start=(x, y)))
        elif terrain is not None and terrain.plane is not None:
            self._origin = np.asarray(terrain.plane.point(x, y))
            self._look()

    def _on_runners_requested(self, runners: tuple[Options, ...]) -> None:
        self._wished(replace(self.prospect, runners=runners))

    def _on_goal_chosen(self, goal: float | None) -> None:
        self._wished(replace(self.prospect, goal=goal))

    def _on_bet_placed(self, bet: int | None) -> None:
        self.showing.bet(bet)
        self._on_changed()

    def _on_rate_accepted(self, place: int, rate: float) -> None:
        runner = self.prospect.runners[place]
        better = replace(runner, optimizer=replace(runner.optimizer, rate=rate))
        self.tuner.cancel()
        self._wished(self.prospect.with_runner(place, better))

    def _on_keep_requested(self, place: int) -> None:
        project = self._workspace.project
        if project is not None and self._subject is project:
            self.adopt_requested.emit(self.showing.parameters(place), self.prospect.runners[place])

    # -- at the end ----------------------------------------------------------------------------------------------

    @property
    def busy(self) -> bool:
        """Whether something is being worked out beside the window."""
        views = self._parts.landscape
        return self.scout.busy or self.tuner.busy or views.view.busy or views.portrait.busy

    def finish(self) -> None:
        """Have everything known and drawn now; for pictures and tests."""
        self.scout.finish()
        self._on_changed()
        self._parts.landscape.view.finish()
        self._parts.landscape.portrait.finish()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._in_front = False
        self.scout.rest()
        self.tuner.rest()
        self._parts.landscape.rest()


def _has(project: Project, prospect: Prospect) -> bool:
    """Whether a network still has the two weights of a wish, and can move them."""
    count, mask = project.network.parameter_count, project.mask
    places = prospect.pair or ()
    return all(place < count and (mask is None or mask.parameters[place] != 0.0) for place in places)
