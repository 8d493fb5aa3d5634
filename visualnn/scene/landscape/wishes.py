"""Wishes as somebody has them: what is looked at first, what an example stands for, and what a file says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from visualnn.files import examples as documents
from visualnn.nn.errors import VisualNNError
from visualnn.nn.landscape import axes
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.project import Project, new_project
from visualnn.scene.landscape.examples import Example, find
from visualnn.scene.landscape.portrait import called, place_of
from visualnn.scene.landscape.portrait.sitter import named
from visualnn.scene.landscape.prospect import DISTANCE, KINDS, Prospect
from visualnn.scene.racing import first_racers

GOAL = 0.001  # unless the network's own is higher: a race to less takes long
EXAMPLE = "example"
DISTANCES = (DISTANCE, 100, 50, 20)  # updates
SOON = 2e9  # rows × parameters × updates


def first(project: Project) -> Prospect:
    """Two weights of a network, and how it trains against two other ways; None that can move: its random slice."""
    goal = max(project.options.goal or GOAL, GOAL)
    plain = Prospect("random", runners=first_racers(project.options), updates=first_distance(project), goal=goal)
    try:
        return replace(plain, kind="weights", pair=first_pair(project))
    except VisualNNError:
        return plain


def first_distance(project: Project) -> int:
    """Updates of a race that is known soon: fewer where one takes long."""
    work = project.data.rows * project.network.parameter_count
    return next((updates for updates in DISTANCES if updates * work <= SOON), DISTANCES[-1])


def following(prospect: Prospect, before: Project, project: Project) -> Prospect:
    """What is wished for after the network's options have changed: all run with them, each with its own optimizer.

    Who has not chosen any runners races the present way to train, unless somebody does so already.
    """
    options, optimizers = project.options, [runner.optimizer for runner in prospect.runners]
    usual = first(before)
    if prospect.runners == usual.runners and options.optimizer not in optimizers:
        optimizers = [runner.optimizer for runner in first_racers(options)]
    goal = first(project).goal if prospect.goal == usual.goal else prospect.goal
    return replace(prospect, runners=tuple(replace(options, optimizer=each) for each in optimizers), goal=goal)


def first_pair(project: Project) -> tuple[int, int]:
    """Two weights into the first neuron, from the inputs that differ most from row to row, where both can move.

    Else the first two that can. Raises `VisualNNError` where there are fewer.
    """
    network = project.network
    if network.inputs > 1:
        liveliest = np.argsort(-project.data.inputs.var(axis=0), kind="stable")[:2]
        first, second = (network.parameter_index(0, 0, int(source)) for source in sorted(liveliest))
        if project.mask is None or (project.mask.parameters[[first, second]] != 0.0).all():
            return first, second
    return axes.first_two(network, project.mask)


def subject(example: Example, own: Project) -> Project:
    """Which network an example is about: its own, a model of two weights, or where it is a formula the present one."""
    if example.document:
        project = documents.load(example.document)
        return replace(project, data=example.data) if example.data is not None else project
    model = MODELS.get(example.surface)
    if model is None:
        return own
    return new_project(example.title, model.network, model.data, Options(), np.array(model.parameters))


def of_example(example: Example, project: Project) -> Prospect:
    """What an example shows; `project` is its subject."""
    common = Prospect(
        runners=example.runners,
        start=example.start,
        updates=example.updates,
        goal=example.goal,
        window=None if example.window is None else Window(*example.window),
    )
    if not example.document:
        return replace(common, kind="formula", classic=example.surface)
    assert example.axes is not None
    i, j = (axes.find(project.network, project.names, name) for name in example.axes)
    ours = project.options
    runners = tuple(replace(ours, optimizer=each.optimizer, goal=None) for each in example.runners)
    return replace(common, pair=(i, j), runners=runners)


def surface_text(project: Project, prospect: Prospect, example: Example | None) -> str:
    """What is looked at, as a file tells it: ``weights wac,wbc``, ``path``, ``example race-twins``."""
    if example is not None:
        return f"{EXAMPLE} {example.id}"
    if prospect.pair is None:
        return prospect.kind
    i, j = (called(project.names, place_of(project.network, place)) for place in prospect.pair)
    return f"{prospect.kind} {i},{j}"


def read(text: str, project: Project) -> tuple[Prospect, Example | None]:
    """What a file says was looked at; what cannot be understood, or is no longer there, is the first sight."""
    kind, _, rest = text.partition(" ")
    usual = first(project)
    if kind == EXAMPLE:
        try:
            return usual, find(rest)
        except StopIteration:
            return usual, None
    if kind not in KINDS or kind == "formula":
        return usual, None
    return replace(usual, kind=kind, pair=_pair(project, rest.split(",")) or usual.pair), None


def _pair(project: Project, names: Sequence[str]) -> tuple[int, int] | None:
    """Two different weights by name."""
    found = [named(project.network, project.names, name) for name in names]
    known = [place for place in found if place is not None]
    return (known[0], known[1]) if len(known) == len(names) == len(set(known)) == 2 else None


def place_in(project: Project, prospect: Prospect, place: Vector, point: tuple[float, float] | None = None) -> Vector:
    """The parameters of a network where a runner is; of two numbers, all others as they are."""
    if place.size != 2 or (project.network.parameter_count == 2 and prospect.pair is None):
        return place
    pair = prospect.pair
    if prospect.kind == "formula":
        model = MODELS.get(prospect.classic)
        pair = None if model is None else model.weights
    if pair is None:
        return project.parameters
    parameters = np.array(project.parameters)
    parameters[list(pair)] = place if point is None else point
    return parameters
