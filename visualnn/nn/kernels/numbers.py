"""A task in numbers, as compiled code reads it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from visualnn.nn.dropout import threshold
from visualnn.nn.functions import ACTIVATIONS, LOSSES
from visualnn.nn.kernels.arguments import Integers, Task
from visualnn.nn.kernels.room import Floats
from visualnn.nn.network import Network, Vector
from visualnn.nn.optimizers import OPTIMIZERS
from visualnn.nn.schedule import SCHEDULES

# Places in `Plan.whole`
(
    LOSS,
    OPTIMIZER,
    BATCH,
    ROWS,
    SCHEDULE,
    PERIOD,
    WARMUP,
    PATIENCE,
    IS_PENALIZED,
    IS_CLIPPED,
    IS_MASKED,
    IS_GATED,
    HAS_SHORTCUTS,
    DROPOUT,
    SEED,
    WHOLE,
) = range(16)
# Places in `Plan.exact`
GAMMA, FLOOR, CLIP_VALUE, CLIP_NORM, RULE_BETA1, RULE_BETA2, RULE_EPS, WEIGHT_DECAY, KEPT_SHARE, EXACT = range(10)
# Places among the constants of an optimizer, of the kind of floats that is trained with. The first five change with
# every update, see `pace.prepare_update`.
STEP, EPS_NOW, DECAY, AHEAD_G, AHEAD_M = range(5)
MU, BETA1, BETA1_REST, BETA2, BETA2_REST, RHO, RHO_REST, EPS, L1, L2_TWICE, CONSTANTS = range(5, 16)


class Plan(NamedTuple):
    """What never changes while a task is worked on."""

    sizes: Integers  # (columns,)
    lines: Integers  # (columns,): where a column begins among all neurons
    activations: Integers  # (columns,): of the inputs it is linear
    shortcuts: Integers  # (columns,): the column that is added, or −1
    starts: Integers  # (layers,): where the weights of a layer begin
    steps: Integers  # (layers,): from one input's weights to the next one's
    whole: Integers  # (WHOLE,)
    exact: Vector  # (EXACT,)


class Layout(NamedTuple):
    """Where the parameters lie: for each layer one line of weights per input, and after these one of biases."""

    starts: Integers  # (layers,)
    steps: Integers  # (layers,)
    size: int


def dense_layout(task: Task) -> Layout:
    """The network's own: no gaps."""
    starts = [weights for weights, _biases in task.network.offsets]
    steps = np.array(task.network.sizes[1:], dtype=np.int64)
    return Layout(np.array(starts, dtype=np.int64), steps, task.network.parameter_count)


def plan_of(task: Task, layout: Layout) -> Plan:
    """The plan of a task."""
    return plan_with(task.network, layout, _whole(task), _exact(task))


def plan_with(network: Network, layout: Layout, whole: Integers, exact: Vector) -> Plan:
    """The plan of a network with these numbers of a task."""
    sizes = np.array(network.sizes, dtype=np.int64)
    codes = [ACTIVATIONS.index(name) for name in ("linear", *network.activations)]
    shortcuts = [-1 if source is None else source for source in network.shortcuts]
    return Plan(
        sizes=sizes,
        lines=np.cumsum(sizes, dtype=np.int64) - sizes,
        activations=np.array(codes, dtype=np.int64),
        shortcuts=np.array(shortcuts, dtype=np.int64),
        starts=layout.starts,
        steps=layout.steps,
        whole=whole,
        exact=exact,
    )


def _whole(task: Task) -> Integers:
    options, schedule = task.options, task.options.schedule
    whole = np.zeros(WHOLE, dtype=np.int64)
    whole[LOSS], whole[OPTIMIZER] = LOSSES.index(options.loss), OPTIMIZERS.index(options.optimizer.name)
    whole[BATCH], whole[ROWS] = task.batch, task.rows
    whole[SCHEDULE], whole[PERIOD] = SCHEDULES.index(schedule.name), schedule.period
    whole[WARMUP], whole[PATIENCE] = schedule.warmup, schedule.patience
    whole[IS_PENALIZED] = bool(options.l1 or options.l2)
    whole[IS_CLIPPED], whole[IS_MASKED] = options.is_clipped, task.mask is not None
    whole[IS_GATED] = task.mask is not None or options.dropout > 0
    whole[HAS_SHORTCUTS] = any(source is not None for source in task.network.shortcuts)
    whole[DROPOUT], whole[SEED] = threshold(options.dropout), options.seed
    return whole


def _exact(task: Task) -> Vector:
    options, rule, schedule = task.options, task.options.optimizer, task.options.schedule
    exact = np.zeros(EXACT)
    exact[GAMMA], exact[FLOOR] = schedule.gamma, schedule.floor
    exact[CLIP_VALUE] = np.inf if options.clip_value is None else options.clip_value
    exact[CLIP_NORM] = np.inf if options.clip_norm is None else options.clip_norm
    exact[RULE_BETA1], exact[RULE_BETA2], exact[RULE_EPS] = rule.beta1, rule.beta2, eps_of(task)
    exact[WEIGHT_DECAY], exact[KEPT_SHARE] = rule.weight_decay, 1.0 - options.dropout
    return exact


def eps_of(task: Task) -> float:
    """The optimizer's eps, but not so small that Adam's first updates make a 0 of it in 32 bits."""
    return max(task.options.optimizer.eps, 1e6 * float(np.finfo(task.options.precision).tiny))


@np.errstate(over="ignore")  # a penalty may be infinite with 32 bits
def constants_of(task: Task) -> Floats:
    """What `formulas.moved` is given."""
    options, rule = task.options, task.options.optimizer
    c = np.zeros(CONSTANTS, dtype=options.precision)
    c[DECAY], c[MU], c[EPS] = 1.0, rule.momentum, eps_of(task)
    c[BETA1], c[BETA1_REST] = rule.beta1, 1.0 - rule.beta1
    c[BETA2], c[BETA2_REST] = rule.beta2, 1.0 - rule.beta2
    c[RHO], c[RHO_REST] = rule.rho, 1.0 - rule.rho
    c[L1], c[L2_TWICE] = options.l1, 2.0 * options.l2
    return c


def units_of(task: Task) -> Vector:
    """0 for neurons that are switched off, column after column."""
    return np.ones(sum(task.network.sizes)) if task.mask is None else task.mask.units


def keep_of(task: Task) -> Vector:
    """0 for parameters that are cut."""
    return np.ones(task.network.parameter_count) if task.mask is None else task.mask.parameters


def weights_of(task: Task) -> Vector:
    """1 for weights, 0 for biases."""
    weights = np.zeros(task.network.parameter_count)
    for w, _b in task.network.views(weights):
        w[:] = 1.0
    return weights
