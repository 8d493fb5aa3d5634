"""A whole program."""

from __future__ import annotations

from visualnn.project import Project
from visualnn.scene.libraries import keras_model, keras_training, torch_model, torch_training

LIBRARIES = ("PyTorch", "Keras")
EPOCHS = 100  # where nobody has said how long to train


def listing(project: Project, library: str, epochs: int | None = None) -> str:
    """The program in one of the `LIBRARIES`; it trains for so many epochs, else as the options say."""
    count = epochs or project.options.epochs or EPOCHS
    model, training = {"PyTorch": (torch_model, torch_training), "Keras": (keras_model, keras_training)}[library]
    lines = [*model.lines(project), *training.lines(project, count)]
    return "\n".join(lines) + "\n"
