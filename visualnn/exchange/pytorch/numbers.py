"""Weights, what is switched off, and the optimizer's memory as safetensors, under the names PyTorch gives them.

A weight of PyTorch is (outputs, inputs), the transpose of ours. All numbers keep their 64 bits.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from visualnn.exchange.pytorch.network import MASK, MODEL, layer_names
from visualnn.exchange.start import Start
from visualnn.nn.network import Vector
from visualnn.nn.schedule import MU_PRODUCT
from visualnn.project import Project

START, MEMORY = "start.safetensors", "optimizer.safetensors"
SLOTS = {  # what PyTorch calls an optimizer's memory
    "momentum": ("momentum_buffer",),
    "nesterov": ("momentum_buffer",),
    "adagrad": ("sum",),
    "rmsprop": ("square_avg",),
    "adam": ("exp_avg", "exp_avg_sq"),
    "adamw": ("exp_avg", "exp_avg_sq"),
    "nadam": ("exp_avg", "exp_avg_sq"),
    "lion": ("m",),
}
Tensors = dict[str, NDArray[Any]]


def files(project: Project, start: Start) -> dict[str, bytes]:
    """The weights; where training begins with others, these too; what is switched off; what the optimizer remembers."""
    made = {MODEL: packed(tensors(project, shown(project)))}
    if begins_elsewhere(project, start):
        made[START] = packed(tensors(project, start.parameters))
    if project.mask is not None:
        made[MASK] = packed(tensors(project, project.mask.parameters, np.uint8))
    if has_memory(project, start):
        made[MEMORY] = packed(_memory(project, start))
    return made


def shown(project: Project) -> Vector:
    """The weights that the window predicts with: 0 for what is cut."""
    return project.parameters if project.mask is None else project.mask.kept(project.parameters)


def begins_elsewhere(project: Project, start: Start) -> bool:
    """Whether training does not begin with the weights that are shown."""
    return start.parameters.tobytes() != shown(project).tobytes()


def has_memory(project: Project, start: Start) -> bool:
    """Whether the optimizer goes on with something to remember."""
    return start.update > 0 and project.options.optimizer.name in SLOTS


def tensors(project: Project, values: Vector, dtype: Any = np.float64) -> Tensors:
    """A flat vector as PyTorch's tensors by their names in the model."""
    found: Tensors = {}
    for name, (w, b) in zip(layer_names(project), project.network.views(values), strict=True):
        found[f"{name}.weight"] = np.ascontiguousarray(w.T, dtype=dtype)
        found[f"{name}.bias"] = np.ascontiguousarray(b, dtype=dtype)
    return found


def _memory(project: Project, start: Start) -> Tensors:
    """Slot by slot: ``exp_avg.0.weight``."""
    found: Tensors = {}
    for slot, values in zip(SLOTS[project.options.optimizer.name], start.memory, strict=True):
        found |= {f"{slot}.{name}": tensor for name, tensor in tensors(project, values).items()}
    return found


def state(project: Project, start: Start) -> list[str]:
    """What else PyTorch's optimizer keeps for each tensor, as entries of a dictionary."""
    name = project.options.optimizer.name
    counted = name in ("adagrad", "rmsprop", "adam", "adamw", "nadam")
    entries = ['"step": torch.tensor(float(FIRST), dtype=torch.float64)'] if counted else []
    product = float(start.scalars[MU_PRODUCT])
    entries += [f'"mu_product": torch.tensor({product!r}, dtype=torch.float64)'] if name == "nadam" else []
    return entries + [f'"{slot}": memory[f"{slot}.{{name}}"].to(w)' for slot in SLOTS[name]]


def packed(named: Mapping[str, NDArray[Any]]) -> bytes:
    """The bytes of a safetensors file."""
    from safetensors.numpy import save

    return save(dict(named), metadata={"format": "pt"})
