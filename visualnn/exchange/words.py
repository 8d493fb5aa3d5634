"""What the README of every exported project says in the same words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from visualnn.exchange import rows
from visualnn.project import Project
from visualnn.scene.libraries.columns import has_shortcuts

SPECIAL = re.compile(r"([\\`*_\[\]{}<>#|~&$])")
DROPOUT = "Dropout silences other neurons than in VisualNN, so losses are alike, but not the same."
ORDER = "The rows come in the same order: NumPy shuffles them from the same seed."
WIDENED = "VisualNN trains this network with 32-bit numbers, this program with 64 bits."
ROUNDING = "Predictions and losses are the same but for rounding: sums are added up in another order."


def title(project: Project) -> str:
    """What the project is called."""
    return escaped(rows.short(project.name)) or shape(project)


def shape(project: Project) -> str:
    """The network by its sizes."""
    return rows.short(str(project.network))


def escaped(text: str) -> str:
    """Text in Markdown that is nothing but text."""
    return SPECIAL.sub(r"\\\1", text)


def bullets(sentences: Sequence[str]) -> str:
    """Sentences as a list in Markdown."""
    return "\n".join(f"- {sentence}" for sentence in sentences)


def data(project: Project) -> str:
    """Where the rows come from."""
    return bullets([escaped(sentence) for sentence in rows.recipe_words(project.data)])


def data_file(project: Project) -> str:
    """The file that the rows are in."""
    return rows.TABLE if rows.is_table(project.data) else rows.ARCHIVE


def scaling_file(project: Project) -> list[str]:
    """What holds the scaling, if there is any."""
    return [] if project.data.scaling is None else [f"`{rows.SCALING}`: the mean and the spread of each column."]


def mask_file(project: Project, name: str) -> list[str]:
    """What says which parts are switched off, if any are."""
    return [] if project.mask is None else [f"`{name}`: 0 for what is silent or cut, 1 for all other weights."]


def alike(project: Project) -> list[str]:
    """What is as in VisualNN though one might wonder."""
    made = []
    if project.data.scaling is not None:
        made.append("The network reads scaled numbers, here as there: give `predict.py` scaled ones.")
    if project.mask is not None:
        made.append("What is silent or cut in VisualNN has weight 0 here, and training leaves it so.")
    if has_shortcuts(project.network):
        made.append("Shortcuts add the activations of an earlier layer after the activation function, as there.")
    return made
