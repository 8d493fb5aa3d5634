"""The pictures there are of what a network says, and which of them its data allow."""

from __future__ import annotations

from enum import StrEnum

from visualnn.nn.data import Dataset
from visualnn.nn.metrics import MOST_CLASSES
from visualnn.project import Project
from visualnn.scene.maps import plane_of

PAIRS = ("sum", "difference")  # rules that have an answer for any two numbers


class Kind(StrEnum):
    """A picture of what a network says; the value is what it is called."""

    MAP = "Map"
    SURFACE = "Surface"
    CURVE = "Curve"
    ANSWERS = "Answers"
    CONFUSION = "Confusion"


HINTS = {
    Kind.MAP: "What the network says for every point of the plane",
    Kind.SURFACE: "The same as a surface: its height is what the network says",
    Kind.CURVE: "What the network says for every input",
    Kind.ANSWERS: "What the network says for pairs of whole numbers",
    Kind.CONFUSION: "Which class is taken for which",
}


def kinds_of(project: Project) -> tuple[Kind, ...]:
    """The pictures that fit, the most telling one first; none where there are only numbers to tell."""
    data, network = project.data, project.network
    fits = {
        Kind.MAP: plane_of(project) is not None,
        Kind.SURFACE: (network.inputs, network.outputs) == (2, 1) and not data.classification,
        Kind.CURVE: (network.inputs, network.outputs) == (1, 1),
        Kind.ANSWERS: has_pairs(data),
        Kind.CONFUSION: data.classification and network.outputs <= MOST_CLASSES,
    }
    return tuple(kind for kind in Kind if fits[kind])


def has_pairs(data: Dataset) -> bool:
    """Whether the rows are pairs of numbers, as they are, with an answer that a formula knows."""
    return data.rule in PAIRS and data.scaling is None and data.inputs.shape[1] == 2
