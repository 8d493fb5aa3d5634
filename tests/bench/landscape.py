"""Times grids of losses, and prints how honest each kind of plane is beside the table this project was planned with.

    PYTHONPATH=. python tests/bench/landscape.py [cost|close|table|descent] …      (default: all)

Not a test: machines differ, and random directions are other ones; tests/nn/landscape/ is. `cost` is the time of the
processor for one thread, the median of some rounds, beside what the plan measured on its machine. `table` trains the
digits for it.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from statistics import median

import numpy as np

from tests.demos import rows
from visualnn.nn.data import Dataset
from visualnn.nn.initializers import initial_parameters
from visualnn.nn.kernels import choose
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.landscape import grid, plane
from visualnn.nn.landscape.descent import TwoWeights, descend
from visualnn.nn.landscape.ground import Ground, plain_heights, sampled
from visualnn.nn.landscape.models import MODELS
from visualnn.nn.landscape.path import shadow
from visualnn.nn.landscape.surfaces import CLASSICS
from visualnn.nn.landscape.window import Window
from visualnn.nn.metrics import score
from visualnn.nn.network import Network
from visualnn.nn.optimizers import Optimizer
from visualnn.nn.options import Options
from visualnn.nn.training import Training

ROUNDS = 5
LONG_S = 2.0  # a grid that takes longer is computed once
DRAWS = 20
WINDOW = Window(-1.0, 1.0, -1.0, 1.0)
SIZES = (25, 41, 61, 101)
COSTS = (  # sizes, rows, output, loss; and the plan's µs a point and ms of each grid
    ((2, 3, 1), 25, "linear", "mse", "<1", "<1, 1, 2-6, 6-12"),
    ((2, 16, 16, 1), 200, "sigmoid", "binary_cross_entropy", "~20", "<70, 35, 68, 207"),
    ((64, 32, 10), 256, "softmax", "cross_entropy", "~230", "130, 370, 890, 2,600"),
    ((64, 32, 10), 1797, "softmax", "cross_entropy", "~1,000", "660, 1,700, 3,400, 13,000"),
    ((784, 128, 10), 256, "softmax", "cross_entropy", "1,700", "1,000, 2,800, 6,200, 17,000"),
)


def main(words: list[str]) -> None:
    """Run the parts named."""
    assert choose.load()
    assert choose.load(choose.HEIGHTS)
    np.seterr(all="ignore")
    for name in [word for word in words if word in PARTS] or PARTS:
        PARTS[name]()


def task_of(sizes: tuple[int, ...], count: int, output: str, loss: str) -> Task:
    rng, network = np.random.default_rng(0), Network.of(*sizes, output=output)
    x, classes = rng.normal(0.0, 1.0, (count, sizes[0])), rng.integers(0, max(2, sizes[-1]), count)
    y = np.eye(sizes[-1])[classes] if sizes[-1] > 1 else classes[:, None].astype(np.float64)
    return Task.of(network, Options(loss=loss), Dataset("random", x, y, ()))


def ground_of(task: Task) -> Ground:
    start = initial_parameters(task.network, "glorot_uniform", 0)
    return Ground(task, plane.random(task.network, start, np.random.default_rng(1)))


def seconds(work: Callable[[], object]) -> float:
    """Of the processor, for one call."""
    times: list[float] = []
    while len(times) < ROUNDS and sum(times) < LONG_S:
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return median(times)


def cost() -> None:
    """The time of grids, compiled and plain; making ready a new plane counts."""
    for sizes, count, output, loss, point_us, planned in COSTS:
        task = task_of(sizes, count, output, loss)
        ground = ground_of(task)
        ground.heights(np.zeros(1), np.zeros(1))
        found = [seconds(lambda g=ground, n=n: grid.losses(Ground(g.task, g.plane), WINDOW, n)) for n in SIZES]
        few = np.random.default_rng(0).normal(0.0, 1.0, (2, max(4, 2**23 // ground.cost)))
        slow = seconds(lambda t=task, g=ground, f=few: plain_heights(t, g.plane, *f)) / few.shape[1]
        name = f"{task.network} × {count}"
        times = ", ".join(f"{1e3 * each:,.1f}" for each in found)
        print(f"cost   {name:18} {1e6 * found[-1] / SIZES[-1] ** 2:9,.2f} µs a point (plan {point_us}; "
              f"plain {1e6 * slow:,.1f})")  # fmt: skip
        print(f"cost   {'':18} {' '.join(f'{n}²' for n in SIZES)}: {times} ms (plan {planned})")


def close() -> None:
    """How near compiled and plain heights are to `metrics.score`, at places all over the window and far out."""
    for sizes, count, output, loss, _us, _ms in COSTS:
        task, rng = task_of(sizes, count, output, loss), np.random.default_rng(2)
        ground = ground_of(task)
        data = Dataset("", task.inputs, task.targets, ())
        for scale in (1.0, 100.0):
            xs, ys = rng.normal(0.0, scale, (2, 40))
            points = zip(xs, ys, strict=True)
            true = np.array([score(task.network, ground.plane.point(x, y), data, loss).loss for x, y in points])
            ways = ground.heights(xs, ys), plain_heights(task, ground.plane, xs, ys)
            worst = [np.abs(found / true - 1.0).max() for found in ways]
            print(f"close  {f'{task.network} × {count}':18} ±{scale:<4g} compiled {worst[0]:.1e}, plain {worst[1]:.1e}")


def table() -> None:
    """The table: kept shares, and true loss against the surface at the start."""
    adder = Network.of(2, 3, 1), rows.grid(range(5))
    for rule, rate, updates, told in (
        ("sgd", 0.03, 400, "98.6 %, 3.25 / 2.76"),
        ("momentum", 0.01, 400, "70.2 %, 3.25 / 1.27"),
        ("adam", 0.1, 300, "85.0 %, 3.25 / 0.92"),
    ):
        training, moments = trained(*adder, Options(Optimizer(rule, rate=rate), seed=11), updates)
        tell(f"2-3-1 {rule}", training, moments, plane.of_path(moments), told)
        if rule == "sgd":
            tell_random("2-3-1 sgd", training, moments, "14-21 %, 3.25 / 0.04-0.45")
            for names, places, said in (
                (("wae", "wbe"), (2, 5), "80.7 %, 3.25 / 2.44"),
                (("wac", "wbd"), (0, 4), "0 %, 3.25 / 1e-6"),
            ):
                cut = plane.two_weights(adder[0], moments[-1], *places, names).of(moments)
                tell(f"2-3-1 sgd {names[0]},{names[1]}", training, moments, cut, said)
    spirals = Network.of(2, 16, 16, 1, output="sigmoid"), rows.spirals()
    options = Options(Optimizer("adam", rate=0.01), "binary_cross_entropy", initializer="he_normal")
    training, moments = trained(*spirals, options, 300)
    tell("2-16-16-1 adam", training, moments, plane.of_path(moments), "99.1 %, 0.707 / 0.650")
    tell_random("2-16-16-1 adam", training, moments, "0.2-1.9 %, 0.707 / 0.003-0.36")
    digits = Network.of(64, 32, 10, output="softmax"), rows.all_digits()
    options = Options(Optimizer("sgd", rate=0.1), "cross_entropy", 32, initializer="he_normal")
    training, moments = trained(*digits, options, 1350)
    tell("64-32-10 sgd", training, moments, plane.of_path(moments), "99.4 %, 2.32 / 2.02")
    tell_random("64-32-10 sgd", training, moments, "0.05-0.08 %, 2.32 / 0.087")
    walks()


def trained(network: Network, data: Dataset, options: Options, updates: int) -> tuple[Training, np.ndarray]:
    """A run, and a moment for every max(1, updates // 200) updates of it."""
    training = Training(network, data, options)
    moments = [training.parameters.copy()]
    while training.updates < updates:
        training.run(min(max(1, updates // 200), updates - training.updates))
        moments.append(training.parameters.copy())
    return training, np.array(moments)


def tell(name: str, training: Training, moments: np.ndarray, cut: plane.Plane, told: str) -> None:
    path = shadow(Ground(training.task, cut), moments[:1])
    print(f"table  {name:24} {cut.kind:8} kept {cut.kept:7.2%}, start {path.losses[0]:.4g} / {path.floors[0]:.4g}"
          f"  (plan: {told})")  # fmt: skip


def tell_random(name: str, training: Training, moments: np.ndarray, told: str) -> None:
    shares, floors = [], []
    for seed in range(DRAWS):
        cut = plane.random(training.network, moments[-1], np.random.default_rng(1000 + seed)).of(moments)
        path = shadow(Ground(training.task, cut), moments[:1])
        shares.append(cut.kept)
        floors.append(path.floors[0])
    print(f"table  {name:24} random   kept {min(shares):.2%}-{max(shares):.2%} in {DRAWS} draws, start "
          f"{path.losses[0]:.4g} / {min(floors):.3g}-{max(floors):.3g}  (plan, 3 draws: {told})")  # fmt: skip


def walks() -> None:
    """What a walk at random keeps in its two main directions, about its end and about its mean."""
    for size, told in ((13, "78.8 %"), (2410, "75.8 %")):
        ends, means = [], []
        for seed in range(10):
            walk = np.random.default_rng(seed).normal(0.0, 1.0, (201, size)).cumsum(axis=0)
            ends.append(plane.of_path(walk).kept)
            values = np.linalg.svd(walk - walk.mean(axis=0), compute_uv=False) ** 2
            means.append(values[:2].sum() / values.sum())
        print(f"table  random walk, {size:,} numbers: about its end {np.mean(ends):.1%}, about its mean "
              f"{np.mean(means):.1%}  (plan: {told})")  # fmt: skip


def descent() -> None:
    """How long an update of a descent takes, and how far its path is from the surface."""
    for name, model in MODELS.items():
        options = Options(Optimizer("adam", rate=0.05))
        surface, start = TwoWeights(model.task(options), model.plane), CLASSICS[name].start
        path = descend(surface, options, start, 300)
        took = seconds(lambda s=surface, o=options, p=start: descend(s, o, p, 300)) / 300
        x, y = path.points.T.copy()
        apart = np.abs(Ground(surface.task, model.plane).heights(x, y) - path.losses)
        by_formula = np.abs(CLASSICS[name].heights(x, y) - path.losses)
        print(f"descent {name:8} {1e6 * took:6.1f} µs an update; its path is off the surface by {apart.max():.1e}, "
              f"off the formula by {by_formula.max():.1e}")  # fmt: skip
    task = sampled(replace(task_of((64, 32, 10), 1797, "softmax", "cross_entropy")), 256)
    cut = plane.two_weights(task.network, ground_of(task).plane.origin, 0, 1, ("x", "y"))
    took = seconds(lambda: descend(TwoWeights(task, cut), task.options, (0.0, 0.0), 20)) / 20
    print(f"descent {task.network} × 256: {1e6 * took:,.0f} µs an update")


PARTS: dict[str, Callable[[], None]] = {"cost": cost, "close": close, "table": table, "descent": descent}

if __name__ == "__main__":
    main(sys.argv[1:])
