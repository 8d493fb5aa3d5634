"""Every run of every demonstration with our own engine, and what there is to compare it with.

Three ways lead there. A run of a whole network is a `Training` with the compiled loop. A model of two weights that is
a network with all others fixed gets the engine's gradient and our optimizer for these two; where the others are fixed
at 0, that again is a `Training`, with a mask. A function that no network computes gets our optimizer and its own
slopes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tests.demos import plain, rows
from tests.demos.surfaces import SURFACES
from visualnn.nn.data import Dataset
from visualnn.nn.kernels.arguments import Task
from visualnn.nn.kernels.reference import batch_gradient
from visualnn.nn.mask import mask_of
from visualnn.nn.network import Layer, Network
from visualnn.nn.optimizers import Optimizer, apply_update
from visualnn.nn.options import Options
from visualnn.nn.training import Training

EARLY = 100  # updates; later digits depend on rounding
LOSSES = {"bce": "binary_cross_entropy", "ce": "cross_entropy"}
TOLD = {"digits-8x8": {"told": "batch"}}  # whose losses a demonstration of small batches tells
OUTPUTS = {"bce": "sigmoid", "ce": "softmax"}


@dataclass(frozen=True, eq=False)
class Played:
    """What our engine made of a run."""

    by: str
    losses: np.ndarray  # over all rows; NaN where it was not measured
    end: np.ndarray  # the parameters that may move
    training: Training | None = None


@dataclass(frozen=True, eq=False)
class Case:
    """A run of a demonstration."""

    demo: str
    number: int
    run: dict[str, Any]
    play_part: Callable[[int], Played]  # of so many updates
    plain: Callable[[], np.ndarray]  # the first losses, by a trainer that is not ours

    def play(self) -> Played:
        """All of its updates."""
        return self.play_part(updates_of(self.run))


def cases(demo: str) -> list[Case]:
    """Those that tell losses."""
    return [
        _case(demo, number, {**run, **TOLD.get(demo, {})})
        for number, run in enumerate(rows.demos()[demo].get("runs", []))
        if "loss_curve" in run
    ]


def updates_of(run: dict[str, Any]) -> int:
    return run.get("steps") or run.get("steps_run") or int([*run["loss_curve"]][-1])


def _case(demo: str, number: int, run: dict[str, Any]) -> Case:
    play, compared = _ways(demo, run)
    return Case(demo, number, run, play, lambda: compared(min(EARLY, updates_of(run))))


Ways = tuple[Callable[[int], Played], Callable[[int], np.ndarray]]


def _ways(demo: str, run: dict[str, Any]) -> Ways:
    if demo in NETWORKS:
        net, data = NETWORKS[demo](run)
        return (
            lambda updates: of_network(net, data, run, updates),
            lambda updates: plain.curve(net, run, data.inputs, data.targets, updates),
        )
    if demo in RESTRICTED:
        restricted = RESTRICTED[demo](run)
        surface = SURFACES.get(demo) or restricted.surface
        return restricted.play, lambda updates: plain.descent(surface, run, updates)
    surface = SURFACES[demo]
    return lambda updates: of_surface(surface, run, updates), lambda updates: plain.descent(surface, run, updates)


def options_of(run: dict[str, Any], loss: str = "mse") -> Options:
    """The demonstrations write the scale behind the initializer: const0.5."""
    kind, scale = re.fullmatch(r"([a-z_]+)([\d.]*)", run.get("init", "glorot_uniform")).groups()
    return Options(
        optimizer=optimizer_of(run),
        loss=LOSSES.get(loss, loss),
        batch_size=run.get("batch"),
        initializer={"const": "constant"}.get(kind, kind),
        initializer_scale=float(scale or 0.05),
        seed=run.get("seed", 0),
        l2=run.get("l2", 0.0),
    )


def optimizer_of(run: dict[str, Any]) -> Optimizer:
    kind = run["optimizer"]
    return Optimizer(kind, rate=run["lr"], momentum=run.get("mu", 0.9), eps=1e-10 if kind == "adagrad" else 1e-8)


def network_of(net: plain.Net) -> Network:
    hidden = {"leaky": "leaky_relu"}.get(net.hidden, net.hidden)
    return Network.of(*net.sizes, hidden=hidden, output=OUTPUTS.get(net.loss, "linear"))


def of_network(net: plain.Net, data: Dataset, run: dict[str, Any], updates: int) -> Played:
    """Losses over all rows; with small batches only where the demonstration tells them, or over the batches."""
    training = Training(network_of(net), data, options_of(run, net.loss), curve_capacity=None)
    if training.epoch_length == 1 or run.get("told") == "batch":
        training.run(updates)
        losses = np.append(training.curve.view(training.updates).losses, training.loss)
    else:
        losses = np.full(updates + 1, np.nan)
        for update in sorted({*map(int, run["loss_curve"]), *run.get("seen", ()), updates}):
            training.run(update - training.updates)
            losses[update] = training.full_loss()
    return Played("engine", losses, training.parameters, training)


def of_surface(surface: Callable, run: dict[str, Any], updates: int) -> Played:
    """Our optimizer on slopes that no network has."""
    w, optimizer, losses = np.array(run["start"], dtype=np.float64), optimizer_of(run), []
    memory = optimizer.memory(w.size)
    for t in range(1, updates + 2):
        loss, g = surface(w)
        losses.append(loss)
        if t <= updates:
            apply_update(optimizer, w, g, memory, t)
    return Played("our optimizer on the formula", np.array(losses), w)


@dataclass(frozen=True, eq=False)
class Restricted:
    """A network of which only some parameters move."""

    network: Network
    data: Dataset
    run: dict[str, Any]
    free: list[int]  # which, in the flat vector
    fixed: np.ndarray  # all of them; those that move are written over

    def play(self, updates: int) -> Played:
        return self._masked(updates) if not np.delete(self.fixed, self.free).any() else self._chosen(updates)

    def _masked(self, updates: int) -> Played:
        """The others are 0: a training in which they are cut."""
        start, still = self.fixed.copy(), [i for i in range(self.fixed.size) if i not in self.free]
        start[self.free] = self.run["start"]
        mask = mask_of(self.network, parameters=still)
        training = Training(self.network, self.data, options_of(self.run), start, mask=mask, curve_capacity=None)
        training.run(updates)
        losses = np.append(training.curve.view(training.updates).losses, training.loss)
        return Played("engine, others cut", losses, training.parameters[self.free], training)

    def _chosen(self, updates: int) -> Played:
        """The engine's slopes of these parameters, and our optimizer."""
        played = of_surface(self.surface, self.run, updates)
        return Played("engine's slopes, others fixed", played.losses, played.end)

    def surface(self, w: np.ndarray) -> tuple[float, np.ndarray]:
        parameters = self.fixed.copy()
        parameters[self.free] = w
        loss, g = batch_gradient(self._task, parameters, slice(None), 0)
        return loss, g[self.free]

    @cached_property
    def _task(self) -> Task:
        return Task.of(self.network, options_of(self.run), self.data)


