"""Times races of optimizers: µs an update, what asking for tracks costs, and how long it takes to find a rate.

    PYTHONPATH=. python tests/bench/contest.py [updates|race|tracks|rates|redraw] …      (default: all)

Not a test: machines differ. Times are the processor's for this thread, the least of some rounds: others may be at work.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import numpy as np

from visualnn.engine.contest import Contest, Course, NetworkCourse, SurfaceCourse
from visualnn.nn.data import Dataset, number_pairs
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import choose
from visualnn.nn.landscape import grid
from visualnn.nn.landscape.descent import TwoWeights
from visualnn.nn.landscape.ground import Ground
from visualnn.nn.landscape.plane import two_weights
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.tuning import best_rate
from visualnn.nn.landscape.window import Window
from visualnn.nn.network import Network
from visualnn.nn.optimizers import OPTIMIZERS, Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Training

ROUNDS = 5
FIVE = ("sgd", "momentum", "adam", "nadam", "lion")
WINDOW = Window(-1.0, 1.0, -1.0, 1.0)
FRAMES = 60  # a second


def main(words: list[str]) -> None:
    """Run the parts named."""
    assert choose.load()
    assert choose.load(choose.HEIGHTS)
    np.seterr(all="ignore")
    for name in [word for word in words if word in PARTS] or PARTS:
        PARTS[name]()


def rule(name: str, rate: float = 1e-3, **options: object) -> Options:
    return Options(Optimizer(rate=rate).renamed(name), **options)  # type: ignore[arg-type]


def networks() -> dict[str, tuple[Network, Dataset, str]]:
    """The adder, some spirals and the digits' network, with random rows but for the first."""
    rng = np.random.default_rng(0)
    sides = rng.integers(0, 2, (200, 1)).astype(np.float64)
    classes = np.eye(10)[rng.integers(0, 10, 256)]
    return {
        "2-3-1 × 25": (Network.of(2, 3, 1), number_pairs(), "mse"),
        "2-8-6-1 × 200": (
            Network.of(2, 8, 6, 1, hidden="tanh", output="sigmoid"),
            Dataset("", rng.normal(0, 1, (200, 2)), sides, ()),
            "binary_cross_entropy",
        ),
        "64-32-10 × 256": (
            Network.of(64, 32, 10, output="softmax"),
            Dataset("", rng.normal(0, 1, (256, 64)), classes, ()),
            "cross_entropy",
        ),
    }


def courses(loss_of: dict[str, str]) -> dict[str, Course]:
    """All that are raced on; `loss_of` is told the loss of each."""
    found: dict[str, Course] = {name: SurfaceCourse(classic, classic.start) for name, classic in CLASSICS.items()}
    for name, (network, data, loss) in networks().items():
        start = initial_parameters(network, "glorot_uniform", 11)
        task = Training(network, data, Options(loss=loss)).task
        surface = TwoWeights(task, two_weights(network, start, 0, 1, ("x", "y")))
        found[f"two weights of {name}"] = SurfaceCourse(surface, (float(start[0]), float(start[1])))
        found[f"all weights of {name}"] = NetworkCourse(network, data, None, start)
        loss_of[f"two weights of {name}"] = loss_of[f"all weights of {name}"] = loss
    return found


def seconds(work: Callable[[], object]) -> float:
    start = time.thread_time()
    work()
    return time.thread_time() - start


def updates() -> None:
    """One update of each rule, on each course."""
    losses: dict[str, str] = {}
    for name, course in courses(losses).items():
        told = []
        for each in FIVE:
            options = rule(each, loss=losses.get(name, "mse"))
            count = 400 if name in CLASSICS else 100
            found = min(seconds(lambda o=options, c=course, n=count: c.runner(o).run(n)) for _ in range(ROUNDS))
            told.append(f"{each} {1e6 * found / count:6.1f}")
        print(f"updates  {name:30} {'  '.join(told)} µs")


