"""What an example is: a surface, a start, who runs, and what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass

from visualnn.nn.data import Dataset
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.scene.landscape.examples.ends import End

Ends = tuple[tuple[End, ...], ...]  # of each runner


@dataclass(frozen=True, slots=True)
class Example:
    """Opens in one click. It is either on a classic surface, or on two weights of a built-in network.

    Of a runner's options only the optimizer counts on a network, whose own say the rest.
    """

    id: str
    title: str  # as in a menu
    group: str
    sees: str  # what to watch
    start: tuple[float, float]
    runners: tuple[Options, ...]  # 1 to 5, of which none has a goal
    updates: int  # how far they run
    ends: Ends
    goal: float | None = None  # the loss to get below
    surface: str = ""  # of `nn.landscape.surfaces.CLASSICS`
    document: str = ""  # of `files.examples`, where there is no classic surface
    axes: tuple[str, str] | None = None  # of the document's weights
    data: Dataset | None = None  # to learn from; None: the document's own
    window: tuple[float, float, float, float] | None = None  # x and y; None: the surface's own, or around the paths


def runner(optimizer: str, rate: float) -> Options:
    """An optimizer with the constants of the libraries."""
    return Options(Optimizer("sgd", rate=rate).renamed(optimizer), goal=None)


def sgd(*rates: float) -> tuple[Options, ...]:
    """Plain descent at several rates."""
    return tuple(runner("sgd", rate) for rate in rates)


def runners(*given: tuple[str, float]) -> tuple[Options, ...]:
    """Several optimizers, each with its rate."""
    return tuple(runner(*each) for each in given)
