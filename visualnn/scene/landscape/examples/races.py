"""Races: the same start, different optimizers. No winner everywhere."""

from __future__ import annotations

from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.options import Options
from visualnn.scene.landscape.examples.ends import At, Below, End, Never, Passes, Settles
from visualnn.scene.landscape.examples.example import Ends, Example, runners

GROUP = "Races"
THOUSANDTH = 1e-3
HIGHER = (Settles(28.2734), At(2.7468, 2.7468, 1e-4))  # of Styblinski and Tang's
ROUNDED = 6e-3  # relative: two digits


def _race(
    surface: str, words: tuple[str, str], entrants: tuple[Options, ...], *, updates: int, ends: Ends, goal: float
) -> Example:
    title, sees = words
    start = CLASSICS[surface].start
    return Example(f"race-{surface}", title, GROUP, sees, start, entrants, updates, ends, goal, surface)


def _arrivals(goal: float, *updates: int | None) -> tuple[tuple[End, ...], ...]:
    """When each is below the goal; None: never."""
    return tuple((Never(goal),) if update is None else (Below(goal, update),) for update in updates)


EXAMPLES = (
    _race(
        "twins",
        ("Twins: two valleys alike", "Momentum shoots past and finds the other valley. SGD and Adam share one."),
        runners(("sgd", 0.5), ("momentum", 0.1), ("adam", 0.1)),
        updates=200,
        ends=(
            (Passes(60, 0.0040, ROUNDED), Below(THOUSANDTH, 168)),
            (Passes(60, 0.0107, ROUNDED), Below(THOUSANDTH, 148)),
            (Passes(60, 0.0059, ROUNDED), Below(THOUSANDTH, 66)),
        ),
        goal=THOUSANDTH,
    ),
    _race(
        "saddle",
        ("Saddle: who leaves first", "All are slow where it is flat. Momentum leaves first, SGD last."),
        runners(("sgd", 0.01), ("momentum", 0.01), ("adagrad", 0.1), ("rmsprop", 0.01), ("adam", 0.01)),
        updates=540,
        ends=_arrivals(0.01, 537, 100, 151, 118, 239),
        goal=0.01,
    ),
    _race(
        "ravine",
        ("Ravine: steep one way, flat the other", "SGD zigzags across. Nesterov looks ahead and needs 14 updates."),
        runners(("sgd", 0.9), ("momentum", 0.2), ("nesterov", 0.2), ("rmsprop", 0.1), ("adam", 0.5)),
        updates=70,
        ends=_arrivals(THOUSANDTH, 43, 59, 14, 66, 66),
        goal=THOUSANDTH,
    ),
    _race(
        "rosenbrock",
        ("Rosenbrock: a bent, flat valley", "The floor is nearly flat. SGD is not there after 3,000 updates."),
        runners(("sgd", 0.001), ("momentum", 0.002), ("nesterov", 0.001), ("adagrad", 1.0), ("adam", 1.0)),
        updates=3000,
        ends=_arrivals(THOUSANDTH, None, 365, 604, 2949, 311),
        goal=THOUSANDTH,
    ),
    _race(
        "beale",
        ("Beale: steep walls, flat floor", "Nesterov needs 43 updates and Adam 75. SGD needs 282."),
        runners(("sgd", 0.02), ("momentum", 0.005), ("nesterov", 0.005), ("rmsprop", 0.2), ("adam", 0.5)),
        updates=290,
        ends=_arrivals(THOUSANDTH, 282, 199, 43, 107, 75),
        goal=THOUSANDTH,
    ),
    _race(
        "himmelblau",
        ("Himmelblau: four minima, one is found", "All five end in the same minimum. Momentum takes 93 updates."),
        runners(("sgd", 0.01), ("momentum", 0.001), ("nesterov", 0.005), ("rmsprop", 0.05), ("adam", 0.5)),
        updates=100,
        ends=tuple(
            (*reached, At(-3.7793, -3.2832, 2e-3, update))
            for reached, update in zip(_arrivals(THOUSANDTH, 15, 93, 12, 23, 43), (15, 93, 12, 23, 43), strict=True)
        ),
        goal=THOUSANDTH,
    ),
    _race(
        "styblinski_tang",
        ("Styblinski–Tang: only swing gets through", "Momentum and Nesterov roll through. The others stop at 28.27."),
        runners(("sgd", 0.02), ("momentum", 0.02), ("nesterov", 0.02), ("adagrad", 0.3), ("adam", 0.1)),
        updates=300,
        ends=(HIGHER, (Below(THOUSANDTH, 24),), (Below(THOUSANDTH, 15),), HIGHER, HIGHER),
        goal=THOUSANDTH,
    ),
    _race(
        "rastrigin",
        ("Rastrigin: nobody arrives", "There is a hollow near every pair of whole numbers. Each stops in one."),
        runners(("sgd", 0.002), ("momentum", 0.002), ("adagrad", 1.0), ("rmsprop", 0.002), ("adam", 0.1)),
        updates=600,
        ends=tuple((Never(THOUSANDTH), Settles(loss, 1e-4)) for loss in (12.9344, 12.9344, 1.98992, 12.9344, 12.9344)),
        goal=THOUSANDTH,
    ),
    _race(
        "ackley",
        ("Ackley: nobody arrives", "Ripples hold all five before they reach the funnel."),
        runners(("sgd", 0.02), ("momentum", 0.02), ("adagrad", 0.5), ("rmsprop", 0.002), ("adam", 0.1)),
        updates=600,
        ends=tuple((Never(THOUSANDTH), Settles(loss, 1e-3)) for loss in (7.96171, 7.96171, 6.55964, 7.96171, 7.96171)),
        goal=THOUSANDTH,
    ),
)