def race() -> None:
    """A race of five, and the longest portion of it."""
    losses: dict[str, str] = {}
    for name, course in courses(losses).items():
        contest = Contest(course, [rule(each, loss=losses.get(name, "mse")) for each in FIVE])
        portions = []
        until = 5000 if name in CLASSICS else 1000
        while True:
            start = time.thread_time()
            more = contest.advance(until)
            portions.append(time.thread_time() - start)
            if not more:
                break
        longest = f"{len(portions)} portions, longest {1e3 * max(portions):.1f} ms"
        print(f"race     {name:30} 5 × {until:,} updates in {sum(portions):6.2f} s; {longest}")


def tracks() -> None:
    """Asking 60 times a second while a race of five goes on."""
    losses: dict[str, str] = {}
    for name, course in courses(losses).items():
        contest = Contest(course, [rule(each, loss=losses.get(name, "mse")) for each in FIVE])
        until, asked = (5000 if name in CLASSICS else 1000), []
        while contest.advance(until):
            asked.append(seconds(contest.tracks))
        last = seconds(contest.tracks)
        if asked:
            mean, most = 1e6 * sum(asked) / len(asked), 1e3 * max(asked)
            share = 100 * FRAMES * sum(asked) / len(asked)
            print(f"tracks   {name:30} {mean:6.0f} µs each ({share:.1f} % of a second), most {most:.2f} ms, "
                  f"last {1e3 * last:.2f} ms")  # fmt: skip


def rates() -> None:
    """Finding the best rate of each rule on the bowl, and of some on others."""
    bowl = SurfaceCourse(CLASSICS["bowl"], (-1.0, 2.5))
    network, data, _loss = networks()["2-3-1 × 25"]
    adder = NetworkCourse(network, data, None, initial_parameters(network, "glorot_uniform", 11))
    cases = [("bowl", bowl, rule(each, 0.05)) for each in OPTIMIZERS]
    cases += [
        (name, SurfaceCourse(CLASSICS[name], CLASSICS[name].start), rule(each, 0.05))
        for name in ("himmelblau", "rosenbrock", "rastrigin")
        for each in ("sgd", "momentum", "adam")
    ]
    cases += [("2-3-1 × 25", adder, rule(each, 0.05)) for each in ("sgd", "adam")]
    cases += [("2-3-1, batches of 5", adder, rule("adam", 0.05, batch_size=5))]
    for name, course, options in cases:
        start = time.thread_time()
        *_before, found = best_rate(course, options, 1e-6)
        took, best = time.thread_time() - start, found.best
        said = f"{best.rate:.4g} after {best.updates} updates" if best else "none arrives"
        print(f"rates    {name:20} {options.optimizer.name:9} {said:32} {len(found.trials)} trials, {took:.2f} s")


def redraw() -> None:
    """The surface around the weights that training has come to: a new plane and its grid, compiled."""
    for name, rows, size in (("2-3-1", 25, 101), ("2-3-1", 81, 101), ("2-8-6-1", 200, 49), ("64-32-10", 256, 25)):
        network, rng = Network.parse(name), np.random.default_rng(0)
        data = Dataset("", rng.normal(0, 1, (rows, network.inputs)), rng.normal(0, 1, (rows, network.outputs)), ())
        task = Training(network, data, Options()).task
        starts = [initial_parameters(network, "glorot_uniform", seed) for seed in range(20)]
        ground = Ground(task, two_weights(network, starts[0], 0, 1, ("x", "y")))
        ground.heights(np.zeros(1), np.zeros(1))
        moved = [two_weights(network, start, 0, 1, ("x", "y")) for start in starts]
        found = [seconds(lambda g=ground, p=plane, n=size: grid.losses(g.over(p), WINDOW, n)) for plane in moved]
        print(f"redraw   {name} × {rows}: {size}² in {1e3 * min(found):.1f} ms at least, "
              f"{1e3 * sorted(found)[len(found) // 2]:.1f} ms in the median")  # fmt: skip


PARTS: dict[str, Callable[[], None]] = {
    "updates": updates,
    "race": race,
    "tracks": tracks,
    "rates": rates,
    "redraw": redraw,
}

if __name__ == "__main__":
    main(sys.argv[1:])
