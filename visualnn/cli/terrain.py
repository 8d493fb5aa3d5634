"""What ``visualnn landscape`` and ``render --mode landscape`` look at: a surface, its window, and who runs over it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from visualnn.cli.arguments import WrongUseError, check_document
from visualnn.cli.landscape_options import OF_NETWORKS, refuse
from visualnn.cli.progress import progress
from visualnn.engine.contest import Contest, Course, NetworkCourse, SurfaceCourse
from visualnn.nn.errors import VisualNNError
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import axes
from visualnn.nn.landscape.descent import TwoWeights
from visualnn.nn.landscape.ground import Ground, sampled
from visualnn.nn.landscape.path import Path
from visualnn.nn.landscape.surfaces import CLASSICS, Classic
from visualnn.nn.landscape.track import Track
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Vector
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.scene import racing
from visualnn.scene.landscape import terrain, wishes
from visualnn.scene.landscape.discovery import laid
from visualnn.scene.landscape.examples import EXAMPLES, Example
from visualnn.scene.landscape.presence import Runner
from visualnn.scene.landscape.prospect import Prospect
from visualnn.scene.landscape.terrain import Terrain
from visualnn.scene.names import OPTIMIZERS

if TYPE_CHECKING:
    from visualnn.project import Project
    from visualnn.runs import Run
    from visualnn.work import Work

T = TypeVar("T")
UPDATES = 300  # of a path, if nothing else is said
FEWEST = 3  # moments of a run that has a direction
FOR_A_PICTURE = 0  # rows: all, or some where all would take long


@dataclass(frozen=True, eq=False)
class Found:
    """A surface, and who runs over it: each at the end of its track."""

    terrain: Terrain
    runners: tuple[Runner, ...]  # nobody over random directions
    updates: int
    goal: float | None = None
    project: Project | None = None  # None of a formula

    @property
    def title(self) -> str:
        """What it is."""
        return self.terrain.title


def found(options: argparse.Namespace, rows: int | None = None) -> Found:
    """What the document and the options say. A file comes before anything built in of the same name.

    `rows` of a network are looked at where nothing else is said; None: all.

    Raises `WrongUseError` where they say nothing that could be, `VisualNNError` where there is no such landscape.
    """
    name = options.document
    is_file = FilePath(name).is_file()
    example = None if is_file else example_of(name)
    known = None if is_file else terrain.classic(name)
    if example is not None:
        made = _of_example(example, options, rows)
    elif known is not None:
        refuse(options, OF_NETWORKS, f"is for networks; {known.name} is a formula of x and y")
        runners = _runners(Options(Optimizer("sgd", rate=known.rate), goal=None), options)
        made = _explored(_wish(Prospect("formula", known.name, runners=runners), options))
    else:
        from visualnn.files.documents import open_work

        _check_name(name)
        made = _of_work(open_work(name), options, rows)
    _check_start(made)
    return made


def example_of(name: str) -> Example | None:
    """The example of that id, if there is one."""
    return next((example for example in EXAMPLES if example.id == name.strip().lower()), None)


def _check_name(name: str) -> None:
    """Raises `WrongUseError` for what is no document, and no surface either."""
    try:
        check_document(name)
    except WrongUseError as error:
        raise WrongUseError(f"{str(error).rstrip('.')} nor a surface ({', '.join(CLASSICS)}).") from None


def typed(make: Callable[[], T]) -> T:
    """What was typed, as a value. Raises `WrongUseError` with its sentence where it is none."""
    try:
        return make()
    except VisualNNError as error:
        raise WrongUseError(str(error)) from None


def _of_example(example: Example, options: argparse.Namespace, rows: int | None) -> Found:
    from visualnn.files import examples as documents

    refuse(options, OF_NETWORKS, f"cannot be chosen here; {example.id} is an example, which says it")
    own = documents.load(example.document or documents.IDS[0])
    project = wishes.subject(example, own)
    wish = wishes.of_example(example, project)
    runners = _runners(project.options if example.document else wish.runners[0], options, usual=wish.runners)
    wish = _wish(replace(wish, runners=runners), options, wish.updates)
    shown = _explored(wish, project if example.document else None, rows)
    return replace(shown, terrain=replace(shown.terrain, title=example.title))


def _of_work(work: Work, options: argparse.Namespace, rows: int | None) -> Found:
    """A slice through a network."""
    project, kind = work.project, {"main": "path"}.get(options.plane, options.plane) or "weights"
    own = replace(project.options, seed=project.options.seed if options.seed is None else options.seed)
    project = replace(project, options=replace(own, goal=None, epochs=None, patience=None))
    wish = _wish(Prospect(kind, runners=_runners(project.options, options)), options)
    if kind == "weights":
        wish = replace(wish, pair=_pair(project, options))
    asked = any(getattr(options, name) is not None for name in ("updates", "optimizer", "rate", "race", "seed"))
    run = None if asked or kind != "path" else _kept(work)
    return _explored(wish, project, rows if options.rows is None else options.rows, run)


def _runners(own: Options, options: argparse.Namespace, usual: tuple[Options, ...] = ()) -> tuple[Options, ...]:
    """Who runs: as it was typed, else as usual, else with the options there are."""
    if options.race is not None:
        entrants = (replace(own.optimizer.renamed(name), rate=rate) for name, rate in options.race)
        return tuple(replace(own, optimizer=rule) for rule in entrants)
    if options.optimizer is None and options.rate is None:
        return usual or (own,)
    rule = (
        own.optimizer if options.optimizer in (None, own.optimizer.name) else own.optimizer.renamed(options.optimizer)
    )
    return (replace(own, optimizer=rule if options.rate is None else replace(rule, rate=options.rate)),)


def _wish(wish: Prospect, options: argparse.Namespace, usual: int = UPDATES) -> Prospect:
    window = wish.window if options.window is None else typed(lambda: Window(*options.window))
    updates = usual if options.updates is None else options.updates
    return replace(wish, start=options.start or wish.start, updates=updates, window=window)


def _pair(project: Project, options: argparse.Namespace) -> tuple[int, int]:
    if options.axes is None:
        return wishes.first_pair(project)
    i, j = (typed(partial(axes.find, project.network, project.names, text)) for text in options.axes)
    return i, j


def _explored(wish: Prospect, project: Project | None = None, rows: int | None = None, run: Run | None = None) -> Found:
    """The surface that is wished for, and the race over it."""
    if project is None:
        made = terrain.of_classic(wish.classic)
        tracks = _raced(_course(made, wish.start or made.here), wish)
    elif wish.kind == "random":
        made, tracks = terrain.at_random(_task(project, rows), project.parameters, project.options.seed), ()
    elif wish.kind == "path":
        start = NetworkCourse(project.network, project.data, project.mask, _fresh(project), project.options.seed)
        tracks = _raced(start, wish) if run is None else (_track(run),)
        made = terrain.of_path(_task(project, rows), tracks[0].places)
    else:
        made = _of_pair(project, wish.pair or (0, 1), rows)
        i, j = wish.pair or (0, 1)
        fresh = _fresh(project)
        tracks = _raced(_course(made, wish.start or (float(fresh[i]), float(fresh[j]))), wish)
    made = made if project is None else made.called(project.name, project.data.rows)
    return _with_paths(made, tracks, replace(wish, runners=tuple(track.options for track in tracks)), project)


def _with_paths(made: Terrain, tracks: tuple[Track, ...], wish: Prospect, project: Project | None) -> Found:
    paths = [laid(made, track) for track in tracks]
    if wish.window is not None:
        made = replace(made, window=wish.window)
    else:
        made = terrain.framed(made, [(path.points, path.losses) for path in paths if path is not None])
        made = terrain.roomy(made) if made.kind == "weights" else made
    names = racing.names(wish.runners, {name: label for name, (label, _libraries) in OPTIMIZERS.items()})
    marks = racing.marks([options.optimizer.name for options in wish.runners])
    told = zip(names, marks, tracks, paths, strict=True)
    runners = tuple(
        Runner(name, mark, _known(track, path), path, len(track.updates) - 1) for name, mark, track, path in told
    )
    return Found(made, runners, wish.updates, wish.goal, project)


def _of_pair(project: Project, pair: tuple[int, int], rows: int | None) -> Terrain:
    names = tuple(axes.name_of(project.network, project.names, place) for place in pair)
    task = _task(project, rows)
    return typed(lambda: terrain.of_weights(task, project.parameters, weights=pair, names=(names[0], names[1])))


def _course(made: Terrain, start: tuple[float, float]) -> Course:
    """Of two numbers."""
    surface = made.surface
    if isinstance(surface, Ground) and made.plane is not None:
        return SurfaceCourse(TwoWeights(surface.task, made.plane), start)
    assert isinstance(surface, Classic)
    return SurfaceCourse(surface, start)


def _raced(course: Course, wish: Prospect) -> tuple[Track, ...]:
    """Everybody to the last update, with a bar meanwhile."""
    contest, done = Contest(course, wish.runners), 0
    with progress(wish.updates, "updates") as advance:
        while contest.advance(wish.updates):
            advance(contest.update - done)
            done = contest.update
    return contest.tracks()


def _kept(work: Work) -> Run | None:
    """The last run that the file keeps of this network, if it has a direction."""
    of_it = [run for run in work.runs if run.network == work.project.network and len(run.moments) >= FEWEST]
    return of_it[-1] if of_it else None


def _track(run: Run) -> Track:
    """What is kept of a run. Its losses are not: they come with its path."""
    moments = run.moments
    places = np.array([moment.parameters for moment in moments])
    updates = np.array([moment.update for moment in moments], dtype=np.int64)
    return Track(run.options, updates, places, np.full(len(moments), np.nan), stop=run.stop)


def _known(track: Track, path: Path | None) -> Track:
    """With the losses of its path, where it has none of its own."""
    return replace(track, losses=path.losses) if path is not None and np.isnan(track.losses).all() else track


def _task(project: Project, rows: int | None) -> Task:
    """With so many rows, or as many as are enough for a picture."""
    task = Task.of(project.network, project.options, project.data, project.mask)
    if rows == FOR_A_PICTURE:
        return terrain.pictured(task)
    return task if rows is None else sampled(task, rows)


def _fresh(project: Project) -> Vector:
    options = project.options
    return initial_parameters(project.network, options.initializer, options.seed, options.initializer_scale)


def _check_start(made: Found) -> None:
    """Raises `VisualNNError` where a path has nowhere begun."""
    paths = [runner.path for runner in made.runners if runner.path is not None]
    if any(not np.isfinite(path.losses[0]) for path in paths):
        raise VisualNNError("The loss at the start is not a finite number; choose another start.")
