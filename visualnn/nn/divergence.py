"""A training that exploded: which update did it, to which number, and at which rate it would not have.

λ is the sharpness: the largest curvature of the loss, that is eigenvalue of its Hessian. Gradient descent on a bowl of
curvature λ explodes above the rate 2/λ, with momentum µ above 2(1+µ)/λ, with Nesterov's above 2(1+µ)/((1+2µ)·λ)
(O'Donoghue & Candès 2015; Cohen et al. 2021 for networks). For other rules, and to be sure for these, rates are tried.
Parameters, ``g`` and ``v`` are flat, as `network.Network` lays them out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import isfinite

import numpy as np

from visualnn.nn.curve import CurveView
from visualnn.nn.diagnosis import Names, number
from visualnn.nn.kernels.arguments import Integers, Task
from visualnn.nn.kernels.reference import batch_gradient, batch_loss
from visualnn.nn.network import Network, Vector
from visualnn.nn.optimizers import Optimizer, apply_update
from visualnn.nn.statistics import sample

GROWTH = 2.0  # a loss that stays above so many times the one it had when all was well is exploding
POWER_STEPS = 30  # of the power iteration: 1 % for an eigenvalue 10 % larger than the next
SAFE_SHARE = 0.9  # of the critical rate: at the rate itself the loss bounces for ever
TRIAL_UPDATES = 20  # after which the loss must not be above where it was; at 2.2 times 2/λ a bowl grows 38-fold
TRIALS = 40  # rates that are tried, each half the one before: down to 1e-12 of the first
ALL = slice(None)  # rows
WORK = 2**31  # multiplications for the advice, about a second: larger networks get it from fewer rows


@dataclass(frozen=True, slots=True)
class Divergence:
    """An update that made the loss explode. Losses are those of the rows that update used."""

    since: int  # updates done when all was still well
    update: int  # the one that exploded, counted from 1; since + 1, unless it could not be told from those between
    parameter: int  # the one that moved most, in the flat vector
    layer: int  # its; 0 is the first hidden
    source: int | None  # the neuron the weight comes from; None for a bias
    neuron: int  # in its layer
    before: float  # its size
    after: float
    loss_before: float
    loss_after: float
    change_norm: float  # of all parameters
    rate: float  # a schedule's factor included, as in `safe_rate`: what counts is their ratio
    sharpness: float | None  # λ where all was still well; None where it says nothing
    safe_rate: float | None  # at which the loss falls from there; None if none was found

    @property
    def change(self) -> float:
        """How far the parameter moved."""
        return self.after - self.before

    def sentence(self, names: Names) -> str:
        """For the learner."""
        name = names[self.layer + 1][self.neuron]
        what = f"the bias of {name}" if self.source is None else f"weight {names[self.layer][self.source]}→{name}"
        return f"Update {number(self.update)} moved {what} from {number(self.before)} to {number(self.after)}."


def last_healthy(curve: CurveView, first: int, epoch_length: int = 1) -> int:
    """The last update on the curve of a diverged run whose loss was about that of update `first`, which was healthy."""
    skipped = first // curve.stride
    losses = curve.losses[skipped:]
    healthy = np.flatnonzero(losses <= GROWTH * healthy_loss(losses, epoch_length // curve.stride))
    return max(first, (skipped + int(healthy[-1])) * curve.stride) if healthy.size else first


def healthy_loss(losses: Vector, count: int) -> float:
    """The usual loss at the beginning, over an epoch if the run was not much shorter: batches may differ much."""
    begin = losses[: max(1, min(count, losses.size // 4))]
    return float(np.median(begin)) if begin.size else np.inf


def part_of(task: Task, rows: slice | Integers, limit: int | None = None) -> Task:
    """Some rows as a task of their own with full batches; at most `limit`, evenly taken."""
    inputs, targets = task.inputs[rows], task.targets[rows]
    chosen = sample(len(inputs), limit or len(inputs))
    return replace(task, options=replace(task.options, batch_size=None), inputs=inputs[chosen], targets=targets[chosen])


def affordable_rows(network: Network) -> int:
    """Rows of which `divergence` can be asked for without waiting."""
    return max(1, WORK // (3 * (2 * POWER_STEPS + 2 * TRIAL_UPDATES) * network.parameter_count))


@np.errstate(all="ignore")  # it is about overflow
def divergence(task: Task, before: Vector, after: Vector, *, since: int, update: int, rate: float) -> Divergence | None:
    """What happened between healthy parameters and those after an update on the task's rows.

    None if their loss did not rise. `rate` is the effective one, a schedule's factor included. The advice is for
    starting anew with these rows.
    """
    loss_before, loss_after = (batch_loss(task, w, ALL, since) for w in (before, after))
    if not isfinite(loss_before) or loss_after <= loss_before:
        return None
    change = after - before
    size = np.abs(change)
    worst = int(np.argmax(np.where(np.isfinite(size), size, np.inf)))
    bent = sharpness(task, before, since)
    return Divergence(
        since,
        update,
        worst,
        *place(task.network, worst),
        float(before[worst]),
        float(after[worst]),
        loss_before,
        loss_after,
        float(np.linalg.norm(change)),
        rate,
        bent,
        safe_rate(task, before, since, rate=rate, sharpness=bent),
    )


def place(network: Network, parameter: int) -> tuple[int, int | None, int]:
    """Layer, source neuron (None for a bias) and neuron of a place in the flat vector."""
    layer = max(k for k, (start, _) in enumerate(network.offsets) if start <= parameter)
    weights, biases = network.offsets[layer]
    if parameter >= biases:
        return layer, None, parameter - biases
    source, neuron = divmod(parameter - weights, network.sizes[layer + 1])
    return layer, source, neuron


@np.errstate(all="ignore")
def sharpness(task: Task, w: Vector, t: int = 0) -> float | None:
    """λ, the largest eigenvalue of the Hessian of the loss, by power iteration.

    Hessian times vector is the difference of two gradients. None where gradients are clipped or nothing bends upwards.
    """
    if task.options.is_clipped:
        return None
    value = _power(task, w, t)
    if value < 0.0:  # the strongest curvature is downwards: look again with all eigenvalues shifted above 0
        value += _power(task, w, t, shift=-value)
    value += task.options.optimizer.weight_decay
    return value if isfinite(value) and value > 0.0 else None


def _power(task: Task, w: Vector, t: int, shift: float = 0.0) -> float:
    """The eigenvalue of H + shift with the largest size."""
    v = np.random.default_rng(0).standard_normal(w.size)
    v /= np.linalg.norm(v)
    step = 1e-5 * (1.0 + float(np.linalg.norm(w)))  # the cube root of float64's precision, for central differences
    value = 0.0
    for _ in range(POWER_STEPS):
        ahead, behind = (batch_gradient(task, w + way * step * v, ALL, t)[1] for way in (1.0, -1.0))
        hv = (ahead - behind) / (2.0 * step) + shift * v
        value, norm = float(v @ hv), float(np.linalg.norm(hv))
        if not (isfinite(norm) and norm > 0.0):
            break
        v = hv / norm
    return value


def critical_rate(optimizer: Optimizer, sharpness: float) -> float | None:
    """Above which rate this rule explodes on a bowl; None for rules with a rate per parameter."""
    mu = optimizer.momentum
    match optimizer.name:
        case "sgd":
            return 2.0 / sharpness
        case "momentum":
            return 2.0 * (1.0 + mu) / sharpness
        case "nesterov":
            return 2.0 * (1.0 + mu) / ((1.0 + 2.0 * mu) * sharpness)
    return None


@np.errstate(all="ignore")
def safe_rate(task: Task, w: Vector, t: int = 0, *, rate: float, sharpness: float | None) -> float | None:
    """A rate below `rate` at which the loss falls from ``w`` on; None if none is found.

    That is `SAFE_SHARE` of the critical one or half of `rate`, and half of that again while a trial fails.
    """
    critical = None if sharpness is None else critical_rate(task.options.optimizer, sharpness)
    if critical is not None and SAFE_SHARE * critical < rate:
        tried = SAFE_SHARE * critical
    else:
        tried = min(0.5 * rate, 1.0 + float(np.linalg.norm(w)))  # rules with a rate per parameter go that far at once
    for _ in range(TRIALS):
        if _falls(task, w, t, tried):
            return tried
        tried *= 0.5
    return None


def _falls(task: Task, start: Vector, t: int, rate: float) -> bool:
    """Whether `TRIAL_UPDATES` updates with empty memory leave the loss no higher."""
    optimizer = replace(task.options.optimizer, rate=rate)
    w, memory = start.copy(), optimizer.memory(start.size)
    first, g = batch_gradient(task, w, ALL, t)
    loss = first
    for k in range(1, TRIAL_UPDATES + 1):
        apply_update(optimizer, w, g, memory, k)
        loss, g = batch_gradient(task, w, ALL, t)
        if not isfinite(loss):
            return False
    return loss <= first
