"""A race between ways to train: how runners are told apart, who leads and who was first, and what to begin with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import isfinite

import numpy as np

from visualnn.nn.curve import CurveView
from visualnn.nn.network import Vector
from visualnn.nn.options import Options
from visualnn.nn.training import Stop
from visualnn.scene.formula import precise
from visualnn.scene.scales import tick_text

FEWEST, MOST = 2, 5  # runners
COLORS = ("sgd", "momentum", "adam", "rmsprop", "adagrad")  # keys of the theme's runners
LETTERS = {
    "sgd": "S",
    "momentum": "M",
    "nesterov": "N",
    "adagrad": "G",
    "rmsprop": "R",
    "adam": "A",
    "adamw": "W",
    "nadam": "D",
    "lion": "L",
}
USUAL_RATES = {  # for small networks, larger than the libraries' defaults
    "sgd": 0.1,
    "momentum": 0.02,
    "nesterov": 0.02,
    "adagrad": 0.1,
    "rmsprop": 0.01,
    "adam": 0.02,
    "adamw": 0.02,
    "nadam": 0.02,
    "lion": 0.003,
}
SHARES = (0.1, 0.3, 1.0, 3.0, 10.0)  # of the present rate
GOALS = (0.1, 0.01, 0.001, 1e-4)  # offered as finishing lines, beside the project's own
NO_CURVE = CurveView(np.empty(0), 1)


@dataclass(frozen=True, slots=True)
class Mark:
    """How a runner is told apart from the others: two ways, as colour alone is not enough."""

    letter: str
    color: str


@dataclass(frozen=True, eq=False, slots=True)
class Lane:
    """A runner: what it was given, and where it is."""

    name: str
    options: Options = field(default_factory=Options)
    mark: Mark = Mark("S", "sgd")
    update: int = 0
    loss: float = float("nan")  # over the rows of its next update
    stop: Stop | None = None
    parameters: Vector | None = None
    curve: CurveView = NO_CURVE

    @property
    def finished(self) -> bool:
        """Whether it has reached the goal."""
        return self.stop is Stop.GOAL

    @property
    def is_known(self) -> bool:
        """Whether it is known where it is."""
        return self.parameters is not None or self.stop is not None or isfinite(self.loss)

    @property
    def out(self) -> bool:
        """Whether its loss is no longer a number."""
        return self.stop is Stop.DIVERGED or (self.is_known and not isfinite(self.loss))


def marks(optimizers: Sequence[str]) -> tuple[Mark, ...]:
    """A letter and a colour for each: those of the optimizer, numbers where two runners have the same one."""
    letters = [LETTERS[name] for name in optimizers]
    if len(set(letters)) < len(letters):
        letters = [str(place + 1) for place in range(len(letters))]
    free = [color for color in COLORS if color not in optimizers]
    used: set[str] = set()
    found = []
    for name, letter in zip(optimizers, letters, strict=True):
        color = name if name in COLORS and name not in used else _free(free, used)
        used.add(color)
        found.append(Mark(letter, color))
    return tuple(found)


def _free(free: Sequence[str], used: set[str]) -> str:
    return next(color for color in (*free, *COLORS) if color not in used)


def names(racers: Sequence[Options], labels: dict[str, str]) -> tuple[str, ...]:
    """What the runners are called: by their optimizer, by the rate where two have the same, else by their number."""
    kinds = [options.optimizer.name for options in racers]
    found = [
        labels[kind] if kinds.count(kind) == 1 else f"{labels[kind]} {rate_text(options.optimizer.rate)}"
        for kind, options in zip(kinds, racers, strict=True)
    ]
    return tuple(name if found.count(name) == 1 else f"{name} ({place})" for place, name in enumerate(found, 1))


def rate_text(rate: float) -> str:
    """A rate in three digits: 1/12 is 0.0833."""
    return tick_text(float(f"{rate:.3g}"))


# -- what is said --------------------------------------------------------------------------------------------------


def verdict(lanes: Sequence[Lane], goal: float | None) -> str:
    """How the race stands, in one or two sentences."""
    if not lanes or max(lane.update for lane in lanes) == 0:
        return "All start at the same weights. Press play."
    finished = sorted((each for each in lanes if each.finished), key=lambda each: each.update)
    if finished and goal is not None:
        return " ".join(filter(None, (_first(finished, goal), _others(lanes, finished))))
    return _leader(lanes)


def _first(finished: Sequence[Lane], goal: float) -> str:
    best = [each for each in finished if each.update == finished[0].update]
    line, at = f"below {tick_text(goal)}", f"at update {best[0].update:,}"
    if len(best) > 1:
        together = "both" if len(best) == 2 else "all"
        return f"{_listed([each.name for each in best])} were first {line}, {together} {at}."
    return f"{best[0].name} was first {line}, {at}."


def _others(lanes: Sequence[Lane], finished: Sequence[Lane]) -> str:
    """What became of the second, or of who is next to come."""
    first = finished[0].update
    later = [each for each in finished if each.update > first]
    if later:
        return f"{later[0].name} needed {later[0].update - first:,} more."
    running = [each for each in lanes if not each.finished and not each.out]
    if running:
        best = min(running, key=lambda each: each.loss)
        return f"{best.name} is at {precise(best.loss)}."
    return "Nobody else will." if len(lanes) > len(finished) else ""


def _leader(lanes: Sequence[Lane]) -> str:
    running = sorted((each for each in lanes if not each.out), key=lambda each: each.loss)
    if not running:
        return "No loss is a number any more. Try smaller rates."
    lost = [each.name for each in lanes if each.out]
    gone = f" {_listed(lost)} {'is' if len(lost) == 1 else 'are'} out: no number any more." if lost else ""
    if len(running) > 1 and running[0].loss == running[1].loss:
        return f"Nobody leads.{gone}"
    return f"{running[0].name} leads, at {precise(running[0].loss)}.{gone}"


def _listed(words: Sequence[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} and {last}" if others else last


# -- who runs ------------------------------------------------------------------------------------------------------


def five_optimizers(options: Options) -> tuple[Options, ...]:
    """The well-known optimizers, each at a rate that usually suits it, everything else as it is."""
    return tuple(at_usual_rate(options, name) for name in COLORS)


def five_rates(options: Options) -> tuple[Options, ...]:
    """The same optimizer at a tenth of its rate up to ten times as much."""
    rate = options.optimizer.rate
    rates = (float(f"{rate * share:.2g}") for share in SHARES)
    return tuple(replace(options, optimizer=replace(options.optimizer, rate=each)) for each in rates)


def at_usual_rate(options: Options, name: str) -> Options:
    """These options with another optimizer, at a rate that usually suits it."""
    optimizer = replace(options.optimizer.renamed(name), rate=USUAL_RATES[name])
    return replace(options, optimizer=optimizer)


def first_racers(options: Options) -> tuple[Options, ...]:
    """The present way to train, against two others."""
    own = options.optimizer.name
    others = [name for name in ("sgd", "momentum", "adam") if name != own][:2]
    return (options, *(at_usual_rate(options, name) for name in others))


def next_racer(racers: Sequence[Options]) -> Options:
    """Whom to add: an optimizer that is not yet there."""
    present = {options.optimizer.name for options in racers}
    name = next(name for name in (*COLORS, "nesterov", "nadam") if name not in present)
    return at_usual_rate(racers[0], name)
