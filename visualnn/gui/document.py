"""The document page: connects what the views ask for with the mode in front and with the editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import ceil

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from visualnn.gui import edits
from visualnn.gui.clock import FrameClock
from visualnn.gui.data_desk import DataDesk
from visualnn.gui.devices import Devices
from visualnn.gui.editor import Editor
from visualnn.gui.edits import editable
from visualnn.gui.modes.landscape import LandscapeMode
from visualnn.gui.modes.mode import Mode
from visualnn.gui.modes.step import StepMode
from visualnn.gui.modes.train import TrainMode
from visualnn.gui.parts import Parts
from visualnn.gui.player import Player
from visualnn.gui.subpages import Subpages
from visualnn.gui.tasks import Newest
from visualnn.gui.trainer import Trainer
from visualnn.gui.workspace import Workspace, trace_of
from visualnn.nn.network import Network, Vector
from visualnn.nn.options import Options
from visualnn.project import Project
from visualnn.scene import code
from visualnn.scene.frame import Place
from visualnn.scene.mends import Mend
from visualnn.work import MODES, View

STEP, TRAIN, LANDSCAPE = 0, 1, 2
WRITTEN_AT_ONCE = 2_000  # parameters of a program that takes no time that is felt
NO_CODE = "This network is too large for a listing. Export it instead."


class DocumentPage(Parts):
    """One document, seen in one of the modes: its parts, and what makes them work when it comes alive."""

    code_copied = Signal(str)

    def __init__(self, workspace: Workspace, clock: FrameClock, parent: QWidget | None = None):
        super().__init__(clock, parent)
        self.workspace = workspace

    def come_alive(self) -> None:
        """Let its parts work, when they are made."""
        workspace, clock = self.workspace, self.clock
        self.player = Player(clock, self)
        self.trainer = Trainer(workspace, clock, self)
        self.editor = Editor(workspace, self.trainer.pause_now, self._adopt, self)
        self.devices = Devices(self.training.device, workspace, self.trainer, self.editor, self)
        self.lookout = LandscapeMode(self, workspace, self.trainer)
        self.lookout.adopt_requested.connect(self._on_adopt_requested)
        self.modes: tuple[Mode, ...] = (
            StepMode(self, workspace, self.player),
            TrainMode(self, workspace, self.trainer),
            self.lookout,
        )
        self.mode = STEP
        self._guest: Mode | None = None  # what stands in for the mode: a sweep
        self.desk = DataDesk(self, workspace, self.editor)
        self.subpages = Subpages(self, workspace, self.trainer, clock)
        self.subpages.opened.connect(self._on_subpage_opened)
        self.subpages.copied.connect(self.code_copied)
        self.subpages.adopt_requested.connect(self._on_adopt_requested)
        self.subpages.run_requested.connect(self._on_run_requested)
        train = self.modes[TRAIN]
        train.overlaid = self.subpages.overlaid
        self.subpages.ticked_changed.connect(train.show_charts)
        self._scribe = Newest(self)  # writes programs that take long
        self._scribe.done.connect(self._on_code_written)
        self._listing = False  # whether the steps stand in a row in Step mode
        self.modes[STEP].in_front = True
        workspace.project_changed.connect(self._on_project_changed)
        self._connect_views()
        self._connect_transport()

    def _connect_views(self) -> None:
        self.stage.place_selected.connect(self._on_place_selected)
        self.stage.number_requested.connect(self.set_number)
        self.stage.edit_cancelled.connect(self.workspace.cancel)
        self.stage.edit_requested.connect(self.editor.apply)
        self.stage.matrix_requested.connect(self.open_matrix)
        self.matrix.closed.connect(self.close_matrix)
        self.matrix.weight_chosen.connect(self._on_weight_chosen)
        self.stage.step_requested.connect(self._on_step_requested)
        self.stage.inside_requested.connect(self.step_inside)
        self.stage.batch_requested.connect(self.set_batch)
        self.stage.row_requested.connect(self.next_row)
        self.inspector.number_scrubbed.connect(self._on_number_scrubbed)
        self.inspector.number_committed.connect(self._on_number_committed)
        self.inspector.number_finished.connect(self._on_number_finished)
        self.inspector.reset_requested.connect(self.reset_number)
        self.inspector.next_requested.connect(self.next_update)
        self.python.copy_requested.connect(self.copy_code)
        self.top_bar.mode_chosen.connect(self.set_mode)
        self.training.options_requested.connect(self._on_options_requested)
        self.training.rate_scrubbed.connect(self._on_rate_scrubbed)
        self.training.rate_finished.connect(self._on_rate_finished)
        self.trouble.mend_requested.connect(self.mend)
        self.trouble.dismissed.connect(self._on_trouble_dismissed)
        self.training.page_requested.connect(self.open_subpage)
        self.trainer.state_changed.connect(self._on_runs_counted)
        self.trainer.runs.changed.connect(self._on_runs_counted)
        self.loss.update_chosen.connect(self.trainer.seek)

    def _connect_transport(self) -> None:
        bar = self.transport
        bar.start_requested.connect(self.to_start)
        bar.back_requested.connect(self.step_back)
        bar.play_requested.connect(self.toggle)
        bar.forward_requested.connect(self.step)
        bar.scrubbed.connect(self._on_scrubbed)
        self.steps.scrubbed.connect(self._on_scrubbed)
        self.bubble.describe = self._describe
        bar.grain_chosen.connect(self.set_grain)
        bar.speed_chosen.connect(self.set_speed)
        bar.same_start_requested.connect(self.same_start)
        bar.new_weights_requested.connect(self.trainer.new_weights)

    # -- the mode in front ---------------------------------------------------------------------------------------

    @property
    def front(self) -> Mode:
        """The mode that is seen, or what stands in for it."""
        return self.modes[self.mode] if self._guest is None else self._guest

    def set_mode(self, mode: int) -> None:
        """Step, Train or Landscape."""
        if mode == self.mode:
            return
        self.leave(self.panel)
        self.subpages.close()
        self.front.leave()
        self.mode = mode
        self._enter()

    def _enter(self) -> None:
        self.top_bar.set_mode(self.mode)
        looked = self.has_focus_in_front
        if self.mode == LANDSCAPE:
            self.landscape.show()
        else:
            self.show_stage()
            if not self.subpages.name:
                self.panel.show_page(self.mode)
        if looked:
            self.keep_focus()
        self.steps.setVisible(self._listing and self.mode == STEP and not self.presenting)
        if self.workspace.project is not None:
            self.front.enter()

    def open_subpage(self, name: str) -> None:
        """Runs, a race, what is inside, other libraries: over the panel of Train mode."""
        self.set_mode(TRAIN)
        self.subpages.open(name)

    def show_device(self) -> None:
        """Where training computes, in the panel of Train mode."""
        self.set_mode(TRAIN)
        self.subpages.close()
        self.reveal_device()

    def _on_subpage_opened(self, name: str) -> None:
        self._host(self.subpages.guest)
        if not name and self.mode != LANDSCAPE:
            self.panel.show_page(self.mode)
            self.keep_focus()

    def _host(self, guest: Mode | None) -> None:
        """Let something stand in for the mode, or nothing any more."""
        if guest is not self._guest:
            self.front.leave()
            self._guest = guest
            self._enter()

    def mend(self, mend: Mend) -> None:
        """Do what was offered about a run in trouble."""
        if mend.update is not None:
            self.trainer.seek(mend.update)
            return
        self.trainer.pause_now()
        self.editor.apply(edits.Edit(mend.label, mend.applied))
        self.trainer.same_start()

    def _on_trouble_dismissed(self) -> None:
        self.modes[TRAIN].advisor.dismiss()

    def _on_runs_counted(self) -> None:
        self.training.show_runs(self.trainer.run_count)

    def _on_adopt_requested(self, parameters: Vector, options: Options) -> None:
        self.editor.apply(edits.adopted(parameters, options))

    def _on_run_requested(self, parameters: Vector, options: Options) -> None:
        self.editor.apply(edits.adopted(parameters, options, begins=True))
        self.trainer.same_start()

    def refresh(self) -> None:
        """Show everything anew, as after a change of theme or of decimals."""
        self._enter()

    def set_presenting(self, presenting: bool) -> None:
        super().set_presenting(presenting)
        self.refresh()

    def toggle(self) -> None:
        """Play or pause what this mode plays."""
        self.front.toggle()

    def step(self, larger: int = 0) -> None:
        """One forward."""
        self.front.step(int(larger))

    def step_back(self, larger: int = 0) -> None:
        """One back."""
        self.front.back(int(larger))

    def to_start(self) -> None:
        """The first moment."""
        self.front.to_start()

    def same_start(self) -> None:
        """Where the run, or the race, began."""
        if self.mode == LANDSCAPE or self._guest is not None:
            self.to_start()
        else:
            self.trainer.same_start()

    def to_end(self) -> None:
        """The last moment of a pass, or of a race."""
        self.front.to_end()

    def set_grain(self, grain: str) -> None:
        """How far one step goes."""
        self.front.set_grain(grain)

    def set_speed(self, speed: float) -> None:
        """A factor on everything that plays in this mode."""
        self.front.set_speed(speed)

    @property
    def listing(self) -> bool:
        """Whether the steps stand in a row over the transport."""
        return self._listing

    def set_listing(self, listing: bool) -> None:
        """Show the steps in a row over the transport in Step mode, or do not."""
        self._listing = listing
        self._enter()

    def step_inside(self, place: Place | None = None) -> None:
        """Through a neuron operation by operation, without a place the chosen one; the Inspector goes along."""
        place = self.stage.selected if place is None else place
        if place is not None and place.column:
            self.set_mode(STEP)
            self.select(None)
            self.player.enter(place.column - 1, place.neuron)

    def step_outside(self) -> None:
        """Leave the neuron; it is chosen."""
        inside = self.player.inside
        if inside is not None:
            self.player.leave()
            self.select(Place("neuron", inside.layer + 1, inside.neuron))

    def next_update(self) -> None:
        """Keep the weights that the update arrives at, and begin the next one."""
        self.set_mode(STEP)
        self.editor.apply(edits.updated(self.workspace.trace()))
        self.player.seek(0)

    def set_batch(self, rows: int) -> None:
        """Follow so many rows together; 0: the one on the stage alone."""
        self.set_mode(STEP)
        project = self.workspace.project
        if project is not None and project.batch != rows:
            self.editor.apply(edits.batched(rows))

    def next_row(self, by: int = 1) -> None:
        """Another row of the batch, or of the data."""
        self.editor.apply(edits.another_row(by))

    def guide(self) -> None:
        """From the beginning, stopping at each finished sum."""
        self.set_mode(STEP)
        self.player.guide()

    @property
    def decimals(self) -> int:
        """Decimals on the canvas: 2 or 4."""
        return self.front.decimals

    def set_decimals(self, decimals: int) -> None:
        """Another number of decimals on the canvas."""
        for mode in self.modes:
            mode.decimals = decimals
        self.refresh()

    # -- edits ---------------------------------------------------------------------------------------------------

    def set_number(self, place: Place, value: float, gesture: object = None) -> None:
        """Edit an input, weight or bias; edits of one gesture are one undo step."""
        self.editor.set_number(place, value, gesture)

    def reset_number(self) -> None:
        """Give the selected weight or bias back the value it had before the edits by hand."""
        self.editor.reset_number(self.stage.selected)

    def set_rate(self, rate: float) -> None:
        """Another learning rate, as one undo step."""
        self.editor.set_rate(rate)

    def switch(self) -> None:
        """Switch the chosen neuron off, or cut the chosen connection; the other way round where it is off."""
        project, place = self.workspace.project, self.stage.selected
        edit = None if project is None or place is None else edits.switched(project, place)
        if edit is not None:
            self.editor.apply(edit)

    def reshape(self, hidden: tuple[int, ...]) -> None:
        """Hidden layers of these sizes; surviving weights are kept."""
        self.editor.apply(edits.reshaped(hidden))

    @property
    def busy(self) -> bool:
        """Whether something is being made beside the window."""
        readers = self.step_reader.busy or self.train_reader.busy
        return self.front.busy or self.output.busy or self.stage.busy or readers or self._reads_file

    @property
    def _reads_file(self) -> bool:
        return self.has_data and self.data.is_busy()

    def finish(self) -> None:
        """Have everything drawn now; for pictures and tests."""
        self.front.finish()
        self.output.finish()
        self.stage.finish()
        self.step_reader.finish()
        self.train_reader.finish()

    def rest(self) -> None:
        """Let nothing go on beside the window: it is being closed."""
        self._scribe.rest()
        self.devices.rest()
        self.trainer.close()
        self.player.pause()
        self.stage.rest()
        self.output.rest()
        if self.has_data:
            self.data.rest()
        self.step_reader.rest()
        self.train_reader.rest()
        self.subpages.rest()
        for mode in self.modes:
            mode.rest()

    def _adopt(self) -> None:
        self.front.adopt()

    # -- looking -------------------------------------------------------------------------------------------------

    def copy_code(self) -> None:
        """Hand out the network on screen as a Python program, in the form that is shown."""
        project = self.shown_project()
        if project is None:
            return
        if project.network.parameter_count > code.MAX_LISTED:
            self.editor.failed.emit(NO_CODE)
            return
        trace = self.workspace.trace()
        if project is not self.workspace.project:
            trace = trace_of(project, project.parameters)
        write = partial(code.source, trace, project.names, project.name, self.python.form)
        if project.network.parameter_count <= WRITTEN_AT_ONCE:
            self.code_copied.emit(write())
        else:
            self._scribe.ask(write)

    def _on_code_written(self, text: str) -> None:
        self.code_copied.emit(text)

    def shown_project(self) -> Project | None:
        """The project with the weights on screen."""
        return self.front.shown_project()

    def select(self, place: Place | None) -> None:
        """Inspect a place."""
        self.stage.select(place)
        self._on_place_selected(place)

    def select_named(self, name: str) -> None:
        """Inspect a neuron or weight by its name: "d" or "b→c"."""
        project = self.workspace.project
        place = None if project is None else place_named(project.names, name)
        if place is not None:
            self.set_mode(STEP)
            self.select(place)
            self.stage.bring_into_view(place)
            self.keep_focus()

    @property
    def view(self) -> View:
        """How the document is looked at."""
        project, place = self.workspace.project, self.stage.selected
        name = "" if project is None or place is None else name_of(project.names, place)
        return View(MODES[self.mode], ceil(self.player.t), name, self.lookout.surface)

    def look(self, view: View) -> None:
        """Look at the document as somebody did before."""
        self.lookout.surface = view.surface
        self.set_mode(MODES.index(view.mode))
        self.player.seek(min(view.step, self.player.length))
        project = self.workspace.project
        place = place_named(project.names, view.selected) if project is not None and view.selected else None
        if place is not None and self.mode == STEP:
            self.select(place)

    def show_example(self, name: str) -> None:
        """A landscape that shows one thing, by its name."""
        self.set_mode(LANDSCAPE)
        self.lookout.open_example(name)

    def keep_focus(self) -> None:
        """Keys go to what is large on the page unless a field has them."""
        front = self.landscape.view if self.mode == LANDSCAPE else self.stage_in_front
        front.setFocus(Qt.FocusReason.OtherFocusReason)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and self._owns(event):
            event.accept()
            return True
        return super().event(event)

    def _owns(self, event: QKeyEvent) -> bool:
        """Esc leaves what was entered last, before it means anything else."""
        return event.key() == Qt.Key.Key_Escape and self._entered() is not None

    def _entered(self) -> Callable[[], None] | None:
        """The way out of a neuron that is stepped through, of a start that is picked, of a page, or of the data."""
        if self.mode == STEP and self.player.inside is not None:
            return self.step_outside
        if self.mode == LANDSCAPE and self.lookout.is_picking:
            return self.lookout.leave_picking
        if self.presenting:
            return None
        return self.subpages.close if self.subpages.name else self.desk.close if self.desk.is_open else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        leave = self._entered() if event.key() == Qt.Key.Key_Escape else None
        if leave is None:
            super().keyPressEvent(event)
        else:
            leave()

    # -- slots ---------------------------------------------------------------------------------------------------

    def _on_project_changed(self, project: Project, before: Project | None) -> None:
        if before is None:
            self.stage.look_at_all()
            self.close_matrix()
        other = before is not None and len(before.network.sizes) != len(project.network.sizes)
        if before is None or other or not is_there(project.network, self.stage.selected):
            self.stage.select(None)
        for mode in self.modes:
            mode.project_changed(project, before)

    def _on_place_selected(self, place: Place | None) -> None:
        if self.mode == TRAIN and place is not None and not editable(place):
            self.set_mode(STEP)
        else:
            self.front.place_selected(place)

    def _on_weight_chosen(self, source: int, neuron: int) -> None:
        layer = self.matrix_layer
        if layer is not None:
            self.select(Place("weight", layer + 1, neuron, source))

    def _on_step_requested(self, direction: int, larger: int) -> None:
        self.step(larger) if direction > 0 else self.step_back(larger)

    def _on_scrubbed(self, position: int) -> None:
        self.front.scrub(position)

    def _describe(self, position: int) -> str:
        return self.front.describe(position)

    def _on_number_scrubbed(self, value: float) -> None:
        if self.stage.selected is not None:
            self.editor.drag_number(self.stage.selected, value)

    def _on_number_committed(self, value: float) -> None:
        if self.stage.selected is not None:
            self.editor.set_number(self.stage.selected, value)

    def _on_number_finished(self) -> None:
        self.editor.end_drag("number")

    def _on_options_requested(self, options: Options, what: str) -> None:
        self.editor.set_options(options, what)

    def _on_rate_scrubbed(self, rate: float) -> None:
        self.editor.drag_rate(rate)

    def _on_rate_finished(self) -> None:
        self.editor.end_drag("rate")


def is_there(network: Network, place: Place | None) -> bool:
    """Whether a network has a place; without a place, that is not missing."""
    if place is None:
        return True
    sizes = network.sizes
    if place.column >= len(sizes) or place.neuron >= sizes[place.column]:
        return False
    return place.source is None or place.source < sizes[place.column - 1]


def name_of(names: tuple[tuple[str, ...], ...], place: Place) -> str:
    """The name under which `place_named` finds a neuron or a weight; nothing for other places."""
    if place.kind not in ("neuron", "weight"):
        return ""
    target = names[place.column][place.neuron]
    return target if place.source is None else f"{names[place.column - 1][place.source]}→{target}"


def place_named(names: tuple[tuple[str, ...], ...], name: str) -> Place | None:
    """The neuron "d" or the weight "b→c"; None if there is none of that name."""
    source, _, target = name.rpartition("→")
    for column, here in enumerate(names):
        before = names[column - 1] if column else ()
        if target in here and (not source or source in before):
            if source:
                return Place("weight", column, here.index(target), before.index(source))
            return Place("neuron", column, here.index(target))
    return None
