"""What can be edited on the stage: a number by its place, and the network's shape."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from visualnn.files import fresh
from visualnn.nn.data import Dataset, Recipe
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.nn.recipes import made
from visualnn.nn.trace import Trace
from visualnn.project import Project
from visualnn.scene.frame import Place


def editable(place: Place | None) -> bool:
    """Whether there is a number at a place that can be set by hand: an input, a target, a weight or a bias."""
    by_hand = ("weight", "bias", "target")
    return place is not None and (place.kind in by_hand or (place.kind == "neuron" and place.column == 0))


def is_off(project: Project, place: Place) -> bool:
    """Whether what is switched off or cut makes a place count as 0."""
    if project.mask is None:
        return False
    if place.kind in ("weight", "bias"):
        return bool(project.mask.parameters[parameter_index(project, place)] == 0.0)
    if place.kind == "target":
        return False
    return (place.column, place.neuron) in project.silent


def parameter_index(project: Project, place: Place) -> int:
    """Where a weight or bias lies in the flat parameter vector."""
    return project.network.parameter_index(place.column - 1, place.neuron, place.source)


def number_at(project: Project, place: Place) -> float:
    """The number to edit."""
    if place.kind == "neuron":
        return float(project.sample[place.neuron])
    if place.kind == "target":
        return 0.0 if project.answer is None else float(project.answer[place.neuron])
    return float(project.parameters[parameter_index(project, place)])


def origin_of(project: Project, place: Place) -> float:
    """What a weight or bias was before any edit by hand."""
    return float(project.origin[parameter_index(project, place)])


def is_edited(project: Project, place: Place) -> bool:
    """Whether a number was set by hand that can be had back as it was."""
    if place.kind == "target":
        return project.target is not None and project.data.target_of(project.sample) is not None
    return place.kind in ("weight", "bias") and number_at(project, place) != origin_of(project, place)


def with_number(project: Project, place: Place, value: float) -> Project:
    """The project with another number there. Raises `VisualNNError` if it is not finite."""
    if place.kind == "neuron":
        sample = np.array(project.sample)
        sample[place.neuron] = value
        return project.with_sample(sample)
    if place.kind == "target":
        target = np.zeros(project.network.outputs) if project.answer is None else np.array(project.answer)
        target[place.neuron] = value
        return project.with_target(target)
    return project.with_parameter(parameter_index(project, place), value)


def describe(project: Project, place: Place) -> str:
    """A place in words: "Input a", "Weight b→c", "Bias of d", "Neuron d"."""
    name = project.names[place.column][place.neuron]
    if place.kind == "weight":
        return f"Weight {project.names[place.column - 1][place.source or 0]}→{name}"
    if place.kind in ("bias", "target"):
        return f"{place.kind.capitalize()} of {name}"
    return f"Input {name}" if place.column == 0 else f"Neuron {name}"


@dataclass(frozen=True, slots=True)
class Edit:
    """A change that is asked for: its name in the undo menu, and what it makes of the project.

    `said` is told when it is done, with a way to take it back: for what might have been done by mistake.
    """

    text: str
    change: Callable[[Project], Project]
    said: str = ""
    moves: bool = False  # neurons or columns: what was chosen would be another


def noted(notes: str) -> Edit:
    """Other notes."""
    return Edit("Notes", lambda project: project.with_notes(notes))


def resized(column: int, units: int) -> Edit:
    """A hidden column of so many neurons."""
    return Edit("Number of neurons", lambda project: project.with_units(column, units))


def reshaped(hidden: tuple[int, ...]) -> Edit:
    """Hidden columns of these sizes."""
    return Edit("Another shape", lambda project: project.with_sizes(hidden))


def layer_added(after: int) -> Edit:
    """Another hidden column."""
    return Edit("Add a layer", lambda project: project.with_layer(after), moves=True)


def layer_removed(column: int) -> Edit:
    """One hidden column less."""
    return Edit("Remove the layer", lambda project: project.without_layer(column), "Layer removed.", True)


def activated(column: int, name: str) -> Edit:
    """Another activation function for a column."""
    return Edit("Activation", lambda project: project.with_activation(column, name))


def redrawn(column: int, initializer: str) -> Edit:
    """New first weights for one layer."""
    return Edit("New weights for a layer", lambda project: project.with_fresh_layer(column, initializer))


def neuron_removed(place: Place) -> Edit:
    """A neuron taken out of its hidden column."""
    column, neuron = place.column, place.neuron
    return Edit("Remove the neuron", lambda project: project.without_neuron(column, neuron), "Neuron removed.", True)


def switched(project: Project, place: Place) -> Edit | None:
    """A neuron switched off or on again, a connection cut or joined again; None where there is nothing to switch."""
    if place.kind == "weight" and place.source is not None:
        link = (place.column - 1, place.source, place.neuron)
        off = link not in project.cut
        return Edit("Cut the connection" if off else "Restore the connection", lambda p: p.with_cut(*link, off))
    if place.kind in ("neuron", "gate", "bias") and place.column < len(project.network.sizes) - 1:
        where = (place.column, place.neuron)
        off = where not in project.silent
        return Edit("Switch the neuron off" if off else "Switch the neuron on", lambda p: p.with_silent(*where, off))
    return None


def updated(trace: Trace) -> Edit:
    """The weights that the update on the stage arrives at, from which the next one goes on."""

    def change(project: Project) -> Project:
        if trace.updated is None or trace.memory_after is None:
            return project
        return project.with_update(trace.updated, trace.memory_after)

    return Edit(f"Update {trace.update}", change)


def batched(rows: int) -> Edit:
    """So many rows followed together; 0: one alone."""
    return Edit("Rows that make an update", lambda project: project.with_batch(rows))


def another_row(by: int) -> Edit:
    """The row so many further on."""
    return Edit("Another row", lambda project: project.next_row(by))


def with_other_data(data: Dataset) -> Edit:
    """Other rows to learn from; what of the network fits them stays, but the next run begins at random weights.

    Of many rows an update uses some, as it does in a new network for them.
    """

    def change(project: Project) -> Project:
        made = replace(project.with_data(data), trained=False)
        whole = made.options.batch_size is None and data.rows >= fresh.MANY_ROWS
        return made.with_options(replace(made.options, batch_size=fresh.BATCH)) if whole else made

    return Edit("Data", change)


def with_other_recipe(recipe: Recipe) -> Edit:
    """The rows that a recipe makes."""
    return Edit("Data", lambda project: with_other_data(made(recipe)).change(project))


def row_shown(row: int) -> Edit:
    """A row on the stage: one of those to learn from or, counted on, of those held back."""
    return Edit("Another row", lambda project: project.with_row(row))


def sampled(sample: Vector, what: str) -> Edit:
    """Another input on the stage."""
    return Edit(what, lambda project: project.with_sample(sample))


def adopted(parameters: Vector, options: Options, *, begins: bool = False) -> Edit:
    """The weights and settings of a runner in a race; when to stop stays as it was. `begins`: where it began."""

    def change(project: Project) -> Project:
        ours = project.options
        kept = replace(options, goal=ours.goal, epochs=ours.epochs, patience=ours.patience)
        return project.with_options(kept).with_parameters(parameters)

    if begins:
        return Edit("Train from this start", change, "The network is at this start now.")
    return Edit("Keep these weights", change, "These weights are the network’s now.")
