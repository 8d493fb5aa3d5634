"""What a run in trouble tells the learner: what happened, why, by this run's own numbers, and what would mend it.

One advice at a time, the gravest. A run that learns, or that has learned, has none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from visualnn.engine.report import Report
from visualnn.nn.diagnosis import (
    LEARNED,
    SLOW_RATIO,
    Crawling,
    DeadUnits,
    GradientTrouble,
    Overfitting,
    Plateau,
    constant_loss,
)
from visualnn.nn.divergence import Divergence
from visualnn.nn.training import Stop
from visualnn.nn.trial import MOST
from visualnn.scene import causes, mends
from visualnn.scene.course import Course
from visualnn.scene.formula import Part, Sentence
from visualnn.scene.mends import Mend

GROWN = 10.0  # times the first loss: a loss that high, and highest at the end, grows without end
GROWING_UPDATES = 20  # in which a jump would have come down again
BETTER = 0.9  # of the loss at which it is stuck: what mends it ends lower
PATIENT = 200  # updates of a trial of other weights or other layers
Neurons = frozenset[tuple[int, int]]
Links = frozenset[tuple[int, int, int]]
Trouble = TypeVar("Trouble")


@dataclass(frozen=True)
class Advice:
    """What is wrong, where, and the way out. `neurons` are (column, neuron), `links` (layer, source, neuron)."""

    title: str
    cause: Sentence  # numbers have the role "text"
    subtitle: Sentence
    mend: Mend | None = None
    neurons: Neurons = frozenset()
    links: Links = frozenset()
    blames_rate: bool = False


def advice(course: Course) -> Advice | None:
    """The gravest trouble of a run; None where there is none, or where a moment of the past is looked at.

    May take a second, because mends are tried: not for the window's thread.
    """
    snapshot = course.snapshot
    if snapshot.stop is Stop.DIVERGED:
        return _diverged(course)
    if snapshot.looks_back or not snapshot.update or snapshot.stop is Stop.GOAL:
        return None
    for found in (_grows, _by_heart) if _has_learned(course) else (_grows, _blocked, _still, _crawls, _by_heart):
        told = found(course)
        if told is not None:
            return told
    return None


def dead_places(report: Report | None) -> Neurons:
    """The neurons that are 0 for every row, as (column, neuron)."""
    if report is None:
        return frozenset()
    layers = enumerate(report.statistics.layers, start=1)
    return frozenset((column, neuron) for column, layer in layers for neuron in layer.dead)


def _report(course: Course) -> Report | None:
    """One that is about this run at about this moment."""
    report, update = course.report, course.snapshot.update
    return report if report is not None and update // 2 <= report.update <= update else None


def _trouble(course: Course, kind: type[Trouble]) -> Trouble | None:
    report = _report(course)
    return next((each for each in report.troubles if isinstance(each, kind)), None) if report is not None else None


def _baseline(course: Course) -> float:
    return constant_loss(course.project.data.targets, course.project.options.loss)


def _has_learned(course: Course) -> bool:
    """Whether nobody needs an alarm for standing still."""
    report = _report(course)
    loss = course.snapshot.loss if report is None else report.score.loss
    return bool(loss <= LEARNED * _baseline(course))


# -- the loss is no number, or will be ----------------------------------------------------------------------------


def _diverged(course: Course) -> Advice:
    found = _trouble(course, Divergence)
    mend = mends.slower(course.project, course.start, course.snapshot.update + PATIENT)
    links: Links = frozenset()
    neurons: Neurons = frozenset()
    if found is not None and found.source is not None:
        links = frozenset({(found.layer, found.source, found.neuron)})
    elif found is not None:
        neurons = frozenset({(found.layer + 1, found.neuron)})
    subtitle = _said("Stopped:", " the loss is no longer a number.")
    return Advice("Training stopped", causes.diverged(course, found), subtitle, mend, neurons, links, True)


def _grows(course: Course) -> Advice | None:
    losses, update = course.losses, course.snapshot.update
    tail = losses[-max(2, losses.size // 10) :]
    finite = bool(np.isfinite(losses).all())
    if not finite or update < GROWING_UPDATES or losses[-1] < GROWN * losses[0] or tail.max() < losses.max():
        return None
    if np.median(tail) < losses[losses.size // 2] or losses[-1] < GROWN * _baseline(course):
        return None
    mend = mends.slower(course.project, course.start, PATIENT)
    subtitle = _said("Growing:", " the loss rises from update to update.")
    return Advice("The loss grows without end", causes.grows(course), subtitle, mend, blames_rate=True)


# -- nothing gets through -----------------------------------------------------------------------------------------


def _blocked(course: Course) -> Advice | None:
    """A layer that is dead as a whole, or neurons that are alike."""
    if mends.is_symmetrical(course.project, course.snapshot.parameters):
        return _alike(course)
    found = _trouble(course, DeadUnits)
    if found is None or found.blocked is None:
        return None
    project, layer = course.project, found.blocked
    born = mends.dead_at_birth(project, course.start)
    below = BETTER * min(_baseline(course), course.snapshot.loss)
    slower = None if born else mends.slower(project, course.start, MOST, below=below)
    mend = slower or mends.other_seed(project, MOST, below=below) or mends.leaking(project, MOST, below=below)
    units = project.network.sizes[layer + 1]
    places = frozenset((layer + 1, neuron) for neuron in range(units)) - project.silent
    subtitle = _said("Stuck:", f" {causes.all_neurons(project, layer)} give 0 for every row.")
    cause = causes.blocked(course, layer, born)
    return Advice("Training is stuck", cause, subtitle, mend, places, blames_rate=slower is not None)


def _alike(course: Course) -> Advice | None:
    """Equal weights stay equal; only where that keeps the loss up."""
    if _trouble(course, Plateau) is None and _trouble(course, DeadUnits) is None:
        return None
    below = BETTER * min(_baseline(course), course.snapshot.loss)
    mend = mends.other_recipe(course.project, MOST, below=below)
    subtitle = _said("Stuck:", " all neurons of a layer do the same.")
    places = frozenset((1, neuron) for neuron in range(course.project.network.sizes[1]))
    return Advice("Training is stuck", causes.alike(course), subtitle, mend, places)


# -- it stands still ----------------------------------------------------------------------------------------------


def _still(course: Course) -> Advice | None:
    found = _trouble(course, Plateau)
    if found is None:
        return None
    if mends.is_flat(course.project.network):
        return _linear(course, found)
    for told in (_vanishing, _some_dead, _steep if found.is_steep else _valley):
        advised = told(course, found)
        if advised is not None:
            return advised
    return None


STILL = "The loss stands still"


def _linear(course: Course, found: Plateau) -> Advice:
    """Layers that bend nothing: no rate helps."""
    mend = mends.bending(course.project, PATIENT)
    subtitle = _said("Standing still:", " without a bend in it, this network can do no better.")
    return Advice(STILL, causes.linear(course, found), subtitle, mend)


def _vanishing(course: Course, found: Plateau) -> Advice | None:
    gradient = _trouble(course, GradientTrouble)
    if gradient is None or not gradient.vanishing or not mends.is_deep_and_saturating(course.project.network):
        return None
    mend = mends.rectified(course.project, PATIENT)
    subtitle = _said("Standing still:", " almost no slope arrives at the first layer.")
    return Advice(STILL, causes.vanishing(course, found, gradient), subtitle, mend)


def _some_dead(course: Course, found: Plateau) -> Advice | None:
    dead = _trouble(course, DeadUnits)
    if dead is None:
        return None
    mend = mends.other_seed(course.project, MOST, below=found.loss) or mends.leaking(course.project, MOST)
    places = frozenset((layer + 1, neuron) for layer, neuron in dead.units)
    subtitle = _said("Standing still:", f" {len(dead.units):,} of {dead.of:,} ReLU neurons give 0 for every row.")
    return Advice("Some neurons are dead", causes.some_dead(course, found, dead), subtitle, mend, places)


def _steep(course: Course, found: Plateau) -> Advice | None:
    """The slope is there: what keeps the loss up is the first that, mended, brings it down."""
    options = course.project.options
    ways = (_held, _wrong_rate, _small) if options.l1 or options.l2 else (_wrong_rate, _small)
    return next(filter(None, (told(course, found) for told in ways)), None)


def _held(course: Course, found: Plateau) -> Advice | None:
    mend = mends.freed(course.project, course.start, course.snapshot.update, below=found.loss)
    subtitle = _said("Standing still:", " the penalty holds the weights back.")
    return None if mend is None else Advice(STILL, causes.held(course, found), subtitle, mend)


def _wrong_rate(course: Course, found: Plateau) -> Advice | None:
    """The updates are too short, or jump from side to side."""
    small = found.ratio < SLOW_RATIO
    way = mends.faster if small else mends.slower
    mend = way(course.project, course.start, course.snapshot.update, below=found.loss)
    if mend is None:
        return None
    subtitle = _said("Standing still:", f" the rate is too {'small' if small else 'large'}.")
    return Advice(STILL, causes.wrong_rate(course, found, small), subtitle, mend, blames_rate=True)


def _small(course: Course, found: Plateau) -> Advice | None:
    mend = mends.wider(course.project, course.snapshot.update, below=found.loss)
    subtitle = _said("Standing still:", " the network may be too small.")
    return None if mend is None else Advice(STILL, causes.small(course, found), subtitle, mend)


def _valley(course: Course, found: Plateau) -> Advice | None:
    """No way leads down from here; only said where another one is known."""
    updates = max(course.snapshot.update, PATIENT)
    mend = mends.other_seed(course.project, updates, below=found.loss)
    if mend is None:
        return _small(course, found)
    subtitle = _said("Standing still:", " the slope is almost 0 here.")
    return Advice(STILL, causes.valley(course, found), subtitle, mend)


# -- it is slow, or too eager -------------------------------------------------------------------------------------


def _crawls(course: Course) -> Advice | None:
    found = _trouble(course, Crawling)
    if found is None:
        return None
    project, updates = course.project, course.snapshot.update
    mend = mends.faster(project, course.start, updates, below=found.loss) or mends.in_units(project, updates)
    if mend is None:
        return None
    subtitle = _said("Crawling:", " each update moves the weights very little.")
    return Advice("It crawls", causes.crawls(course, found), subtitle, mend, blames_rate=True)


def _by_heart(course: Course) -> Advice | None:
    found = _trouble(course, Overfitting)
    if found is None:
        return None
    mend = Mend(f"Back to update {found.best_update:,}", update=found.best_update)
    subtitle = _said("By heart:", " train loss falls, test loss rises.")
    return Advice("It learns by heart", causes.by_heart(found), subtitle, mend)


def _said(first: str, rest: str) -> Sentence:
    return Part(first, "bad"), Part(rest)
