"""Processor or GPU? Looks for a GPU, has both measured, and lets the learner choose.

All of it is done beside the window, and only when somebody looks. What is measured belongs to the network, the data and
the settings as they were; where these have changed meanwhile it is forgotten. Nothing is measured while a run goes on,
unless somebody asks for it, and a run that begins stops what is being measured.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from visualnn import gpu
from visualnn.engine.devices import Comparison, Times
from visualnn.gui.device_facts import DEVICES, ONLY_32, Answer, Facts
from visualnn.gui.editor import Editor
from visualnn.gui.tasks import Newest
from visualnn.gui.trainer import Trainer
from visualnn.gui.views.training.device import DeviceView
from visualnn.gui.workspace import Workspace
from visualnn.nn.device import PRECISION, Device, DeviceError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import accelerator, choose
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.project import Project

CALM_MS = 400  # nobody has changed anything for so long
FULL = "There is not enough memory to measure this network."
SAME_RUN = "The GPU computes with 32 bits, so the precision has changed."
OTHER_RUN = "The GPU computes with 32 bits: another run, back at the same start."


class Devices(QObject):
    """Holds what is known of this computer's devices, for the present project."""

    gpu_wanted = Signal()  # have its loops loaded, and tell `take_loaded` how that went
    chosen = Signal(str)  # "cpu", "cuda" or "tf32", to be remembered
    said = Signal(str)  # what an edit did that came with the choice
    offered = Signal(str)  # why the GPU that was chosen does not train; `take_32_bits` mends that

    def __init__(
        self, view: DeviceView, workspace: Workspace, trainer: Trainer, editor: Editor, parent: QObject | None = None
    ):
        super().__init__(parent)
        self._view, self._workspace, self._trainer, self._editor = view, workspace, trainer, editor
        self._card: gpu.Gpu | None = None
        self._is_loading = False
        self._trouble = ""  # why it could not be loaded, or has not done what it was asked for
        self._answer = Answer()
        self._comparison: Comparison | None = None
        self._is_asked_for = False  # by somebody, while a run goes on
        self._has_offered = False  # in this document
        self._prober, self._measurer = Newest(self), Newest(self)
        self._prober.done.connect(self._on_probed)
        self._measurer.done.connect(self._on_measured)
        self._calm = QTimer(self, singleShot=True, interval=CALM_MS)
        self._calm.timeout.connect(self._on_calm)
        view.seen.connect(self._on_seen)
        view.device_chosen.connect(self.choose)
        view.measure_requested.connect(self.measure)
        workspace.project_changed.connect(self._on_project_changed)
        trainer.state_changed.connect(self._on_state_changed)
        trainer.noticed.connect(self._on_noticed)

    # -- requests ------------------------------------------------------------------------------------------------

    def remember(self, key: str) -> None:
        """What was chosen in another sitting. No GPU is looked for before somebody trains, or looks."""
        self._trainer.set_device(DEVICES[key])
        self.refresh()

    def choose(self, key: str) -> None:
        """Train there from now on. The GPU takes 32 bits, which is one undo step."""
        self._trouble = ""
        self._trainer.set_device(DEVICES[key])
        self.chosen.emit(key)
        if DEVICES[key].is_gpu:
            self._look_for_gpu()
            self.take_32_bits()
        self._on_changed()

    def take_32_bits(self) -> None:
        """The precision of GPUs, where it is another one."""
        project = self._workspace.project
        if project is None or not is_exact(project):
            return
        snapshot = self._trainer.snapshot
        is_begun = snapshot is not None and snapshot.update > 0
        self._editor.set_options(replace(project.options, precision=PRECISION), "Train on the GPU")
        self.said.emit(OTHER_RUN if is_begun else SAME_RUN)

    def measure(self) -> None:
        """How long does an update take here and there? Stopped by whatever makes the question another one."""
        project = self._workspace.project
        if project is None:
            return
        self._stop()
        self._is_asked_for = self._trainer.running
        task = Task.of(project.network, replace(project.options, goal=None), project.data, project.mask)
        self._comparison = Comparison(task, _weights(project), self._gpu if accelerator.loaded() else None)
        self._measurer.ask(partial(_measured, self._key(project), self._comparison))
        self.refresh()

    def look(self) -> None:
        """What computes may have become another: measure that as soon as somebody sees it."""
        self._on_changed()

    def take_loaded(self, trouble: str) -> None:
        """The loops on the GPU are loaded, or why they are not."""
        self._is_loading, self._trouble = False, trouble
        self._on_changed()

    def rest(self) -> None:
        """Let nothing go on: the window is being closed."""
        self._calm.stop()
        self._stop()
        self._measurer.rest()
        self._prober.rest()

    def finish(self) -> None:
        """Have it found out now; for pictures and tests."""
        self._prober.wait(30)
        self._measurer.wait(30)

    # -- what there is to see ------------------------------------------------------------------------------------

    @property
    def _gpu(self) -> Device | None:
        """The GPU as it would be used; None if there is none to be used."""
        if self._card is None or not self._card.usable or accelerator.lost():
            return None
        return self._trainer.device if self._trainer.device.is_gpu else DEVICES["cuda"]

    def refresh(self) -> None:
        """Show what is known now."""
        project, trainer = self._workspace.project, self._trainer
        is_known = project is not None and self._answer.key == self._key(project)
        facts = Facts(
            card=self._card,
            lost=accelerator.lost(),
            trouble=self._trouble,
            device=trainer.device,
            is_exact=is_exact(project),
            is_loading=self._is_loading,
            is_loaded=accelerator.loaded(),
            is_measuring=self._comparison is not None,
            is_running=trainer.running,
            answer=self._answer if is_known else None,
        )
        self._view.show_content(facts.content)

    def _key(self, project: Project) -> tuple[object, ...]:
        """All that the times depend on."""
        network, options, data = project.network, project.options, project.data
        compiled = choose.loaded(Task(network, options, data.inputs, data.targets))
        loops = compiled, accelerator.loaded(), self._gpu
        return network, project.silent, project.cut, data.rows, _course(options), *loops

    # -- what happens --------------------------------------------------------------------------------------------

    def _look_for_gpu(self) -> None:
        """Find out whether there is one and, if so, have it made ready."""
        if self._card is None:
            if not self._prober.busy:
                self._prober.ask(gpu.probe)
        elif self._gpu is not None and not accelerator.loaded() and not self._is_loading and not self._trouble:
            self._is_loading = True
            self.gpu_wanted.emit()

    def _stop(self) -> None:
        """What is being measured is of no interest any more."""
        if self._comparison is not None:
            self._comparison.stop()
            self._measurer.forget()
            self._comparison = None

    def _on_changed(self) -> None:
        self._calm.start()
        self.refresh()

    def _on_seen(self) -> None:
        if not self._calm.isActive():
            self._calm.start()

    def _on_calm(self) -> None:
        """Nothing has changed for a moment: if somebody looks, find out what is not known."""
        project, trainer = self._workspace.project, self._trainer
        if project is None or not self._view.is_in_sight:
            return
        self._look_for_gpu()
        waits = self._card is None or self._is_loading or trainer.running or trainer.resting
        if not waits and self._comparison is None and self._answer.key != self._key(project):
            self.measure()
        self.refresh()

    def _on_probed(self, card: gpu.Gpu) -> None:
        self._card = card
        if self._trainer.device.is_gpu or self._view.is_in_sight:
            self._look_for_gpu()
        self._on_changed()

    def _on_measured(self, answer: Answer | None) -> None:
        self._comparison = None
        if answer is not None:
            self._answer = answer
        self._on_changed()

    def _on_project_changed(self, project: Project, before: Project | None) -> None:
        if before is None:
            self._has_offered = False
        if self._answer.key != self._key(project):
            self._stop()
            self._on_changed()
        else:
            self.refresh()

    def _on_state_changed(self) -> None:
        """A run begins, ends, or is another one."""
        trainer = self._trainer
        if trainer.running and not self._is_asked_for:
            self._stop()
        if trainer.device.is_gpu and trainer.snapshot is not None:
            self._look_for_gpu()
            if trainer.running and self._gpu is not None and is_exact(self._workspace.project):
                self._offer()
        self._on_changed()

    def _offer(self) -> None:
        """Once in a document: others than this one were trained on the GPU."""
        if not self._has_offered:
            self._has_offered = True
            self.offered.emit(ONLY_32)

    def _on_noticed(self, sentence: str) -> None:
        self._trouble = sentence
        self._on_changed()


def _measured(key: object, comparison: Comparison) -> Answer | None:
    """Both times, for a thread."""
    cpu, on_gpu, trouble = None, None, ""
    try:
        cpu = comparison.cpu()
        on_gpu = comparison.gpu()
    except DeviceError as error:
        trouble = str(error)
    except MemoryError:
        trouble = FULL
    return None if comparison.is_stopped else Answer(key, Times(cpu, on_gpu), trouble)


def is_exact(project: Project | None) -> bool:
    """Whether the GPU cannot train this, because it is to be computed with 64 bits."""
    return project is not None and project.options.precision != PRECISION


def _course(options: Options) -> Options:
    """The same without what changes nothing in how long an update takes."""
    start = {"seed": 0, "initializer": "zeros", "initializer_scale": 1.0}
    rule = replace(options.optimizer, rate=1.0)
    return replace(options, optimizer=rule, goal=None, epochs=None, patience=None, **start)


def _weights(project: Project) -> Vector:
    """Those of the project, or first ones where these are no numbers any more."""
    if np.isfinite(project.parameters).all():
        return project.parameters
    return initial_parameters(project.network, "glorot_uniform", 0, 1.0)