def _bowl(run: dict[str, Any]) -> Restricted:
    return Restricted(Network.of(2, 1), rows.grid(range(5)), run, [0, 1], np.zeros(3))


def _valley(run: dict[str, Any]) -> Restricted:
    total = rows.grid(range(5)).targets
    return Restricted(Network.of(1, 1, 1), rows.table(total, total), run, [0, 2], np.zeros(4))


def _twins(run: dict[str, Any]) -> Restricted:
    x = np.linspace(-2, 2, 41)
    data = rows.table(rows.column(x), rows.column(np.tanh(0.5 * x) + np.tanh(3 * x)))
    fixed = np.array([0.0, 0, 0, 0, 1, 1, 0])  # the outputs' weights are 1
    return Restricted(Network(1, (Layer(2, "tanh"), Layer(1, "linear"))), data, run, [0, 1], fixed)


def article() -> tuple[Network, np.ndarray]:
    """The network that adds, 2-3-1."""
    p = rows.demos()["seed-network"]["params"]
    return Network.of(2, 3, 1), np.concatenate([np.ravel(p["W1"]), p["b1"], p["W2"], [p["b2"]]])


def _slice(run: dict[str, Any]) -> Restricted:
    network, parameters = article()
    names = ["w_ac", "w_ad", "w_ae", "w_bc", "w_bd", "w_be", "", "", "", "w_cf", "w_df", "w_ef"]
    free = [names.index(name) for name in run["axes"].split(",")]
    return Restricted(network, rows.grid(range(5)), run, free, parameters)


NETWORKS: dict[str, Callable[[dict[str, Any]], tuple[plain.Net, Dataset]]] = {
    "adder-train-default": lambda run: (plain.Net([2, 3, 1]), rows.grid(range(-4, 5))),
    "adder-lr-sweep": lambda run: (plain.Net([2, 3, 1]), rows.grid(range(1, 6))),
    "dead-relu-trap": lambda run: (plain.Net([2, 3, 1]), rows.grid(range(1, 6))),
    "adam-late-spike": lambda run: (plain.Net([2, 3, 1]), rows.grid(range(1, 6))),
    "xor-needs-nonlinearity": lambda run: (plain.Net([2, 3, 1], run["activation"], "bce"), rows.signs()),
    "zero-init-symmetry": lambda run: (plain.Net([2, 3, 1]), rows.differences()),
    "spiral-width-depth": lambda run: (plain.Net(run["sizes"], "relu", "bce"), rows.spirals()),
    "deep-gradients": lambda run: (
        plain.Net([2, *[16] * run["depth"], 1], run["activation"], "bce"),
        rows.moons(),
    ),
    "overfit-and-regularise": lambda run: (plain.Net(run["sizes"], "tanh"), rows.noisy_sine()),
    "batch-size-noise": lambda run: (plain.Net([2, 1]), rows.noisy_sums()),
    "feature-scaling": lambda run: (plain.Net([2, 1]), rows.houses(run["features"])),
    "loss-choice-outlier": lambda run: (plain.Net([1, 1], loss=run["loss"]), rows.outlier()),
    "digits-8x8": lambda run: (plain.Net(run["sizes"], "relu", "ce"), rows.digits()[0]),
}
RESTRICTED: dict[str, Callable[[dict[str, Any]], Restricted]] = {
    "bowl-linear-adder": _bowl,
    "valley-two-weight-relu": _valley,
    "twin-tanh-saddle": _twins,
    "article-two-weight-slice": _slice,
}
