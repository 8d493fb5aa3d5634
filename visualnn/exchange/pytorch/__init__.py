"""A PyTorch project to take away: the same weights, rows and training as here, on one machine or on several.

`numbers` puts its numbers into files with PyTorch's names, `network`, `loop` and `training` write the programs, and
`words` what is to be known of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from visualnn.exchange import rows
from visualnn.exchange.pytorch import network, numbers, training, words
from visualnn.exchange.start import start_of

if TYPE_CHECKING:
    from visualnn.project import Project

__all__ = ["files"]

REQUIREMENTS = "torch>=2.4\nsafetensors>=0.4\nnumpy>=1.26\n"


def files(project: Project) -> dict[str, bytes]:
    """The content of each file by its name."""
    start = start_of(project)
    texts = {
        "README.md": words.readme(project, start),
        "requirements.txt": REQUIREMENTS,
        "model.py": network.program(project),
        "data.py": training.data_program(project),
        "train.py": training.program(project, start),
        "predict.py": network.predict_program(project),
    }
    made = {name: text.encode() for name, text in texts.items()}
    return made | numbers.files(project, start) | rows.files(project.data)
