"""A Keras 3 project to take away, for TensorFlow, JAX or PyTorch: the same answers, and training as here.

`model` and `training` write the programs, and `words` what is to be known of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from visualnn.exchange import rows
from visualnn.exchange.keras import model, training, words
from visualnn.exchange.numpy_program import packed
from visualnn.exchange.start import Start, begins_as_shown, shown, start_of

if TYPE_CHECKING:
    from visualnn.project import Project

__all__ = ["files"]

REQUIREMENTS = "keras>=3.7\nnumpy>=1.26\ntensorflow  # or jax, or torch: see README.md\n"


def files(project: Project) -> dict[str, bytes]:
    """The content of each file by its name."""
    start = start_of(project)
    texts = {
        "README.md": words.readme(project, start),
        "requirements.txt": REQUIREMENTS,
        "model.py": model.program(project),
        "data.py": training.data_program(project),
        "train.py": training.program(project, start),
        "predict.py": model.predict_program(project),
    }
    return {name: text.encode() for name, text in texts.items()} | _arrays(project, start) | rows.files(project.data)


def _arrays(project: Project, start: Start) -> dict[str, bytes]:
    """The weights; where training begins with others, these too; what is switched off."""
    network = project.network
    made = {model.WEIGHTS: packed(network, shown(project))}
    if not begins_as_shown(project, start):
        made[training.START] = packed(network, start.parameters)
    if project.mask is not None:
        made[training.MASK] = packed(network, project.mask.parameters)
    return made
