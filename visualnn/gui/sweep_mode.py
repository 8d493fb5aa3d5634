"""The sweep in front: its cells on the stage, its page in the panel, its time on the transport."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import Qt, Signal

from visualnn.gui.modes.mode import Mode
from visualnn.gui.parts import Parts
from visualnn.gui.sweep import SweepPlayer
from visualnn.gui.views.sweep import SweepGrid, SweepPage
from visualnn.gui.workspace import Workspace
from visualnn.nn.device import CPU, Device
from visualnn.project import Project
from visualnn.scene.formula import Part
from visualnn.scene.sweep import headings, lesson, meaning

WAIT = "One moment: the networks are being made."
PAGE_S = 0.25  # at least, between two moments in the page, of a sweep that goes on


class SweepMode(Mode):
    """Stands in for Train mode as long as its page is open."""

    back_requested = Signal()
    adopt_requested = Signal(object, object)  # parameters, Options
    run_requested = Signal(object, object)  # the same, to be trained from there
    told = Signal(str)

    def __init__(self, parts: Parts, workspace: Workspace, device: Callable[[], Device] = lambda: CPU):
        super().__init__(parts, workspace)
        self._device = device
        self.player = SweepPlayer(parts.clock, self)
        self.page, self.grid = SweepPage(parts.panel), SweepGrid(parts)
        self.grain, self._paged = 1, 0.0
        self._field, self._has_chosen = self.player.field, False  # chosen: a cell, by somebody
        self._later: list[Callable[[], None]] = []  # what is shown in frames of their own
        self._has_moved, self._is_behind = False, False  # in this frame; the page or the track
        parts.clock.ticked.connect(self._on_ticked)
        self.player.moved.connect(self._on_moved)
        self.player.state_changed.connect(self._on_state_changed)
        self.player.noticed.connect(self.told)
        self.player.failed.connect(self.told)
        self.grid.chosen.connect(self._on_chosen)
        self.grid.use_requested.connect(self._on_use_requested)
        self.page.back_requested.connect(self.back_requested)
        self.page.counts_chosen.connect(self._on_counts_chosen)
        self.page.distance_chosen.connect(self.player.set_distance)
        self.page.use_requested.connect(self.use)
        self.page.start_requested.connect(self.train_alone)

    # -- what it is told -----------------------------------------------------------------------------------------

    def enter(self) -> None:
        is_new = not self.in_front
        self.grid.set_presenting(self.parts.presenting)
        self.parts.show_front(self.grid)
        super().enter()
        if is_new or not self.parts.panel.isAncestorOf(self.parts.window().focusWidget()):
            self.grid.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        super().leave()
        self.player.pause()

    def show_all(self) -> None:
        project = self.workspace.project
        if project is not None:
            self.player.open(project, self._device())
            self._on_state_changed()

    def project_changed(self, project: Project, before: Project | None) -> None:
        if before is None:
            self.player.close()
        elif self.in_front:
            self.show_all()

    def rest(self) -> None:
        self.player.close()
        self.grid.rest()

    @property
    def busy(self) -> bool:
        return self.grid.busy

    def finish(self) -> None:
        self.player.finish()
        self.grid.finish()

    # -- the transport -------------------------------------------------------------------------------------------

    def toggle(self) -> None:
        self.player.toggle()

    def step(self, larger: int) -> None:
        self.player.step(self.grain * (10 if larger else 1))

    def back(self, larger: int) -> None:
        """There is no way back but to the start."""

    def scrub(self, position: int) -> None:
        self.player.go(position)
        self._show_track()

    def describe(self, position: int) -> str:
        return f"Train all to update {position:,}" if position > self.player.update else ""

    def to_start(self) -> None:
        self.player.restart()

    def to_end(self) -> None:
        self.player.go(self.player.distance)

    def set_grain(self, grain: str) -> None:
        names = ("update", "10", "100")
        if grain in ("operation", "neuron", "layer"):  # the keys 1, 2 and 3
            grain = names[("operation", "neuron", "layer").index(grain)]
        self.grain = int(grain) if grain.isdigit() else 1
        self._show_state()

    @property
    def speed(self) -> float:
        return self.player.speed

    def set_speed(self, speed: float) -> None:
        self.player.set_speed(speed)

    # -- one network ---------------------------------------------------------------------------------------------

    def use(self) -> None:
        """The rate, the seed and the weights of the network that is looked at become the project's."""
        standing = self.player.standing
        if standing is None or not standing.has_begun or standing.moment.diverged[self.grid.index]:
            return
        taken = self.player.taken(self.grid.index)
        if taken is not None:
            self.adopt_requested.emit(*taken)  # before Train mode brings home what its run has come to
            self.back_requested.emit()

    def train_alone(self) -> None:
        """It is trained alone, from where it began."""
        begun = self.player.begun(self.grid.index)
        if begun is not None:
            self.run_requested.emit(*begun)
            self.back_requested.emit()

    # -- what it shows -------------------------------------------------------------------------------------------

    def _on_moved(self) -> None:
        if not self.in_front:
            return
        player = self.player
        parts = () if player.standing is None else headings(player.standing, player.where, running=player.running)
        trouble = player.trouble or WAIT
        self.grid.show_standing(player.ground, player.standing, parts, trouble, hurry=not player.running)
        self._has_moved = True
        self._look_around()
        self._say()
        if not player.running:
            self._later, self._is_behind = [], False
            self._show_page()
            self._show_track()

    def _on_ticked(self, _seconds: float, now: float) -> None:
        """One of the slower things in each frame in which the cells stay as they are, or soon in any."""
        has_moved, self._has_moved = self._has_moved, False
        self._is_behind |= has_moved and self.player.running
        if self._is_behind and not self._later and now - self._paged >= PAGE_S:
            self._is_behind, self._later = False, [self._show_page, self._show_track]
        if self._later and self.in_front and (not has_moved or now - self._paged >= 2 * PAGE_S):
            self._later.pop(0)()

    def _look_around(self) -> None:
        """Until somebody chooses a cell: that of the own rate and seed, and at rest the best one."""
        player, standing = self.player, self.player.standing
        if player.field is not self._field:
            self._field, self._has_chosen = player.field, False
            self.grid.choose(len(player.field.rates) // 2)
        if self._has_chosen or player.running or standing is None or standing.best in (None, self.grid.index):
            return
        self.grid.choose(standing.best)

    def _show_page(self) -> None:
        player, ground = self.player, self.player.ground
        goal = None if ground is None else ground.options.goal
        self._paged = self.parts.clock.now
        self.page.set_empty(bool(player.trouble))
        is_mean = player.standing is not None and player.standing.is_mean
        said = meaning(goal, is_mean=is_mean)
        self.page.show_standing(player.standing, self.grid.index, player.curve, said)

    def _say(self) -> None:
        """What there is to learn, of the moment that the cells are at."""
        standing = self.player.standing
        self.parts.say((Part("" if standing is None else lesson(standing)),), live=self.player.running)

    def _show_track(self) -> None:
        player, standing = self.player, self.player.standing
        reach = max(player.distance, player.update)  # steps lead beyond the end, too
        losses: np.ndarray = np.empty(0)
        if standing is not None and standing.has_begun:
            index = self.grid.index if standing.best is None else standing.best
            losses = track(standing.moment.curves[index], standing.moment.update, reach)
        self.parts.transport.show_sweep(losses, reach, player.update)
        self.parts.transport.show_at_start(player.update == 0)
        self.parts.transport.back.setEnabled(False)

    def _show_state(self) -> None:
        if not self.in_front:
            return
        player = self.player
        self.parts.transport.show_state(player.running, f"{self.grain}", player.speed, player.update == 0)
        self._show_track()

    def _on_state_changed(self) -> None:
        project = self.workspace.project
        if not self.in_front or project is None:
            return
        player, options = self.player, project.options
        rate, seed = options.optimizer.rate, options.seed
        if player.field.seeds:
            seed, rate = player.field.seeds[0], player.center
        self.page.show_choices(rate, seed, (player.rate_count, player.seed_count), player.distance)
        self._on_moved()
        self._show_state()
        self._show_page()
        self._say()

    # -- slots ---------------------------------------------------------------------------------------------------

    def _on_chosen(self, _index: int) -> None:
        self._has_chosen = True
        self._show_page()
        self._show_track()

    def _on_use_requested(self, index: int) -> None:
        self.grid.choose(index)
        self.use()

    def _on_counts_chosen(self, rates: int, seeds: int) -> None:
        self.player.set_counts(rates, seeds)


def track(losses: np.ndarray, update: int, distance: int) -> np.ndarray:
    """The losses of a network spread over the whole distance; where it has not been, its last."""
    places = np.linspace(0, distance, len(losses)) / max(update, 1) * (len(losses) - 1)
    known = losses[np.isfinite(losses)]
    spread = losses[np.minimum(places.astype(np.intp), len(losses) - 1)].astype(np.float64)
    last = float(known[-1]) if known.size else 1.0
    return np.where(np.isfinite(spread) & (places <= len(losses) - 1), spread, last)
