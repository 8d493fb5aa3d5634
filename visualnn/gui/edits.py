"""Editing a number by its place on the stage."""

from __future__ import annotations

import numpy as np

from visualnn.project import Project
from visualnn.scene.frame import Place


def editable(place: Place | None) -> bool:
    """Whether there is a number at a place that can be set by hand: an input, a weight or a bias."""
    return place is not None and (place.kind in ("weight", "bias") or (place.kind == "neuron" and place.column == 0))


def parameter_index(project: Project, place: Place) -> int:
    """Where a weight or bias lies in the flat parameter vector."""
    if place.kind == "weight":
        assert place.source is not None
        return project.network.weight_index(place.column - 1, place.source, place.neuron)
    return project.network.bias_index(place.column - 1, place.neuron)


def number_at(project: Project, place: Place) -> float:
    """The number to edit."""
    if place.kind == "neuron":
        return float(project.sample[place.neuron])
    return float(project.parameters[parameter_index(project, place)])


def with_number(project: Project, place: Place, value: float) -> Project:
    """The project with another number there. Raises `VisualNNError` if it is not finite."""
    if place.kind == "neuron":
        sample = np.array(project.sample)
        sample[place.neuron] = value
        return project.with_sample(sample)
    return project.with_parameter(parameter_index(project, place), value)


def describe(project: Project, place: Place) -> str:
    """A place in words: "Input a", "Weight b→c", "Bias of d", "Neuron d"."""
    name = project.names[place.column][place.neuron]
    if place.kind == "weight":
        return f"Weight {project.names[place.column - 1][place.source or 0]}→{name}"
    if place.kind == "bias":
        return f"Bias of {name}"
    return f"Input {name}" if place.column == 0 else f"Neuron {name}"
