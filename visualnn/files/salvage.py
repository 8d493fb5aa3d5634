"""What of a work is kept where not all of it can be: one odd run never keeps the rest from being saved."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TypeVar

from visualnn.nn.errors import VisualNNError
from visualnn.project import Project
from visualnn.runs import KEPT_BYTES, Run, kept_moments
from visualnn.work import View, Work

log = logging.getLogger(__name__)

FILE_BYTES = 64 * 2**20  # of the moments of all runs of a file together; the last one of each is always kept
Told = TypeVar("Told")


def salvaged(work: Work, tell: Callable[[Work], Told]) -> Told:
    """What is told of as much of a work as can be told of. Raises `VisualNNError` where its project cannot."""
    whole = replace(work, runs=thinned(work.runs))
    try:
        return tell(whole)
    except (VisualNNError, ValueError) as error:
        if not work.runs and work.view == View():
            raise
        log.warning("not all can be saved: %s", error)
    for less in _lighter(whole, tell):
        try:
            return tell(less)
        except (VisualNNError, ValueError):
            continue
    return tell(Work(work.project))


def thinned(runs: tuple[Run, ...]) -> tuple[Run, ...]:
    """The runs with so many of their moments as a file has room for."""
    if not runs:
        return ()
    bound_bytes = min(KEPT_BYTES, FILE_BYTES // len(runs))
    return tuple(replace(run, moments=kept_moments(run.moments, bound_bytes)) for run in runs)


def _lighter(work: Work, tell: Callable[[Work], object]) -> Iterator[Work]:
    """The runs that can be kept, each as far as it can; then without what it takes to go on with them."""
    found = {run.number: _sound(work.project, run, tell) for run in work.runs}
    runs = tuple(run for run in found.values() if run is not None)
    yield replace(work, runs=runs)
    yield replace(work, runs=tuple(map(_told_only, runs)))


def _sound(project: Project, run: Run, tell: Callable[[Work], object]) -> Run | None:
    """The run, or as much of it as can be kept."""
    for less in (run, _told_only(run)):
        try:
            tell(Work(project, (less,)))
        except (VisualNNError, ValueError):
            continue
        return less
    return None


def _told_only(run: Run) -> Run:
    """How a run went, without what it takes to go on with it."""
    return replace(run, project=None, moments=())
