"""What ``visualnn landscape`` looks at: a surface, the window, and the path over it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from visualnn.cli.arguments import WrongUseError
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import axes, plane
from visualnn.nn.landscape.descent import TwoWeights, descend
from visualnn.nn.landscape.grid import Heights
from visualnn.nn.landscape.ground import Ground, sampled
from visualnn.nn.landscape.path import Path, shadow
from visualnn.nn.landscape.plane import Plane
from visualnn.nn.landscape.surfaces import CLASSICS, Classic
from visualnn.nn.landscape.window import Window, around
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Training

if TYPE_CHECKING:
    from visualnn.nn.network import Matrix
    from visualnn.project import Project
    from visualnn.work import Work

T = TypeVar("T")
UPDATES = 300  # of a path, if nothing else is said
MOMENTS = 200  # of a training that are kept for its main directions, at least
DIRECTIONS = 20_000  # a stream of random numbers of their own
HIGH = 10.0  # times the first loss: where a path is higher, the window does not follow it
SENTENCES = {
    "formula": "by formula, exact",
    "weights": "only these two weights move, all others are fixed: exact",
    "path": "the main directions of a run: its path is a shadow on this slice",
    "random": "two random directions: no path can be drawn here",
}


@dataclass(frozen=True, eq=False)
class Terrain:
    """A surface with what is drawn on it."""

    title: str
    kind: str  # “formula”, or that of its plane
    surface: Heights
    names: tuple[str, str]  # of the axes
    window: Window
    path: Path | None
    rule: Optimizer
    rows: tuple[int, int] | None = None  # looked at, of how many; None for a formula
    plane: Plane | None = None


def of_classic(classic: Classic, options: argparse.Namespace) -> Terrain:
    """A surface by formula, and one descent."""
    for name in ("axes", "plane", "rows"):
        if getattr(options, name) is not None:
            raise WrongUseError(f"--{name} is for networks; {classic.name} is a formula of x and y.")
    chosen = Options(_rule(Optimizer("sgd", rate=classic.rate), options), goal=None)
    path = descend(classic, chosen, options.start or classic.start, _updates(options))
    window = typed(lambda: Window(*(options.window or classic.window)))
    return Terrain(classic.title, "formula", classic, ("x", "y"), window, path, chosen.optimizer)


def of_work(work: Work, options: argparse.Namespace) -> Terrain:
    """A slice through a network."""
    project, kind = work.project, _kind(options)
    given = project.options if options.seed is None else replace(project.options, seed=options.seed)
    chosen = replace(given, optimizer=_rule(given.optimizer, options), goal=None, epochs=None, patience=None)
    project = replace(project, options=chosen)
    task = Task.of(project.network, chosen, project.data, project.mask)
    seen = task if options.rows is None else sampled(task, options.rows)
    make = {"weights": _of_weights, "path": _of_run, "random": _at_random}[kind]
    cut, path, window = make(work, project, seen, options)
    if options.window is not None:
        window = typed(lambda: Window(*options.window))
    rows = (seen.rows, task.rows)
    return Terrain(project.name, kind, Ground(seen, cut), cut.names, window, path, chosen.optimizer, rows, cut)


def typed(make: Callable[[], T]) -> T:
    """What was typed, as a value. Raises `WrongUseError` with its sentence where it is none."""
    try:
        return make()
    except VisualNNError as error:
        raise WrongUseError(str(error)) from None


def _kind(options: argparse.Namespace) -> str:
    kind = {"main": "path"}.get(options.plane, options.plane)
    if options.axes is not None and kind not in (None, "weights"):
        raise WrongUseError(f"--axes chooses two weights and cannot go with --plane {options.plane}.")
    if options.start is not None and kind in ("path", "random"):
        raise WrongUseError("--start needs two chosen weights; a run starts where its seed says.")
    return kind or "weights"


Found = tuple[Plane, "Path | None", Window]


def _of_weights(_work: Work, project: Project, task: Task, options: argparse.Namespace) -> Found:
    network, names = project.network, project.names
    if options.axes is None:
        i, j = axes.first_two(network, project.mask)
    else:
        i, j = (typed(partial(axes.find, network, names, text)) for text in options.axes)
    labels = axes.name_of(network, names, i), axes.name_of(network, names, j)
    cut = typed(lambda: plane.two_weights(network, project.parameters, i, j, labels))
    fresh, chosen = _fresh(project), project.options
    start = options.start or (float(fresh[i]), float(fresh[j]))
    path = descend(TwoWeights(task, cut), chosen, start, _updates(options))
    here = project.parameters[[i, j]]
    return cut, path, around(np.vstack([here, _calm(path)]))


def _of_run(work: Work, project: Project, task: Task, options: argparse.Namespace) -> Found:
    moments = _moments(work, project, options)
    cut = plane.of_path(moments)
    path = shadow(Ground(task, cut), moments[np.isfinite(moments).all(axis=1)])
    return cut, path, around(_calm(path))


def _at_random(_work: Work, project: Project, _task: Task, _options: argparse.Namespace) -> Found:
    rng = np.random.default_rng((DIRECTIONS, project.options.seed))  # not what drew the first weights
    return plane.random(project.network, project.parameters, rng), None, Window(-1.0, 1.0, -1.0, 1.0)


def _moments(work: Work, project: Project, options: argparse.Namespace) -> Matrix:
    """Those of the last run that the file keeps, or of a training that is made for it."""
    asked = any(getattr(options, name) is not None for name in ("updates", "optimizer", "rate", "seed"))
    same = [run for run in work.runs if run.network == project.network and len(run.moments) > 2]
    if same and not asked:
        return np.array([moment.parameters for moment in same[-1].moments])
    training = Training(project.network, project.data, project.options, _fresh(project), mask=project.mask)
    updates, moments = _updates(options), [training.start]
    every = max(1, updates // MOMENTS)
    while training.updates < updates:
        before = training.updates
        training.run(min(every, updates - before))
        if training.updates == before:  # it has diverged
            break
        moments.append(training.parameters.copy())
    return np.array(moments)


def _fresh(project: Project) -> Matrix:
    options = project.options
    return initial_parameters(project.network, options.initializer, options.seed, options.initializer_scale)


def _calm(path: Path) -> Matrix:
    """The points of a path but for those far above its start."""
    with np.errstate(all="ignore"):
        known = path.losses <= HIGH * path.losses[0]
    return path.points[known] if known.any() else path.points[:1]


def _rule(rule: Optimizer, options: argparse.Namespace) -> Optimizer:
    if options.optimizer not in (None, rule.name):
        rule = rule.renamed(options.optimizer)
    return rule if options.rate is None else replace(rule, rate=options.rate)


def _updates(options: argparse.Namespace) -> int:
    return UPDATES if options.updates is None else int(options.updates)


def classic(name: str) -> Classic | None:
    """The surface of that name, if there is one; “styblinski-tang” is one too."""
    return CLASSICS.get(name.strip().lower().replace("-", "_"))


def check_surface(found: Terrain) -> None:
    """Raises `VisualNNError` where a path has nowhere begun."""
    if found.path is not None and not np.isfinite(found.path.losses[0]):
        raise VisualNNError("The loss at the start is not a finite number; choose another start.")
