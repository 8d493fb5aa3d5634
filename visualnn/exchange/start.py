"""What is to be said about where a program begins: with the numbers that are shown, and its training with others."""

from __future__ import annotations

from visualnn.exchange.pytorch.start import Start, epoch_length, start_of
from visualnn.nn.network import Vector
from visualnn.project import Project

__all__ = ["Start", "begins_as_shown", "epoch_length", "shown", "start_of", "words"]


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
