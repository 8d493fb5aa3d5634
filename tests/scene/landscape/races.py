"""Races to say something about: those of the examples, and some that are made up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from visualnn.files.examples import load
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import axes
from visualnn.nn.landscape.descent import Slopes, TwoWeights, descend
from visualnn.nn.landscape.plane import Plane, two_weights
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.track import Track
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Stop
from visualnn.scene.landscape import examples
from visualnn.scene.landscape.examples import Example
from visualnn.scene.landscape.standing import Race
from visualnn.scene.landscape.telling import valleys
from visualnn.scene.names import OPTIMIZERS
from visualnn.scene.racing import marks, names

LABELS = {name: label for name, (label, _spelling) in OPTIMIZERS.items()}


def surface_of(example: Example, options: Options) -> Slopes:
    if example.surface:
        return CLASSICS[example.surface]
    plane = plane_of(example)
    project = load(example.document)
    assert example.data is not None
    data = project.with_data(example.data).data
    given = replace(project.options, optimizer=options.optimizer, goal=None)
    return TwoWeights(Task.of(project.network, given, data), plane)


def plane_of(example: Example) -> Plane:
    project = load(example.document)
    assert example.axes is not None
    i, j = (axes.find(project.network, project.names, name) for name in example.axes)
    return two_weights(project.network, project.parameters, i, j, example.axes)


@cache
def tracks(name: str) -> tuple[Track, ...]:
    example = examples.find(name)
    found = []
    for options in example.runners:
        path = descend(surface_of(example, options), options, example.start, example.updates)
        found.append(Track(options, np.arange(len(path.losses)), path.points, path.losses))
    return tuple(found)


@cache
def race_of(name: str) -> Race:
    """The race of an example, as Landscape mode shows it."""
    example = examples.find(name)
    classic = CLASSICS.get(example.surface)
    return Race(
        tracks(name),
        names(example.runners, LABELS),
        marks([options.optimizer.name for options in example.runners]),
        example.goal,
        example.updates,
        valleys(classic) if classic else (),
        (example.window or classic.window) if classic else None,
    )


def track(
    losses: Sequence[float],
    places: Sequence[Sequence[float]] | None = None,
    *,
    rule: str = "sgd",
    updates: Sequence[int] | None = None,
    stop: Stop | None = None,
) -> Track:
    """A made-up one; where nothing is said of places it goes straight on."""
    numbers = np.arange(len(losses)) if updates is None else np.array(updates)
    way = np.column_stack([numbers, numbers]) * 0.1 if places is None else np.array(places, dtype=np.float64)
    options = Options(Optimizer("sgd", rate=0.1).renamed(rule))
    return Track(options, numbers, way.astype(np.float64), np.array(losses, dtype=np.float64), stop=stop)


def race(*given: Track, goal: float | None = None, updates: int | None = None, **more) -> Race:
    """A race between them."""
    options = [each.options for each in given]
    distance = max(each.last for each in given) if updates is None else updates
    colors = marks([each.optimizer.name for each in options])
    return Race(given, names(options, LABELS), colors, goal, distance, **more)
