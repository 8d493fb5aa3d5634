"""A NumPy project to take away: the network as matrices, with the same answers and the same training as here.

`functions` has activations and losses as they are typed, `model` and `training` write the programs, and `words` what
is to be known of them.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import numpy as np

from visualnn.exchange import rows
from visualnn.exchange.numpy_program import model, training, words
from visualnn.exchange.start import Start, shown, start_of
from visualnn.scene.code.rules import SLOTS

if TYPE_CHECKING:
    from visualnn.nn.network import Network, Vector
    from visualnn.project import Project

__all__ = ["files"]


def files(project: Project) -> dict[str, bytes]:
    """The content of each file by its name."""
    start = start_of(project)
    texts = {
        "README.md": words.readme(project, start),
        "requirements.txt": "numpy>=1.26\n",
        "model.py": model.program(project),
        "data.py": training.data_program(project),
        "train.py": training.program(project, start),
        "predict.py": model.predict_program(project),
    }
    return {name: text.encode() for name, text in texts.items()} | _arrays(project, start) | rows.files(project.data)


def _arrays(project: Project, start: Start) -> dict[str, bytes]:
    """The weights; where training begins with others, these too, and what the optimizer remembers; what is cut."""
    network = project.network
    made = {training.WEIGHTS: packed(network, shown(project))}
    if training.start_file(project, start) == training.START:
        slots = SLOTS.get(project.options.optimizer.name, "") if start.update else ""
        memory = dict(zip(slots, start.memory, strict=False))
        made[training.START] = packed(network, start.parameters, **memory)
    if project.mask is not None:
        made[training.MASK] = packed(network, project.mask.parameters)
    return made


def packed(network: Network, values: Vector, **others: Vector) -> bytes:
    """An archive of w1, b1, w2, b2 and so on; of other flat vectors with their names before: mw1."""
    named: dict[str, Any] = {}
    for prefix, flat in {"": values, **others}.items():
        for layer, (w, b) in enumerate(network.views(np.asarray(flat)), start=1):
            named |= {f"{prefix}w{layer}": w, f"{prefix}b{layer}": b}
    out = io.BytesIO()
    np.savez(out, **named)
    return out.getvalue()
