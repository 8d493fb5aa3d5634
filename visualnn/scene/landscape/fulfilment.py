"""What a wish comes to: the race, the surface, and how finely that is looked at.

All of it may take long, and is for a thread beside the window, but for `size` and whether two wishes have the same.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from visualnn.engine.contest import Contest, Course, NetworkCourse, SurfaceCourse
from visualnn.nn.errors import VisualNNError
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import axes
from visualnn.nn.landscape.descent import TwoWeights
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.surfaces import Classic
from visualnn.nn.landscape.track import Track
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Vector
from visualnn.project import Project
from visualnn.scene.landscape import terrain as terrains
from visualnn.scene.landscape.discovery import FINE, SIZE
from visualnn.scene.landscape.portrait import called, place_of
from visualnn.scene.landscape.prospect import Prospect
from visualnn.scene.landscape.terrain import Terrain

SMALL, COARSE, LONG = 49, 25, 6e10  # places along a side where a picture would take more multiplications than that
SOON = 1e9  # multiplications of a picture that need not be coarser
AT_ONCE = 1e8  # multiplications of a picture that is made anew at every moment


def contest(project: Project, prospect: Prospect, origin: Vector) -> Contest:
    """The race that is wanted. Raises `VisualNNError` where there can be none."""
    return Contest(course(project, prospect, origin), prospect.runners)


def course(project: Project, prospect: Prospect, origin: Vector) -> Course:
    """What is raced on."""
    if prospect.kind == "formula":
        found = terrains.of_classic(prospect.classic)
        assert isinstance(found.surface, Classic)
        return SurfaceCourse(found.surface, prospect.start or found.here)
    if prospect.kind != "weights":
        return NetworkCourse(project.network, project.data, project.mask, origin, project.options.seed)
    made = weights(project, prospect, project.parameters, task_of(project))
    i, j = prospect.pair or (0, 1)
    start = prospect.start or (float(origin[i]), float(origin[j]))
    assert isinstance(made.surface, Ground)
    assert made.plane is not None
    return SurfaceCourse(TwoWeights(made.surface.task, made.plane), start)


def terrain(
    project: Project,
    prospect: Prospect,
    tracks: tuple[Track, ...],
    track: Track | None,
    t: int,
    window: Window | None,
) -> Terrain:
    """The surface that is wanted, at the moment t of a track. Raises `VisualNNError` where there can be none."""
    if prospect.kind == "formula":
        made = terrains.of_classic(prospect.classic)
    elif prospect.kind == "weights":
        made = weights(project, prospect, project.parameters, task_of(project))
        made = terrains.roomy(terrains.framed(made, [(each.places, each.losses) for each in tracks]))
    elif prospect.kind == "random":
        made = terrains.at_random(task_of(project), project.parameters, project.options.seed)
    elif track is None:
        raise VisualNNError("There is no path yet.")
    elif prospect.kind == "path":
        made = terrains.of_path(task_of(project), track.places)
    else:
        made = weights(project, prospect, track.places[track.moment(t)], task_of(project))
        ways = track.places[:, list(prospect.pair or (0, 1))]
        made = terrains.roomy(terrains.framed(made, [(ways, track.losses)]))
    whole = project.data.rows
    return replace(made.called(project.name, whole) if made.plane is not None else made, window=window or made.window)


def weights(project: Project, prospect: Prospect, parameters: Vector, task: Task) -> Terrain:
    """Two weights, all others as the parameters have them."""
    i, j = prospect.pair or axes.first_two(project.network, project.mask)
    first, second = (called(project.names, place_of(project.network, place)) for place in (i, j))
    return terrains.of_weights(task, parameters, weights=(i, j), names=(first, second))


def task_of(project: Project) -> Task:
    """The rows that are looked at: some of them where a picture of all would take long."""
    return terrains.pictured(Task.of(project.network, project.options, project.data, project.mask))


def size(project: Project, prospect: Prospect) -> int:
    """Places along a side that can be afforded."""
    if prospect.kind == "formula":
        return FINE
    task = task_of(project)
    cost, most = task.rows * project.network.parameter_count, AT_ONCE if prospect.kind == "slice" else LONG
    sizes = (SIZE, SMALL) if prospect.kind == "slice" or cost * FINE**2 > SOON else (FINE,)
    return next((size for size in sizes if cost * size**2 <= most), COARSE)


def same_race(a: Project, b: Project, prospect: Prospect) -> bool:
    """Whether what is raced on is the same for two projects, when the same is wished for."""
    if prospect.kind == "formula" or a is b:
        return True
    same = (a.network, a.silent, a.cut, a.options.loss) == (b.network, b.silent, b.cut, b.options.loss)
    if not same or a.data is not b.data or a.options.seed != b.options.seed:
        return False
    return prospect.kind != "weights" or _are_alike(a.parameters, b.parameters, prospect.pair)


def same_surface(a: Project, b: Project, before: Prospect, prospect: Prospect) -> bool:
    """Whether the surface is the same, too; the race is."""
    other = any(getattr(before, name) != getattr(prospect, name) for name in ("kind", "classic", "pair"))
    return not other and (prospect.kind != "random" or _are_alike(a.parameters, b.parameters))


def _are_alike(a: Vector, b: Vector, but_for: tuple[int, int] | None = None) -> bool:
    """Whether two networks have the same weights, but for two."""
    allowed = but_for or ()
    different = np.empty(0) if a is b else np.flatnonzero(a != b)
    return different.size <= len(allowed) and set(different.tolist()) <= set(allowed)
