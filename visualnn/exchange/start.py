"""Where the training of a project begins: what “Train” does in the window when the document has just been opened.

What a program is to answer with are the numbers that are shown; it may begin to train with others.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from visualnn.nn.initializers import initial_parameters
from visualnn.nn.network import Matrix, Vector
from visualnn.nn.schedule import fresh_scalars
from visualnn.project import Project
from visualnn.scene.libraries import EPOCHS


@dataclass(frozen=True, eq=False)
class Start:
    """The state before the next update. What is cut has weight 0 and no memory."""

    update: int  # updates done, all of them here
    parameters: Vector
    memory: Matrix  # the optimizer's, (slots, parameters)
    scalars: Vector  # what schedule and optimizer remember
    epochs: int  # at which the run ends, counted from its first update


def start_of(project: Project) -> Start:
    """A run that was left goes on; else one begins, with these weights if they came out of one, or with fresh ones."""
    progress = project.resumable if project.trained else None
    if progress is None:
        parameters = _kept(project, project.parameters if project.trained else _fresh(project))
        memory = project.options.optimizer.memory(parameters.size)
        return Start(0, parameters, memory, fresh_scalars(), project.options.epochs or EPOCHS)
    at = progress.checkpoint
    epochs = _epochs(project, at.update)
    return Start(at.update, _kept(project, at.parameters), _kept(project, at.memory), at.scalars, epochs)


def epoch_length(project: Project) -> int:
    """Updates per pass through the data; 1 for a full batch."""
    rows = project.data.rows
    return -(-rows // min(project.options.batch_size or rows, rows))


def shown(project: Project) -> Vector:
    """The weights and biases as the window shows them, 0 for what is cut."""
    return project.parameters if project.mask is None else project.mask.kept(project.parameters)


def begins_as_shown(project: Project, start: Start) -> bool:
    """Whether training begins at the numbers that are shown."""
    return start.parameters.tobytes() == shown(project).tobytes()


def words(project: Project, start: Start) -> str:
    """Where training begins, in a sentence."""
    if start.update:
        return f"Training goes on after update {start.update:,}, where it was left."
    if project.trained:
        return "Training goes on from the weights that are shown."
    if begins_as_shown(project, start):
        return f"Training begins at the weights that are shown, those of seed {project.options.seed}."
    return f"Training begins at fresh weights, those that VisualNN draws from seed {project.options.seed}."


def _epochs(project: Project, update: int) -> int:
    """As the options say; where so many are done already, as many again."""
    done = update // epoch_length(project)
    wanted = project.options.epochs or EPOCHS
    return wanted if project.options.epochs is not None and wanted > done else done + wanted


def _fresh(project: Project) -> Vector:
    options = project.options
    return initial_parameters(project.network, options.initializer, options.seed, options.initializer_scale)


def _kept(project: Project, values: Matrix) -> Matrix:
    """The same with 0 for what is cut."""
    return values if project.mask is None else np.where(project.mask.parameters == 0.0, 0.0, values)
